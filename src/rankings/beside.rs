//! What stands beside a run where it is read, and is not frozen in it: the plan's words, the council's votes as they are
//! now, and what whoever makes or reads it should know.

use serde::Serialize;
use utoipa::ToSchema;

use super::{
    found::{RankingNames, Words},
    rank::Output,
    run::Mode,
    wording::{self, Sentence, in_language},
};
use crate::{
    council::{CouncilVote, council_votes},
    db::Conn,
    finding::Finding,
    http::{Caller, FindingView, Locale, Result},
    movements::Movement,
    nominations, people,
};

/// Texts in one language.
pub struct Beside {
    pub names: RankingNames,
    pub council: Option<CouncilView>,
    pub notices: Vec<Finding>,
    pub locale: Locale,
}

impl Beside {
    pub fn of(words: &Words, votes: &CouncilVotes, locale: Locale) -> Self {
        Self { names: words.shown(locale), council: votes.view(locale), notices: Vec::new(), locale }
    }

    /// With what is to be known of the run itself.
    pub fn notices(&self, mode: Mode, output: &Output) -> Vec<FindingView> {
        let all = self.notices.iter().cloned().chain(scaled_for_all(mode, output));
        all.map(|finding| FindingView::of(&finding, self.locale)).collect()
    }
}

/// An official run in which something was dropped for everybody: its figures are not there yet, and the others make up for
/// them.
fn scaled_for_all(mode: Mode, output: &Output) -> Option<Finding> {
    let dropped = |code: &str| {
        let mut scores = output.entries.iter().flat_map(|entry| &entry.criteria).filter(|score| score.code == code);
        scores.all(|score| score.dropped)
    };
    let all = output.entries.iter().flat_map(|entry| &entry.criteria).filter(|score| score.dropped);
    let mut codes: Vec<&str> = all.map(|score| score.code.as_str()).filter(|code| dropped(code)).collect();
    codes.sort_unstable();
    codes.dedup();
    let is_told = mode == Mode::Official && !codes.is_empty();
    is_told.then(|| Finding::warning("/entries", "scaled_for_all").with("criteria", codes.join(", ")))
}

/// What the council voted on candidates. The run's order does not hang on it: they are two records.
#[derive(Serialize, ToSchema)]
#[schema(as = RankingCouncil)]
pub struct CouncilView {
    passed: usize,
    not_passed: usize,
    /// All of it in a sentence.
    sentence: String,
    votes: Vec<CandidateVote>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = RankingCouncilVote)]
struct CandidateVote {
    /// A unit's code, or an id.
    candidate: String,
    #[serde(flatten)]
    vote: CouncilVote,
}

/// By the candidate's code.
#[derive(Clone, Default)]
pub struct CouncilVotes(Vec<(String, CouncilVote)>);

impl CouncilVotes {
    /// None for whoever reads no session, and of an award without a council.
    pub async fn find(conn: &mut Conn, caller: &Caller, movement: &Movement, words: &Words) -> Result<Self> {
        let Some(award) = words.award().filter(|award| award.council.is_some() && caller.may("get_session")) else {
            return Ok(Self::default());
        };
        let mut votes = council_votes(conn, movement, &award.code).await?;
        if votes.is_empty() {
            return Ok(Self::default());
        }
        let nominations = nominations::as_of(conn, movement, &award.code, caller.now).await?;
        let parties = nominations.iter().map(|one| one.candidate);
        let directory = people::directory(conn, &movement.recall, parties, caller.today()).await?;
        let of = |one: &nominations::Nomination| Some((directory.view(one.candidate).code, votes.remove(&one.id)?));
        let mut votes: Vec<(String, CouncilVote)> = nominations.iter().filter_map(of).collect();
        votes.sort_by(|(a, _), (b, _)| a.cmp(b));
        Ok(Self(votes))
    }

    pub fn of(&self, candidate: &str) -> Option<&CouncilVote> {
        self.0.iter().find(|(code, _)| code == candidate).map(|(_, vote)| vote)
    }

    fn view(&self, locale: Locale) -> Option<CouncilView> {
        let passed = self.0.iter().filter(|(_, vote)| vote.passed).count();
        let not_passed = self.0.len() - passed;
        let vote = |(candidate, vote): &(String, CouncilVote)| CandidateVote {
            candidate: candidate.clone(),
            vote: vote.clone(),
        };
        (!self.0.is_empty()).then(|| CouncilView {
            passed,
            not_passed,
            sentence: in_language([wording::of_council(passed, not_passed)], locale).concat(),
            votes: self.0.iter().map(vote).collect(),
        })
    }
}

/// The vote on one candidate.
pub fn sentence(vote: &CouncilVote) -> Sentence {
    wording::of_vote(vote.in_favour, vote.base, vote.passed)
}

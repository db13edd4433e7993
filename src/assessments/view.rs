//! The scoring sheet as one caller sees it: the claimed points, the agency's and the council's side by side.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    ballots::Ballots,
    rules,
    statistics::Spread,
    store::{Assessment, Ballot, SentBack},
};
use crate::{
    exact::{BigRational, Decimal, half_up},
    http::{Caller, etag},
    movements::{
        label,
        plan::{Award, Ballot as Voting, Criterion, CriterionKind},
    },
    nominations::Nomination,
};

/// One criterion of a nomination's scoring sheet.
#[derive(Serialize, ToSchema)]
#[schema(as = Assessment)]
pub(super) struct AssessmentView {
    #[schema(example = "1.1.b")]
    criterion: String,
    #[schema(value_type = String, example = "assessed")]
    kind: CriterionKind,
    /// Text of the criterion.
    #[schema(required)]
    text: Option<String>,
    /// Maximum points; null for a gate or a check.
    #[schema(required, value_type = Option<String>, example = "40")]
    max: Option<Decimal>,
    /// What points stand for, the least first.
    levels: Vec<ScoreLevelView>,
    /// Points that the candidate claims.
    #[schema(required, value_type = Option<String>, example = "40")]
    self_points: Option<Decimal>,
    /// Points that the agency gave; null until appraised. Zero is a score.
    #[schema(required, value_type = Option<String>, example = "38.5")]
    points: Option<Decimal>,
    /// Whether the gate is passed, or the answer to the check is yes; null until appraised.
    #[schema(required)]
    passed: Option<bool>,
    /// Whether the answer is that the criterion does not apply to the candidate.
    not_applicable: bool,
    /// Whether the plan lets it be answered so.
    may_drop: bool,
    #[schema(required)]
    comment: Option<String>,
    /// For those who judge.
    #[schema(required)]
    internal_comment: Option<String>,
    /// Username of the last assessor.
    #[schema(required, example = "vhxh.thamdinh")]
    assessor: Option<String>,
    #[schema(required)]
    at: Option<DateTime<Utc>>,
    /// ETag for changing the agency's assessment; null until appraised.
    #[schema(required, example = "\"1\"")]
    etag: Option<String>,
    /// The agency's assessment is to be given again; until then no run counts it.
    #[schema(required)]
    sent_back: Option<SentBackView>,
    /// The council's ballots, where its points count.
    #[schema(required)]
    council: Option<CouncilView>,
}

/// What so many points stand for.
#[derive(Serialize, ToSchema)]
#[schema(as = AssessmentLevel)]
struct ScoreLevelView {
    #[schema(value_type = String, example = "30")]
    points: Decimal,
    text: String,
}

#[derive(Serialize, ToSchema)]
#[schema(as = SentBack)]
struct SentBackView {
    reason: String,
    /// Username.
    by: String,
    at: DateTime<Utc>,
}

/// The council's ballots on one criterion. Recused members are in no number but `recused`.
#[derive(Serialize, ToSchema)]
#[schema(as = CouncilBallots)]
struct CouncilView {
    /// Ballots that are in.
    cast: usize,
    /// Ballots still to come.
    open: usize,
    /// Members who do not judge the candidate.
    recused: usize,
    /// Which round of the vote it is, from 1.
    round: i32,
    /// Why everybody votes anew, where an earlier round is void.
    #[schema(required)]
    anew: Option<VoteAnew>,
    /// The caller's own.
    #[schema(required)]
    own: Option<BallotView>,
    /// All of them; null while hidden from the caller.
    #[schema(required)]
    ballots: Option<Vec<BallotView>>,
    /// Half-up to 2 decimals; null while hidden.
    #[schema(required, example = "8.67")]
    mean: Option<String>,
    #[schema(required, example = "9.00")]
    median: Option<String>,
}

/// Why everybody votes anew.
///
/// - `member_recused`: A member whose secret ballot was disclosed with the others is recused now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum VoteAnew {
    MemberRecused,
}

/// One member's ballot. In the list of a secret vote none has a name, a text, an instant or earlier points.
#[derive(Serialize, ToSchema)]
#[schema(as = CouncilBallot)]
struct BallotView {
    /// Username of the member.
    #[schema(required)]
    member: Option<String>,
    #[schema(required, value_type = Option<String>, example = "9")]
    points: Option<Decimal>,
    #[schema(required)]
    comment: Option<String>,
    #[schema(required)]
    internal_comment: Option<String>,
    #[schema(required)]
    at: Option<DateTime<Utc>>,
    /// The round in which it was cast; of an earlier one it counts no more.
    round: i32,
    /// Why it was cast again.
    #[schema(required)]
    reason: Option<String>,
    /// ETag for casting it again; of the own one.
    #[schema(required, example = "\"1\"")]
    etag: Option<String>,
    /// What the member cast before, the oldest first.
    earlier: Vec<EarlierBallot>,
}

#[derive(Serialize, ToSchema)]
struct EarlierBallot {
    #[schema(required, value_type = Option<String>, example = "7")]
    points: Option<Decimal>,
    #[schema(required)]
    reason: Option<String>,
}

/// What a sheet is made of; `council` where the award has one.
pub(super) struct Sheet<'a> {
    pub award: &'a Award,
    pub nomination: &'a Nomination,
    pub given: &'a [Assessment],
    pub council: Option<&'a Ballots>,
    pub caller: &'a Caller,
}

impl AssessmentView {
    /// With no ballot, and no figure made of ballots.
    pub fn without_ballots(self) -> Self {
        let council =
            self.council.map(|council| CouncilView { own: None, ballots: None, mean: None, median: None, ..council });
        Self { council, ..self }
    }
}

impl Sheet<'_> {
    pub fn criterion(&self, criterion: &Criterion) -> AssessmentView {
        let newest = self.given.iter().find(|given| given.criterion == criterion.code);
        let council = self.council.filter(|_| rules::is_of_council(criterion));
        let locale = self.caller.locale;
        let level = |level: &crate::movements::plan::ScoreLevel| ScoreLevelView {
            points: level.points,
            text: label(&level.text, locale),
        };
        let sent_back = newest.and_then(|newest| newest.sent_back.clone());
        AssessmentView {
            criterion: criterion.code.clone(),
            kind: criterion.kind,
            text: criterion.text.as_ref().map(|text| label(text, locale)),
            max: criterion.max,
            levels: criterion.levels.iter().map(level).collect(),
            self_points: self.nomination.self_scores.get(&criterion.code).copied(),
            points: newest.and_then(|newest| newest.points),
            passed: newest.and_then(|newest| newest.passed),
            not_applicable: newest.is_some_and(|newest| newest.points.is_none() && newest.passed.is_none()),
            may_drop: criterion.may_drop,
            comment: newest.and_then(|newest| newest.comment.clone()),
            internal_comment: newest.and_then(|newest| newest.internal_comment.clone()),
            assessor: newest.map(|newest| newest.username.clone()),
            at: newest.map(|newest| newest.at),
            etag: newest.map(|newest| etag(newest.version)),
            sent_back: sent_back.map(|SentBack { reason, by, at }| SentBackView { reason, by, at }),
            council: council.map(|ballots| self.ballots(ballots, &criterion.code)),
        }
    }

    fn ballots(&self, ballots: &Ballots, criterion: &str) -> CouncilView {
        let (id, who) = (self.nomination.id, self.caller.account.id);
        let secret = self.award.council.as_ref().is_some_and(|council| council.ballot == Voting::Secret);
        let vote = ballots.on(id, criterion);
        let shown = vote.is_shown_to(who);
        let mut counting: Vec<&Ballot> = ballots.counting(&vote, id, criterion).collect();
        // In no order that would tell who cast which.
        counting.sort_by_key(|one| one.points);
        let numbers = counting.iter().filter_map(|one| one.points).map(BigRational::from);
        let spread = Spread::of(numbers).filter(|_| shown);
        let of = |member| ballots.of_member(id, criterion, member);
        let name = |member| ballots.panel.member(member).map(|member| member.username.clone());
        CouncilView {
            cast: vote.counting().len(),
            open: vote.awaited().count(),
            recused: ballots.panel.recused(id).count(),
            round: vote.round(),
            anew: vote.is_anew().then_some(VoteAnew::MemberRecused),
            own: of(who).last().map(|newest| ballot(of(who), newest, name(who), true)),
            ballots: shown.then(|| {
                let named = counting
                    .iter()
                    .map(|one| ballot(of(one.member), one, name(one.member).filter(|_| !secret), !secret));
                named.map(|view| BallotView { etag: None, ..view }).collect()
            }),
            mean: spread.as_ref().map(|spread| half_up(&spread.mean, 2)),
            median: spread.map(|spread| half_up(&spread.median, 2)),
        }
    }
}

fn ballot(all: &[Ballot], newest: &Ballot, member: Option<String>, known: bool) -> BallotView {
    let earlier = all.iter().filter(|one| one.version < newest.version);
    BallotView {
        member,
        points: newest.points,
        comment: newest.comment.clone().filter(|_| known),
        internal_comment: newest.internal_comment.clone().filter(|_| known),
        at: known.then_some(newest.at),
        round: newest.round,
        reason: newest.reason.clone().filter(|_| known),
        etag: Some(etag(newest.version)),
        earlier: earlier
            .filter(|_| known)
            .map(|one| EarlierBallot { points: one.points, reason: one.reason.clone() })
            .collect(),
    }
}

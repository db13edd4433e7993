//! A proposal as it is read.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    access::Case,
    hearing::{Consultation, Consulted, Objection, Posting},
    rules::{Bar, Difference},
    store::{Candidate, End, Proposal, State, usernames},
};
use crate::{
    db::{AccountId, Conn, DecisionId, ObjectionId, ProposalId, RankingId},
    http::{Caller, Reply, Result, etag},
    movements::Movement,
    people::PartyView,
    rankings::Standing,
};

/// A proposal on an award.
#[derive(Serialize, ToSchema)]
#[schema(as = Proposal)]
pub(super) struct ProposalView {
    #[serde(flatten)]
    head: ProposalSummary,
    /// Everybody who was ranked: the machine's list, the council's and the selection, side by side.
    candidates: Vec<ProposedCandidate>,
    consultations: Vec<ConsultationView>,
    #[schema(required)]
    posting: Option<PostingDays>,
    objections: Vec<ObjectionView>,
    allowed_actions: Vec<&'static str>,
}

/// A proposal in a list.
#[derive(Serialize, ToSchema)]
pub(super) struct ProposalSummary {
    id: ProposalId,
    #[schema(example = "cchc-2025-h2")]
    movement: String,
    #[schema(example = "tap-the")]
    award: String,
    state: State,
    /// The official run that it is of.
    ranking: RankingId,
    quota: u32,
    /// Why more or fewer are selected.
    #[schema(required)]
    quota_reason: Option<String>,
    /// After the day for proposing.
    late: bool,
    #[schema(required)]
    late_reason: Option<String>,
    #[schema(example = "phong-vhxh-1")]
    proposed_by: String,
    proposed_at: DateTime<Utc>,
    #[schema(required)]
    end: Option<ProposalEnd>,
    /// Id of the decision on it.
    #[schema(required)]
    decision: Option<DecisionId>,
}

/// How a proposal ended.
#[derive(Serialize, ToSchema)]
struct ProposalEnd {
    #[schema(required)]
    reason: Option<String>,
    by: String,
    at: DateTime<Utc>,
}

/// A candidate in the three lists.
#[derive(Serialize, ToSchema)]
struct ProposedCandidate {
    candidate: PartyView,
    /// In the ranking, within its block.
    rank: u32,
    /// In the ranking; null: left to people.
    #[schema(required)]
    standing: Option<Standing>,
    /// Code of the place (giải) that the ranking gives.
    #[schema(required)]
    place: Option<String>,
    /// Whether the council passed them; null: it did not vote on them.
    #[schema(required)]
    passed: Option<bool>,
    /// Place in the selection, from 1; null: not selected.
    #[schema(required)]
    selected: Option<u32>,
    /// Had the award by an earlier decision.
    awarded: bool,
    /// Where the selection differs from the other lists.
    differences: Vec<Difference>,
    #[schema(required)]
    reason: Option<String>,
    /// What forbids an award today.
    #[schema(required)]
    bar: Option<Bar>,
}

/// An agency that is asked.
#[derive(Serialize, ToSchema)]
#[schema(as = Consultation)]
struct ConsultationView {
    /// Its code in the address.
    #[schema(example = "cong-an-xa")]
    agency: String,
    #[serde(flatten)]
    said: Consulted,
    #[schema(example = "\"1\"")]
    etag: String,
}

/// The days of a posting.
#[derive(Serialize, ToSchema)]
pub(super) struct PostingDays {
    /// 0: there was none.
    #[schema(example = 5)]
    working_days: u32,
    posted_on: NaiveDate,
    /// The last day for objections.
    ends_on: NaiveDate,
}

impl From<&Posting> for PostingDays {
    fn from(posting: &Posting) -> Self {
        let Posting { working_days, posted_on, ends_on } = *posting;
        Self { working_days, posted_on, ends_on }
    }
}

/// An objection.
#[derive(Serialize, ToSchema)]
#[schema(as = Objection)]
pub(super) struct ObjectionView {
    id: ObjectionId,
    /// Null: to the list as a whole.
    #[schema(required)]
    candidate: Option<PartyView>,
    text: String,
    raised_by: String,
    raised_at: DateTime<Utc>,
    #[schema(required)]
    answer: Option<ObjectionAnswer>,
}

#[derive(Serialize, ToSchema)]
struct ObjectionAnswer {
    text: String,
    answered_by: String,
    answered_at: DateTime<Utc>,
}

/// Accounts by their usernames.
type Names = BTreeMap<AccountId, String>;

fn name(names: &Names, id: AccountId) -> String {
    names.get(&id).cloned().unwrap_or_default()
}

impl ProposalSummary {
    pub fn of(movement: &Movement, proposal: &Proposal, decision: Option<DecisionId>, names: &Names) -> Self {
        let end = |end: &End| ProposalEnd { reason: end.reason.clone(), by: name(names, end.by), at: end.at };
        Self {
            id: proposal.id,
            movement: movement.code.clone(),
            award: proposal.award.clone(),
            state: proposal.state(),
            ranking: proposal.ranking,
            quota: proposal.quota,
            quota_reason: proposal.quota_reason.clone(),
            late: proposal.late_reason.is_some(),
            late_reason: proposal.late_reason.clone(),
            proposed_by: name(names, proposal.proposed_by),
            proposed_at: proposal.proposed_at,
            end: proposal.end.as_ref().map(end),
            decision,
        }
    }

    /// The accounts that it names.
    pub fn accounts(proposal: &Proposal) -> impl Iterator<Item = AccountId> {
        std::iter::once(proposal.proposed_by).chain(proposal.end.as_ref().map(|end| end.by))
    }
}

impl Case {
    /// The accounts of objections and their answers.
    fn voices(&self) -> impl Iterator<Item = AccountId> {
        let of = |one: &Objection| [Some(one.raised_by), one.answer.as_ref().map(|answer| answer.by)];
        self.hearing.objections.iter().flat_map(of).flatten()
    }

    fn objection(&self, one: &Objection, names: &Names) -> ObjectionView {
        let nomination = one.nomination.and_then(|id| self.nominations.get(&id));
        ObjectionView {
            id: one.id,
            candidate: nomination.map(|nomination| self.directory.view(nomination.candidate)),
            text: one.text.clone(),
            raised_by: name(names, one.raised_by),
            raised_at: one.at,
            answer: one.answer.as_ref().map(|answer| ObjectionAnswer {
                text: answer.text.clone(),
                answered_by: name(names, answer.by),
                answered_at: answer.at,
            }),
        }
    }

    /// The objections that one of the persons raised; of all, where none is given.
    pub(super) async fn objections(&self, conn: &mut Conn, by: Option<AccountId>) -> Result<Vec<ObjectionView>> {
        let names = usernames(conn, self.voices()).await?;
        let shown = self.hearing.objections.iter().filter(|one| by.is_none_or(|by| one.raised_by == by));
        Ok(shown.map(|one| self.objection(one, &names)).collect())
    }

    pub(super) async fn view(&self, conn: &mut Conn, caller: &Caller, movement: &Movement) -> Result<ProposalView> {
        let names = usernames(conn, ProposalSummary::accounts(&self.proposal).chain(self.voices())).await?;
        let lists = self.lists();
        let candidate = |one: &Candidate| {
            let nomination = self.nominations.get(&one.nomination)?;
            let party = self.directory.view(nomination.candidate);
            let listed = lists.candidates.iter().find(|listed| listed.code == party.code);
            Some(ProposedCandidate {
                differences: listed.map(|listed| lists.differences(listed)).unwrap_or_default(),
                candidate: party,
                rank: one.rank,
                standing: one.standing,
                place: one.place.clone(),
                passed: one.passed,
                selected: one.selected,
                awarded: one.awarded,
                reason: one.reason.clone(),
                bar: self.bar(movement, caller, one.nomination),
            })
        };
        let consultation = |one: &Consultation| ConsultationView {
            agency: one.agency.clone(),
            said: one.said.clone(),
            etag: etag(one.version),
        };
        Ok(ProposalView {
            head: ProposalSummary::of(movement, &self.proposal, self.decision, &names),
            candidates: self.candidates.iter().filter_map(candidate).collect(),
            consultations: self.hearing.consultations.iter().map(consultation).collect(),
            posting: self.hearing.posting.as_ref().map(PostingDays::from),
            objections: self.hearing.objections.iter().map(|one| self.objection(one, &names)).collect(),
            allowed_actions: self.allowed(caller, movement),
        })
    }

    fn allowed(&self, caller: &Caller, movement: &Movement) -> Vec<&'static str> {
        let open = self.proposal.state() == State::Open && movement.is_under_way();
        let own = self.proposal.is_by(&caller.persons());
        let posting = self.hearing.posting.as_ref();
        let acts = [
            ("consult", "put_consultation", true),
            ("post", "post_proposal", posting.is_none()),
            ("object", "create_objection", posting.is_some_and(|posting| !posting.is_over(caller.today()))),
            ("withdraw", "withdraw_proposal", own),
            ("return", "return_proposal", true),
            ("decide", "decide_proposal", !own && self.missing(movement, caller, &[]).is_empty()),
        ];
        let allowed = acts.into_iter().filter(|(_, operation, fits)| open && *fits && caller.may(operation));
        allowed.map(|(act, ..)| act).collect()
    }
}

/// The proposal as it stands now.
pub(super) async fn shown(conn: &mut Conn, caller: &Caller, movement: &Movement, proposal: Proposal) -> Result<Reply> {
    let case = Case::shown(conn, caller, movement, proposal).await?;
    Reply::ok(case.view(conn, caller, movement).await?)
}

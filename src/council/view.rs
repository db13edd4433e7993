//! A session as it is read: the minutes and the count minutes as data.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    rules::{Attendance, Count, Roll, Vote, has_quorum},
    store::{Counted, Session, State},
};
use crate::{
    assessments::{Ballots, Ground, Member, is_of_council},
    db::{AccountId, NominationId, SessionId},
    finding::Finding,
    http::{Caller, FindingView, etag},
    movements::{
        Movement,
        plan::{Ballot, CouncilBase},
    },
    nominations::Nomination,
    people::{Directory, PartyView},
};

/// A session of the council on one award.
#[derive(Serialize, ToSchema)]
#[schema(as = Session)]
pub(super) struct SessionView {
    pub id: SessionId,
    #[schema(example = "cchc-2025-h2")]
    movement: String,
    #[schema(example = "tap-the")]
    award: String,
    state: State,
    /// Whether votes are counted and have no name.
    secret: bool,
    held_on: NaiveDate,
    /// The closed session that it corrects.
    #[schema(required)]
    replaces: Option<SessionId>,
    /// The session that corrects it.
    #[schema(required)]
    replaced_by: Option<SessionId>,
    opened_at: DateTime<Utc>,
    #[schema(required)]
    closed_at: Option<DateTime<Utc>>,
    minutes: Minutes,
    /// By candidate.
    count_minutes: Vec<CandidateVote>,
    /// What to know of candidates that were counted. Nothing is refused for it.
    notices: Vec<FindingView>,
    allowed_actions: Vec<&'static str>,
}

/// The minutes (biên bản họp): who took part, whether they were enough, and what was said.
#[derive(Serialize, ToSchema)]
#[schema(as = SessionMinutes)]
struct Minutes {
    present: Vec<SessionMember>,
    /// Absent, with votes in writing.
    written: Vec<SessionMember>,
    absent: Vec<SessionMember>,
    quorum: Quorum,
    #[schema(required)]
    notes: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct SessionMember {
    /// Username.
    member: String,
    #[schema(required)]
    name: Option<String>,
}

/// Whether enough members were in the room, recused ones among them.
#[derive(Serialize, ToSchema)]
#[schema(as = SessionQuorum)]
struct Quorum {
    #[schema(example = "2/3")]
    share: String,
    present: u32,
    members: u32,
    reached: bool,
}

/// The count minutes (biên bản kiểm phiếu) of one candidate.
#[derive(Serialize, ToSchema)]
#[schema(as = SessionCandidate)]
struct CandidateVote {
    candidate: PartyView,
    /// ETag for counting again.
    #[schema(example = "\"1\"")]
    etag: String,
    count: Count,
    /// By member, of an open vote.
    #[schema(required)]
    votes: Option<Vec<MemberVote>>,
    /// Members who neither vote on the candidate nor count.
    recused: Vec<RecusedMember>,
    /// Members who may vote on it.
    voters: u32,
    /// How many members the share is of.
    base: u32,
    #[schema(value_type = String, example = "all")]
    of: CouncilBase,
    /// The share of the base that must vote for it.
    #[schema(example = ">=9/10")]
    share: String,
    /// Whether others of the roll are recused now than when the votes were counted: the count is to be made again, of a
    /// closed session by one that replaces it.
    recusals_changed: bool,
    /// Whether it has the votes that the plan asks for; null while the session is open.
    #[schema(required)]
    passed: Option<bool>,
}

#[derive(Serialize, ToSchema)]
struct MemberVote {
    /// Username.
    member: String,
    vote: Vote,
}

#[derive(Serialize, ToSchema)]
struct RecusedMember {
    /// Username.
    member: String,
    ground: Ground,
}

/// Everything that a session's view is made of.
pub(super) struct Showing<'a> {
    pub movement: &'a Movement,
    pub replaced_by: Option<SessionId>,
    pub roll: &'a Roll,
    pub counts: &'a [Counted],
    /// Of the counts.
    pub nominations: &'a BTreeMap<NominationId, Nomination>,
    pub ballots: &'a Ballots,
    pub directory: &'a Directory,
    pub caller: &'a Caller,
}

impl Showing<'_> {
    pub fn view(&self, session: &Session) -> SessionView {
        let acts = [("vote", "put_session_vote"), ("close", "close_session")];
        let open = session.state == State::Open && self.movement.is_under_way();
        let allowed = acts.into_iter().filter(|(_, operation)| open && self.caller.may(operation));
        SessionView {
            id: session.id,
            movement: self.movement.code.clone(),
            award: session.award.clone(),
            state: session.state,
            secret: session.rules.ballot == Ballot::Secret,
            held_on: session.held_on,
            replaces: session.replaces,
            replaced_by: self.replaced_by,
            opened_at: session.opened_at,
            closed_at: session.closed_at,
            minutes: self.minutes(session),
            count_minutes: self.counts.iter().filter_map(|counted| self.candidate(session, counted)).collect(),
            notices: self.notices(),
            allowed_actions: allowed.map(|(act, _)| act).collect(),
        }
    }

    fn minutes(&self, session: &Session) -> Minutes {
        let taking = |attendance: Attendance| {
            let mut members: Vec<SessionMember> = self
                .roll
                .0
                .iter()
                .filter(|(_, one)| **one == attendance)
                .map(|(member, _)| SessionMember {
                    member: self.name(*member),
                    name: self.ballots.panel.member(*member).and_then(|member| member.name.clone()),
                })
                .collect();
            members.sort_by(|a, b| a.member.cmp(&b.member));
            members
        };
        Minutes {
            present: taking(Attendance::Present),
            written: taking(Attendance::Written),
            absent: taking(Attendance::Absent),
            quorum: Quorum {
                share: session.rules.quorum.clone(),
                present: self.roll.present(),
                members: self.roll.members(),
                reached: has_quorum(&session.rules, self.roll),
            },
            notes: session.notes.clone(),
        }
    }

    fn candidate(&self, session: &Session, counted: &Counted) -> Option<CandidateVote> {
        let nomination = self.nominations.get(&counted.nomination)?;
        let mut outcome = session.outcome.iter().flat_map(|outcome| &outcome.candidates);
        let outcome = outcome.find(|one| one.nomination == counted.nomination);
        let recused: BTreeSet<AccountId> = counted.recused.iter().copied().collect();
        let now = self.ballots.panel.recusals(nomination.id).iter().map(|one| one.member);
        let now: BTreeSet<AccountId> = now.filter(|member| self.roll.0.contains_key(member)).collect();
        let grounds: Vec<(AccountId, Ground)> = match outcome {
            Some(outcome) => outcome.recused.clone(),
            None => self.ballots.panel.recusals(nomination.id).iter().map(|one| (one.member, one.ground)).collect(),
        };
        let known = grounds.into_iter().filter(|(member, _)| recused.contains(member));
        let mut named: Vec<RecusedMember> =
            known.map(|(member, ground)| RecusedMember { member: self.name(member), ground }).collect();
        named.sort_by(|a, b| a.member.cmp(&b.member));
        let votes = counted.votes.as_ref().map(|votes| {
            let cast = votes.iter().map(|(member, vote)| MemberVote { member: self.name(*member), vote: *vote });
            let mut cast: Vec<MemberVote> = cast.collect();
            cast.sort_by(|a, b| a.member.cmp(&b.member));
            cast
        });
        Some(CandidateVote {
            candidate: self.directory.view(nomination.candidate),
            etag: etag(counted.version),
            count: counted.count,
            votes,
            recused: named,
            voters: self.roll.voters(&recused).len() as u32,
            base: self.roll.base(session.rules.of, &recused),
            of: session.rules.of,
            share: session.rules.pass.clone(),
            recusals_changed: now != recused,
            passed: outcome.map(|outcome| outcome.passed),
        })
    }

    /// Candidates that are on hold, and criteria on which nobody of the council has given points.
    fn notices(&self) -> Vec<FindingView> {
        let plan = &self.movement.on(self.caller.today()).plan;
        let mut notices = Vec::new();
        for (at, counted) in self.counts.iter().enumerate() {
            let Some(nomination) = self.nominations.get(&counted.nomination) else { continue };
            let candidate = self.directory.view(nomination.candidate).name;
            let about = |code| Finding::warning(format!("/count_minutes/{at}"), code).with("candidate", &candidate);
            notices.extend(nomination.hold.as_ref().map(|_| about("counted_held")));
            let group = plan.groups.iter().filter(|group| group.code == nomination.group);
            let criteria = group.flat_map(|group| &group.criteria).filter(|criterion| is_of_council(criterion));
            let is_open = |code: &str| self.ballots.on(nomination.id, code).counting().is_empty();
            let open: Vec<&str> = criteria.map(|one| one.code.as_str()).filter(|code| is_open(code)).collect();
            notices.extend((!open.is_empty()).then(|| about("counted_unscored").with("criteria", open.join(", "))));
        }
        notices.iter().map(|notice| FindingView::of(notice, self.caller.locale)).collect()
    }

    fn name(&self, account: AccountId) -> String {
        self.ballots
            .panel
            .member(account)
            .map_or_else(|| account.to_string(), |member: &Member| member.username.clone())
    }
}

/// A session in a list.
#[derive(Serialize, ToSchema)]
pub(super) struct SessionSummary {
    id: SessionId,
    state: State,
    held_on: NaiveDate,
    #[schema(required)]
    replaces: Option<SessionId>,
    opened_at: DateTime<Utc>,
    #[schema(required)]
    closed_at: Option<DateTime<Utc>>,
}

impl From<Session> for SessionSummary {
    fn from(session: Session) -> Self {
        let Session { id, state, held_on, replaces, opened_at, closed_at, .. } = session;
        Self { id, state, held_on, replaces, opened_at, closed_at }
    }
}

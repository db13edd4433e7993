//! A decision as it is read.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    access::Ruling,
    acts_store::ActRow,
    papers_store::Paper,
    rules::{Act, ActKind, SignedAs, State, permits},
    store::{Decided, Decision},
};
use crate::{
    awards::{
        Member,
        proposals::{is_by, usernames},
    },
    db::{AccountId, Conn, DecisionId, ProposalId},
    http::{Caller, FindingView, Reply, Result},
    movements::Movement,
    people::PartyView,
};

/// A decision on a proposal.
#[derive(Serialize, ToSchema)]
#[schema(as = Decision)]
pub struct DecisionView {
    id: DecisionId,
    #[schema(example = "cchc-2025-h2")]
    movement: String,
    #[schema(example = "tap-the")]
    award: String,
    state: State,
    proposal: ProposalId,
    signed_as: SignedAs,
    decided_by: String,
    decided_at: DateTime<Utc>,
    /// Those accepted by their ordinals, then the others.
    candidates: Vec<DecidedCandidate>,
    /// Null until it has a number.
    #[schema(required)]
    registration: Option<Registration>,
    #[schema(required)]
    signed_file: Option<SignedFileView>,
    #[schema(required)]
    publication: Option<Publication>,
    acts: Vec<AwardAct>,
    /// What to look at twice: a date before the decision, or out of order with its number.
    warnings: Vec<FindingView>,
    allowed_actions: Vec<&'static str>,
}

/// A candidate in a decision.
#[derive(Serialize, ToSchema)]
struct DecidedCandidate {
    candidate: PartyView,
    accepted: bool,
    /// In the decision (số sổ vàng), from 1 without gaps.
    #[schema(required)]
    ordinal: Option<u32>,
    /// Code of the place (giải).
    #[schema(required)]
    place: Option<String>,
    #[schema(required)]
    reason: Option<String>,
    revoked: bool,
}

/// Number and date of the registry.
#[derive(Serialize, ToSchema)]
#[schema(as = AwardRegistration)]
pub struct Registration {
    #[schema(example = 1234)]
    number: u32,
    date: NaiveDate,
    year: i32,
    #[schema(example = "UBND")]
    issuer: String,
    #[schema(example = "QĐ")]
    paper_type: String,
    /// Number and signs, as on the paper.
    #[schema(example = "1234/QĐ-UBND")]
    symbol: String,
}

impl From<&Paper> for Registration {
    fn from(paper: &Paper) -> Self {
        let of = &paper.numbered;
        Self {
            number: of.number,
            date: of.date,
            year: of.year(),
            issuer: of.issuer.clone(),
            paper_type: of.paper_type.clone(),
            symbol: of.symbol(),
        }
    }
}

/// The signed paper.
#[derive(Serialize, ToSchema)]
#[schema(as = SignedFile)]
struct SignedFileView {
    #[schema(example = "application/pdf")]
    media_type: &'static str,
    /// Bytes.
    size: i64,
    /// Of the bytes, in hexadecimal digits.
    #[schema(min_length = 64, max_length = 64)]
    sha256: String,
    taken_by: String,
    taken_at: DateTime<Utc>,
    #[schema(example = "/api/v1/decisions/0197a3b0-0000-7000-8000-000000000000/signed-file")]
    href: String,
}

#[derive(Serialize, ToSchema)]
struct Publication {
    published_at: DateTime<Utc>,
    published_by: String,
    /// Why without the signed paper.
    #[schema(required)]
    reason: Option<String>,
}

/// An act that revokes an award or corrects what is published of it.
#[derive(Serialize, ToSchema)]
struct AwardAct {
    kind: ActKind,
    /// Code of the unit, or id of the person or the household.
    candidate: String,
    #[schema(required)]
    member: Option<Member>,
    #[schema(required)]
    text: Option<String>,
    reason: String,
    #[schema(required)]
    registration: Option<Registration>,
    by: String,
    at: DateTime<Utc>,
}

/// What may be done, with its operation and its rule.
const ACTS: [(&str, &str, Act); 7] = [
    ("register", "register_decision", Act::Register),
    ("put_signed_file", "put_signed_file", Act::TakeFile),
    ("certify", "create_certificates", Act::Certify),
    ("publish", "publish_decision", Act::Publish),
    ("revoke", "revoke_award", Act::Revoke),
    ("correct", "correct_award", Act::Correct),
    ("replace", "replace_certificate", Act::Replace),
];

impl Ruling {
    pub async fn view(&self, conn: &mut Conn, caller: &Caller, movement: &Movement) -> Result<DecisionView> {
        let named = [Some(self.decision.decided_by), self.published.as_ref().map(|one| one.by)];
        let named = named.into_iter().chain([self.file.as_ref().map(|file| file.by)]).flatten();
        let names = usernames(conn, named.chain(self.acts.iter().map(|act| act.by))).await?;
        let name = |id: AccountId| names.get(&id).cloned().unwrap_or_default();
        let id = self.decision.id;
        let file = self.file.as_ref().map(|file| SignedFileView {
            media_type: file.kind.media_type(),
            size: file.size,
            sha256: file.sha256.clone(),
            taken_by: name(file.by),
            taken_at: file.at,
            href: format!("/api/v1/decisions/{id}/signed-file"),
        });
        let publication = self.published.as_ref().map(|one| Publication {
            published_at: one.at,
            published_by: name(one.by),
            reason: one.reason.clone(),
        });
        Ok(DecisionView {
            id,
            movement: movement.code.clone(),
            award: self.decision.award.clone(),
            state: self.facts().state(),
            proposal: self.decision.proposal,
            signed_as: self.decision.signed_as,
            decided_by: name(self.decision.decided_by),
            decided_at: self.decision.decided_at,
            candidates: self.candidates.iter().filter_map(|one| self.candidate(one)).collect(),
            registration: self.paper().map(Registration::from),
            signed_file: file,
            publication,
            acts: self.acts.iter().map(|act| self.act(act, &names)).collect(),
            warnings: self.warnings.iter().map(|one| FindingView::of(one, caller.locale)).collect(),
            allowed_actions: self.allowed(caller),
        })
    }

    fn candidate(&self, one: &Decided) -> Option<DecidedCandidate> {
        let nomination = self.nominations.get(&one.nomination)?;
        Some(DecidedCandidate {
            candidate: self.directory.view(nomination.candidate),
            accepted: one.ordinal.is_some(),
            ordinal: one.ordinal,
            place: one.place.clone(),
            reason: one.reason.clone(),
            revoked: self.is_revoked(one.nomination),
        })
    }

    fn act(&self, act: &ActRow, names: &BTreeMap<AccountId, String>) -> AwardAct {
        AwardAct {
            kind: act.kind,
            candidate: self.code(act.nomination),
            member: act.member,
            text: act.text.clone(),
            reason: act.reason.clone(),
            registration: self.papers.iter().find(|paper| paper.act == act.act).map(Registration::from),
            by: names.get(&act.by).cloned().unwrap_or_default(),
            at: act.at,
        }
    }

    fn allowed(&self, caller: &Caller) -> Vec<&'static str> {
        let persons = caller.persons();
        let own = |act| match act {
            Act::Register => self.is_decided_by(&persons),
            Act::Publish => self.paper().is_some_and(|paper| paper.is_by(&persons)),
            Act::Revoke | Act::Correct => self.proposal.is_by(&persons),
            Act::TakeFile | Act::Certify | Act::Replace => false,
        };
        let fits = |act| permits(self.facts(), act).is_ok() && !own(act);
        let allowed = ACTS.into_iter().filter(|(_, operation, act)| fits(*act) && caller.may(operation));
        allowed.map(|(name, ..)| name).collect()
    }

    /// Whether one of these persons decided, or somebody for them.
    pub fn is_decided_by(&self, persons: &[AccountId]) -> bool {
        is_by(persons, self.decision.decided_by, &self.decision.acting_for)
    }
}

/// The decision as it stands now.
pub async fn shown(conn: &mut Conn, caller: &Caller, movement: &Movement, decision: Decision) -> Result<Reply> {
    let ruling = Ruling::shown(conn, caller, movement, decision).await?;
    Reply::ok(ruling.view(conn, caller, movement).await?)
}

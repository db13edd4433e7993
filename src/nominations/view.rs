//! Views of nominations for one caller.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    beside::{Beside, OtherNomination},
    facts::Facts,
    place::Place,
    rules::{self, Action, Draft, Hold, Nomination, State},
    store::{self, Entered},
};
use crate::{
    db::{Conn, InitiativeId, NominationId, to_text},
    exact::Decimal,
    finding::Finding,
    http::{Caller, Error, Result},
    movements::{Movement, label, plan::Award},
    people::PartyView,
};

/// A nomination.
#[derive(Serialize, ToSchema)]
#[schema(as = Nomination)]
pub(super) struct NominationView {
    #[schema(example = "tap-the")]
    award: String,
    pub candidate: PartyView,
    /// Code of the group whose criteria apply to the candidate.
    #[schema(example = "1.1")]
    group: String,
    group_name: String,
    state: State,
    /// Username of who nominated.
    #[schema(example = "mau.thu-truong.phong-kinh-te")]
    nominated_by: String,
    nominated_at: DateTime<Utc>,
    /// Whether that was after the day until which the plan lets the award be proposed. Nobody is refused for it.
    late: bool,
    achievement: String,
    /// Claimed points, by criterion.
    #[schema(value_type = BTreeMap<String, String>, example = json!({"1.1.b": "38.5"}))]
    self_scores: BTreeMap<String, Decimal>,
    /// Whether the candidate does the work directly: claimed until the nomination is verified, then confirmed by the
    /// agency.
    direct_work: bool,
    /// Claimed until the nomination is verified, then confirmed by the agency. An absent fact is not «no».
    facts: Facts,
    /// Discipline ended within the days that the group judges: what was achieved before `facts.achievement_from` does not
    /// count.
    achievement_cut: bool,
    /// Ids of evidence of the reports of the candidate's unit.
    evidence: Vec<Uuid>,
    /// Ids of the recognised initiatives that the dossier relies on.
    initiatives: Vec<InitiativeId>,
    /// Other standing nominations that may be of the same candidate or for the same achievement: shown for people to decide.
    also_nominated: Vec<OtherNomination>,
    /// Reason for the agency's nomination on behalf of the unit's head.
    #[schema(required)]
    on_behalf_reason: Option<String>,
    /// Reason of the rejection.
    #[schema(required)]
    reason: Option<String>,
    /// On hold: a disciplinary case, an inspection or a complaint is pending, and the candidate cannot be awarded.
    held: bool,
    /// Reason of the hold, for roles that judge.
    #[schema(required)]
    pub hold: Option<Hold>,
    allowed_actions: Vec<String>,
}

/// The operation of a transition.
fn operation(action: Action) -> &'static str {
    match action {
        Action::Nominate => "nominate",
        Action::Withdraw => "withdraw_nomination",
        Action::Verify => "verify_nomination",
        Action::Reject => "reject_nomination",
        Action::Hold => "hold_nomination",
        Action::Release => "release_nomination",
    }
}

/// Builds the views of nominations for one caller.
pub(super) struct Showing<'a> {
    pub movement: &'a Movement,
    pub award: &'a Award,
    pub beside: &'a Beside,
    pub caller: &'a Caller,
}

impl Showing<'_> {
    /// `entered`: how the dossier came in.
    pub fn view(&self, nomination: &Nomination, entered: &Entered) -> Result<NominationView> {
        let Self { movement, award, beside, caller } = self;
        let authored = entered.is_by(&caller.persons());
        let allowed = |action: &Action| {
            rules::next(nomination.state, nomination.hold.is_some(), *action).is_some()
                && caller.may(operation(*action))
                && !(authored && rules::requires_second_person(*action))
                && movement.is_under_way()
        };
        let plan = &movement.on(caller.today()).plan;
        let group = plan.groups.iter().find(|group| group.code == nomination.group);
        let window = rules::window(plan, &nomination.group);
        Ok(NominationView {
            award: award.code.clone(),
            candidate: beside.directory.view(nomination.candidate),
            group: nomination.group.clone(),
            group_name: group.map(|group| label(&group.name, caller.locale)).unwrap_or_default(),
            state: nomination.state,
            nominated_by: entered.by.clone(),
            nominated_at: entered.at,
            late: entered.at >= award.propose_before,
            achievement: nomination.achievement.clone(),
            self_scores: nomination.self_scores.clone(),
            direct_work: nomination.direct_work,
            facts: nomination.facts.clone(),
            achievement_cut: nomination.facts.cut(window),
            evidence: nomination.evidence.clone(),
            initiatives: nomination.initiatives.clone(),
            also_nominated: beside.of(movement, nomination, window),
            on_behalf_reason: nomination.on_behalf_reason.clone(),
            reason: nomination.reason.clone(),
            held: nomination.hold.is_some(),
            hold: nomination.hold.clone().filter(|_| caller.may("list_assessments")),
            allowed_actions: Action::ALL.into_iter().filter(allowed).map(to_text).collect::<Result<_>>()?,
        })
    }
}

impl NominationView {
    /// The view in responses of writes, without the reason of a hold: reading it is recorded.
    pub(super) fn without_hold(self) -> Self {
        Self { hold: None, ..self }
    }
}

impl Place {
    pub(super) async fn view(
        &self,
        conn: &mut Conn,
        caller: &Caller,
        nomination: &Nomination,
    ) -> Result<NominationView> {
        let (movement, award) = (&self.movement, &self.award);
        let entered = store::entered(conn, movement.locality, &[nomination.id]).await?;
        let entered = entered.get(&nomination.id).ok_or_else(|| Error::internal("nobody nominated"))?;
        let own = [nomination.candidate];
        let beside = &Beside::find(conn, caller, (movement, &award.code), &own, self.directory.clone()).await?;
        Showing { movement, award, beside, caller }.view(nomination, entered)
    }
}

/// The state after the transition (409).
pub(super) fn step(nomination: &Nomination, action: Action) -> Result<State> {
    rules::next(nomination.state, nomination.hold.is_some(), action).ok_or_else(|| {
        let code = match action {
            Action::Hold if nomination.hold.is_some() => "nomination_held",
            Action::Release if nomination.hold.is_none() => "nomination_not_held",
            _ => "nomination_state",
        };
        to_text(nomination.state).map_or_else(|error| error, |state| Error::state(code, state))
    })
}

/// The nomination after the draft, or all findings: these of what it relies on, and its own.
pub(super) fn drafted(
    caller: &Caller,
    place: &Place,
    found: Option<Nomination>,
    draft: Draft,
    relied: Vec<Finding>,
) -> Result<Nomination> {
    if let Some(nomination) = &found {
        step(nomination, Action::Nominate)?;
    }
    let (award, by_head) = (&place.award, place.is_headed_by(caller));
    let group = rules::group(&place.plan.plan, award, place.kind(), place.unit(), draft.group.as_deref());
    let mut findings = rules::check(&draft, award.candidates, group.as_ref().ok().copied(), by_head, caller.today());
    findings.extend(relied);
    let group = group.map_err(|finding| findings.push(finding)).map(|group| group.code.clone());
    Error::check(findings)?;
    Ok(Nomination {
        id: found.as_ref().map_or_else(NominationId::new, |nomination| nomination.id),
        candidate: place.candidate,
        group: group.map_err(|()| Error::internal("a draft without findings has its group"))?,
        state: State::Nominated,
        achievement: draft.achievement,
        self_scores: draft.self_scores,
        direct_work: draft.direct_work.unwrap_or(false),
        facts: draft.facts,
        evidence: draft.evidence,
        initiatives: draft.initiatives,
        on_behalf_reason: draft.on_behalf_reason.filter(|_| !by_head),
        reason: None,
        hold: found.as_ref().and_then(|nomination| nomination.hold.clone()),
        version: found.map_or(1, |nomination| nomination.version + 1),
    })
}

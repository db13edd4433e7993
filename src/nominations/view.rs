//! Views of nominations for one caller.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::{
    place::Place,
    rules::{self, Action, Hold, Nomination, State},
};
use crate::{
    db::to_text,
    exact::Decimal,
    http::{Caller, Error, Result},
    movements::{Movement, label},
    people::{Directory, PartyView},
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
    achievement: String,
    /// Claimed points, by criterion.
    #[schema(value_type = BTreeMap<String, String>, example = json!({"1.1.b": "38.5"}))]
    self_scores: BTreeMap<String, Decimal>,
    /// Whether the candidate does the work directly: claimed until the nomination is verified, then confirmed by the
    /// agency.
    direct_work: bool,
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
    #[schema(example = json!(["verify", "reject", "hold"]))]
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
    pub award: &'a str,
    pub directory: &'a Directory,
    pub caller: &'a Caller,
}

impl Showing<'_> {
    /// `authored`: the caller is an author of the dossier.
    pub fn view(&self, one: &Nomination, authored: bool) -> Result<NominationView> {
        let Self { movement, award, directory, caller } = self;
        let allowed = |action: &Action| {
            rules::next(one.state, one.hold.is_some(), *action).is_some()
                && caller.may(operation(*action))
                && !(authored && rules::requires_second_person(*action))
                && movement.is_under_way()
        };
        let groups = &movement.on(caller.today()).plan.groups;
        let group = groups.iter().find(|group| group.code == one.group);
        Ok(NominationView {
            award: award.to_string(),
            candidate: directory.view(one.candidate),
            group: one.group.clone(),
            group_name: group.map(|group| label(&group.name, caller.locale)).unwrap_or_default(),
            state: one.state,
            achievement: one.achievement.clone(),
            self_scores: one.self_scores.clone(),
            direct_work: one.direct_work,
            on_behalf_reason: one.on_behalf_reason.clone(),
            reason: one.reason.clone(),
            held: one.hold.is_some(),
            hold: one.hold.clone().filter(|_| caller.may("list_assessments")),
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
    pub(super) fn view(&self, caller: &Caller, one: &Nomination, authored: bool) -> Result<NominationView> {
        let showing = Showing { movement: &self.movement, award: &self.award.code, directory: &self.directory, caller };
        showing.view(one, authored)
    }
}

/// The state after the transition (409).
pub(super) fn step(one: &Nomination, action: Action) -> Result<State> {
    rules::next(one.state, one.hold.is_some(), action).ok_or_else(|| {
        let code = match action {
            Action::Hold if one.hold.is_some() => "nomination_held",
            Action::Release if one.hold.is_none() => "nomination_not_held",
            _ => "nomination_state",
        };
        to_text(one.state).map_or_else(|error| error, |state| Error::state(code, state))
    })
}

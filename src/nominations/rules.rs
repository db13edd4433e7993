//! The lifecycle of a nomination and the checks of its content. PURE.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::facts::Facts;
use crate::{
    db::{InitiativeId, NominationId},
    exact::{BigRational, Decimal},
    finding::{Finding, escape},
    movements::{
        membership::takes,
        plan::{Award, CandidateKind, Criterion, CriterionKind, Group, Plan, Span},
    },
    people::Party,
    text::folded,
    units::Node,
};

const ACHIEVEMENT_MOST: usize = 20_000;
pub const EVIDENCE_MOST: usize = 50;
pub const INITIATIVES_MOST: usize = 50;
pub const REASON_MOST: usize = 2_000;

/// State of a nomination.
///
/// - `verified`: The agency has confirmed the dossier: the candidate can be ranked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = NominationState)]
pub enum State {
    Nominated,
    Verified,
    Rejected,
    Withdrawn,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    Nominate,
    Withdraw,
    Verify,
    Reject,
    Hold,
    Release,
}

impl Action {
    pub const ALL: [Self; 6] = [Self::Nominate, Self::Withdraw, Self::Verify, Self::Reject, Self::Hold, Self::Release];
}

/// The reason of a hold and its source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Hold {
    /// Reason: disciplinary case, inspection or complaint.
    #[schema(min_length = 1, max_length = 2000, example = "Đang xác minh đơn khiếu nại")]
    pub reason: String,
    /// Source: the document or the authority.
    #[schema(min_length = 1, max_length = 2000, example = "Công văn số 15/TTr ngày 01/12/2025")]
    pub source: String,
}

/// A candidate's dossier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewNomination)]
pub struct Draft {
    /// Achievements, as text.
    #[schema(min_length = 1, max_length = 20000, example = "Giải quyết đúng hạn toàn bộ hồ sơ")]
    pub achievement: String,
    /// Code of the group; required only if several groups of the award fit the candidate's kind.
    #[serde(default)]
    #[schema(example = "1.1")]
    pub group: Option<String>,
    /// Claimed points, by criterion (assessed, bonus and penalty).
    #[serde(default)]
    pub self_scores: BTreeMap<String, Decimal>,
    /// Whether the candidate does the work directly; persons only. The agency confirms it.
    #[serde(default)]
    pub direct_work: Option<bool>,
    /// Facts that the agency confirms when it verifies the dossier.
    #[serde(default)]
    pub facts: Facts,
    /// Ids of evidence of the reports of the candidate's unit: of a household, of the unit that it lives in.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub evidence: Vec<Uuid>,
    /// Ids of recognised initiatives of the candidate, of this movement or an earlier one, that the dossier relies on. An
    /// initiative serves one form of award of one movement.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub initiatives: Vec<InitiativeId>,
    /// Reason for the agency's nomination on behalf of the unit's head; ignored if the head nominates.
    #[serde(default)]
    pub on_behalf_reason: Option<String>,
}

/// A nomination in its current state; the same shape is stored after every transition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nomination {
    pub id: NominationId,
    pub candidate: Party,
    pub group: String,
    pub state: State,
    pub achievement: String,
    pub self_scores: BTreeMap<String, Decimal>,
    /// Claimed until the nomination is verified, then confirmed by the agency.
    pub direct_work: bool,
    #[serde(default, skip_serializing_if = "Facts::is_empty")]
    pub facts: Facts,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Uuid>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub initiatives: Vec<InitiativeId>,
    pub on_behalf_reason: Option<String>,
    /// Reason of the rejection.
    pub reason: Option<String>,
    pub hold: Option<Hold>,
    pub version: i32,
}

impl Nomination {
    /// Whether it says what the other does, whatever their versions.
    pub fn says_what(&self, other: &Self) -> bool {
        Self { version: self.version, ..other.clone() } == *self
    }
}

/// The state after a transition; none where the current state forbids it.
pub fn next(state: State, held: bool, action: Action) -> Option<State> {
    match (action, state) {
        (Action::Nominate, State::Nominated) => Some(State::Nominated),
        (Action::Withdraw, State::Nominated) => Some(State::Withdrawn),
        (Action::Verify, State::Nominated) => Some(State::Verified),
        (Action::Reject, State::Nominated) => Some(State::Rejected),
        (Action::Hold, State::Nominated | State::Verified) if !held => Some(state),
        (Action::Release, State::Nominated | State::Verified) if held => Some(state),
        _ => None,
    }
}

/// Whether the transition is closed to authors of the dossier.
pub fn requires_second_person(action: Action) -> bool {
    action == Action::Verify
}

/// Criteria that people score, so that a candidate may claim points.
pub fn is_claimable(criterion: &Criterion) -> bool {
    let by_people = matches!(criterion.kind, CriterionKind::Assessed | CriterionKind::Bonus | CriterionKind::Penalty);
    by_people && criterion.measure().is_none()
}

/// Whether points keep to the criterion's bounds. Zero is a score.
pub fn check_points(pointer: String, criterion: &Criterion, points: Decimal) -> Option<Finding> {
    let (points, max) = (BigRational::from(points), criterion.max.map(BigRational::from).unwrap_or_default());
    let out = points < BigRational::default() || points > max;
    let most = criterion.max.map_or_else(|| "0".into(), |max| max.to_string());
    out.then(|| Finding::new(pointer, "points_out_of_range").with("criterion", &criterion.code).with("max", most))
}

/// The group whose criteria apply to a candidate of this kind (none: the unit has ended, or the person is unknown on
/// that day), and of this unit.
pub fn group<'a>(
    plan: &'a Plan,
    award: &Award,
    kind: Option<&str>,
    unit: Option<&Node>,
    wanted: Option<&str>,
) -> Result<&'a Group, Finding> {
    let of_award = plan.groups.iter().filter(|group| award.groups.contains(&group.code));
    let fits = |group: &&Group| kind.is_some_and(|kind| takes(group, &plan.unit_sets, kind, unit));
    let fitting: Vec<&Group> = of_award.filter(fits).collect();
    let codes = || fitting.iter().map(|group| group.code.as_str()).collect::<Vec<_>>().join(", ");
    match (wanted, fitting.as_slice()) {
        (_, []) => Err(Finding::new("", "candidate_unfit").with("kind", kind.unwrap_or("–"))),
        (None, [only]) => Ok(only),
        (None, _) => Err(Finding::new("/group", "group_needed").with("groups", codes())),
        (Some(code), groups) => groups
            .iter()
            .find(|group| group.code == code)
            .or_else(|| groups.iter().find(|group| folded(&group.name.vi) == folded(code)))
            .copied()
            .ok_or_else(|| Finding::new("/group", "group_unfit").with("group", code).with("groups", codes())),
    }
}

/// The days whose achievements a group judges.
pub fn window<'a>(plan: &'a Plan, group: &str) -> &'a Span {
    let group = plan.groups.iter().find(|known| known.code == group);
    group.and_then(|group| group.window.as_ref()).unwrap_or(&plan.span)
}

pub fn overlap(a: &Span, b: &Span) -> bool {
    a.from <= b.to && b.from <= a.to
}

/// Whether two awards of a plan are of one form: an initiative of several owners then serves them together.
pub fn same_form(plan: &Plan, one: &str, other: &str) -> bool {
    let form = |code: &str| plan.awards.iter().find(|award| award.code == code).map(|award| &award.form);
    one == other || form(one).is_some() && form(one) == form(other)
}

/// Findings of a draft, checked against its group if that is known; `for_head`: the head of the unit submits it.
pub fn check(
    draft: &Draft,
    candidates: CandidateKind,
    group: Option<&Group>,
    for_head: bool,
    today: NaiveDate,
) -> Vec<Finding> {
    let mut findings = Vec::from_iter(Finding::length("/achievement", &draft.achievement, 1, ACHIEVEMENT_MOST));
    findings.extend(draft.facts.check(candidates, today));
    if candidates != CandidateKind::Person && draft.direct_work == Some(true) {
        findings.push(Finding::new("/direct_work", "direct_work_of_unit"));
    }
    if !for_head {
        findings.extend(match &draft.on_behalf_reason {
            None => Some(Finding::new("/on_behalf_reason", "on_behalf_reason_missing")),
            Some(reason) => Finding::length("/on_behalf_reason", reason, 1, REASON_MOST),
        });
    }
    findings.extend(group.into_iter().flat_map(|group| check_scores(draft, group)));
    findings
}

fn check_scores(draft: &Draft, group: &Group) -> Vec<Finding> {
    let check = |(code, points): (&String, &Decimal)| {
        let at = format!("/self_scores/{}", escape(code));
        match group.criteria.iter().find(|criterion| criterion.code == *code) {
            None => {
                Some(Finding::new(at, "score_criterion_unknown").with("criterion", code).with("group", &group.code))
            }
            Some(criterion) if !is_claimable(criterion) => {
                Some(Finding::new(at, "criterion_not_scored").with("criterion", code))
            }
            Some(criterion) => check_points(at, criterion, *points),
        }
    };
    draft.self_scores.iter().filter_map(check).collect()
}

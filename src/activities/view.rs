//! Views of activities for one caller.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    rules::{Action, Content, Kind, State, next},
    store::{Activity, Version},
};
use crate::{db::ActivityId, http::Caller, units::History};

/// An activity.
#[derive(Serialize, ToSchema)]
#[schema(as = Activity)]
pub struct ActivityView {
    id: ActivityId,
    #[schema(example = "cchc-2025-h2")]
    movement: String,
    #[schema(example = "tt-vhtt-tt")]
    unit: String,
    /// Name of the unit on that day.
    #[schema(example = "Trung tâm Văn hóa - Thông tin và Thể thao")]
    unit_name: String,
    state: State,
    #[serde(flatten)]
    told: ActivityContent,
    /// Number of the content's version, from 1.
    version: i32,
    allowed_actions: Vec<Action>,
}

/// Content of an activity.
#[derive(Serialize, ToSchema)]
struct ActivityContent {
    kind: Kind,
    #[schema(example = "Phát thanh về nộp hồ sơ trực tuyến")]
    title: String,
    held_on: NaiveDate,
    #[schema(required, example = "Đài truyền thanh xã")]
    place: Option<String>,
    /// Number of participants or people reached; null if not counted.
    #[schema(required)]
    participants: Option<u32>,
    #[schema(required, example = "Hai buổi, sáng và chiều")]
    description: Option<String>,
    /// Ids of evidence of the unit's reports.
    evidence: Vec<Uuid>,
}

impl From<Content> for ActivityContent {
    fn from(content: Content) -> Self {
        let Content { kind, title, held_on, place, participants, description, evidence } = content;
        Self { kind, title, held_on, place, participants, description, evidence }
    }
}

/// A version of an activity's content.
#[derive(Serialize, ToSchema)]
pub struct ActivityVersion {
    version: i32,
    action: Action,
    #[schema(example = "tt-vhtt-tt-1")]
    actor: String,
    at: DateTime<Utc>,
    /// Reason of the correction or withdrawal.
    #[schema(required, example = "Ghi nhầm ngày")]
    reason: Option<String>,
    #[serde(flatten)]
    told: ActivityContent,
}

impl From<Version> for ActivityVersion {
    fn from(row: Version) -> Self {
        let Version { version, action, actor, at, reason, content } = row;
        Self { version, action, actor, at, reason, told: content.into() }
    }
}

/// The operation of a transition.
fn operation(action: Action) -> &'static str {
    match action {
        Action::Record => "create_activity",
        Action::Correct => "correct_activity",
        Action::Withdraw => "withdraw_activity",
    }
}

pub fn view(activity: Activity, movement: &str, history: &History, caller: &Caller) -> ActivityView {
    let (then, today) = (history.registered_by(activity.content.held_on), history.registered_by(caller.today()));
    // A unit that began later and records an earlier day has its current name.
    let unit = then.by_id(activity.unit).or_else(|| today.by_id(activity.unit));
    let open = Action::ALL.into_iter().filter(|action| next(activity.state, *action).is_some());
    ActivityView {
        id: activity.id,
        movement: movement.to_owned(),
        unit: unit.map(|unit| unit.code.clone()).unwrap_or_default(),
        unit_name: unit.map(|unit| unit.name.clone()).unwrap_or_default(),
        state: activity.state,
        told: activity.content.into(),
        version: activity.version,
        allowed_actions: open.filter(|action| caller.may(operation(*action))).collect(),
    }
}

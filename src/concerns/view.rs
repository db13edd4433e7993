//! Views of concerns for one caller.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    rules::{Action, Kind, Outcome, State, next, shows},
    store::{self, Act, Concern},
};
use crate::{
    clock::day,
    db::{ConcernId, ConcernSummaryId, Conn},
    http::{Caller, Reach, Result},
    units::{self, History},
};

/// A concern with its decision and reply.
#[derive(Serialize, ToSchema)]
#[schema(as = Concern)]
pub struct ConcernView {
    id: ConcernId,
    #[schema(example = "cchc-2025-h2")]
    movement: String,
    #[schema(example = "phong-kinh-te")]
    unit: String,
    #[schema(example = "Phòng Kinh tế")]
    unit_name: String,
    kind: Kind,
    #[schema(example = "Máy quét hỏng")]
    title: String,
    #[schema(example = "Máy quét của bộ phận một cửa hỏng từ ngày 01/9, hồ sơ số hóa chậm")]
    text: String,
    /// Code of the indicator concerned, if any.
    #[schema(required, example = "CCHC-07")]
    indicator: Option<String>,
    /// Code of the period concerned, if any.
    #[schema(required, example = "2025-09")]
    period: Option<String>,
    state: State,
    raised_at: DateTime<Utc>,
    /// Summary for the chair; null for roles of units, since it covers several units.
    #[schema(required)]
    summary: Option<ConcernSummary>,
    #[schema(required)]
    decision: Option<ConcernDecision>,
    #[schema(required)]
    reply: Option<ConcernReply>,
    /// Its history, oldest first.
    acts: Vec<ConcernAct>,
    allowed_actions: Vec<Action>,
}

/// The agency's summary of related concerns.
#[derive(Serialize, ToSchema)]
struct ConcernSummary {
    #[schema(example = "Ba đơn vị thiếu máy quét; đề nghị trang bị bổ sung")]
    text: String,
    /// Ids of all concerns of the summary.
    concerns: Vec<ConcernId>,
    at: DateTime<Utc>,
}

/// The chair's decision.
#[derive(Serialize, ToSchema)]
struct ConcernDecision {
    outcome: Outcome,
    #[schema(example = "Đồng ý trang bị 02 máy quét trong tháng 10")]
    text: String,
    at: DateTime<Utc>,
}

/// The reply to the unit.
#[derive(Serialize, ToSchema)]
struct ConcernReply {
    #[schema(example = "Đơn vị nhận máy quét tại Văn phòng từ ngày 10/10")]
    text: String,
    at: DateTime<Utc>,
}

/// One act on a concern.
#[derive(Serialize, ToSchema)]
struct ConcernAct {
    action: Action,
    #[schema(example = "phong-vhxh-1")]
    actor: String,
    at: DateTime<Utc>,
    #[schema(required)]
    outcome: Option<Outcome>,
    /// Text of the step; null if there is none, and for a summary that the caller may not see.
    #[schema(required, example = "Đồng ý trang bị 02 máy quét trong tháng 10")]
    text: Option<String>,
}

/// The operation of a transition.
fn operation(action: Action) -> &'static str {
    match action {
        Action::Raise => "create_concern",
        Action::Consolidate => "consolidate_concern",
        Action::Decide => "decide_concern",
        Action::Reply => "reply_concern",
    }
}

/// Builds the views of one movement's concerns for a caller.
pub struct Showing<'a> {
    caller: &'a Caller,
    movement: &'a str,
    history: &'a History,
    /// The caller sees the whole locality.
    wide: bool,
    acts: HashMap<ConcernId, Vec<Act>>,
    members: BTreeMap<ConcernSummaryId, Vec<ConcernId>>,
}

impl<'a> Showing<'a> {
    pub async fn of(
        conn: &mut Conn,
        caller: &'a Caller,
        movement: &'a str,
        history: &'a History,
        shown: &[Concern],
    ) -> Result<Self> {
        let locality = caller.locality()?;
        let summaries: Vec<ConcernSummaryId> = shown.iter().filter_map(|concern| concern.summary).collect();
        let acts = store::acts(conn, locality, shown.iter().map(|concern| concern.id)).await?;
        let members = store::members(conn, locality, &summaries).await?;
        Ok(Self { caller, movement, history, wide: caller.reach() == Reach::Locality, acts, members })
    }

    pub fn view(&self, concern: Concern) -> ConcernView {
        let then = self.history.registered_by(day(concern.raised_at));
        let unit = then.by_id(concern.unit);
        let acts = self.acts.get(&concern.id).map(Vec::as_slice).unwrap_or_default();
        ConcernView {
            id: concern.id,
            movement: self.movement.to_owned(),
            unit: unit.map(|unit| unit.code.clone()).unwrap_or_default(),
            unit_name: unit.map(|unit| unit.name.clone()).unwrap_or_default(),
            summary: self.summary(&concern, acts),
            decision: words(acts, Action::Decide)
                .and_then(|(act, text)| Some(ConcernDecision { outcome: act.outcome?, text, at: act.at })),
            reply: words(acts, Action::Reply).map(|(act, text)| ConcernReply { text, at: act.at }),
            acts: acts.iter().map(|act| self.act(act)).collect(),
            allowed_actions: self.allowed(concern.state),
            kind: concern.kind,
            title: concern.title,
            text: concern.text,
            indicator: concern.indicator,
            period: concern.period,
            state: concern.state,
            raised_at: concern.raised_at,
        }
    }

    fn summary(&self, concern: &Concern, acts: &[Act]) -> Option<ConcernSummary> {
        let (act, text) = words(acts, Action::Consolidate).filter(|_| shows(Action::Consolidate, self.wide))?;
        Some(ConcernSummary { text, concerns: self.members.get(&concern.summary?)?.clone(), at: act.at })
    }

    fn act(&self, act: &Act) -> ConcernAct {
        let text = act.text.clone().filter(|_| shows(act.action, self.wide));
        ConcernAct { action: act.action, actor: act.actor.clone(), at: act.at, outcome: act.outcome, text }
    }

    fn allowed(&self, state: State) -> Vec<Action> {
        allowed(self.caller, state)
    }
}

/// What the caller may do to a concern in this state.
pub fn allowed(caller: &Caller, state: State) -> Vec<Action> {
    let open = Action::ALL.into_iter().filter(|action| next(state, *action).is_some());
    open.filter(|action| caller.may(operation(*action))).collect()
}

/// The newest act of its kind, with its text.
fn words(acts: &[Act], action: Action) -> Option<(&Act, String)> {
    let act = acts.iter().rev().find(|act| act.action == action)?;
    Some((act, act.text.clone()?))
}

/// Whether a concern's unit is within the caller's scope in today's tree.
pub fn reaches(caller: &Caller, history: &History, concern: &Concern) -> bool {
    units::reaches(&history.registered_by(caller.today()), &caller.reach(), concern.unit)
}

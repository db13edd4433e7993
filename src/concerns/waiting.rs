//! The concerns of a movement that wait for the caller: for the agency those to consolidate and to reply to, for the chair
//! those to decide.

use chrono::{DateTime, Utc};

use super::{
    rules::{Action, State},
    store,
    view::allowed,
};
use crate::{
    clock::day,
    db::{ConcernId, Conn},
    http::{Caller, Result},
    movements::Movement,
    units::History,
};

/// A concern whose next act is the caller's.
pub struct WaitingConcern {
    pub id: ConcernId,
    pub title: String,
    /// Code and name of its unit when it was raised.
    pub unit: Option<(String, String)>,
    /// The last act, which put it there.
    pub since: DateTime<Utc>,
    pub version: i32,
    pub allowed_actions: Vec<Action>,
}

/// The act that a concern waits for; a summary may change until the decision, but it does not wait for that.
fn awaited(state: State) -> Option<Action> {
    match state {
        State::Raised => Some(Action::Consolidate),
        State::Consolidated => Some(Action::Decide),
        State::Decided => Some(Action::Reply),
        State::Replied => None,
    }
}

pub async fn waiting(
    conn: &mut Conn,
    caller: &Caller,
    movement: &Movement,
    history: &History,
) -> Result<Vec<WaitingConcern>> {
    let mine = |state: &State| awaited(*state).is_some_and(|act| allowed(caller, *state).contains(&act));
    let states: Vec<State> = State::ALL.into_iter().filter(mine).collect();
    if states.is_empty() {
        return Ok(Vec::new());
    }
    let concerns = store::in_states(conn, movement, &states).await?;
    let acts = store::acts(conn, movement.locality, concerns.iter().map(|concern| concern.id)).await?;
    let shown = |concern: store::Concern| {
        let last = acts.get(&concern.id).and_then(|acts| acts.last());
        let then = history.registered_by(day(concern.raised_at));
        WaitingConcern {
            id: concern.id,
            title: concern.title,
            unit: then.by_id(concern.unit).map(|unit| (unit.code.clone(), unit.name.clone())),
            since: last.map_or(concern.raised_at, |act| act.at),
            version: concern.version,
            allowed_actions: allowed(caller, concern.state),
        }
    };
    Ok(concerns.into_iter().map(shown).collect())
}

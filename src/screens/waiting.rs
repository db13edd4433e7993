//! The decisions that wait in a movement, as far as the caller may know of them.

use serde::Serialize;
use utoipa::ToSchema;

use super::store;
use crate::{
    db::{Conn, UnitId},
    http::{Caller, Reach, Result},
    movements::{Movement, State},
    people,
    units::Tree,
};

/// Decisions that wait now, within the scope.
#[derive(Serialize, ToSchema)]
pub struct WaitingDecisions {
    /// The movement's next act, if it is due.
    movement: Option<WaitingStep>,
    /// Reports to approve or to return; null for callers who read no reports.
    reports: Option<i64>,
    /// Null for callers who read no concerns.
    concerns: Option<WaitingConcerns>,
    /// Null for callers who read no nominations.
    nominations: Option<WaitingNominations>,
}

/// - `launch`: A loaded plan waits for its launch.
/// - `close`: The last day is over.
/// - `conclude`: A closed movement waits for its conclusion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum WaitingStep {
    Launch,
    Close,
    Conclude,
}

/// Concerns by the act that they wait for.
#[derive(Serialize, ToSchema)]
struct WaitingConcerns {
    to_consolidate: i64,
    to_decide: i64,
    to_reply: i64,
}

#[derive(Serialize, ToSchema)]
struct WaitingNominations {
    to_verify: i64,
    /// Neither rejected nor withdrawn, and held back.
    held: i64,
}

fn next_step(movement: &Movement, caller: &Caller) -> Option<WaitingStep> {
    let today = caller.today();
    match movement.state {
        State::Draft => Some(WaitingStep::Launch),
        State::Launched => (movement.on(today).plan.span.to < today).then_some(WaitingStep::Close),
        State::Closed => Some(WaitingStep::Conclude),
        State::Concluded => None,
    }
}

/// The reach of another operation within the tops of the scope; none of them for the whole locality.
fn within(today: &Tree, reach: Reach, tops: Option<&[UnitId]>) -> Reach {
    match (reach, tops) {
        (reach, None) => reach,
        (Reach::Locality, Some(tops)) => Reach::Units(tops.to_vec()),
        (Reach::Units(own), Some(tops)) => {
            let (own, asked) = (today.below(&own), today.below(tops));
            Reach::Units(own.into_iter().filter(|unit| asked.contains(unit)).collect())
        }
    }
}

pub async fn waiting(
    conn: &mut Conn,
    caller: &Caller,
    movement: &Movement,
    today: &Tree,
    tops: Option<&[UnitId]>,
) -> Result<WaitingDecisions> {
    let reach = within(today, caller.reach_of("list_nominations"), tops);
    let parties = match caller.may("list_nominations") {
        true => people::scope(conn, &movement.recall, &reach, None, caller.today()).await?,
        false => None,
    };
    let units = tops.map(|tops| today.below(tops));
    let counted = store::waiting(conn, movement, units, parties).await?;
    let concerns =
        WaitingConcerns { to_consolidate: counted.raised, to_decide: counted.consolidated, to_reply: counted.decided };
    let nominations = WaitingNominations { to_verify: counted.nominated, held: counted.held };
    Ok(WaitingDecisions {
        movement: next_step(movement, caller),
        reports: caller.may("list_submissions").then_some(counted.reports),
        concerns: caller.may("list_concerns").then_some(concerns),
        nominations: caller.may("list_nominations").then_some(nominations),
    })
}

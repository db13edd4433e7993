//! Which activities are in a caller's scope, and the checks of their content.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::{
    rules::{Content, check},
    store::{self, Activity},
};
use crate::{
    db::{ActivityId, Conn, UnitId},
    finding::Finding,
    http::{Caller, Error, Result},
    movements::Movement,
    submissions,
    units::{self, History},
};

/// The activity, if its unit is within the caller's scope (404).
pub async fn reached(conn: &mut Conn, caller: &Caller, id: ActivityId) -> Result<(Activity, History)> {
    let one = store::find(conn, caller.locality()?, id).await?.ok_or_else(Error::not_found)?;
    let history = reach(conn, caller, &one).await?;
    Ok((one, history))
}

/// The history of units, if the activity's unit is within the caller's scope (404).
pub async fn reach(conn: &mut Conn, caller: &Caller, one: &Activity) -> Result<History> {
    let history = units::history(conn, caller.locality()?).await?;
    let reached = units::reaches(&history.registered_by(caller.today()), &caller.reach(), one.unit);
    reached.then_some(history).ok_or_else(Error::not_found)
}

/// All findings of the content of a unit's activity.
pub async fn judge(
    conn: &mut Conn,
    caller: &Caller,
    movement: &Movement,
    unit: Option<UnitId>,
    content: &Content,
) -> Result<Vec<Finding>> {
    let named: BTreeSet<Uuid> = content.evidence.iter().copied().collect();
    let known = match unit {
        Some(unit) => submissions::evidence_of_unit(conn, movement, unit, &named).await?,
        None => named,
    };
    Ok(check(content, &movement.on(caller.today()).plan.span, caller.today(), &known))
}

//! Which activities a caller reaches, and what is wrong with what is told of one.

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

/// The activity, where its unit lies within the caller's reach (404).
pub async fn reached(conn: &mut Conn, caller: &Caller, id: ActivityId) -> Result<(Activity, History)> {
    let one = store::find(conn, caller.locality()?, id).await?.ok_or_else(Error::not_found)?;
    let history = reach(conn, caller, &one).await?;
    Ok((one, history))
}

/// The history of units, where the activity's lies within the caller's reach (404).
pub async fn reach(conn: &mut Conn, caller: &Caller, one: &Activity) -> Result<History> {
    let history = units::history(conn, caller.locality()?).await?;
    let reached = units::reaches(&history.registered_by(caller.today()), &caller.reach(), one.unit);
    reached.then_some(history).ok_or_else(Error::not_found)
}

/// Everything wrong with what is told of an activity of a unit.
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

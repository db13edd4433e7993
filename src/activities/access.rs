//! Which activities are in a caller's scope, and the checks of their content.

use std::{collections::BTreeSet, sync::Arc};

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
pub async fn reached(conn: &mut Conn, caller: &Caller, id: ActivityId) -> Result<(Activity, Arc<History>)> {
    let activity = store::find(conn, caller.locality()?, id).await?.ok_or_else(Error::not_found)?;
    let history = reach(conn, caller, &activity).await?;
    Ok((activity, history))
}

/// The history of units, if the activity's unit is within the caller's scope (404).
pub async fn reach(conn: &mut Conn, caller: &Caller, activity: &Activity) -> Result<Arc<History>> {
    let history = units::history(conn, caller.recall()?).await?;
    let reached = units::reaches(&history.registered_by(caller.today()), &caller.reach(), activity.unit);
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

//! No change of the organisation tree, and no amendment, takes a unit or what it owes away from under a report. Held at
//! the cut-off of every period of a movement once launched.

use std::{collections::BTreeSet, pin::Pin};

use super::{
    orphans::{affected, orphaned_reports},
    store,
};
use crate::{
    db::{Conn, MovementId, Recall, UnitId},
    finding::Finding,
    http::Result,
    movements::{self, PlanChange},
    units::{TreeChange, newly_broken},
};

/// The reports that nobody would count once the tree has changed. Only those of units that differ on a cut-off are read.
pub fn tree_rule<'a>(
    conn: &'a mut Conn,
    recall: &'a Recall,
    change: &'a TreeChange,
) -> Pin<Box<dyn Future<Output = Result<Vec<Finding>>> + 'a>> {
    Box::pin(async move {
        let launched = movements::ever_launched(conn, recall).await?;
        let (mut places, mut units) = (Vec::new(), BTreeSet::new());
        for (movement, periods) in &launched {
            let (periods, differ) = affected(periods, change);
            if !periods.is_empty() {
                units.extend(differ);
                places.push((movement, periods));
            }
        }
        if places.is_empty() {
            return Ok(Vec::new());
        }
        let ids: Vec<MovementId> = places.iter().map(|(movement, _)| movement.id).collect();
        let periods = places.iter().flat_map(|(_, periods)| periods).map(|period| period.dates.code.as_str());
        let periods: Vec<&str> = periods.collect::<BTreeSet<_>>().into_iter().collect();
        let units: Vec<UnitId> = units.into_iter().collect();
        let said = store::reported_indicators(conn, recall.locality, &ids, &periods, Some(&units)).await?;
        let broken = |(movement, periods): (_, Vec<_>)| {
            let judge = |history| orphaned_reports(movement, periods.iter().copied(), history, &said);
            newly_broken(&judge(&change.before), judge(&change.after))
        };
        Ok(places.into_iter().flat_map(broken).collect())
    })
}

/// The reports that nobody would count by the plan amended. What a version says of earlier days stays as it was.
pub fn plan_rule<'a>(
    conn: &'a mut Conn,
    change: &'a PlanChange<'a>,
) -> Pin<Box<dyn Future<Output = Result<Vec<Finding>>> + 'a>> {
    Box::pin(async move {
        let (movement, periods) = change.after;
        let from = movement.versions.newest().effective_from;
        let later = periods.iter().filter(|period| period.dates.cutoff_on >= from);
        let later: Vec<&str> = later.map(|period| period.dates.code.as_str()).collect();
        let said = store::reported_indicators(conn, movement.locality, &[movement.id], &later, None).await?;
        let judge = |(movement, periods)| orphaned_reports(movement, periods, change.history, &said);
        Ok(newly_broken(&judge(change.before), judge(change.after)))
    })
}

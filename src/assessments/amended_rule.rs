//! A change of how an award is judged, once scoring has begun, tells everybody concerned.

use std::{collections::BTreeSet, pin::Pin};

use serde_json::json;

use super::{amended::changes, store};
use crate::{
    clock::day,
    db::{
        Conn, NominationId,
        events::{self, Event, EventType},
    },
    finding::Finding,
    http::Result,
    movements::PlanChange,
    nominations::{self, State},
    people,
};

/// Refuses nothing. Publishes an event for each award whose criteria, method or quota an amendment changes and of whose
/// nominations one has a score, claimed or given: what changed, whose units have nominations, and who has scored.
pub fn plan_rule<'a>(
    conn: &'a mut Conn,
    change: &'a PlanChange<'a>,
) -> Pin<Box<dyn Future<Output = Result<Vec<Finding>>> + 'a>> {
    Box::pin(async move {
        let (before, after) = (change.before.0.versions.newest(), change.after.0.versions.newest());
        let mut told = Vec::new();
        for (award, changed) in changes(&before.plan, &after.plan) {
            told.extend(event(conn, change, &award, &changed).await?);
        }
        events::emit(conn, change.after.0.locality, change.at, &told).await?;
        Ok(Vec::new())
    })
}

async fn event(conn: &mut Conn, change: &PlanChange<'_>, award: &str, changed: &[String]) -> Result<Option<Event>> {
    let (movement, version) = (change.after.0, change.after.0.versions.newest());
    let mut dossiers = nominations::as_of(conn, movement, award, change.at).await?;
    dossiers.retain(|dossier| matches!(dossier.state, State::Nominated | State::Verified));
    let ids: Vec<NominationId> = dossiers.iter().map(|dossier| dossier.id).collect();
    let assessors = store::assessors(conn, movement.locality, &ids).await?;
    if assessors.is_empty() && dossiers.iter().all(|dossier| dossier.self_scores.is_empty()) {
        return Ok(None);
    }
    let parties = dossiers.iter().map(|dossier| dossier.candidate);
    let directory = people::directory(conn, &movement.recall, parties, day(change.at)).await?;
    let unit = |dossier: &nominations::Nomination| {
        Some(directory.units.by_id(directory.unit_of(dossier.candidate)?)?.code.clone())
    };
    let units: BTreeSet<String> = dossiers.iter().filter_map(unit).collect();
    Ok(Some(Event {
        kind: EventType::AwardAmended,
        movement: movement.code.clone(),
        subject: format!("movements/{}/awards/{award}", movement.code),
        data: json!({
            "award": award,
            "plan_version": version.number,
            "effective_from": version.effective_from,
            "changed": changed,
            "units": units,
            "assessors": assessors,
        }),
        once: Some(format!("award.amended/{}/{}/{award}", movement.id, version.number)),
    }))
}

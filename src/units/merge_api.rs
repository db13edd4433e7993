//! Units merged: one ends, another goes on in its place. Nothing that it reported moves.

use std::pin::Pin;

use actix_web::{post, web::Data};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    api::{keep_rules, rules, view},
    store::{self, Row, State},
    tree::Tree,
    view::Unit,
};
use crate::{
    app::{App, MERGE_FOLLOWERS},
    days,
    db::{Conn, UnitId},
    finding::Finding,
    http::{Actor, Error, IfMatch, Json, Path, Reply, Result, Write},
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(merge_unit);
}

/// One unit goes into another.
#[derive(Clone, Copy)]
pub struct Merge {
    pub from: UnitId,
    pub into: UnitId,
    /// The first day without the one.
    pub on: NaiveDate,
}

/// Moves what belongs to a unit that is merged, and tells what moved by its paths below `/api/v1`.
pub type MergeFollower =
    for<'a> fn(&'a mut Conn, &'a Actor, Merge) -> Pin<Box<dyn Future<Output = Result<Vec<String>>> + 'a>>;

/// Where a unit goes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MergeInto {
    /// Code of the unit that goes on.
    #[schema(example = "phong-vhxh")]
    into: String,
    /// The first day on which only that one is left.
    #[serde(deserialize_with = "days::day")]
    #[schema(example = "2099-01-01")]
    on: NaiveDate,
}

/// Merge a unit into another
///
/// The unit ends on the day before; from that day on the units below it stand below the other, and its people belong to
/// it. Reports stay the unit's that handed them in; what it owed up to its last day it still owes.
#[utoipa::path(tag = "organisation", params(IfMatch), responses((status = 200, description = "The unit that ended", body = Unit), Error))]
#[post("/units/{unit}/merge")]
async fn merge_unit(
    app: Data<App>,
    write: Write,
    unit: Path<String>,
    if_match: IfMatch,
    body: Json<MergeInto>,
) -> Result<Reply> {
    write
        .run(&app.db, async |conn, caller| {
            // Before the rows: whoever changes units or people of the locality waits in one line.
            store::lock_tree(conn, caller.locality()?).await?;
            let row = store::lock(conn, caller.locality()?, &unit).await?.ok_or_else(Error::not_found)?;
            let actor = caller.permit()?;
            if_match.check(row.version)?;
            let MergeInto { into, on } = body.unjudged();
            if row.valid_to.is_some() {
                return Err(Error::of("unit_ended"));
            }
            let tree = store::tree(conn, actor.locality, on).await?;
            let merge = Merge { from: row.id, into: successor(&tree, &row, &into, on)?, on };
            for day in store::days_of_change(conn, actor.locality, on, None).await? {
                if store::tree(conn, actor.locality, day).await?.is_within(merge.into, row.id) {
                    return Err(Error::of("content_invalid").at("/into", "unit_cycle"));
                }
            }
            caller.before(&store::stored(conn, actor.locality, &row).await?)?;
            let broken_before = rules(conn, actor.locality).await?;
            let row = Row { valid_to: on.pred_opt(), successor_id: Some(merge.into), version: row.version + 1, ..row };
            store::update(conn, &actor, &row).await?;
            let mut moved = children(conn, &actor, &tree, merge).await?;
            for follow in MERGE_FOLLOWERS {
                moved.extend(follow(conn, &actor, merge).await?);
            }
            keep_rules(conn, actor.locality, &broken_before).await?;
            caller.names(moved);
            caller.names([format!("units/{into}")]);
            caller.after(&store::stored(conn, actor.locality, &row).await?)?;
            let version = row.version;
            Ok(Reply::ok(view(conn, actor.locality, row, caller.today()).await?)?.tag(version))
        })
        .await
}

/// The unit that goes on, valid on the day, and not below the one that ends (422).
fn successor(tree: &Tree, row: &Row, into: &str, on: NaiveDate) -> Result<UnitId> {
    let early = (on <= row.valid_from).then(|| Finding::new("/on", "merged_before_begun").with("day", row.valid_from));
    let found = tree.by_code(into);
    let other = match found {
        None => Some(Finding::new("/into", "unit_unknown").with("unit", into)),
        Some(unit) if tree.is_within(unit.id, row.id) => Some(Finding::new("/into", "unit_cycle")),
        Some(unit) => unit.valid_to.map(|to| Finding::new("/into", "successor_ends").with("day", to)),
    };
    Error::check(early.into_iter().chain(other).collect())?;
    found.map(|unit| unit.id).ok_or_else(Error::not_found)
}

/// The units directly below stand below the other from the day on, and wherever they were to come back later.
async fn children(conn: &mut Conn, actor: &Actor, tree: &Tree, merge: Merge) -> Result<Vec<String>> {
    let mut moved = Vec::new();
    let known = store::ever_below(conn, actor.locality, merge.from).await?;
    for states in known.chunk_by(|(a, _), (b, _)| a.id == b.id) {
        let row = &states[0].0;
        let held = states.iter().rev().map(|(_, state)| state).find(|state| state.valid_from <= merge.on);
        let now = held.filter(|_| tree.by_id(row.id).is_some());
        let now = now.map(|state| State { valid_from: merge.on, ..state.clone() });
        let later = states.iter().map(|(_, state)| state).filter(|state| state.valid_from > merge.on).cloned();
        let below: Vec<State> = now.into_iter().chain(later).filter(|s| s.parent_id == Some(merge.from)).collect();
        if below.is_empty() {
            continue;
        }
        for state in below {
            store::put_state(conn, actor, row.id, &State { parent_id: Some(merge.into), ..state }).await?;
        }
        store::update(conn, actor, &Row { version: row.version + 1, ..row.clone() }).await?;
        moved.push(format!("units/{}", row.code));
    }
    Ok(moved)
}

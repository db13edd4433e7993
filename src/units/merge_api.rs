//! Units merged: one ends, another goes on in its place. Nothing that it reported moves.

use std::slice;

use actix_web::{post, web::Data};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    change::TreeChange,
    judge::{TreeRules, judge},
    rules::check_merge,
    store::{self, Row, State, Stored},
    view::Unit,
};
use crate::{
    app::App,
    days,
    http::{Error, IfMatch, Json, Path, Reply, Result, WriteRequest},
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(merge_unit);
}

/// Where a unit goes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MergeInto {
    /// Code of the unit that goes on.
    #[schema(example = "phong-vhxh")]
    into: String,
    /// The first day on which only that one is left.
    #[serde(deserialize_with = "days::day")]
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
    rules: Data<TreeRules>,
    write: WriteRequest,
    unit: Path<String>,
    if_match: IfMatch,
    body: Json<MergeInto>,
) -> Result<Reply> {
    write
        .run(&app.db, async |conn, scope| {
            // Before the rows: whoever changes units or people of the locality waits in one line.
            store::lock_tree(conn, scope.locality()?).await?;
            let row = store::lock(conn, scope.locality()?, &unit).await?.ok_or_else(Error::not_found)?;
            let actor = scope.permit()?;
            if_match.check(row.version)?;
            let MergeInto { into, on } = body.unjudged();
            if row.valid_to.is_some() {
                return Err(Error::of("unit_ended"));
            }
            let history = store::history_now(conn, actor.locality).await?;
            let tree = history.on(on);
            Error::check(check_merge(row.id, row.valid_from, (&into, on), &tree))?;
            let other = tree.by_code(&into).ok_or_else(|| Error::missing("into").with("value", &into))?;
            scope.before(&Stored::of(&row, &history))?;
            let row = Row { valid_to: on.pred_opt(), successor_id: Some(other.id), version: row.version + 1, ..row };
            let last = history.of_unit(row.id).next_back().map(|state| State::of(state).of_unit(&row));
            let change = TreeChange::of(history, last);
            let warned = judge(conn, &rules, scope.recall()?, &change, "/into").await?;
            store::put(conn, &actor, slice::from_ref(&row)).await?;
            scope.also_names([format!("units/{into}")]);
            scope.after(&Stored::of(&row, &change.after))?;
            let version = row.version;
            let unit = Unit::of(row, &change.after, scope.today())?.warned(&warned, scope.locale);
            Ok(Reply::ok(unit)?.tag(version))
        })
        .await
}

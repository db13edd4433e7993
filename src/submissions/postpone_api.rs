//! The agency postpones the due instant of a period, and what was handed in is measured anew.

use actix_web::{post, web::Data};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::store;
use crate::{
    app::App,
    days,
    http::{Error, IfMatch, Json, Path, Reason, Reply, Result, WriteRequest},
    movements::{
        self, State,
        periods::{self, DueMove, PeriodView},
    },
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(postpone_period);
}

/// When the reports of a period are due now, and why.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Postponement {
    /// Later than the present due instant, and at most a year after the last day of the movement. An earlier one takes a postponement back, as long as no unit was late.
    #[serde(deserialize_with = "days::instant")]
    #[schema(example = "2025-09-22T10:00:00Z")]
    due_at: DateTime<Utc>,
    reason: Reason,
}

/// Postpone the due instant of a period
///
/// By the agency with a reason, which is shown. Reports handed in so far are measured by the new instant, and units are
/// reminded by it. What was known before stays so with `as_of`.
#[utoipa::path(tag = "movements", params(IfMatch), responses((status = 200, description = "Postponed", body = PeriodView), Error))]
#[post("/movements/{movement}/periods/{period}/postpone")]
async fn postpone_period(
    app: Data<App>,
    write: WriteRequest,
    path: Path<(String, String)>,
    if_match: IfMatch,
    body: Json<Postponement>,
) -> Result<Reply> {
    write
        .run(&app.db, async |conn, scope| {
            let movement = movements::lock(conn, scope.recall()?, &path.0).await?;
            let before = movements::period(conn, &movement, &path.1).await?;
            let actor = scope.permit()?;
            if_match.check(before.version)?;
            movement.must_be(&[State::Launched])?;
            let Postponement { due_at, reason } = body.unjudged();
            let late = store::anybody_late(conn, &movement, &before.dates.code).await?;
            let wrong = periods::check_postponed(&before, due_at, actor.at, late);
            let last_day = movement.versions.newest().plan.span.to;
            let wrong = wrong.or_else(|| periods::check_within_reach(last_day, due_at));
            Error::check(reason.check("/reason").into_iter().chain(wrong).collect())?;
            scope.before(&before)?;
            let after = periods::postponed(before.clone(), due_at, reason.clone().into());
            let moved = DueMove { before: &before, after: &after, reason: &reason };
            periods::move_due(conn, &movement, &actor, &[moved]).await?;
            store::measure_again(conn, &movement, &after.dates).await?;
            scope.after(&after)?;
            let version = after.version;
            Ok(Reply::ok(periods::view(&movement, after, scope))?.tag(version))
        })
        .await
}

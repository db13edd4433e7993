//! The trend over HTTP: every indicator by reporting period, without the wholes.

use actix_web::{get, web::Data};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    api::{By, cell, parts, period_columns},
    figure::Covers,
    found::{Found, ProgressQuery, ProgressScope, find},
    matrix::{ProgressCell, ProgressColumn},
    targets::Aim,
};
use crate::{
    app::App,
    http::{Caller, Error, Path, Query, Reply, Result},
    movements::{
        label,
        plan::{Indicator, IndicatorKind},
    },
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(get_trend);
}

/// All indicators by reporting period.
#[derive(Serialize, ToSchema)]
struct ProgressTrend {
    scope: ProgressScope,
    /// First and last day of the span; null if it has no periods.
    covers: Option<Covers>,
    /// The reporting periods of the span, in order.
    parts: Vec<ProgressColumn>,
    items: Vec<ProgressTrendLine>,
}

/// One indicator by reporting period.
#[derive(Serialize, ToSchema)]
struct ProgressTrendLine {
    indicator: String,
    name: String,
    kind: IndicatorKind,
    /// Unit of measure of the values, as in the plan.
    unit: Option<String>,
    /// The target that judges the span; null for an indicator whose fields are judged each.
    target: Option<Aim>,
    /// A cell for each period in order, each judged by the plan version of its period.
    parts: Vec<ProgressCell>,
}

fn line(found: &Found, indicator: &Indicator, caller: &Caller) -> ProgressTrendLine {
    let parts = parts(found, indicator, By::Period);
    ProgressTrendLine {
        indicator: indicator.code.clone(),
        name: label(&indicator.name, caller.locale),
        kind: indicator.kind,
        unit: indicator.unit.clone(),
        target: found.figure(indicator).whole.target,
        parts: parts.iter().map(|part| cell(found, part)).collect(),
    }
}

/// Trend
///
/// All indicators of the scope by reporting period, as compact cells: value, numbers, verdict and coverage. A cell has the
/// numbers of the indicator's own breakdown by period.
#[utoipa::path(
    tag = "progress", params(ProgressQuery),
    responses((status = 200, description = "The trend", body = ProgressTrend), Error)
)]
#[get("/movements/{movement}/progress/trend")]
async fn get_trend(
    app: Data<App>,
    caller: Caller,
    movement: Path<String>,
    asked: Query<ProgressQuery>,
) -> Result<Reply> {
    caller
        .snapshot(&app.db, async |conn, caller| {
            let found = find(conn, caller, &movement, asked.into_inner(), None).await?;
            let indicators = found.gathered.frame().indicators().into_iter();
            Reply::ok(ProgressTrend {
                covers: found.covers(),
                parts: period_columns(&found),
                items: indicators.map(|indicator| line(&found, indicator, caller)).collect(),
                scope: found.scope.clone(),
            })
        })
        .await
}

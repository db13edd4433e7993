//! Progress over HTTP: the figures of a locality or a unit's subtree, computed from the values that counted.

use actix_web::{get, web::Data};
use serde::{Deserialize, Serialize};
use tokio::task::yield_now;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    behind::{ProgressExplanation, explained},
    compare::compare,
    comparison::{Comparison, NotCompared},
    figure::{Covers, Figure},
    found::{Found, ProgressQuery, ProgressScope, find},
    matrix::{ProgressCell, ProgressColumn, columns},
    outlook::{Outlook, outlook},
};
use crate::{
    app::App,
    http::{Caller, Error, Path, Query, Reply, Result},
    movements::{label, plan::Indicator},
};

/// Explanations of one figure.
const EXPLANATIONS_MOST: i64 = 20;

pub fn routes(config: &mut ServiceConfig) {
    config.service(list_progress).service(get_progress);
}

#[derive(Deserialize, IntoParams)]
struct Breakdown {
    /// Breakdown by unit, by period, by field, or none (the default). The fields are in the figures themselves.
    #[param(inline)]
    by: Option<By>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum By {
    Unit,
    Period,
    Field,
    None,
}

/// All indicators of a scope.
#[derive(Serialize, ToSchema)]
struct ProgressReport {
    scope: ProgressScope,
    /// First and last day of the span; null if it has no periods.
    #[schema(required)]
    covers: Option<Covers>,
    plan_version: i32,
    /// The columns of the matrix, if a breakdown by unit or period is requested: units by code, or periods in order.
    parts: Vec<ProgressColumn>,
    items: Vec<ProgressItem>,
}

/// One indicator of a scope.
#[derive(Serialize, ToSchema)]
struct ProgressItem {
    /// Name of the indicator.
    name: String,
    #[serde(flatten)]
    figure: Figure,
    /// A cell for each column where the indicator is owed, if a breakdown by unit or period is requested.
    parts: Vec<ProgressCell>,
}

/// One indicator with its breakdown.
#[derive(Serialize, ToSchema)]
struct ProgressFigure {
    name: String,
    scope: ProgressScope,
    plan_version: i32,
    #[serde(flatten)]
    figure: Figure,
    /// Breakdown by unit or period, if requested; the parts add up to the whole if `additive`. The breakdown by field
    /// is in `fields`.
    parts: Vec<ProgressPart>,
    comparison: Comparison,
    /// Apart from the verdict.
    outlook: Outlook,
    /// What units explain, if the target is missed: at most 20, those of the last period first.
    explanations: Vec<ProgressExplanation>,
}

/// A part of a figure.
#[derive(Serialize, ToSchema)]
pub(super) struct ProgressPart {
    /// Code of the unit or the period.
    pub part: String,
    part_name: String,
    /// Plan version that judges the part.
    plan_version: i32,
    #[serde(flatten)]
    pub figure: Figure,
}

/// Progress
///
/// All indicators of the scope: exact sums, verdict, shortfall to the target, and coverage of the reports. With `by=unit`
/// or `by=period` also the matrix of all indicators in compact cells, each with the numbers of the indicator's own
/// breakdown.
#[utoipa::path(
    tag = "progress", params(ProgressQuery, Breakdown),
    responses((status = 200, description = "The figures", body = ProgressReport), Error)
)]
#[get("/movements/{movement}/progress")]
async fn list_progress(
    app: Data<App>,
    caller: Caller,
    movement: Path<String>,
    asked: Query<ProgressQuery>,
    breakdown: Query<Breakdown>,
) -> Result<Reply> {
    let by = breakdown.by.unwrap_or(By::None);
    caller
        .snapshot(&app.db, async |conn, caller| {
            let found = find(conn, caller, &movement, asked.into_inner(), None).await?;
            let indicators = found.gathered.frame().indicators();
            let (mut rows, mut items) = (Vec::new(), Vec::new());
            for indicator in indicators {
                let row = parts(&found, indicator, by);
                items.push(ProgressItem {
                    name: label(&indicator.name, caller.locale),
                    figure: found.figure(indicator),
                    parts: row.iter().map(|part| cell(&found, part)).collect(),
                });
                rows.push(row);
                // All indicators take many milliseconds: requests that wait for a statement go on meanwhile.
                yield_now().await;
            }
            Reply::ok(ProgressReport {
                covers: found.covers(),
                plan_version: found.gathered.frame().plan_version(),
                parts: match by {
                    By::Unit => unit_columns(&found, &rows),
                    By::Period => period_columns(&found),
                    By::Field | By::None => Vec::new(),
                },
                items,
                scope: found.scope.clone(),
            })
        })
        .await
}

/// A part as a cell of a matrix.
pub(super) fn cell(found: &Found, part: &ProgressPart) -> ProgressCell {
    let leaf = found.gathered.frame().leaves().iter().find(|leaf| leaf.code == part.part);
    let own = leaf.map(|leaf| Covers { from: leaf.starts_on, to: leaf.cutoff_on });
    ProgressCell::of(&part.part, &part.figure, own.or(found.covers()))
}

fn unit_columns(found: &Found, rows: &[Vec<ProgressPart>]) -> Vec<ProgressColumn> {
    let named = rows.iter().flatten().map(|part| (part.part.as_str(), part.part_name.as_str()));
    columns(named, found.gathered.frame().plan_version())
}

pub(super) fn period_columns(found: &Found) -> Vec<ProgressColumn> {
    let column = |code: &String| ProgressColumn {
        part: code.clone(),
        part_name: code.clone(),
        plan_version: found.gathered.frame().version_of(code),
    };
    found.gathered.frame().leaves().iter().map(|leaf| column(&leaf.code)).collect()
}

/// Progress of an indicator
///
/// One figure, optionally with its breakdown by unit or period; the parts add up to the whole if `additive`. Beside it the
/// days before and the same days a year before, how it may end, and what units explain where it misses.
#[utoipa::path(
    tag = "progress", params(ProgressQuery, Breakdown),
    responses((status = 200, description = "The figure", body = ProgressFigure), Error)
)]
#[get("/movements/{movement}/progress/{indicator}")]
async fn get_progress(
    app: Data<App>,
    caller: Caller,
    path: Path<(String, String)>,
    asked: Query<ProgressQuery>,
    breakdown: Query<Breakdown>,
) -> Result<Reply> {
    let (movement, code) = path.into_inner();
    caller
        .snapshot(&app.db, async |conn, caller| {
            let found = find(conn, caller, &movement, asked.into_inner(), Some(&code)).await?;
            let indicator = found.indicator(&code)?;
            let figure = found.figure(indicator);
            let missed = Vec::from_iter(figure.whole.verdict.misses().then_some(indicator));
            Reply::ok(ProgressFigure {
                name: label(&indicator.name, caller.locale),
                scope: found.scope.clone(),
                plan_version: found.gathered.frame().plan_version(),
                outlook: outlook(indicator, &figure, found.as_of),
                comparison: compare(conn, &found, &[indicator])
                    .await?
                    .pop()
                    .unwrap_or(Comparison::none(NotCompared::NotBegun)),
                explanations: explained(conn, caller, &found, &missed, EXPLANATIONS_MOST).await?,
                figure,
                parts: parts(&found, indicator, breakdown.by.unwrap_or(By::None)),
            })
        })
        .await
}

/// An indicator that the service counts has no slots, and so no parts by unit: a joint initiative belongs to several.
pub(super) fn parts(found: &Found, indicator: &Indicator, by: By) -> Vec<ProgressPart> {
    match by {
        By::Unit if indicator.counts.is_some() => Vec::new(),
        By::Unit => {
            let (parts, plan_version) =
                (found.gathered.by_unit(indicator, found.reach()), found.gathered.frame().plan_version());
            let part = |(part, part_name, figure)| ProgressPart { part, part_name, plan_version, figure };
            parts.into_iter().map(part).collect()
        }
        By::Period => {
            let part = |(part, figure): (String, Figure)| {
                let plan_version = found.gathered.frame().version_of(&part);
                ProgressPart { part_name: part.clone(), part, plan_version, figure }
            };
            found.gathered.by_period(indicator, found.reach()).into_iter().map(part).collect()
        }
        By::Field | By::None => Vec::new(),
    }
}

//! Progress over HTTP: the figures of a locality or a unit's subtree, computed from the values that counted.

use actix_web::{get, web::Data};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    figure::{Covers, Figure},
    gather::{Ask, Gathered, gather},
    slots::Scope,
};
use crate::{
    app::App,
    days,
    db::{Conn, UnitId},
    http::{Caller, Error, Path, Query, Reply, Result},
    movements::{self, label, plan::Indicator},
    units::{self, Node},
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(list_progress).service(get_progress);
}

#[derive(Deserialize, IntoParams)]
struct ProgressQuery {
    /// A period code; default: the whole movement.
    #[param(example = "2025-Q3")]
    period: Option<String>,
    /// Code of a unit, with its descendants. Default: the locality, or the caller's own units.
    #[param(example = "phong-kinh-te")]
    unit: Option<String>,
    /// State as of this instant; default, and for a future instant: now.
    #[serde(default, deserialize_with = "days::optional_instant")]
    as_of: Option<DateTime<Utc>>,
    /// `approved` (the default), or `submitted`: with reports that are submitted and not yet decided.
    #[param(inline)]
    basis: Option<Basis>,
}

#[derive(Deserialize, IntoParams)]
struct Breakdown {
    /// Breakdown by unit, by period, by field, or none (the default).
    #[param(inline)]
    by: Option<By>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ProgressBasis)]
enum Basis {
    Approved,
    Submitted,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum By {
    Unit,
    Period,
    Field,
    None,
}

/// The scope of the request.
#[derive(Clone, Serialize, ToSchema)]
struct ProgressScope {
    /// Code of the requested unit, with its descendants; null for the whole locality, and for a caller with several
    /// units.
    #[schema(required, example = "phong-kinh-te")]
    unit: Option<String>,
    #[schema(required)]
    unit_name: Option<String>,
    /// Codes of all requested units, each with its descendants; empty for the whole locality.
    #[schema(example = json!(["phong-kinh-te"]))]
    units: Vec<String>,
    /// Code of the period; null for the whole movement.
    #[schema(required, example = "2025-Q3")]
    period: Option<String>,
    as_of: DateTime<Utc>,
    basis: Basis,
}

/// All indicators of a scope.
#[derive(Serialize, ToSchema)]
struct ProgressReport {
    scope: ProgressScope,
    /// First and last day of the span; null if it has no periods.
    #[schema(required)]
    covers: Option<Covers>,
    plan_version: i32,
    items: Vec<ProgressItem>,
}

/// One indicator of a scope.
#[derive(Serialize, ToSchema)]
struct ProgressItem {
    /// Name of the indicator.
    name: String,
    #[serde(flatten)]
    figure: Figure,
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
}

/// A part of a figure.
#[derive(Serialize, ToSchema)]
struct ProgressPart {
    /// Code of the unit or the period.
    #[schema(example = "phong-kinh-te")]
    part: String,
    #[schema(example = "Phòng Kinh tế")]
    part_name: String,
    /// Plan version that judges the part.
    #[schema(example = 1)]
    plan_version: i32,
    #[serde(flatten)]
    figure: Figure,
}

/// A request with its fetched data.
struct Found {
    scope: ProgressScope,
    tops: Option<Vec<UnitId>>,
    gathered: Gathered,
}

impl Found {
    fn reach(&self) -> Scope<'_> {
        self.tops.as_deref().map_or(Scope::Locality, Scope::Below)
    }

    fn figure(&self, indicator: &Indicator) -> Figure {
        self.gathered.figure(indicator, self.reach())
    }
}

async fn find(
    conn: &mut Conn,
    caller: &Caller,
    code: &str,
    asked: ProgressQuery,
    indicator: Option<&str>,
) -> Result<Found> {
    let movement = movements::find(conn, caller.locality()?, code).await?;
    let basis = asked.basis.unwrap_or(Basis::Approved);
    let as_of = caller.as_of(asked.as_of);
    let ask = Ask { period: asked.period.as_deref(), as_of, submitted: basis == Basis::Submitted, indicator };
    let gathered = gather(conn, &movement, &ask).await?;
    let today = gathered.history().registered_by(caller.today());
    let tops = units::scope(&today, &caller.reach(), asked.unit.as_deref())?;
    caller.permit()?;
    let named: Vec<&Node> = tops.iter().flatten().filter_map(|id| today.by_id(*id)).collect();
    let only = named.first().filter(|_| named.len() == 1);
    let scope = ProgressScope {
        unit: only.map(|unit| unit.code.clone()),
        unit_name: only.map(|unit| unit.name.clone()),
        units: named.iter().map(|unit| unit.code.clone()).collect(),
        period: asked.period,
        as_of,
        basis,
    };
    Ok(Found { scope, tops, gathered })
}

/// Progress
///
/// All indicators of the scope: exact sums, verdict, shortfall to the target, and coverage of the reports.
#[utoipa::path(
    tag = "progress", params(ProgressQuery),
    responses((status = 200, description = "The figures", body = ProgressReport), Error)
)]
#[get("/movements/{movement}/progress")]
async fn list_progress(
    app: Data<App>,
    caller: Caller,
    movement: Path<String>,
    asked: Query<ProgressQuery>,
) -> Result<Reply> {
    app.db
        .snapshot(async |conn| {
            let found = find(conn, &caller, &movement, asked.into_inner(), None).await?;
            let item = |indicator: &Indicator| ProgressItem {
                name: label(&indicator.name, caller.locale),
                figure: found.figure(indicator),
            };
            let leaves = found.gathered.leaves();
            let days = leaves.iter().map(|leaf| leaf.starts_on).min().zip(leaves.last().map(|leaf| leaf.cutoff_on));
            Reply::ok(ProgressReport {
                covers: days.map(|(from, to)| Covers { from, to }),
                plan_version: found.gathered.plan_version(),
                items: found.gathered.indicators().into_iter().map(item).collect(),
                scope: found.scope.clone(),
            })
        })
        .await
}

/// Progress of an indicator
///
/// One figure, optionally with its breakdown by unit or period; the parts add up to the whole if `additive`.
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
    app.db
        .snapshot(async |conn| {
            let found = find(conn, &caller, &movement, asked.into_inner(), Some(&code)).await?;
            let mut indicators = found.gathered.indicators().into_iter();
            let indicator = indicators.find(|known| known.code == code).ok_or_else(|| Error::missing("indicator"))?;
            Reply::ok(ProgressFigure {
                name: label(&indicator.name, caller.locale),
                scope: found.scope.clone(),
                plan_version: found.gathered.plan_version(),
                figure: found.figure(indicator),
                parts: parts(&found, indicator, breakdown.by.unwrap_or(By::None)),
            })
        })
        .await
}

/// An indicator that the service counts has no slots, and so no parts by unit: a joint initiative belongs to several.
fn parts(found: &Found, indicator: &Indicator, by: By) -> Vec<ProgressPart> {
    match by {
        By::Unit if indicator.counts.is_some() => Vec::new(),
        By::Unit => {
            let (parts, plan_version) =
                (found.gathered.by_unit(indicator, found.reach()), found.gathered.plan_version());
            let part = |(part, part_name, figure)| ProgressPart { part, part_name, plan_version, figure };
            parts.into_iter().map(part).collect()
        }
        By::Period => {
            let part = |(part, figure): (String, Figure)| {
                let plan_version = found.gathered.version_of(&part);
                ProgressPart { part_name: part.clone(), part, plan_version, figure }
            };
            found.gathered.by_period(indicator, found.reach()).into_iter().map(part).collect()
        }
        By::Field | By::None => Vec::new(),
    }
}

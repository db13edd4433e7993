//! Completeness over HTTP: who has reported at an instant, and who has not.

use std::collections::BTreeMap;

use actix_web::{get, web::Data};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    counts::{Counts, percent},
    obligations::{Obligation, obligations},
    store::{self, Arrival},
};
use crate::{
    app::App,
    db::Conn,
    http::{Caller, Error, Path, Query, Reply, Result},
    movements::{self, Movement, periods},
    units,
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(get_completeness);
}

#[derive(Deserialize, IntoParams)]
struct CompletenessQuery {
    /// Code of a period; the whole movement where absent.
    #[param(example = "2025-09")]
    period: Option<String>,
    /// Code of a unit; with the units below it on each period's cut-off day.
    unit: Option<String>,
    /// Only units of this kind.
    #[param(example = "division")]
    unit_kind: Option<String>,
    /// What was known at this instant.
    #[serde(default, deserialize_with = "crate::days::optional_instant")]
    as_of: Option<DateTime<Utc>>,
}

/// Reports expected, and what became of them.
#[derive(Serialize, ToSchema)]
struct Completeness {
    #[schema(example = "cchc-2025-h2")]
    movement: String,
    /// Null for the whole movement.
    #[schema(required)]
    period: Option<String>,
    as_of: DateTime<Utc>,
    total: CompletenessCounts,
    /// In order of the cut-offs.
    by_period: Vec<PeriodCompleteness>,
    by_unit_kind: Vec<KindCompleteness>,
    /// Units that have not reported at this moment, by code.
    missing: Vec<MissingUnit>,
}

/// Expected is received and missing together, received is on time and late together.
#[derive(Serialize, ToSchema)]
struct CompletenessCounts {
    expected: u32,
    /// Handed in and not withdrawn.
    received: u32,
    approved: u32,
    on_time: u32,
    late: u32,
    /// Of the late ones.
    excused: u32,
    missing: u32,
    /// Of the missing ones: their due instant has passed.
    overdue: u32,
    /// Of the expected; rounded, but never onto 0 or 100; null where nothing is expected.
    #[schema(required, example = "91.67")]
    received_percent: Option<String>,
    #[schema(required, example = "83.33")]
    approved_percent: Option<String>,
    #[schema(required, example = "83.33")]
    on_time_percent: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct PeriodCompleteness {
    #[schema(example = "2025-09")]
    period: String,
    due_at: DateTime<Utc>,
    #[serde(flatten)]
    counts: CompletenessCounts,
}

#[derive(Serialize, ToSchema)]
struct KindCompleteness {
    #[schema(example = "division")]
    unit_kind: String,
    #[serde(flatten)]
    counts: CompletenessCounts,
}

/// A unit with the periods it owes reports for.
#[derive(Serialize, ToSchema)]
struct MissingUnit {
    #[schema(example = "phong-kinh-te")]
    unit: String,
    #[schema(example = "Phòng Kinh tế")]
    unit_name: String,
    #[schema(example = "division")]
    unit_kind: String,
    periods: Vec<String>,
}

impl CompletenessCounts {
    fn of<'a>(obligations: impl Iterator<Item = &'a Obligation>) -> Self {
        let counts = Counts::of(obligations.map(|obligation| obligation.report));
        let Counts { expected, received, approved, on_time, late, excused, missing, overdue } = counts;
        Self {
            expected,
            received,
            approved,
            on_time,
            late,
            excused,
            missing,
            overdue,
            received_percent: percent(received, expected),
            approved_percent: percent(approved, expected),
            on_time_percent: percent(on_time, expected),
        }
    }
}

fn missing(obligations: &[Obligation]) -> Vec<MissingUnit> {
    let mut units: BTreeMap<&str, MissingUnit> = BTreeMap::new();
    for obligation in obligations.iter().filter(|obligation| obligation.report.came.is_none()) {
        let units::Node { code, name, kind, .. } = &obligation.unit;
        let (unit, unit_name, unit_kind) = (code.clone(), name.clone(), kind.clone());
        let new = MissingUnit { unit, unit_name, unit_kind, periods: Vec::new() };
        units.entry(code).or_insert(new).periods.push(obligation.period.clone());
    }
    units.into_values().collect()
}

async fn complete(
    conn: &mut Conn,
    caller: &Caller,
    movement: &Movement,
    asked: CompletenessQuery,
) -> Result<Completeness> {
    let as_of = caller.as_of(asked.as_of);
    let history = units::history(conn, &movement.recall).await?;
    let today = history.registered_by(caller.today());
    let tops = units::scope(&today, &caller.reach(), asked.unit.as_deref())?;
    caller.permit()?;
    let movement = &movement.known_at(as_of);
    let stored = movements::list_periods(conn, movement).await?;
    let stored = periods::due_as_of(conn, movement, stored, as_of).await?;
    let windows: Vec<periods::PeriodDates> = stored.into_iter().map(|period| period.dates).collect();
    let plan = &movement.versions.newest().plan;
    let periods::Asked { leaves: chosen, .. } =
        periods::leaves(&windows, &plan.reporting, &plan.span, asked.period.as_deref())
            .ok_or_else(|| Error::of("query_invalid").at("/period", "period_code_malformed"))?;
    let came = store::arrivals(conn, movement, as_of).await?;
    let came = came.into_iter().map(|Arrival { period, unit, came }| ((period, unit), came)).collect();
    let within = |then: &units::Tree, unit: &units::Node| {
        asked.unit_kind.as_ref().is_none_or(|kind| *kind == unit.kind)
            && tops.as_ref().is_none_or(|tops| tops.iter().any(|top| then.is_within(unit.id, *top)))
    };
    let obligations = obligations(movement, &chosen, &history, &came, as_of, within);
    let mut kinds: Vec<&String> = obligations.iter().map(|obligation| &obligation.unit.kind).collect();
    kinds.sort();
    kinds.dedup();
    let of_kind =
        |kind: &String| CompletenessCounts::of(obligations.iter().filter(|obligation| obligation.unit.kind == *kind));
    let of_period =
        |code: &String| CompletenessCounts::of(obligations.iter().filter(|obligation| obligation.period == *code));
    Ok(Completeness {
        movement: movement.code.clone(),
        period: asked.period,
        as_of,
        total: CompletenessCounts::of(obligations.iter()),
        by_period: chosen
            .iter()
            .map(|p| PeriodCompleteness { period: p.code.clone(), due_at: p.due_at, counts: of_period(&p.code) })
            .collect(),
        by_unit_kind: kinds
            .into_iter()
            .map(|kind| KindCompleteness { unit_kind: kind.clone(), counts: of_kind(kind) })
            .collect(),
        missing: missing(&obligations),
    })
}

/// Completeness
///
/// How many reports are expected, received, approved, on time, late, excused and missing within the caller's reach, by
/// period and by kind of unit, and who has not reported at the moment asked about.
#[utoipa::path(
    tag = "submissions", params(CompletenessQuery),
    responses((status = 200, description = "The counts", body = Completeness), Error)
)]
#[get("/movements/{movement}/submissions/completeness")]
async fn get_completeness(
    app: Data<App>,
    caller: Caller,
    movement: Path<String>,
    asked: Query<CompletenessQuery>,
) -> Result<Reply> {
    caller
        .snapshot(&app.db, async |conn, caller| {
            let movement = movements::find(conn, caller.recall()?, &movement).await?;
            Reply::ok(complete(conn, caller, &movement, asked.into_inner()).await?)
        })
        .await
}

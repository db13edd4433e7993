//! The chair's page of a movement over HTTP.

use std::collections::BTreeMap;

use actix_web::{get, web::Data};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    summary::{Late, Worst, late_units, worst},
    waiting::{WaitingDecisions, waiting},
};
use crate::{
    app::App,
    db::Conn,
    exact::Fraction,
    http::{Caller, Error, Path, Query, Reply, Result},
    movements::{self, Deadline, label, periods, plan::Indicator},
    progress::{
        self, Aim, Comparison, Covers, Figure, Found, Outlook, ProgressExplanation, ProgressQuery, ProgressScope,
        Verdict, outlook,
    },
    quantity::Quantity,
    submissions::{self, Arrival, Counts, Obligation},
    units::{Node, Tree},
};

/// Explanations of one indicator.
const EXPLANATIONS_MOST: i64 = 5;

pub fn routes(config: &mut ServiceConfig) {
    config.service(get_summary);
}

/// A movement on one page.
#[derive(Serialize, ToSchema)]
struct ProgressSummary {
    scope: ProgressScope,
    /// First and last day of the span; null if it has no periods.
    covers: Option<Covers>,
    plan_version: i32,
    verdicts: VerdictCounts,
    /// At most three indicators that miss their targets, the least attained first.
    worst: Vec<WorstIndicator>,
    reports: ReportCounts,
    /// Units that reported late, by code.
    late: Vec<LateUnit>,
    /// Units whose reports are due and did not come, by code.
    overdue: Vec<LateUnit>,
    /// Of the whole movement, as of now.
    deadlines: Vec<Deadline>,
    /// As of now.
    waiting: WaitingDecisions,
}

/// How many indicators have each verdict.
#[derive(Default, Serialize, ToSchema)]
struct VerdictCounts {
    met: u32,
    not_met: u32,
    at_risk: u32,
    below_floor: u32,
    none_arose: u32,
    not_applicable: u32,
    no_data: u32,
    not_evaluable: u32,
    not_owed: u32,
}

/// An indicator that misses its target.
#[derive(Serialize, ToSchema)]
struct WorstIndicator {
    indicator: String,
    name: String,
    /// Unit of measure of `value`, as in the plan.
    unit: Option<String>,
    verdict: Verdict,
    value: Option<String>,
    level: Option<String>,
    numerator: Option<Quantity>,
    denominator: Option<Quantity>,
    /// Coverage: slots (owing unit × reporting period), and those of them with a complete answer.
    expected: u64,
    reported: u64,
    /// Null for an indicator whose fields are judged each.
    target: Option<Aim>,
    missing_to_target: Option<Quantity>,
    excess_over_target: Option<Quantity>,
    /// How much of the target is attained, exactly, from 0 to 1; rankings weigh the same.
    attained: Fraction,
    attained_percent: String,
    comparison: Comparison,
    outlook: Outlook,
    /// What units explain: at most 5, those of the last period first.
    explanations: Vec<ProgressExplanation>,
}

/// Expected is received and missing together, received is on time and late together.
#[derive(Serialize, ToSchema)]
struct ReportCounts {
    expected: u32,
    received: u32,
    approved: u32,
    on_time: u32,
    late: u32,
    /// Of the late ones.
    excused: u32,
    missing: u32,
    /// Of the missing ones: due already.
    overdue: u32,
}

/// A unit and the periods of its reports.
#[derive(Serialize, ToSchema)]
struct LateUnit {
    unit: String,
    unit_name: String,
    periods: Vec<String>,
}

impl VerdictCounts {
    fn of<'a>(figures: impl Iterator<Item = &'a Figure>) -> Self {
        let mut counts = Self::default();
        for figure in figures {
            *match figure.whole.verdict {
                Verdict::Met => &mut counts.met,
                Verdict::NotMet => &mut counts.not_met,
                Verdict::AtRisk => &mut counts.at_risk,
                Verdict::BelowFloor => &mut counts.below_floor,
                Verdict::NoneArose => &mut counts.none_arose,
                Verdict::NotApplicable => &mut counts.not_applicable,
                Verdict::NoData => &mut counts.no_data,
                Verdict::NotEvaluable => &mut counts.not_evaluable,
                Verdict::NotOwed => &mut counts.not_owed,
            } += 1;
        }
        counts
    }
}

impl WorstIndicator {
    fn of(
        worst: &Worst,
        caller: &Caller,
        as_of: DateTime<Utc>,
        (comparison, explanations): (Comparison, Vec<ProgressExplanation>),
    ) -> Self {
        let Worst { indicator, figure, attained } = worst;
        Self {
            comparison,
            explanations,
            outlook: outlook(indicator, figure, as_of),
            indicator: indicator.code.clone(),
            name: label(&indicator.name, caller.locale),
            unit: indicator.unit.clone(),
            verdict: figure.whole.verdict,
            value: figure.whole.value.clone(),
            level: figure.whole.level.clone(),
            numerator: figure.whole.numerator,
            denominator: figure.whole.denominator,
            expected: figure.coverage.expected,
            reported: figure.coverage.reported,
            target: figure.whole.target.clone(),
            missing_to_target: figure.whole.missing_to_target,
            excess_over_target: figure.whole.excess_over_target,
            attained: Fraction(attained.clone()),
            attained_percent: worst.percent(),
        }
    }
}

impl From<Counts> for ReportCounts {
    fn from(counts: Counts) -> Self {
        let Counts { expected, received, approved, on_time, late, excused, missing, overdue } = counts;
        Self { expected, received, approved, on_time, late, excused, missing, overdue }
    }
}

impl From<Late> for LateUnit {
    fn from(late: Late) -> Self {
        Self { unit: late.unit, unit_name: late.unit_name, periods: late.periods }
    }
}

/// The reports owed in the scope and span, as completeness knows them.
async fn owed(conn: &mut Conn, found: &Found) -> Result<Vec<Obligation>> {
    let came = submissions::arrivals(conn, &found.movement, found.as_of).await?;
    let came: BTreeMap<_, _> = came.into_iter().map(|Arrival { period, unit, came }| ((period, unit), came)).collect();
    let movement = found.movement.known_at(found.as_of);
    let stored = movements::list_periods(conn, &movement).await?;
    let stored = periods::due_as_of(conn, &movement, stored, found.as_of).await?;
    let leaves = found.gathered.frame().leaves();
    let windows = stored.iter().map(|period| &period.dates);
    let windows: Vec<_> = windows.filter(|dates| leaves.iter().any(|leaf| leaf.code == dates.code)).collect();
    let within = |then: &Tree, unit: &Node| {
        found.tops.as_ref().is_none_or(|tops| tops.iter().any(|top| then.is_within(unit.id, *top)))
    };
    Ok(submissions::obligations(&movement, &windows, found.gathered.history(), &came, found.as_of, within))
}

/// The worst with what they are compared with and what units explain of them: a statement or two for all of them.
async fn beside(
    conn: &mut Conn,
    caller: &Caller,
    found: &Found,
    figures: &[(&Indicator, Figure)],
) -> Result<Vec<WorstIndicator>> {
    let worst = worst(figures);
    let indicators: Vec<&Indicator> = worst.iter().map(|worst| worst.indicator).collect();
    let comparisons = progress::compare(conn, found, &indicators).await?;
    let mut explained = progress::explained(conn, caller, found, &indicators, EXPLANATIONS_MOST).await?;
    let mut of = |indicator: &Indicator| -> Vec<ProgressExplanation> {
        explained.extract_if(.., |explanation| explanation.indicator == indicator.code).collect()
    };
    let rows = worst.iter().zip(comparisons);
    Ok(rows
        .map(|(worst, comparison)| WorstIndicator::of(worst, caller, found.as_of, (comparison, of(worst.indicator))))
        .collect())
}

async fn summarise(conn: &mut Conn, caller: &Caller, found: &Found) -> Result<ProgressSummary> {
    let owed = owed(conn, found).await?;
    let today = found.gathered.history().registered_by(caller.today());
    let indicators = found.gathered.frame().indicators().into_iter();
    let figures: Vec<(&Indicator, Figure)> = indicators.map(|indicator| (indicator, found.figure(indicator))).collect();
    let deadlines = movements::all_deadlines(conn, &found.movement, caller).await?;
    let waiting = waiting(conn, caller, &found.movement, &today, found.tops.as_deref()).await?;
    let named = |late: Vec<Late>| late.into_iter().map(LateUnit::from).collect();
    Ok(ProgressSummary {
        covers: found.covers(),
        plan_version: found.gathered.frame().plan_version(),
        verdicts: VerdictCounts::of(figures.iter().map(|(_, figure)| figure)),
        worst: beside(conn, caller, found, &figures).await?,
        reports: Counts::of(owed.iter().map(|obligation| obligation.report)).into(),
        late: named(late_units(&owed, |came, _| came.is_some_and(|came| came.late))),
        overdue: named(late_units(&owed, |came, due| came.is_none() && due)),
        deadlines,
        waiting,
        scope: found.scope.clone(),
    })
}

/// Summary
///
/// The chair's page: how many indicators have each verdict, the three that are farthest from their targets with what
/// changed, how they may end and what units explain, the units that reported late or not at all, the days that are left to each deadline, and the decisions that wait. Figures and reports
/// are as of the requested instant, deadlines and decisions as of now.
#[utoipa::path(
    tag = "progress", params(ProgressQuery),
    responses((status = 200, description = "The summary", body = ProgressSummary), Error)
)]
#[get("/movements/{movement}/progress/summary")]
async fn get_summary(
    app: Data<App>,
    caller: Caller,
    movement: Path<String>,
    asked: Query<ProgressQuery>,
) -> Result<Reply> {
    caller
        .snapshot(&app.db, async |conn, caller| {
            let found = progress::find(conn, caller, &movement, asked.into_inner(), None).await?;
            Reply::ok(summarise(conn, caller, &found).await?)
        })
        .await
}

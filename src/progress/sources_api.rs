//! The sources of a figure over HTTP: the reports, down to revision, evidence and who approved it, or the initiatives.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::{HttpRequest, get, web::Data};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    found::{Found, ProgressQuery, find},
    sources::{Source, SourceState, sources},
};
use crate::{
    app::App,
    db::{Conn, InitiativeId, UnitId},
    http::{Caller, Error, Page, PageQuery, Path, Query, Reply, Result},
    movements::plan::Indicator,
    people::{Party, PartyView},
    quantity::Quantity,
    submissions::{self, EvidenceView, SourceReport, Value, ValueState},
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(list_sources);
}

/// What one unit answered for one period, or one initiative. Members of a report are null where there is none.
#[derive(Serialize, ToSchema)]
struct ProgressSource {
    period: String,
    unit: Option<String>,
    unit_name: Option<String>,
    state: SourceState,
    /// Every field is answered.
    complete: bool,
    /// Its unit stood within the scope on the period's last day: the coverage counts it.
    covered: bool,
    stale: bool,
    approved: bool,
    late: bool,
    estimated: bool,
    revision: Option<i32>,
    submitted_by: Option<String>,
    submitted_at: Option<DateTime<Utc>>,
    approved_by: Option<String>,
    approved_at: Option<DateTime<Utc>>,
    /// What is said and is in the figure: the numbers add up to it.
    values: Vec<Value>,
    /// What is said and is not.
    others: Vec<Value>,
    evidence: Vec<EvidenceView>,
    /// Its path.
    submission: Option<String>,
    initiative: Option<SourceInitiative>,
}

/// A recognised initiative. It counts once, whoever owns it with others.
#[derive(Serialize, ToSchema)]
struct SourceInitiative {
    id: InitiativeId,
    title: String,
    level: String,
    /// Persons only for who may read initiatives.
    owners: Vec<PartyView>,
    recognised_at: DateTime<Utc>,
}

/// Where an item stands in the order: the last day and the code of its period, then its unit or its id.
type Place = (NaiveDate, String, String);

/// The rows behind a place, and one more than the page has.
fn page_of<T>(rows: Vec<T>, place: impl Fn(&T) -> Place, after: &Option<Place>, limit: i64) -> Vec<T> {
    let beyond = rows.into_iter().filter(|row| after.as_ref().is_none_or(|after| place(row) > *after));
    beyond.take(limit as usize + 1).collect()
}

fn place_of(source: &Source) -> Place {
    let (cutoff_on, period, unit) = source.key();
    (cutoff_on, period.to_owned(), unit.to_owned())
}

/// The revisions behind some slots: one statement for all of them.
async fn reports(
    conn: &mut Conn,
    found: &Found,
    indicator: &Indicator,
    slots: &[Source<'_>],
) -> Result<BTreeMap<(String, UnitId), SourceReport>> {
    let reported: Vec<_> = slots.iter().filter(|source| source.slot.report.is_some()).collect();
    if reported.is_empty() {
        return Ok(BTreeMap::new());
    }
    let periods: BTreeSet<String> = reported.iter().map(|source| source.slot.leaf.code.clone()).collect();
    let periods = Vec::from_iter(periods);
    let units: BTreeSet<UnitId> =
        reported.iter().filter_map(|source| Some(found.gathered.place(&source.slot)?.1)).collect();
    let (query, units) = (found.gathered.query(&periods), Vec::from_iter(units));
    let read = submissions::source_reports(conn, found.gathered.frame().movement(), &query, &indicator.code, &units)
        .await?
        .into_iter();
    Ok(read.map(|((place, unit), report)| ((periods[place].clone(), unit), report)).collect())
}

fn source(
    found: &Found,
    source: Source,
    reports: &mut BTreeMap<(String, UnitId), SourceReport>,
    evidence: &BTreeMap<Uuid, EvidenceView>,
) -> ProgressSource {
    let (slot, unit) = (source.slot, found.gathered.place(&source.slot).map(|(_, unit)| unit));
    let period = slot.leaf.code.clone();
    let report = unit.and_then(|unit| reports.remove(&(period.clone(), unit)));
    let href = || format!("/api/v1/movements/{}/submissions/{period}/{}", found.movement.code, slot.unit);
    let counts = |value: &Value| source.counted.iter().any(|counted| counted.field == value.field);
    let said = report.as_ref().map(|report| report.values.clone()).unwrap_or_default();
    let named: BTreeSet<Uuid> = said.iter().flat_map(|value| &value.evidence).copied().collect();
    let (values, others) = said.into_iter().partition(counts);
    ProgressSource {
        unit: Some(slot.unit.to_owned()),
        unit_name: Some(slot.unit_name.to_owned()),
        state: source.state,
        complete: source.complete,
        covered: slot.covered,
        stale: source.stale,
        approved: slot.report.is_some_and(|report| report.approved),
        late: slot.report.is_some_and(|report| report.late),
        estimated: source.counted.iter().any(|value| value.estimated),
        evidence: named.iter().filter_map(|id| evidence.get(id).cloned()).collect(),
        values,
        others,
        submission: report.as_ref().map(|_| href()),
        revision: report.as_ref().map(|report| report.revision),
        submitted_at: report.as_ref().map(|report| report.submitted_at),
        approved_at: report.as_ref().and_then(|report| report.approved_at),
        approved_by: report.as_ref().and_then(|report| report.approved_by.clone()),
        submitted_by: report.map(|report| report.submitted_by),
        initiative: None,
        period,
    }
}

async fn of_reports(
    conn: &mut Conn,
    caller: &Caller,
    found: &Found,
    indicator: &Indicator,
    (after, limit): (Option<Place>, i64),
) -> Result<Page<ProgressSource>> {
    let Some(last) = found.gathered.frame().leaves().last() else { return Ok(Page::whole(Vec::new())) };
    let all = sources(indicator, last.cutoff_on, &found.gathered.slots(indicator, found.reach()));
    let rows = page_of(all, place_of, &after, limit);
    let mut reports = reports(conn, found, indicator, &rows).await?;
    let named = reports.values().flat_map(|report| &report.values).flat_map(|value| &value.evidence);
    let evidence = submissions::evidence_named(conn, caller, &named.copied().collect()).await?;
    let evidence = evidence.into_iter().map(|view| (view.id.into(), view)).collect();
    Page::of(rows, limit, place_of, |row| source(found, row, &mut reports, &evidence))
}

fn of_initiatives(
    caller: &Caller,
    found: &Found,
    indicator: &Indicator,
    (after, limit): (Option<Place>, i64),
) -> Result<Page<ProgressSource>> {
    let mut all: Vec<(Place, ProgressSource)> = Vec::new();
    let shows = |owner: &Party| matches!(owner, Party::Unit(_)) || caller.may("list_initiatives");
    for (leaf, one, then) in found.gathered.initiatives(indicator, found.reach()) {
        let value =
            Value { count: Some(Quantity::of(1, 0).plain()), ..Value::stated(&indicator.code, ValueState::Reported) };
        let initiative = SourceInitiative {
            id: one.id,
            title: one.title.clone(),
            level: one.level.clone(),
            owners: one.owners.iter().filter(|owner| shows(owner)).map(|owner| then.view(*owner)).collect(),
            recognised_at: one.decided_at,
        };
        let source = ProgressSource {
            period: leaf.code.clone(),
            unit: None,
            unit_name: None,
            state: SourceState::Counted,
            complete: true,
            covered: true,
            stale: false,
            approved: true,
            late: false,
            estimated: false,
            revision: None,
            submitted_by: None,
            submitted_at: None,
            approved_by: None,
            approved_at: None,
            values: vec![value],
            others: Vec::new(),
            evidence: Vec::new(),
            submission: None,
            initiative: Some(initiative),
        };
        all.push(((leaf.cutoff_on, leaf.code.clone(), one.id.to_string()), source));
    }
    all.sort_by(|(one, _), (other, _)| one.cmp(other));
    let rows = page_of(all, |(place, _)| place.clone(), &after, limit);
    Page::of(rows, limit, |(place, _)| place.clone(), |(_, source)| source)
}

/// Sources of a figure
///
/// What the figure is made of, by period and unit: each report with its revision, who handed it in and approved it, its
/// evidence and what it says of the indicator; also what is missing and what a newer answer supersedes. Of an indicator that
/// counts initiatives the initiatives.
#[utoipa::path(
    tag = "progress", params(ProgressQuery, PageQuery),
    responses((status = 200, description = "A page", body = Page<ProgressSource>), Error)
)]
#[get("/movements/{movement}/progress/{indicator}/sources")]
async fn list_sources(
    req: HttpRequest,
    app: Data<App>,
    caller: Caller,
    path: Path<(String, String)>,
    asked: Query<ProgressQuery>,
    page: Query<PageQuery>,
) -> Result<Reply> {
    let (movement, code) = path.into_inner();
    let place = (page.after()?, page.limit()?);
    caller
        .snapshot(&app.db, async |conn, caller| {
            let found = find(conn, caller, &movement, asked.into_inner(), Some(&code)).await?;
            let indicator = found.indicator(&code)?;
            let page = match indicator.counts {
                Some(_) => of_initiatives(caller, &found, indicator, place)?,
                None => of_reports(conn, caller, &found, indicator, place).await?,
            };
            page.reply(&req)
        })
        .await
}

//! Forms and exports over HTTP.

use std::collections::HashMap;

use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    form,
    lines::{self, Line},
    writer,
};
use crate::{
    app::App,
    days,
    db::{Conn, UnitId},
    http::{Caller, Error, Path, Query, Result, accepted, file},
    movements::{self, Movement, Period, periods, plan::Indicator},
    submissions::{
        self, ReportQuery, Value, Wanted,
        position::{self, ReportPath, ReportPosition, draft_reach},
        positions::ReportPositions,
        store,
        view::content,
    },
    units::{self, Tree},
};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const CSV: &str = "text/csv; charset=utf-8";

pub fn routes(config: &mut ServiceConfig) {
    config.service(export_submissions).service(get_template);
}

#[derive(Deserialize, IntoParams)]
struct ExportQuery {
    /// Code of the period.
    #[param(example = "2025-09")]
    period: String,
    /// What was known at this instant, on the basis asked for; when left out together with it, what stands in the drafts.
    #[serde(default, deserialize_with = "days::optional_instant")]
    as_of: Option<DateTime<Utc>>,
    /// `approved` (the default with `as_of`), or `submitted`: also what is handed in and not yet decided.
    #[param(inline)]
    basis: Option<Basis>,
    /// What stands between the cells of a CSV table: `comma` (the default), or `semicolon`, which Excel expects where
    /// the comma is a decimal sign, as in Vietnam.
    #[serde(default)]
    #[param(inline, required = false)]
    separator: Separator,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Separator {
    #[default]
    Comma,
    Semicolon,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ExportBasis)]
enum Basis {
    Approved,
    Submitted,
}

#[derive(Deserialize, IntoParams)]
struct TemplateQuery {
    /// Code of the period.
    #[param(example = "2025-09")]
    period: String,
    /// Code of the unit; when left out, one form for all units within the caller's reach.
    #[param(example = "phong-kinh-te")]
    unit: Option<String>,
}

/// Submissions of a period
///
/// The values of the reports within the caller's reach, one a line: CSV, or XLSX where `Accept` prefers it; with
/// `as_of` or `basis` the figures that counted then. Drafts are their unit's and the standing agency's: for others what
/// is handed in. No cell is a formula; an apostrophe stands before what would be taken for one; the import reads each
/// text as it was.
#[utoipa::path(
    tag = "submissions",
    params(ExportQuery),
    responses(
        (status = 200, description = "The table", content(
            (String = "text/csv"),
            (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
        )),
        Error
    )
)]
#[get("/movements/{movement}/submissions/export")]
async fn export_submissions(
    req: HttpRequest,
    app: Data<App>,
    caller: Caller,
    movement: Path<String>,
    query: Query<ExportQuery>,
) -> Result<HttpResponse> {
    let query = query.into_inner();
    let lines = app.db.read(async |conn| lines_of(conn, &caller, &movement, &query).await).await?;
    let (period, separator) = (query.period, if query.separator == Separator::Comma { b',' } else { b';' });
    if accepted(&req, &["text/csv", XLSX])? == XLSX {
        file(XLSX, &format!("{period}.xlsx"), writer::xlsx(&lines))
    } else {
        file(CSV, &format!("{period}.csv"), writer::csv(&lines, separator))
    }
}

async fn lines_of(conn: &mut Conn, caller: &Caller, movement: &str, query: &ExportQuery) -> Result<Vec<Line>> {
    let movement = movements::find(conn, caller.recall()?, movement).await?;
    caller.permit()?;
    let period = movements::period(conn, &movement, &query.period).await?;
    let history = units::history(conn, caller.recall()?).await?;
    let today = history.registered_by(caller.today());
    let reached = units::units_of_scope(&today, &caller.reach(), None)?;
    let (then, mut lines) = (history.registered_by(period.dates.cutoff_on), Vec::new());
    for (unit, values) in standing(conn, caller, &movement, &today, query).await? {
        let unit = then.by_id(unit).filter(|unit| reached.as_ref().is_none_or(|units| units.contains(&unit.id)));
        if let Some(unit) = unit {
            let place = (period.dates.code.as_str(), unit.code.as_str(), unit.name.as_str());
            lines.extend(lines::said(place, &values, &movement.on(period.dates.cutoff_on).plan.indicators));
        }
    }
    Ok(lines)
}

/// What each unit's report says: as it stands, or as it counted at an instant. Of a draft that the caller does not see,
/// what is handed in.
async fn standing(
    conn: &mut Conn,
    caller: &Caller,
    movement: &Movement,
    today: &Tree,
    query: &ExportQuery,
) -> Result<Vec<(UnitId, Vec<Value>)>> {
    let stands = query.as_of.is_none() && query.basis.is_none();
    let mut drafts = Vec::new();
    if stands {
        let seen = units::units_of_scope(today, &draft_reach(caller), None)?;
        let found = store::of_periods(conn, movement, &[&query.period]).await?;
        drafts = found.into_iter().map(|found| (found.unit, found.content.values)).collect();
        let Some(seen) = seen else { return Ok(drafts) };
        drafts.retain(|(unit, _)| seen.contains(unit));
    }
    let as_of = caller.as_of(query.as_of);
    let submitted = stands || query.basis == Some(Basis::Submitted);
    let counted =
        ReportQuery { periods: std::slice::from_ref(&query.period), values: Wanted::Everything, as_of, submitted };
    let reports = submissions::counted_reports(conn, movement, counted).await?;
    let mut found: Vec<_> = reports.into_iter().map(|report| (report.unit, report.values)).collect();
    found.retain(|(unit, _)| drafts.iter().all(|(own, _)| own != unit));
    found.extend(drafts);
    found.sort_by_key(|(unit, _)| *unit);
    found.iter_mut().for_each(|(_, values)| values.sort_by(|a, b| place(a).cmp(&place(b))));
    Ok(found)
}

fn place(value: &Value) -> (&str, Option<&str>) {
    (&value.indicator, value.field.as_deref())
}

/// Form of a unit, or of all units
///
/// A spreadsheet of the values that the unit owes in the period, filled from its draft: what is meant in words, measure,
/// target and the figure of the last period beside; drop-downs, checked numbers, and guarded cells where nothing is to be
/// filled in. Sent back to the import it is read as it is, by the codes in its hidden columns. Without `unit` it has the
/// values of all units within the caller's reach.
#[utoipa::path(
    tag = "submissions",
    params(TemplateQuery),
    responses(
        (status = 200, description = "The form", content(
            (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
        )),
        Error
    )
)]
#[get("/movements/{movement}/submissions/template")]
async fn get_template(
    app: Data<App>,
    caller: Caller,
    movement: Path<String>,
    query: Query<TemplateQuery>,
) -> Result<HttpResponse> {
    let TemplateQuery { period, unit } = query.into_inner();
    let movement = movement.into_inner();
    let name = unit.as_ref().map_or_else(|| format!("{period}.xlsx"), |unit| format!("{period}-{unit}.xlsx"));
    let read = async |conn: &mut Conn| match unit.clone() {
        Some(unit) => {
            form_of_unit(conn, &caller, ReportPath { movement: movement.clone(), period: period.clone(), unit }).await
        }
        None => form_of_all(conn, &caller, &movement, &period).await,
    };
    let lines = app.db.read(read).await?;
    file(XLSX, &name, form::xlsx(&lines))
}

async fn form_of_unit(conn: &mut Conn, caller: &Caller, path: ReportPath) -> Result<Vec<Line>> {
    let (position, found) = position::open(conn, caller, &path).await?;
    caller.permit()?;
    let values = match found {
        Some(found) => content(conn, caller, &position, found).await?.values,
        None => Vec::new(),
    };
    let before = before(conn, caller, &position.movement, &position.period).await?;
    let before = before.get(&position.unit.id).map_or([].as_slice(), Vec::as_slice);
    Ok(lines_of_form(&position, &values, before))
}

async fn form_of_all(conn: &mut Conn, caller: &Caller, movement: &str, period: &str) -> Result<Vec<Line>> {
    let movement = movements::find(conn, caller.recall()?, movement).await?;
    caller.permit()?;
    let found = movements::period(conn, &movement, period).await?;
    let positions = ReportPositions::open(conn, caller, &movement).await?;
    let today = units::history(conn, &movement.recall).await?.registered_by(caller.today());
    let query = ExportQuery { period: period.to_owned(), as_of: None, basis: None, separator: Separator::Comma };
    let values: HashMap<UnitId, Vec<Value>> =
        standing(conn, caller, &movement, &today, &query).await?.into_iter().collect();
    let before = before(conn, caller, &movement, &found).await?;
    let mut codes: Vec<&str> = positions.units(period).map(|unit| unit.code.as_str()).collect();
    codes.sort_unstable();
    let said = |of: &HashMap<UnitId, Vec<Value>>, unit: &UnitId| of.get(unit).cloned().unwrap_or_default();
    let form = |position: ReportPosition| {
        let unit = position.unit.id;
        lines_of_form(&position, &said(&values, &unit), &said(&before, &unit))
    };
    Ok(codes.into_iter().filter_map(|code| positions.find(period, code).ok()).flat_map(form).collect())
}

fn lines_of_form(position: &ReportPosition, values: &[Value], before: &[Value]) -> Vec<Line> {
    let at = (position.period.dates.code.as_str(), position.unit.code.as_str(), position.unit.name.as_str());
    let asked = position.asked();
    let owed: Vec<&Indicator> = asked.iter().map(AsRef::as_ref).collect();
    lines::form(at, (values, before), &owed, (position.indicators(), position.fields()))
}

/// What was handed in for the period before, by unit; of what is reported less often, where it was last owed.
async fn before(
    conn: &mut Conn,
    caller: &Caller,
    movement: &Movement,
    period: &Period,
) -> Result<HashMap<UnitId, Vec<Value>>> {
    let mut earlier = movements::list_periods(conn, movement).await?;
    let reporting = &movement.versions.newest().plan.reporting;
    earlier.retain(|other| other.dates.cutoff_on < period.dates.cutoff_on && !reporting.is_base(&other.dates.code));
    let Some(last) = earlier.last() else { return Ok(HashMap::new()) };
    let owed_in = |leaf: &Period, indicator: &Indicator| {
        periods::covered(&movement.on(leaf.dates.cutoff_on).plan, indicator, leaf.dates.window()).is_some()
    };
    let indicators = &movement.on(period.dates.cutoff_on).plan.indicators;
    let seldom = indicators.iter().filter(|indicator| indicator.every.is_some() && owed_in(period, indicator));
    let seldom: HashMap<&str, Option<&Period>> =
        seldom.map(|one| (one.code.as_str(), earlier.iter().rfind(|leaf| owed_in(leaf, one)))).collect();
    let mut codes: Vec<String> = seldom.values().flatten().map(|leaf| leaf.dates.code.clone()).collect();
    codes.push(last.dates.code.clone());
    codes.sort_unstable();
    codes.dedup();
    let as_of = caller.as_of(None);
    let query = ReportQuery { periods: &codes, values: Wanted::Everything, as_of, submitted: true };
    let mut found: HashMap<UnitId, Vec<Value>> = HashMap::new();
    for report in submissions::counted_reports(conn, movement, query).await? {
        let stood = |value: &Value| {
            let leaf = seldom.get(value.indicator.as_str()).copied().unwrap_or(Some(last));
            leaf.is_some_and(|leaf| leaf.dates.code == codes[report.period])
        };
        found.entry(report.unit).or_default().extend(report.values.into_iter().filter(stood));
    }
    Ok(found)
}

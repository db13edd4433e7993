//! Forms and exports over HTTP.

use std::fmt::Display;

use actix_web::{
    HttpRequest, HttpResponse, get,
    http::header::{ACCEPT, CACHE_CONTROL, CONTENT_DISPOSITION, VARY},
    web::Data,
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    book,
    lines::{self, Line},
};
use crate::{
    app::App,
    db::Conn,
    http::{Caller, Error, Path, Query, Result},
    movements,
    submissions::{acts, store},
    units,
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
}

#[derive(Deserialize, IntoParams)]
struct TemplateQuery {
    /// Code of the period.
    #[param(example = "2025-09")]
    period: String,
    /// Code of the unit.
    #[param(example = "phong-kinh-te")]
    unit: String,
}

/// What stands in a period
///
/// The values of the reports within the caller's reach, one a line: CSV, or XLSX where `Accept` asks for it. No cell is
/// a formula; an apostrophe stands before what would be taken for one.
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
    let period = query.into_inner().period;
    let lines = app.db.read(async |conn| standing(conn, &caller, &movement, &period).await).await?;
    let asked = req.headers().get(ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    match asked.contains(XLSX) {
        true => file(XLSX, &format!("{period}.xlsx"), book::xlsx(&lines, false)),
        false => file(CSV, &format!("{period}.csv"), book::csv(&lines)),
    }
}

async fn standing(conn: &mut Conn, caller: &Caller, movement: &str, period: &str) -> Result<Vec<Line>> {
    let locality = caller.locality()?;
    let movement = movements::find(conn, locality, movement).await?;
    caller.permit()?;
    let period = movements::period(conn, &movement, period).await?;
    let history = units::history(conn, locality).await?;
    let today = history.begun_by(caller.today());
    let tops = units::scope(&today, &caller.reach(), None)?;
    let reached = tops.map(|tops| today.below(&tops));
    let (then, mut lines) = (history.begun_by(period.window.cutoff_on), Vec::new());
    for found in store::of_periods(conn, &movement, &[&period.window.code]).await? {
        let unit = then.by_id(found.unit).filter(|unit| reached.as_ref().is_none_or(|units| units.contains(&unit.id)));
        if let Some(unit) = unit {
            let place = (period.window.code.as_str(), unit.code.as_str(), unit.name.as_str());
            lines.extend(lines::said(
                place,
                &found.content.values,
                &movement.on(period.window.cutoff_on).plan.indicators,
            ));
        }
    }
    Ok(lines)
}

/// A unit's form
///
/// A spreadsheet of what the unit owes in the period, filled with what its draft says: drop-downs, checked numbers, and
/// guarded cells where nothing is to be filled in. Sent back to the import it is read as it is.
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
    let name = format!("{period}-{unit}.xlsx");
    let place = (movement.into_inner(), period, unit);
    let (desk, found) = app.db.read(async |conn| acts::open(conn, &caller, &place, false).await).await?;
    caller.permit()?;
    let values = found.map(|found| found.content.values).unwrap_or_default();
    let at = (desk.period.window.code.as_str(), desk.unit.code.as_str(), desk.unit.name.as_str());
    let lines = lines::form(at, &values, &desk.owed(), desk.indicators());
    file(XLSX, &name, book::xlsx(&lines, true))
}

/// A file to keep. Codes are what its name is made of, so it needs no quoting.
fn file(media_type: &str, name: &str, bytes: Result<Vec<u8>, impl Display>) -> Result<HttpResponse> {
    let bytes = bytes.map_err(Error::internal)?;
    Ok(HttpResponse::Ok()
        .content_type(media_type)
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .insert_header((CACHE_CONTROL, "private, no-cache"))
        .insert_header((VARY, "Authorization, Accept"))
        .body(bytes))
}

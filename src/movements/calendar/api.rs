//! Which days are worked, over HTTP.

use actix_web::{get, put, web::Data};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    store::{self, StoredYear},
    year::{Day, Year},
};
use crate::{
    app::App,
    days,
    http::{Caller, Error, IfMatch, Path, PutJson, Reply, Result, WriteRequest},
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(get_calendar).service(put_calendar);
}

/// The days of one year that differ from their weekdays.
#[derive(Serialize, ToSchema)]
struct CalendarView {
    year: i32,
    holidays: Vec<Day>,
    /// Swapped days (làm bù): weekend days that are worked.
    working_days: Vec<Day>,
    /// Null where nobody wrote the year down: then weekends alone are not worked.
    #[schema(required)]
    updated_at: Option<DateTime<Utc>>,
}

fn view(StoredYear { year, days, updated_at, .. }: StoredYear) -> CalendarView {
    let Year { holidays, working_days } = days;
    CalendarView { year, holidays, working_days, updated_at: Some(updated_at) }
}

fn reply(created: bool, stored: StoredYear) -> Result<Reply> {
    let (year, version) = (stored.year, stored.version);
    Ok(Reply::put(created, format!("/api/v1/calendar/{year}"), view(stored))?.tag(version))
}

/// Years that a day can be of; others name nothing.
fn a_year(year: i32) -> Result<i32> {
    days::is_near(year).then_some(year).ok_or_else(Error::not_found)
}

/// Calendar of a year
///
/// The holidays and swapped working days. A year without an entry is empty and has no ETag.
#[utoipa::path(tag = "organisation", responses((status = 200, description = "The year", body = CalendarView), Error))]
#[get("/calendar/{year}")]
async fn get_calendar(app: Data<App>, caller: Caller, year: Path<i32>) -> Result<Reply> {
    let (locality, year) = (caller.locality()?, a_year(*year)?);
    caller.permit()?;
    let found = app.db.read(async |conn| store::find(conn, locality, year, false).await).await?;
    match found {
        Some(found) => reply(false, found),
        None => Reply::ok(CalendarView { year, holidays: Vec::new(), working_days: Vec::new(), updated_at: None }),
    }
}

/// Replace the calendar of a year
///
/// The whole year. A movement launched later sets its due instants by it; due instants already set stay.
#[utoipa::path(
    tag = "organisation", params(IfMatch), request_body = Year,
    responses(
        (status = 200, description = "Changed", body = CalendarView),
        (status = 201, description = "Made", body = CalendarView),
        Error
    )
)]
#[put("/calendar/{year}")]
async fn put_calendar(
    app: Data<App>,
    write: WriteRequest,
    year: Path<i32>,
    if_match: IfMatch,
    body: PutJson<Year>,
) -> Result<Reply> {
    write
        .run(&app.db, async |conn, scope| {
            let (locality, year) = (scope.locality()?, a_year(*year)?);
            let actor = scope.permit()?;
            let found = store::find(conn, locality, year, true).await?;
            let version = match &found {
                Some(found) => {
                    if_match.check(found.version)?;
                    scope.before(found)?;
                    found.version + 1
                }
                None => if_match.check_absent().map(|()| 1)?,
            };
            body.compare(found.map(view))?;
            let days = body.unjudged();
            Error::check(days.check(year))?;
            let stored = StoredYear { year, days, updated_at: actor.at, version };
            store::put(conn, scope.recall()?, &stored).await?;
            scope.after(&stored)?;
            reply(version == 1, stored)
        })
        .await
}

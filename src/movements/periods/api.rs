//! Reporting periods as front ends see them. Closing one is an act of the agency, not of the clock.

use actix_web::{get, post, web::Data};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::{
    app::App,
    db::{
        events::{self, Event, EventType},
        to_text,
    },
    http::{Because, Caller, Error, IfMatch, Json, NoBody, Page, Path, Reply, Result, WriteRequest, etag},
    movements::{
        calendar, locked_store,
        movement::{Movement, Period, PeriodState, State},
        plan::PeriodRole,
        store,
    },
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(list_periods).service(close_period).service(reopen_period);
}

/// A reporting period.
#[derive(Serialize, ToSchema)]
pub struct PeriodView {
    #[schema(example = "2025-09")]
    code: String,
    starts_on: NaiveDate,
    /// Last day, included.
    cutoff_on: NaiveDate,
    /// `base`: days before the movement, whose figures targets are made of; null for a reporting period.
    #[schema(required)]
    role: Option<PeriodRole>,
    /// Reports that come later are late.
    due_at: DateTime<Utc>,
    /// Reports are taken from this day on; null where the plan names none: from the period's first day.
    #[schema(required)]
    opens_on: Option<NaiveDate>,
    /// Reports are due before the period is over: what they say by its last day are estimates.
    estimated: bool,
    /// Until this instant, or until the period is closed, a unit hands in the final figures without a reopening; null for
    /// the last period, and where no estimates are asked for.
    #[schema(required)]
    final_until: Option<DateTime<Utc>>,
    /// When reports are due by the plan, where the agency postponed it.
    #[schema(required)]
    original_due_at: Option<DateTime<Utc>>,
    /// Why it was postponed.
    #[schema(required)]
    due_reason: Option<String>,
    state: PeriodState,
    /// Why it was reopened.
    #[schema(required)]
    reason: Option<String>,
    /// ETag for closing, reopening and postponing.
    etag: String,
    allowed_actions: Vec<&'static str>,
}

/// The period as the caller sees it.
pub fn view(movement: &Movement, period: Period, caller: &Caller) -> PeriodView {
    let (action, operation) = match period.state {
        PeriodState::Closed => ("reopen", "reopen_period"),
        PeriodState::Open | PeriodState::Reopened => ("close", "close_period"),
    };
    let actions = [(action, operation), ("postpone", "postpone_period")];
    let may = |operation| movement.state == State::Launched && caller.may(operation);
    let estimated = period.is_due_early();
    let reporting = &movement.versions.newest().plan.reporting;
    PeriodView {
        role: reporting.is_base(&period.dates.code).then_some(PeriodRole::Base),
        opens_on: movement.opens_on(&period.dates),
        estimated,
        final_until: period.next_due_at.filter(|_| estimated),
        code: period.dates.code,
        starts_on: period.dates.starts_on,
        cutoff_on: period.dates.cutoff_on,
        due_at: period.dates.due_at,
        original_due_at: period.original_due_at,
        due_reason: period.due_reason,
        state: period.state,
        reason: period.reason,
        etag: etag(period.version),
        allowed_actions: actions.into_iter().filter(|(_, operation)| may(operation)).map(|(name, _)| name).collect(),
    }
}

/// Periods
///
/// The reporting periods in order of their days; before the launch, as a launch now would set them.
#[utoipa::path(tag = "movements", responses((status = 200, description = "The periods", body = Page<PeriodView>), Error))]
#[get("/movements/{movement}/periods")]
async fn list_periods(app: Data<App>, caller: Caller, movement: Path<String>) -> Result<Reply> {
    app.db
        .read(async |conn| {
            let movement = store::find(conn, caller.recall()?, &movement).await?;
            caller.permit()?;
            let stored = store::list_periods(conn, &movement).await?;
            let calendar = calendar::of_locality(conn, &movement.recall).await?;
            let periods = movement.stored_or_planned(stored, &calendar, caller.now).into_iter();
            let items = periods.map(|period| view(&movement, period, &caller)).collect();
            Reply::ok(Page::whole(items))
        })
        .await
}

/// Close a period
///
/// Afterwards a unit can only correct a submission that the agency reopens.
#[utoipa::path(tag = "movements", params(IfMatch), responses((status = 200, description = "Closed", body = PeriodView), Error))]
#[post("/movements/{movement}/periods/{period}/close")]
async fn close_period(
    app: Data<App>,
    write: WriteRequest,
    path: Path<(String, String)>,
    if_match: IfMatch,
    _: NoBody,
) -> Result<Reply> {
    change_state(app, write, path, if_match, &[PeriodState::Open, PeriodState::Reopened], |period| {
        period.state = PeriodState::Closed;
        Ok(())
    })
    .await
}

/// Changes a period that is in one of these states.
async fn change_state(
    app: Data<App>,
    write: WriteRequest,
    path: Path<(String, String)>,
    if_match: IfMatch,
    from: &[PeriodState],
    change: impl FnOnce(&mut Period) -> Result<()>,
) -> Result<Reply> {
    write
        .run(&app.db, async |conn, scope| {
            let movement = locked_store::lock(conn, scope.recall()?, &path.0).await?;
            let mut period = store::period(conn, &movement, &path.1).await?;
            scope.permit()?;
            if_match.check(period.version)?;
            movement.must_be(&[State::Launched])?;
            if !from.contains(&period.state) {
                return Err(Error::state("period_state", to_text(period.state)?));
            }
            scope.before(&period)?;
            change(&mut period)?;
            period.version += 1;
            store::update_period(conn, &movement, &period).await?;
            events::emit(conn, movement.locality, scope.now, &[event(&movement, &period)]).await?;
            scope.after(&period)?;
            let version = period.version;
            Ok(Reply::ok(view(&movement, period, scope))?.tag(version))
        })
        .await
}

/// The event of a period closed or reopened.
fn event(movement: &Movement, period: &Period) -> Event {
    let closed = period.state == PeriodState::Closed;
    let (movement, code) = (movement.code.clone(), &period.dates.code);
    Event {
        kind: if closed { EventType::PeriodClosed } else { EventType::PeriodReopened },
        subject: format!("movements/{movement}/periods/{code}"),
        data: json!({"period": code}),
        movement,
        once: None,
    }
}

/// Reopen a period
///
/// Reopens the period with a reason, which stays on record.
#[utoipa::path(tag = "movements", params(IfMatch), responses((status = 200, description = "Reopened", body = PeriodView), Error))]
#[post("/movements/{movement}/periods/{period}/reopen")]
async fn reopen_period(
    app: Data<App>,
    write: WriteRequest,
    path: Path<(String, String)>,
    if_match: IfMatch,
    body: Json<Because>,
) -> Result<Reply> {
    change_state(app, write, path, if_match, &[PeriodState::Closed], |period| {
        let reason = body.unjudged().reason;
        Error::check(reason.check("/reason").into_iter().collect())?;
        period.reason = Some(reason.into());
        period.state = PeriodState::Reopened;
        Ok(())
    })
    .await
}

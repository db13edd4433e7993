//! Movements as front ends see and move them.

use actix_web::{HttpRequest, get, post, web::Data};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    calendar, continued,
    deadlines::{Deadline, deadlines, end_of_span},
    label::label,
    launch,
    load::load,
    locked_store,
    movement::{Movement, Period, State, Stored},
    plan::Plan,
    store,
};
use crate::{
    app::App,
    db::Conn,
    http::{Caller, Error, IfMatch, Json, ListQuery, NoBody, Page, Path, Query, Reply, Result, WriteRequest},
    units,
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_movement)
        .service(list_movements)
        .service(get_movement)
        .service(launch_movement)
        .service(close_movement)
        .service(conclude_movement);
}

/// A movement.
#[derive(Serialize, ToSchema)]
pub struct MovementView {
    #[schema(example = "cchc-2025-h2")]
    code: String,
    title: String,
    #[schema(required)]
    template: Option<String>,
    state: State,
    /// First and last day.
    from: NaiveDate,
    to: NaiveDate,
    plan_version: i32,
    #[schema(required)]
    launched_at: Option<DateTime<Utc>>,
    #[schema(required)]
    closed_at: Option<DateTime<Utc>>,
    #[schema(required)]
    concluded_at: Option<DateTime<Utc>>,
    deadlines: Vec<Deadline>,
    allowed_actions: Vec<&'static str>,
}

/// The movement with its periods, [stored or planned](Movement::stored_or_planned).
fn view(movement: &Movement, periods: &[Period], caller: &Caller) -> MovementView {
    let plan = &movement.on(caller.today()).plan;
    let next: &[(&str, &str)] = match movement.state {
        State::Draft => {
            &[("launch", "launch_movement"), ("replace", "replace_movement"), ("delete", "delete_movement")]
        }
        State::Launched => &[("close", "close_movement")],
        State::Closed => &[("conclude", "conclude_movement")],
        State::Concluded => &[],
    };
    MovementView {
        code: movement.code.clone(),
        title: label(&plan.title, caller.locale),
        template: plan.template.clone(),
        state: movement.state,
        from: plan.span.from,
        to: plan.span.to,
        plan_version: movement.on(caller.today()).number,
        launched_at: movement.launched_at,
        closed_at: movement.closed_at,
        concluded_at: movement.concluded_at,
        deadlines: deadlines(movement, periods, caller.today()),
        allowed_actions: next.iter().filter(|(_, id)| caller.may(id)).map(|(action, _)| *action).collect(),
    }
}

/// Its periods, [stored or planned](Movement::stored_or_planned).
async fn periods(conn: &mut Conn, movement: &Movement, caller: &Caller) -> Result<Vec<Period>> {
    let calendar = calendar::of_locality(conn, &movement.recall).await?;
    Ok(movement.stored_or_planned(store::list_periods(conn, movement).await?, &calendar, caller.now))
}

/// Every deadline of a movement, and its end.
pub async fn all_deadlines(conn: &mut Conn, movement: &Movement, caller: &Caller) -> Result<Vec<Deadline>> {
    let periods = periods(conn, movement, caller).await?;
    let end = end_of_span(movement, caller.today());
    Ok(deadlines(movement, &periods, caller.today()).into_iter().chain([end]).collect())
}

/// The movement as the caller sees it.
pub async fn reply(conn: &mut Conn, movement: &Movement, caller: &Caller) -> Result<Reply> {
    let periods = periods(conn, movement, caller).await?;
    Ok(Reply::ok(view(movement, &periods, caller))?.tag(movement.version))
}

/// Load a plan
///
/// Creates a movement in state `draft` from a plan without errors.
#[utoipa::path(tag = "movements", responses((status = 201, description = "Made", body = MovementView), Error))]
#[post("/movements")]
async fn create_movement(app: Data<App>, write: WriteRequest, body: Json<Plan>) -> Result<Reply> {
    write
        .run(&app.db, async |conn, scope| {
            let actor = scope.permit()?;
            let plan = body.unjudged();
            load(conn, &actor, &plan).await?;
            let movement = store::find(conn, scope.recall()?, &plan.code).await?;
            scope.after(&Stored::whole(&movement))?;
            let calendar = calendar::of_locality(conn, scope.recall()?).await?;
            let view = view(&movement, &movement.stored_or_planned(Vec::new(), &calendar, scope.now), scope);
            Ok(Reply::created(format!("/api/v1/movements/{}", plan.code), view)?.tag(movement.version))
        })
        .await
}

/// Movements
///
/// The locality's movements, by code. Sort keys: `code`, `state`, `created_at`.
#[utoipa::path(
    tag = "movements", params(ListQuery),
    responses((status = 200, description = "A page", body = Page<MovementView>), Error)
)]
#[get("/movements")]
async fn list_movements(req: HttpRequest, app: Data<App>, caller: Caller, page: Query<ListQuery>) -> Result<Reply> {
    let locality = caller.permit()?.locality;
    let order = page.order(&store::SORTS)?;
    app.db
        .read(async |conn| {
            let rows = store::list(conn, caller.recall()?, &order).await?;
            let ids: Vec<_> = rows.items().map(|movement| movement.id).collect();
            let mut stored = store::periods_of(conn, locality, &ids).await?;
            let calendar = calendar::of_locality(conn, caller.recall()?).await?;
            let view = |movement: Movement| {
                let stored = stored.remove(&movement.id).unwrap_or_default();
                view(&movement, &movement.stored_or_planned(stored, &calendar, caller.now), &caller)
            };
            Page::listed(rows, &order, view)?.reply(&req)
        })
        .await
}

/// A movement
///
/// Its state, and the days left to each deadline.
#[utoipa::path(tag = "movements", responses((status = 200, description = "The movement", body = MovementView), Error))]
#[get("/movements/{movement}")]
async fn get_movement(app: Data<App>, caller: Caller, movement: Path<String>) -> Result<Reply> {
    app.db
        .read(async |conn| {
            let movement = store::find(conn, caller.recall()?, &movement).await?;
            caller.permit()?;
            reply(conn, &movement, &caller).await
        })
        .await
}

/// Launch a movement
///
/// The chair launches the movement: this checks the plan against the organisation tree, opens the reporting periods,
/// and sets their due instants.
#[utoipa::path(tag = "movements", params(IfMatch), responses((status = 200, description = "Launched", body = MovementView), Error))]
#[post("/movements/{movement}/launch")]
async fn launch_movement(
    app: Data<App>,
    write: WriteRequest,
    movement: Path<String>,
    if_match: IfMatch,
    _: NoBody,
) -> Result<Reply> {
    write
        .run(&app.db, async |conn, scope| {
            let movement = locked_store::lock(conn, scope.recall()?, &movement).await?;
            let actor = scope.permit()?;
            if_match.check(movement.version)?;
            movement.must_be(&[State::Draft])?;
            let mut movement = Movement::from(movement);
            // The tree stays as it is checked.
            units::lock_tree(conn, actor.locality).await?;
            let history = units::history_now(conn, actor.locality).await?;
            let calendar = calendar::of_locality(conn, &movement.recall).await?;
            let periods = movement.stored_or_planned(Vec::new(), &calendar, actor.at);
            let plan = &movement.versions.newest().plan;
            let mut findings = launch::check(plan, &history.on(scope.today()), scope.today());
            let later = periods.iter().map(|period| period.dates.cutoff_on).filter(|cutoff| *cutoff > scope.today());
            findings.extend(launch::check_cutoffs(plan, &history, later, &findings));
            let years = calendar::years(conn, actor.locality).await?;
            findings.extend(launch::check_calendar(periods.iter().map(|period| period.dates.due_at), &years));
            findings.extend(continued::check(conn, scope.recall()?, plan).await?);
            Error::check(findings)?;
            scope.before(&movement)?;
            store::insert_periods(conn, &movement, &periods).await?;
            movement.launched_at = Some(actor.at);
            step(conn, &mut movement, State::Launched).await?;
            scope.after(&Stored { movement: &movement, plan: None, periods: &periods })?;
            reply(conn, &movement, scope).await
        })
        .await
}

/// Close a movement
///
/// The chair closes the movement: it accepts no more reports, and the existing ones are judged.
#[utoipa::path(tag = "movements", params(IfMatch), responses((status = 200, description = "Closed", body = MovementView), Error))]
#[post("/movements/{movement}/close")]
async fn close_movement(
    app: Data<App>,
    write: WriteRequest,
    movement: Path<String>,
    if_match: IfMatch,
    _: NoBody,
) -> Result<Reply> {
    end(app, write, movement, if_match, State::Launched, State::Closed).await
}

/// Conclude a movement
///
/// The chair concludes the movement: the awards are decided, and the movement goes on record.
#[utoipa::path(tag = "movements", params(IfMatch), responses((status = 200, description = "Concluded", body = MovementView), Error))]
#[post("/movements/{movement}/conclude")]
async fn conclude_movement(
    app: Data<App>,
    write: WriteRequest,
    movement: Path<String>,
    if_match: IfMatch,
    _: NoBody,
) -> Result<Reply> {
    end(app, write, movement, if_match, State::Closed, State::Concluded).await
}

async fn end(
    app: Data<App>,
    write: WriteRequest,
    movement: Path<String>,
    if_match: IfMatch,
    from: State,
    to: State,
) -> Result<Reply> {
    write
        .run(&app.db, async |conn, scope| {
            let movement = locked_store::lock(conn, scope.recall()?, &movement).await?;
            scope.permit()?;
            if_match.check(movement.version)?;
            movement.must_be(&[from])?;
            let mut movement = Movement::from(movement);
            scope.before(&movement)?;
            // Asked now that nobody shares it: no act that it waited for is later than its end.
            let at = Some(app.clock.now());
            match to {
                State::Closed => movement.closed_at = at,
                _ => movement.concluded_at = at,
            }
            step(conn, &mut movement, to).await?;
            scope.after(&movement)?;
            reply(conn, &movement, scope).await
        })
        .await
}

async fn step(conn: &mut Conn, movement: &mut Movement, to: State) -> Result<()> {
    movement.state = to;
    movement.version += 1;
    store::update(conn, movement).await
}

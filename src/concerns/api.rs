//! Concerns: list, raise, read.

use actix_web::{HttpRequest, get, post, web::Data};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    access::{reached, shown},
    rules::{Kind, State},
    store::{self, Concern, Filter},
    view::{ConcernView, Showing},
};
use crate::{
    app::App,
    db::{ConcernId, Conn},
    finding::Finding,
    http::{
        Actor, Bounded, Caller, Error, Json, ListQuery, Page, Path, Query, Reply, Result, WriteRequest, WriteScope,
    },
    movements::{self, Movement},
    units::{self, History},
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(list_concerns).service(create_concern).service(get_concern);
}

/// A new concern.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewConcern {
    /// Code of the unit that raises the concern.
    #[schema(example = "phong-kinh-te")]
    unit: String,
    kind: Kind,
    title: Bounded<300>,
    text: Bounded<10000>,
    /// Code of the indicator concerned, if any.
    #[serde(default)]
    indicator: Option<String>,
    /// Code of the period concerned, if any.
    #[serde(default)]
    period: Option<String>,
}

#[derive(Deserialize, IntoParams)]
struct ConcernFilter {
    /// Only those in this state.
    state: Option<State>,
    /// Only those of this unit and its descendants.
    #[param(example = "phong-kinh-te")]
    unit: Option<String>,
}

/// Concerns
///
/// Newest first. Roles of a unit see the concerns of their own units. Sort keys: `raised_at`, `state`, `kind`, `title`.
#[utoipa::path(
    tag = "participation", params(ConcernFilter, ListQuery),
    responses((status = 200, description = "A page", body = Page<ConcernView>), Error)
)]
#[get("/movements/{movement}/concerns")]
async fn list_concerns(
    req: HttpRequest,
    app: Data<App>,
    caller: Caller,
    movement: Path<String>,
    filter: Query<ConcernFilter>,
    page: Query<ListQuery>,
) -> Result<Reply> {
    let order = page.order(&store::SORTS)?;
    app.db
        .read(async |conn| {
            let movement = movements::find(conn, caller.recall()?, &movement).await?;
            let history = units::history(conn, caller.recall()?).await?;
            let today = history.registered_by(caller.today());
            let units = units::units_of_scope(&today, &caller.reach(), filter.unit.as_deref())?;
            caller.permit()?;
            let rows = store::list(conn, &movement, &Filter { state: filter.state, units }, &order).await?;
            let shown: Vec<Concern> = rows.items().cloned().collect();
            let showing = Showing::of(conn, &caller, &movement.code, &history, &shown).await?;
            Page::listed(rows, &order, |concern| showing.view(concern))?.reply(&req)
        })
        .await
}

/// Raise a concern
///
/// A difficulty, a proposal or a request to change the plan, from a unit's reporter or head. Its text never changes.
#[utoipa::path(tag = "participation", responses((status = 201, description = "Raised", body = ConcernView), Error))]
#[post("/movements/{movement}/concerns")]
async fn create_concern(
    app: Data<App>,
    write: WriteRequest,
    movement: Path<String>,
    body: Json<NewConcern>,
) -> Result<Reply> {
    write
        .run(&app.db, async |conn, scope| {
            let movement = movements::share(conn, scope.recall()?, &movement).await?;
            let actor = scope.permit()?;
            movement.must_be_under_way()?;
            let history = units::history(conn, &movement.recall).await?;
            let concern = raised(conn, scope, &actor, &movement, &history, body.unjudged()).await?;
            store::insert(conn, &actor, &concern).await?;
            scope.after(&concern)?;
            shown(conn, scope, &movement.code, &history, concern, true).await
        })
        .await
}

/// The concern of a body; 422 with all findings.
async fn raised(
    conn: &mut Conn,
    scope: &WriteScope,
    actor: &Actor,
    movement: &Movement,
    history: &History,
    new: NewConcern,
) -> Result<Concern> {
    let texts = [new.title.check("/title"), new.text.check("/text")];
    let mut findings: Vec<Finding> = texts.into_iter().flatten().collect();
    let unit = units::named(history, scope, &new.unit);
    findings.extend(unit.as_ref().err().cloned());
    let known = |code: &&String| {
        let mut stated = movement.versions.iter().flat_map(|version| &version.plan.indicators);
        stated.any(|indicator| indicator.code == **code)
    };
    if let Some(code) = new.indicator.as_ref().filter(|code| !known(code)) {
        findings.push(Finding::new("/indicator", "value_indicator_unknown").with("indicator", code));
    }
    if let Some(code) = &new.period {
        let known = movements::list_periods(conn, movement).await?;
        if !known.iter().any(|period| period.dates.code == *code) {
            findings.push(Finding::new("/period", "period_unknown").with("period", code));
        }
    }
    Error::check(findings)?;
    Ok(Concern {
        id: ConcernId::new(),
        movement: movement.id,
        unit: unit.map_err(|finding| Error::of("content_invalid").because(vec![finding]))?,
        kind: new.kind,
        title: new.title.into(),
        text: new.text.into(),
        indicator: new.indicator,
        period: new.period,
        state: State::Raised,
        summary: None,
        raised_at: actor.at,
        version: 1,
    })
}

/// A concern
///
/// With its history, and the decision and the reply if they exist.
#[utoipa::path(tag = "participation", responses((status = 200, description = "The concern", body = ConcernView), Error))]
#[get("/concerns/{id}")]
async fn get_concern(app: Data<App>, caller: Caller, id: Path<Uuid>) -> Result<Reply> {
    app.db
        .read(async |conn| {
            let (concern, history) = reached(conn, &caller, ConcernId::from(*id)).await?;
            caller.permit()?;
            let movement = movements::by_id(conn, caller.recall()?, concern.movement).await?;
            shown(conn, &caller, &movement.code, &history, concern, false).await
        })
        .await
}

//! The plan as front ends read it: checked before it is loaded, whole, and by its parts.

use std::cell::Cell;

use actix_web::{
    HttpRequest, HttpResponse, Responder, get,
    http::{
        StatusCode,
        header::{ETAG, HeaderValue, VARY},
    },
    post,
    web::Data,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{Award, Group, Indicator, Plan, check::Ground, sheet};
use crate::{
    app::App,
    finding::Finding,
    http::{Caller, Error, FindingView, Locale, Page, Path, Query, Reply, Result, Unread, accepted, file},
    movements::{membership, periods::PeriodDates, store},
    tables::Format,
    units,
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .configure(sheet::routes)
        .service(lint_plan)
        .service(get_plan)
        .service(list_indicators)
        .service(get_indicator)
        .service(list_groups)
        .service(list_awards);
}

/// What lint found.
#[derive(Serialize, ToSchema)]
struct LintReport {
    /// Whether the plan may be loaded: no finding is an error.
    loadable: bool,
    /// Errors first, each group in the order of the document.
    findings: Vec<FindingView>,
    /// The reporting periods as a launch now would set them; empty while there are errors.
    periods: Vec<PeriodDates>,
}

fn report(mut findings: Vec<Finding>, periods: Vec<PeriodDates>, locale: Locale) -> LintReport {
    findings.sort_by_key(|finding| finding.warning);
    let views = findings.iter().map(|finding| FindingView::of(finding, locale)).collect();
    LintReport { loadable: findings.iter().all(|f| f.warning), findings: views, periods }
}

/// Check a plan
///
/// Lists every finding at once: errors prevent loading, warnings do not. What the units of the locality lack today, and
/// would prevent a launch, is a warning. A plan with members that do not fit is 400 with all of them, and with what is
/// found in the rest. Stores nothing.
#[utoipa::path(
    tag = "movements", request_body = Plan,
    responses((status = 200, description = "The findings", body = LintReport), Error)
)]
#[post("/plans/lint")]
async fn lint_plan(app: Data<App>, caller: Caller, body: Unread<Plan>) -> Result<Reply> {
    caller.permit()?;
    let locale = caller.locale;
    let ground = Ground::read(&app, caller).await?;
    let planned = Cell::new(Vec::new());
    let check = |plan: &Plan| {
        let (findings, periods) = ground.check(plan);
        planned.set(periods);
        findings
    };
    Reply::ok(report(body.check(check)?, planned.take(), locale))
}

#[derive(Deserialize, IntoParams)]
struct PlanVersion {
    /// A version of the plan; the one in force today when left out.
    #[param(minimum = 1, example = 1)]
    version: Option<i32>,
}

/// The plan
///
/// The movement's plan as one document, as it was loaded; as a workbook where `Accept` prefers XLSX, which
/// `POST /plans/from-sheet` reads as the same plan.
#[utoipa::path(
    tag = "movements", params(PlanVersion),
    responses(
        (status = 200, description = "The plan", content(
            (Plan = "application/json"),
            (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
        )),
        Error
    )
)]
#[get("/movements/{movement}/plan")]
async fn get_plan(
    req: HttpRequest,
    app: Data<App>,
    caller: Caller,
    movement: Path<String>,
    query: Query<PlanVersion>,
) -> Result<HttpResponse> {
    let form = accepted(&req, &["application/json", Format::Xlsx.media_type()])?;
    app.db
        .read(async |conn| {
            let movement = store::find(conn, caller.recall()?, &movement).await?;
            caller.permit()?;
            let asked = |version: &i32| movement.versions.iter().find(|known| known.number == *version);
            let in_force = || Some(movement.on(caller.today()));
            let found = query.version.as_ref().map_or_else(in_force, asked).ok_or_else(Error::not_found)?;
            // A draft that is deleted and loaded anew has its numbers anew.
            let is_sheet = form == Format::Xlsx.media_type();
            let (id, kind) = (&movement.id.to_string()[24..], if is_sheet { "-xlsx" } else { "" });
            let tag = format!("\"{}-{id}{kind}\"", found.number);
            let mut answer = Reply { etag: Some(tag.clone()), ..Reply::ok(&found.plan)? }.respond_to(&req);
            if is_sheet && answer.status() == StatusCode::OK {
                answer = file(form, &format!("{}.xlsx", found.plan.code), sheet::workbook(&found.plan))?;
                answer.headers_mut().insert(ETAG, HeaderValue::try_from(tag).map_err(Error::internal)?);
            }
            answer.headers_mut().insert(VARY, HeaderValue::from_static("Authorization, Accept, Accept-Language"));
            Ok(answer)
        })
        .await
}

#[derive(Deserialize, IntoParams)]
struct OfUnit {
    /// Only what this unit reports.
    #[param(example = "phong-kinh-te")]
    unit: Option<String>,
}

/// Indicators
///
/// The indicators of the plan; with `unit`, those that the unit reports.
#[utoipa::path(
    tag = "movements", params(OfUnit),
    responses((status = 200, description = "The indicators", body = Page<Indicator>), Error)
)]
#[get("/movements/{movement}/indicators")]
async fn list_indicators(app: Data<App>, caller: Caller, movement: Path<String>, of: Query<OfUnit>) -> Result<Reply> {
    app.db
        .read(async |conn| {
            let movement = store::find(conn, caller.recall()?, &movement).await?;
            caller.permit()?;
            let plan = &movement.on(caller.today()).plan;
            let mut items = plan.indicators.clone();
            if let Some(code) = &of.unit {
                let tree = units::tree(conn, caller.recall()?, caller.today()).await?;
                let unit = tree.by_code(code).ok_or_else(|| Error::missing("unit"))?;
                items.retain(|indicator| membership::owes(indicator, &plan.unit_sets, unit));
            }
            Reply::ok(Page::whole(items))
        })
        .await
}

/// An indicator
///
/// As the plan in force states it.
#[utoipa::path(tag = "movements", responses((status = 200, description = "The indicator", body = Indicator), Error))]
#[get("/movements/{movement}/indicators/{indicator}")]
async fn get_indicator(app: Data<App>, caller: Caller, path: Path<(String, String)>) -> Result<Reply> {
    let (movement, indicator) = path.into_inner();
    let movement = app.db.read(async |conn| store::find(conn, caller.recall()?, &movement).await).await?;
    caller.permit()?;
    let indicators = &movement.on(caller.today()).plan.indicators;
    let found = indicators.iter().find(|known| known.code == indicator).ok_or_else(|| Error::missing("indicator"))?;
    Reply::ok(found)
}

/// Groups
///
/// Who is judged by which criteria.
#[utoipa::path(tag = "movements", responses((status = 200, description = "The groups", body = Page<Group>), Error))]
#[get("/movements/{movement}/groups")]
async fn list_groups(app: Data<App>, caller: Caller, movement: Path<String>) -> Result<Reply> {
    let movement = app.db.read(async |conn| store::find(conn, caller.recall()?, &movement).await).await?;
    caller.permit()?;
    Reply::ok(Page::whole(movement.on(caller.today()).plan.groups.clone()))
}

/// Awards
///
/// The awards of the plan, with their quota and their method of ranking.
#[utoipa::path(tag = "movements", responses((status = 200, description = "The awards", body = Page<Award>), Error))]
#[get("/movements/{movement}/awards")]
async fn list_awards(app: Data<App>, caller: Caller, movement: Path<String>) -> Result<Reply> {
    let movement = app.db.read(async |conn| store::find(conn, caller.recall()?, &movement).await).await?;
    caller.permit()?;
    Reply::ok(Page::whole(movement.on(caller.today()).plan.awards.clone()))
}

//! Activities: list, record, read.

use actix_web::{HttpRequest, get, post, web::Data};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    access::{judge, reached},
    rules::{Content, Kind, State},
    store::{self, Activity, Filter},
    view::{ActivityVersion, ActivityView, view},
};
use crate::{
    app::App,
    days,
    db::ActivityId,
    http::{Caller, Error, Json, ListQuery, Page, Path, Query, Reply, Result, WriteRequest},
    movements, units,
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(list_activities).service(create_activity).service(get_activity).service(list_activity_versions);
}

/// A new activity.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewActivity {
    /// Code of the unit that held the activity.
    #[schema(example = "phong-kinh-te")]
    unit: String,
    kind: Kind,
    #[schema(min_length = 1, max_length = 300, example = "Phát thanh về nộp hồ sơ trực tuyến")]
    title: String,
    /// A day of the movement's span, not in the future.
    #[serde(deserialize_with = "days::day")]
    held_on: NaiveDate,
    #[serde(default)]
    #[schema(min_length = 1, max_length = 300, example = "Đài truyền thanh xã")]
    place: Option<String>,
    /// Number of participants or people reached.
    #[serde(default)]
    participants: Option<u32>,
    #[serde(default)]
    #[schema(min_length = 1, max_length = 10000, example = "Hai buổi, sáng và chiều")]
    description: Option<String>,
    /// Ids of evidence of the unit's reports.
    #[serde(default)]
    #[schema(max_items = 50)]
    evidence: Vec<Uuid>,
}

#[derive(Deserialize, IntoParams)]
struct ActivityFilter {
    /// Only those of this unit and its descendants.
    #[param(example = "phong-kinh-te")]
    unit: Option<String>,
    /// Only activities of this kind.
    kind: Option<Kind>,
    /// Only those in this state.
    state: Option<State>,
    /// Only activities on this day or later.
    #[serde(default, deserialize_with = "days::optional_day")]
    #[param(example = "2025-09-01")]
    from: Option<NaiveDate>,
    /// Only activities on this day or earlier.
    #[serde(default, deserialize_with = "days::optional_day")]
    #[param(example = "2025-09-30")]
    to: Option<NaiveDate>,
}

/// Activities
///
/// Newest first. Roles of a unit see the activities of their own units. Sort keys: `recorded`, `held_on`, `kind`, `state`,
/// `title`.
#[utoipa::path(
    tag = "participation", params(ActivityFilter, ListQuery),
    responses((status = 200, description = "A page", body = Page<ActivityView>), Error)
)]
#[get("/movements/{movement}/activities")]
async fn list_activities(
    req: HttpRequest,
    app: Data<App>,
    caller: Caller,
    movement: Path<String>,
    filter: Query<ActivityFilter>,
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
            let ActivityFilter { kind, state, from, to, .. } = filter.into_inner();
            let rows = store::list(conn, &movement, &Filter { kind, state, units, from, to }, &order).await?;
            Page::listed(rows, &order, |activity| view(activity, &movement.code, &history, &caller))?.reply(&req)
        })
        .await
}

/// Record an activity
///
/// A unit records its own activities; the standing agency records activities of any unit.
#[utoipa::path(tag = "participation", responses((status = 201, description = "Recorded", body = ActivityView), Error))]
#[post("/movements/{movement}/activities")]
async fn create_activity(
    app: Data<App>,
    write: WriteRequest,
    movement: Path<String>,
    body: Json<NewActivity>,
) -> Result<Reply> {
    write
        .run(&app.db, async |conn, scope| {
            let movement = movements::share(conn, scope.recall()?, &movement).await?;
            let actor = scope.permit()?;
            movement.must_be_under_way()?;
            let NewActivity { unit, kind, title, held_on, place, participants, description, evidence } =
                body.unjudged();
            let history = units::history(conn, &movement.recall).await?;
            let unit = units::named(&history, scope, &unit);
            let content = Content { kind, title, held_on, place, participants, description, evidence };
            let mut findings = judge(conn, scope, &movement, unit.as_ref().ok().copied(), &content).await?;
            findings.extend(unit.as_ref().err().cloned());
            Error::check(findings)?;
            let unit = unit.map_err(|finding| Error::of("content_invalid").because(vec![finding]))?;
            let (id, state) = (ActivityId::new(), State::Recorded);
            let activity = Activity { id, movement: movement.id, unit, state, content, version: 1 };
            store::insert(conn, &actor, &activity).await?;
            scope.after(&activity)?;
            let view = view(activity, &movement.code, &history, scope);
            Ok(Reply::created(format!("/api/v1/activities/{id}"), view)?.tag(1))
        })
        .await
}

/// An activity
///
/// The activity in its current version.
#[utoipa::path(tag = "participation", responses((status = 200, description = "The activity", body = ActivityView), Error))]
#[get("/activities/{id}")]
async fn get_activity(app: Data<App>, caller: Caller, id: Path<Uuid>) -> Result<Reply> {
    app.db
        .read(async |conn| {
            let (activity, history) = reached(conn, &caller, ActivityId::from(*id)).await?;
            caller.permit()?;
            let movement = movements::by_id(conn, caller.recall()?, activity.movement).await?;
            let version = activity.version;
            Ok(Reply::ok(view(activity, &movement.code, &history, &caller))?.tag(version))
        })
        .await
}

/// Versions of an activity
///
/// Every version with its author and the reason of the change, oldest first.
#[utoipa::path(
    tag = "participation", responses((status = 200, description = "The versions", body = Page<ActivityVersion>), Error)
)]
#[get("/activities/{id}/versions")]
async fn list_activity_versions(app: Data<App>, caller: Caller, id: Path<Uuid>) -> Result<Reply> {
    app.db
        .read(async |conn| {
            let (activity, _) = reached(conn, &caller, ActivityId::from(*id)).await?;
            caller.permit()?;
            let versions = store::versions(conn, caller.locality()?, activity.id).await?;
            Reply::ok(Page::whole(versions.into_iter().map(ActivityVersion::from).collect()))
        })
        .await
}

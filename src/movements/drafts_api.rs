//! A movement before its launch: its plan is replaced as often as needed, and it may be deleted.

use actix_web::{delete, put, web::Data};
use serde::Serialize;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    api::{MovementView, reply},
    load, locked_store,
    movement::{State, Stored},
    plan::Plan,
    store,
};
use crate::{
    app::App,
    http::{Error, IfMatch, Json, Path, Reply, Result, WriteRequest},
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(replace_movement).service(delete_movement);
}

/// Replace the plan of a draft
///
/// The plan, whole, with the code of the movement. It becomes the next version; earlier ones stay readable. After the
/// launch a plan is amended instead.
#[utoipa::path(tag = "movements", params(IfMatch), responses((status = 200, description = "Replaced", body = MovementView), Error))]
#[put("/movements/{movement}")]
async fn replace_movement(
    app: Data<App>,
    write: WriteRequest,
    movement: Path<String>,
    if_match: IfMatch,
    body: Json<Plan>,
) -> Result<Reply> {
    write
        .run(&app.db, async |conn, scope| {
            let movement = locked_store::lock(conn, scope.recall()?, &movement).await?;
            let actor = scope.permit()?;
            if_match.check(movement.version)?;
            movement.must_be(&[State::Draft])?;
            scope.before(&Stored::whole(&movement))?;
            let replaced = load::replace(conn, &actor, movement, body.unjudged()).await?;
            scope.after(&Stored::whole(&replaced))?;
            reply(conn, &replaced, scope).await
        })
        .await
}

/// What the audit log keeps of a movement that is no more.
#[derive(Serialize)]
struct Deleted<'a> {
    code: &'a str,
    state: &'static str,
}

/// Delete a draft
///
/// The movement with every version of its plan. After the launch nothing is deleted.
#[utoipa::path(tag = "movements", params(IfMatch), responses((status = 204, description = "Deleted"), Error))]
#[delete("/movements/{movement}")]
async fn delete_movement(
    app: Data<App>,
    write: WriteRequest,
    movement: Path<String>,
    if_match: IfMatch,
) -> Result<Reply> {
    write
        .run(&app.db, async |conn, scope| {
            let movement = locked_store::lock(conn, scope.recall()?, &movement).await?;
            scope.permit()?;
            if_match.check(movement.version)?;
            movement.must_be(&[State::Draft])?;
            scope.before(&Stored::whole(&movement))?;
            store::delete(conn, &movement).await?;
            scope.after(&Deleted { code: &movement.code, state: "deleted" })?;
            Ok(Reply::done())
        })
        .await
}

//! Localities: list, create.

use actix_web::{HttpRequest, get, post, web::Data};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    store,
    view::{LocalityView, NewLocality},
};
use crate::{
    app::App,
    http::{Caller, Error, Json, ListQuery, Page, Query, Reply, Result, WriteRequest},
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(list_localities).service(create_locality);
}

/// Localities
///
/// Every locality of the installation, by code. Sort keys: `code`, `name`, `kind`, `valid_from`.
#[utoipa::path(
    tag = "organisation", params(ListQuery),
    responses((status = 200, description = "A page", body = Page<LocalityView>), Error)
)]
#[get("/localities")]
async fn list_localities(req: HttpRequest, app: Data<App>, caller: Caller, page: Query<ListQuery>) -> Result<Reply> {
    caller.permit_anywhere()?;
    let order = page.order(&store::SORTS)?;
    let rows = app.db.read(async |conn| store::list(conn, &order).await).await?;
    Page::listed(rows, &order, store::Row::view)?.reply(&req)
}

/// Create a locality
///
/// Refuses a code that another locality has at present; the city closes that one first.
#[utoipa::path(tag = "organisation", responses((status = 201, description = "Created", body = LocalityView), Error))]
#[post("/localities")]
async fn create_locality(app: Data<App>, write: WriteRequest, body: Json<NewLocality>) -> Result<Reply> {
    write
        .run(&app.db, async |conn, scope| {
            scope.permit_anywhere()?;
            let new = body.valid()?;
            if let Some(misfit) = new.misfit() {
                return Err(Error::of("content_invalid").because(vec![misfit]));
            }
            let row = store::insert(conn, &new, scope.now).await?;
            scope.set_subject(format!("localities/{}", row.code));
            scope.after(&row)?;
            Reply::created("/api/v1/localities".into(), row.view())
        })
        .await
}

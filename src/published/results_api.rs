//! The published results of a movement.

use actix_web::{get, web::Data};
use sha2::{Digest, Sha256};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{store, view::ResultsView};
use crate::{
    app::App,
    canonical::hex,
    http::{Error, Path, Reply, Result},
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(get_public_awards);
}

/// Published results
///
/// The awards of a movement, for anybody, from its launch on; `results` is null before there are any. What was revoked stays,
/// as such.
#[utoipa::path(tag = "awards", responses((status = 200, description = "The awards", body = ResultsView), Error))]
#[get("/public/localities/{locality}/movements/{movement}/awards")]
async fn get_public_awards(app: Data<App>, path: Path<(String, String)>) -> Result<Reply> {
    let (locality, movement) = path.into_inner();
    let found = app.db.snapshot(async |conn| store::results(conn, &locality, &movement).await).await?;
    let reply = Reply::ok(found.ok_or_else(|| Error::missing("movement"))?)?;
    let tag = format!("\"{}\"", &hex(&Sha256::digest(&reply.body))[..16]);
    Ok(Reply { etag: Some(tag), ..reply }.shared())
}

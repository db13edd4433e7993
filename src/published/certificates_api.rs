//! Whether a certificate stands, the certificate as a credential, and the list of those that no longer stand.

use std::time::Duration;

use actix_web::{get, web::Data};
use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use tokio::time::{Instant, sleep_until};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    credential::{Claim, credential, status_credential},
    status_list::encoded,
    store::{self, Issued},
    view::CertificateView,
};
use crate::{
    app::App,
    http::{Error, Path, Reply, Result},
};

/// No answer about a code comes sooner, so that its time tells nothing of the code.
const LEAST: Duration = Duration::from_millis(50);
/// Codes are shorter; a longer text is none.
const CODE_MOST: usize = 64;

pub fn routes(config: &mut ServiceConfig) {
    config.service(get_certificate).service(get_credential).service(get_status_list);
}

/// Whether a certificate stands
///
/// For anybody who has its code, as the QR on the paper does: `valid`, `revoked` or `replaced`, and the published fields.
#[utoipa::path(tag = "awards", responses((status = 200, description = "The certificate", body = CertificateView), Error))]
#[get("/public/certificates/{code}")]
async fn get_certificate(app: Data<App>, code: Path<String>) -> Result<Reply> {
    Ok(Reply::ok(find(&app, &code).await?.view)?.hidden())
}

/// A certificate as a credential
///
/// In the data shape of Open Badges 3.0 (no conformance is claimed), with a Data Integrity proof `eddsa-jcs-2022` by a key of
/// `GET /.well-known/did.json`, and its place in a list of revoked ones (W3C Bitstring Status List 1.0).
#[utoipa::path(tag = "awards", responses((status = 200, description = "The credential", body = Object), Error))]
#[get("/public/certificates/{code}/credential")]
async fn get_credential(app: Data<App>, code: Path<String>) -> Result<Reply> {
    let Issued { view, position } = find(&app, &code).await?;
    let published_at = view.published_at;
    let claim =
        Claim { service: app.config.service_url(), did: app.sealer.did(), certificate: &view, position, published_at };
    Ok(proved(&app, credential(&claim), published_at).await?.hidden())
}

/// Certificates that no longer stand
///
/// The bits of 131,072 certificates, by `statusListIndex` of their credentials, as a credential of its own.
#[utoipa::path(tag = "awards", responses((status = 200, description = "The list", body = Object), Error))]
#[get("/public/status-lists/{list}")]
async fn get_status_list(app: Data<App>, list: Path<u32>) -> Result<Reply> {
    let list = i64::from(*list);
    let found = app.db.read(async |conn| store::revoked(conn, list).await).await?;
    let (gone, changed_at) = found.filter(|_| list > 0).ok_or_else(|| Error::missing("list"))?;
    let bits = encoded(gone).map_err(Error::internal)?;
    let credential = status_credential(app.config.service_url(), app.sealer.did(), list, &bits, changed_at);
    Ok(proved(&app, credential, changed_at).await?.shared())
}

/// The published certificate of a code (404), after the same time whatever the code.
async fn find(app: &App, code: &str) -> Result<Issued> {
    let answer_at = Instant::now() + LEAST;
    let code: String = code.chars().take(CODE_MOST).collect();
    let found = app.db.read(async |conn| store::certificate(conn, &code).await).await;
    sleep_until(answer_at).await;
    found?.ok_or_else(|| Error::missing("code"))
}

async fn proved(app: &App, document: Map<String, Value>, at: DateTime<Utc>) -> Result<Reply> {
    let signer = app.db.tx(async |conn| app.sealer.signer(conn, at).await).await?;
    let proof = signer.prove(&document)?;
    let mut document = document;
    document.insert("proof".to_owned(), serde_json::to_value(proof).map_err(Error::internal)?);
    Reply::ok(document)
}

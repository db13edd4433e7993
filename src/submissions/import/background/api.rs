//! Imports that are done later, over HTTP (RFC 7240: `Prefer: respond-async`).

use actix_web::{get, http::header::HeaderMap, web::Data};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    job::RunImport,
    store::{self, ImportRequest, ImportState, ImportStatus},
};
use crate::{
    app::App,
    canonical::hex,
    db::ImportId,
    http::{Authority, Caller, Error, Grant, Path, Problem, Reply, Result, Scope, Upload, WriteRequest},
    jobs,
    movements::{self, State},
    submissions::import::{
        order::{BODY_MOST, Order},
        view::ImportAnswer,
    },
    tables::Format,
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(get_import);
}

/// An import that is done after the request that asked for it.
#[derive(Serialize, ToSchema)]
pub struct ImportJob {
    id: ImportId,
    #[schema(example = "cchc-2025-h2")]
    movement: String,
    state: ImportState,
    /// Rows read.
    received: i32,
    /// Rows dealt with, of those read.
    done: i32,
    asked_at: DateTime<Utc>,
    #[schema(required)]
    ended_at: Option<DateTime<Utc>>,
    /// What would have been answered at once, where it is done.
    #[schema(required, value_type = Option<ImportAnswer>)]
    result: Option<Value>,
    /// What would have been answered at once, where it failed.
    #[schema(required, value_type = Option<Problem>)]
    problem: Option<Value>,
}

impl ImportJob {
    fn of(id: ImportId, status: ImportStatus) -> Self {
        let ImportStatus { movement, state, received, done, answer, asked_at, ended_at } = status;
        let (result, problem) = match state {
            ImportState::Failed => (None, answer),
            _ => (answer, None),
        };
        Self { id, movement, state, received, done, asked_at, ended_at, result, problem }
    }
}

/// Whether the client would rather be answered before the work is done.
pub fn is_preferred(headers: &HeaderMap) -> bool {
    let preferences = headers.get_all("Prefer").filter_map(|value| value.to_str().ok()).flat_map(|all| all.split(','));
    let mut names = preferences.map(|preference| preference.split([';', '=']).next().unwrap_or_default().trim());
    names.any(|name| name.eq_ignore_ascii_case("respond-async"))
}

/// Whether the caller's rights can be read anew without them. Those that an outside issuer's token gives cannot.
pub fn can_be_asked_again(caller: &Caller) -> bool {
    caller.account.sign_in.is_some() || !scopes(caller).is_empty()
}

/// A machine's scopes.
fn scopes(caller: &Caller) -> Vec<Scope> {
    let scope = |grant: &Grant| match grant.held {
        Authority::Scope(scope) => Some(scope),
        Authority::Role(_) => None,
    };
    caller.grants.iter().filter_map(scope).collect()
}

/// Keeps what was sent, and asks for the import in the same transaction.
pub async fn accept(
    app: &App,
    write: WriteRequest,
    order: Order,
    format: Format,
    sent: Upload<BODY_MOST>,
) -> Result<Reply> {
    let request = write.request_id();
    write
        .run(&app.db, async |conn, scope| {
            let locality = scope.locality()?;
            let movement = movements::share(conn, scope.recall()?, &order.movement).await?;
            let actor = scope.permit()?;
            movement.must_be(&[State::Launched])?;
            let (id, sha256) = (ImportId::new(), hex(&sent.sha256));
            let (scopes, locale) = (scopes(scope), scope.locale);
            let import = ImportRequest { order, format, size: sent.size, sha256, scopes, locale, request };
            store::insert(conn, &actor, id, movement.id, &import, sent.file).await?;
            jobs::enqueue(conn, app, &RunImport { locality, id }).await?;
            scope.after(&import)?;
            let found = store::find(conn, locality, id, actor.account).await?.ok_or_else(Error::not_found)?;
            Reply::accepted(format!("/api/v1/imports/{id}"), ImportJob::of(id, found))
        })
        .await
}

/// Status of an import
///
/// The progress and the result of an import that was asked for with `Prefer: respond-async`. Only its requester sees it,
/// for a month after its end; for everybody else it does not exist.
#[utoipa::path(tag = "submissions", responses((status = 200, description = "The import", body = ImportJob), Error))]
#[get("/imports/{id}")]
async fn get_import(app: Data<App>, caller: Caller, id: Path<Uuid>) -> Result<Reply> {
    app.db
        .read(async |conn| {
            let (locality, id) = (caller.locality()?, ImportId::from(*id));
            let found = store::find(conn, locality, id, caller.account.id).await?.ok_or_else(Error::not_found)?;
            caller.permit()?;
            Reply::ok(ImportJob::of(id, found))
        })
        .await
}

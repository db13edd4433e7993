//! The holds of a nomination: when each began and ended, by whom and why.

use actix_web::{HttpRequest, get, web::Data};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    api::READ_HOLD,
    found_store::{self, HoldAct},
    place::{NominationPath, place},
    rules::Hold,
    store,
};
use crate::{
    app::App,
    http::{Caller, Error, Page, Path, Reply, Result, record_reading},
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(list_holds);
}

/// A hold, from its beginning to its release.
#[derive(Serialize, ToSchema)]
struct HoldView {
    #[schema(example = "Đang xác minh đơn khiếu nại")]
    reason: String,
    /// The document or the authority.
    #[schema(example = "Công văn số 15/TTr ngày 01/12/2025")]
    source: String,
    held_at: DateTime<Utc>,
    #[schema(example = "phong-vhxh-1")]
    held_by: String,
    /// Null: it stands.
    #[schema(required)]
    released_at: Option<DateTime<Utc>>,
    #[schema(required, example = "phong-vhxh-2")]
    released_by: Option<String>,
    #[schema(required, example = "Đã kết luận: không vi phạm")]
    release_reason: Option<String>,
}

/// Holds of a nomination
///
/// Every hold with its reason and source, and its release, oldest first. Each reading is recorded.
#[utoipa::path(
    tag = "awards", params(NominationPath),
    responses((status = 200, description = "The holds", body = Page<HoldView>), Error)
)]
#[get("/movements/{movement}/awards/{award}/nominations/{candidate}/holds")]
async fn list_holds(req: HttpRequest, app: Data<App>, caller: Caller, path: Path<NominationPath>) -> Result<Reply> {
    app.db
        .read(async |conn| {
            let place = place(conn, &caller, &path).await?;
            let found = store::find(conn, &place.movement, &place.award.code, place.candidate).await?;
            let nomination = found.ok_or_else(|| Error::missing("nomination"))?;
            let locality = caller.permit()?.locality;
            let acts = found_store::hold_acts(conn, locality, nomination.id).await?;
            if !acts.is_empty() {
                record_reading(conn, &req, &caller, READ_HOLD, vec![path.subject()]).await?;
            }
            Reply::ok(Page::whole(holds(acts)))
        })
        .await
}

/// A release ends the hold before it.
fn holds(acts: Vec<HoldAct>) -> Vec<HoldView> {
    let mut holds: Vec<HoldView> = Vec::new();
    for HoldAct { began, at, by, reason } in acts {
        match (began, holds.last_mut()) {
            (Some(Hold { reason, source }), _) => holds.push(HoldView {
                reason,
                source,
                held_at: at,
                held_by: by,
                released_at: None,
                released_by: None,
                release_reason: None,
            }),
            (None, Some(last)) => {
                (last.released_at, last.released_by, last.release_reason) = (Some(at), Some(by), reason)
            }
            (None, None) => {}
        }
    }
    holds
}

//! Events: the list for programs that follow.

use actix_web::{HttpRequest, get, web::Data};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    numbering::number,
    store::{self, EventsQuery, Numbered},
};
use crate::{
    app::App,
    db::events::EventType,
    http::{Caller, Error, Page, PageQuery, Query, Reply, Result},
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(list_events);
}

/// A domain event.
#[derive(Serialize, ToSchema)]
#[schema(as = Event)]
struct EventView {
    /// Sequence number in the locality: from 1, without gaps, never changed.
    seq: i64,
    id: Uuid,
    r#type: EventType,
    #[schema(example = "cchc-2025-h2")]
    movement: String,
    /// Path of the subject below `/api/v1`.
    #[schema(example = "movements/cchc-2025-h2/submissions/2025-09/phong-kinh-te")]
    subject: String,
    occurred_at: DateTime<Utc>,
    /// Facts about the subject, by type of event; no personal data.
    #[schema(value_type = Object, example = json!({"period": "2025-09", "unit": "phong-kinh-te", "revision": 1}))]
    data: Value,
}

impl From<Numbered> for EventView {
    fn from(row: Numbered) -> Self {
        let Numbered { seq, id, kind, movement, subject, occurred_at, data } = row;
        Self { seq, id, r#type: kind, movement, subject, occurred_at, data }
    }
}

#[derive(Deserialize, IntoParams)]
struct EventFilter {
    /// Only events with a greater number; give the last number read.
    #[param(minimum = 0, example = 4711)]
    after: Option<i64>,
    /// Only events of this type.
    r#type: Option<EventType>,
    /// Only events of this movement.
    #[param(example = "cchc-2025-h2")]
    movement: Option<String>,
}

/// Events
///
/// Domain events in the order of their numbers. A client that gives the last number read as `after` misses nothing: an
/// event that commits late gets a later number. There is no other order.
#[utoipa::path(
    tag = "events", params(EventFilter, PageQuery),
    responses((status = 200, description = "A page", body = Page<EventView>), Error)
)]
#[get("/events")]
async fn list_events(
    req: HttpRequest,
    app: Data<App>,
    caller: Caller,
    filter: Query<EventFilter>,
    page: Query<PageQuery>,
) -> Result<Reply> {
    let locality = caller.locality()?;
    caller.permit()?;
    let (limit, cursor) = (page.limit()?, page.after()?.unwrap_or(0));
    let EventFilter { after, r#type, movement } = filter.into_inner();
    if after.is_some_and(|after| after < 0) {
        return Err(Error::of("query_invalid").at("/after", "number_negative"));
    }
    let asked = EventsQuery { kind: r#type, movement, after: after.unwrap_or(0).max(cursor), limit: limit + 1 };
    number(&app.db, locality).await?;
    let rows = app.db.read(async |conn| store::after(conn, locality, asked).await).await?;
    Page::of(rows, limit, |row| row.seq, EventView::from)?.reply(&req)
}

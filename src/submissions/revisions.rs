//! What was handed in, revision by revision: frozen for good, each with what became of it.

use actix_web::{get, web::Data};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    acts_store,
    content::OnBehalf,
    desk::{self, Desk},
    diff_api,
    known::Event,
    revisions_store::{self, Revision},
    rules::Action,
    store::Submission,
    value::Value,
    view::{AsOf, RevisionFate},
};
use crate::{
    app::App,
    db::Conn,
    http::{Caller, Error, Page, Path, Query, Reply, Result},
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(list_revisions).configure(diff_api::routes).service(get_revision);
}

/// One hand-in.
#[derive(Serialize, ToSchema)]
struct RevisionSummary {
    #[schema(example = 1)]
    revision: i32,
    submitted_at: DateTime<Utc>,
    #[schema(example = "phong-kinh-te-tt")]
    submitted_by: String,
    #[schema(required)]
    on_behalf: Option<OnBehalf>,
    /// The last act on it; null while it waits.
    #[schema(required)]
    fate: Option<RevisionFate>,
}

/// One hand-in with what it said.
#[derive(Serialize, ToSchema)]
struct RevisionView {
    #[serde(flatten)]
    summary: RevisionSummary,
    #[schema(required)]
    narrative: Option<String>,
    values: Vec<Value>,
}

fn summary(revision: &Revision, submitted_by: String, events: &[Event]) -> Result<RevisionSummary> {
    let on_behalf = revision.on_behalf.clone().map(serde_json::from_value::<OnBehalf>).transpose();
    let fate = events
        .iter()
        .rev()
        .find(|e| e.revision == revision.revision && !matches!(e.action, Action::Submit | Action::Excuse));
    Ok(RevisionSummary {
        revision: revision.revision,
        submitted_at: revision.submitted_at,
        submitted_by,
        on_behalf: on_behalf.map_err(Error::internal)?,
        fate: fate.map(RevisionFate::of).transpose()?,
    })
}

/// Every hand-in and act by an instant, oldest first.
async fn by(
    conn: &mut Conn,
    desk: &Desk,
    found: &Submission,
    as_of: DateTime<Utc>,
) -> Result<(Vec<(Revision, String)>, Vec<Event>)> {
    let locality = desk.movement.locality;
    let mut revisions = revisions_store::list(conn, locality, found.id).await?;
    revisions.retain(|(revision, _)| revision.submitted_at <= as_of);
    let mut events = acts_store::list(conn, locality, found.id).await?;
    events.retain(|event| event.at <= as_of);
    Ok((revisions, events))
}

/// Revisions
///
/// Every hand-in of the submission, oldest first; with `as_of` those of then, each with what had become of it.
#[utoipa::path(
    tag = "submissions", params(AsOf),
    responses((status = 200, description = "The revisions", body = Page<RevisionSummary>), Error)
)]
#[get("/movements/{movement}/submissions/{period}/{unit}/revisions")]
async fn list_revisions(
    app: Data<App>,
    caller: Caller,
    place: Path<(String, String, String)>,
    asked: Query<AsOf>,
) -> Result<Reply> {
    app.db
        .snapshot(async |conn| {
            let (desk, found) = desk::read(conn, &caller, &place).await?;
            let (revisions, events) = by(conn, &desk, &found, caller.as_of(asked.as_of)).await?;
            let items: Result<Vec<_>> = revisions.into_iter().map(|(r, by)| summary(&r, by, &events)).collect();
            Reply::ok(Page { items: items?, next_cursor: None })
        })
        .await
}

/// A revision
///
/// What was handed in then, as it was; with `as_of`, with what had become of it by then.
#[utoipa::path(
    tag = "submissions", params(AsOf),
    responses((status = 200, description = "The revision", body = RevisionView), Error)
)]
#[get("/movements/{movement}/submissions/{period}/{unit}/revisions/{revision}")]
async fn get_revision(
    app: Data<App>,
    caller: Caller,
    path: Path<(String, String, String, i32)>,
    asked: Query<AsOf>,
) -> Result<Reply> {
    let (movement, period, unit, number) = path.into_inner();
    let place = (movement, period, unit);
    app.db
        .snapshot(async |conn| {
            let (desk, found) = desk::read(conn, &caller, &place).await?;
            let (revisions, events) = by(conn, &desk, &found, caller.as_of(asked.as_of)).await?;
            let (revision, by) =
                revisions.into_iter().find(|(r, _)| r.revision == number).ok_or_else(Error::not_found)?;
            let values = revisions_store::values_of(conn, desk.movement.locality, found.id, number).await?;
            let summary = summary(&revision, by, &events)?;
            // What it says never changes, what becomes of it does.
            let version = events.last().map_or(number, |event| event.version);
            Ok(Reply::ok(RevisionView { summary, narrative: revision.narrative, values })?.tag(version))
        })
        .await
}

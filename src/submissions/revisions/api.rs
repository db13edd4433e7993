//! What was handed in, revision by revision: frozen for good, each with what became of it.

use actix_web::{get, web::Data};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::store::{self, Revision};
use crate::{
    app::App,
    db::{Conn, LocalityId, SubmissionId, to_text},
    http::{Caller, Error, Page, Path, Query, Reply, Result},
    submissions::{
        content::OnBehalf,
        history::{self, Event},
        lifecycle::Action,
        position::{self, ReportPath, ReportPosition},
        store::Submission,
        value::Value,
        view::AsOf,
    },
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(list_revisions).service(get_revision);
}

/// One hand-in.
#[derive(Serialize, ToSchema)]
pub struct RevisionSummary {
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

/// What became of a revision: the last act on it but its submit.
#[derive(Serialize, ToSchema)]
struct RevisionFate {
    #[schema(example = "approve")]
    action: String,
    at: DateTime<Utc>,
    #[schema(example = "phong-vhxh-2")]
    by: String,
    #[schema(required)]
    reason: Option<String>,
}

impl RevisionFate {
    fn of(event: &Event) -> Result<Self> {
        let (by, reason) = (event.actor.clone(), event.reason.clone());
        Ok(Self { action: to_text(event.action)?, at: event.at, by, reason })
    }
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

/// The newest hand-ins, the newest first, each with its outcome.
pub async fn newest(
    conn: &mut Conn,
    locality: LocalityId,
    id: SubmissionId,
    events: &[Event],
    most: usize,
) -> Result<Vec<RevisionSummary>> {
    let revisions = store::list(conn, locality, id).await?.into_iter().rev().take(most);
    revisions.map(|(revision, by)| summary(&revision, by, events)).collect()
}

/// Every hand-in and act by an instant, oldest first.
async fn by(
    conn: &mut Conn,
    position: &ReportPosition,
    found: &Submission,
    as_of: DateTime<Utc>,
) -> Result<(Vec<(Revision, String)>, Vec<Event>)> {
    let locality = position.movement.locality;
    let mut revisions = store::list(conn, locality, found.id).await?;
    revisions.retain(|(revision, _)| revision.submitted_at <= as_of);
    let mut events = history::list(conn, locality, found.id).await?;
    events.retain(|event| event.at <= as_of);
    Ok((revisions, events))
}

/// Revisions
///
/// Every revision of the submission, oldest first, each with its outcome; with `as_of` as of that instant.
#[utoipa::path(
    tag = "submissions", params(AsOf, ReportPath),
    responses((status = 200, description = "The revisions", body = Page<RevisionSummary>), Error)
)]
#[get("/movements/{movement}/submissions/{period}/{unit}/revisions")]
async fn list_revisions(app: Data<App>, caller: Caller, path: Path<ReportPath>, asked: Query<AsOf>) -> Result<Reply> {
    caller
        .snapshot(&app.db, async |conn, caller| {
            let (position, found) = position::read(conn, caller, &path).await?;
            let (revisions, events) = by(conn, &position, &found, caller.as_of(asked.as_of)).await?;
            let items: Result<Vec<_>> = revisions.into_iter().map(|(r, by)| summary(&r, by, &events)).collect();
            Reply::ok(Page::whole(items?))
        })
        .await
}

/// A revision as a path names it.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
struct RevisionPath {
    movement: String,
    period: String,
    unit: String,
    revision: i32,
}

/// A revision
///
/// The revision as submitted; with `as_of`, with its outcome by then.
#[utoipa::path(
    tag = "submissions", params(AsOf, RevisionPath),
    responses((status = 200, description = "The revision", body = RevisionView), Error)
)]
#[get("/movements/{movement}/submissions/{period}/{unit}/revisions/{revision}")]
async fn get_revision(app: Data<App>, caller: Caller, path: Path<RevisionPath>, asked: Query<AsOf>) -> Result<Reply> {
    let RevisionPath { movement, period, unit, revision: number } = path.into_inner();
    let path = ReportPath { movement, period, unit };
    caller
        .snapshot(&app.db, async |conn, caller| {
            let (position, found) = position::read(conn, caller, &path).await?;
            let (revisions, events) = by(conn, &position, &found, caller.as_of(asked.as_of)).await?;
            let (revision, by) =
                revisions.into_iter().find(|(r, _)| r.revision == number).ok_or_else(Error::not_found)?;
            let values = store::values_of(conn, position.movement.locality, found.id, number).await?;
            let summary = summary(&revision, by, &events)?;
            // What it says never changes, what becomes of it does.
            let version = events.last().map_or(number, |event| event.version);
            Ok(Reply::ok(RevisionView { summary, narrative: revision.narrative, values })?.tag(version))
        })
        .await
}

//! What one hand-in changed against another, over HTTP.

use actix_web::{get, web::Data};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    diff::{Change, diff},
    store,
};
use crate::{
    app::App,
    http::{Caller, Error, Locale, Path, Query, Reply, Result},
    movements::{label, plan::Plan},
    submissions::{
        content::Content,
        position::{self, ReportPath},
    },
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(compare_revisions);
}

#[derive(Deserialize, IntoParams)]
struct CompareQuery {
    /// Number of the earlier revision, 0 for what was before the first; the one before `to` when left out.
    #[param(minimum = 0)]
    from: Option<i32>,
    /// Number of the later revision; the newest when left out.
    #[param(minimum = 1)]
    to: Option<i32>,
}

/// What differs between two hand-ins.
#[derive(Serialize, ToSchema)]
struct RevisionDiff {
    from: i32,
    to: i32,
    changes: Vec<RevisionChange>,
}

/// One member that differs; null where it is not said.
#[derive(Serialize, ToSchema)]
struct RevisionChange {
    /// JSON Pointer into a report whose values stand under their indicators and fields.
    #[schema(example = "/values/CCHC-05/tnmt/numerator")]
    pointer: String,
    /// Null for what is said of the whole report.
    #[schema(required, example = "CCHC-05")]
    indicator: Option<String>,
    #[schema(required, example = "Tỷ lệ hồ sơ giải quyết đúng hạn")]
    indicator_name: Option<String>,
    #[schema(required, example = "tnmt")]
    field: Option<String>,
    #[schema(required, example = "Tài nguyên và môi trường")]
    field_name: Option<String>,
    #[schema(example = "numerator")]
    member: String,
    #[schema(required)]
    from: Value,
    #[schema(required)]
    to: Value,
}

impl RevisionChange {
    fn of(change: Change, plan: &Plan, locale: Locale) -> Self {
        let indicator = plan.indicators.iter().find(|known| Some(&known.code) == change.indicator.as_ref());
        let field = plan.fields.iter().find(|known| Some(&known.code) == change.field.as_ref());
        Self {
            pointer: change.pointer(),
            indicator_name: indicator.map(|indicator| label(&indicator.name, locale)),
            field_name: field.map(|field| label(&field.name, locale)),
            indicator: change.indicator,
            field: change.field,
            member: change.member,
            from: change.from,
            to: change.to,
        }
    }
}

/// Compare revisions
///
/// The differences of a later revision from an earlier one, figure by figure; by default the newest against the one
/// before it.
#[utoipa::path(
    tag = "submissions", params(CompareQuery, ReportPath),
    responses((status = 200, description = "What differs", body = RevisionDiff), Error)
)]
#[get("/movements/{movement}/submissions/{period}/{unit}/revisions/diff")]
async fn compare_revisions(
    app: Data<App>,
    caller: Caller,
    path: Path<ReportPath>,
    asked: Query<CompareQuery>,
) -> Result<Reply> {
    caller
        .snapshot(&app.db, async |conn, caller| {
            let (position, found) = position::read(conn, caller, &path).await?;
            let locality = position.movement.locality;
            let to = asked.to.unwrap_or(found.revision);
            let from = asked.from.unwrap_or(to - 1);
            let revisions = store::list(conn, locality, found.id).await?;
            let known = |number: i32| revisions.iter().any(|(revision, _)| revision.revision == number);
            if !known(to) || from != 0 && !known(from) {
                return Err(Error::not_found());
            }
            let before = match from {
                0 => Content::default(),
                _ => store::content(conn, locality, found.id, from).await?,
            };
            let after = store::content(conn, locality, found.id, to).await?;
            let plan = &position.movement.on(position.period.dates.cutoff_on).plan;
            let changes = diff(&before, &after).map_err(Error::internal)?.into_iter();
            let changes = changes.map(|change| RevisionChange::of(change, plan, caller.locale));
            let changes = changes.collect();
            Reply::ok(RevisionDiff { from, to, changes })
        })
        .await
}

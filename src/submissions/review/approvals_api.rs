//! Many approvals at once, each judged by itself.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use actix_web::{post, web::Data};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use crate::{
    app::App,
    db::{Conn, UnitId},
    finding::Finding,
    http::{Caller, Error, IfMatch, Json, Locale, Path, Reply, Result, WriteRequest, WriteScope, entry},
    movements::{self, Movement},
    submissions::{
        commands::{self, Decided},
        content::Why,
        history,
        lifecycle::Action,
        position::ReportPosition,
        positions::ReportPositions,
        store::{self, Submission},
    },
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(approve_submissions);
}

/// Submissions to approve.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct Approvals {
    #[validate(length(min = 1, max = 200))]
    #[schema(min_items = 1, max_items = 200)]
    items: Vec<Approval>,
}

/// A submission to approve as it was seen.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Approval {
    #[schema(example = "2025-09")]
    period: String,
    #[schema(example = "phong-kinh-te")]
    unit: String,
    /// Of the version seen.
    #[schema(example = "\"2\"")]
    etag: String,
}

/// What became of each, in the order asked.
#[derive(Serialize, ToSchema)]
struct ApprovalsAnswer {
    approved: usize,
    refused: usize,
    items: Vec<ApprovalAnswer>,
}

#[derive(Serialize, ToSchema)]
struct ApprovalAnswer {
    #[schema(example = "2025-09")]
    period: String,
    #[schema(example = "phong-kinh-te")]
    unit: String,
    /// As a request for this one alone would have been answered.
    status: u16,
    /// Of the approved version; null where it was refused.
    #[schema(required, example = "\"3\"")]
    etag: Option<String>,
    /// Why it was refused.
    #[schema(required, example = "four_eyes")]
    code: Option<String>,
    #[schema(required, example = "Người đã gửi hoặc đề nghị không được tự duyệt")]
    message: Option<String>,
}

impl ApprovalAnswer {
    fn of(asked: &Approval, became: &Result<Decided>, locale: Locale) -> Self {
        let (period, unit) = (asked.period.clone(), asked.unit.clone());
        match became {
            Ok(decided) => {
                let etag = Some(crate::http::etag(decided.after.version));
                Self { period, unit, status: 200, etag, code: None, message: None }
            }
            Err(error) => {
                let entry = entry(error.code());
                let message = Some(error.message(locale));
                Self { period, unit, status: entry.status, etag: None, code: Some(entry.code.clone()), message }
            }
        }
    }
}

/// Approve submissions
///
/// Up to 200 at once, each by itself: those that cannot be approved are listed with the reason, and the others are
/// approved.
#[utoipa::path(
    tag = "submissions",
    responses((status = 207, description = "What became of each, or what would", body = ApprovalsAnswer), Error)
)]
#[post("/movements/{movement}/submissions/approvals")]
async fn approve_submissions(
    app: Data<App>,
    write: WriteRequest,
    movement: Path<String>,
    body: Json<Approvals>,
) -> Result<Reply> {
    write.run(&app.db, async |conn, scope| approve(conn, scope, &movement, body).await).await
}

async fn approve(conn: &mut Conn, scope: &WriteScope, movement: &str, body: Json<Approvals>) -> Result<Reply> {
    let movement = movements::share_with_tree(conn, scope.recall()?, movement).await?;
    scope.permit()?;
    let items = each_once(body)?;
    let judged = judge(conn, scope, &movement, &items).await?;
    let decided: Vec<&Decided> = judged.iter().flatten().collect();
    commands::apply(conn, &movement, Action::Approve, &Why::default(), &decided).await?;
    let place = |decided: &Decided| format!("{}/{}", decided.after.period, decided.position.unit.code);
    let base = format!("movements/{}/submissions", movement.code);
    let by_place = |of: fn(&Decided) -> &Submission| -> BTreeMap<String, &Submission> {
        decided.iter().map(|decided| (place(decided), of(decided))).collect()
    };
    scope.also_names(decided.iter().map(|decided| format!("{base}/{}", place(decided))));
    scope.before(&by_place(|decided| &decided.before))?;
    scope.after(&by_place(|decided| &decided.after))?;
    scope.set_subject(base);
    answer(&items, &judged, scope.locale)
}

/// The items, each named once (422).
fn each_once(body: Json<Approvals>) -> Result<Vec<Approval>> {
    let items = body.valid()?.items;
    let mut named = BTreeSet::new();
    let twice = |(at, item): (usize, &Approval)| {
        let new = named.insert((item.period.clone(), item.unit.clone()));
        (!new).then(|| Finding::new(format!("/items/{at}"), "named_twice"))
    };
    Error::check(items.iter().enumerate().filter_map(twice).collect())?;
    Ok(items)
}

/// Each by itself, of what is looked up and locked at once.
async fn judge(
    conn: &mut Conn,
    caller: &Caller,
    movement: &Movement,
    items: &[Approval],
) -> Result<Vec<Result<Decided>>> {
    let positions = ReportPositions::open(conn, caller, movement).await?;
    let named: Vec<Option<ReportPosition>> =
        items.iter().map(|item| positions.find(&item.period, &item.unit).ok()).collect();
    let places: Vec<(&str, UnitId)> = items
        .iter()
        .zip(&named)
        .filter_map(|(item, position)| Some((&*item.period, position.as_ref()?.unit.id)))
        .collect();
    let found = store::lock_places(conn, movement, &places).await?;
    let submitters = history::submitters(conn, movement.locality, &found.iter().collect::<Vec<_>>()).await?;
    let mut reports: HashMap<_, _> =
        found.into_iter().map(|report| ((report.period.clone(), report.unit), report)).collect();
    let judged = items.iter().zip(named).map(|(item, position)| {
        let position = position.ok_or_else(|| Error::missing("unit"))?;
        let found = reports.remove(&(item.period.clone(), position.unit.id));
        let by = found.as_ref().and_then(|found| submitters.get(&found.id)).map_or(&[][..], Vec::as_slice);
        let seen = IfMatch::naming(&item.etag);
        commands::judge(caller, position, found, &seen, Action::Approve, &Why::default(), by)
    });
    Ok(judged.collect())
}

fn answer(items: &[Approval], decided: &[Result<Decided>], locale: Locale) -> Result<Reply> {
    let approved = decided.iter().flatten().count();
    let each = items.iter().zip(decided).map(|(asked, became)| ApprovalAnswer::of(asked, became, locale));
    let answer = ApprovalsAnswer { approved, refused: items.len() - approved, items: each.collect() };
    Ok(Reply { status: 207, ..Reply::ok(answer)? })
}

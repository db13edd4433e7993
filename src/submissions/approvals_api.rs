//! Many approvals at once, each judged by itself.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::{post, web::Data};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use super::{
    acts::{self, Decided, Why},
    rules::Action,
};
use crate::{
    app::App,
    db::Conn,
    finding::Finding,
    http::{Caller, Error, IfMatch, Json, Locale, Path, Reply, Result, Write, Writing, entry},
    movements,
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
    #[schema(example = 1)]
    approved: usize,
    #[schema(example = 1)]
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
    #[schema(example = 200)]
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
                let etag = Some(format!("\"{}\"", decided.after.version));
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
/// Up to 200 at once, each by itself: those that cannot be approved are told with the reason, and the others are
/// approved.
#[utoipa::path(
    tag = "submissions",
    responses((status = 207, description = "What became of each, or what would", body = ApprovalsAnswer), Error)
)]
#[post("/movements/{movement}/submissions/approvals")]
async fn approve_submissions(
    app: Data<App>,
    write: Write,
    movement: Path<String>,
    body: Json<Approvals>,
) -> Result<Reply> {
    write.run(&app.db, async |conn, caller| approve(conn, caller, &movement, body).await).await
}

async fn approve(conn: &mut Conn, caller: &Writing, movement: &str, body: Json<Approvals>) -> Result<Reply> {
    let items = open(conn, caller, movement, body).await?;
    let decided = judge(conn, caller, movement, &items).await?;
    for decided in decided.iter().flatten() {
        decided.store(conn, Action::Approve, &Why::default()).await?;
    }
    let place = |decided: &Decided| format!("{}/{}", decided.after.period, decided.desk.unit.code);
    let base = format!("movements/{movement}/submissions");
    let done = || decided.iter().flatten();
    caller.names(done().map(|decided| format!("{base}/{}", place(decided))));
    caller.before(&done().map(|decided| (place(decided), &decided.before)).collect::<BTreeMap<_, _>>())?;
    caller.after(&done().map(|decided| (place(decided), &decided.after)).collect::<BTreeMap<_, _>>())?;
    caller.about(base);
    answer(&items, &decided, caller.locale)
}

/// What is asked for, in a movement that is there (404), by somebody who may (403); each once (422).
async fn open(conn: &mut Conn, caller: &Caller, movement: &str, body: Json<Approvals>) -> Result<Vec<Approval>> {
    movements::find(conn, caller.locality()?, movement).await?;
    caller.permit()?;
    let items = body.valid()?.items;
    let mut named = BTreeSet::new();
    let twice = |(at, item): (usize, &Approval)| {
        let new = named.insert((item.period.clone(), item.unit.clone()));
        (!new).then(|| Finding::new(format!("/items/{at}"), "named_twice"))
    };
    Error::check(items.iter().enumerate().filter_map(twice).collect())?;
    Ok(items)
}

/// Each by itself. Locks are taken in one order by everybody.
async fn judge(conn: &mut Conn, caller: &Caller, movement: &str, items: &[Approval]) -> Result<Vec<Result<Decided>>> {
    let mut ordered: Vec<(usize, &Approval)> = items.iter().enumerate().collect();
    ordered.sort_by_key(|(_, item)| (&item.period, &item.unit));
    let mut judged = BTreeMap::new();
    for (at, Approval { period, unit, etag }) in ordered {
        let place = (movement.to_owned(), period.clone(), unit.clone());
        let (seen, act) = (IfMatch::naming(etag), (Action::Approve, &Why::default()));
        match acts::judge(conn, caller, &place, &seen, act).await {
            Err(error @ (Error::Busy(_) | Error::Internal(_))) => return Err(error),
            became => drop(judged.insert(at, became)),
        }
    }
    Ok(judged.into_values().collect())
}

fn answer(items: &[Approval], decided: &[Result<Decided>], locale: Locale) -> Result<Reply> {
    let approved = decided.iter().flatten().count();
    let each = items.iter().zip(decided).map(|(asked, became)| ApprovalAnswer::of(asked, became, locale));
    let answer = ApprovalsAnswer { approved, refused: items.len() - approved, items: each.collect() };
    Ok(Reply { status: 207, ..Reply::ok(answer)? })
}

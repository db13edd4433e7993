//! The log as inspectors read it: records by who, what and when, the signed head, and what does not hold.

use std::collections::BTreeSet;

use actix_web::{HttpRequest, get, post, web::Data};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    chain::{Fault, FaultKind, Verdict},
    head::AuditHead,
    inspection::inspect,
    store::{self, Filter, Listed},
};
use crate::{
    app::App,
    canonical::hex,
    days,
    db::{AccountId, LocalityId},
    http::{Caller, Error, OptionalJson, Page, PageQuery, Query, Reply, Result, record_reading},
    record::Change,
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(list_audit_records).service(get_audit_head).service(verify_audit);
}

/// A record of the log.
#[derive(Serialize, ToSchema)]
struct AuditRecord {
    id: Uuid,
    /// Its number in the chain; null until it is chained, within a second.
    #[schema(required, example = 4711)]
    seq: Option<i64>,
    at: DateTime<Utc>,
    /// The username at the time, or «command line».
    #[schema(example = "phong-vhxh-1")]
    actor: String,
    /// Null for the command line.
    #[schema(required)]
    account: Option<AccountId>,
    /// By which roles it was allowed.
    #[schema(example = json!(["standing_agency"]))]
    roles: Vec<String>,
    /// The operation.
    #[schema(example = "approve_submission")]
    action: String,
    /// The thing: its path below `/api/v1`.
    #[schema(example = "movements/cchc-2025-h2/submissions/2025-09/phong-kinh-te")]
    subject: String,
    /// Other things that the record speaks of.
    names: Vec<String>,
    /// Why, where the request said so.
    #[schema(required, example = "Số hồ sơ lĩnh vực đất đai chưa khớp")]
    reason: Option<String>,
    /// The `X-Request-Id` of the answer.
    #[schema(required)]
    request_id: Option<Uuid>,
    /// What changed in the thing as stored, member by member.
    changes: Vec<Change>,
    /// SHA-256 over the canonical JSON of `{"salt", "thing"}`, before.
    #[schema(required)]
    before: Option<String>,
    /// The same, after.
    #[schema(required)]
    after: Option<String>,
    salt: String,
}

impl AuditRecord {
    fn of(row: Listed) -> Result<Self> {
        let account = AccountId::from(row.account_id);
        Ok(Self {
            id: row.id,
            seq: row.seq,
            at: row.at,
            actor: row.actor,
            account: Some(account).filter(|account| *account != AccountId::nil()),
            roles: row.roles,
            action: row.action,
            subject: row.subject,
            names: row.names,
            reason: row.reason,
            request_id: row.request_id,
            changes: serde_json::from_value(row.changes).map_err(Error::internal)?,
            before: row.before_digest.as_deref().map(hex),
            after: row.after_digest.as_deref().map(hex),
            salt: row.salt,
        })
    }

    /// Why somebody is held is for those who judge.
    fn is_restricted(&self) -> bool {
        self.changes.iter().any(|change| is_of_hold(&change.pointer))
    }

    fn without_hold(mut self) -> Self {
        if self.is_restricted() {
            self.reason = None;
            self.changes.retain(|change| !is_of_hold(&change.pointer));
        }
        self
    }
}

fn is_of_hold(pointer: &str) -> bool {
    pointer == "/hold" || pointer.starts_with("/hold/")
}

#[derive(Deserialize, IntoParams)]
struct AuditFilter {
    /// Only what this username did, as it was at the time.
    #[param(example = "phong-vhxh-1")]
    actor: Option<String>,
    /// Only this thing, by its path below `/api/v1`, and what lies below it.
    #[param(example = "movements/cchc-2025-h2/submissions/2025-09/phong-kinh-te")]
    subject: Option<String>,
    /// Only this operation.
    #[param(example = "draft_submission")]
    action: Option<String>,
    /// From this instant on.
    #[serde(default, deserialize_with = "days::optional_instant")]
    #[param(example = "2025-12-12T11:00:00Z")]
    from: Option<DateTime<Utc>>,
    /// Before this instant.
    #[serde(default, deserialize_with = "days::optional_instant")]
    #[param(example = "2025-12-12T23:00:00Z")]
    to: Option<DateTime<Utc>>,
}

/// Whose log: the locality's, or for the city's accounts that name none, what was done above localities.
fn log_of(caller: &Caller) -> LocalityId {
    caller.locality.as_ref().map_or(LocalityId::nil(), |locality| locality.id)
}

/// Who changed what
///
/// The newest first: who did it, when, by which role, from what to what, and why. City accounts name a locality, or
/// read what was done above localities. Whoever is shown why a candidate is held leaves a record of that.
#[utoipa::path(
    tag = "audit", params(AuditFilter, PageQuery),
    responses((status = 200, description = "A page", body = Page<AuditRecord>), Error)
)]
#[get("/audit")]
async fn list_audit_records(
    req: HttpRequest,
    app: Data<App>,
    caller: Caller,
    filter: Query<AuditFilter>,
    page: Query<PageQuery>,
) -> Result<Reply> {
    caller.permit_anywhere()?;
    let (limit, after) = (page.limit()?, page.after()?);
    let AuditFilter { actor, subject, action, from, to } = filter.into_inner();
    let subject = subject.map(|path| path.trim_start_matches("/api/v1").trim_matches('/').to_owned());
    let filter = Filter { actor, subject, action, from, to, after, limit: limit + 1 };
    app.db
        .read(async |conn| {
            let rows = store::list(conn, log_of(&caller), filter).await?;
            let records = rows.into_iter().map(AuditRecord::of).collect::<Result<Vec<_>>>()?;
            let judges = caller.may("list_assessments");
            let show = |record: AuditRecord| if judges { record } else { record.without_hold() };
            let page = Page::of(records, limit, |record| (record.at, record.id), show)?;
            let held = page.items.iter().filter(|record| record.is_restricted()).map(|record| record.subject.clone());
            let held: Vec<String> = BTreeSet::from_iter(held).into_iter().collect();
            if !held.is_empty() {
                record_reading(conn, &req, &caller, "read_hold", held).await?;
            }
            page.reply(&req)
        })
        .await
}

/// The signed head
///
/// Number and hash of the chain's last link, signed. Keep it elsewhere: `POST /audit/verify` with it finds a tail that
/// was cut off later and a history written anew.
#[utoipa::path(tag = "audit", responses((status = 200, description = "The head", body = AuditHead), Error))]
#[get("/audit/head")]
async fn get_audit_head(app: Data<App>, caller: Caller) -> Result<Reply> {
    caller.permit_anywhere()?;
    let keys = app.issuer.keys();
    Reply::ok(app.db.read(async |conn| AuditHead::of(conn, keys, log_of(&caller)).await).await?)
}

/// What the log is held against.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct VerifyAudit {
    /// A head that was kept.
    #[serde(default)]
    head: Option<AuditHead>,
}

/// What was found of a log.
#[derive(Serialize, ToSchema)]
struct AuditVerdict {
    /// Whether all of it holds.
    holds: bool,
    /// Links looked at.
    #[schema(example = 4711)]
    links: u64,
    /// Records whose words were replaced when somebody's retention ended.
    #[schema(example = 0)]
    redacted: u64,
    /// Records yet to be chained.
    #[schema(example = 0)]
    unchained: i64,
    /// What does not hold; the first hundred.
    faults: Vec<AuditFault>,
    /// How many there are.
    #[schema(example = 0)]
    faults_total: u64,
}

/// What does not hold at one place.
#[derive(Serialize, ToSchema)]
struct AuditFault {
    #[schema(required, example = 4711)]
    seq: Option<i64>,
    #[schema(required)]
    record: Option<Uuid>,
    #[schema(value_type = String, example = "edited")]
    kind: FaultKind,
}

impl From<Verdict> for AuditVerdict {
    fn from(verdict: Verdict) -> Self {
        let fault = |Fault { seq, record, kind }| AuditFault { seq, record, kind };
        Self {
            holds: verdict.holds(),
            links: verdict.links,
            redacted: verdict.redacted,
            unchained: verdict.unchained,
            faults_total: verdict.faults_total,
            faults: verdict.faults.into_iter().map(fault).collect(),
        }
    }
}

/// Verify the log
///
/// Looks through the whole chain and tells every record that was edited, deleted, reordered, inserted or cut off: the
/// last only with a head that was kept. Stores nothing.
#[utoipa::path(
    tag = "audit", request_body = Option<VerifyAudit>,
    responses((status = 200, description = "What was found", body = AuditVerdict), Error)
)]
#[post("/audit/verify")]
async fn verify_audit(app: Data<App>, caller: Caller, body: OptionalJson<VerifyAudit>) -> Result<Reply> {
    caller.permit_anywhere()?;
    let kept = body.unjudged().head;
    let verdict = inspect(&app.db, log_of(&caller), kept.as_ref(), Some(app.issuer.keys())).await?;
    Reply::ok(AuditVerdict::from(verdict))
}

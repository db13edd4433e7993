//! The audit log: records by account, action, subject and time, the signed head, and verification.

use std::collections::BTreeSet;

use actix_web::{HttpRequest, get, post, web::Data};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    acts_store,
    chain::{Fault, FaultKind, Verdict},
    head::AuditHead,
    inspection::inspect,
    store::{self, Filter, Listed},
    visibility::{Acts, drafts, shown},
};
use crate::{
    app::App,
    canonical::hex,
    days,
    db::{AccountId, LocalityId, is_of_our_era},
    http::{Caller, Error, Operations, OptionalJson, Page, PageQuery, Query, Reply, Result, record_reading},
    record::Change,
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(list_audit_records).service(get_audit_head).service(verify_audit);
}

/// A record of the audit log.
#[derive(Serialize, ToSchema)]
struct AuditRecord {
    id: Uuid,
    /// Its number in the chain; null until it is chained, within a second.
    #[schema(required)]
    seq: Option<i64>,
    at: DateTime<Utc>,
    /// Username at the time, or «command line».
    #[schema(example = "phong-vhxh-1")]
    actor: String,
    /// Id of the account; null for the command line.
    #[schema(required)]
    account: Option<AccountId>,
    /// Roles that permitted the action.
    roles: Vec<String>,
    /// Id of the operation.
    #[schema(example = "approve_submission")]
    action: String,
    /// Path of the subject below `/api/v1`.
    #[schema(example = "movements/cchc-2025-h2/submissions/2025-09/phong-kinh-te")]
    subject: String,
    /// Paths of other resources that the record concerns.
    names: Vec<String>,
    /// Reason, if the request gives one.
    #[schema(required, example = "Số hồ sơ lĩnh vực đất đai chưa khớp")]
    reason: Option<String>,
    /// `X-Request-Id` of the response.
    #[schema(required)]
    request_id: Option<Uuid>,
    /// Changes of the stored subject, member by member.
    changes: Vec<Change>,
    /// SHA-256 over the canonical JSON of `{"salt", "thing"}`, before the change.
    #[schema(required)]
    before: Option<String>,
    /// The same, after the change.
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

    /// What the caller may read of it: members only of what they may read at its own address, and of a draft only what
    /// was handed in. Who did what to which subject, and the digests, are there in any case.
    fn shown(mut self, caller: &Caller, operations: &Operations, acts: Option<&Acts>) -> Self {
        let reading = operations.reading(&format!("/api/v1/{}", self.subject));
        let readable = reading.is_some_and(|operation| caller.may(&operation.id));
        let changes = match acts {
            _ if !readable => Vec::new(),
            Some(acts) => shown(&self.action, &self.subject, self.at, &self.changes, acts),
            None => std::mem::take(&mut self.changes),
        };
        if changes.len() < self.changes.len() {
            self.reason = None;
        }
        self.changes = changes;
        if caller.may("list_assessments") { self } else { self.without_hold() }
    }

    /// The reason of a hold is visible only to roles that judge.
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
    /// Only actions of this username, as it was at the time.
    #[param(example = "phong-vhxh-1")]
    actor: Option<String>,
    /// Only this subject, by its path below `/api/v1`, and subjects below it.
    #[param(example = "movements/cchc-2025-h2/submissions/2025-09/phong-kinh-te")]
    subject: Option<String>,
    /// Only this operation.
    #[param(example = "draft_submission")]
    action: Option<String>,
    /// Only records from this instant on.
    #[serde(default, deserialize_with = "days::optional_instant")]
    #[param(example = "2025-12-12T11:00:00Z")]
    from: Option<DateTime<Utc>>,
    /// Only records before this instant.
    #[serde(default, deserialize_with = "days::optional_instant")]
    #[param(example = "2025-12-12T23:00:00Z")]
    to: Option<DateTime<Utc>>,
}

/// The requested log: the locality's, or for city accounts without a locality the log above localities.
fn log_of(caller: &Caller) -> LocalityId {
    caller.locality.as_ref().map_or(LocalityId::nil(), |locality| locality.id)
}

/// Audit log
///
/// Who changed what, when, by which role, from which to which value, and why; newest first, in no other order. City accounts name a
/// locality, or read the log above localities. Members and reason are left out where the caller may not read the subject
/// itself, and of a draft but for what was handed in; `from` is null where it was not. Reading the reason of a hold is itself recorded.
#[utoipa::path(
    tag = "audit", params(AuditFilter, PageQuery),
    responses((status = 200, description = "A page", body = Page<AuditRecord>), Error)
)]
#[get("/audit")]
async fn list_audit_records(
    req: HttpRequest,
    app: Data<App>,
    operations: Data<Operations>,
    caller: Caller,
    filter: Query<AuditFilter>,
    page: Query<PageQuery>,
) -> Result<Reply> {
    caller.permit_anywhere()?;
    let after = page.after_if(|(at, _): &(DateTime<Utc>, Uuid)| is_of_our_era(at.date_naive()))?;
    let limit = page.limit()?;
    let AuditFilter { actor, subject, action, from, to } = filter.into_inner();
    let subject = subject.map(|path| path.trim_start_matches("/api/v1").trim_matches('/').to_owned());
    let filter = Filter { actor, subject, action, from, to, after, limit: limit + 1 };
    app.db
        .read(async |conn| {
            let rows = store::list(conn, log_of(&caller), filter).await?;
            let records = rows.into_iter().map(AuditRecord::of).collect::<Result<Vec<_>>>()?;
            let acts = match caller.may_everywhere("draft_submission") {
                true => None,
                false => Some(acts_store::acts(conn, log_of(&caller), &drafts_in(&records)).await?),
            };
            let show = |record: AuditRecord| record.shown(&caller, &operations, acts.as_ref());
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

fn drafts_in(records: &[AuditRecord]) -> Vec<String> {
    let of = |record: &AuditRecord| {
        drafts(&record.action, &record.subject, record.changes.iter().map(|change| change.pointer.as_str()))
    };
    records.iter().flat_map(of).collect()
}

/// Signed head
///
/// Number and hash of the chain's last link, signed. Keep it elsewhere: `POST /audit/verify` with a kept head detects a
/// truncated or rewritten chain.
#[utoipa::path(tag = "audit", responses((status = 200, description = "The head", body = AuditHead), Error))]
#[get("/audit/head")]
async fn get_audit_head(app: Data<App>, caller: Caller) -> Result<Reply> {
    caller.permit_anywhere()?;
    let keys = app.issuer.keys();
    Reply::ok(app.db.read(async |conn| AuditHead::of(conn, keys, log_of(&caller)).await).await?)
}

/// The head to verify against.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct VerifyAudit {
    /// A head from `GET /audit/head`, kept elsewhere.
    #[serde(default)]
    head: Option<AuditHead>,
}

/// Result of a verification.
#[derive(Serialize, ToSchema)]
struct AuditVerdict {
    /// Whether the whole log is intact.
    holds: bool,
    /// Number of verified links.
    links: u64,
    /// Records with text redacted at the end of a person's retention.
    redacted: u64,
    /// Number of records not yet chained.
    unchained: i64,
    /// The first hundred faults.
    faults: Vec<AuditFault>,
    /// Number of all faults.
    faults_total: u64,
}

/// A fault at one place.
#[derive(Serialize, ToSchema)]
struct AuditFault {
    #[schema(required)]
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

/// Verify the audit log
///
/// Verifies the whole chain and lists every record that was edited, deleted, reordered, inserted or truncated; a
/// truncation needs a kept head. Stores nothing.
#[utoipa::path(
    tag = "audit", request_body = Option<VerifyAudit>,
    responses((status = 200, description = "Result", body = AuditVerdict), Error)
)]
#[post("/audit/verify")]
async fn verify_audit(app: Data<App>, caller: Caller, body: OptionalJson<VerifyAudit>) -> Result<Reply> {
    caller.permit_anywhere()?;
    let kept = body.unjudged().head;
    let verdict = inspect(&app.db, log_of(&caller), kept.as_ref(), Some(app.issuer.keys())).await?;
    Reply::ok(AuditVerdict::from(verdict))
}

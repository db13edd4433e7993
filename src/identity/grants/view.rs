//! Role grants as they are shown, with what happens next.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::store::GrantRow;
use crate::{
    db::{Conn, from_text},
    http::{Caller, FindingView, Reply, Result, Role, WriteScope},
    identity::{
        accounts,
        codes::{self, IssuedCode},
        notices::{self, Entry, Given},
    },
    units::{self, Tree},
};

/// A role that an account holds.
#[derive(Serialize, ToSchema)]
pub(super) struct RoleGrant {
    id: Uuid,
    #[schema(example = "phong-vhxh-1")]
    account: String,
    role: Role,
    /// Code of the unit: a unit role covers it and its descendants.
    #[schema(required, example = "phong-kinh-te")]
    unit: Option<String>,
    #[schema(required, example = "Phòng Kinh tế")]
    unit_name: Option<String>,
    valid_from: NaiveDate,
    /// Last day, inclusive.
    #[schema(required)]
    valid_to: Option<NaiveDate>,
    /// Instant of an early end.
    #[schema(required)]
    ended_at: Option<DateTime<Utc>>,
    /// Username of the delegator; the delegation is valid only while they hold the role.
    #[schema(required)]
    delegated_by: Option<String>,
    #[schema(required)]
    reason: Option<String>,
    /// Username of who granted it; null for the command line.
    #[schema(required, example = "quan-tri")]
    granted_by: Option<String>,
    /// A second administrator confirms it until this instant, or it permits nothing; null if it needs no confirmation.
    #[schema(required)]
    confirm_until: Option<DateTime<Utc>>,
    #[schema(required)]
    confirmed_at: Option<DateTime<Utc>>,
    /// Username of who confirmed it; null for the command line.
    #[schema(required)]
    confirmed_by: Option<String>,
}

/// A role that was given, and what happens next.
#[derive(Serialize, ToSchema)]
pub(super) struct GivenRole {
    #[serde(flatten)]
    grant: RoleGrant,
    /// One half of a one-time code, shown once, where one administrator alone could know how to log in to the account:
    /// the request shows the first half, the confirmation the second one. The owner joins them with a dot and sets a
    /// password (`POST /auth/redeem`).
    #[schema(required)]
    one_time_code: Option<IssuedCode>,
    /// What happens next, in the order in which it must happen: who confirms the role, and whether the account's owner
    /// needs a one-time code.
    notices: Vec<FindingView>,
}

impl GivenRole {
    /// The reply, which is not stored where it has a code.
    pub fn answer(self, reply: impl FnOnce(Self) -> Result<Reply>) -> Result<Reply> {
        let secret = self.one_time_code.is_some();
        let reply = reply(self)?;
        Ok(if secret { reply.hidden() } else { reply })
    }
}

pub(super) fn view(row: GrantRow, tree: &Tree) -> Result<RoleGrant> {
    let unit = row.unit.and_then(|id| tree.by_id(id));
    Ok(RoleGrant {
        id: row.id,
        account: row.username,
        role: from_text(row.role)?,
        unit: unit.map(|unit| unit.code.clone()),
        unit_name: unit.map(|unit| unit.name.clone()),
        valid_from: row.valid_from,
        valid_to: row.valid_to,
        ended_at: row.ended_at,
        delegated_by: row.lender,
        reason: row.reason,
        granted_by: row.giver,
        confirm_until: row.confirm_until,
        confirmed_at: row.confirmed_at,
        confirmed_by: row.confirmer,
    })
}

/// The units by name; none above localities.
pub(super) async fn tree(conn: &mut Conn, caller: &Caller) -> Result<Arc<Tree>> {
    match &caller.recall {
        Some(recall) => units::ever_registered(conn, recall, caller.today()).await,
        None => Ok(Arc::default()),
    }
}

/// The grant, with what happens next.
pub(super) async fn told(
    conn: &mut Conn,
    scope: &WriteScope,
    row: GrantRow,
    one_time_code: Option<IssuedCode>,
) -> Result<GivenRole> {
    let entry = match &one_time_code {
        Some(half) if half.confirmation_needed => Entry::FirstHalf,
        Some(half) => Entry::SecondHalf { until: half.valid_until },
        None if accounts::has_password(conn, row.account).await? => Entry::Password,
        None => match codes::open_code(conn, row.account, scope.now).await? {
            Some(survives) => Entry::Code { survives },
            None => Entry::Nothing,
        },
    };
    let role: Role = from_text(row.role.clone())?;
    let given = Given {
        grant: row.id,
        account: &row.username,
        waits_until: row.confirm_until.filter(|_| row.confirmed_at.is_none()),
        privileged: role.needs_confirmation(),
        entry,
    };
    let notices = notices::of_grant(given).iter().map(|next| FindingView::of(next, scope.locale)).collect();
    let tree = tree(conn, scope).await?;
    Ok(GivenRole { grant: view(row, &tree)?, one_time_code, notices })
}

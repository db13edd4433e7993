//! Role grants as front ends see them.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::store::GrantRow;
use crate::{
    db::{Conn, LocalityId, from_text},
    http::{Reply, Result, Role},
    identity::codes::IssuedCode,
    units::{self, Tree},
};

/// A role that an account holds.
#[derive(Serialize, ToSchema)]
pub struct RoleGrant {
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
    #[schema(required, example = json!(null))]
    delegated_by: Option<String>,
    #[schema(required, example = json!(null))]
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
    #[schema(required, example = json!(null))]
    confirmed_by: Option<String>,
}

/// A role that an account holds, with the code that its request or its confirmation gives.
#[derive(Serialize, ToSchema)]
pub struct RoleGrantWithCode {
    #[serde(flatten)]
    pub grant: RoleGrant,
    /// One half of a one-time code, shown once, where one administrator alone could know how to log in to the account:
    /// the request shows the first half, the confirmation the second one. The owner joins them with a dot and sets a
    /// password (`POST /auth/redeem`).
    #[schema(required)]
    pub one_time_code: Option<IssuedCode>,
}

impl RoleGrantWithCode {
    /// The reply, which is not stored where it has a code.
    pub fn answer(self, reply: impl FnOnce(Self) -> Result<Reply>) -> Result<Reply> {
        let secret = self.one_time_code.is_some();
        let reply = reply(self)?;
        Ok(if secret { reply.hidden() } else { reply })
    }
}

pub fn view(row: GrantRow, tree: &Tree) -> Result<RoleGrant> {
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
pub async fn tree(conn: &mut Conn, locality: Option<LocalityId>, on: NaiveDate) -> Result<Tree> {
    match locality {
        Some(locality) => units::ever_registered(conn, locality, on).await,
        None => Ok(Tree::default()),
    }
}

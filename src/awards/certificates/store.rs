//! Certificates in the database; a new one is a new row.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde::Serialize;
use serde_json::Value;

use crate::{
    awards::Recipient,
    db::{
        AccountId, CertificateId, Conn, DecisionId, LocalityId, NominationId, OnConstraint,
        schema::award_certificates as certificates,
    },
    http::{Actor, Error, Result},
};

#[derive(Debug, Clone, Serialize)]
pub struct Certificate {
    pub id: CertificateId,
    pub decision: DecisionId,
    pub nomination: NominationId,
    /// In the decision.
    pub ordinal: u32,
    /// From 1; of an ordinal the newest stands.
    pub version: u32,
    pub code: String,
    pub recipient: Recipient,
    pub replaces: Option<CertificateId>,
    pub reason: Option<String>,
    pub issued_by: AccountId,
    pub issued_at: DateTime<Utc>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = certificates)]
struct Row {
    id: CertificateId,
    decision_id: DecisionId,
    nomination_id: NominationId,
    ordinal: i32,
    version: i32,
    code: String,
    recipient: Value,
    replaces: Option<CertificateId>,
    reason: Option<String>,
    issued_by: AccountId,
    issued_at: DateTime<Utc>,
}

impl Row {
    fn into_domain(self) -> Result<Certificate> {
        Ok(Certificate {
            id: self.id,
            decision: self.decision_id,
            nomination: self.nomination_id,
            ordinal: self.ordinal as u32,
            version: self.version as u32,
            code: self.code,
            recipient: serde_json::from_value(self.recipient).map_err(Error::internal)?,
            replaces: self.replaces,
            reason: self.reason,
            issued_by: self.issued_by,
            issued_at: self.issued_at,
        })
    }
}

pub async fn find(conn: &mut Conn, locality: LocalityId, id: CertificateId) -> Result<Option<Certificate>> {
    let row: Option<Row> =
        certificates::table.find((locality, id)).select(Row::as_select()).first(conn).await.optional()?;
    row.map(Row::into_domain).transpose()
}

/// All certificates of a decision, by ordinal and version.
pub async fn of_decision(conn: &mut Conn, locality: LocalityId, id: DecisionId) -> Result<Vec<Certificate>> {
    let of = certificates::table.filter(certificates::locality_id.eq(locality).and(certificates::decision_id.eq(id)));
    let ordered = of.order((certificates::ordinal, certificates::version)).select(Row::as_select());
    let rows: Vec<Row> = ordered.load(conn).await?;
    rows.into_iter().map(Row::into_domain).collect()
}

/// Stores new certificates; of two at once for one ordinal the second is refused (409).
pub async fn insert(conn: &mut Conn, actor: &Actor, new: &[Certificate]) -> Result<()> {
    let row = |one: &Certificate| {
        Ok((
            certificates::locality_id.eq(actor.locality),
            certificates::id.eq(one.id),
            certificates::decision_id.eq(one.decision),
            certificates::nomination_id.eq(one.nomination),
            certificates::ordinal.eq(one.ordinal as i32),
            certificates::version.eq(one.version as i32),
            certificates::code.eq(one.code.clone()),
            certificates::recipient.eq(serde_json::to_value(&one.recipient).map_err(Error::internal)?),
            certificates::replaces.eq(one.replaces),
            certificates::reason.eq(one.reason.clone()),
            certificates::issued_by.eq(one.issued_by),
            certificates::issued_at.eq(one.issued_at),
        ))
    };
    let rows = new.iter().map(row).collect::<Result<Vec<_>>>()?;
    let done = diesel::insert_into(certificates::table).values(rows).execute(conn).await;
    done.on_constraint("award_certificates_version_key", || Error::of("certificate_replaced"))?;
    Ok(())
}

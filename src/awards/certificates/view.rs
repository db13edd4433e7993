//! Certificates as they are read.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    rules::{CertificateState, Correction, current},
    store::Certificate,
};
use crate::{
    awards::{Recipient, decisions::Ruling, proposals::usernames},
    db::{CertificateId, Conn, NominationId},
    http::Result,
};

/// A certificate.
#[derive(Serialize, ToSchema)]
#[schema(as = Certificate)]
pub(super) struct CertificateView {
    id: CertificateId,
    state: CertificateState,
    /// Code of the unit, or id of the person or the household.
    #[schema(example = "phong-kinh-te")]
    candidate: String,
    /// In the decision (số sổ vàng), from 1 without gaps.
    ordinal: u32,
    /// By which anybody may ask whether it stands.
    #[schema(example = "JBSWY3DPEHPK3PXPJBSWY3DP")]
    code: String,
    recipient: Recipient,
    /// Id of the certificate that it replaces.
    #[schema(required)]
    replaces: Option<CertificateId>,
    /// Why it replaces that.
    #[schema(required)]
    reason: Option<String>,
    issued_by: String,
    issued_at: DateTime<Utc>,
}

/// Certificates of one decision, of all versions.
pub(super) async fn views(conn: &mut Conn, ruling: &Ruling, all: Vec<Certificate>) -> Result<Vec<CertificateView>> {
    let names = usernames(conn, all.iter().map(|one| one.issued_by)).await?;
    let newest: BTreeMap<u32, u32> = all.iter().map(|one| (one.ordinal, one.version)).collect();
    let view = |one: Certificate| CertificateView {
        id: one.id,
        state: CertificateState::of(ruling.is_revoked(one.nomination), newest.get(&one.ordinal) == Some(&one.version)),
        candidate: ruling.code(one.nomination),
        ordinal: one.ordinal,
        code: one.code,
        recipient: one.recipient,
        replaces: one.replaces,
        reason: one.reason,
        issued_by: names.get(&one.issued_by).cloned().unwrap_or_default(),
        issued_at: one.issued_at,
    };
    Ok(all.into_iter().map(view).collect())
}

/// What is published of a candidate by now.
pub fn recipient(ruling: &Ruling, all: &[Certificate], of: NominationId) -> Option<Recipient> {
    let first = all.iter().find(|one| one.nomination == of && one.version == 1)?.recipient.clone();
    let of_candidate = ruling.acts.iter().filter(|act| act.nomination == of);
    let corrections = of_candidate.filter_map(|act| Some(Correction { member: act.member?, text: act.text.clone()? }));
    Some(current(first, corrections))
}

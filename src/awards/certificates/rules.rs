//! What stands on a certificate, and whether it stands. PURE.

use serde::Serialize;
use utoipa::ToSchema;

use crate::awards::{Member, Recipient};

/// Whether a certificate stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CertificateState {
    Valid,
    Revoked,
    Replaced,
}

impl CertificateState {
    pub fn of(revoked: bool, newest: bool) -> Self {
        match (revoked, newest) {
            (true, _) => Self::Revoked,
            (false, false) => Self::Replaced,
            (false, true) => Self::Valid,
        }
    }
}

/// A correction of one published field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    pub member: Member,
    pub text: String,
}

/// What is published after all corrections, in their order.
pub fn current(first: Recipient, corrections: impl IntoIterator<Item = Correction>) -> Recipient {
    corrections.into_iter().fold(first, |recipient, one| recipient.corrected(one.member, &one.text))
}

//! What anybody is shown of published awards. PURE.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    awards::{CertificateState, Member, Recipient},
    movements::plan::CandidateKind,
};

/// A certificate as anybody who has its code sees it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = PublicCertificate)]
pub struct CertificateView {
    pub code: String,
    pub state: CertificateState,
    /// Số sổ vàng: its number in the decision.
    #[schema(minimum = 1, example = 3)]
    pub ordinal: i32,
    pub recipient: RecipientView,
    pub award: AwardView,
    pub locality: LocalityView,
    pub movement: MovementView,
    pub decision: PaperView,
    pub published_at: DateTime<Utc>,
    /// Null while the award stands.
    #[schema(required)]
    pub revoked_by: Option<PaperView>,
    /// What later acts corrected; `recipient` has it already.
    pub corrections: Vec<CorrectionView>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = PublicRecipient)]
pub struct RecipientView {
    pub kind: CandidateKind,
    #[serde(flatten)]
    pub published: Recipient,
}

impl std::ops::Deref for RecipientView {
    type Target = Recipient;

    fn deref(&self) -> &Recipient {
        &self.published
    }
}

#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = PublicAward)]
pub struct AwardView {
    #[schema(example = "tap-the")]
    pub code: String,
    #[schema(example = "giay_khen")]
    pub form: String,
    /// Code of the place (giải), where the award has places.
    #[schema(required)]
    pub place: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = PublicLocality)]
pub struct LocalityView {
    #[schema(example = "10210")]
    pub code: String,
    pub name: String,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = PublicMovement)]
pub struct MovementView {
    #[schema(example = "cchc-2025-h2")]
    pub code: String,
    pub title: String,
}

/// The number and the day of a paper.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = PublicPaper)]
pub struct PaperView {
    #[schema(example = "05/QĐ-UBND")]
    pub number: String,
    pub dated_on: NaiveDate,
    pub issuer: String,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = PublicCorrection)]
pub struct CorrectionView {
    pub member: Member,
    pub by: PaperView,
}

/// The awards of a movement, in the order of its plan.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = PublicAwards)]
pub struct ResultsView {
    pub locality: LocalityView,
    pub movement: MovementView,
    pub awards: Vec<AwardResultsView>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = PublicAwardResults)]
pub struct AwardResultsView {
    #[schema(example = "tap-the")]
    pub code: String,
    #[schema(example = "giay_khen")]
    pub form: String,
    pub candidates: CandidateKind,
    /// By decision and its order. Null: nothing is published yet.
    #[schema(required)]
    pub results: Option<Vec<ResultView>>,
}

/// Somebody who was given an award.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = PublicResult)]
pub struct ResultView {
    /// `valid` or `revoked`.
    pub state: CertificateState,
    #[schema(minimum = 1)]
    pub ordinal: u32,
    pub recipient: RecipientView,
    #[schema(required)]
    pub place: Option<String>,
    pub decision: PaperView,
}

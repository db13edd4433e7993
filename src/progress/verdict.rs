//! What a figure comes to against its target.

use serde::{Deserialize, Serialize};

/// The verdict on one figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Met,
    /// Not met, and the span is over.
    NotMet,
    /// Not met yet: the span's last cut-off day has not ended.
    AtRisk,
    BelowFloor,
    /// Every owing unit answered that nothing arose.
    NoneArose,
    NotApplicable,
    /// Nothing reported, something absent.
    NoData,
    /// No number to compare with.
    NotEvaluable,
}

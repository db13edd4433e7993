//! What a figure comes to against its target: judged on the exact figure, never on a rounded one. PURE.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::{clock::day, exact::BigRational, movements::target::Goal};

/// The verdict on one figure.
///
/// - `not_met`: Not met, and the span is over.
/// - `at_risk`: Not met yet: the span's last cut-off day has not ended.
/// - `none_arose`: Every owing unit answered that nothing arose, or that it does not apply.
/// - `no_data`: Nothing is reported, something is absent.
/// - `not_evaluable`: The plan states no number to compare with, whether or not anything is reported.
/// - `not_owed`: No unit of the scope owes it in the span; a stock stands where its unit is on the span's last day, and what
///   is reported less often is owed where its longer period ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Met,
    NotMet,
    AtRisk,
    BelowFloor,
    NoneArose,
    NotApplicable,
    NoData,
    NotEvaluable,
    NotOwed,
}

impl Verdict {
    /// Worst first. What was reported outranks what was not, because any reported value decides; a part that cannot
    /// be judged keeps the whole from being called met.
    const BY_GRAVITY: [Verdict; 9] = [
        Self::BelowFloor,
        Self::NotMet,
        Self::AtRisk,
        Self::NotEvaluable,
        Self::Met,
        Self::NoData,
        Self::NoneArose,
        Self::NotApplicable,
        Self::NotOwed,
    ];

    /// The verdict on a whole whose parts are judged each: the gravest among them, `not_owed` for no parts.
    pub fn worst(parts: &[Verdict]) -> Verdict {
        Self::BY_GRAVITY.into_iter().find(|verdict| parts.contains(verdict)).unwrap_or(Self::NotOwed)
    }

    /// Whether a target or a floor is missed.
    pub fn misses(self) -> bool {
        matches!(self, Self::NotMet | Self::AtRisk | Self::BelowFloor)
    }

    /// Whether it is held against a target or a floor: a reported figure supports it.
    pub fn compares(self) -> bool {
        matches!(self, Self::Met | Self::NotMet | Self::AtRisk | Self::BelowFloor)
    }
}

impl Goal {
    /// The verdict on a reported figure; `over` says that the span's last cut-off day has ended. A broken floor is
    /// said at once: it weighs more than the days that are left.
    pub fn judge(&self, actual: &BigRational, over: bool) -> Verdict {
        if self.floor.as_ref().is_some_and(|floor| !floor.holds(actual)) {
            return Verdict::BelowFloor;
        }
        match &self.target {
            None => Verdict::NotEvaluable,
            Some(target) if target.holds(actual) => Verdict::Met,
            Some(_) if over => Verdict::NotMet,
            Some(_) => Verdict::AtRisk,
        }
    }
}

/// Whether `last_day` has ended at `as_of` in Việt Nam.
pub fn is_over(last_day: NaiveDate, as_of: DateTime<Utc>) -> bool {
    day(as_of) > last_day
}

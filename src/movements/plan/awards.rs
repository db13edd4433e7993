//! Groups, criteria and awards: who is judged by what, and how candidates are put in order. PURE.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    condition::{Condition, Limits},
    quota::{Place, Quota},
    scale::{PointScale, edge},
    terms::{Source, Span, Text},
};
use crate::exact::{BigRational, Decimal};

/// Who is judged by which criteria. Empty criteria: named by the plan, but given none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Group {
    pub code: String,
    pub section: String,
    pub name: Text,
    pub candidates: CandidateKind,
    /// Unit kinds or person kinds; all of them where sets are given and no kinds. Households have none.
    #[serde(default)]
    pub kinds: Vec<String>,
    /// Only units of these sets, or people or households of such units. Format 2.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sets: Vec<String>,
    /// The days whose achievements count, where wider than the movement's span.
    #[serde(default)]
    pub window: Option<Span>,
    #[serde(default)]
    pub criteria: Vec<Criterion>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CandidateKind {
    Unit,
    Person,
    /// Hộ gia đình; judged by people and by its initiatives, for it reports nothing. Format 2.
    Household,
}

/// One criterion; which optional members belong to which kind is checked by lint.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    pub code: String,
    pub kind: CriterionKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<Text>,
    pub source: Source,
    /// Whether the points are the plan's or proposed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub points_source: Option<Source>,
    /// The most points; for `bonus` and `penalty` the bound.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<Decimal>,
    /// `assessed`: the stage that counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Stage>,
    /// The span judged, a period code; of `measured` the whole movement if it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    /// `indicators`: weight by indicator code.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub weights: BTreeMap<String, Decimal>,
    /// `indicators`: the weight of every indicator not named; `"0"` leaves them out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub otherwise: Option<Decimal>,
    /// `indicators`, `measured`: what `no_data` does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<Missing>,
    /// The days whose achievements it judges («trong năm 2025»), of `initiatives` those on which they were recognised; left
    /// out, those of the group. Format 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<Span>,
    /// `initiatives`: points by recognition level.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub points: BTreeMap<String, Decimal>,
    /// `measured`, and `bonus` or `penalty` that are computed: the indicator whose figure is read. Format 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub indicator: Option<String>,
    /// The points that the figure gives. Format 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale: Option<PointScale>,
    /// The `sum` that it is part of. Format 2.
    #[serde(default, rename = "in", skip_serializing_if = "Option::is_none")]
    pub within: Option<String>,
    /// `sum`: what is left of it makes up for what was dropped; else the total does. Format 2.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub rescale: bool,
    /// `assessed`: it may be answered that it does not apply to a candidate, and is then dropped. Format 2.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub may_drop: bool,
    /// `assessed`: what points stand for, as an anchor for those who judge, the least first. Format 2.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub levels: Vec<ScoreLevel>,
    /// What must hold, else it gives 0 points; a gate with it is answered by the service. Format 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
}

/// What so many points stand for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScoreLevel {
    pub points: Decimal,
    pub text: Text,
}

impl Criterion {
    /// The indicator and the scale of a criterion that is computed from one figure.
    pub fn measure(&self) -> Option<(&str, &PointScale)> {
        self.indicator.as_deref().zip(self.scale.as_ref())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CriterionKind {
    Gate,
    Indicators,
    Assessed,
    Initiatives,
    Reporting,
    Bonus,
    Penalty,
    /// One figure of the candidate's own unit, by a scale. Format 2.
    Measured,
    /// A heading: the sum of the criteria in it. Format 2.
    Sum,
    /// Yes or no by appraisal, without points: conditions ask for it. Format 2.
    Check,
}

impl CriterionKind {
    /// Whether its points are part of the maximum that all groups of an award share.
    pub fn within_maximum(self) -> bool {
        self.gives_points() && !matches!(self, Self::Bonus | Self::Penalty)
    }

    pub fn gives_points(self) -> bool {
        !matches!(self, Self::Gate | Self::Check)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// The candidate's own score, part of the nomination.
    #[serde(rename = "self")]
    Own,
    Appraisal,
    Council,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    Zero,
    Exclude,
    Ineligible,
}

/// An award (hình thức khen thưởng) with its quota and its method of ranking.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Award {
    pub code: String,
    pub section: String,
    pub form: String,
    /// Results of a thematic movement are no basis for higher titles.
    pub thematic: bool,
    pub candidates: CandidateKind,
    pub groups: Vec<String>,
    pub quota: Quota,
    pub beyond_quota: BeyondQuota,
    /// The proposal must come before this instant.
    #[serde(deserialize_with = "crate::days::instant")]
    pub propose_before: DateTime<Utc>,
    pub decided_by: String,
    pub source: Source,
    pub ranking: Method,
    /// Classification bands (xếp loại), best first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<Class>,
    #[serde(default)]
    pub council: Option<Council>,
    /// How many of one unit it takes at most. Format 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_unit: Option<u32>,
    /// Awards of one pool share `per_unit`: people choose between them. Format 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pool: Option<String>,
    /// The places (giải) that add up to the quota, the best first. Format 2.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<Place>,
    /// What must hold for a candidate to be ranked. Format 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub eligible: Option<Condition>,
    /// Whether money goes with it: coefficient × base salary of the day of the decision, as the law's figures have them.
    /// Format 2.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub bonus: bool,
    /// What a paper that cites a legal text out of force gets; left out: `warn`. Format 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expired_bases: Option<ExpiredBases>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExpiredBases {
    Warn,
    Refuse,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BeyondQuota {
    WithReason,
    Never,
}

/// The tie-breaker of the law.
pub const FEMALE_FIRST: &str = "female_first";

/// How an award's candidates are put in order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Method {
    pub source: Source,
    pub blocks: Blocks,
    pub compare: Compare,
    /// In order: `kind:indicators`, `kind:initiatives`, `criterion:CODE`, `direct_work`, `female_first` (the woman, or the
    /// collective with at least 70 % women: Nghị định 152/2025/NĐ-CP, Điều 4, khoản 6); in format 2 `indicator:CODE`, the exact
    /// figure of the candidate's own unit over the movement to the cut.
    #[serde(default)]
    pub ties: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub robustness: Option<Robustness>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Blocks {
    Together,
    ByGroup,
}

/// What totals are compared on: the exact fraction, or half-up to `digits` decimals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Compare {
    pub on: CompareOn,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digits: Option<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CompareOn {
    Exact,
    Rounded,
}

/// Seeded draws that tell how much an order hangs on the weights.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Robustness {
    pub draws: u32,
    pub spread: Decimal,
    pub seed: u64,
}

/// A band of totals: from this many points upward, or above them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Class {
    pub code: String,
    pub name: Text,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Decimal>,
    /// In place of `from`. Format 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub above: Option<Decimal>,
    /// What must hold beside. Format 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
}

impl Class {
    /// Where it begins, and whether beyond that only.
    pub fn edge(&self) -> Option<(Decimal, bool)> {
        edge(self.from, self.above)
    }

    pub fn is_reached(&self, total: &BigRational) -> bool {
        let limits = Limits { from: self.from, above: self.above, ..Limits::default() };
        self.edge().is_some() && limits.hold(total)
    }
}

/// A council's rules, where a plan names one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Council {
    /// A share of the members, read by [`Share`](super::Share): `2/3`.
    pub quorum: String,
    /// A share of the votes: `>1/2`.
    pub pass: String,
    pub of: CouncilBase,
    pub ballot: Ballot,
    pub combine: Combine,
    /// Ballots cut off at each end for `trimmed_mean`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trim: Option<u32>,
    pub min_ballots: u32,
    /// Left out: `none`. Format 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub normalise: Option<Normalise>,
    /// Whether absent members may vote in writing, and then count as taking part. Format 2.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub written_votes: bool,
}

impl Council {
    /// Whether harsh and lenient members are brought to one level.
    pub fn centres(&self) -> bool {
        self.normalise == Some(Normalise::CentrePerJudge)
    }

    /// Which of `n` sorted ballots are averaged: all, the middle one or two, or all but `trim` at each end. Trimming that
    /// leaves nothing gives an empty range or none at all, and so no points.
    pub fn averaged(&self, n: usize) -> std::ops::Range<usize> {
        match self.combine {
            Combine::Mean => 0..n,
            Combine::Median => n.saturating_sub(1) / 2..(n / 2 + 1).min(n),
            Combine::TrimmedMean => {
                let trim = self.trim.unwrap_or(0) as usize;
                trim..n.saturating_sub(trim)
            }
        }
    }
}

/// Whether the points of members are brought to one level before they are combined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Normalise {
    None,
    /// Points less the member's mean plus the panel's, over the candidates that all of them judged.
    CentrePerJudge,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CouncilBase {
    All,
    Present,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Ballot {
    Secret,
    Open,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Combine {
    Mean,
    Median,
    TrimmedMean,
}

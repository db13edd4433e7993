//! The points of one criterion with the figures behind them: what an entry shows, so that anyone can add it up
//! again. PURE.

use num_traits::Zero;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    exact::{BigRational, Decimal, Fraction, half_up},
    movements::{
        plan::{Combine, Criterion, CriterionKind, Knot, Stage},
        target_table::NoTarget,
    },
    progress::{Aim, Verdict},
    quantity::Quantity,
    rankings::conditions::ConditionFigures,
};

/// One criterion of one entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CriterionScore {
    pub code: String,
    /// Displayed points, half-up to 2 decimals, to as many as the displayed total needs, or to as many as keep them apart from
    /// 0, from the maximum and from those of a neighbour behind whom they put the candidate. Null for a gate and for a dropped criterion; a penalty's are positive.
    pub points: Option<String>,
    pub points_exact: Option<Fraction>,
    /// Maximum points; for `bonus` and `penalty` the bound.
    pub max: Option<Decimal>,
    /// The criterion had nothing to judge and was dropped: the other criteria carry its weight.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub dropped: bool,
    /// The heading that it is part of.
    #[serde(default, rename = "in", skip_serializing_if = "Option::is_none")]
    pub within: Option<String>,
    /// By how much its points count more in the total, because its headings make up for what was dropped in them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub factor: Option<Fraction>,
    /// What the criterion's condition came to; where it does not hold, there are 0 points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<ConditionFigures>,
    /// The points that the condition withholds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withheld: Option<Fraction>,
    #[serde(flatten)]
    pub figures: Figures,
}

/// The figures behind the points, by the criterion's kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Figures {
    Gate(GateFigures),
    Indicators(IndicatorFigures),
    Assessed(AssessedFigures),
    Initiatives(InitiativeFigures),
    Reporting(ReportingFigures),
    Bonus(AssessedFigures),
    Penalty(AssessedFigures),
    Measured(ScaledFigure),
    Sum(SumFigures),
    Check(CheckAnswer),
}

/// A passed gate; a candidate with a failed gate has no entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct GateFigures {
    pub passed: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// The answer to a check, if there is one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CheckAnswer {
    pub passed: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// `max` × Σ weight × attainment / Σ weight over the counted indicators.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct IndicatorFigures {
    /// Σ weight × attainment / Σ weight; null if nothing was counted.
    pub attainment: Option<Fraction>,
    pub counted: Vec<CountedIndicator>,
    pub excluded: Vec<ExcludedIndicator>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CountedIndicator {
    pub indicator: String,
    pub verdict: Verdict,
    pub weight: Decimal,
    pub attainment: Fraction,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub numerator: Option<Quantity>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub denominator: Option<Quantity>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// What the table of targets has for the unit, and what that beat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aim: Option<Aim>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ExcludedIndicator {
    pub indicator: String,
    pub why: Excluded,
    /// Why the table of targets has none for the unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no_target: Option<NoTarget>,
}

/// Why an indicator is excluded; the others share its weight.
///
/// - `no_weight`: Its weight in the criterion is 0.
/// - `no_data`: No data, and the criterion has `missing: exclude`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Excluded {
    NoWeight,
    NoneArose,
    NotApplicable,
    NotEvaluable,
    NoData,
}

/// Points given by people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AssessedFigures {
    /// The stage that counts; absent where the points are computed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Stage>,
    /// The candidate's claimed score (điểm đề xuất).
    pub self_points: Option<Decimal>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// The council's ballots; no names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ballots: Option<Ballots>,
    /// The points given, if a bound changed them: of a bonus or penalty, or of ballots that were centred.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uncapped: Option<Fraction>,
    /// Of a bonus or a penalty that is computed: the figure and the scale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measured: Option<ScaledFigure>,
}

impl From<ScaledFigure> for AssessedFigures {
    fn from(measured: ScaledFigure) -> Self {
        let nothing =
            Self { from: None, self_points: None, comment: None, ballots: None, uncapped: None, measured: None };
        Self { measured: Some(measured), ..nothing }
    }
}

/// One figure of the candidate's own unit, and what the scale makes of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ScaledFigure {
    pub indicator: String,
    /// Null: the whole movement.
    pub period: Option<String>,
    pub verdict: Verdict,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub numerator: Option<Quantity>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub denominator: Option<Quantity>,
    /// As shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Exact: of a ratio in percent, of a level its place from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub figure: Option<Fraction>,
    /// The target that the scale reads percent of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<Fraction>,
    /// What the table of targets has for the unit, and what that beat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aim: Option<Aim>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub against: Option<AgainstFigures>,
    /// What the scale reads; absent where there is nothing to read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read: Option<Fraction>,
    /// The last knot reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reached: Option<KnotFigures>,
    /// The first knot that is not reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<KnotFigures>,
    /// How many more cases (dossiers of a ratio, a count's own) give more points, or how many fewer where fewer do; absent
    /// where no number of cases does, or the figure is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_next: Option<Quantity>,
}

/// A heading: its points are those of its criteria, and make up for what was dropped where the plan says so.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SumFigures {
    /// Codes of the criteria and headings in it.
    pub parts: Vec<String>,
    /// The maximum of what was not dropped, where something was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remaining_max: Option<Fraction>,
    /// Codes of the criteria that were dropped in it and are made up for by it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub made_up_for: Vec<String>,
}

/// What a figure is read in percent of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AgainstFigures {
    /// `best`, `mean` or `indicator:CODE`.
    pub of: String,
    /// Absent where nobody has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub figure: Option<Fraction>,
    /// Code of the unit whose figure is the best; the first by code of several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// How many units of the group have a figure.
    pub units: usize,
}

/// A knot of a scale: from a figure on, or above it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct KnotFigures {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Decimal>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub above: Option<Decimal>,
    pub points: Decimal,
}

impl KnotFigures {
    pub(super) fn of(knot: &Knot) -> Self {
        Self { from: knot.from, above: knot.above, points: knot.points }
    }
}

/// The ballots on one criterion, lowest first, and those that the mean includes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Ballots {
    pub combine: Combine,
    pub cast: Vec<Decimal>,
    pub counted: Vec<Decimal>,
    /// Where the council's rules bring its members to one level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub centred: Option<Centred>,
    /// Members who do not judge the candidate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recused: Option<u32>,
}

/// The ballots with every member at the panel's level, lowest first, and those that the mean includes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = CentredBallots)]
pub struct Centred {
    /// How many candidates all members judged; of none, points stay as cast.
    pub over: usize,
    pub cast: Vec<Fraction>,
    pub counted: Vec<Fraction>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InitiativeFigures {
    pub initiatives: Vec<CountedInitiative>,
    /// The sum, if the criterion's maximum reduced it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uncapped: Option<Fraction>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CountedInitiative {
    pub id: Uuid,
    pub title: String,
    pub level: String,
    /// Null: the criterion has no points for this level, or it is passed over, so it counts 0.
    pub points: Option<Decimal>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passed_over: Option<PassedOver>,
    /// For `serves_another`: the award that it serves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serves: Option<String>,
}

/// Why a recognised initiative gives a candidate no points.
///
/// - `outside_window`: Recognised on a day that the criterion does not judge.
/// - `before_achievement_from`: Recognised before discipline ended.
/// - `serves_another`: It serves an award of another form, or of another movement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PassedOver {
    OutsideWindow,
    BeforeAchievementFrom,
    ServesAnother,
}

/// `max` × (on time + excused) / due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReportingFigures {
    pub due: u32,
    pub on_time: u32,
    pub excused: u32,
}

impl CriterionScore {
    pub(super) fn new(criterion: &Criterion, points: Option<BigRational>, figures: Figures) -> Self {
        Self {
            code: criterion.code.clone(),
            points: points.as_ref().map(|points| half_up(points, 2)),
            dropped: points.is_none() && figures.kind().gives_points(),
            points_exact: points.map(Fraction),
            max: criterion.max,
            within: criterion.within.clone(),
            factor: None,
            when: None,
            withheld: None,
            figures,
        }
    }

    pub fn kind(&self) -> CriterionKind {
        self.figures.kind()
    }

    /// Whether the criterion is part of the maximum that all groups of an award share.
    pub fn within_maximum(&self) -> bool {
        self.kind().within_maximum()
    }

    /// Whether its points are those of others.
    pub fn is_heading(&self) -> bool {
        self.kind() == CriterionKind::Sum
    }

    /// Notes what the criterion's condition came to, which withholds the points where it does not hold.
    pub(super) fn settle(&mut self, when: ConditionFigures) {
        if !when.holds
            && let Some(points) = &mut self.points_exact
        {
            let points = std::mem::replace(points, Fraction(BigRational::zero()));
            self.withheld = Some(points).filter(|points| !points.0.is_zero());
            self.points = Some(half_up(&BigRational::zero(), 2));
        }
        self.when = Some(when);
    }

    /// The points as they speak for the candidate: a penalty's against, an absent one's not at all.
    pub fn in_favour(&self) -> BigRational {
        let points = self.points_exact.as_ref().map_or_else(BigRational::zero, |points| points.0.clone());
        if self.kind() == CriterionKind::Penalty { -points } else { points }
    }
}

impl Figures {
    pub fn kind(&self) -> CriterionKind {
        match self {
            Self::Gate(_) => CriterionKind::Gate,
            Self::Indicators(_) => CriterionKind::Indicators,
            Self::Assessed(_) => CriterionKind::Assessed,
            Self::Initiatives(_) => CriterionKind::Initiatives,
            Self::Reporting(_) => CriterionKind::Reporting,
            Self::Bonus(_) => CriterionKind::Bonus,
            Self::Penalty(_) => CriterionKind::Penalty,
            Self::Measured(_) => CriterionKind::Measured,
            Self::Sum(_) => CriterionKind::Sum,
            Self::Check(_) => CriterionKind::Check,
        }
    }
}

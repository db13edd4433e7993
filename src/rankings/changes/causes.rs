//! The figures that moved the points of a criterion, as they are shown. PURE.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use num_traits::{Signed, Zero};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    exact::{BigRational, Decimal, ratio},
    rankings::figures::{CountedIndicator, CriterionScore, Figures, IndicatorFigures, ScaledFigure},
};

/// A figure behind the points, before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = RankingFigureMoved)]
pub struct FigureMoved {
    /// Code of the indicator; null for the count of reports or of initiatives.
    pub indicator: Option<String>,
    /// As shown, reports as `kept/due`; null where there was none, or it did not count.
    #[schema(example = "60.00")]
    pub from: Option<String>,
    #[schema(example = "80.00")]
    pub to: Option<String>,
}

/// By indicator what is shown, and the part of the points that follows from it.
type Shown = BTreeMap<Option<String>, (Option<String>, BigRational)>;

/// The most first. Points that people gave have no figure behind them.
pub(super) fn causes(from: Option<&CriterionScore>, to: Option<&CriterionScore>) -> Vec<FigureMoved> {
    let of = |score: Option<&CriterionScore>| score.map(|score| shown(&score.figures)).unwrap_or_default();
    let (before, after) = (of(from), of(to));
    let all: BTreeSet<Option<String>> = before.keys().chain(after.keys()).cloned().collect();
    let moved = all.into_iter().filter_map(|indicator| {
        let of = |shown: &Shown| shown.get(&indicator).cloned().unwrap_or_default();
        let ((from, gave), (to, gives)) = (of(&before), of(&after));
        let counts = from.is_none() || to.is_none() || gave != gives;
        (from != to && counts).then(|| ((gives - gave).abs(), FigureMoved { indicator, from, to }))
    });
    let mut moved: Vec<(BigRational, FigureMoved)> = moved.collect();
    moved.sort_by_key(|(by, one)| (Reverse(by.clone()), one.indicator.clone()));
    moved.into_iter().map(|(_, one)| one).collect()
}

fn shown(figures: &Figures) -> Shown {
    let alone = |indicator, text: String, part| BTreeMap::from([(indicator, (Some(text), part))]);
    match figures {
        Figures::Indicators(figures) => counted(figures),
        Figures::Measured(figure) => scaled(figure),
        Figures::Bonus(figures) | Figures::Penalty(figures) => {
            figures.measured.as_ref().map(scaled).unwrap_or_default()
        }
        Figures::Reporting(figures) => {
            let kept = u64::from(figures.on_time) + u64::from(figures.excused);
            alone(None, format!("{kept}/{}", figures.due), ratio(kept, figures.due.max(1)))
        }
        Figures::Initiatives(figures) => {
            let given = || figures.initiatives.iter().filter_map(|one| one.points);
            let sum = given().fold(BigRational::zero(), |sum, points: Decimal| sum + BigRational::from(points));
            alone(None, given().count().to_string(), sum)
        }
        Figures::Gate(_) | Figures::Check(_) | Figures::Assessed(_) | Figures::Sum(_) => Shown::new(),
    }
}

fn counted(figures: &IndicatorFigures) -> Shown {
    let weight = |weight: Decimal| BigRational::from(weight);
    let whole = figures.counted.iter().fold(BigRational::zero(), |sum, one| sum + weight(one.weight));
    let of = |part: BigRational| if whole.is_zero() { part } else { part / &whole };
    let one = |one: &CountedIndicator| {
        let text = one.value.clone().or_else(|| one.numerator.as_ref().map(ToString::to_string));
        (Some(one.indicator.clone()), (text, of(weight(one.weight) * &one.attainment.0)))
    };
    figures.counted.iter().map(one).collect()
}

fn scaled(figure: &ScaledFigure) -> Shown {
    let read = figure.read.as_ref().map_or_else(BigRational::zero, |read| read.0.clone());
    let text = figure.value.clone().or_else(|| figure.numerator.as_ref().map(ToString::to_string));
    BTreeMap::from([(Some(figure.indicator.clone()), (text, read))])
}

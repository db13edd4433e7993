//! `measured`, and `bonus` and `penalty` that are computed: one figure of the candidate's own unit, by a scale. PURE.

use num_traits::Zero;

use super::{
    answers::max_of,
    result::{Reason, ReasonCode},
    scale,
};
use crate::{
    exact::{BigRational, Fraction, ratio},
    movements::{
        plan::{Against, Criterion, CriterionKind, IndicatorKind, Missing, PointScale, ScaleOf},
        target::is_upward,
    },
    progress::{Verdict, excess_of_count, excess_of_ratio, in_units, missing_of_count, missing_of_ratio},
    quantity::Quantity,
    rankings::{
        figures::{AgainstFigures, CriterionScore, Figures, KnotFigures, ScaledFigure},
        inputs::{Attained, Candidate, Inputs, Yardstick},
    },
};

/// What a figure is read as, or why it is not.
enum Read {
    Figure(BigRational),
    /// Nothing arose, or it does not apply.
    Nothing,
    NoData,
    /// Nobody is above what it is compared with: no points for anybody.
    NobodyAbove,
}

/// The points of a criterion with an indicator and a scale.
pub(super) fn judge(
    inputs: &Inputs,
    candidate: &Candidate,
    criterion: &Criterion,
    (indicator, by): (&str, &PointScale),
) -> Result<CriterionScore, Reason> {
    let same = |one: &&Attained| one.period == criterion.period && one.indicator == indicator;
    let one = candidate.attained.iter().find(same);
    let yardstick = by.read_against().map(|against| (against, yardstick(inputs, candidate, criterion)));
    let mut figures = ScaledFigure {
        indicator: indicator.to_owned(),
        period: criterion.period.clone(),
        verdict: one.map_or(Verdict::NotOwed, |one| one.verdict),
        numerator: one.and_then(|one| one.numerator),
        denominator: one.and_then(|one| one.denominator),
        value: one.and_then(|one| one.value.clone()),
        figure: one.and_then(|one| one.figure.clone()),
        target: one.and_then(|one| one.target.clone()).filter(|_| by.of.is_some()),
        aim: one.and_then(|one| one.aim.clone()).filter(|_| by.of.is_some()),
        against: yardstick.as_ref().map(|(against, yardstick)| compared_with(by, *against, *yardstick)),
        read: None,
        reached: None,
        next: None,
        to_next: None,
    };
    let extra = criterion.kind != CriterionKind::Measured;
    let read = match read(one, by) {
        Read::Figure(figure) => against(by, figure, figures.against.as_ref()),
        other => other,
    };
    let points = match read {
        Read::NoData => silent(criterion, extra, indicator)?,
        Read::Nothing => extra.then(BigRational::zero),
        Read::NobodyAbove => Some(BigRational::zero()),
        Read::Figure(read) => {
            figures.reached = scale::reached(by, &read).map(KnotFigures::of);
            figures.next = scale::next(by, &read).map(KnotFigures::of);
            figures.to_next = one.and_then(|one| to_next(one, by, &read, figures.against.as_ref()));
            let points = scale::points(by, &read).min(max_of(criterion));
            figures.read = Some(Fraction(read));
            Some(points)
        }
    };
    let kind = match criterion.kind {
        CriterionKind::Bonus => Figures::Bonus(figures.into()),
        CriterionKind::Penalty => Figures::Penalty(figures.into()),
        _ => Figures::Measured(figures),
    };
    Ok(CriterionScore::new(criterion, points, kind))
}

/// What no data give: silence must not pay where the plan has no rule.
fn silent(criterion: &Criterion, extra: bool, indicator: &str) -> Result<Option<BigRational>, Reason> {
    match criterion.missing {
        Some(Missing::Exclude) if !extra => Ok(None),
        Some(Missing::Ineligible) if !extra => {
            let indicators = vec![indicator.to_owned()];
            Err(Reason { indicators, ..Reason::new(ReasonCode::NoData, Some(criterion)) })
        }
        _ => Ok(Some(BigRational::zero())),
    }
}

fn read(one: Option<&Attained>, by: &PointScale) -> Read {
    let Some(one) = one else { return Read::Nothing };
    match (one.verdict, &one.figure) {
        (Verdict::NoData, _) => Read::NoData,
        (_, Some(_)) if by.of.is_some() && one.target.is_none() => Read::Nothing,
        // Of a target 0 there are no percent, which lint refuses: what misses it must not be left out.
        (_, Some(figure)) => of_target(by, &figure.0, one.target.as_ref()).map_or(Read::NoData, Read::Figure),
        (_, None) => Read::Nothing,
    }
}

/// The figure, or what it is in percent of the target. Nothing of a target 0 is all of it.
pub fn of_target(by: &PointScale, figure: &BigRational, target: Option<&Fraction>) -> Option<BigRational> {
    match by.of {
        None => Some(figure.clone()),
        Some(ScaleOf::Target) => {
            let target = &target?.0;
            let all = || (figure.is_zero() && target.is_zero()).then(|| ratio(100, 1));
            scale::percent(figure, target).or_else(all)
        }
    }
}

fn yardstick<'a>(inputs: &'a Inputs, candidate: &Candidate, criterion: &Criterion) -> Option<&'a Yardstick> {
    let of = |one: &&Yardstick| one.criterion == criterion.code && Some(&one.group) == candidate.group.as_ref();
    inputs.yardsticks.iter().find(of)
}

fn compared_with(by: &PointScale, against: Against, yardstick: Option<&Yardstick>) -> AgainstFigures {
    let figures = yardstick.map_or(&[][..], |yardstick| &yardstick.figures);
    let best = figures.iter().max_by(|a, b| a.figure.cmp(&b.figure).then_with(|| b.unit.cmp(&a.unit)));
    let sum = || figures.iter().map(|one| one.figure.0.clone()).sum::<BigRational>();
    let mean = || (!figures.is_empty()).then(|| sum() / ratio(figures.len(), 1));
    let figure = match against {
        Against::Best | Against::Indicator(_) => best.map(|one| one.figure.clone()),
        Against::Mean => mean().map(Fraction),
    };
    AgainstFigures {
        of: by.against.clone().unwrap_or_default(),
        figure,
        unit: best.filter(|_| against == Against::Best).and_then(|one| one.unit.clone()),
        units: figures.iter().filter(|one| one.unit.is_some()).count(),
    }
}

/// What the scale reads of a figure beside what it is compared with.
fn against(by: &PointScale, figure: BigRational, with: Option<&AgainstFigures>) -> Read {
    let Some(with) = with else { return Read::Figure(figure) };
    let Some(Fraction(of)) = &with.figure else { return Read::NoData };
    let origin = by.origin.map(BigRational::from).unwrap_or_default();
    let read = match by.read_against() {
        Some(Against::Best) => scale::percent_from(&figure, of, &origin),
        _ => scale::percent(&figure, of).filter(|_| *of > BigRational::zero()),
    };
    read.map_or(Read::NobodyAbove, Read::Figure)
}

/// How many more cases give more points, or how many fewer where fewer give more: of a ratio dossiers, of a count what it
/// counts. None where the figure is no number of cases, and where it moves what it is compared with.
fn to_next(one: &Attained, by: &PointScale, read: &BigRational, with: Option<&AgainstFigures>) -> Option<Quantity> {
    let hundredth = ratio(1, 100);
    let mut bound = scale::better(by, read)?;
    match by.read_against() {
        None => {}
        Some(Against::Indicator(code)) if code == one.indicator => return None,
        Some(Against::Indicator(_)) => bound.value = bound.value * &with?.figure.as_ref()?.0 * &hundredth,
        Some(Against::Best | Against::Mean) => return None,
    }
    if by.of.is_some() {
        bound.value = bound.value * &one.target.as_ref()?.0 * hundredth;
    }
    let up = is_upward(bound.comparator);
    let decimals = one.decimals.unwrap_or(0);
    let units = match (one.kind?, one.numerator.map(Quantity::units), one.denominator.map(Quantity::units)) {
        (IndicatorKind::Ratio, Some(n), Some(d)) if d > 0 && up => missing_of_ratio(n, d, &bound, true),
        (IndicatorKind::Ratio, Some(n), Some(d)) if d > 0 => excess_of_ratio(n, d, &bound),
        (IndicatorKind::Count, ..) => {
            let count = &one.figure.as_ref()?.0 * ratio(10_i128.pow(decimals), 1);
            let (count, bound) = (i128::try_from(count.to_integer()).ok()?, in_units(&bound, decimals));
            if up { missing_of_count(count, &bound) } else { excess_of_count(count, &bound) }
        }
        _ => None,
    };
    units.map(|units| Quantity::of(units, decimals))
}

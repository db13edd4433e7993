//! `indicators`: `max` × Σ weight × attainment / Σ weight over what the candidate's own unit owes. PURE.

use num_traits::{One, Zero};

use super::{
    answers::max_of,
    result::{Reason, ReasonCode},
};
use crate::{
    exact::{BigRational, Decimal, Fraction},
    movements::plan::{Criterion, Missing},
    progress::Verdict,
    rankings::{
        figures::{CountedIndicator, CriterionScore, Excluded, ExcludedIndicator, Figures, IndicatorFigures},
        inputs::{Attained, Candidate},
    },
};

pub(super) fn judge(candidate: &Candidate, criterion: &Criterion) -> Result<CriterionScore, Reason> {
    let mut owed: Vec<_> = candidate.attained.iter().filter(|one| one.period == criterion.period).collect();
    owed.sort_by(|a, b| a.indicator.cmp(&b.indicator));
    let (mut counted, mut excluded, mut without_data) = (Vec::new(), Vec::new(), Vec::new());
    for one in owed {
        match part(one, criterion) {
            Part::Counted(attainment, weight) => counted.push(count(one, attainment, weight)),
            Part::Excluded(why) => {
                let no_target = one.aim.as_ref().and_then(|aim| aim.no_target);
                excluded.push(ExcludedIndicator { indicator: one.indicator.clone(), why, no_target });
            }
            Part::Ineligible => without_data.push(one.indicator.clone()),
        }
    }
    if !without_data.is_empty() {
        return Err(Reason { indicators: without_data, ..Reason::new(ReasonCode::NoData, Some(criterion)) });
    }
    let attainment = mean(&counted);
    let points = attainment.as_ref().map(|attainment| max_of(criterion) * attainment);
    let figures = IndicatorFigures { attainment: attainment.map(Fraction), counted, excluded };
    Ok(CriterionScore::new(criterion, points, Figures::Indicators(figures)))
}

/// What part an indicator takes.
enum Part {
    Counted(BigRational, Decimal),
    Excluded(Excluded),
    Ineligible,
}

fn part(one: &Attained, criterion: &Criterion) -> Part {
    let weight = criterion.weights.get(&one.indicator).copied().or(criterion.otherwise).unwrap_or(Decimal::ONE);
    if BigRational::from(weight).is_zero() {
        return Part::Excluded(Excluded::NoWeight);
    }
    match (one.verdict, &one.attainment) {
        (Verdict::Met, _) => Part::Counted(BigRational::one(), weight),
        (Verdict::NotMet | Verdict::AtRisk | Verdict::BelowFloor, Some(attainment)) => {
            Part::Counted(attainment.0.clone(), weight)
        }
        // of a count, in the second format
        (Verdict::NoneArose, Some(attainment)) => Part::Counted(attainment.0.clone(), weight),
        (Verdict::NoneArose, None) => Part::Excluded(Excluded::NoneArose),
        (Verdict::NotApplicable | Verdict::NotOwed, _) => Part::Excluded(Excluded::NotApplicable),
        // missed, but without a number that says by how much
        (Verdict::NotEvaluable | Verdict::NotMet | Verdict::AtRisk | Verdict::BelowFloor, _) => {
            Part::Excluded(Excluded::NotEvaluable)
        }
        (Verdict::NoData, _) => match criterion.missing {
            Some(Missing::Exclude) => Part::Excluded(Excluded::NoData),
            Some(Missing::Ineligible) => Part::Ineligible,
            // silence must not pay: without a rule, what was not reported was not attained
            Some(Missing::Zero) | None => Part::Counted(BigRational::zero(), weight),
        },
    }
}

fn count(one: &Attained, attainment: BigRational, weight: Decimal) -> CountedIndicator {
    CountedIndicator {
        indicator: one.indicator.clone(),
        verdict: one.verdict,
        weight,
        attainment: Fraction(attainment),
        numerator: one.numerator,
        denominator: one.denominator,
        value: one.value.clone(),
        aim: one.aim.clone(),
    }
}

/// The weighted mean, over the weights of what was counted alone; `None` where nothing was.
fn mean(counted: &[CountedIndicator]) -> Option<BigRational> {
    let weights: BigRational = counted.iter().map(|one| BigRational::from(one.weight)).sum();
    let attained: BigRational = counted.iter().map(|one| BigRational::from(one.weight) * &one.attainment.0).sum();
    (!weights.is_zero()).then(|| attained / weights)
}

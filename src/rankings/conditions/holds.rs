//! Whether a condition holds for a candidate. What has no figure does not hold, and an unanswered check is neither yes nor
//! no. Exact. PURE.

use super::figures::{About, AtomFigures, ConditionFigures, PartFigures, Quantifier};
use crate::{
    exact::{BigRational, Fraction, ratio, shown},
    movements::plan::{Comparator, Condition, IndicatorKind, Limits, Term},
    progress::Verdict,
    rankings::{
        figures::{CriterionScore, Figures},
        inputs::{Attained, Candidate},
    },
};

/// What is known of a candidate where a condition is asked.
pub struct Known<'a> {
    pub candidate: &'a Candidate,
    pub criteria: &'a [CriterionScore],
    /// As it is compared; none before everything is judged, as the class.
    pub total: Option<&'a BigRational>,
    pub class: Option<&'a str>,
}

pub fn evaluate(condition: &Condition, known: &Known) -> ConditionFigures {
    let (of, parts) = parts(condition);
    let parts: Vec<PartFigures> = parts.iter().map(|condition| part(condition, known)).collect();
    ConditionFigures { holds: of.holds(parts.iter().map(|part| part.holds)), of, parts }
}

fn parts(condition: &Condition) -> (Quantifier, &[Condition]) {
    match condition.read() {
        Some(Term::All(parts)) => (Quantifier::All, parts),
        Some(Term::Any(parts)) => (Quantifier::Any, parts),
        _ => (Quantifier::All, std::slice::from_ref(condition)),
    }
}

/// Lint refuses what cannot be read or is deeper; should it come here, it holds for nobody.
fn part(condition: &Condition, known: &Known) -> PartFigures {
    let (of, atoms) = parts(condition);
    let read: Option<Vec<AtomFigures>> = atoms.iter().map(|condition| atom(condition.read()?, known)).collect();
    let holds = read.as_ref().is_some_and(|atoms| of.holds(atoms.iter().map(|atom| atom.holds)));
    PartFigures { holds, of, atoms: read.unwrap_or_default() }
}

fn atom(term: Term, known: &Known) -> Option<AtomFigures> {
    let Known { candidate, criteria, .. } = known;
    let score = |code: &str| criteria.iter().find(|score| score.code == code);
    Some(match term {
        Term::All(_) | Term::Any(_) => return None,
        Term::Indicator { code, period, verdicts, limits } => indicator(candidate, (code, period), verdicts, limits),
        Term::Check { code, answer } => {
            let given = score(code).and_then(|score| match &score.figures {
                Figures::Check(given) => given.passed,
                _ => None,
            });
            let code = Some(code.to_owned());
            AtomFigures { holds: given == Some(answer), code, answer: given, ..about(About::Check) }
        }
        Term::Criterion { code, limits } => {
            let points = score(code).and_then(exact);
            AtomFigures { code: Some(code.to_owned()), ..measured(About::Criterion, points, limits, 2) }
        }
        Term::EveryCriterion(limits) => every(criteria, limits),
        Term::Total(limits) => measured(About::Total, known.total.cloned(), limits, 2),
        Term::Class(code) => {
            let class = known.class.map(str::to_owned);
            AtomFigures { holds: known.class == Some(code), code: Some(code.to_owned()), class, ..about(About::Class) }
        }
        Term::AnsweredShare(limits) => {
            let counted = candidate.answered.filter(|counted| counted.owed > 0);
            let share = counted.map(|counted| ratio(counted.answered, counted.owed) * ratio(100, 1));
            AtomFigures {
                numerator: counted.map(|counted| i128::from(counted.answered).into()),
                denominator: counted.map(|counted| i128::from(counted.owed).into()),
                ..measured(About::AnsweredShare, share, limits, 2)
            }
        }
        Term::LateReports(limits) => {
            let reports = candidate.reporting;
            let late = candidate.own_unit().is_some().then(|| reports.due - reports.on_time - reports.excused);
            measured(About::LateReports, late.map(|late| ratio(late, 1)), limits, 0)
        }
    })
}

fn about(about: About) -> AtomFigures {
    AtomFigures {
        holds: false,
        about,
        code: None,
        period: None,
        asked: Vec::new(),
        verdict: None,
        numerator: None,
        denominator: None,
        figure: None,
        value: None,
        relation: None,
        limit: None,
        answer: None,
        class: None,
    }
}

/// A figure within limits, or not.
fn measured(what: About, figure: Option<BigRational>, limits: Limits, digits: u32) -> AtomFigures {
    let Some(figure) = figure else { return about(what) };
    let side = |figure: &BigRational| -> Vec<bool> {
        limits.each().map(|(comparator, limit)| comparator.holds(figure, &limit.into())).collect()
    };
    let own = side(&figure);
    let decisive = limits.decisive(&figure);
    AtomFigures {
        holds: limits.hold(&figure),
        value: Some(shown(&figure, digits, |shown| side(shown) != own)),
        relation: decisive.map(|(asked, limit)| stands(asked, asked.holds(&figure, &limit.into()))),
        limit: decisive.map(|(_, limit)| limit),
        figure: Some(Fraction(figure)),
        ..about(what)
    }
}

fn stands(asked: Comparator, holds: bool) -> Comparator {
    match (asked, holds) {
        (asked, true) => asked,
        (Comparator::AtLeast, false) => Comparator::Below,
        (Comparator::Above, false) => Comparator::AtMost,
        (Comparator::AtMost, false) => Comparator::Above,
        (Comparator::Below, false) => Comparator::AtLeast,
    }
}

/// What the unit owes has a verdict in any case; what it does not owe does not apply to it.
fn indicator(
    candidate: &Candidate,
    (code, period): (&str, Option<&str>),
    verdicts: &[String],
    limits: Limits,
) -> AtomFigures {
    let same = |one: &&Attained| one.period.as_deref() == period && one.indicator == code;
    let one = candidate.attained.iter().find(same);
    let verdict = one.map(|one| one.verdict).or(candidate.own_unit().map(|_| Verdict::NotOwed));
    let word = |verdict: Verdict| serde_json::to_value(verdict).unwrap_or_default();
    let is_asked = |verdict: Verdict| verdicts.iter().any(|asked| word(verdict) == *asked.as_str());
    let is_one = verdict
        .is_some_and(|verdict| is_asked(verdict) || verdict == Verdict::NotOwed && is_asked(Verdict::NotApplicable));
    let digits = match one.and_then(|one| one.kind) {
        Some(IndicatorKind::Count | IndicatorKind::Level | IndicatorKind::Rank) => {
            one.and_then(|one| one.decimals).unwrap_or(0)
        }
        _ => 2,
    };
    let figure = one.and_then(|one| one.figure.clone()).map(|figure| figure.0);
    let read = measured(About::Indicator, figure, limits, digits);
    let within = read.holds || limits == Limits::default();
    AtomFigures {
        holds: within && (is_one || verdicts.is_empty()),
        code: Some(code.to_owned()),
        period: period.map(str::to_owned),
        asked: verdicts.to_vec(),
        verdict,
        numerator: one.and_then(|one| one.numerator),
        denominator: one.and_then(|one| one.denominator),
        ..read
    }
}

fn exact(score: &CriterionScore) -> Option<BigRational> {
    score.points_exact.as_ref().map(|points| points.0.clone())
}

/// Of the criteria that give points within the maximum and were not dropped, the first that breaks a limit; else the first.
fn every(criteria: &[CriterionScore], limits: Limits) -> AtomFigures {
    let counted = || criteria.iter().filter(|score| score.within_maximum() && !score.is_heading());
    let mut judged = counted().filter_map(|score| Some((score, exact(score)?)));
    let broken = judged.clone().find(|(_, points)| !limits.hold(points));
    match broken.or_else(|| judged.next()) {
        Some((score, points)) => {
            AtomFigures { code: Some(score.code.clone()), ..measured(About::EveryCriterion, Some(points), limits, 2) }
        }
        None => about(About::EveryCriterion),
    }
}

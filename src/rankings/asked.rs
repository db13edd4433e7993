//! What an award asks of a candidate's unit beyond what its criteria are judged by. PURE.

use crate::movements::plan::{Award, Condition, Criterion, Term};

#[derive(Default)]
pub(super) struct Asked<'a> {
    /// By period and code.
    pub indicators: Vec<(&'a Option<String>, &'a str)>,
    /// Indicators that part equals.
    pub ties: Vec<&'a str>,
    pub answered_share: bool,
    pub late_reports: bool,
}

/// What the conditions of an award and of some of its criteria ask for, and what parts equals.
pub(super) fn asked<'a>(award: &'a Award, criteria: impl Iterator<Item = &'a Criterion>) -> Asked<'a> {
    let of_award = award.classes.iter().filter_map(|class| class.when.as_ref()).chain(&award.eligible);
    let conditions = of_award.chain(criteria.filter_map(|criterion| criterion.when.as_ref()));
    let ties: Vec<&str> = award.ranking.ties.iter().filter_map(|tie| tie.strip_prefix("indicator:")).collect();
    let mut asked = Asked { indicators: ties.iter().map(|code| (&None, *code)).collect(), ties, ..Asked::default() };
    for (_, atom) in conditions.flat_map(Condition::atoms) {
        match atom.read() {
            Some(Term::Indicator { code, .. }) => asked.indicators.push((&atom.period, code)),
            Some(Term::AnsweredShare(_)) => asked.answered_share = true,
            Some(Term::LateReports(_)) => asked.late_reports = true,
            _ => {}
        }
    }
    asked
}

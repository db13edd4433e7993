//! The points of one criterion with the figures behind them, in sentences. PURE.

use num_traits::{One, Zero};
use serde::Serialize;

use super::{
    names::Names,
    sentence::{Sentence, exactly, label, number, percent, say, word},
};
use crate::{
    exact::{BigRational, Decimal},
    movements::plan::Stage,
    progress::Verdict,
    rankings::figures::{
        AssessedFigures, CriterionScore, Figures, IndicatorFigures, InitiativeFigures, ReportingFigures, ScaledFigure,
    },
};

/// What gave the points, what was left out and why.
pub(super) fn criterion(score: &CriterionScore, names: &Names) -> Vec<Sentence> {
    let own = Own { score, names };
    if score.dropped {
        let mut said = vec![say("dropped", &[own.code()])];
        if let Figures::Indicators(figures) = &score.figures {
            said.extend(excluded(figures, names));
        }
        return said;
    }
    let mut said = match &score.figures {
        Figures::Gate(_) => vec![say("gate", &[own.code()])],
        Figures::Check(check) => vec![match check.passed {
            Some(true) => say("check_yes", &[own.code()]),
            Some(false) => say("check_no", &[own.code()]),
            None => say("check_open", &[own.code()]),
        }],
        Figures::Indicators(figures) => own.indicators(figures),
        Figures::Assessed(figures) => own.assessed(figures),
        Figures::Initiatives(figures) => own.initiatives(figures),
        Figures::Reporting(figures) => own.reporting(figures),
        Figures::Bonus(figures) => own.extra(say("bonus", &[own.code(), own.points()]), figures),
        Figures::Penalty(figures) => own.extra(say("penalty", &[own.code(), own.points()]), figures),
        Figures::Measured(figure) => own.measured(figure),
        Figures::Sum(_) => vec![say("sum", &[own.code(), own.points(), own.max()])],
    };
    let withheld = score.withheld.iter();
    said.extend(withheld.map(|points| say("withheld", &[own.code(), ("points", exactly(&points.0))])));
    said
}

/// The label's code as the API writes it.
fn coded(list: &str, value: impl Serialize) -> Sentence {
    let code = serde_json::to_value(value).ok();
    label(list, code.as_ref().and_then(|code| code.as_str()).unwrap_or_default())
}

fn excluded(figures: &IndicatorFigures, names: &Names) -> impl Iterator<Item = Sentence> {
    figures.excluded.iter().map(|one| {
        say("excluded", &[("indicator", names.indicator(&one.indicator)), ("why", coded("excluded", one.why))])
    })
}

struct Own<'a> {
    score: &'a CriterionScore,
    names: &'a Names,
}

impl Own<'_> {
    fn code(&self) -> (&'static str, Sentence) {
        ("code", self.names.criterion(&self.score.code))
    }

    fn points(&self) -> (&'static str, Sentence) {
        ("points", number(self.score.points.as_deref().unwrap_or("0")))
    }

    fn max(&self) -> (&'static str, Sentence) {
        ("max", number(self.score.max.as_ref().map_or_else(|| "–".to_owned(), Decimal::to_string)))
    }

    fn indicators(&self, figures: &IndicatorFigures) -> Vec<Sentence> {
        let met = figures.counted.iter().filter(|one| one.verdict == Verdict::Met).count();
        let words = [("counted", number(figures.counted.len())), ("met", number(met))];
        let [counted, met] = words;
        let mut said = vec![say("indicators", &[self.code(), self.points(), self.max(), counted, met])];
        said.extend(figures.counted.iter().filter(|one| !one.attainment.0.is_one()).map(|one| {
            say(
                "short",
                &[("indicator", self.names.indicator(&one.indicator)), ("percent", percent(&one.attainment.0))],
            )
        }));
        said.extend(excluded(figures, self.names));
        said
    }

    fn assessed(&self, figures: &AssessedFigures) -> Vec<Sentence> {
        let mut said = vec![match &figures.ballots {
            Some(ballots) => {
                let counted = ("counted", number(ballots.counted.len()));
                let (cast, combine) = (("cast", number(ballots.cast.len())), coded("combine", ballots.combine));
                say("ballots", &[self.code(), self.points(), self.max(), counted, cast, ("combine", combine)])
            }
            None => {
                let stage = coded("stage", figures.from.unwrap_or(Stage::Appraisal));
                say("assessed", &[self.code(), self.points(), self.max(), ("stage", stage)])
            }
        }];
        let given = self.score.points_exact.as_ref().map(|points| &points.0);
        let differs = |claimed: &&Decimal| given != Some(&BigRational::from(**claimed));
        let claimed = figures.self_points.iter().filter(|_| figures.from != Some(Stage::Own)).filter(differs);
        said.extend(claimed.map(|points| say("claimed", &[self.code(), ("points", number(points))])));
        said
    }

    fn initiatives(&self, figures: &InitiativeFigures) -> Vec<Sentence> {
        let count = figures.initiatives.len();
        let words = [self.code(), self.points(), self.max(), ("count", number(count))];
        let mut said = vec![match count {
            0 => say("initiatives_none", &words),
            1 => say("initiatives_one", &words),
            _ => say("initiatives", &words),
        }];
        said.extend(figures.initiatives.iter().filter_map(|one| {
            let why = ("why", coded("passed_over", one.passed_over?));
            let title = ("title", word(if one.title.is_empty() { one.id.to_string() } else { one.title.clone() }));
            Some(match &one.serves {
                Some(award) => say("passed_over_for", &[title, why, ("award", word(award))]),
                None => say("passed_over", &[title, why]),
            })
        }));
        said.extend(figures.uncapped.iter().map(|sum| self.capped(&sum.0)));
        said
    }

    fn capped(&self, points: &BigRational) -> Sentence {
        say("capped", &[self.code(), ("points", exactly(points)), self.max()])
    }

    fn reporting(&self, figures: &ReportingFigures) -> Vec<Sentence> {
        let kept = u64::from(figures.on_time) + u64::from(figures.excused);
        let words = [self.code(), self.points(), self.max(), ("kept", number(kept)), ("due", number(figures.due))];
        vec![say("reporting", &words)]
    }

    /// Nothing given is nothing to say.
    fn extra(&self, given: Sentence, figures: &AssessedFigures) -> Vec<Sentence> {
        let is_given = self.score.points_exact.as_ref().is_some_and(|points| !points.0.is_zero());
        let mut said: Vec<Sentence> = is_given.then_some(given).into_iter().collect();
        said.extend(figures.uncapped.iter().map(|sum| self.capped(&sum.0)));
        said
    }

    fn measured(&self, figure: &ScaledFigure) -> Vec<Sentence> {
        let indicator = ("indicator", self.names.indicator(&figure.indicator));
        vec![match &figure.value {
            Some(value) => {
                say("measured", &[self.code(), self.points(), self.max(), ("value", number(value)), indicator])
            }
            None => say("measured_without", &[self.code(), self.points(), self.max(), indicator]),
        }]
    }
}

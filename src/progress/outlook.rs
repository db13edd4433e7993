//! How a flow is likely to end, at the rate so far: apart from the verdict, which it never changes. PURE.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    aggregate::judges_each,
    display::shown,
    figure::{Figure, Standing, exact},
    tally::takes_last,
    verdict::{Verdict, is_over},
};
use crate::{
    clock::day,
    exact::{BigRational, ratio},
    movements::{
        plan::{Indicator, IndicatorKind},
        target_table::judges_units,
    },
};

/// How a figure is likely to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = OutlookKind)]
pub enum Likely {
    LikelyMet,
    LikelyNotMet,
    Undetermined,
}

/// By which rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OutlookRule {
    /// A count goes on as it did, by the days that elapsed and by the reports that came; where the two disagree, nothing is
    /// said.
    RunRate,
    /// A ratio stays what it is.
    RatioSoFar,
}

/// Why nothing is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OutlookReason {
    /// What is taken at its newest does not run up.
    Stock,
    /// The movement has no period in the span.
    NoPeriod,
    /// The verdict says it.
    SpanOver,
    NotBegun,
    NotOwed,
    JudgedByUnits,
    NoTarget,
    NothingReported,
    /// The target is reached by one of the two rates only.
    RatesDisagree,
}

/// What the rate so far lets expect, with the numbers that it is made of. It is no verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ProgressOutlook)]
pub struct Outlook {
    pub likely: Likely,
    pub rule: Option<OutlookRule>,
    pub reason: Option<OutlookReason>,
    /// A count × `days` ÷ `days_elapsed`.
    pub by_days: Option<String>,
    /// A count × `expected` ÷ `reported`; null of what the service counts, which nobody reports.
    pub by_reports: Option<String>,
    pub days_elapsed: i64,
    pub days: i64,
    pub reported: u64,
    pub expected: u64,
}

/// The days that elapsed of a span, and the reports that came of those owed.
struct Rates {
    days_elapsed: i64,
    days: i64,
    reported: u64,
    expected: u64,
}

impl Rates {
    fn of(figure: &Figure, as_of: DateTime<Utc>) -> Self {
        let (days_elapsed, days) = figure.covers.map_or((0, 0), |covers| {
            let days = (covers.to - covers.from).num_days() + 1;
            ((day(as_of) - covers.from).num_days().clamp(0, days), days)
        });
        let (reported, expected) = (figure.coverage.reported, figure.coverage.expected);
        Self { days_elapsed, days, reported, expected }
    }

    fn by_days(&self, so_far: &BigRational) -> BigRational {
        so_far * ratio(self.days, self.days_elapsed)
    }

    /// What the service counts has no reports: there it is by days as well.
    fn by_reports(&self, so_far: &BigRational) -> BigRational {
        if self.expected == 0 { self.by_days(so_far) } else { so_far * ratio(self.expected, self.reported) }
    }
}

/// The outlook of a figure under the indicator that judged it.
pub fn outlook(indicator: &Indicator, figure: &Figure, as_of: DateTime<Utc>) -> Outlook {
    let rates = Rates::of(figure, as_of);
    let rule = match indicator.kind {
        _ if takes_last(indicator) => None,
        IndicatorKind::Ratio => Some(OutlookRule::RatioSoFar),
        _ => Some(OutlookRule::RunRate),
    };
    let said = match rule {
        None => Err(OutlookReason::Stock),
        _ if figure.whole.verdict == Verdict::NotOwed => Err(OutlookReason::NotOwed),
        _ if figure.covers.is_none() => Err(OutlookReason::NoPeriod),
        _ if figure.covers.is_some_and(|covers| is_over(covers.to, as_of)) => Err(OutlookReason::SpanOver),
        _ if rates.days_elapsed == 0 => Err(OutlookReason::NotBegun),
        _ if judges_units(indicator) => Err(OutlookReason::JudgedByUnits),
        Some(rule) => of_parts(indicator, figure, rule, &rates),
    };
    let so_far = exact(&figure.whole, indicator);
    let runs =
        rule == Some(OutlookRule::RunRate) && rates.days_elapsed > 0 && (rates.reported > 0 || rates.expected == 0);
    let at_end = |by: &dyn Fn(&BigRational) -> BigRational| {
        so_far.as_ref().filter(|_| runs).map(|so_far| shown(&by(so_far), &[]))
    };
    Outlook {
        likely: match said {
            Ok(true) => Likely::LikelyMet,
            Ok(false) => Likely::LikelyNotMet,
            Err(_) => Likely::Undetermined,
        },
        rule,
        reason: said.err(),
        by_days: at_end(&|so_far| rates.by_days(so_far)),
        by_reports: at_end(&|so_far| rates.by_reports(so_far)).filter(|_| rates.expected > 0),
        days_elapsed: rates.days_elapsed,
        days: rates.days,
        reported: rates.reported,
        expected: rates.expected,
    }
}

/// Whether all parts that are judged reach their targets: one that does not decides, even where of another nothing is known.
fn of_parts(indicator: &Indicator, figure: &Figure, rule: OutlookRule, rates: &Rates) -> Result<bool, OutlookReason> {
    let parts: Vec<&Standing> = match judges_each(indicator) {
        true => figure.fields.iter().map(|field| &field.standing).collect(),
        false => vec![&figure.whole],
    };
    let empty =
        |part: &Standing| matches!(part.verdict, Verdict::NoneArose | Verdict::NotApplicable | Verdict::NotOwed);
    let parts = parts.into_iter().filter(|part| !empty(part));
    let said: Vec<_> = parts.map(|part| of_part(indicator, part, rule, rates)).collect();
    if said.contains(&Ok(false)) {
        return Ok(false);
    }
    said.into_iter().reduce(|one, other| one.and(other)).unwrap_or(Err(OutlookReason::NothingReported))
}

fn of_part(indicator: &Indicator, part: &Standing, rule: OutlookRule, rates: &Rates) -> Result<bool, OutlookReason> {
    let target = part.target.as_ref().and_then(|aim| aim.bound(indicator)).ok_or(OutlookReason::NoTarget)?;
    let so_far = exact(part, indicator).ok_or(OutlookReason::NothingReported)?;
    if rule == OutlookRule::RatioSoFar {
        return Ok(target.holds(&so_far));
    }
    if rates.expected > 0 && rates.reported == 0 {
        return Err(OutlookReason::NothingReported);
    }
    let (by_days, by_reports) = (target.holds(&rates.by_days(&so_far)), target.holds(&rates.by_reports(&so_far)));
    if by_days == by_reports { Ok(by_days) } else { Err(OutlookReason::RatesDisagree) }
}

//! The leaves of a span with the plans that state what is owed there and judge it: all of a figure but its numbers.

use std::{borrow::Cow, sync::Arc};

use chrono::{DateTime, Utc};

use super::{Leaf, Targets, figure::Covers, targets};
use crate::{
    clock::day,
    db::Conn,
    exact::BigRational,
    http::{Error, Result},
    movements::{
        self, Movement,
        periods::{self, PeriodDates, Window},
        plan::{Indicator, Plan, UnitSet},
        target_table::{Days, Judged, Sources, has_table},
        versions::Version,
    },
};

/// The span of a request.
#[derive(Clone, Copy)]
pub enum AskedSpan<'a> {
    /// A period code; the whole movement for none.
    Period(Option<&'a str>),
    /// These days, by the periods that tile them, or by a base period; without leaves where there is neither.
    Days(Window),
}

impl AskedSpan<'_> {
    pub const WHOLE: Self = Self::Period(None);
}

pub struct Frame {
    /// As it was known then.
    movement: Movement,
    /// Every period, base periods included.
    periods: Vec<PeriodDates>,
    days: Days,
    leaves: Vec<Leaf>,
    /// In force on each leaf's cut-off day.
    plans: Vec<Arc<Version>>,
    /// In force on the span's last cut-off day, or when asked: this one judges.
    judge: Arc<Version>,
    as_of: DateTime<Utc>,
}

/// An indicator over some leaves, as it is judged.
pub struct Asked<'a> {
    pub indicator: &'a Indicator,
    /// As other versions of the plan that the leaves saw state it.
    earlier: Vec<&'a Indicator>,
    /// As its answers cover them.
    pub leaves: Cow<'a, [Leaf]>,
    pub days: Window,
}

impl Frame {
    /// A code that names no period is refused; one outside the movement has no leaves.
    pub async fn of(conn: &mut Conn, movement: &Movement, span: AskedSpan<'_>, as_of: DateTime<Utc>) -> Result<Self> {
        let movement = movement.known_at(as_of);
        let stored = movements::list_periods(conn, &movement).await?;
        let periods: Vec<PeriodDates> = stored.into_iter().map(|period| period.dates).collect();
        let plan = &movement.versions.newest().plan;
        let periods::Asked { window, leaves } = match span {
            AskedSpan::Period(code) => periods::leaves(&periods, &plan.reporting, &plan.span, code)
                .ok_or_else(|| Error::of("query_invalid").at("/period", "period_code_malformed"))?,
            AskedSpan::Days(window) => periods::tiles(&periods, &plan.reporting, window),
        };
        let days = Days { span: window, movement: periods::extent(&plan.reporting, &plan.span) };
        let plans: Vec<Arc<Version>> = leaves.iter().map(|leaf| movement.on(leaf.cutoff_on).clone()).collect();
        let judge = plans.last().unwrap_or(movement.on(day(as_of))).clone();
        let leaves = leaves.into_iter().map(Leaf::of).collect();
        Ok(Self { plans, judge, leaves, days, as_of, periods, movement })
    }

    pub fn movement(&self) -> &Movement {
        &self.movement
    }

    pub fn leaves(&self) -> &[Leaf] {
        &self.leaves
    }

    pub fn as_of(&self) -> DateTime<Utc> {
        self.as_of
    }

    /// All leaves, and the days that were asked about.
    pub(super) fn span(&self) -> (&[Leaf], Window) {
        (&self.leaves, self.days.span)
    }

    /// First and last day of the leaves; none if there are none.
    pub fn covers(&self) -> Option<Covers> {
        let from = self.leaves.iter().map(|leaf| leaf.starts_on).min();
        from.zip(self.leaves.last()).map(|(from, last)| Covers { from, to: last.cutoff_on })
    }

    /// A period by its code, base periods included.
    pub(super) fn leaf(&self, code: &str) -> Option<Leaf> {
        self.periods.iter().find(|period| period.code == code).map(Leaf::of)
    }

    /// The place of each leaf among all of the movement's.
    pub(super) fn places(&self) -> Vec<usize> {
        let reporting = &self.movement.versions.newest().plan.reporting;
        let all = self.periods.iter().filter(|period| !reporting.is_base(&period.code));
        let places = all.enumerate().filter(|(_, period)| self.leaves.iter().any(|leaf| leaf.code == period.code));
        places.map(|(place, _)| place).collect()
    }

    /// The plan that judges the span.
    pub fn judge(&self) -> &Plan {
        &self.judge.plan
    }

    /// Its version.
    pub fn plan_version(&self) -> i32 {
        self.judge.number
    }

    /// The plan version that judges one of the span's periods.
    pub fn version_of(&self, leaf: &str) -> i32 {
        let of_leaf = self.leaves.iter().zip(&self.plans).find(|(known, _)| known.code == leaf);
        of_leaf.map_or(self.judge.number, |(_, version)| version.number)
    }

    /// The indicators of the span: those of the version that judges, and such as an earlier leaf still had.
    pub fn indicators(&self) -> Vec<&Indicator> {
        let mut found: Vec<&Indicator> = self.judge.plan.indicators.iter().collect();
        let others = self.plans.iter().rev().filter(|version| !Arc::ptr_eq(version, &self.judge));
        for indicator in others.flat_map(|version| &version.plan.indicators) {
            if !found.iter().any(|known| known.code == indicator.code) {
                found.push(indicator);
            }
        }
        found
    }

    /// An indicator as each leaf's plan states it; none where it was not in the plan.
    pub(super) fn stated(&self, code: &str) -> impl Iterator<Item = Option<&Indicator>> {
        self.plans.iter().map(move |version| version.plan.indicators.iter().find(|known| known.code == code))
    }

    /// The same where it is owed, with the sets of units of the plan and the days that answers cover.
    pub(super) fn owed(&self, code: &str) -> impl Iterator<Item = Option<(&Indicator, &[UnitSet], Window)>> {
        let leaves = self.leaves.iter().zip(&self.plans).zip(self.stated(code));
        leaves.map(|((leaf, version), stated)| {
            let covered = periods::covered(&version.plan, stated?, leaf.window())?;
            Some((stated?, &version.plan.unit_sets[..], covered))
        })
    }

    /// How many initiatives an indicator counts in some leaves whose plans state it; none where it counts none, or none of
    /// the plans states it.
    pub(super) fn recognised(
        &self,
        indicator: &Indicator,
        leaves: &[Leaf],
        count: impl Fn(&Leaf) -> u64,
    ) -> Option<u64> {
        indicator.counts?;
        let stated = self.leaves.iter().zip(self.stated(&indicator.code));
        let stated = stated.filter(|(leaf, stated)| stated.is_some() && leaves.contains(leaf));
        stated.map(|(leaf, _)| count(leaf)).reduce(|a, b| a + b)
    }

    /// An indicator over some of the leaves.
    pub(super) fn asked<'a>(&'a self, indicator: &'a Indicator, (leaves, days): (&'a [Leaf], Window)) -> Asked<'a> {
        // A leaf alone is judged by its own plan.
        let several = leaves.len() > 1;
        let mut earlier: Vec<&Indicator> = self.stated(&indicator.code).flatten().filter(|_| several).collect();
        // Mostly the leaves share a version, and its indicator is one and the same.
        earlier.dedup_by(|a, b| std::ptr::eq(*a, *b) || a == b);
        let leaves = self.covered(indicator, leaves);
        Asked { days: self.judged_days(&leaves, days), indicator, earlier, leaves }
    }

    /// Some leaves as answers to an indicator cover them: where it is owed less often, those in which it is, with all of the
    /// longer periods; if there is none, the leaves as they are.
    fn covered<'a>(&self, indicator: &Indicator, leaves: &'a [Leaf]) -> Cow<'a, [Leaf]> {
        if indicator.every.is_none() {
            return Cow::Borrowed(leaves);
        }
        let owed = self.leaves.iter().zip(self.owed(&indicator.code)).filter(|(leaf, _)| leaves.contains(leaf));
        let owed = owed.filter_map(|(leaf, owed)| Some(Leaf { starts_on: owed?.2.starts_on, ..leaf.clone() }));
        let owed: Vec<Leaf> = owed.collect();
        if owed.is_empty() { Cow::Borrowed(leaves) } else { Cow::Owned(owed) }
    }

    /// The days for which a figure is judged: a span within a longer period that ends with it is the longer period.
    fn judged_days(&self, covered: &[Leaf], span: Window) -> Window {
        let days = covered.first().zip(covered.last());
        let days = days.map(|(first, last)| Window { starts_on: first.starts_on, cutoff_on: last.cutoff_on });
        days.filter(|days| span != self.days.movement && days.contains(&span)).unwrap_or(span)
    }

    /// What is held against whoever is judged; `base` is their figure in a base period, or of a field there.
    pub(super) fn targets(
        &self,
        asked: &Asked,
        judged: Judged,
        base: &dyn Fn(&str, Option<&str>) -> Option<BigRational>,
    ) -> Targets {
        let Asked { indicator, ref earlier, days, .. } = *asked;
        if !has_table(indicator) && !earlier.iter().any(|version| has_table(version)) {
            return Targets::stated(indicator, earlier);
        }
        let reporting = &self.movement.versions.newest().plan.reporting;
        let sources = Sources {
            window: &|code| periods::window_of(reporting, code),
            stated: &|window| {
                let mut indicators = self.movement.on(window.cutoff_on).plan.indicators.iter();
                indicators.find(|known| known.code == indicator.code)
            },
        };
        let days = Days { span: days, ..self.days };
        Targets::wanted(indicator, earlier, &targets::Wanted { judged, days, sources, base })
    }
}

//! Gathers the data of a figure: who owes an indicator on which leaf, and which report counted there at the instant.

use std::{borrow::Cow, collections::BTreeMap, sync::Arc};

use chrono::{DateTime, Utc};

use super::{
    Figure, Leaf, Question, Report, Scope, Slot, aggregate,
    recognised::Recognitions,
    slots::{Stated, slots},
};
use crate::{
    clock::day,
    db::{Conn, UnitId},
    http::{Error, Result},
    movements::{
        self, Movement,
        periods::{self, Window},
        plan::Indicator,
        versions::Version,
    },
    submissions::{self, CountedReport, ReportQuery, Wanted},
    units::{self, History, Tree},
};

/// The request.
pub struct Ask<'a> {
    /// A period code; the whole movement for none.
    pub period: Option<&'a str>,
    pub as_of: DateTime<Utc>,
    /// Also submitted reports that are not yet approved.
    pub submitted: bool,
    /// Only this indicator.
    pub indicator: Option<&'a str>,
}

/// The leaves of a span with their trees and the reports that counted: ready to be aggregated for any scope.
pub struct Gathered {
    history: Arc<History>,
    leaves: Vec<Leaf>,
    trees: Vec<Arc<Tree>>,
    /// In force on each leaf's cut-off day.
    plans: Vec<Arc<Version>>,
    /// In force on the span's last cut-off day, or when asked: this one judges.
    judge: Arc<Version>,
    /// Of each leaf by unit; the values of each in the order of their indicators.
    reports: Vec<BTreeMap<UnitId, CountedReport>>,
    recognised: Recognitions,
    as_of: DateTime<Utc>,
}

/// Fetches everything once. A code that names no period is refused; one outside the movement has no leaves.
pub async fn gather(conn: &mut Conn, movement: &Movement, ask: &Ask<'_>) -> Result<Gathered> {
    let movement = &movement.known_at(ask.as_of);
    let stored = movements::list_periods(conn, movement).await?;
    let windows: Vec<periods::PeriodDates> = stored.into_iter().map(|period| period.dates).collect();
    let chosen = periods::leaves(&windows, movement.versions.newest().plan.reporting.windows, ask.period)
        .ok_or_else(|| Error::of("query_invalid").at("/period", "period_code_malformed"))?;
    let codes: Vec<String> = chosen.iter().map(|period| period.code.clone()).collect();
    let history = units::history(conn, &movement.recall).await?;
    let values = ask.indicator.map_or(Wanted::Numbers, Wanted::NumbersOf);
    let asked = ReportQuery { periods: &codes, values, as_of: ask.as_of, submitted: ask.submitted };
    let mut reports: Vec<BTreeMap<UnitId, CountedReport>> = codes.iter().map(|_| BTreeMap::new()).collect();
    for mut report in submissions::counted_reports(conn, movement, asked).await? {
        report.values.sort_by(|a, b| a.indicator.cmp(&b.indicator));
        reports[report.period].insert(report.unit, report);
    }
    let plans: Vec<Arc<Version>> = chosen.iter().map(|period| movement.on(period.cutoff_on).clone()).collect();
    let leaves: Vec<Leaf> =
        chosen.iter().map(|p| Leaf { code: p.code.clone(), starts_on: p.starts_on, cutoff_on: p.cutoff_on }).collect();
    let mut stated = plans.iter().flat_map(|version| &version.plan.indicators);
    let counts = |known: &Indicator| known.counts.is_some() && ask.indicator.is_none_or(|code| known.code == code);
    let recognised = match stated.any(counts) {
        true => Recognitions::gather(conn, movement, &history, &leaves, ask.as_of).await?,
        false => Recognitions::default(),
    };
    Ok(Gathered {
        recognised,
        judge: plans.last().unwrap_or(movement.on(day(ask.as_of))).clone(),
        plans,
        trees: chosen.iter().map(|period| history.on(period.cutoff_on)).collect(),
        history,
        leaves,
        reports,
        as_of: ask.as_of,
    })
}

impl Gathered {
    pub fn history(&self) -> &History {
        &self.history
    }

    pub fn leaves(&self) -> &[Leaf] {
        &self.leaves
    }

    /// The plan version that judges the span.
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
        for indicator in self.plans.iter().rev().flat_map(|version| &version.plan.indicators) {
            if !found.iter().any(|known| known.code == indicator.code) {
                found.push(indicator);
            }
        }
        found
    }

    /// An indicator as each leaf's plan states it; none where it was not in the plan.
    fn stated(&self, code: &str) -> impl Iterator<Item = Option<&Indicator>> {
        self.plans.iter().map(move |version| version.plan.indicators.iter().find(|known| known.code == code))
    }

    /// The same where it is owed, with the days that its answers cover.
    fn owed(&self, code: &str) -> impl Iterator<Item = Option<(&Indicator, Window)>> {
        let leaves = self.leaves.iter().zip(&self.plans).zip(self.stated(code));
        leaves.map(|((leaf, version), stated)| {
            let own = Window { starts_on: leaf.starts_on, cutoff_on: leaf.cutoff_on };
            Some((stated?, periods::covered(&version.plan, stated?, own)?))
        })
    }

    /// Some leaves as answers to an indicator cover them: where it is owed less often, those in which it is, with all of the
    /// longer periods; if there is none, the leaves as they are.
    fn covered<'a>(&self, indicator: &Indicator, leaves: &'a [Leaf]) -> Cow<'a, [Leaf]> {
        if indicator.every.is_none() {
            return Cow::Borrowed(leaves);
        }
        let owed = self.leaves.iter().zip(self.owed(&indicator.code)).filter(|(leaf, _)| leaves.contains(leaf));
        let owed = owed.filter_map(|(leaf, owed)| Some(Leaf { starts_on: owed?.1.starts_on, ..leaf.clone() }));
        let owed: Vec<Leaf> = owed.collect();
        if owed.is_empty() { Cow::Borrowed(leaves) } else { Cow::Owned(owed) }
    }

    /// The slots of an indicator within a scope.
    fn slots<'a>(&'a self, indicator: &Indicator, scope: Scope) -> Vec<Slot<'a>> {
        let span = self.leaves.iter().zip(&self.trees).zip(self.owed(&indicator.code));
        let span: Vec<Stated> = span.map(|((leaf, tree), owed)| (leaf, &**tree, owed.map(|(owed, _)| owed))).collect();
        slots(&span, scope, |leaf, unit| {
            let CountedReport { approved, late, values, .. } = self.reports[leaf].get(&unit)?;
            let from = values.partition_point(|value| value.indicator < indicator.code);
            let own = values[from..].iter().take_while(|value| value.indicator == indicator.code).count();
            Some(Report { approved: *approved, late: *late, values: &values[from..from + own] })
        })
    }

    /// The figure of an indicator within a scope.
    pub fn figure(&self, indicator: &Indicator, scope: Scope) -> Figure {
        let slots = self.slots(indicator, scope);
        self.judged(indicator, &self.leaves, &slots, self.recognised(indicator, scope, &self.leaves))
    }

    /// How many initiatives an indicator counts in some leaves whose plans state it; none where it counts none, or none of
    /// the plans states it.
    fn recognised(&self, indicator: &Indicator, scope: Scope, leaves: &[Leaf]) -> Option<u64> {
        indicator.counts?;
        let stated = self.leaves.iter().zip(self.stated(&indicator.code));
        let stated = stated.filter(|(leaf, stated)| stated.is_some() && leaves.contains(leaf));
        stated.map(|(leaf, _)| self.recognised.count(leaf, scope)).reduce(|a, b| a + b)
    }

    /// The figure by owing unit: code, name, figure.
    pub fn by_unit(&self, indicator: &Indicator, scope: Scope) -> Vec<(String, String, Figure)> {
        let mut parts: BTreeMap<&str, Vec<Slot>> = BTreeMap::new();
        for slot in self.slots(indicator, scope) {
            parts.entry(slot.unit).or_default().push(slot);
        }
        let part = |(unit, slots): (&str, Vec<Slot>)| {
            let name = slots.last().map_or(unit, |slot| slot.unit_name);
            (unit.to_owned(), name.to_owned(), self.judged(indicator, &self.leaves, &slots, None))
        };
        parts.into_iter().map(part).collect()
    }

    /// The figure by leaf: code and figure.
    pub fn by_period(&self, indicator: &Indicator, scope: Scope) -> Vec<(String, Figure)> {
        let slots = self.slots(indicator, scope);
        let part = |(leaf, stated): (&Leaf, Option<&Indicator>)| {
            // Alone, a leaf is its own last one: the units that stood there are current.
            let of_leaf = slots.iter().filter(|slot| slot.leaf == leaf && slot.covered);
            let of_leaf: Vec<Slot> = of_leaf.map(|slot| Slot { current: true, ..*slot }).collect();
            let alone = std::slice::from_ref(leaf);
            let recognised = self.recognised(indicator, scope, alone);
            let figure = self.judged(stated.unwrap_or(indicator), alone, &of_leaf, recognised);
            (leaf.code.clone(), figure)
        };
        self.leaves.iter().zip(self.stated(&indicator.code)).map(part).collect()
    }

    fn judged(&self, indicator: &Indicator, leaves: &[Leaf], slots: &[Slot], recognised: Option<u64>) -> Figure {
        // A leaf alone is judged by its own plan.
        let several = leaves.len() > 1;
        let mut earlier: Vec<&Indicator> = self.stated(&indicator.code).flatten().filter(|_| several).collect();
        // Mostly the leaves share a version, and its indicator is one and the same.
        earlier.dedup_by(|a, b| std::ptr::eq(*a, *b) || a == b);
        let leaves = self.covered(indicator, leaves);
        let question = Question { indicator, earlier: &earlier, leaves: &leaves, as_of: self.as_of, recognised };
        aggregate(&question, slots)
    }
}

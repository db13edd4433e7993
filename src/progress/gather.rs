//! Gathers the data of a figure: who owes an indicator on which leaf, and which report counted there at the instant.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use chrono::{DateTime, Utc};

use super::{
    Figure, Leaf, Question, Report, Scope, Slot, Targets, aggregate, is_over,
    recognised::Recognitions,
    slots::{Stated, slots},
    targets,
    units::of_units,
    who::{Who, base_figure},
};
use crate::{
    clock::day,
    db::{Conn, UnitId},
    exact::BigRational,
    http::{Error, Result},
    initiatives::Recognised,
    movements::{
        self, Movement,
        periods::{self, PeriodDates, Window},
        plan::Indicator,
        target_table::{Days, Sources, has_table, judges_units},
        versions::Version,
    },
    people::Directory,
    submissions::{self, CountedReport, ReportQuery, Wanted},
    units::{self, History, Node, Tree},
};

/// The request.
pub struct Ask<'a> {
    pub span: AskedSpan<'a>,
    pub as_of: DateTime<Utc>,
    /// Also submitted reports that are not yet approved.
    pub submitted: bool,
    /// Only these indicators.
    pub indicators: Option<&'a [&'a str]>,
}

/// The span of the request.
#[derive(Clone, Copy)]
pub enum AskedSpan<'a> {
    /// A period code; the whole movement for none.
    Period(Option<&'a str>),
    /// These days, by the periods that tile them, or by a base period; without leaves where there is neither.
    Days(Window),
}

/// The leaves of a span with their trees and the reports that counted: ready to be aggregated for any scope.
pub struct Gathered {
    /// As it was known then.
    movement: Movement,
    history: Arc<History>,
    /// Every period, base periods included.
    periods: Vec<PeriodDates>,
    days: Days,
    leaves: Vec<Leaf>,
    trees: Vec<Arc<Tree>>,
    /// In force on each leaf's cut-off day.
    plans: Vec<Arc<Version>>,
    /// In force on the span's last cut-off day, or when asked: this one judges.
    judge: Arc<Version>,
    /// Of each leaf and then of each base period by unit; the values of each in the order of their indicators.
    reports: Vec<BTreeMap<UnitId, CountedReport>>,
    /// Codes of the base periods that targets are made of.
    bases: Vec<String>,
    recognised: Recognitions,
    as_of: DateTime<Utc>,
    submitted: bool,
}

/// Fetches everything once. A code that names no period is refused; one outside the movement has no leaves.
pub async fn gather(conn: &mut Conn, movement: &Movement, ask: &Ask<'_>) -> Result<Gathered> {
    let movement = movement.known_at(ask.as_of);
    let stored = movements::list_periods(conn, &movement).await?;
    let periods: Vec<PeriodDates> = stored.into_iter().map(|period| period.dates).collect();
    let plan = &movement.versions.newest().plan;
    let periods::Asked { window, leaves: chosen } = match ask.span {
        AskedSpan::Period(code) => periods::leaves(&periods, &plan.reporting, &plan.span, code)
            .ok_or_else(|| Error::of("query_invalid").at("/period", "period_code_malformed"))?,
        AskedSpan::Days(window) => periods::tiles(&periods, &plan.reporting, window),
    };
    let plans: Vec<Arc<Version>> = chosen.iter().map(|period| movement.on(period.cutoff_on).clone()).collect();
    let judge = plans.last().unwrap_or(movement.on(day(ask.as_of))).clone();
    let is_asked = |known: &&Indicator| ask.indicators.is_none_or(|codes| codes.contains(&known.code.as_str()));
    let bases = bases(judge.plan.indicators.iter().filter(is_asked));
    let codes: Vec<String> = chosen.iter().map(|period| &period.code).chain(&bases).cloned().collect();
    let history = units::history(conn, &movement.recall).await?;
    let values = ask.indicators.map_or(Wanted::Numbers, Wanted::NumbersOf);
    let asked = ReportQuery { periods: &codes, values, as_of: ask.as_of, submitted: ask.submitted };
    let mut reports: Vec<BTreeMap<UnitId, CountedReport>> = codes.iter().map(|_| BTreeMap::new()).collect();
    let counted = match codes.is_empty() {
        true => Vec::new(),
        false => submissions::counted_reports(conn, &movement, asked).await?,
    };
    for mut report in counted {
        report.values.sort_by(|a, b| a.indicator.cmp(&b.indicator));
        reports[report.period].insert(report.unit, report);
    }
    let leaves: Vec<Leaf> = chosen.iter().map(|period| leaf(period)).collect();
    let mut stated = plans.iter().flat_map(|version| &version.plan.indicators);
    let counts = |known: &Indicator| known.counts.is_some() && is_asked(&known);
    let recognised = match stated.any(counts) {
        true => Recognitions::gather(conn, &movement, &history, &leaves, ask.as_of).await?,
        false => Recognitions::default(),
    };
    let trees = chosen.iter().map(|period| history.on(period.cutoff_on)).collect();
    Ok(Gathered {
        recognised,
        judge,
        plans,
        trees,
        history,
        leaves,
        reports,
        bases,
        days: Days { span: window, movement: periods::extent(&plan.reporting, &plan.span) },
        as_of: ask.as_of,
        submitted: ask.submitted,
        periods,
        movement,
    })
}

fn leaf(PeriodDates { code, starts_on, cutoff_on, .. }: &PeriodDates) -> Leaf {
    Leaf { code: code.clone(), starts_on: *starts_on, cutoff_on: *cutoff_on }
}

/// The base periods that targets of some indicators are made of, each once.
fn bases<'a>(indicators: impl Iterator<Item = &'a Indicator>) -> Vec<String> {
    let entries = indicators.flat_map(|indicator| &indicator.targets);
    entries.filter_map(|entry| Some(entry.base()?.base.clone())).collect::<BTreeSet<_>>().into_iter().collect()
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

    /// The days for which a figure is judged: a span within a longer period that ends with it is the longer period.
    fn judged_days(&self, covered: &[Leaf], span: Window) -> Window {
        let days = covered.first().zip(covered.last());
        let days = days.map(|(first, last)| Window { starts_on: first.starts_on, cutoff_on: last.cutoff_on });
        days.filter(|days| span != self.days.movement && days.contains(&span)).unwrap_or(span)
    }

    /// The movement as it was known.
    pub fn movement(&self) -> &Movement {
        &self.movement
    }

    /// The same question to the reports of these leaves.
    pub(super) fn query<'a>(&self, periods: &'a [String]) -> ReportQuery<'a> {
        ReportQuery { periods, values: Wanted::Everything, as_of: self.as_of, submitted: self.submitted }
    }

    /// Where a slot's leaf stands in the span, and its unit.
    pub(super) fn place(&self, slot: &Slot) -> Option<(usize, UnitId)> {
        let place = self.leaves.iter().position(|leaf| leaf == slot.leaf)?;
        Some((place, self.trees[place].by_code(slot.unit)?.id))
    }

    /// A unit of a leaf, as it stood.
    pub(super) fn unit(&self, place: usize, unit: UnitId) -> Option<&Node> {
        self.trees[place].by_id(unit)
    }

    /// The figure of the first leaves alone.
    pub(super) fn figure_of_first(&self, count: usize, indicator: &Indicator, scope: Scope) -> Figure {
        let leaves = &self.leaves[..count];
        let first = leaves.iter().map(|leaf| leaf.starts_on).min().unwrap_or(self.days.span.starts_on);
        let last = leaves.last().map_or(self.days.span.cutoff_on, |leaf| leaf.cutoff_on);
        let span = (leaves, Window { starts_on: first, cutoff_on: last });
        self.whole(indicator, scope, span, &self.slots_of_first(count, indicator, scope))
    }

    /// The initiatives that an indicator counts, each with the period in which it was recognised.
    pub(super) fn initiatives<'a>(
        &'a self,
        indicator: &Indicator,
        scope: Scope<'a>,
    ) -> Vec<(&'a Leaf, &'a Recognised, &'a Directory)> {
        let stated = self.leaves.iter().zip(self.stated(&indicator.code));
        let counted = stated.filter(|(_, stated)| indicator.counts.is_some() && stated.is_some());
        let of_leaf = |leaf| self.recognised.of(leaf, scope).map(move |(one, then)| (leaf, one, then));
        counted.flat_map(|(leaf, _)| of_leaf(leaf)).collect()
    }

    /// The slots of an indicator within a scope.
    pub(super) fn slots<'a>(&'a self, indicator: &Indicator, scope: Scope) -> Vec<Slot<'a>> {
        self.slots_of_first(self.leaves.len(), indicator, scope)
    }

    fn slots_of_first<'a>(&'a self, count: usize, indicator: &Indicator, scope: Scope) -> Vec<Slot<'a>> {
        let sets = self.plans.iter().map(|version| &version.plan.unit_sets[..]);
        let owed = self.owed(&indicator.code).zip(sets).map(|(owed, sets)| Some((owed?.0, sets)));
        let span = self.leaves.iter().zip(&self.trees).zip(owed).take(count);
        let span: Vec<Stated> = span.map(|((leaf, tree), owed)| (leaf, &**tree, owed)).collect();
        slots(&span, scope, |leaf, unit| self.report(leaf, unit, &indicator.code))
    }

    /// What the report of a unit says of an indicator, in a leaf or a base period by its place.
    fn report(&self, place: usize, unit: UnitId, indicator: &str) -> Option<Report<'_>> {
        let CountedReport { approved, late, values, .. } = self.reports[place].get(&unit)?;
        let from = values.partition_point(|value| value.indicator.as_str() < indicator);
        let own = values[from..].iter().take_while(|value| value.indicator == indicator).count();
        Some(Report { approved: *approved, late: *late, values: &values[from..from + own] })
    }

    /// The figure of an indicator within a scope.
    pub fn figure(&self, indicator: &Indicator, scope: Scope) -> Figure {
        self.whole(indicator, scope, (&self.leaves, self.days.span), &self.slots(indicator, scope))
    }

    /// The figure of a scope, judged by its sum or by its units.
    fn whole(&self, indicator: &Indicator, scope: Scope, span: (&[Leaf], Window), slots: &[Slot]) -> Figure {
        let recognised = self.recognised(indicator, scope, span.0);
        let who = Who::of(indicator, scope, self.trees.last().map(AsRef::as_ref), slots);
        let figure = self.judged(indicator, &who, span, slots, recognised);
        if !judges_units(indicator) || matches!(who, Who::Unit(..)) {
            return figure;
        }
        let units: Vec<Figure> = self.parts(indicator, span, slots).into_iter().map(|(.., figure)| figure).collect();
        let over = figure.covers.is_none_or(|covers| is_over(covers.to, self.as_of));
        of_units(indicator, figure, &units, over)
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
        self.parts(indicator, (&self.leaves, self.days.span), &self.slots(indicator, scope))
    }

    fn parts(&self, indicator: &Indicator, span: (&[Leaf], Window), slots: &[Slot]) -> Vec<(String, String, Figure)> {
        let mut parts: BTreeMap<&str, Vec<Slot>> = BTreeMap::new();
        for slot in slots {
            parts.entry(slot.unit).or_default().push(*slot);
        }
        let part = |(unit, slots): (&str, Vec<Slot>)| {
            let name = slots.last().map_or(unit, |slot| slot.unit_name);
            let figure = self.judged(indicator, &Who::Unit(unit.to_owned()), span, &slots, None);
            (unit.to_owned(), name.to_owned(), figure)
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
            let window = Window { starts_on: leaf.starts_on, cutoff_on: leaf.cutoff_on };
            let (alone, stated) = ((std::slice::from_ref(leaf), window), stated.unwrap_or(indicator));
            let figure = self.whole(stated, scope, alone, &of_leaf);
            (leaf.code.clone(), figure)
        };
        self.leaves.iter().zip(self.stated(&indicator.code)).map(part).collect()
    }

    fn judged(
        &self,
        indicator: &Indicator,
        who: &Who,
        (leaves, window): (&[Leaf], Window),
        slots: &[Slot],
        recognised: Option<u64>,
    ) -> Figure {
        // A leaf alone is judged by its own plan.
        let several = leaves.len() > 1;
        let mut earlier: Vec<&Indicator> = self.stated(&indicator.code).flatten().filter(|_| several).collect();
        // Mostly the leaves share a version, and its indicator is one and the same.
        earlier.dedup_by(|a, b| std::ptr::eq(*a, *b) || a == b);
        let leaves = self.covered(indicator, leaves);
        let targets = self.targets(indicator, &earlier, who, self.judged_days(&leaves, window));
        aggregate(&Question { indicator, targets: &targets, leaves: &leaves, as_of: self.as_of, recognised }, slots)
    }

    fn targets(&self, indicator: &Indicator, earlier: &[&Indicator], who: &Who, span: Window) -> Targets {
        if !has_table(indicator) && !earlier.iter().any(|version| has_table(version)) {
            return Targets::stated(indicator, earlier);
        }
        let tree = self.history.on(span.cutoff_on);
        let reporting = &self.movement.versions.newest().plan.reporting;
        Targets::wanted(
            indicator,
            earlier,
            &targets::Wanted {
                judged: who.judged(&self.judge.plan.unit_sets, &tree),
                days: Days { span, ..self.days },
                sources: Sources {
                    window: &|code| periods::window_of(reporting, code),
                    stated: &|window| {
                        let mut indicators = self.movement.on(window.cutoff_on).plan.indicators.iter();
                        indicators.find(|known| known.code == indicator.code)
                    },
                },
                base: &|base, field| self.base(indicator, who, &tree, base, field),
            },
        )
    }

    /// The figure of whoever is judged in a base period.
    fn base(
        &self,
        indicator: &Indicator,
        who: &Who,
        tree: &Tree,
        base: &str,
        field: Option<&str>,
    ) -> Option<BigRational> {
        let place = self.leaves.len() + self.bases.iter().position(|known| known == base)?;
        let leaf = leaf(self.periods.iter().find(|period| period.code == base)?);
        let units = who.of_base(indicator, tree)?;
        let scope = units.as_deref().map_or(Scope::Locality, Scope::Units);
        let then = self.history.on(leaf.cutoff_on);
        let stated = (&leaf, &*then, Some((indicator, &self.judge.plan.unit_sets[..])));
        let slots = slots(&[stated], scope, |_, unit| self.report(place, unit, &indicator.code));
        base_figure(indicator, &leaf, &slots, field, self.as_of)
    }
}

//! Gathers the data of a figure: who owes an indicator on which leaf, and which report counted there at the instant.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use chrono::{DateTime, Utc};

use super::{
    Figure, Leaf, Question, Report, Scope, Slot, aggregate,
    frame::{AskedSpan, Frame},
    is_over,
    recognised::Recognitions,
    slots::{Stated, slots},
    totals::{Ground, Parts},
    units::of_units,
    who::{Who, base_figure},
};
use crate::{
    db::{Conn, UnitId},
    exact::BigRational,
    http::Result,
    initiatives::Recognised,
    movements::{Movement, periods::Window, plan::Indicator, target_table::judges_units},
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

/// The leaves of a span with their trees and the reports that counted: ready to be aggregated for any scope.
pub struct Gathered {
    frame: Frame,
    history: Arc<History>,
    trees: Vec<Arc<Tree>>,
    /// Of each leaf and then of each base period by unit; the values of each in the order of their indicators.
    reports: Vec<BTreeMap<UnitId, CountedReport>>,
    /// Codes of the base periods that targets are made of.
    bases: Vec<String>,
    recognised: Recognitions,
    /// Also of reports that are not yet approved.
    pub(super) submitted: bool,
}

/// Fetches everything once. A code that names no period is refused; one outside the movement has no leaves.
pub async fn gather(conn: &mut Conn, movement: &Movement, ask: &Ask<'_>) -> Result<Gathered> {
    let frame = Frame::of(conn, movement, ask.span, ask.as_of).await?;
    let is_asked = |known: &&Indicator| ask.indicators.is_none_or(|codes| codes.contains(&known.code.as_str()));
    let bases = bases(frame.judge().indicators.iter().filter(is_asked));
    let codes: Vec<String> = frame.leaves().iter().map(|leaf| &leaf.code).chain(&bases).cloned().collect();
    let history = units::history(conn, &frame.movement().recall).await?;
    let values = ask.indicators.map_or(Wanted::Numbers, Wanted::NumbersOf);
    let asked = ReportQuery { periods: &codes, values, as_of: ask.as_of, submitted: ask.submitted };
    let mut reports: Vec<BTreeMap<UnitId, CountedReport>> = codes.iter().map(|_| BTreeMap::new()).collect();
    let counted = match codes.is_empty() {
        true => Vec::new(),
        false => submissions::counted_reports(conn, frame.movement(), asked).await?,
    };
    for mut report in counted {
        report.values.sort_by(|a, b| a.indicator.cmp(&b.indicator));
        reports[report.period].insert(report.unit, report);
    }
    let counts = |known: &&Indicator| known.counts.is_some() && is_asked(known);
    let recognised = match frame.indicators().iter().any(counts) && !frame.leaves().is_empty() {
        true => Recognitions::gather(conn, frame.movement(), &history, frame.leaves(), ask.as_of).await?,
        false => Recognitions::default(),
    };
    let trees = frame.leaves().iter().map(|leaf| history.on(leaf.cutoff_on)).collect();
    Ok(Gathered { frame, recognised, trees, history, reports, bases, submitted: ask.submitted })
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

    pub fn frame(&self) -> &Frame {
        &self.frame
    }

    /// The same question to the reports of these leaves.
    pub(super) fn query<'a>(&self, periods: &'a [String]) -> ReportQuery<'a> {
        let (as_of, submitted) = (self.frame.as_of(), self.submitted);
        ReportQuery { periods, values: Wanted::Everything, as_of, submitted }
    }

    /// Where a slot's leaf stands in the span, and its unit.
    pub(super) fn place(&self, slot: &Slot) -> Option<(usize, UnitId)> {
        let place = self.frame.leaves().iter().position(|leaf| leaf == slot.leaf)?;
        Some((place, self.trees[place].by_code(slot.unit)?.id))
    }

    /// A unit of a leaf, as it stood.
    pub(super) fn unit(&self, place: usize, unit: UnitId) -> Option<&Node> {
        self.trees[place].by_id(unit)
    }

    /// The figure of the first leaves alone, over these days.
    pub(super) fn figure_of_first(&self, count: usize, days: Window, indicator: &Indicator, scope: Scope) -> Figure {
        let span = (&self.frame.leaves()[..count], days);
        self.whole(indicator, scope, span, &self.slots_of_first(count, indicator, scope))
    }

    /// The initiatives that an indicator counts, each with the period in which it was recognised.
    pub(super) fn initiatives<'a>(
        &'a self,
        indicator: &Indicator,
        scope: Scope<'a>,
    ) -> Vec<(&'a Leaf, &'a Recognised, &'a Directory)> {
        let stated = self.frame.leaves().iter().zip(self.frame.stated(&indicator.code));
        let counted = stated.filter(|(_, stated)| indicator.counts.is_some() && stated.is_some());
        let of_leaf = |leaf| self.recognised.of(leaf, scope).map(move |(one, then)| (leaf, one, then));
        counted.flat_map(|(leaf, _)| of_leaf(leaf)).collect()
    }

    /// The slots of an indicator within a scope.
    pub(super) fn slots<'a>(&'a self, indicator: &Indicator, scope: Scope) -> Vec<Slot<'a>> {
        self.slots_of_first(self.trees.len(), indicator, scope)
    }

    fn slots_of_first<'a>(&'a self, count: usize, indicator: &Indicator, scope: Scope) -> Vec<Slot<'a>> {
        let owed = self.frame.owed(&indicator.code).map(|owed| owed.map(|(stated, sets, _)| (stated, sets)));
        let span = self.frame.leaves().iter().zip(&self.trees).zip(owed).take(count);
        let span: Vec<Stated> = span.map(|((leaf, tree), owed)| (leaf, &**tree, owed)).collect();
        slots(&span, scope, |leaf, unit| self.report(leaf, unit, &indicator.code))
    }

    /// The figure of an indicator over the whole locality.
    pub fn of_locality(&self, indicator: &Indicator) -> Figure {
        self.figure(indicator, Scope::Locality)
    }

    /// The parts of the totals of all units, in each leaf: of the whole movement.
    pub(super) fn parts_of_all(&self) -> Vec<Parts> {
        let ground = Ground { frame: &self.frame, trees: &self.trees };
        ground.parts(None, |place, unit, indicator| self.report(place, unit, indicator))
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
        self.whole(indicator, scope, self.frame.span(), &self.slots(indicator, scope))
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
        let over = figure.covers.is_none_or(|covers| is_over(covers.to, self.frame.as_of()));
        of_units(indicator, figure, &units, over)
    }

    /// How many initiatives an indicator counts in some leaves.
    fn recognised(&self, indicator: &Indicator, scope: Scope, leaves: &[Leaf]) -> Option<u64> {
        self.frame.recognised(indicator, leaves, |leaf| self.recognised.count(leaf, scope))
    }

    /// The figure by owing unit: code, name, figure.
    pub fn by_unit(&self, indicator: &Indicator, scope: Scope) -> Vec<(String, String, Figure)> {
        self.parts(indicator, self.frame.span(), &self.slots(indicator, scope))
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
            let (alone, stated) = ((std::slice::from_ref(leaf), leaf.window()), stated.unwrap_or(indicator));
            let figure = self.whole(stated, scope, alone, &of_leaf);
            (leaf.code.clone(), figure)
        };
        self.frame.leaves().iter().zip(self.frame.stated(&indicator.code)).map(part).collect()
    }

    fn judged(
        &self,
        indicator: &Indicator,
        who: &Who,
        span: (&[Leaf], Window),
        slots: &[Slot],
        recognised: Option<u64>,
    ) -> Figure {
        let asked = self.frame.asked(indicator, span);
        let tree = self.history.on(asked.days.cutoff_on);
        let judged = who.judged(&self.frame.judge().unit_sets, &tree);
        let targets = self.frame.targets(&asked, judged, &|base, field| self.base(indicator, who, &tree, base, field));
        let as_of = self.frame.as_of();
        aggregate(&Question { indicator, targets: &targets, leaves: &asked.leaves, as_of, recognised }, slots)
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
        let place = self.frame.leaves().len() + self.bases.iter().position(|known| known == base)?;
        let leaf = self.frame.leaf(base)?;
        let units = who.of_base(indicator, tree)?;
        let scope = units.as_deref().map_or(Scope::Locality, Scope::Units);
        let then = self.history.on(leaf.cutoff_on);
        let stated = (&leaf, &*then, Some((indicator, &self.frame.judge().unit_sets[..])));
        let slots = slots(&[stated], scope, |_, unit| self.report(place, unit, &indicator.code));
        base_figure(indicator, &leaf, &slots, field, self.frame.as_of())
    }
}

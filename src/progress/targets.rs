//! What a figure is held against: the indicator's own target, or what its table has for whoever is judged. PURE.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::display::shown_target;
use crate::{
    exact::{BigRational, Decimal, Fraction},
    movements::{
        plan::{Comparator, Indicator, IndicatorKind, Target, TargetEntry, TargetValue},
        target::{Bound, Goal, read_number, target_of},
        target_table::{Days, Judged, NoTarget, Sources, choose, has_table, value},
    },
};

/// A target; `value` is null if the plan states no number for what is judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Aim {
    pub comparator: Comparator,
    pub value: Option<String>,
    /// The number itself, where `value` is made of several or of a base.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exact: Option<Fraction>,
    /// What was taken of the table of targets; several add up.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entries: Vec<TargetEntry>,
    /// What else the table has for it, each wider than what was taken.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub beaten: Vec<TargetEntry>,
    /// Why the table has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no_target: Option<NoTarget>,
    /// Whether a base would make it more than 100 percent, which nobody reaches.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub capped: bool,
}

impl From<&Target> for Aim {
    fn from(target: &Target) -> Self {
        Self::plain(target.comparator, target.value.clone())
    }
}

impl Aim {
    fn plain(comparator: Comparator, value: Option<String>) -> Self {
        let (entries, beaten) = (Vec::new(), Vec::new());
        Self { comparator, value, exact: None, entries, beaten, no_target: None, capped: false }
    }

    /// Whether a table of targets was asked for it.
    pub fn is_of_table(&self) -> bool {
        !self.entries.is_empty() || self.no_target.is_some()
    }

    /// Shown so that it does not contradict what the figure was judged.
    fn beside(&self, figure: Option<&BigRational>) -> Self {
        let exact = self.exact.as_ref().map(|exact| shown_target(&exact.0, self.comparator, figure));
        Self { value: exact.or_else(|| self.value.clone()), ..self.clone() }
    }

    /// The number that figures are compared with.
    pub fn bound(&self, indicator: &Indicator) -> Option<Bound> {
        let stated = || read_number(indicator, self.value.as_ref()?);
        let value = self.exact.as_ref().map(|exact| exact.0.clone()).or_else(stated)?;
        Some(Bound { comparator: self.comparator, value })
    }
}

/// The goal of a pool or a field, and what is shown of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    pub goal: Goal,
    /// By versions, oldest first; the last one judges.
    aims: Vec<Aim>,
}

/// What an indicator's figure is held against: the whole of it, and each field in the plan's order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Targets {
    pub pool: Held,
    pub fields: Vec<Held>,
}

/// Whom a table of targets is asked for, and over which days.
pub struct Wanted<'a> {
    pub judged: Judged<'a>,
    pub days: Days,
    pub sources: Sources<'a>,
    /// The figure of whoever is judged in a base period: of all, or of a field.
    pub base: &'a dyn Fn(&str, Option<&str>) -> Option<BigRational>,
}

impl Targets {
    /// As every version states it for everybody; the last one judges.
    pub fn stated(indicator: &Indicator, earlier: &[&Indicator]) -> Self {
        Self::of(indicator, |field| {
            let versions = earlier.iter().copied().chain([indicator]);
            Held::new(Goal::of(indicator, field), versions.map(|version| target_of(version, field).into()).collect())
        })
    }

    /// As the table has it.
    pub fn wanted(indicator: &Indicator, earlier: &[&Indicator], wanted: &Wanted) -> Self {
        if !has_table(indicator) && !earlier.iter().any(|version| has_table(version)) {
            return Self::stated(indicator, earlier);
        }
        Self::of(indicator, |field| {
            let versions = earlier.iter().copied().chain([indicator]);
            let aims: Vec<Aim> = versions.map(|version| aim(version, field, wanted)).collect();
            let target = aims.last().and_then(|aim| aim.bound(indicator));
            let own = aims.iter().flat_map(|aim| &aim.entries).any(|entry| entry.unit.is_some());
            let floor = Goal::of(indicator, field).floor;
            // A floor of a count is the whole's: a unit with a share of its own is not held against it.
            let floor = floor.filter(|_| !own || indicator.kind != IndicatorKind::Count);
            Held::new(Goal { target, floor }, aims)
        })
    }

    fn of(indicator: &Indicator, held: impl Fn(Option<&str>) -> Held) -> Self {
        let fields = indicator.fields.iter().map(|field| held(Some(&field.code))).collect();
        Self { pool: held(None), fields }
    }
}

impl Held {
    fn new(goal: Goal, mut aims: Vec<Aim>) -> Self {
        aims.dedup();
        Self { goal, aims }
    }

    /// Nothing to be held against.
    pub fn nothing() -> Self {
        Self { goal: Goal::default(), aims: Vec::new() }
    }

    /// The target that judges, and all of them where there were several, beside the figure that is shown.
    pub fn shown(&self, figure: Option<&str>) -> (Option<Aim>, Vec<Aim>) {
        let figure = figure.and_then(|text| text.parse::<Decimal>().ok()).map(BigRational::from);
        let mut all: Vec<Aim> = self.aims.iter().map(|aim| aim.beside(figure.as_ref())).collect();
        let judging = all.last().cloned();
        if all.len() < 2 {
            all.clear();
        }
        (judging, all)
    }
}

fn aim(indicator: &Indicator, field: Option<&str>, wanted: &Wanted) -> Aim {
    let comparator = target_of(indicator, field).comparator;
    let choice = choose(indicator, field, &wanted.judged, wanted.days, &wanted.sources);
    let none = |no_target| Aim { no_target: Some(no_target), ..Aim::plain(comparator, None) };
    let entries = match choice.taken {
        Ok(entries) => entries,
        Err(why) => return none(why),
    };
    let beaten = choice.beaten;
    match (&entries[..], value(indicator, &entries, &|base| (wanted.base)(base, field))) {
        (_, Err(why)) => Aim { entries, beaten, ..none(why) },
        ([TargetEntry { value: TargetValue::Stated(text), .. }], Ok(_)) => {
            let plain = Aim::plain(comparator, Some(text.clone()));
            Aim { entries, beaten, ..plain }
        }
        (_, Ok((number, capped))) => {
            let plain = Aim::plain(comparator, Some(shown_target(&number, comparator, None)));
            Aim { exact: Some(Fraction(number)), entries, beaten, capped, ..plain }
        }
    }
}

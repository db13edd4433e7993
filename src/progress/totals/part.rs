//! The part that the reports of one leaf have in the figures of one indicator. Parts of units add up to the part of all,
//! and a unit's can be taken out again, so that what an approval changes is known from the reports of its unit alone.
//! PURE.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    db::UnitId,
    movements::{self, plan::Indicator, target_table::judges_units},
    progress::{
        Counts, Report, Sum, Tally,
        answer::{Answer, answers},
        differing,
        slots::Stated,
        tally::takes_last,
    },
};

/// The part of one leaf. Leaves go by their places among all of the movement's.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    counts: Counts,
    /// What adds up over time: one for each field.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    sums: Vec<Sum>,
    /// What stands until it is answered anew, by the leaves at whose ends it stands.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    stocks: Vec<Stock>,
}

/// What stands at the end of a span that holds the leaf and ends with one of some leaves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Stock {
    first: usize,
    last: usize,
    /// How many units owe the leaf and no later one up to there.
    owed: u64,
    /// Of those who answered, and nothing later up to there; one for each field.
    sums: Vec<Sum>,
}

/// The parts of one indicator, leaf by leaf, of all units or of one. `span` is the whole movement; `report` finds that of a
/// leaf by its place.
pub fn parts<'a>(
    indicator: &Indicator,
    span: &[Stated],
    only: Option<UnitId>,
    report: impl Fn(usize, UnitId) -> Option<Report<'a>>,
) -> Vec<Part> {
    let fields = indicator.fields.len().max(1);
    let mut parts = vec![Part::default(); span.len()];
    let mut answered: BTreeMap<UnitId, Vec<(usize, Vec<Answer>)>> = BTreeMap::new();
    for (place, (_, tree, stated)) in span.iter().enumerate() {
        let owes = |unit| stated.is_some_and(|(stated, sets)| movements::owes(stated, sets, unit));
        for unit in tree.iter().filter(|unit| only.is_none_or(|only| only == unit.id) && owes(unit)) {
            let report = report(place, unit.id);
            let answers = answers(indicator, report);
            parts[place].counts.cover(report, &answers);
            if takes_last(indicator) {
                answered.entry(unit.id).or_default().push((place, answers));
            } else {
                parts[place].sums.resize_with(fields, Sum::default);
                parts[place].sums.iter_mut().zip(&answers).for_each(|(sum, answer)| sum.add(answer));
            }
        }
    }
    for (unit, answers) in answered {
        let stands = |place: &usize| span[*place].1.by_id(unit).is_some();
        let owed: Vec<usize> = answers.iter().map(|(place, _)| *place).collect();
        for (place, first, last) in stretches(&owed, span.len(), stands) {
            parts[place].stock(first, last, fields).owed += 1;
        }
        for field in 0..fields {
            let given: Vec<&(usize, Vec<Answer>)> =
                answers.iter().filter(|(_, answers)| answers[field] != Answer::Absent).collect();
            let places: Vec<usize> = given.iter().map(|(place, _)| *place).collect();
            for (place, first, last) in stretches(&places, span.len(), stands) {
                let answer = given.iter().find(|(known, _)| *known == place);
                let sum = &mut parts[place].stock(first, last, fields).sums[field];
                answer.into_iter().for_each(|(_, answers)| sum.add(&answers[field]));
            }
        }
    }
    parts
}

/// For each place the leaves, first and last, at whose ends it is the newest: those up to the next place, as far as the unit
/// stands there. A unit that is gone for a while makes several of them.
fn stretches(places: &[usize], end: usize, stands: impl Fn(&usize) -> bool) -> Vec<(usize, usize, usize)> {
    let next = places.iter().skip(1).copied().chain([end]);
    let of_one = |(place, next): (&usize, usize)| {
        let standing: Vec<usize> = (*place..next).filter(&stands).collect();
        let runs = standing.chunk_by(|a, b| a + 1 == *b).map(|run| (*place, run[0], run[run.len() - 1]));
        runs.collect::<Vec<_>>()
    };
    places.iter().zip(next).flat_map(of_one).collect()
}

/// Whether parts say what the indicators of a plan's versions, oldest first, come to.
pub fn are_kept(versions: &[&Indicator]) -> bool {
    // A unit's own verdict, and a figure of another period, need more than what all come to.
    let by_parts = |indicator: &Indicator| {
        !judges_units(indicator) && !indicator.targets.iter().any(|entry| entry.base().is_some())
    };
    let newest: BTreeMap<&str, &Indicator> =
        versions.iter().map(|indicator| (indicator.code.as_str(), *indicator)).collect();
    versions.iter().all(|known| by_parts(known) && counts_alike(known, newest[known.code.as_str()]))
}

/// Whether two versions of an indicator count the same answers the same way.
fn counts_alike(a: &Indicator, b: &Indicator) -> bool {
    let fields = |indicator: &Indicator| indicator.fields.iter().map(|field| field.code.clone()).collect::<Vec<_>>();
    let counted = |member| ["kind", "levels", "decimals", "over_time"].contains(&member);
    !differing(a, b).any(counted) && a.counts == b.counts && fields(a) == fields(b)
}

/// What a span comes to whose leaves are those from one place to another.
pub fn tally<'a>(indicator: &Indicator, last: usize, parts: impl Iterator<Item = &'a Part>) -> Tally<'static> {
    let mut tally = Tally { sums: vec![Sum::default(); indicator.fields.len().max(1)], ..Tally::default() };
    let mut owed = 0;
    for part in parts {
        tally.counts.merge(part.counts);
        tally.sums.iter_mut().zip(&part.sums).for_each(|(sum, more)| sum.merge(more));
        for stock in part.stocks.iter().filter(|stock| (stock.first..=stock.last).contains(&last)) {
            owed += stock.owed;
            tally.sums.iter_mut().zip(&stock.sums).for_each(|(sum, more)| sum.merge(more));
        }
    }
    if takes_last(indicator) {
        tally.sums.iter_mut().for_each(|sum| sum.absent = owed.saturating_sub(sum.answered()));
    }
    tally
}

impl Part {
    /// Of other units, in the same leaf.
    pub fn merge(&mut self, other: &Self) {
        self.counts.merge(other.counts);
        self.sums.resize_with(self.sums.len().max(other.sums.len()), Sum::default);
        self.sums.iter_mut().zip(&other.sums).for_each(|(sum, more)| sum.merge(more));
        for stock in &other.stocks {
            let own = self.stock(stock.first, stock.last, stock.sums.len());
            own.owed += stock.owed;
            own.sums.iter_mut().zip(&stock.sums).for_each(|(sum, more)| sum.merge(more));
        }
    }

    /// Takes out what was merged before.
    pub fn take_out(&mut self, other: &Self) {
        self.counts.take_out(other.counts);
        self.sums.iter_mut().zip(&other.sums).for_each(|(sum, less)| sum.take_out(less));
        for stock in &other.stocks {
            let own = self.stock(stock.first, stock.last, stock.sums.len());
            own.owed -= stock.owed;
            own.sums.iter_mut().zip(&stock.sums).for_each(|(sum, less)| sum.take_out(less));
        }
        self.stocks.retain(|stock| stock.owed > 0 || stock.sums.iter().any(|sum| *sum != Sum::default()));
    }

    /// The stock of some leaves, in their order.
    fn stock(&mut self, first: usize, last: usize, fields: usize) -> &mut Stock {
        let place = self.stocks.binary_search_by_key(&(first, last), |stock| (stock.first, stock.last));
        let place = place.unwrap_or_else(|place| {
            self.stocks.insert(place, Stock { first, last, owed: 0, sums: vec![Sum::default(); fields] });
            place
        });
        &mut self.stocks[place]
    }
}

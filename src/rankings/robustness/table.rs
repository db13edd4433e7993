//! A run in whole numbers, laid out for being weighed anew many times: each criterion's part of each total, what it is out
//! of, and what breaks ties. From the run's output, so that nothing is judged a second time. PURE.

use std::{collections::BTreeMap, ops::Range};

use num_bigint::BigInt;
use num_traits::{Signed, ToPrimitive, Zero};

use crate::{
    exact::{self, BigRational, nearest, ratio},
    movements::plan::{Blocks, CandidateKind, CompareOn, CriterionKind, FEMALE_FIRST},
    rankings::{
        figures::CriterionScore,
        inputs::{Candidate, Inputs},
        rank::{Entry, Output, Standing, Step, comes_first},
        score::{counted, weighed},
    },
};

/// A point is so many units, where the totals leave room: points have 8 decimals at most.
const DIGITS: u32 = 8;
/// Most units of a total: by weights below 2 its sum stays within 64 bits.
const MOST: u64 = 4_000_000_000_000;

/// A run, block by block.
pub struct Table {
    /// Codes of the criteria that are weighed, in the order of their weights: by group and within it, each code once.
    pub criteria: Vec<String>,
    /// Codes of bonus and penalty, which are not weighed.
    pub extras: Vec<String>,
    pub blocks: Vec<Block>,
}

/// Entries that are ranked together.
pub struct Block {
    /// Which of the output's entries each row is; rows of one pattern stand together.
    pub entries: Vec<usize>,
    /// By criterion, then row: what it adds to the total, the lower half of its 64 bits.
    pub(super) lower: Vec<u32>,
    /// The upper half; empty where all are 0.
    pub(super) upper: Vec<u32>,
    pub(super) patterns: Vec<Pattern>,
    /// By extra, then row.
    pub(super) extras: Vec<i64>,
    /// What bonus and penalty come to.
    pub(super) fixed: Vec<i64>,
    pub(super) ties: Vec<TieKeys>,
    /// Totals that differ by no more units are equal: each part was rounded to a unit.
    pub(super) slack: i64,
    /// A rounded comparison: so many units are one of its last digit.
    pub(super) rounding: Option<i64>,
    /// Numbers for units; none where nobody is limited, or for a resident.
    pub(super) units: Vec<Option<u32>>,
    pub(super) per_unit: u32,
    /// None where people split the quota among the groups.
    pub(super) places: Option<u32>,
    /// Up to which seat each place (giải) goes.
    pub(super) edges: Vec<u32>,
    /// What each row has in the run.
    pub(super) base: Vec<Seat>,
}

/// Rows whose totals are out of the same: of one group, with the same dropped.
pub(super) struct Pattern {
    pub rows: Range<usize>,
    /// By criterion: what its part of the total is out of.
    pub maxima: Vec<i64>,
    pub full: i64,
}

/// What parts equals: ranks, more being better. Around `female_first`, which parts nobody while a fact is absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TieKeys {
    pub before: u32,
    pub female: Option<bool>,
    pub after: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Seat {
    Within,
    Tied,
    #[default]
    None,
}

impl From<Option<Standing>> for Seat {
    fn from(standing: Option<Standing>) -> Self {
        match standing {
            Some(Standing::WithinQuota) => Self::Within,
            Some(Standing::TiedAtCutoff) => Self::Tied,
            _ => Self::None,
        }
    }
}

impl Block {
    pub fn rows(&self) -> usize {
        self.entries.len()
    }

    /// What bonus and penalty come to without one of them.
    pub(super) fn fixed_without(&self, extra: Option<usize>) -> Vec<i64> {
        let own = |row: usize| extra.map_or(0, |extra| self.extras[extra * self.rows() + row]);
        self.fixed.iter().enumerate().map(|(row, fixed)| fixed - own(row)).collect()
    }

    /// Whether it has a line.
    pub fn has_places(&self) -> bool {
        self.places.is_some()
    }
}

impl Table {
    pub fn of(inputs: &Inputs, output: &Output) -> Self {
        let groups =
            || inputs.award.groups.iter().filter_map(|code| inputs.groups.iter().find(|own| own.code == *code));
        let (mut criteria, mut extras): (Vec<String>, Vec<String>) = Default::default();
        let given = |kind: CriterionKind| kind.gives_points() && kind != CriterionKind::Sum;
        for criterion in groups().flat_map(|group| &group.criteria).filter(|one| given(one.kind)) {
            let list = if criterion.kind.within_maximum() { &mut criteria } else { &mut extras };
            if !list.contains(&criterion.code) {
                list.push(criterion.code.clone());
            }
        }
        let rows: Vec<Row> = output.entries.iter().map(|entry| Row::of(entry, &criteria, &extras)).collect();
        let (unit, mut candidates) = (unit(&rows), Candidates::new());
        for one in &inputs.candidates {
            candidates.entry((one.kind, &one.code)).or_insert(one);
        }
        let mut first = 0;
        let together = output.blocks == Blocks::Together;
        let blocks = output.entries.chunk_by(|a, b| together || a.group == b.group).map(|entries| {
            let range = first..first + entries.len();
            first = range.end;
            block(inputs, &candidates, output, range.clone(), &rows[range], &unit)
        });
        let blocks = blocks.collect();
        Self { criteria, extras, blocks }
    }
}

/// By kind and code.
type Candidates<'a> = BTreeMap<(CandidateKind, &'a str), &'a Candidate>;

/// One entry, exactly.
struct Row {
    points: Vec<BigRational>,
    maxima: Vec<BigRational>,
    extras: Vec<BigRational>,
}

impl Row {
    fn of(entry: &Entry, criteria: &[String], extras: &[String]) -> Self {
        let judged = |code: &String| {
            let own = |one: &&CriterionScore| one.code == *code && !one.is_heading() && one.points_exact.is_some();
            entry.criteria.iter().find(own)
        };
        let scale = entry.scale.as_ref();
        let points = |code| judged(code).map(|one| weighed(one, scale)).unwrap_or_default();
        let maximum = |code| {
            let own = judged(code)?;
            Some(counted(own.max?.into(), own, scale))
        };
        Self {
            points: criteria.iter().map(points).collect(),
            maxima: criteria.iter().map(|code| maximum(code).unwrap_or_default()).collect(),
            extras: extras.iter().map(points).collect(),
        }
    }

    fn most(&self) -> BigRational {
        let greater = |(a, b)| if exact::compare(a, b).is_gt() { a } else { b };
        let weighed = self.maxima.iter().zip(&self.points).map(greater);
        exact::sum(weighed.chain(&self.extras).map(Signed::abs))
    }
}

/// How many units a point is.
fn unit(rows: &[Row]) -> BigRational {
    let most = rows.iter().map(Row::most).max_by(exact::compare).unwrap_or_default();
    let mut unit = ratio(BigInt::from(10).pow(DIGITS), 1);
    while &most * &unit > ratio(MOST, 1) {
        unit /= ratio(10, 1);
    }
    unit
}

fn in_units(points: &BigRational, unit: &BigRational) -> i64 {
    nearest(points, unit).to_i64().unwrap_or_default()
}

fn block(
    inputs: &Inputs,
    candidates: &Candidates,
    output: &Output,
    range: Range<usize>,
    rows: &[Row],
    unit: &BigRational,
) -> Block {
    let all = &output.entries[range.clone()];
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by(|a, b| rows[*a].maxima.cmp(&rows[*b].maxima));
    let (mut patterns, mut from) = (Vec::new(), 0);
    for same in order.chunk_by(|a, b| rows[*a].maxima == rows[*b].maxima) {
        let maxima: Vec<i64> = rows[same[0]].maxima.iter().map(|max| in_units(max, unit)).collect();
        patterns.push(Pattern { rows: from..from + same.len(), full: maxima.iter().sum(), maxima });
        from += same.len();
    }
    let column = |of: fn(&Row) -> &Vec<BigRational>, at: usize| {
        order.iter().map(move |row| in_units(&of(&rows[*row])[at], unit))
    };
    let columns = |of: fn(&Row) -> &Vec<BigRational>| -> Vec<i64> {
        (0..rows.first().map_or(0, |row| of(row).len())).flat_map(|at| column(of, at)).collect()
    };
    let (points, extras) = (columns(|row| &row.points), columns(|row| &row.extras));
    let mut upper: Vec<u32> = points.iter().map(|part| (part >> 32) as u32).collect();
    if upper.iter().all(|half| *half == 0) {
        upper.clear();
    }
    let fixed = (0..order.len()).map(|row| extras.iter().skip(row).step_by(order.len()).sum()).collect();
    let entries: Vec<&Entry> = order.iter().map(|row| &all[*row]).collect();
    let candidate = |one: &&Entry| candidates.get(&(one.candidate.kind, one.candidate.code.as_str())).copied();
    let candidates: Vec<Option<&Candidate>> = entries.iter().map(candidate).collect();
    let (award, compare) = (&inputs.award, &inputs.award.ranking.compare);
    let digit = || unit / ratio(BigInt::from(10).pow(compare.digits.unwrap_or(2)), 1);
    let mut end = 0;
    Block {
        slack: rows.first().map_or(0, |row| row.points.len() + row.extras.len() + 2) as i64,
        lower: points.iter().map(|part| *part as u32).collect(),
        upper,
        patterns,
        extras,
        fixed,
        ties: tie_keys(&award.ranking.ties, &entries, &candidates),
        rounding: (compare.on == CompareOn::Rounded)
            .then(digit)
            .filter(BigRational::is_integer)
            .and_then(|digit| digit.to_i64()),
        units: units(award.per_unit.is_some(), &candidates),
        per_unit: award.per_unit.unwrap_or(u32::MAX),
        places: places(output, all),
        edges: award
            .places
            .iter()
            .map(|place| {
                end += place.count;
                end
            })
            .collect(),
        base: entries.iter().map(|entry| entry.standing.into()).collect(),
        entries: order.iter().map(|row| range.start + row).collect(),
    }
}

/// How many a block takes; none where it depends on how people split the quota.
fn places(output: &Output, block: &[Entry]) -> Option<u32> {
    let own = output.group_lines.iter().find(|own| block.first().is_some_and(|entry| entry.group == own.group));
    let alone = block.len() == output.entries.len() || output.quota == 0;
    own.map(|own| own.quota).or((output.blocks == Blocks::Together || alone).then_some(output.quota))
}

fn units<'a>(limited: bool, candidates: &[Option<&'a Candidate>]) -> Vec<Option<u32>> {
    let mut known: BTreeMap<&'a str, u32> = BTreeMap::new();
    let mut numbers = Vec::with_capacity(candidates.len());
    for candidate in candidates {
        let (unit, next) = (candidate.filter(|_| limited).and_then(Candidate::own_unit), known.len() as u32);
        numbers.push(unit.map(|unit| *known.entry(unit).or_insert(next)));
    }
    numbers
}

/// As the run compared them, but for `female_first`: whom it parts depends on who is level in a draw.
fn tie_keys(ties: &[String], entries: &[&Entry], candidates: &[Option<&Candidate>]) -> Vec<TieKeys> {
    let steps = |entry: &&Entry| -> Vec<Step> { entry.compared.iter().skip(1).cloned().collect() };
    let steps: Vec<Vec<Step>> = entries.iter().map(steps).collect();
    let legal = ties.iter().position(|tie| tie == FEMALE_FIRST);
    let split = legal.unwrap_or(ties.len());
    let ranks = |part: &dyn Fn(&[Step]) -> Vec<Step>| {
        let values = |steps: &Vec<Step>| part(steps).into_iter().map(|step| step.value).collect::<Vec<_>>();
        let keys: Vec<_> = steps.iter().map(values).collect();
        let mut sorted = keys.clone();
        sorted.sort();
        sorted.dedup();
        keys.iter().map(|key| sorted.binary_search(key).unwrap_or_default() as u32).collect::<Vec<_>>()
    };
    let before = ranks(&|steps| steps.iter().take(split).cloned().collect());
    let after = ranks(&|steps| steps.iter().skip(split + 1).cloned().collect());
    let female = |one: &Option<&Candidate>| match legal {
        Some(_) => comes_first(one.and_then(|one| one.women.as_ref())).map(|first| !first.is_zero()),
        None => Some(false),
    };
    let keys = before.into_iter().zip(after).zip(candidates);
    keys.map(|((before, after), one)| TieKeys { before, female: female(one), after }).collect()
}

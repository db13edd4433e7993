//! The order of an award's candidates. PURE.

use std::{cmp::Ordering, collections::BTreeMap};

use num_traits::{One, Zero};

use super::{
    classes::class,
    contender::{Contender, digits, kind},
    display,
    entry::{
        Entry, GroupLine, Ineligible, Line, Output, PoolFigures, PooledUnit, Standing, Step, TOTAL, first_difference,
    },
    female_first::{comes_first, settle},
    line::{line, to_reach},
    quota::taken,
    seats::{Seats, seats},
};
use crate::{
    exact::{BigRational, Fraction, half_up, rounded},
    movements::plan::{Award, Blocks, CandidateKind, CompareOn, FEMALE_FIRST},
    rankings::{
        conditions::{Known, evaluate},
        figures::{CriterionScore, Figures},
        inputs::{Candidate, Inputs},
        score::{Levels, Reason, ReasonCode, Score, score},
    },
};

/// The version of the method's meaning: a change that could move an entry, or a digit of it, is a new engine.
///
/// 1. Totals and points half-up to 2 decimals.
/// 2. Digits are added where they would contradict what was decided; the line's `reach` is never below 0.
/// 3. Points have as many digits as the total needs.
pub const ENGINE: i32 = 3;

/// Ranks the candidates of an award by the present engine.
pub fn rank(inputs: &Inputs) -> Output {
    rank_as(ENGINE, inputs)
}

/// Ranks them as an engine did, so that an old run repeats to the byte.
///
/// With `blocks: by_group` each group is ranked apart, in the order of the award's groups, and how the one quota is
/// split among them is left to people. See [`Standing`] for what can be said all the same.
pub fn rank_as(engine: i32, inputs: &Inputs) -> Output {
    let award = &inputs.award;
    let levels = Levels::of(inputs);
    let (mut contenders, mut ineligible) = (Vec::new(), Vec::new());
    for candidate in &inputs.candidates {
        match score(inputs, &levels, candidate) {
            Ok(score) => match contender(award, candidate, score) {
                Ok(contender) => contenders.push(contender),
                Err(reason) => ineligible.push(Ineligible { candidate: candidate.into(), reasons: vec![reason] }),
            },
            Err(reasons) => ineligible.push(Ineligible { candidate: candidate.into(), reasons }),
        }
    }
    ineligible.sort_by(|a, b| a.candidate.shown_before(&b.candidate));
    let (all, taken) = (contenders.len(), taken(inputs));
    let most = taken.all as usize;
    let (mut entries, mut the_line, mut group_lines) = (Vec::new(), None, Vec::new());
    for (group, mut block) in blocks(award, contenders) {
        settle(&award.ranking.ties, &mut block);
        block.sort_by(order);
        let own = group.and_then(|group| Some((group, *taken.by_group.get(group)?)));
        // people may give this block as few places as the other blocks leave, and as many as there are
        let places = match own {
            Some((_, number)) => (number as usize, number as usize),
            None => (most.saturating_sub(all - block.len()), most),
        };
        let (least, most) = (seats(award, &block, places.0), seats(award, &block, places.1));
        let line = if places.0 == places.1 { line(&award.ranking.compare, &block, &most) } else { None };
        entries.extend(place(award, &block, (&least, &most), line.as_ref()));
        match own {
            Some((group, quota)) => group_lines.push(GroupLine { group: group.to_owned(), quota, line }),
            None => the_line = the_line.or(line),
        }
    }
    let pool = pool(inputs, &entries);
    let (quota, share, blocks) = (taken.all, taken.share, award.ranking.blocks);
    let mut output = Output { quota, share, blocks, line: the_line, group_lines, pool, entries, ineligible };
    if engine > 1 {
        display::show(engine, award, &mut output);
    }
    output
}

/// Who is ranked together: a group, where groups are ranked apart.
fn blocks<'a, 'b>(award: &'b Award, contenders: Vec<Contender<'a>>) -> Vec<(Option<&'b str>, Vec<Contender<'a>>)> {
    if award.ranking.blocks == Blocks::Together {
        return vec![(None, contenders)];
    }
    let mut blocks: Vec<_> = award.groups.iter().map(|group| (Some(group.as_str()), Vec::new())).collect();
    for contender in contenders {
        let place = award.groups.iter().position(|group| *group == contender.score.group);
        blocks[place.expect("score() takes only groups that the award names")].1.push(contender);
    }
    blocks
}

/// A candidate with its class, unless the award does not take it.
fn contender<'a>(award: &Award, candidate: &'a Candidate, score: Score) -> Result<Contender<'a>, Reason> {
    let method = &award.ranking;
    let total = match method.compare.on {
        CompareOn::Exact => score.total(),
        CompareOn::Rounded => rounded(&score.total(), digits(method.compare.digits)),
    };
    let first = Step { by: TOTAL.to_owned(), value: Some(Fraction(total.clone())) };
    let step = |by: &String| Step { by: by.clone(), value: tie_break(by, candidate, &score).map(Fraction) };
    let compared: Vec<Step> = std::iter::once(first).chain(method.ties.iter().map(step)).collect();
    let known = Known { candidate, criteria: &score.criteria, total: Some(&total), class: None };
    let (class, classes) = class(&award.classes, &known);
    let known = Known { class: class.as_deref(), ..known };
    let eligible = award.eligible.as_ref().map(|condition| evaluate(condition, &known));
    match eligible {
        Some(condition) if !condition.holds => {
            Err(Reason { condition: Some(condition), ..Reason::new(ReasonCode::NotEligible, None) })
        }
        eligible => Ok(Contender { candidate, score, total, compared, class, classes, eligible }),
    }
}

/// The figure of one tie-breaker, more being better: exact points as they were given, unscaled, a penalty's below 0; an
/// indicator's own, below 0 where less is better. What is absent counts 0, and so does a tie-breaker that lint would refuse:
/// it parts nobody. An absent figure is none: silence must not pay; nor is an absent share of women, until it is settled.
fn tie_break(by: &str, candidate: &Candidate, score: &Score) -> Option<BigRational> {
    let points = |wanted: &dyn Fn(&CriterionScore) -> bool| {
        score.criteria.iter().filter(|criterion| wanted(criterion)).map(CriterionScore::in_favour).sum()
    };
    match by.split_once(':') {
        Some(("kind", name)) => Some(points(&|criterion| Some(criterion.kind()) == kind(name))),
        Some(("criterion", code)) => Some(points(&|criterion| criterion.code == code)),
        Some(("indicator", code)) => {
            let one = candidate.attained.iter().find(|one| one.period.is_none() && one.indicator == code)?;
            let figure = one.figure.as_ref()?.0.clone();
            Some(if one.less_is_better { -figure } else { figure })
        }
        None if by == FEMALE_FIRST => comes_first(candidate.women.as_ref()),
        None if by == "direct_work" && candidate.kind == CandidateKind::Person && candidate.direct_work => {
            Some(BigRational::one())
        }
        _ => Some(BigRational::zero()),
    }
}

/// Best first; within one rank by name, then code, only so that the list always reads the same.
fn order(a: &Contender, b: &Contender) -> Ordering {
    let shown = || (&a.candidate.name, &a.candidate.code).cmp(&(&b.candidate.name, &b.candidate.code));
    b.compared.iter().map(|step| &step.value).cmp(a.compared.iter().map(|step| &step.value)).then_with(shown)
}

/// Gives a sorted block its ranks, and what is the same for the fewest and the most places that it may get. Between the two
/// an entry only moves from below to within, so that it is then the same for every number of places.
fn place(award: &Award, block: &[Contender], (least, most): (&Seats, &Seats), line: Option<&Line>) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::with_capacity(block.len());
    for level in block.chunk_by(|a, b| a.compared == b.compared) {
        let first = entries.len();
        let separated_by = entries.last().and_then(|above| first_difference(&above.compared, &level[0].compared));
        entries.extend(level.iter().enumerate().map(|(at, contender)| {
            let (seat, other) = (most.of_each[first + at], least.of_each[first + at]);
            let standing = (seat.standing == other.standing).then_some(seat.standing);
            let place = seat.place.filter(|_| seat == other);
            Entry {
                rank: first + 1,
                tied: level.len() > 1,
                standing,
                place: place.map(|place| award.places[place].code.clone()),
                separated_by: separated_by.clone(),
                to_reach_quota: to_reach(standing, &contender.score, &contender.compared, line),
                ..unplaced(contender)
            }
        }));
    }
    entries
}

/// The entry without the members that depend on the other entries.
fn unplaced(contender: &Contender) -> Entry {
    let Contender { candidate, score, compared, .. } = contender;
    let total = score.total();
    Entry {
        rank: 0,
        tied: false,
        group: score.group.clone(),
        candidate: (*candidate).into(),
        total: half_up(&total, 2),
        class: contender.class.clone(),
        classes: contender.classes.clone(),
        eligible: contender.eligible.clone(),
        unanswered: unanswered(&score.criteria),
        standing: None,
        place: None,
        criteria: score.criteria.clone(),
        scale: score.scale.clone(),
        before_floor: (score.before_floor < total).then(|| Fraction(score.before_floor.clone())),
        total_exact: Fraction(total),
        compared: compared.clone(),
        separated_by: None,
        to_reach_quota: None,
        robustness: None,
    }
}

fn unanswered(criteria: &[CriterionScore]) -> Vec<String> {
    let open = |score: &&CriterionScore| matches!(&score.figures, Figures::Check(check) if check.passed.is_none());
    criteria.iter().filter(open).map(|score| score.code.clone()).collect()
}

/// Whom the run would take of each unit, for awards that share a limit.
fn pool(inputs: &Inputs, entries: &[Entry]) -> Option<PoolFigures> {
    let code = inputs.award.pool.clone()?;
    let mut units: BTreeMap<&str, u32> = BTreeMap::new();
    let within = |entry: &&Entry| matches!(entry.standing, Some(Standing::WithinQuota | Standing::TiedAtCutoff));
    for entry in entries.iter().filter(within) {
        let candidate = inputs.candidates.iter().find(|one| one.code == entry.candidate.code);
        candidate.and_then(Candidate::home).into_iter().for_each(|unit| *units.entry(unit).or_default() += 1);
    }
    let units = units.into_iter().map(|(unit, within)| PooledUnit { unit: unit.to_owned(), within }).collect();
    Some(PoolFigures { code, per_unit: inputs.award.per_unit, awards: inputs.pooled.clone(), units })
}

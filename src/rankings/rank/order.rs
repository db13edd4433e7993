//! The order of an award's candidates. PURE.

use std::cmp::Ordering;

use num_traits::{One, Zero};

use super::{
    contender::{Contender, digits, kind},
    display,
    entry::{Entry, Ineligible, Line, Output, Step, TOTAL, first_difference},
    line::{line, standing, to_reach},
};
use crate::{
    exact::{BigRational, Fraction, half_up, rounded},
    movements::plan::{Award, Blocks, CandidateKind, Class, CompareOn, Method},
    rankings::{
        figures::CriterionScore,
        inputs::{Candidate, Inputs},
        score::{Score, score},
    },
};

/// The version of the method's meaning: a change that could move an entry, or a digit of it, is a new engine.
///
/// 1. Totals and points half-up to 2 decimals.
/// 2. Digits are added where they would contradict what was decided; the line's `reach` is never below 0.
pub const ENGINE: i32 = 2;

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
    let (mut contenders, mut ineligible) = (Vec::new(), Vec::new());
    for candidate in &inputs.candidates {
        match score(inputs, candidate) {
            Ok(score) => contenders.push(contender(&award.ranking, candidate, score)),
            Err(reasons) => ineligible.push(Ineligible { candidate: candidate.into(), reasons }),
        }
    }
    ineligible.sort_by(|a, b| a.candidate.shown_before(&b.candidate));
    let all = contenders.len();
    let (mut entries, mut the_line) = (Vec::new(), None);
    for mut block in blocks(award, contenders) {
        block.sort_by(order);
        // people may give this block as few places as the other blocks leave, and as many as there are
        let most = award.quota as usize;
        let least = most.saturating_sub(all - block.len());
        let line = if least == most { line(&award.ranking.compare, &block, most) } else { None };
        entries.extend(place(award, &block, least..=most, line.as_ref()));
        the_line = the_line.or(line);
    }
    let mut output = Output { quota: award.quota, blocks: award.ranking.blocks, line: the_line, entries, ineligible };
    if engine > 1 {
        display::show(award, &mut output);
    }
    output
}

fn blocks<'a>(award: &Award, contenders: Vec<Contender<'a>>) -> Vec<Vec<Contender<'a>>> {
    if award.ranking.blocks == Blocks::Together {
        return vec![contenders];
    }
    let mut blocks: Vec<Vec<_>> = award.groups.iter().map(|_| Vec::new()).collect();
    for contender in contenders {
        let place = award.groups.iter().position(|group| *group == contender.score.group);
        blocks[place.expect("score() takes only groups that the award names")].push(contender);
    }
    blocks
}

fn contender<'a>(method: &Method, candidate: &'a Candidate, score: Score) -> Contender<'a> {
    let total = match method.compare.on {
        CompareOn::Exact => score.total(),
        CompareOn::Rounded => rounded(&score.total(), digits(method.compare.digits)),
    };
    let total = Step { by: TOTAL.to_owned(), value: Fraction(total) };
    let ties = method.ties.iter().map(|by| Step { by: by.clone(), value: Fraction(tie_break(by, candidate, &score)) });
    let compared = std::iter::once(total).chain(ties).collect();
    Contender { candidate, score, compared }
}

/// The figure of one tie-breaker, more being better: exact points as they were given, unscaled, a penalty's below 0.
/// What is absent counts 0, and so does a tie-breaker that lint would refuse: it parts nobody.
fn tie_break(by: &str, candidate: &Candidate, score: &Score) -> BigRational {
    let points = |wanted: &dyn Fn(&CriterionScore) -> bool| {
        score.criteria.iter().filter(|criterion| wanted(criterion)).map(CriterionScore::in_favour).sum()
    };
    match by.split_once(':') {
        Some(("kind", name)) => points(&|criterion| Some(criterion.kind()) == kind(name)),
        Some(("criterion", code)) => points(&|criterion| criterion.code == code),
        None if by == "direct_work" && candidate.kind == CandidateKind::Person && candidate.direct_work => {
            BigRational::one()
        }
        _ => BigRational::zero(),
    }
}

/// Best first; within one rank by name, then code, only so that the list always reads the same.
fn order(a: &Contender, b: &Contender) -> Ordering {
    let shown = || (&a.candidate.name, &a.candidate.code).cmp(&(&b.candidate.name, &b.candidate.code));
    b.compared.iter().map(|step| &step.value).cmp(a.compared.iter().map(|step| &step.value)).then_with(shown)
}

/// Gives a sorted block its ranks and standings. `places`: the fewest and the most that the block may get.
fn place(
    award: &Award,
    block: &[Contender],
    places: std::ops::RangeInclusive<usize>,
    line: Option<&Line>,
) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::with_capacity(block.len());
    for level in block.chunk_by(|a, b| a.compared == b.compared) {
        let rank = entries.len() + 1;
        let separated_by = entries.last().and_then(|above| first_difference(&above.compared, &level[0].compared));
        let standing = standing(rank, level.len(), &places);
        entries.extend(level.iter().map(|contender| Entry {
            rank,
            tied: level.len() > 1,
            standing,
            separated_by: separated_by.clone(),
            to_reach_quota: to_reach(standing, &contender.score, &contender.compared, line),
            ..unplaced(award, contender)
        }));
    }
    entries
}

/// The entry without the members that depend on the other entries.
fn unplaced(award: &Award, contender: &Contender) -> Entry {
    let Contender { candidate, score, compared } = contender;
    let total = score.total();
    Entry {
        rank: 0,
        tied: false,
        group: score.group.clone(),
        candidate: (*candidate).into(),
        total: half_up(&total, 2),
        class: class(&award.classes, &compared[0].value.0),
        standing: None,
        criteria: score.criteria.clone(),
        scale: score.scale.clone(),
        before_floor: (score.before_floor < total).then(|| Fraction(score.before_floor.clone())),
        total_exact: Fraction(total),
        compared: compared.clone(),
        separated_by: None,
        to_reach_quota: None,
    }
}

/// The highest band that the compared total reaches.
fn class(classes: &[Class], total: &BigRational) -> Option<String> {
    let reached = classes.iter().filter(|class| BigRational::from(class.from) <= *total);
    reached.max_by_key(|class| class.from).map(|class| class.code.clone())
}

//! The order of an award's candidates. PURE.

use std::cmp::Ordering;

use num_traits::{One, Zero};

use super::{
    classes::class,
    contender::{Contender, digits, kind},
    display,
    entry::{Entry, Ineligible, Line, Output, Step, TOTAL, first_difference},
    line::{line, standing, to_reach},
};
use crate::{
    exact::{BigRational, Fraction, half_up, rounded},
    movements::plan::{Award, Blocks, CandidateKind, CompareOn},
    rankings::{
        conditions::{Known, evaluate},
        figures::{CriterionScore, Figures},
        inputs::{Candidate, Inputs},
        score::{Reason, ReasonCode, Score, score},
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
            Ok(score) => match contender(award, candidate, score) {
                Ok(contender) => contenders.push(contender),
                Err(reason) => ineligible.push(Ineligible { candidate: candidate.into(), reasons: vec![reason] }),
            },
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
        entries.extend(place(&block, least..=most, line.as_ref()));
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

/// A candidate with its class, unless the award does not take it.
fn contender<'a>(award: &Award, candidate: &'a Candidate, score: Score) -> Result<Contender<'a>, Reason> {
    let method = &award.ranking;
    let total = match method.compare.on {
        CompareOn::Exact => score.total(),
        CompareOn::Rounded => rounded(&score.total(), digits(method.compare.digits)),
    };
    let total = Step { by: TOTAL.to_owned(), value: Fraction(total) };
    let ties = method.ties.iter().map(|by| Step { by: by.clone(), value: Fraction(tie_break(by, candidate, &score)) });
    let compared: Vec<Step> = std::iter::once(total).chain(ties).collect();
    let known = Known { candidate, criteria: &score.criteria, total: Some(&compared[0].value.0), class: None };
    let (class, classes) = class(&award.classes, &known);
    let known = Known { class: class.as_deref(), ..known };
    let eligible = award.eligible.as_ref().map(|condition| evaluate(condition, &known));
    match eligible {
        Some(condition) if !condition.holds => {
            Err(Reason { condition: Some(condition), ..Reason::new(ReasonCode::NotEligible, None) })
        }
        eligible => Ok(Contender { candidate, score, compared, class, classes, eligible }),
    }
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
fn place(block: &[Contender], places: std::ops::RangeInclusive<usize>, line: Option<&Line>) -> Vec<Entry> {
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
            ..unplaced(contender)
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
        criteria: score.criteria.clone(),
        scale: score.scale.clone(),
        before_floor: (score.before_floor < total).then(|| Fraction(score.before_floor.clone())),
        total_exact: Fraction(total),
        compared: compared.clone(),
        separated_by: None,
        to_reach_quota: None,
    }
}

fn unanswered(criteria: &[CriterionScore]) -> Vec<String> {
    let open = |score: &&CriterionScore| matches!(&score.figures, Figures::Check(check) if check.passed.is_none());
    criteria.iter().filter(open).map(|score| score.code.clone()).collect()
}

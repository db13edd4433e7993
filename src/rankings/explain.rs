//! Why a place is what it is: two entries beside each other, criterion by criterion, and one entry against the line.
//! Everything follows from a run's output alone, so an old run explains itself as well as a new one. PURE.

use num_traits::{Signed, Zero};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    figures::CriterionScore,
    rank::{CandidateRef, Entry, Line, Output, Standing, first_difference, gap},
    score::{weighed, weight},
};
use crate::{
    exact::{BigRational, Fraction, round_up, shown},
    movements::plan::{Blocks, CriterionKind},
};

/// A comparison of two entries. Differences are `a` − `b`; displayed ones are half-up to 2 decimals, or to as many
/// as show that there is one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RankingComparison)]
pub struct Comparison {
    pub a: Side,
    pub b: Side,
    pub difference: String,
    pub difference_exact: Fraction,
    /// Whether both are in one order: with `by_group`, entries of two groups are not.
    pub ranked_together: bool,
    /// Null if they are equal on every step, or not ranked together.
    pub leader: Option<Leader>,
    /// The step of the comparison that put the leader ahead.
    pub decided_by: Option<String>,
    /// The criteria of both, those of `a` first. The differences add up to that of the totals before the floor at 0.
    pub criteria: Vec<CriterionDifference>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ComparedEntry)]
pub struct Side {
    pub candidate: CandidateRef,
    pub rank: usize,
    pub total: String,
    pub total_exact: Fraction,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ComparedLeader)]
#[serde(rename_all = "snake_case")]
pub enum Leader {
    A,
    B,
}

/// One criterion, by its contribution to each total: scaled where criteria were dropped, a penalty below 0. Null: the
/// criterion does not apply to the candidate, or was dropped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CriterionDifference {
    pub code: String,
    pub kind: CriterionKind,
    pub a: Option<Fraction>,
    pub b: Option<Fraction>,
    pub difference: String,
    pub difference_exact: Fraction,
    pub leader: Option<Leader>,
    /// Whether that is other than the criterion's own points, because it makes up for what was dropped (quy đổi).
    pub scaled: bool,
}

/// One entry compared with the line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RankingExplanation)]
pub struct Explanation {
    pub candidate: CandidateRef,
    pub rank: usize,
    pub standing: Option<Standing>,
    /// How many are taken of those that it stands among.
    pub quota: u32,
    pub line: Option<Line>,
    /// The step that placed it behind the line; null for an entry at the line or within it, and without a line.
    pub behind_by: Option<String>,
    pub to_reach_quota: Option<String>,
    /// Where the missing points could come from; empty if none are missing.
    pub ways: Vec<Way>,
}

/// A way to reach the line by one criterion alone. Points are the criterion's own (the total's / scale), rounded up at
/// 8 decimals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = WayToLine)]
pub struct Way {
    pub criterion: String,
    pub kind: CriterionKind,
    /// Additional points needed (for a penalty: points removed).
    pub needed: String,
    /// Additional points available (for a penalty: points that can be removed), exact.
    pub room: Fraction,
    pub enough: bool,
}

/// Compares two entries of a run by their candidates' codes; `None` where one is not ranked.
pub fn compare(output: &Output, a: &str, b: &str) -> Option<Comparison> {
    let (a, b) = (find(output, a)?, find(output, b)?);
    let difference = &a.total_exact.0 - &b.total_exact.0;
    let ranked_together = output.blocks == Blocks::Together || a.group == b.group;
    let decided_by = first_difference(&a.compared, &b.compared).filter(|_| ranked_together);
    Some(Comparison {
        a: side(a),
        b: side(b),
        difference: apart_from_zero(&difference),
        difference_exact: Fraction(difference),
        ranked_together,
        leader: decided_by.as_ref().map(|_| if a.rank < b.rank { Leader::A } else { Leader::B }),
        decided_by,
        criteria: differences(a, b),
    })
}

/// What one entry would need to reach the line; `None` where the candidate is not ranked.
pub fn explain(output: &Output, candidate: &str) -> Option<Explanation> {
    let entry = find(output, candidate)?;
    let line = output.line_of(&entry.group).cloned();
    let to_go = line.as_ref().filter(|_| entry.to_reach_quota.is_some()).map(|line| {
        let before_floor = entry.before_floor.as_ref().unwrap_or(&entry.total_exact);
        gap(&before_floor.0, &entry.compared, line)
    });
    let behind = line.as_ref().filter(|_| entry.standing == Some(Standing::BelowQuota));
    Some(Explanation {
        candidate: entry.candidate.clone(),
        rank: entry.rank,
        standing: entry.standing,
        quota: output.quota_of(&entry.group),
        behind_by: behind.and_then(|line| first_difference(&line.compared, &entry.compared)),
        line,
        to_reach_quota: entry.to_reach_quota.clone(),
        ways: to_go.filter(BigRational::is_positive).map(|gap| ways(entry, &gap)).unwrap_or_default(),
    })
}

fn apart_from_zero(difference: &BigRational) -> String {
    shown(difference, 2, |shown| shown.is_zero() != difference.is_zero())
}

fn find<'a>(output: &'a Output, code: &str) -> Option<&'a Entry> {
    output.entries.iter().find(|entry| entry.candidate.code == code)
}

fn side(entry: &Entry) -> Side {
    Side {
        candidate: entry.candidate.clone(),
        rank: entry.rank,
        total: entry.total.clone(),
        total_exact: entry.total_exact.clone(),
    }
}

fn differences(a: &Entry, b: &Entry) -> Vec<CriterionDifference> {
    let of = |entry: &Entry, code: &str| {
        let judged = entry.criteria.iter().find(|criterion| criterion.code == code && criterion.points.is_some())?;
        Some(weighed(judged, entry.scale.as_ref()))
    };
    let is_scaled = |code: &str| {
        [a, b].into_iter().any(|entry| {
            let own = entry.criteria.iter().find(|criterion| criterion.code == code);
            own.is_some_and(|own| of(entry, code).is_some_and(|points| points != own.in_favour()))
        })
    };
    let only_b = b.criteria.iter().filter(|in_b| a.criteria.iter().all(|in_a| in_a.code != in_b.code));
    let both = a.criteria.iter().chain(only_b);
    both.filter(|criterion| criterion.kind().gives_points() && !criterion.is_heading())
        .map(|criterion| {
            difference(criterion, of(a, &criterion.code), of(b, &criterion.code), is_scaled(&criterion.code))
        })
        .collect()
}

fn difference(
    criterion: &CriterionScore,
    a: Option<BigRational>,
    b: Option<BigRational>,
    scaled: bool,
) -> CriterionDifference {
    let difference = a.clone().unwrap_or_default() - b.clone().unwrap_or_default();
    let leader = (!difference.is_zero()).then(|| if difference.is_positive() { Leader::A } else { Leader::B });
    CriterionDifference {
        code: criterion.code.clone(),
        kind: criterion.kind(),
        a: a.map(Fraction),
        b: b.map(Fraction),
        difference: apart_from_zero(&difference),
        difference_exact: Fraction(difference),
        leader,
        scaled,
    }
}

/// A dropped criterion is not a way: if it were judged, the scale of all others would change. Nor is one whose condition
/// does not hold: no points of its own count.
fn ways(entry: &Entry, gap: &BigRational) -> Vec<Way> {
    let counts = |criterion: &&CriterionScore| criterion.when.as_ref().is_none_or(|when| when.holds);
    let judged = entry.criteria.iter().filter(|criterion| !criterion.is_heading()).filter(counts);
    let judged = judged.filter_map(|criterion| Some((criterion, criterion.points_exact.as_ref()?)));
    judged
        .map(|(criterion, points)| {
            let room = match criterion.kind() {
                CriterionKind::Penalty => points.0.clone(),
                _ => criterion.max.map(BigRational::from).unwrap_or_default() - &points.0,
            };
            let needed = gap / weight(criterion, entry.scale.as_ref());
            Way {
                criterion: criterion.code.clone(),
                kind: criterion.kind(),
                needed: round_up(&needed),
                enough: needed <= room,
                room: Fraction(room),
            }
        })
        .collect()
}

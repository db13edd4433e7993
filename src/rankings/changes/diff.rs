//! The differences of two runs of an award. PURE.

use num_traits::Zero;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::causes::{FigureMoved, causes};
use crate::{
    exact::{BigRational, Fraction},
    movements::plan::CriterionKind,
    rankings::{
        figures::CriterionScore,
        inputs::Inputs,
        rank::{CandidateRef, Entry, Output, Standing},
        score::Reason,
        seal::Parts,
    },
    record::{Change, changes},
};

/// From the earlier run to the later one.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = RankingDifference)]
pub struct Difference {
    /// Rules that changed; pointers into the bundle's method, where an element of a list is named by its code.
    pub method: Vec<Change>,
    /// In the order of the later run: who is in both, and of whom rank, total, class or standing changed.
    pub moved: Vec<Moved>,
    pub came: Vec<Came>,
    pub left: Vec<Left>,
    /// How many entries are the same in all of that.
    pub unchanged: usize,
}

#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = RankingMoved)]
pub struct Moved {
    pub candidate: CandidateRef,
    pub from: Placing,
    pub to: Placing,
    /// By how many ranks it rose; below 0 where it fell.
    pub rose: i64,
    /// By how much the exact total grew; below 0 where it fell.
    pub difference: Fraction,
    /// The criteria whose points or figures changed.
    pub criteria: Vec<CriterionMoved>,
}

#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = RankingCriterionMoved)]
pub struct CriterionMoved {
    pub code: String,
    pub kind: CriterionKind,
    /// Exact points; null where the criterion gave none or was not there.
    pub from: Option<Fraction>,
    pub to: Option<Fraction>,
    /// What that speaks for the candidate: more of a penalty speaks against.
    pub difference: Fraction,
    /// What moved the points, the most first.
    pub causes: Vec<FigureMoved>,
    /// The figures behind it that changed; an element of a list is named by its code, or the id of an initiative.
    pub figures: Vec<Change>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = RankingPlacing)]
pub struct Placing {
    pub rank: usize,
    pub tied: bool,
    pub total: String,
    pub total_exact: Fraction,
    pub class: Option<String>,
    pub standing: Option<Standing>,
}

/// Who is ranked in the later run only.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = RankingCame)]
pub struct Came {
    pub candidate: CandidateRef,
    pub to: Placing,
    /// Why it was not ranked in the earlier one; null where it was no candidate.
    pub was: Option<Vec<Reason>>,
}

/// Who is ranked in the earlier run only.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = RankingLeft)]
pub struct Left {
    pub candidate: CandidateRef,
    pub from: Placing,
    /// Why it is not ranked in the later one; null where it is no candidate.
    pub is: Option<Vec<Reason>>,
}

impl From<&Entry> for Placing {
    fn from(entry: &Entry) -> Self {
        Self {
            rank: entry.rank,
            tied: entry.tied,
            total: entry.total.clone(),
            total_exact: entry.total_exact.clone(),
            class: entry.class.clone(),
            standing: entry.standing,
        }
    }
}

pub fn difference(from: (&Inputs, &Output), to: (&Inputs, &Output)) -> serde_json::Result<Difference> {
    let (before, after) = (from.1, to.1);
    let mut moved = Vec::new();
    for entry in &after.entries {
        let Some(former) = entry_of(before, &entry.candidate) else { continue };
        if Placing::from(former) != Placing::from(entry) {
            moved.push(Moved {
                candidate: entry.candidate.clone(),
                from: former.into(),
                to: entry.into(),
                rose: former.rank as i64 - entry.rank as i64,
                difference: Fraction(&entry.total_exact.0 - &former.total_exact.0),
                criteria: criteria(&former.criteria, &entry.criteria)?,
            });
        }
    }
    let came = after.entries.iter().filter(|entry| entry_of(before, &entry.candidate).is_none());
    let came = came.map(|entry| Came {
        candidate: entry.candidate.clone(),
        to: entry.into(),
        was: reasons(before, &entry.candidate),
    });
    let left = before.entries.iter().filter(|entry| entry_of(after, &entry.candidate).is_none());
    let left = left.map(|entry| Left {
        candidate: entry.candidate.clone(),
        from: entry.into(),
        is: reasons(after, &entry.candidate),
    });
    let (came, left): (Vec<Came>, Vec<Left>) = (came.collect(), left.collect());
    let unchanged = after.entries.len() - moved.len() - came.len();
    Ok(Difference { method: changes(&rules(from.0)?, &rules(to.0)?), moved, came, left, unchanged })
}

fn is_same(a: &CandidateRef, b: &CandidateRef) -> bool {
    (a.kind, &a.code) == (b.kind, &b.code)
}

fn entry_of<'a>(output: &'a Output, candidate: &CandidateRef) -> Option<&'a Entry> {
    output.entries.iter().find(|entry| is_same(&entry.candidate, candidate))
}

fn reasons(output: &Output, candidate: &CandidateRef) -> Option<Vec<Reason>> {
    let ineligible = output.ineligible.iter().find(|one| is_same(&one.candidate, candidate));
    ineligible.map(|one| one.reasons.clone())
}

/// Criteria in the order of the later run, then those that are no more.
fn criteria(from: &[CriterionScore], to: &[CriterionScore]) -> serde_json::Result<Vec<CriterionMoved>> {
    let of = |scores: &[CriterionScore], code: &str| scores.iter().find(|score| score.code == code).cloned();
    let gone = from.iter().filter(|score| of(to, &score.code).is_none());
    let mut moved = Vec::new();
    for score in to.iter().chain(gone) {
        let (from, to) = (of(from, &score.code), of(to, &score.code));
        let causes = causes(from.as_ref(), to.as_ref());
        let figures = changes(&behind(from.as_ref())?, &behind(to.as_ref())?);
        let [before, after] = [&from, &to].map(|score| score.as_ref().and_then(|score| score.points_exact.clone()));
        if before == after && figures.is_empty() {
            continue;
        }
        let [lost, won] = [from, to].map(|score| score.map_or_else(BigRational::zero, |score| score.in_favour()));
        let difference = Fraction(won - lost);
        let (code, kind) = (score.code.clone(), score.kind());
        moved.push(CriterionMoved { code, kind, from: before, to: after, difference, causes, figures });
    }
    Ok(moved)
}

/// The figures behind the points of a criterion.
fn behind(score: Option<&CriterionScore>) -> serde_json::Result<Value> {
    let mut figures = by_name(serde_json::to_value(score)?);
    if let Some(figures) = figures.as_object_mut() {
        figures.retain(|name, _| !["code", "points", "points_exact"].contains(&name.as_str()));
    }
    Ok(figures)
}

fn rules(inputs: &Inputs) -> serde_json::Result<Value> {
    match serde_json::to_value(inputs)? {
        Value::Object(frozen) => Ok(by_name(Value::Object(Parts::of(frozen, Value::Null).method))),
        other => Ok(other),
    }
}

/// The same with every list whose elements have names as an object by them, so that an element is compared with its like.
fn by_name(value: Value) -> Value {
    const NAMES: [&str; 3] = ["indicator", "id", "code"];
    match value {
        Value::Array(items) => {
            let name_of = |item: &Value| NAMES.iter().find_map(|name| item.get(name)?.as_str().map(str::to_owned));
            let names: Option<Vec<String>> = items.iter().map(name_of).collect();
            let items = items.into_iter().map(by_name);
            match names {
                Some(names) if !names.is_empty() => Value::Object(names.into_iter().zip(items).collect::<Map<_, _>>()),
                _ => items.collect(),
            }
        }
        Value::Object(members) => members.into_iter().map(|(name, member)| (name, by_name(member))).collect(),
        plain => plain,
    }
}

//! Rows into a draft: each replaces its value and leaves the rest. PURE.

use std::collections::{BTreeSet, HashMap};

use uuid::Uuid;

use super::rows::Row;
use crate::{
    finding::Finding,
    movements::plan::Indicator,
    submissions::{content::Content, validation::check_draft, value::Value},
};

/// What became of the rows of one submission.
#[derive(Debug, Default)]
pub struct Merged {
    /// The content with every row that fits; as before where none changes anything.
    pub content: Content,
    pub created: usize,
    pub updated: usize,
    pub unchanged: usize,
    /// By the rows' numbers.
    pub refused: Vec<(usize, Vec<Finding>)>,
}

impl Merged {
    pub fn changes(&self) -> bool {
        self.created + self.updated > 0
    }
}

/// A value's place: its indicator and field.
type Place = (String, Option<String>);

fn place(value: &Value) -> Place {
    (value.indicator.clone(), value.field.clone())
}

/// Merges rows into what stands. Where something `bars` a change, rows that say what stands already are fine still: the
/// same file twice changes nothing, and is no mistake.
pub fn merge(
    standing: &Content,
    rows: Vec<(usize, Row)>,
    owed: &[&Indicator],
    known: &[Indicator],
    bars: Option<&Finding>,
) -> Merged {
    let mut merged = Merged { content: standing.clone(), ..Merged::default() };
    let places: HashMap<Place, usize> =
        standing.values.iter().enumerate().map(|(at, value)| (place(value), at)).collect();
    let mut fresh: Vec<(usize, Value)> = Vec::new();
    for (number, row) in rows {
        let mut value = row.value();
        let before = places.get(&place(&value)).map(|at| &standing.values[*at]);
        // Documents stay with the figure that they were handed in for.
        value.evidence = before.map(|before| before.evidence.clone()).unwrap_or_default();
        match bars {
            _ if before == Some(&value) => merged.unchanged += 1,
            Some(bar) => merged.refused.push((number, vec![bar.clone()])),
            None => fresh.push((number, value)),
        }
    }
    // Only what the draft names already is named: it was looked up when it was named.
    let evidence = named(standing);
    // A row that is refused may have been what another stumbled over, so what is left is held to the form again.
    loop {
        let (content, at) = with(standing, &places, &fresh);
        let refused = refusals(&content, &at, owed, known, &evidence);
        if refused.is_empty() {
            merged.updated = fresh.iter().filter(|(_, value)| places.contains_key(&place(value))).count();
            merged.created = fresh.len() - merged.updated;
            merged.content = content;
            return merged;
        }
        fresh.retain(|(number, _)| !refused.contains_key(number));
        merged.refused.extend(refused);
    }
}

/// The documents that a content names.
pub fn named(content: &Content) -> BTreeSet<Uuid> {
    content.values.iter().flat_map(|value| value.evidence.iter().copied()).collect()
}

/// The content with these values, and which row each of its values comes from.
fn with(
    standing: &Content,
    places: &HashMap<Place, usize>,
    fresh: &[(usize, Value)],
) -> (Content, HashMap<usize, usize>) {
    let (mut content, mut rows) = (standing.clone(), HashMap::new());
    for (number, value) in fresh {
        let at = match places.get(&place(value)) {
            Some(at) => {
                content.values[*at] = value.clone();
                *at
            }
            None => {
                content.values.push(value.clone());
                content.values.len() - 1
            }
        };
        rows.insert(at, *number);
    }
    (content, rows)
}

/// What the form finds wrong, by row; pointers lead into the row. What is wrong with the rest of the draft is not the
/// rows' fault, and what is wrong with all of it is the fault of each.
fn refusals(
    content: &Content,
    rows: &HashMap<usize, usize>,
    owed: &[&Indicator],
    known: &[Indicator],
    evidence: &BTreeSet<Uuid>,
) -> HashMap<usize, Vec<Finding>> {
    let mut refused: HashMap<usize, Vec<Finding>> = HashMap::new();
    for finding in check_draft(content, owed, known, evidence) {
        let Some(inside) = finding.pointer.strip_prefix("/values/") else {
            if finding.pointer.is_empty() {
                rows.values().for_each(|number| refused.entry(*number).or_default().push(finding.clone()));
            }
            continue;
        };
        let (at, member) =
            inside.split_once('/').map_or((inside, String::new()), |(at, rest)| (at, format!("/{rest}")));
        if let Some(number) = at.parse().ok().and_then(|at: usize| rows.get(&at)) {
            refused.entry(*number).or_default().push(Finding { pointer: member, ..finding });
        }
    }
    refused
}

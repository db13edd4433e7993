//! Rows of people put into what is known of them: whom a row is about, what changes, and what cannot be. PURE.

use std::collections::BTreeMap;

use super::rows::PersonRow;
use crate::{
    db::{PersonId, UnitId},
    finding::Finding,
    text::is_visible,
    units::{Tree, UnitKind, code_among},
};

const NAME_MOST: usize = 120;
const POSITION_MOST: usize = 200;

/// What holds of a person from a day on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonState {
    pub id: PersonId,
    pub name: String,
    pub kind: String,
    pub position: Option<String>,
    pub unit: Option<UnitId>,
    /// Whether it holds by the day of the import already; of somebody registered later the first state is known.
    pub begun: bool,
}

/// What rows come to.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Merged {
    pub created: usize,
    pub updated: usize,
    pub unchanged: usize,
    /// The states to be stored.
    pub changed: Vec<PersonState>,
}

/// Whom a row is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Whom {
    Known(PersonId),
    /// By name and unit.
    New(String, Option<UnitId>),
}

/// Puts rows in place, each by its number, in the tree of the day from which they hold; `new` makes the ids of people who
/// are not known. All rows, or what is wrong with those that cannot be. A person is known by name and unit, and a row
/// that may be about two people is refused.
pub fn merge(
    known: &[PersonState],
    tree: &Tree,
    rows: &[(usize, PersonRow)],
    mut new: impl FnMut() -> PersonId,
) -> Result<Merged, Vec<(usize, Vec<Finding>)>> {
    let judged: Vec<(Placed, Vec<Finding>)> = rows.iter().map(|(_, row)| place(known, tree, row)).collect();
    let mut times: BTreeMap<&Whom, usize> = BTreeMap::new();
    for whom in judged.iter().filter_map(|(placed, _)| placed.whom.as_ref()) {
        *times.entry(whom).or_default() += 1;
    }
    let mut refused = Vec::new();
    for ((number, _), (placed, findings)) in rows.iter().zip(&judged) {
        let twice = placed.whom.as_ref().is_some_and(|whom| times[whom] > 1);
        let twice = twice.then(|| Finding::new("/name", "person_twice"));
        let found: Vec<Finding> = findings.iter().cloned().chain(twice).collect();
        if !found.is_empty() {
            refused.push((*number, found));
        }
    }
    if !refused.is_empty() {
        return Err(refused);
    }
    let mut merged = Merged::default();
    for ((_, row), (placed, _)) in rows.iter().zip(&judged) {
        let held = match &placed.whom {
            Some(Whom::Known(id)) => known.iter().find(|state| state.id == *id),
            _ => None,
        };
        let state = state(row, placed.unit, held, &mut new);
        match held {
            None => merged.created += 1,
            Some(held) if *held == state => merged.unchanged += 1,
            Some(_) => merged.updated += 1,
        }
        merged.changed.extend(Some(state).filter(|state| held != Some(state)));
    }
    Ok(merged)
}

struct Placed {
    whom: Option<Whom>,
    /// As the row says it; none where it says nothing.
    unit: Option<Option<UnitId>>,
}

/// A name for comparison: case and spaces make no difference.
fn alike(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

fn place(known: &[PersonState], tree: &Tree, row: &PersonRow) -> (Placed, Vec<Finding>) {
    let mut findings = check(row);
    let unit = match &row.unit {
        None => None,
        Some(None) => Some(None),
        Some(Some(named)) => match tree.named("/unit", named) {
            Ok(unit) => Some(Some(unit.id)),
            Err(finding) => {
                findings.push(finding);
                return (Placed { whom: None, unit: None }, findings);
            }
        },
    };
    let now = |state: &PersonState| state.unit.map(|id| tree.resolve_successor(id));
    let whom = match &row.id {
        Some(id) => match known.iter().find(|state| state.id.to_string() == *id) {
            Some(state) => Ok(Whom::Known(state.id)),
            None => Err(Finding::new("/id", "person_unknown").with("person", id)),
        },
        None => {
            let name = alike(&row.name);
            let mut same = known.iter().filter(|state| alike(&state.name) == name);
            let mut same = same.by_ref().filter(|state| unit.is_none_or(|unit| now(state) == unit));
            match (same.next(), same.next()) {
                (None, _) => Ok(Whom::New(name, unit.flatten())),
                (Some(only), None) => Ok(Whom::Known(only.id)),
                (Some(_), Some(_)) => Err(Finding::new("/name", "person_ambiguous")
                    .with("name", &row.name)
                    .with("advice_vi", "Ghi mã của người cần sửa vào cột Mã người (id). ")
                    .with("advice_en", "Give the id of the one you mean in the column Mã người (id). ")),
            }
        }
    };
    let whom = whom.map_err(|finding| findings.push(finding)).ok();
    (Placed { whom, unit }, findings)
}

fn check(row: &PersonRow) -> Vec<Finding> {
    let blank = (!row.name.chars().any(is_visible)).then(|| Finding::new("/name", "text_blank"));
    let position = row.position.as_ref().and_then(Option::as_ref);
    let found = [
        blank.or_else(|| Finding::length("/name", &row.name, 1, NAME_MOST)),
        row.kind.as_ref().and_then(|kind| Finding::length("/kind", kind, 2, 63)),
        position.and_then(|position| Finding::length("/position", position, 0, POSITION_MOST)),
    ];
    found.into_iter().flatten().collect()
}

/// The state that a row comes to.
fn state(
    row: &PersonRow,
    unit: Option<Option<UnitId>>,
    held: Option<&PersonState>,
    new: &mut impl FnMut() -> PersonId,
) -> PersonState {
    let usual = if unit.flatten().is_some() { "official" } else { "resident" };
    let Some(held) = held else {
        return PersonState {
            id: new(),
            name: row.name.trim().to_owned(),
            kind: row.kind.clone().unwrap_or_else(|| usual.to_owned()),
            position: row.position.clone().flatten(),
            unit: unit.flatten(),
            begun: true,
        };
    };
    // Written in capitals, as sheets do, it is still the name that is known.
    let name = if alike(&held.name) == alike(&row.name) { held.name.clone() } else { row.name.trim().to_owned() };
    PersonState {
        id: held.id,
        name,
        kind: row.kind.clone().unwrap_or_else(|| held.kind.clone()),
        position: row.position.clone().unwrap_or_else(|| held.position.clone()),
        unit: unit.unwrap_or(held.unit),
        begun: true,
    }
}

/// Puts the code in place of a kind's name. Kinds are those that plans name, then the usual two.
pub fn name_kind(row: &mut PersonRow, named: &[UnitKind]) -> Result<(), Finding> {
    if let Some(said) = &row.kind {
        let official = UnitKind::new("official", "Cán bộ, công chức", "Official");
        let resident = UnitKind::new("resident", "Người dân, nhân dân", "Resident");
        row.kind = Some(code_among(said, named, vec![official, resident], "/kind")?);
    }
    Ok(())
}

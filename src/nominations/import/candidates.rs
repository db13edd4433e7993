//! Whom a row of a file names as a candidate. PURE.

use super::rows::NominationRow;
use crate::{
    db::{PersonId, UnitId},
    finding::Finding,
    movements::plan::CandidateKind,
    people::Party,
    units::Tree,
};

/// A person as a row may name them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    pub id: PersonId,
    pub name: String,
    /// Their unit today.
    pub unit: Option<UnitId>,
}

fn alike(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// This sheet has no column of ids: the id stands in place of the name, unless the unit tells who is meant.
fn ambiguous(row: &NominationRow) -> Finding {
    let (vi, en) = match row.unit {
        None => (
            "Ghi đơn vị của người đó vào cột Đơn vị (unit), hoặc ghi mã người thay cho tên ở cột Tập thể, cá nhân \
             (candidate). ",
            "Give their unit in the column Đơn vị (unit), or their id in place of the name in the column Tập thể, cá \
             nhân (candidate). ",
        ),
        Some(_) => (
            "Ghi mã người thay cho tên ở cột Tập thể, cá nhân (candidate). ",
            "Give their id in place of the name in the column Tập thể, cá nhân (candidate). ",
        ),
    };
    let finding = Finding::new("/candidate", "person_ambiguous").with("name", &row.candidate);
    finding.with("advice_vi", vi).with("advice_en", en)
}

/// The candidate of a row; a name that several people bear names none of them.
pub fn find(kind: CandidateKind, tree: &Tree, people: &[Known], row: &NominationRow) -> Result<Party, Finding> {
    if kind == CandidateKind::Unit {
        return tree.named("/candidate", &row.candidate).map(|unit| Party::Unit(unit.id));
    }
    if let Some(person) = people.iter().find(|person| person.id.to_string() == row.candidate) {
        return Ok(Party::Person(person.id));
    }
    let unit = row.unit.as_ref().map(|named| tree.named("/unit", named)).transpose()?;
    let name = alike(&row.candidate);
    let mut same = people.iter().filter(|person| alike(&person.name) == name);
    let mut same = same.by_ref().filter(|person| unit.is_none_or(|unit| person.unit == Some(unit.id)));
    match (same.next(), same.next()) {
        (Some(only), None) => Ok(Party::Person(only.id)),
        (Some(_), Some(_)) => Err(ambiguous(row)),
        (None, _) => Err(Finding::new("/candidate", "person_unknown").with("person", &row.candidate)),
    }
}

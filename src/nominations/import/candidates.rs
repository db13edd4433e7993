//! Whom a row of a file names as a candidate. PURE.

use super::rows::NominationRow;
use crate::{db::UnitId, finding::Finding, movements::plan::CandidateKind, people::Party, units::Tree};

/// A person or a household as a row may name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    pub party: Party,
    pub id: String,
    /// Of a household its head's.
    pub name: String,
    /// Its unit today.
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

/// «Hộ ông Nguyễn Văn Tám» is the household of Nguyễn Văn Tám.
fn without_title(name: &str) -> &str {
    let rest = name.strip_prefix("hộ gia đình ").or_else(|| name.strip_prefix("hộ ")).unwrap_or(name);
    rest.strip_prefix("ông ").or_else(|| rest.strip_prefix("bà ")).unwrap_or(rest)
}

/// The candidate of a row; a name that several bear names none of them.
pub fn find(kind: CandidateKind, tree: &Tree, known: &[Known], row: &NominationRow) -> Result<Party, Finding> {
    if kind == CandidateKind::Unit {
        return tree.named("/candidate", &row.candidate).map(|unit| Party::Unit(unit.id));
    }
    if let Some(one) = known.iter().find(|one| one.id == row.candidate) {
        return Ok(one.party);
    }
    let unit = row.unit.as_ref().map(|named| tree.named("/unit", named)).transpose()?;
    let name = alike(&row.candidate);
    let name = if kind == CandidateKind::Household { without_title(&name) } else { &name };
    let mut same = known.iter().filter(|one| alike(&one.name) == name);
    let mut same = same.by_ref().filter(|one| unit.is_none_or(|unit| one.unit == Some(unit.id)));
    match (same.next(), same.next()) {
        (Some(only), None) => Ok(only.party),
        (Some(_), Some(_)) => Err(ambiguous(row)),
        (None, _) if kind == CandidateKind::Household => {
            Err(Finding::new("/candidate", "household_unknown").with("household", &row.candidate))
        }
        (None, _) => Err(Finding::new("/candidate", "person_unknown").with("person", &row.candidate)),
    }
}

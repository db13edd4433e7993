//! What a workbook lacks, told by the sheet and the column that were to hold it. PURE.

use super::{
    columns::{Column, Holds, Shape, Sheet},
    reading::{Reading, is_within, sheet_missing, sheet_of},
    sheets::{REST, SHEETS},
    words::choices,
};
use crate::finding::Finding;

/// What lint finds unknown everywhere when the sheet that declares it is missing.
const DECLARED: [(&str, &str); 4] = [
    ("group_unknown", "/groups"),
    ("unit_set_unknown", "/unit_sets"),
    ("field_unknown", "/fields"),
    ("person_kind_unknown", "/person_kinds"),
];

pub fn column(sheet: &Sheet, column: &Column) -> Finding {
    let (vi, en) = match sheet.shape {
        Shape::Facts => ("dòng", "line"),
        _ => ("cột", "column"),
    };
    let finding = Finding::new("", "column_absent").with("sheet", sheet.name).with("column", column.title);
    advised(finding.with("part_vi", vi).with("part_en", en), column)
}

/// A finding of the document as a reader of the workbook understands it, with its cell.
pub fn told(finding: Finding, reading: &Reading) -> (Option<String>, Finding) {
    let absent = |name: &&str| !reading.sheets.contains(name);
    let declares = DECLARED.iter().find(|(code, _)| *code == finding.code).and_then(|(_, list)| sheet_of(list));
    if let Some(name) = declares.filter(absent) {
        return (None, sheet_missing(name));
    }
    let cell = reading.places.of(&finding.pointer).map(str::to_owned);
    let by_hand = cell.as_ref().is_some_and(|cell| cell.starts_with(&format!("{REST}!")));
    let lacks = ["missing_field", "member_missing"].contains(&finding.code) && !by_hand;
    let lacks = lacks.then_some(&finding.pointer);
    let Some((known, (holds, at))) = lacks.and_then(|pointer| holder(pointer)) else { return (cell, finding) };
    if absent(&known.name) {
        return (None, sheet_missing(known.name));
    }
    match reading.places.at(&at) {
        Some(cell) => {
            let blank = Finding::new(finding.pointer, "cell_blank").with("cell", cell).with("column", holds.title);
            (Some(cell.to_owned()), advised(blank, holds))
        }
        None => (Some(known.name.to_owned()), column(known, holds)),
    }
}

/// The sheet and the column that hold a member, and the place of what they hold.
fn holder(pointer: &str) -> Option<(&'static Sheet, (&'static Column, String))> {
    let of_item = |sheet: &'static Sheet, item: &str, member: &str| {
        let column = sheet.columns.iter().find(|column| is_within(column.path, member))?;
        Some((sheet, (column, format!("{item}/{}", column.path))))
    };
    let item_of = |pointer: &str, list: &str| {
        let (index, member) = pointer.strip_prefix(list)?.strip_prefix('/')?.split_once('/')?;
        Some((format!("{list}/{index}"), member.to_owned()))
    };
    SHEETS.iter().find_map(|sheet| match sheet.shape {
        Shape::Facts => of_item(sheet, "", pointer.strip_prefix('/')?),
        Shape::List(list) if list == pointer => Some((sheet, (&sheet.columns[0], list.to_owned()))),
        Shape::List(list) => item_of(pointer, list).and_then(|(item, member)| of_item(sheet, &item, &member)),
        Shape::Within { list, member, .. } => {
            let (item, within) = item_of(pointer, list)?;
            let (item, member) = item_of(&format!("{item}/{within}"), &format!("{item}/{member}"))?;
            of_item(sheet, &item, &member)
        }
        Shape::Targets | Shape::Rest => None,
    })
}

/// How a column is filled in: the words to choose from, else the example.
fn advised(finding: Finding, column: &Column) -> Finding {
    let (vi, en) = match column.holds {
        Holds::Word(list) | Holds::WordOrCode(list) if !choices(list).is_empty() => {
            let words = choices(list).join("; ");
            (format!(": {words}"), format!(": {words}"))
        }
        Holds::Flag => (": Có hoặc Không".to_owned(), ": Có (yes) or Không (no)".to_owned()),
        _ if column.example.is_empty() => Default::default(),
        _ => {
            let example = column.example.replace('\n', "; ");
            (format!(", ví dụ {example}"), format!(", {example} for instance"))
        }
    };
    finding.with("advice_vi", vi).with("advice_en", en)
}

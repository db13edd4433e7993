//! What is read of a plan's workbook: the document so far, where each part of it stands, and what is wrong. PURE.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{
    columns::{Holds, Shape, Sheet},
    rest::{self, Misplaced},
    sheets::SHEETS,
    words::{self, Refused, choices},
};
use crate::{
    finding::Finding,
    tables::{
        Page, address,
        cells::{Cell, says_percent, text},
    },
};

/// What a workbook says.
#[derive(Debug, PartialEq)]
pub struct Reading {
    pub document: Value,
    pub places: Places,
    pub findings: Vec<Finding>,
    /// The cells of targets and floors with their pointers and places: what their indicators are is known at the end.
    figures: Vec<(String, String, Cell)>,
    /// The sheets that the workbook has.
    pub sheets: Vec<&'static str>,
}

impl Default for Reading {
    fn default() -> Self {
        Self {
            document: json!({}),
            places: Places::default(),
            findings: Vec::new(),
            figures: Vec::new(),
            sheets: Vec::new(),
        }
    }
}

/// Where each part of the document stands, by its JSON Pointer: `Chỉ tiêu!D7`.
#[derive(Debug, Default, PartialEq)]
pub struct Places(BTreeMap<String, String>);

impl Places {
    pub fn note(&mut self, pointer: &str, cell: &str) {
        self.0.entry(pointer.to_owned()).or_insert_with(|| cell.to_owned());
    }

    /// The cell of a part itself.
    pub fn at(&self, pointer: &str) -> Option<&str> {
        self.0.get(pointer).map(String::as_str)
    }

    /// The cell of a part, or of the nearest around it; the sheet of what stands nowhere yet.
    pub fn of(&self, pointer: &str) -> Option<&str> {
        let mut at = pointer;
        while !at.is_empty() {
            let within = || {
                let (first, inside) = self.0.range(format!("{at}/")..).next()?;
                first.starts_with(&format!("{at}/")).then_some(inside)
            };
            if let Some(cell) = self.0.get(at).or_else(within) {
                return Some(cell);
            }
            at = at.rsplit_once('/').map_or("", |(above, _)| above);
        }
        let fact = |sheet: &&Sheet| match sheet.shape {
            Shape::Facts => sheet.columns.iter().any(|column| is_within(&format!("/{}", column.path), pointer)),
            Shape::List(list) => is_within(list, pointer),
            _ => false,
        };
        SHEETS.iter().find(fact).map(|sheet| sheet.name)
    }
}

pub fn is_within(place: &str, above: &str) -> bool {
    place.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The sheet whose lines are the items of a list.
pub fn sheet_of(list: &str) -> Option<&'static str> {
    SHEETS.iter().find(|sheet| matches!(sheet.shape, Shape::List(known) if known == list)).map(|sheet| sheet.name)
}

pub fn sheet_missing(name: &str) -> Finding {
    Finding::new("", "sheet_missing").with("sheet", name)
}

/// A cell's place in the workbook.
pub fn place(sheet: &str, column: usize, line: usize) -> String {
    format!("{sheet}!{}", address(column, line))
}

impl Reading {
    pub fn refuse(&mut self, pointer: &str, (code, list): Refused, at: &str, cell: &Cell) {
        let finding = Finding::new(pointer, code).with("cell", at).with("content", cell.quoted());
        let finding = finding.with("advice_vi", "").with("advice_en", "");
        self.findings.push(match list {
            Some(list) => finding.with("known", choices(list).join("; ")),
            None => finding,
        });
    }

    /// A code that leads to no item of a list: where the whole sheet is missing, that is told once.
    pub fn unknown_code(&mut self, list: &str, at: &str, cell: &Cell) {
        match sheet_of(list).filter(|sheet| !self.sheets.contains(sheet)) {
            Some(sheet) => self.findings.push(sheet_missing(sheet)),
            None => self.refuse(list, ("cell_code_unknown", None), at, cell),
        }
    }

    /// Tells of a column without a heading, if anything stands in it below a line.
    pub fn without_heading(&mut self, page: &Page, (at, head): (usize, usize), below: usize, advice: (&str, &str)) {
        let says =
            |(line, cells): &&(usize, Vec<Cell>)| *line > below && cells.get(at).is_some_and(|cell| !cell.is_blank());
        if let Some((line, _)) = page.lines.iter().find(says) {
            let finding = Finding::new("", "heading_missing").with("cell", place(&page.name, at, head));
            let finding = finding.with("first", address(at, *line)).with("advice_vi", advice.0);
            self.findings.push(finding.with("advice_en", advice.1));
        }
    }

    /// Reads a cell into its place of the document.
    pub fn cell(&mut self, pointer: &str, holds: Holds, cell: &Cell, at: &str) {
        self.places.note(pointer, at);
        if holds == Holds::Figure {
            self.figures.push((pointer.to_owned(), at.to_owned(), cell.clone()));
        }
        match words::read(holds, cell) {
            Ok(None) => {}
            Ok(Some(value)) => self.put(pointer, value, at, cell),
            Err(refused) => self.refuse(pointer, refused, at, cell),
        }
    }

    /// What the cells of targets say against their indicators: parts of a hundred of what is counted, or nothing.
    pub fn check_figures(&mut self) {
        for (pointer, at, cell) in std::mem::take(&mut self.figures) {
            let indicator = pointer.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
            let kind = self.document.pointer(&format!("{indicator}/kind")).and_then(Value::as_str);
            if says_percent(&cell) && matches!(kind, Some("count" | "rank")) {
                self.refuse(&pointer, ("cell_percent", None), &at, &cell);
            }
            let target = pointer.strip_suffix("/value").filter(|target| target.ends_with("/target"));
            let target = target.filter(|_| cell.is_blank()).and_then(|target| self.document.pointer(target));
            if target.and_then(Value::as_object).is_some_and(|members| !members.contains_key("value")) {
                self.findings.push(Finding::warning(&pointer, "target_blank").with("cell", at));
            }
        }
    }

    pub fn put(&mut self, pointer: &str, value: Value, at: &str, cell: &Cell) {
        match rest::put(&mut self.document, pointer, value) {
            Ok(()) => {}
            Err(Misplaced::Said) => self.refuse(pointer, ("said_twice", None), at, cell),
            Err(Misplaced::Nowhere) => self.refuse(pointer, ("rest_place_unknown", None), at, cell),
        }
    }

    /// The index of the item whose code a cell holds.
    pub fn index(&self, list: &str, cell: &Cell) -> Option<usize> {
        let code = text(cell).ok().flatten()?;
        self.document.pointer(list)?.as_array()?.iter().position(|item| item["code"] == code.as_str())
    }

    /// A new item of a list, which is made where it does not stand yet; its pointer.
    pub fn append(&mut self, list: &str, at: &str) -> String {
        // What another sheet says in place of the list stays, and the items are told as said twice.
        drop(rest::put(&mut self.document, list, json!([])));
        let mut length = 0;
        if let Some(Value::Array(items)) = self.document.pointer_mut(list) {
            length = items.len();
            items.push(Value::Object(Map::new()));
        }
        let pointer = format!("{list}/{length}");
        self.places.note(&pointer, at);
        pointer
    }
}

//! A plan's document written as the sheets of a workbook: a column takes the members that it can hold, the last sheet
//! what no column holds. What is written reads back as the same document. PURE.

use std::{collections::BTreeMap, iter};

use serde_json::{Value, json};

use super::{
    columns::{Column, Shape, Sheet},
    read::read,
    rest::{self, Stands},
    sheets::{REST, SHEETS},
    targets,
    words::written,
};
use crate::tables::{Page, cells::Cell};

/// How often a list or a member was left out of the sheet that could hold it, by its pointer.
type LeftOut = BTreeMap<String, u8>;

/// The sheets of a document, each with its headings.
pub fn pages(document: &Value) -> Vec<Page> {
    // What would read back as something else goes to the next sheet that can hold it, and to the last as a whole.
    let mut left_out = LeftOut::new();
    loop {
        let mut pages: Vec<Page> = SHEETS.iter().map(|sheet| page(sheet, document, &left_out)).collect();
        let read = read(&pages).map_or_else(|| json!({}), |reading| reading.document);
        let rest = rest::differences(&read, document);
        let mut again = false;
        for rest in rest.iter().filter(|rest| rest.stands != Stands::Nothing) {
            let times = left_out.entry(rest.pointer.clone()).or_default();
            again |= *times < 2;
            *times += 1;
        }
        if !again {
            let page = pages.iter_mut().find(|page| page.name == REST);
            page.into_iter().for_each(|page| page.lines.extend(numbered(rest::lines(&rest), 2)));
            return pages;
        }
    }
}

fn numbered(lines: Vec<Vec<Cell>>, from: usize) -> impl Iterator<Item = (usize, Vec<Cell>)> {
    lines.into_iter().enumerate().map(move |(at, cells)| (from + at, cells))
}

fn page(sheet: &Sheet, document: &Value, left_out: &LeftOut) -> Page {
    let title = |column: &Column| Cell::Text(column.title.to_owned());
    let titles = || sheet.columns.iter().map(title);
    let items = Items { document, left_out };
    let row = |pointer: String| sheet.columns.iter().map(move |column| items.cell(&pointer, column));
    let lines: Vec<Vec<Cell>> = match sheet.shape {
        Shape::Facts => {
            let head = ["Mục", "Nội dung", "Cách ghi"].map(|title| Cell::Text(title.to_owned())).to_vec();
            let fact = |column: &Column| vec![title(column), items.cell("", column), Cell::Text(column.guide())];
            iter::once(head).chain(sheet.columns.iter().map(fact)).collect()
        }
        Shape::List(list) => {
            let rows = (0..items.count(list)).map(|index| row(format!("{list}/{index}")).collect());
            iter::once(titles().collect()).chain(rows).collect()
        }
        Shape::Within { list, member, parent } => {
            let mut lines = vec![iter::once(title(&parent)).chain(titles()).collect()];
            for index in 0..items.count(list) {
                let within = format!("{list}/{index}/{member}");
                let key = items.cell(&format!("{list}/{index}"), &Column { path: "code", ..parent });
                if !matches!(key, Cell::Text(_)) || !items.is_first_of_its_code(list, index) {
                    continue;
                }
                let count = if member == "targets" { items.targets(&within) } else { items.count(&within) };
                lines.extend(
                    (0..count).map(|at| iter::once(key.clone()).chain(row(format!("{within}/{at}"))).collect()),
                );
            }
            lines
        }
        Shape::Targets => targets::lines(document, |pointer| items.times(pointer) > 0),
        Shape::Rest => vec![titles().collect()],
    };
    Page { name: sheet.name.to_owned(), lines: numbered(lines, 1).collect() }
}

/// What of a document a sheet may show.
#[derive(Clone, Copy)]
struct Items<'a> {
    document: &'a Value,
    left_out: &'a LeftOut,
}

impl Items<'_> {
    fn times(&self, pointer: &str) -> u8 {
        self.left_out.get(pointer).copied().unwrap_or_default()
    }

    fn cell(&self, item: &str, column: &Column) -> Cell {
        let pointer = format!("{item}/{}", column.path);
        let value = self.document.pointer(&pointer).filter(|_| self.times(&pointer) == 0);
        value.and_then(|value| written(column.holds, value)).unwrap_or_default()
    }

    /// Whether an item's code leads to it: of several with one code to the first.
    fn is_first_of_its_code(&self, list: &str, index: usize) -> bool {
        let items = self.document.pointer(list).and_then(Value::as_array);
        items.is_some_and(|items| targets::is_first_of_its_code(items, index))
    }

    /// How many items a list has.
    fn count(&self, list: &str) -> usize {
        let items = self.document.pointer(list).and_then(Value::as_array);
        items.filter(|_| self.times(list) == 0).map_or(0, Vec::len)
    }

    /// How many targets an indicator has that the table of targets does not hold.
    fn targets(&self, list: &str) -> usize {
        let items = self.document.pointer(list).and_then(Value::as_array);
        let here = |items: &&Vec<Value>| self.times(list) == 1 || self.times(list) == 0 && !targets::fit(items);
        items.filter(here).map_or(0, Vec::len)
    }
}

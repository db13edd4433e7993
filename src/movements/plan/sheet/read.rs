//! A plan's workbook read as a document: what each cell says is put at its place, and what is wrong is told with the
//! cell. Whether the document is a sound plan is for lint to say. PURE.

use super::{
    columns::{Column, Shape, Sheet},
    missing,
    reading::{Reading, place},
    rest,
    sheets::{REST, SHEETS},
    targets,
};
use crate::{
    finding::Finding,
    tables::{
        Page,
        cells::{Cell, text},
    },
    text::folded,
};

/// Lines among which the headings are looked for.
const LINES_BEFORE: usize = 20;
/// Headings of columns, and names of sheets, that say nothing to a program (folded).
const ASIDE: [&str; 5] = ["stt", "tt", "so thu tu", "ghi chu", "huong dan"];

/// None where no sheet is one of a plan's.
pub fn read(pages: &[Page]) -> Option<Reading> {
    let mut reading = Reading::default();
    let is_it = |page: &&Page, sheet: &Sheet| folded(&page.name) == folded(sheet.name);
    for sheet in SHEETS {
        let Some(page) = pages.iter().find(|page| is_it(page, sheet)) else { continue };
        reading.sheets.push(sheet.name);
        match sheet.shape {
            Shape::Facts => reading.facts(sheet, page),
            Shape::List(list) => reading.list(sheet, page, list),
            Shape::Within { list, member, parent } => reading.within(sheet, page, (list, member, &parent)),
            Shape::Targets => targets::read(sheet, page, &mut reading),
            Shape::Rest => reading.rest(page),
        }
    }
    reading.check_figures();
    let known = |page: &&Page| SHEETS.iter().any(|sheet| is_it(page, sheet));
    let is_aside = |page: &&Page| ASIDE.contains(&folded(&page.name).as_str()) || page.lines.is_empty();
    for page in pages.iter().filter(|page| !known(page) && !is_aside(page)) {
        let names: Vec<&str> = SHEETS.iter().map(|sheet| sheet.name).collect();
        let finding = Finding::warning("", "sheet_unknown").with("sheet", &page.name);
        reading.findings.push(finding.with("known", names.join(", ")).with("cell", place(&page.name, 0, 1)));
    }
    pages.iter().any(|page| known(&page)).then_some(reading)
}

/// The heading of a cell, folded.
fn title(cell: &Cell) -> Option<String> {
    text(cell).ok().flatten().map(|said| folded(&said))
}

fn is_called(column: &Column, title: &str) -> bool {
    let names = [column.title, column.path].into_iter().chain(column.others.iter().copied());
    names.map(folded).any(|name| !name.is_empty() && name == title)
}

/// The line of headings, and the columns that they name with their places.
type Headings<'a> = (usize, Vec<(usize, &'a Column)>);

impl Reading {
    /// Lines of a name and its content.
    fn facts(&mut self, sheet: &Sheet, page: &Page) {
        let mut seen: Vec<&str> = Vec::new();
        for (line, cells) in &page.lines {
            let (cell, at) = (cells.get(1).unwrap_or(&Cell::Blank), place(page.name.as_str(), 1, *line));
            let Some(name) = cells.first().and_then(title) else {
                if !cell.is_blank() {
                    self.refuse("", ("cell_missing", None), &place(&page.name, 0, *line), &Cell::Blank);
                }
                continue;
            };
            match sheet.columns.iter().find(|column| is_called(column, &name)) {
                Some(column) if seen.contains(&column.path) => {
                    self.findings.push(Finding::new("", "column_twice").with("column", column.title).with("cell", at));
                }
                Some(column) => {
                    seen.push(column.path);
                    self.cell(&format!("/{}", column.path), column.holds, cell, &at);
                }
                None if cell.is_blank() || ["muc", "noi dung"].contains(&name.as_str()) => {}
                None => self.unknown_column(sheet.columns.iter(), (cells[0].quoted(), place(&page.name, 0, *line))),
            }
        }
    }

    fn unknown_column<'a>(&mut self, known: impl Iterator<Item = &'a Column>, (heading, at): (String, String)) {
        let known: Vec<&str> = known.map(|column| column.title).collect();
        let finding = Finding::new("", "column_unknown").with("column", heading).with("known", known.join(", "));
        self.findings.push(finding.with("cell", at));
    }

    /// The headings of a table; what is wrong with them is told.
    fn headings<'a>(&mut self, page: &Page, columns: &[&'a Column]) -> Option<Headings<'a>> {
        let find = |cell: &Cell| title(cell).and_then(|name| columns.iter().find(|column| is_called(column, &name)));
        let needed = columns.len().min(2);
        let is_head = |(_, cells): &&(usize, Vec<Cell>)| cells.iter().filter_map(find).count() >= needed;
        let Some((line, cells)) = page.lines.iter().take_while(|(line, _)| *line <= LINES_BEFORE).find(is_head) else {
            if !page.lines.is_empty() {
                let titles: Vec<&str> = columns.iter().map(|column| column.title).collect();
                let finding = Finding::new("", "columns_missing").with("columns", titles.join(", "));
                let finding = finding.with("advice_vi", "").with("advice_en", "");
                self.findings.push(finding.with("cell", place(&page.name, 0, 1)));
            }
            return None;
        };
        let mut found: Vec<(usize, &Column)> = Vec::new();
        let width = page.lines.iter().map(|(_, cells)| cells.len()).max().unwrap_or_default();
        for at in 0..width {
            let cell = cells.get(at).unwrap_or(&Cell::Blank);
            let Some(name) = title(cell) else {
                self.without_heading(page, (at, *line), *line, ("", ""));
                continue;
            };
            match columns.iter().find(|column| is_called(column, &name)) {
                Some(column) if found.iter().any(|(_, other)| other.path == column.path) => {
                    let finding = Finding::new("", "column_twice").with("column", column.title);
                    self.findings.push(finding.with("cell", place(&page.name, at, *line)));
                }
                Some(column) => found.push((at, column)),
                None if ASIDE.contains(&name.as_str()) => {}
                None => self.unknown_column(columns.iter().copied(), (cell.quoted(), place(&page.name, at, *line))),
            }
        }
        Some((*line, found))
    }

    /// Lines that are items of a list.
    fn list(&mut self, sheet: &Sheet, page: &Page, list: &str) {
        let columns: Vec<&Column> = sheet.columns.iter().collect();
        let Some((head, found)) = self.headings(page, &columns) else { return };
        self.places.note(list, &place(&page.name, found[0].0, head + 1));
        for (line, cells) in page.lines.iter().filter(|(line, _)| *line > head) {
            self.item(list, page, (*line, cells), &found);
        }
    }

    /// Lines that are items of a member of another list's items.
    fn within(&mut self, sheet: &Sheet, page: &Page, (list, member, parent): (&str, &str, &Column)) {
        let columns: Vec<&Column> = std::iter::once(parent).chain(sheet.columns).collect();
        let Some((head, mut found)) = self.headings(page, &columns) else { return };
        let key = found.iter().position(|(_, column)| column.path.is_empty()).map(|at| found.remove(at).0);
        let Some(key) = key else {
            self.findings.push(missing::column(sheet, parent).with("cell", sheet.name));
            return;
        };
        for (line, cells) in page.lines.iter().filter(|(line, _)| *line > head) {
            let (cell, at) = (cells.get(key).unwrap_or(&Cell::Blank), place(&page.name, key, *line));
            let says = found.iter().any(|(at, _)| cells.get(*at).is_some_and(|cell| !cell.is_blank()));
            if cell.is_blank() && !says {
                continue;
            }
            match self.index(list, cell) {
                Some(index) => self.item(&format!("{list}/{index}/{member}"), page, (*line, cells), &found),
                None if cell.is_blank() => self.refuse("", ("cell_missing", None), &at, cell),
                None => self.unknown_code(list, &at, cell),
            }
        }
    }

    fn item(&mut self, list: &str, page: &Page, (line, cells): (usize, &[Cell]), found: &[(usize, &Column)]) {
        if found.iter().all(|(at, _)| cells.get(*at).is_none_or(Cell::is_blank)) {
            return;
        }
        let pointer = self.append(list, &place(&page.name, found[0].0, line));
        for (at, column) in found {
            let cell = cells.get(*at).unwrap_or(&Cell::Blank);
            self.cell(&format!("{pointer}/{}", column.path), column.holds, cell, &place(&page.name, *at, line));
        }
    }

    fn rest(&mut self, page: &Page) {
        for (line, cells) in &page.lines {
            let first = cells.first().unwrap_or(&Cell::Blank);
            let at = place(REST, 0, *line);
            if title(first).is_some_and(|name| name == "cho") || cells.iter().all(Cell::is_blank) {
                continue;
            }
            match rest::row(cells) {
                (Some(place), Some(value)) => match rest::pointer(&self.document, &place) {
                    Some(pointer) => {
                        self.places.note(&pointer, &at);
                        self.put(&pointer, value, &at, first);
                    }
                    None => self.refuse("", ("rest_place_unknown", None), &at, first),
                },
                (None, _) => self.refuse("", ("rest_place_unknown", None), &at, first),
                (_, None) => {
                    let cell = cells.get(1).unwrap_or(&Cell::Blank);
                    self.refuse("", ("rest_not_json", None), &place(REST, 1, *line), cell);
                }
            }
        }
    }
}

//! The table of targets: a line is a unit, a set or the whole; a column an indicator, with a period or up to one. PURE.

use serde_json::{Value, json};

use super::{
    columns::{Holds, Sheet},
    reading::{Reading, place},
    words,
};
use crate::{
    finding::Finding,
    tables::{
        Page,
        cells::{Cell, decimal, text},
    },
    text::folded,
};

/// Words before a period up to which a target counts from the movement's beginning.
const THROUGH: &str = "đến ";
/// Words for all units together: the first is written. A blank would look the same as a forgotten code.
const WHOLE: [&str; 5] = ["Toàn xã", "Toàn phường", "Toàn đặc khu", "Cả xã", "Cả phường"];
/// Members of an entry that the table holds.
const MEMBERS: [&str; 5] = ["unit", "set", "period", "through", "value"];

/// A column: the indicator's place in the list, and the member that dates its entries, with the period.
struct Column {
    at: usize,
    indicator: usize,
    dated: Option<(&'static str, Value)>,
}

pub fn read(sheet: &Sheet, page: &Page, reading: &mut Reading) {
    let is_key = |cell: &Cell, key: usize| {
        let said = text(cell).ok().flatten().map(|said| folded(&said));
        let column = &sheet.columns[key];
        said.is_some_and(|said| column.others.iter().chain([&column.title]).any(|name| folded(name) == said))
    };
    let find = |cells: &[Cell], key: usize| cells.iter().position(|cell| is_key(cell, key));
    let head = page.lines.iter().position(|(_, cells)| find(cells, 0).is_some());
    let Some((head, (number, titles))) = head.map(|head| (head, &page.lines[head])) else {
        if !page.lines.is_empty() {
            let finding = Finding::new("", "columns_missing").with("columns", "Đơn vị, Cụm");
            let finding = finding.with("advice_vi", "").with("advice_en", "");
            reading.findings.push(finding.with("cell", place(&page.name, 0, 1)));
        }
        return;
    };
    let keys = [find(titles, 0), find(titles, 1)];
    // The periods stand right below the codes, and nothing on the left of them.
    let left = |cells: &[Cell]| {
        keys.iter()
            .flatten()
            .all(|at| cells.get(*at).is_none_or(|cell| cell.is_blank() || is_key(cell, 0) || is_key(cell, 1)))
    };
    let dates = page.lines.get(head + 1).filter(|(line, cells)| {
        *line == number + 1 && left(cells) && cells.iter().any(|cell| dated(cell).is_some() && !is_figure(cell))
    });
    let columns = columns((page, *number, titles), dates, &keys, reading);
    let last = dates.map_or(*number, |(line, _)| *line);
    for (line, cells) in page.lines.iter().filter(|(line, _)| *line > last) {
        let says = |at: usize| cells.get(at).is_some_and(|cell| !cell.is_blank());
        let said: Vec<&Column> = columns.iter().filter(|column| says(column.at)).collect();
        if !said.is_empty() && !keys.iter().flatten().any(|at| says(*at)) {
            let finding = Finding::new("", "cell_missing").with("cell", place(&page.name, keys[0].unwrap_or(0), *line));
            let finding = finding.with("advice_vi", ": mã đơn vị, hoặc Toàn xã nếu giao chung");
            reading.findings.push(finding.with("advice_en", ": the unit's code, or Toàn xã for all units together"));
            continue;
        }
        said.into_iter().for_each(|column| entry(page, (*line, cells), &keys, column, reading));
    }
}

/// Whether a cell is a number that is no year: below a code such a number is a target, whose unit is forgotten.
fn is_figure(cell: &Cell) -> bool {
    let said = text(cell).ok().flatten().unwrap_or_default();
    let is_year = said.len() == 4 && ["19", "20"].iter().any(|century| said.starts_with(century));
    let is_day = matches!(cell, Cell::Date(_) | Cell::Month(_));
    !is_year && !is_day && !matches!(decimal(cell), Ok(None) | Err("cell_not_number"))
}

fn is_whole(said: &str) -> bool {
    WHOLE.iter().any(|word| folded(word) == folded(said))
}

fn columns(
    (page, number, titles): (&Page, usize, &[Cell]),
    dates: Option<&(usize, Vec<Cell>)>,
    keys: &[Option<usize>; 2],
    reading: &mut Reading,
) -> Vec<Column> {
    let from = dates.map_or(number, |(line, _)| *line);
    let width = page.lines.iter().map(|(_, cells)| cells.len()).max().unwrap_or_default();
    let (mut columns, mut last) = (Vec::new(), (&Cell::Blank, 0));
    for at in (0..width).filter(|at| !keys.contains(&Some(*at))) {
        let date = dates.and_then(|(_, cells)| cells.get(at)).unwrap_or(&Cell::Blank);
        match titles.get(at).filter(|cell| !cell.is_blank()) {
            Some(own) => last = (own, at),
            // Codes are merged over their periods.
            None if !date.is_blank() && !last.0.is_blank() => {}
            None => {
                let advice = (" (mã chỉ tiêu)", " (the indicator's code)");
                reading.without_heading(page, (at, number), from, advice);
                continue;
            }
        }
        match reading.index("/indicators", last.0) {
            Some(indicator) => columns.push(Column { at, indicator, dated: dated(date) }),
            None if columns.iter().all(|column: &Column| column.at < last.1) && at == last.1 => {
                reading.unknown_code("/indicators", &place(&page.name, at, number), last.0);
            }
            None => {}
        }
    }
    columns
}

/// What a heading says of time: `2026-Q1`, `đến 2026-Q2`.
fn dated(cell: &Cell) -> Option<(&'static str, Value)> {
    let value = words::read(Holds::Period, cell).ok()??;
    let through = value.as_str()?.to_lowercase().starts_with(THROUGH);
    match through {
        true => Some(("through", json!(value.as_str()?[THROUGH.len()..].trim()))),
        false => Some(("period", value)),
    }
}

fn entry(
    page: &Page,
    (line, cells): (usize, &[Cell]),
    keys: &[Option<usize>; 2],
    column: &Column,
    reading: &mut Reading,
) {
    let at = place(&page.name, column.at, line);
    let pointer = reading.append(&format!("/indicators/{}/targets", column.indicator), &at);
    let key = |at: usize| keys[at].and_then(|at| cells.get(at)).unwrap_or(&Cell::Blank);
    let whole = key(1).is_blank() && text(key(0)).ok().flatten().is_some_and(|said| is_whole(&said));
    for (key, member) in keys.iter().zip(["unit", "set"]) {
        if let Some(key) = key.filter(|_| !whole) {
            let cell = cells.get(key).unwrap_or(&Cell::Blank);
            reading.cell(&format!("{pointer}/{member}"), Holds::Text, cell, &place(&page.name, key, line));
        }
    }
    if let Some((member, period)) = &column.dated {
        drop(super::rest::put(&mut reading.document, &format!("{pointer}/{member}"), period.clone()));
    }
    reading.cell(&format!("{pointer}/value"), Holds::Figure, &cells[column.at], &at);
}

/// The lines of the table, headings first; what does not fit into it is left out.
pub fn lines(document: &Value, is_left_out: impl Fn(&str) -> bool) -> Vec<Vec<Cell>> {
    let none = Vec::new();
    let indicators = document["indicators"].as_array().filter(|_| !is_left_out("/indicators")).unwrap_or(&none);
    let mut rows: Vec<[Option<&str>; 2]> = Vec::new();
    let mut columns: Vec<(&str, Cell)> = Vec::new();
    let mut cells: Vec<((usize, usize), Cell)> = Vec::new();
    for (index, indicator) in indicators.iter().enumerate() {
        let entries = indicator["targets"].as_array().filter(|_| !is_left_out(&format!("/indicators/{index}/targets")));
        let read = entries.and_then(|entries| entries.iter().map(fits).collect::<Option<Vec<_>>>());
        let named = indicator["code"].as_str().filter(|_| words::written(Holds::Text, &indicator["code"]).is_some());
        let named = named.filter(|_| is_first_of_its_code(indicators, index));
        let (Some(entries), Some(code)) = (read, named) else { continue };
        for (row, date, value) in entries {
            let column = (code, date);
            let line = rows.iter().position(|known| *known == row).unwrap_or(rows.len());
            let at = columns.iter().position(|known| *known == column).unwrap_or(columns.len());
            if line == rows.len() {
                rows.push(row);
            }
            if at == columns.len() {
                columns.push(column);
            }
            cells.push(((line, at), value));
        }
    }
    let blank = || Cell::Blank;
    let said = |text: Option<&str>| text.map_or_else(blank, |text| Cell::Text(text.to_owned()));
    let head = ["Đơn vị", "Cụm"].map(|title| Cell::Text(title.to_owned())).into_iter();
    let codes = columns.iter().map(|(code, _)| Cell::Text((*code).to_owned()));
    let mut lines = vec![head.chain(codes).collect::<Vec<Cell>>()];
    if columns.iter().any(|(_, date)| !date.is_blank()) {
        lines.push([blank(), blank()].into_iter().chain(columns.iter().map(|(_, date)| date.clone())).collect());
    }
    let from = lines.len();
    lines.extend(
        rows.iter()
            .map(|row| [row[0].or(row[1].is_none().then_some(WHOLE[0])), row[1]])
            .map(|row| row.map(said).into_iter().chain(columns.iter().map(|_| blank())).collect()),
    );
    for ((line, at), cell) in cells {
        lines[from + line][at + 2] = cell;
    }
    lines
}

/// Whether an item's code is a text that leads to it: of several with one code to the first.
pub fn is_first_of_its_code(items: &[Value], index: usize) -> bool {
    let code = items[index]["code"].as_str();
    code.is_some() && items.iter().position(|item| item["code"].as_str() == code) == Some(index)
}

/// Whether the table can hold all entries of an indicator.
pub fn fit(entries: &[Value]) -> bool {
    entries.iter().all(|entry| fits(entry).is_some())
}

/// Whose target an entry is, its date as a heading, and its cell.
type Fitting<'a> = ([Option<&'a str>; 2], Cell, Cell);

fn fits(entry: &Value) -> Option<Fitting<'_>> {
    let members = entry.as_object()?;
    let text = |name: &str| members.get(name).map(|value| value.as_str().ok_or(())).transpose().ok();
    members.keys().all(|name| MEMBERS.contains(&name.as_str())).then_some(())?;
    let date = match (text("period")?, text("through")?) {
        (None, None) => Cell::Blank,
        (Some(period), None) => Cell::Text(period.to_owned()),
        (None, Some(period)) => Cell::Text(format!("{THROUGH}{period}")),
        _ => return None,
    };
    let row = [text("unit")?, text("set")?];
    let plain = |text: &&str| words::written(Holds::Text, &json!(text)).is_some();
    let kept = row.iter().flatten().all(plain)
        && words::is_kept(&date)
        && (date.is_blank() || !is_figure(&date))
        && !row[0].is_some_and(is_whole);
    let value = words::written(Holds::Figure, members.get("value")?)?;
    kept.then_some((row, date, value))
}

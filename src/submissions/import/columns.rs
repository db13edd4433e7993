//! Which column of a sheet holds what: headings in Vietnamese or as the API names them. PURE.

use super::cells::{self, Cell};
use crate::{finding::Finding, text::folded};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    Period,
    Unit,
    Indicator,
    Field,
    State,
    Numerator,
    Denominator,
    Count,
    Level,
    Value,
    Rank,
    Population,
    Estimated,
    Explanation,
}

/// The columns in the order of forms and exports: name in the API, heading, and how else people write it (folded).
pub const COLUMNS: [(Column, &str, &str, &[&str]); 14] = {
    use Column::*;
    [
        (Period, "period", "Kỳ báo cáo", &["ky", "thang", "ky so lieu", "ma ky"]),
        (Unit, "unit", "Mã đơn vị", &["don vi"]),
        (Indicator, "indicator", "Mã chỉ tiêu", &["chi tieu"]),
        (Field, "field", "Lĩnh vực", &["ma linh vuc"]),
        (State, "state", "Trạng thái", &["tinh trang"]),
        (Numerator, "numerator", "Tử số", &[]),
        (Denominator, "denominator", "Mẫu số", &[]),
        (Count, "count", "Số lượng", &["so dem"]),
        (Level, "level", "Mức độ", &["muc"]),
        (Value, "value", "Giá trị", &["chi so"]),
        (Rank, "rank", "Thứ hạng", &["xep hang", "hang"]),
        (Population, "population", "Trong tổng số", &["tong so xep hang"]),
        (Estimated, "estimated", "Ước thực hiện", &["uoc"]),
        (Explanation, "explanation", "Giải trình", &["thuyet minh"]),
    ]
};

/// Columns that people put beside and that say nothing to us (folded).
const BESIDE: [&str; 12] = [
    "stt",
    "so thu tu",
    "tt",
    "ten don vi",
    "ten chi tieu",
    "noi dung chi tieu",
    "ten linh vuc",
    "don vi tinh",
    "muc tieu",
    "ghi chu",
    "nguoi lap",
    "nguoi lap bieu",
];

/// The name of a column in the API.
pub fn name(column: Column) -> &'static str {
    COLUMNS.iter().find(|(known, ..)| *known == column).map_or("", |(_, name, ..)| name)
}

fn known(heading: &str) -> Option<Column> {
    let heading = folded(heading);
    let found = COLUMNS
        .iter()
        .find(|(_, name, title, others)| heading == *name || heading == folded(title) || others.contains(&&*heading));
    found.map(|(column, ..)| *column)
}

/// Where each column stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Headings {
    at: Vec<(Column, usize)>,
}

impl Headings {
    /// Whether a row of cells is one of headings: those without which no row means anything are among them.
    pub fn stand_in(cells: &[Cell]) -> bool {
        let found: Vec<Column> = cells.iter().filter_map(title).filter_map(|title| known(&title)).collect();
        [Column::Period, Column::Unit, Column::Indicator].iter().all(|column| found.contains(column))
    }

    /// Reads a row of headings; what it does not know it does not pass over.
    pub fn of(cells: &[Cell]) -> Result<Self, Vec<Finding>> {
        let (mut at, mut findings): (Vec<(Column, usize)>, _) = (Vec::new(), Vec::new());
        for (place, title) in cells.iter().enumerate().filter_map(|(place, cell)| Some((place, title(cell)?))) {
            match known(&title) {
                Some(column) if at.iter().any(|(other, _)| *other == column) => {
                    findings.push(Finding::new("", "column_twice").with("column", title));
                }
                Some(column) => at.push((column, place)),
                None if BESIDE.contains(&&*folded(&title)) => {}
                None => findings.push(Finding::new("", "column_unknown").with("column", title)),
            }
        }
        if !Self::stand_in(cells) {
            findings.push(Finding::new("", "columns_missing"));
        }
        if findings.is_empty() { Ok(Self { at }) } else { Err(findings) }
    }

    /// The cell of a column in a row.
    pub fn cell<'a>(&self, cells: &'a [Cell], column: Column) -> &'a Cell {
        let place = self.at.iter().find(|(known, _)| *known == column).map(|(_, place)| *place);
        place.and_then(|place| cells.get(place)).unwrap_or(&Cell::Blank)
    }
}

fn title(cell: &Cell) -> Option<String> {
    cells::text(cell).ok().flatten()
}

/// Whether a line of text looks like one of headings, whatever stands between them.
pub fn names_columns(line: &str) -> bool {
    let cells: Vec<Cell> =
        line.split(['\t', ';', ',']).map(|heading| Cell::of_text(heading.trim().trim_matches('"'))).collect();
    Headings::stand_in(&cells)
}

//! Tables: those that only place their cells, and lists with rules and headings that each page repeats. PURE.

use std::fmt::Write;

use super::xml::{Align as Side, Set, paragraph};
use crate::documents::paper::{Align, Column, Table};

/// Text of lists.
const SIZE: u32 = 24;

/// A cell: the columns it takes, what is merged down, its content.
pub struct Cell {
    pub span: usize,
    pub down: Option<Down>,
    pub middle: bool,
    pub content: String,
}

#[derive(Clone, Copy, PartialEq)]
pub enum Down {
    Begins,
    Continues,
}

impl Cell {
    pub fn of(content: String) -> Self {
        Self { span: 1, down: None, middle: false, content }
    }
}

/// One row over columns of these widths, in twentieths of a point; it never breaks over a page.
fn row(cells: &[Cell], widths: &[u32], is_heading: bool) -> String {
    let mut out = String::from("<w:tr><w:trPr><w:cantSplit/>");
    out.push_str(if is_heading { "<w:tblHeader/></w:trPr>" } else { "</w:trPr>" });
    let mut at = 0;
    for cell in cells {
        let width: u32 = widths[at..at + cell.span].iter().sum();
        at += cell.span;
        let _ = write!(out, r#"<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>"#);
        if cell.span > 1 {
            let _ = write!(out, r#"<w:gridSpan w:val="{}"/>"#, cell.span);
        }
        out.push_str(match cell.down {
            Some(Down::Begins) => r#"<w:vMerge w:val="restart"/>"#,
            Some(Down::Continues) => "<w:vMerge/>",
            None => "",
        });
        out.push_str(if cell.middle { r#"<w:vAlign w:val="center"/></w:tcPr>"# } else { "</w:tcPr>" });
        let _ = write!(out, "{}</w:tc>", cell.content);
    }
    out + "</w:tr>"
}

fn table(widths: &[u32], properties: &str, rows: &str) -> String {
    let total: u32 = widths.iter().sum();
    let grid: String = widths.iter().map(|width| format!(r#"<w:gridCol w:w="{width}"/>"#)).collect();
    format!(
        r#"<w:tbl><w:tblPr><w:tblW w:w="{total}" w:type="dxa"/>{properties}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"#
    )
}

fn margins(side: u32) -> String {
    format!(
        r#"<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="{side}" w:type="dxa"/><w:right w:w="{side}" w:type="dxa"/></w:tblCellMar>"#
    )
}

/// Cells side by side without rules.
pub fn placed(widths: &[u32], rows: Vec<Vec<Cell>>) -> String {
    let rows: String = rows.iter().map(|cells| row(cells, widths, false)).collect();
    table(widths, &format!(r#"<w:tblInd w:w="0" w:type="dxa"/>{}"#, margins(0)), &rows)
}

/// A list with rules, as wide as `across`.
pub fn list(of: &Table, across: u32) -> String {
    const SIDE: u32 = 70;
    let widths = widths(&of.columns, across);
    let rule = |name: &str| format!(r#"<w:{name} w:val="single" w:sz="4" w:space="0" w:color="000000"/>"#);
    let rules: String = ["top", "left", "bottom", "right", "insideH", "insideV"].into_iter().map(rule).collect();
    // The rules stand on the frame of the text, as its first and last letters do.
    let properties =
        format!(r#"<w:tblInd w:w="0" w:type="dxa"/><w:tblBorders>{rules}</w:tblBorders>{}"#, margins(SIDE));
    let mut rows: String = headings(&of.columns).iter().map(|cells| row(cells, &widths, true)).collect();
    for texts in &of.rows {
        let cells: Vec<Cell> =
            of.columns.iter().zip(texts).map(|(column, text)| Cell::of(body(column, text))).collect();
        rows.push_str(&row(&cells, &widths, false));
    }
    table(&widths, &properties, &rows)
}

/// Widths that add up to the whole, the last column taking what the division leaves.
fn widths(columns: &[Column], across: u32) -> Vec<u32> {
    let parts: u32 = columns.iter().map(|column| column.width).sum::<u32>().max(1);
    let mut widths: Vec<u32> = columns.iter().map(|column| across * column.width / parts).collect();
    let rest = across - widths.iter().sum::<u32>();
    if let Some(last) = widths.last_mut() {
        *last += rest;
    }
    widths
}

fn body(column: &Column, text: &str) -> String {
    let align = match column.align {
        Align::Left => Side::Left,
        Align::Center => Side::Center,
        Align::Right => Side::Right,
    };
    paragraph(Set { align, ..Set::sized(SIZE).spaced(40, 40) }, text)
}

/// The rows of headings: one, or two where columns stand under a heading in common.
fn headings(columns: &[Column]) -> Vec<Vec<Cell>> {
    let title = |text: &str| paragraph(Set::centred(SIZE).bold().spaced(40, 40).kept(true), text);
    let cell = |text: &str, span: usize, down: Option<Down>| Cell { span, down, middle: true, content: title(text) };
    if columns.iter().all(|column| column.under.is_none()) {
        return vec![columns.iter().map(|column| cell(&column.title, 1, None)).collect()];
    }
    let (mut upper, mut lower) = (Vec::new(), Vec::new());
    for group in columns.chunk_by(|a, b| a.under.is_some() && a.under == b.under) {
        match &group[0].under {
            Some(above) => {
                upper.push(cell(above, group.len(), None));
                lower.extend(group.iter().map(|column| cell(&column.title, 1, None)));
            }
            None => {
                upper.push(cell(&group[0].title, 1, Some(Down::Begins)));
                lower.push(cell("", 1, Some(Down::Continues)));
            }
        }
    }
    vec![upper, lower]
}

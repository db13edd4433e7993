//! Tables: those that only place their cells, and lists with rules and headings that each page repeats. PURE.

use docx_rs::{
    AlignmentType, Paragraph, TableBorder, TableBorderPosition, TableBorders, TableCell, TableCellMargins,
    TableLayoutType, TableRow, VAlignType, VMergeType, WidthType,
};

use super::text::{Set, paragraph};
use crate::documents::paper::{Align, Column, Table};

/// Text of lists.
const SIZE: u32 = 24;
/// Height of a row that is a heading, in twentieths of a point: the mark by which `finish` makes it one.
const HEADING: f32 = 1.0;

pub fn cell(content: impl IntoIterator<Item = Paragraph>) -> TableCell {
    content.into_iter().fold(TableCell::new(), TableCell::add_paragraph)
}

/// Cells side by side without rules.
pub fn placed(widths: &[u32], rows: Vec<Vec<TableCell>>) -> docx_rs::Table {
    let wide = |cells: Vec<TableCell>| row(cells.into_iter().zip(widths).map(|(cell, width)| sized(cell, *width)));
    fixed(docx_rs::Table::without_borders(rows.into_iter().map(wide).collect()), widths, 0)
}

/// A list with rules, as wide as `across`.
pub fn list(of: &Table, across: u32) -> docx_rs::Table {
    use TableBorderPosition::{Bottom, InsideH, InsideV, Left, Right, Top};
    let widths = widths(&of.columns, across);
    let rules = [Top, Left, Bottom, Right, InsideH, InsideV].map(|side| TableBorder::new(side).size(4));
    let rules = rules.into_iter().fold(TableBorders::with_empty(), TableBorders::set);
    let body = of.rows.iter().map(|texts| {
        let cells = of.columns.iter().zip(texts).zip(&widths);
        row(cells.map(|((column, text), width)| sized(cell([body(column, text)]), *width)))
    });
    let rows = headings(&of.columns, &widths).into_iter().chain(body).collect();
    // The rules stand on the frame of the text, as its first and last letters do.
    fixed(docx_rs::Table::new(rows), &widths, 70).set_borders(rules)
}

/// Columns of these widths in twentieths of a point, whatever stands in them; `side` left and right of a cell's text.
fn fixed(table: docx_rs::Table, widths: &[u32], side: usize) -> docx_rs::Table {
    table
        .set_grid(widths.iter().map(|width| *width as usize).collect())
        .width(widths.iter().sum::<u32>() as usize, WidthType::Dxa)
        .indent(0)
        .layout(TableLayoutType::Fixed)
        .margins(TableCellMargins::new().margin(0, side, 0, side))
}

/// A row that never breaks over a page.
fn row(cells: impl Iterator<Item = TableCell>) -> TableRow {
    TableRow::new(cells.collect()).cant_split()
}

fn sized(cell: TableCell, width: u32) -> TableCell {
    cell.width(width as usize, WidthType::Dxa)
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

fn body(column: &Column, text: &str) -> Paragraph {
    let align = match column.align {
        Align::Left => AlignmentType::Left,
        Align::Center => AlignmentType::Center,
        Align::Right => AlignmentType::Right,
    };
    paragraph(Set { align, ..Set::sized(SIZE).spaced(40, 40) }, text)
}

/// The rows of headings: one, or two where columns stand under a heading in common.
fn headings(columns: &[Column], widths: &[u32]) -> Vec<TableRow> {
    let set = Set::centred(SIZE).bold().spaced(40, 40).kept(true);
    let title = |text: &str, width: u32| sized(cell([paragraph(set, text)]), width).vertical_align(VAlignType::Center);
    let (mut upper, mut lower, mut rest) = (Vec::new(), Vec::new(), widths);
    for group in columns.chunk_by(|a, b| a.under.is_some() && a.under == b.under) {
        let (own, others) = rest.split_at(group.len());
        rest = others;
        match &group[0].under {
            Some(above) => {
                upper.push(title(above, own.iter().sum()).grid_span(group.len()));
                lower.extend(group.iter().zip(own).map(|(column, width)| title(&column.title, *width)));
            }
            None => {
                upper.push(title(&group[0].title, own[0]).vertical_merge(VMergeType::Restart));
                lower.push(title("", own[0]).vertical_merge(VMergeType::Continue));
            }
        }
    }
    if columns.iter().all(|column| column.under.is_none()) {
        let titles = columns.iter().zip(widths).map(|(column, width)| title(&column.title, *width));
        return vec![row(titles).row_height(HEADING)];
    }
    [upper, lower].map(|cells| row(cells.into_iter()).row_height(HEADING)).into()
}

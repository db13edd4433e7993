//! The end of a paper: who signs, who receives it. PURE.

use super::{
    parts::{Parts, at, is_capital, nowhere},
    read::{Document, Paragraph},
};
use crate::finding::Finding;

/// Academic titles, as they are written before a name.
const ACADEMIC: [&str; 13] =
    ["GS.", "PGS.", "TS.", "TS ", "ThS.", "ThS ", "CN.", "KS.", "BS.", "Tiến sĩ", "Thạc sĩ", "Giáo sư", "Cử nhân"];

pub fn closing(document: &Document, parts: &Parts) -> Vec<Finding> {
    let mut findings = Vec::new();
    let Some(table) = parts.closing else { return vec![nowhere("form_signature").with("text", "–")] };
    findings.extend(signatures(document, parts, table));
    findings.extend(alone(document, table));
    findings.extend(recipients(document, parts));
    findings
}

/// In each cell but that of the recipients: bold, 13–14; the lines before the last, which is the name, in capitals.
fn signatures(document: &Document, parts: &Parts, table: usize) -> Vec<Finding> {
    let recipients = parts.recipients.and_then(|at| document.paragraphs[at].cell);
    let shown = (0..document.paragraphs.len()).filter(|at| {
        let paragraph = &document.paragraphs[*at];
        paragraph.cell.is_some_and(|cell| cell.table == table) && paragraph.cell != recipients && !paragraph.is_empty()
    });
    let shown: Vec<usize> = shown.collect();
    if shown.is_empty() {
        return vec![nowhere("form_signature").with("text", "–")];
    }
    let mut findings = Vec::new();
    for cell in shown.chunk_by(|a, b| document.paragraphs[*a].cell == document.paragraphs[*b].cell) {
        let (name, titles) = cell.split_last().expect("a chunk holds something");
        let is_set = |paragraph: &Paragraph| paragraph.is_sized(13, 14) && paragraph.all(|look| look.is_bold());
        let wrong = titles.iter().find(|place| {
            let paragraph = &document.paragraphs[**place];
            !is_set(paragraph) || !is_capital(&paragraph.text())
        });
        let text = document.paragraphs[*name].text();
        let is_named = titles.is_empty()
            || is_set(&document.paragraphs[*name]) && !ACADEMIC.iter().any(|title| text.starts_with(title));
        findings
            .extend(wrong.copied().or((!is_named).then_some(*name)).map(|place| at(document, place, "form_signature")));
    }
    findings
}

/// No row of the signature breaks over a page, and the last paragraph of the text stays with it.
fn alone(document: &Document, table: usize) -> Option<Finding> {
    let first =
        document.paragraphs.iter().position(|paragraph| paragraph.cell.is_some_and(|cell| cell.table == table))?;
    let before = document.paragraphs[..first].iter().rev();
    let text = before.take_while(|paragraph| paragraph.cell.is_none());
    // Empty lines between must hold on as well.
    let mut held = text.take_while(|paragraph| paragraph.placed.keep_next == Some(true));
    let holds = held.any(|paragraph| !paragraph.is_empty());
    let splits = document.tables[table].rows.iter().any(|row| row.splits);
    (!holds || splits).then(|| at(document, first, "form_signature_alone"))
}

/// «Nơi nhận:» 12, bold, italic; its lines 11, each with «-» and «;», the last «Lưu: VT, ….».
fn recipients(document: &Document, parts: &Parts) -> Option<Finding> {
    let Some(label) = parts.recipients else { return Some(nowhere("form_recipients").with("text", "–")) };
    let paragraph = &document.paragraphs[label];
    let is_set = paragraph.is_sized(12, 12) && paragraph.all(|look| look.is_bold() && look.is_italic());
    let last = parts.listed.last().copied();
    let is_line = |place: &usize| {
        let (line, is_last) = (&document.paragraphs[*place], Some(*place) == last);
        let text = line.text();
        let ends = if is_last { text.starts_with("- Lưu: VT") && text.ends_with('.') } else { text.ends_with(';') };
        line.is_sized(11, 11) && ends
    };
    let wrong = parts.listed.iter().find(|place| !is_line(place)).copied();
    (!is_set || last.is_none() || wrong.is_some()).then(|| at(document, wrong.unwrap_or(label), "form_recipients"))
}

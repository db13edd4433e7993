//! What a paper says: addressees, legal bases, articles, running text and its end. PURE.

use super::{
    parts::{Parts, at, is_capital, nowhere},
    read::{Document, Paragraph},
};
use crate::finding::Finding;

/// 1 cm and 1,27 cm, in twentieths of a point, and what they may differ by.
const FIRST_LINES: [i64; 2] = [567, 720];
const ALMOST: i64 = 6;
/// 6 pt.
const BETWEEN: i64 = 120;
/// Papers that go up to somebody.
const UPWARD: [&str; 2] = ["TỜ TRÌNH", "BÁO CÁO"];
const DECISION: &str = "QUYẾT ĐỊNH";

pub fn main_text(document: &Document, parts: &Parts) -> Vec<Finding> {
    let mut findings = Vec::new();
    let title = parts.title.map(|at| document.paragraphs[at].text()).unwrap_or_default();
    if UPWARD.contains(&title.as_str()) && parts.addressees.is_empty() {
        findings.push(nowhere("form_addressee"));
    }
    if title == DECISION {
        findings.extend(decision(document, parts));
    }
    findings.extend(bases(document, parts));
    findings.extend(articles(document, parts));
    findings.extend(running(document, parts));
    findings.extend(end(document, parts));
    findings
}

/// The authority in bold capitals above the bases, and «QUYẾT ĐỊNH:» below them.
fn decision(document: &Document, parts: &Parts) -> Option<Finding> {
    let is_set = |place: Option<usize>| {
        place.is_some_and(|place| {
            let paragraph = &document.paragraphs[place];
            let is_middle = paragraph.placed.align() == "center";
            is_capital(&paragraph.text())
                && paragraph.all(|look| look.is_bold())
                && is_middle
                && paragraph.is_sized(13, 14)
        })
    };
    (!is_set(parts.authority) || !is_set(parts.resolves)).then(|| nowhere("form_authority"))
}

/// Italic, a line each, «;» at their ends and «.» at the last one's.
fn bases(document: &Document, parts: &Parts) -> Vec<Finding> {
    let last = parts.bases.len().saturating_sub(1);
    let is_wrong = |(order, place): &(usize, &usize)| {
        let paragraph = &document.paragraphs[**place];
        let mark = if *order == last { '.' } else { ';' };
        let is_set = paragraph.all(|look| look.is_italic()) && paragraph.is_sized(13, 14);
        !paragraph.text().ends_with(mark) || !is_set
    };
    parts.bases.iter().enumerate().filter(is_wrong).map(|(_, place)| at(document, *place, "form_bases")).collect()
}

/// «Điều 1.» in bold, numbered through.
fn articles(document: &Document, parts: &Parts) -> Vec<Finding> {
    let is_wrong = |(order, place): &(usize, &usize)| {
        let paragraph = &document.paragraphs[**place];
        let label = format!("Điều {}.", order + 1);
        let bold: String =
            paragraph.runs.iter().take_while(|run| run.look.is_bold()).map(|run| run.text.as_str()).collect();
        !bold.starts_with(&label)
    };
    parts.articles.iter().enumerate().filter(is_wrong).map(|(_, place)| at(document, *place, "form_article")).collect()
}

/// 13–14, justified, first line 1 or 1,27 cm in, 6 pt between paragraphs. A heading is bold and need not fill its line.
fn running(document: &Document, parts: &Parts) -> Vec<Finding> {
    let is_heading = |paragraph: &Paragraph| paragraph.all(|look| look.is_bold());
    let is_indented = |paragraph: &Paragraph| {
        let first = paragraph.placed.first.unwrap_or_default();
        FIRST_LINES.iter().any(|right| (first - right).abs() <= ALMOST)
    };
    let is_apart = |place: usize| {
        let after = document.paragraphs[place].placed.after.unwrap_or_default();
        let next = document.paragraphs.get(place + 1).filter(|next| next.cell.is_none());
        after + next.and_then(|next| next.placed.before).unwrap_or_default() >= BETWEEN
    };
    let is_wrong = |place: usize, between: bool| {
        let paragraph = &document.paragraphs[place];
        let is_filled = paragraph.placed.align() == "both" || is_heading(paragraph);
        !paragraph.is_sized(13, 14) || !is_filled || !is_indented(paragraph) || between && !is_apart(place)
    };
    let last = parts.body.last().copied();
    let all = parts.bases.iter().chain(&parts.body);
    all.filter(|place| is_wrong(**place, Some(**place) != last))
        .map(|place| at(document, *place, "form_body"))
        .collect()
}

fn end(document: &Document, parts: &Parts) -> Option<Finding> {
    let Some(last) = parts.body.last() else { return Some(nowhere("form_end").with("text", "–")) };
    (!document.paragraphs[*last].text().ends_with("./.")).then(|| at(document, *last, "form_end"))
}

//! Giấy khen: A4 landscape, the type in red, decision and golden book at the bottom left. PURE.

use super::{
    parts::{at, is_capital, nowhere},
    read::Document,
};
use crate::finding::Finding;

pub const TITLE: &str = "GIẤY KHEN";

/// The first title of a certificate, which is what makes a document one.
pub fn title(document: &Document) -> Option<usize> {
    let is_turned = document.sections.first().is_some_and(|section| section.wide > section.high);
    let titled = |place: &usize| document.paragraphs[*place].text() == TITLE;
    (0..document.paragraphs.len()).find(titled).filter(|_| is_turned)
}

/// Whether a colour is red: mostly so.
fn is_red(colour: &str) -> bool {
    let part = |at: usize| colour.get(at..at + 2).and_then(|hex| u8::from_str_radix(hex, 16).ok()).unwrap_or_default();
    part(0) >= 0xa0 && part(2) < 0x60 && part(4) < 0x60
}

pub fn certificate(document: &Document) -> Vec<Finding> {
    let mut findings = Vec::new();
    let said: Vec<String> = document.paragraphs.iter().map(|paragraph| paragraph.text()).collect();
    for place in (0..said.len()).filter(|place| said[*place] == TITLE) {
        let paragraph = &document.paragraphs[place];
        let is_set = paragraph.all(|look| look.is_bold() && is_red(look.colour())) && is_capital(&said[place]);
        let section = |at: &usize| document.paragraphs[*at].section == paragraph.section;
        let refers = (0..said.len()).filter(section).any(|at| {
            let paragraph = &document.paragraphs[at];
            let is_marked = paragraph.all(|look| look.is_bold() && look.is_italic());
            said[at].starts_with("Quyết định số") && is_marked && paragraph.cell.is_some_and(|cell| cell.column == 0)
        });
        let is_dated = (0..said.len()).filter(section).any(|at| super::head::is_day(&said[at]));
        if !is_set || !refers || !is_dated {
            findings.push(at(document, place, "form_certificate"));
        }
    }
    if findings.is_empty() && !said.iter().any(|text| text == TITLE) {
        findings.push(nowhere("form_certificate"));
    }
    findings
}

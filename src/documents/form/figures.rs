//! Whether every figure of a document is one of its values, or of its wording. PURE.

use std::collections::BTreeSet;

use super::{parts::at, read::Document};
use crate::{
    documents::{docx, fill, paper::Paper, template::Template, template::Values},
    finding::Finding,
};

/// Figures of a text: digits with the points, commas and slashes between them.
fn figures(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut so_far = String::new();
    for c in text.chars().chain([' ']) {
        if c.is_ascii_digit() || matches!(c, '.' | ',' | '/') && !so_far.is_empty() {
            so_far.push(c);
        } else if !so_far.is_empty() {
            found.insert(so_far.trim_end_matches(['.', ',', '/']).to_owned());
            so_far.clear();
        }
    }
    found
}

/// What a document says beside what its values make it say: the paper is written anew from them, and the figures of each
/// paragraph are looked up in it.
pub fn foreign(document: &Document, template: &Template, values: &Values) -> Result<Vec<Finding>, Vec<Finding>> {
    let paper: Paper = fill(template, values)?;
    let right = docx(&paper).ok().and_then(|bytes| Document::read(&bytes)).unwrap_or_default();
    let known: BTreeSet<String> = right.paragraphs.iter().flat_map(|paragraph| figures(&paragraph.text())).collect();
    let foreign = (0..document.paragraphs.len()).filter_map(|place| {
        let said = figures(&document.paragraphs[place].text());
        let figure = said.difference(&known).next()?.clone();
        Some(at(document, place, "form_figure").with("found", figure))
    });
    Ok(foreign.collect())
}

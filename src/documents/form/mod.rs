//! The checker of the form (Nghị định 30/2020/NĐ-CP, Phụ lục I): reads a document (.docx) and, where they are given, the
//! lines of its pages, and says where they leave the form. It knows nothing of how this service writes papers. PURE.

mod certificate;
mod closing;
mod figures;
mod head;
mod layout;
mod main_text;
mod pages;
mod parts;
mod read;
mod styles;
mod tree;

use self::{
    parts::{Parts, nowhere},
    read::Document,
};
use crate::{
    documents::template::{Template, Values},
    finding::Finding,
};

pub use layout::check_layout;

/// Everything in which a document leaves the form, from top to bottom; with the wording and the values of the paper, also
/// figures that are none of theirs.
pub fn check(bytes: &[u8], said: Option<(&Template, &Values)>) -> Vec<Finding> {
    let Some(document) = Document::read(bytes) else { return vec![nowhere("form_unreadable")] };
    let (parts, certificate) = (Parts::of(&document), certificate::title(&document));
    let mut findings = pages::paper(&document, certificate.is_some());
    if certificate.is_some() {
        findings.extend(pages::faces(&document, certificate::TITLE));
        findings.extend(head::nation(&document, &parts, false));
        findings.extend(certificate::certificate(&document));
    } else {
        findings.extend(pages::margins(&document));
        findings.extend(pages::faces(&document, ""));
        findings.extend(head::head(&document, &parts));
        findings.extend(main_text::main_text(&document, &parts));
        findings.extend(closing::closing(&document, &parts));
        findings.extend(pages::numbers(&document));
        findings.extend(pages::headings(&document));
        findings.extend(pages::appendices(&document, &parts));
    }
    if let Some((template, values)) = said {
        match figures::foreign(&document, template, values) {
            Ok(foreign) | Err(foreign) => findings.extend(foreign),
        }
    }
    findings
}

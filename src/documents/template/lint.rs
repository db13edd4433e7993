//! What is wrong with a wording, before anything is filled in. PURE.

use std::collections::BTreeSet;

use super::{
    fields::{Field, Holds, fields},
    model::{Piece, Template},
    text::{CAPITALS, IN_WORDS, ORDINAL, Part, parts},
    walk::{Name, Text, Walk},
};
use crate::{documents::paper::PaperKind, finding::Finding};

const COLUMNS_MOST: usize = 12;
const TEXT_MOST: usize = 5000;

/// All findings of a wording; none, and it can be filled.
pub fn lint(template: &Template) -> Vec<Finding> {
    let (known, walk) = (fields(template.paper), Walk::of(template));
    let mut findings = structure(template);
    let mut used = BTreeSet::new();
    for name in &walk.names {
        used.insert(name.name);
        findings.extend(named(name, known));
    }
    for text in &walk.texts {
        findings.extend(Finding::length(text.pointer.clone(), text.text, 0, TEXT_MOST));
        match parts(text.text) {
            None => findings.push(Finding::new(text.pointer.clone(), "template_braces")),
            Some(parts) => {
                for part in parts {
                    if let Part::Value { name, form } = part {
                        used.insert(name);
                        findings.extend(value(text, name, form, known));
                    }
                }
            }
        }
    }
    let missing = known.iter().filter(|field| field.required && !used.contains(field.name));
    findings.extend(missing.map(|field| {
        let finding = Finding::new("", "template_placeholder_missing").with("name", field.name);
        finding.with("about_vi", field.about.0).with("about_en", field.about.1)
    }));
    findings
}

fn named(name: &Name, known: &[Field]) -> Option<Finding> {
    let (pointer, is_list) = (name.pointer.clone(), name.is_list);
    let fits = |field: &&Field| !is_list || matches!(field.holds, Holds::Rows(_));
    let suits = |field: &Field| field.name == name.name;
    let code = if is_list { "template_list_unknown" } else { "template_placeholder_unknown" };
    let names = known.iter().filter(fits).map(|field| field.name);
    let is_member = name.within.and_then(|list| members(list, known)).is_some_and(|them| them.contains(&name.name));
    (!is_member && !known.iter().filter(fits).any(suits))
        .then(|| Finding::new(pointer, code).with("name", name.name).suggesting(name.name, names))
}

/// The members of a list's rows.
fn members(list: &str, known: &[Field]) -> Option<&'static [&'static str]> {
    known.iter().find_map(|field| match field.holds {
        Holds::Rows(members) if field.name == list => Some(members),
        _ => None,
    })
}

fn value(text: &Text, name: &str, form: Option<&str>, known: &[Field]) -> Option<Finding> {
    let finding = |code| Finding::new(text.pointer.clone(), code).with("name", name);
    let members = text.each.and_then(|list| members(list, known));
    let field = known.iter().find(|field| field.name == name && !matches!(field.holds, Holds::Rows(_)));
    let is_member = members.is_some_and(|members| name == ORDINAL || members.contains(&name));
    if !is_member && field.is_none() {
        let plain = known.iter().filter(|field| !matches!(field.holds, Holds::Rows(_))).map(|field| field.name);
        let names = plain.chain(members.into_iter().flatten().copied());
        return Some(finding("template_placeholder_unknown").suggesting(name, names));
    }
    let is_day = !is_member && field.is_some_and(|field| field.holds == Holds::Day);
    let is_form = |form: &str| form == CAPITALS || form == IN_WORDS && is_day;
    (!form.is_none_or(is_form)).then(|| finding("template_form_unknown").with("form", form.unwrap_or_default()))
}

/// Which parts a paper has, and pieces that are one thing each.
fn structure(template: &Template) -> Vec<Finding> {
    let mut findings = Vec::new();
    let missing = |pointer: &str| Finding::new(pointer, "template_part_missing").with("part", &pointer[1..]);
    if template.type_name.is_empty() {
        findings.push(missing("/type_name"));
    }
    if template.place_and_date.is_empty() {
        findings.push(missing("/place_and_date"));
    }
    if template.signatures.is_empty() {
        findings.push(missing("/signatures"));
    }
    if template.paper == PaperKind::GiayKhen {
        findings.extend(template.certificate.is_none().then(|| missing("/certificate")));
    } else {
        let parts = [
            ("/issuer", template.issuer.is_empty()),
            ("/number", template.number.is_empty()),
            ("/summary", template.summary.is_empty()),
            ("/body", template.body.is_empty()),
            ("/recipients", template.recipients.is_empty()),
        ];
        findings.extend(parts.into_iter().filter(|(_, is_empty)| *is_empty).map(|(pointer, _)| missing(pointer)));
        let foreign = template.certificate.is_some();
        findings
            .extend(foreign.then(|| Finding::new("/certificate", "template_part_foreign").with("part", "certificate")));
        // «./.» ends the last text.
        if template.body.last().is_some_and(|piece| piece.table.is_some() || piece.heading.is_some()) {
            findings.push(Finding::new(format!("/body/{}", template.body.len() - 1), "template_ends_without_text"));
        }
    }
    findings.extend(pieces("/body", &template.body));
    for (at, annex) in template.appendices.iter().enumerate() {
        findings.extend(pieces(&format!("/appendices/{at}/body"), &annex.body));
    }
    findings
}

fn pieces(under: &str, pieces: &[Piece]) -> Vec<Finding> {
    let check = |(at, piece): (usize, &Piece)| {
        let texts = [&piece.text, &piece.heading, &piece.article].into_iter().filter(|text| text.is_some()).count();
        let things = texts + usize::from(piece.table.is_some());
        if things != 1 || piece.each.is_some() && piece.table.is_some() {
            return Some(Finding::new(format!("{under}/{at}"), "template_piece"));
        }
        let columns = &piece.table.as_ref()?.columns;
        let fits = (1..=COLUMNS_MOST).contains(&columns.len()) && columns.iter().all(|c| (1..=1000).contains(&c.width));
        (!fits)
            .then(|| Finding::new(format!("{under}/{at}/table/columns"), "template_columns").with("most", COLUMNS_MOST))
    };
    pieces.iter().enumerate().filter_map(check).collect()
}

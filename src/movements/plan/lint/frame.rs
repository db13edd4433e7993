//! The frame of a plan: code, document, span, clauses, fields and kinds. PURE.

use chrono::NaiveDate;

use super::checks::{codes, text, well_formed, words};
use crate::{
    finding::Finding,
    movements::plan::{Plan, Reading, Span},
};

/// Emulation movements run with five-year plans at the longest; more is a slip of the pen.
const LONGEST_YEARS: u32 = 10;

pub(super) fn check(plan: &Plan, out: &mut Vec<Finding>) {
    movement_code("/code", &plan.code, out);
    plan.template.iter().for_each(|template| movement_code("/template", template, out));
    plan.continues.iter().for_each(|earlier| movement_code("/continues", earlier, out));
    if plan.continues.as_ref() == Some(&plan.code) {
        out.push(Finding::new("/continues", "continues_itself").with("code", &plan.code));
    }
    text("/title", &plan.title, out);
    document(plan, out);
    span("/span", &plan.span, out);
    for (i, clause) in plan.clauses.iter().enumerate() {
        words(format!("/clauses/{i}/section"), &clause.section, out);
        text(&format!("/clauses/{i}/text"), &clause.text, out);
    }
    codes("/fields", "/code", plan.fields.iter().map(|field| field.code.as_str()), out);
    codes("/unit_kinds", "/code", plan.unit_kinds.iter().map(|kind| kind.code.as_str()), out);
    codes("/person_kinds", "/code", plan.person_kinds.iter().map(|kind| kind.code.as_str()), out);
    let fields = plan.fields.iter().map(|field| &field.name).enumerate().map(|named| ("fields", named));
    let units = plan.unit_kinds.iter().map(|kind| &kind.name).enumerate().map(|named| ("unit_kinds", named));
    let persons = plan.person_kinds.iter().map(|kind| &kind.name).enumerate().map(|named| ("person_kinds", named));
    for (list, (i, name)) in fields.chain(units).chain(persons) {
        text(&format!("/{list}/{i}/name"), name, out);
    }
}

/// A movement's code is part of every path below it: lower case, digits and hyphens, 2 to 63 of them.
fn movement_code(pointer: &str, code: &str, out: &mut Vec<Finding>) {
    let lower = code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if !well_formed(code) || !lower || code.len() < 2 {
        out.push(Finding::new(pointer, "movement_code_malformed").with("code", code));
    }
}

fn document(plan: &Plan, out: &mut Vec<Finding>) {
    let document = &plan.document;
    words("/document/issuer", &document.issuer, out);
    let issued_on = &document.issued_on;
    match issued_on.value.parse::<NaiveDate>() {
        Err(_) if issued_on.certain => {
            out.push(Finding::new("/document/issued_on/value", "date_malformed").with("value", &issued_on.value));
        }
        Ok(day) if day > plan.span.to => out.push(
            Finding::warning("/document/issued_on/value", "issued_after_span")
                .with("day", day)
                .with("to", plan.span.to),
        ),
        _ => {}
    }
    doubtful("/document/number", &document.number, out);
    doubtful("/document/issued_on", issued_on, out);
    for (i, basis) in document.bases.iter().enumerate() {
        words(format!("/document/bases/{i}/number"), &basis.number, out);
    }
}

/// A fact that the scan does not show clearly wants an official's confirmation.
fn doubtful(pointer: &str, reading: &Reading, out: &mut Vec<Finding>) {
    if !reading.certain {
        out.push(Finding::warning(pointer, "fact_uncertain").with("value", &reading.value));
    }
}

pub(super) fn span(pointer: &str, span: &Span, out: &mut Vec<Finding>) {
    if span.to < span.from {
        out.push(Finding::new(pointer, "span_reversed").with("from", span.from).with("to", span.to));
    } else if span.to.years_since(span.from).is_some_and(|years| years >= LONGEST_YEARS) {
        out.push(Finding::new(pointer, "span_too_long").with("years", LONGEST_YEARS));
    }
}

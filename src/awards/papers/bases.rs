//! Căn cứ: the texts that a paper rests on, as it cites them. PURE.

use chrono::NaiveDate;

use crate::{
    documents::in_words,
    finding::Finding,
    law::{Basis, Law},
    movements::plan::{Document, sheet::document_kind},
};

/// What the law's types of papers are called.
const KINDS: [(&str, &str); 7] = [
    ("nghi_dinh", "Nghị định"),
    ("thong_tu", "Thông tư"),
    ("quyet_dinh", "Quyết định"),
    ("ke_hoach", "Kế hoạch"),
    ("nghi_quyet", "Nghị quyết"),
    ("chi_thi", "Chỉ thị"),
    ("huong_dan", "Hướng dẫn"),
];
/// The sign of a type in the number of a paper (Nghị định 30/2020/NĐ-CP, Phụ lục III).
const SIGNS: [(&str, &str); 7] = [
    ("NĐ", "Nghị định"),
    ("TT", "Thông tư"),
    ("QĐ", "Quyết định"),
    ("KH", "Kế hoạch"),
    ("NQ", "Nghị quyết"),
    ("CT", "Chỉ thị"),
    ("HD", "Hướng dẫn"),
];
const OTHER: &str = "Văn bản";
/// A number or a day that the scan does not show clearly is left open, to be written by hand.
const OPEN_NUMBER: &str = "…";
const OPEN_DAY: &str = "ngày … tháng … năm …";

/// The law in force on a day, then what the plan rests on, then the plan itself.
pub fn bases(law: &Law, document: &Document, title: &str, on: NaiveDate) -> Vec<String> {
    let of_law = law.in_force(on).map(of_law);
    let cited = |number: &str| law.in_force(on).any(|basis| basis.number == number);
    let of_plan = document.bases.iter().filter(|basis| !cited(&basis.number)).map(|basis| {
        let kind = basis.number.split(['/', '-']).find_map(|sign| word(&SIGNS, sign)).unwrap_or(OTHER);
        let dated = basis.date.map(|day| format!(" {}", in_words(day))).unwrap_or_default();
        let about = basis.subject.as_ref().map(|subject| about(kind, subject)).unwrap_or_default();
        format!("{kind} số {}{dated} của {}{about}", basis.number, basis.issuer)
    });
    let number = if document.number.certain { &document.number.value } else { OPEN_NUMBER };
    let day = document.issued_on.value.parse().ok().filter(|_| document.issued_on.certain);
    let day = day.map_or_else(|| OPEN_DAY.to_owned(), in_words);
    let kind = document_kind(&document.kind);
    let plan = format!("{kind} số {number} {day} của {} về {title}", document.issuer);
    of_law.chain(of_plan).chain([plan]).collect()
}

/// What the plan rests on and the law knows as out of force on a day, for a plan that refuses it.
pub fn expired(law: &Law, document: &Document, on: NaiveDate) -> Vec<Finding> {
    let known = |number: &String| law.bases.iter().find(|basis| basis.number == *number);
    let cited = document.bases.iter().filter_map(|basis| Some(known(&basis.number)?.code.clone()));
    law.check_cited("/document/bases", &cited.collect::<Vec<_>>(), on, true)
}

fn of_law(basis: &Basis) -> String {
    let Basis { number, subject, issuer, .. } = basis;
    let dated = basis.dated.map(|day| format!(" {}", in_words(day))).unwrap_or_default();
    match basis.kind.as_str() {
        "luat" if subject.starts_with("Luật") => format!("{subject}{dated}"),
        "luat" => format!("Luật số {number}{dated} {subject}"),
        kind => format!("{} số {number}{dated} của {issuer} {subject}", word(&KINDS, kind).unwrap_or(OTHER)),
    }
}

fn about(kind: &str, subject: &str) -> String {
    match (subject.starts_with("về "), kind) {
        (true, _) => format!(" {subject}"),
        (false, "Nghị quyết" | OTHER) => format!(" về {subject}"),
        (false, _) => format!(" về việc {subject}"),
    }
}

fn word(words: &[(&str, &'static str)], code: &str) -> Option<&'static str> {
    words.iter().find(|(known, _)| *known == code).map(|(_, word)| *word)
}

//! The head of a paper: the national name and motto, the issuer, number, place and date, type and trích yếu. PURE.

use super::{
    parts::{MOTTO, NATION, Parts, at, is_capital, nowhere},
    read::Document,
};
use crate::{documents::metrics, finding::Finding};

/// How far a rule may differ from its length, in hundredths.
const ALMOST: i64 = 5;

pub fn head(document: &Document, parts: &Parts) -> Vec<Finding> {
    let mut findings = nation(document, parts, true);
    findings.extend(issuer(document, parts));
    findings.extend(number_and_day(document, parts));
    findings.extend(title(document, parts));
    findings
}

/// «CỘNG HÒA …» in capitals, 12–13, bold; the motto 13–14, bold; each on one line, a rule as long as the motto below.
/// A certificate may set them larger.
pub fn nation(document: &Document, parts: &Parts, is_letter: bool) -> Vec<Finding> {
    let mut findings = Vec::new();
    let expected = [(parts.nation, NATION, (12, 13), "form_nation"), (parts.motto, MOTTO, (13, 14), "form_motto")];
    for (place, words, (from, to), code) in expected {
        let Some(place) = place else {
            findings.push(nowhere(code).with("text", "–"));
            continue;
        };
        let paragraph = &document.paragraphs[place];
        if paragraph.text() != words
            || !paragraph.all(|look| look.is_bold())
            || is_letter && !paragraph.is_sized(from, to)
        {
            findings.push(at(document, place, code));
        }
        let long = i64::from(metrics::width(words, paragraph.size(), true));
        if paragraph.within() > 0 && long > paragraph.within() {
            findings.push(at(document, place, "form_one_line"));
        }
    }
    findings.extend(
        parts
            .motto
            .filter(|motto| !is_ruled(document, *motto, &[*motto], (100, 100)))
            .map(|motto| at(document, motto, "form_rule")),
    );
    findings
}

/// Whether a rule stands below the last of these lines, between these hundredths of the longest. A drawn line is taken
/// for right: it says no length that could be compared.
fn is_ruled(document: &Document, last: usize, lines: &[usize], (least, most): (i64, i64)) -> bool {
    let longest = lines.iter().flat_map(|line| {
        let paragraph = &document.paragraphs[*line];
        let across = u32::try_from(paragraph.within()).unwrap_or(u32::MAX);
        metrics::lines(&paragraph.text(), paragraph.size(), true, across.max(1))
    });
    let longest = i64::from(longest.max().unwrap_or_default());
    let cell = document.paragraphs[last].cell;
    let below = document.paragraphs[last..].iter().take(3).take_while(|paragraph| paragraph.cell == cell);
    let mut rules = below.filter_map(|paragraph| match (paragraph.placed.ruled, paragraph.is_drawn) {
        (Some(true), _) => Some(Some(paragraph.within())),
        (_, true) => Some(None),
        _ => None,
    });
    rules.next().is_some_and(|rule| {
        rule.is_none_or(|long| {
            let share = long * 100 / longest.max(1);
            (least - ALMOST..=most + ALMOST).contains(&share)
        })
    })
}

/// The superior body in capitals 12–13; the issuer below, bold, with a rule of a third to a half of its line.
fn issuer(document: &Document, parts: &Parts) -> Vec<Finding> {
    let Some(last) = parts.issuers.last().copied() else { return vec![nowhere("form_issuer").with("text", "–")] };
    let mut findings = Vec::new();
    let mut bold = Vec::new();
    for place in &parts.issuers {
        let paragraph = &document.paragraphs[*place];
        let is_bold = paragraph.all(|look| look.is_bold());
        if is_bold {
            bold.push(*place);
        }
        // A superior body stands above, so nothing that is not bold stands below what is.
        let out_of_order = !is_bold && (!bold.is_empty() || *place == last);
        if !is_capital(&paragraph.text()) || !paragraph.is_sized(12, 13) || out_of_order {
            findings.push(at(document, *place, "form_issuer"));
        }
    }
    if !is_ruled(document, last, &bold, (33, 50)) {
        findings.push(at(document, last, "form_rule"));
    }
    findings
}

/// «Số: 05/QĐ-UBND», 13; «Hồng Vân, ngày 05 tháng 8 năm 2025», 13–14, italic.
fn number_and_day(document: &Document, parts: &Parts) -> Vec<Finding> {
    let mut findings = Vec::new();
    match parts.number {
        None => findings.push(nowhere("form_number").with("text", "–")),
        Some(place) => {
            let paragraph = &document.paragraphs[place];
            let text = paragraph.text();
            let number = text.trim_start_matches("Số:").split('/').next().unwrap_or_default().trim();
            let is_right = !number.is_empty() && number.chars().all(|c| c.is_ascii_digit()) && number.len() > 1;
            let is_padded = number.starts_with('0') && number.len() > 2;
            if !is_right || is_padded || !text.contains('/') || !paragraph.is_sized(13, 13) {
                findings.push(at(document, place, "form_number"));
            }
        }
    }
    match parts.day {
        None => findings.push(nowhere("form_day").with("text", "–")),
        Some(place) => {
            let paragraph = &document.paragraphs[place];
            let is_set = paragraph.is_sized(13, 14) && paragraph.all(|look| look.is_italic());
            if !is_set || !is_day(&paragraph.text()) {
                findings.push(at(document, place, "form_day"));
            }
        }
    }
    findings
}

/// Whether a place and a day are written by the rule: days below 10 and the months 1 and 2 with a leading zero.
pub fn is_day(text: &str) -> bool {
    let read = || {
        let (place, rest) = text.split_once(", ngày ")?;
        let (day, rest) = rest.split_once(" tháng ")?;
        let (month, year) = rest.split_once(" năm ")?;
        let (number, year) = (day.parse::<u32>().ok()?, year.trim_end_matches('.').parse::<i32>().ok()?);
        let day_of_month = chrono::NaiveDate::from_ymd_opt(year, month.parse().ok()?, number)?;
        let right = crate::documents::paper::in_words(day_of_month);
        Some(!place.is_empty() && format!("ngày {day} tháng {month} năm {year}") == right)
    };
    read() == Some(true)
}

/// Type in capitals and trích yếu, 13–14, bold, with a rule of a third to a half of its line.
fn title(document: &Document, parts: &Parts) -> Vec<Finding> {
    let Some(title) = parts.title else { return vec![nowhere("form_title").with("text", "–")] };
    let mut findings = Vec::new();
    let is_set = |place: usize| {
        let paragraph = &document.paragraphs[place];
        let is_middle = paragraph.placed.align() == "center";
        is_middle && paragraph.is_sized(13, 14) && paragraph.all(|look| look.is_bold())
    };
    if !is_set(title) || !is_capital(&document.paragraphs[title].text()) {
        findings.push(at(document, title, "form_title"));
    }
    findings
        .extend(parts.summary.iter().filter(|place| !is_set(**place)).map(|place| at(document, *place, "form_title")));
    match parts.summary.last() {
        None => findings.push(nowhere("form_title").with("text", "–")),
        Some(last) if !is_ruled(document, *last, &parts.summary, (33, 50)) => {
            findings.push(at(document, *last, "form_rule"));
        }
        Some(_) => {}
    }
    findings
}

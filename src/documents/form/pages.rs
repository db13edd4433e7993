//! Paper and margins, faces and colours, numbers of pages, lists that repeat their headings, appendices. PURE.

use super::{
    parts::{Parts, at, nowhere},
    read::{Document, Paragraph, Section},
};
use crate::{documents::paper::roman, finding::Finding};

const FACE: &str = "Times New Roman";
const BLACK: &str = "000000";
/// A4 in twentieths of a point, and a millimetre of play for the paper.
const A4: (i64, i64) = (11_906, 16_838);
const PLAY: i64 = 57;
/// Least and most of the margins, in hundredths of a millimetre: a tenth of one is lost to rounding.
const MARGINS: [(&str, &str, i64, i64); 4] = [
    ("trên", "top", 2000, 2500),
    ("dưới", "bottom", 2000, 2500),
    ("trái", "left", 3000, 3500),
    ("phải", "right", 1500, 2000),
];
const LOST: i64 = 10;

pub fn paper(document: &Document, turned: bool) -> Vec<Finding> {
    let is_a4 = |section: &Section| {
        let near = |a: i64, b: i64| (a - b).abs() <= PLAY;
        let upright = near(section.wide, A4.0) && near(section.high, A4.1);
        let across = near(section.wide, A4.1) && near(section.high, A4.0);
        if turned { across } else { upright || across }
    };
    let wrong = document.sections.iter().enumerate().filter(|(_, section)| !is_a4(section));
    wrong
        .map(|(number, section)| {
            let size = format!("{} × {} mm", millimetres(section.wide), millimetres(section.high));
            Finding::new(format!("/sections/{number}"), "form_page").with("found", size)
        })
        .collect()
}

/// Hundredths of a millimetre.
fn hundredths(twips: i64) -> i64 {
    twips * 2540 / 1440
}

fn millimetres(twips: i64) -> String {
    let all = hundredths(twips) + 5;
    format!("{},{}", all / 100, all / 10 % 10)
}

pub fn margins(document: &Document) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (number, section) in document.sections.iter().enumerate() {
        let found = [section.top, section.bottom, section.left, section.right];
        for ((vi, en, least, most), found) in MARGINS.into_iter().zip(found) {
            if !(least - LOST..=most + LOST).contains(&hundredths(found)) {
                let finding = Finding::new(format!("/sections/{number}"), "form_margins").with("side_vi", vi);
                let finding = finding.with("side_en", en).with("least", least / 100).with("greatest", most / 100);
                findings.push(finding.with("found", millimetres(found)));
            }
        }
    }
    findings
}

/// Times New Roman in every slot, black; one finding each, at the first place.
pub fn faces(document: &Document, may_be_red: &str) -> Vec<Finding> {
    let of = |is_wrong: &dyn Fn(usize) -> Option<String>, code| {
        let found = (0..document.paragraphs.len()).find_map(|place| Some((place, is_wrong(place)?)));
        found.map(|(place, found)| at(document, place, code).with("found", found))
    };
    let face = |place: usize| document.paragraphs[place].shown().find_map(|run| run.look.other_than(FACE));
    let colour = |place: usize| {
        let wrong = document.paragraphs[place].shown().find(|run| run.look.colour() != BLACK);
        wrong.filter(|_| document.paragraphs[place].text() != may_be_red).map(|run| run.look.colour().to_owned())
    };
    [of(&face, "form_font"), of(&colour, "form_colour")].into_iter().flatten().collect()
}

/// Arabic, 13–14, in the middle above the text, from the second page of each section on.
pub fn numbers(document: &Document) -> Option<Finding> {
    let is_number = |paragraph: &&Paragraph| paragraph.is_page_number;
    let is_set = |paragraph: &Paragraph| paragraph.placed.align() == "center" && paragraph.is_sized(13, 14);
    let wrong = (0..document.sections.len()).find(|number| {
        let section = &document.sections[*number];
        let later = document.above(*number, "default").iter().find(is_number);
        let first =
            document.above(*number, "first").iter().any(|paragraph| !paragraph.is_empty() || paragraph.is_page_number);
        !later.is_some_and(is_set) || first || !section.title_page || section.header >= section.top
    });
    wrong.map(|number| Finding::new(format!("/sections/{number}"), "form_page_number"))
}

/// Rows that are headings repeat, and no row breaks over a page.
pub fn headings(document: &Document) -> Vec<Finding> {
    let lists = document.tables.iter().enumerate().filter(|(_, table)| table.is_list && table.rows.len() > 1);
    let wrong = lists.filter(|(_, table)| !table.rows[0].is_heading || table.rows.iter().any(|row| row.splits));
    wrong.map(|(number, _)| Finding::new(format!("/tables/{number}"), "form_heading_rows")).collect()
}

/// Several are numbered I, II, …; each says what it belongs to, in a section whose pages count from 1.
pub fn appendices(document: &Document, parts: &Parts) -> Vec<Finding> {
    let several = parts.appendices.len() > 1;
    let is_wrong = |(order, place): &(usize, &usize)| {
        let paragraph = &document.paragraphs[**place];
        let label = if several { format!("Phụ lục {}", roman(order + 1)) } else { "Phụ lục".to_owned() };
        let text = paragraph.text();
        let is_labelled = text == label || !several && text == "Phụ lục I";
        let below = document.paragraphs[**place + 1..].iter().take(4).map(Paragraph::text);
        let belongs = below.into_iter().any(|text| text.starts_with("(Kèm theo"));
        let counts = document.sections.get(paragraph.section).is_some_and(|section| section.start == Some(1));
        !is_labelled || !belongs || !counts
    };
    let wrong = parts.appendices.iter().enumerate().filter(is_wrong);
    let mut findings: Vec<Finding> = wrong.map(|(_, place)| at(document, *place, "form_appendix")).collect();
    // A section after the first is an appendix, so it says so.
    if document.sections.len() > 1 && parts.appendices.is_empty() {
        findings.push(nowhere("form_appendix").with("text", "–"));
    }
    findings
}

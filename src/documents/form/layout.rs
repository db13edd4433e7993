//! The pages of a converted document: where its lines stand, as `pdftotext -bbox-layout` tells them. The face is one with
//! the metrics of Times New Roman, so places and pages are its own, shapes of letters are not looked at. PURE.

use super::{
    parts::{MOTTO, NATION, RECIPIENTS, nowhere},
    read::Document,
    tree::{Node, tree},
};
use crate::finding::Finding;

/// Points to a millimetre, in hundredths.
const MILLIMETRE: i64 = 283;
/// How far a line may stand out, in hundredths of a point.
const PLAY: i64 = 250;
/// Most that a number may stand beside the middle of the text.
const ASIDE: i64 = 900;
/// What the foot says, off the form's frame.
const TRACES: [&str; 3] = ["Lần xếp hạng", "Số liệu đến", "Niêm phong"];
/// Letters by which a cell is known.
const KNOWN_BY: usize = 6;

/// A line: its words, and its box in hundredths of a point.
struct Line {
    text: String,
    left: i64,
    top: i64,
    right: i64,
    bottom: i64,
}

struct Page {
    wide: i64,
    high: i64,
    /// From top to bottom.
    lines: Vec<Line>,
}

/// Everything in which the pages leave the form.
pub fn check_layout(lines: &str, document: &[u8]) -> Vec<Finding> {
    let pages = tree(lines).map(|root| read(&root)).unwrap_or_default();
    let Some(document) = Document::read(document).filter(|_| !pages.is_empty()) else {
        return vec![nowhere("form_unreadable")];
    };
    let is_letter = pages[0].wide < pages[0].high;
    let mut findings = one_line(&pages);
    if is_letter {
        findings.extend(outside(&pages));
        findings.extend(numbers(&pages));
        findings.extend(alone(&pages));
        findings.extend(headings(&pages, &document));
    }
    findings
}

fn read(root: &Node) -> Vec<Page> {
    let mut pages = Vec::new();
    root.each(&mut |node| {
        if node.name == "page" {
            let mut lines = Vec::new();
            node.each(&mut |inner| lines.extend((inner.name == "line").then(|| line(inner))));
            lines.sort_by_key(|line| (line.top, line.left));
            pages.push(Page { wide: measure(node, "width"), high: measure(node, "height"), lines });
        }
    });
    pages
}

fn line(node: &Node) -> Line {
    let words: Vec<&str> = node.all("word").map(|word| word.text.as_str()).collect();
    let side = |name: &str| measure(node, name);
    let text = words.join(" ");
    Line { text, left: side("xMin"), top: side("yMin"), right: side("xMax"), bottom: side("yMax") }
}

/// `56.7` as hundredths.
fn measure(node: &Node, name: &str) -> i64 {
    let text = node.attribute(name).unwrap_or_default();
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let hundredths: String = part.chars().chain("00".chars()).take(2).collect();
    let number = |digits: &str| digits.parse::<i64>().unwrap_or_default();
    number(whole) * 100 + number(&hundredths)
}

fn on(page: usize, code: &'static str, text: &str) -> Finding {
    Finding::new(format!("/pages/{}", page + 1), code).with("text", text)
}

fn is_trace(line: &Line) -> bool {
    TRACES.iter().any(|start| line.text.starts_with(start))
}

/// National name and motto, each a line.
fn one_line(pages: &[Page]) -> Vec<Finding> {
    let broken =
        [NATION, MOTTO].into_iter().filter(|words| !pages[0].lines.iter().any(|line| line.text.contains(words)));
    broken.map(|words| on(0, "form_one_line", words)).collect()
}

/// Text beyond the margins: 20 above and below, 30 left and 15 right.
fn outside(pages: &[Page]) -> Vec<Finding> {
    let beyond = |page: &Page, line: &Line| {
        let from_top = line.top < 20 * MILLIMETRE - PLAY && !is_number(page, line);
        let from_bottom = line.bottom > page.high - 20 * MILLIMETRE + PLAY && !is_trace(line);
        let from_sides = line.left < 30 * MILLIMETRE - PLAY || line.right > page.wide - 15 * MILLIMETRE + PLAY;
        from_top || from_bottom || from_sides
    };
    let wrong = pages.iter().enumerate().flat_map(|(number, page)| {
        let line = page.lines.iter().find(|line| beyond(page, line))?;
        Some(on(number, "form_outside", &line.text))
    });
    wrong.collect()
}

fn is_number(page: &Page, line: &Line) -> bool {
    let middle = (30 * MILLIMETRE + page.wide - 15 * MILLIMETRE) / 2;
    let is_central = ((line.left + line.right) / 2 - middle).abs() <= ASIDE;
    line.bottom <= 20 * MILLIMETRE + PLAY && is_central && line.text.parse::<u32>().is_ok()
}

/// Lines between the margins.
fn content(page: &Page) -> impl Iterator<Item = &Line> {
    page.lines.iter().filter(move |line| !is_trace(line) && !is_number(page, line))
}

/// From the second page on in the middle of the top margin; an appendix counts from 1.
fn numbers(pages: &[Page]) -> Vec<Finding> {
    let (mut findings, mut expected) = (Vec::new(), 0_u32);
    for (number, page) in pages.iter().enumerate() {
        let begins = number == 0 || content(page).next().is_some_and(|line| line.text.starts_with("Phụ lục"));
        expected = if begins { 1 } else { expected + 1 };
        let shown = page.lines.iter().find(|line| is_number(page, line)).map(|line| line.text.as_str());
        if shown != (!begins).then(|| expected.to_string()).as_deref() {
            findings.push(on(number, "form_page_number", shown.unwrap_or("–")));
        }
    }
    findings
}

/// Something of the signature stands on the page on which the text ends, and «Nơi nhận» begins no page.
fn alone(pages: &[Page]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (number, page) in pages.iter().enumerate() {
        let ends = content(page).position(|line| line.text.ends_with("./."));
        let is_last = ends.is_some_and(|at| at + 1 == content(page).count());
        let begins = content(page).next().is_some_and(|line| line.text == RECIPIENTS);
        if is_last || begins {
            findings.push(on(number, "form_signature_alone", RECIPIENTS));
        }
    }
    findings
}

/// On each page with rows of a list its headings stand too.
fn headings(pages: &[Page], document: &Document) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (table, list) in document.tables.iter().enumerate().filter(|(_, table)| table.is_list) {
        let (mut heads, mut rows) = (Vec::new(), Vec::new());
        for paragraph in &document.paragraphs {
            if let Some(cell) = paragraph.cell.filter(|cell| cell.table == table) {
                let is_heading = list.rows[cell.row].is_heading || cell.row == 0;
                if is_heading { heads.push(paragraph.text()) } else { rows.push(paragraph.text()) }
            }
        }
        let says = |page: &Page, cells: &[String]| {
            content(page).any(|line| {
                line.text.chars().count() >= KNOWN_BY && cells.iter().any(|cell| cell.starts_with(&line.text))
            })
        };
        let wrong = pages.iter().enumerate().find(|(_, page)| says(page, &rows) && !says(page, &heads));
        findings.extend(wrong.map(|(number, _)| on(number, "form_heading_rows", "")));
    }
    findings
}

//! Giấy khen, A4 landscape, one to a page: the printed form has the national emblem and the frame. PURE.

use docx_rs::{Docx, Paragraph, Pic, Run};

use super::{
    letter::{MOTTO, NATION, signature},
    page::{ACROSS_CERTIFICATE, Sheet, ended, section},
    tables::{cell, placed},
    text::{Set, bare, paragraph, rule, speck},
};
use crate::documents::{
    metrics::{balanced, width},
    paper::Certificate,
    qr,
};

/// Where the printed form has its emblem.
const EMBLEM: u32 = 1300;
const RED: &str = "C00000";
/// The code's side: 20 mm, in the units of drawings (914,400 to the inch).
const CODE_SIDE: u32 = 720_000;
const COLUMNS: [u32; 2] = [ACROSS_CERTIFICATE / 2, ACROSS_CERTIFICATE - ACROSS_CERTIFICATE / 2];

pub fn certificates(docx: Docx, all: &[Certificate]) -> Docx {
    let frame = docx.document.section_property.clone();
    let mut docx = all.iter().enumerate().fold(docx, |docx, (at, one)| {
        // Each has a section of its own, and so a page.
        let last = if at + 1 < all.len() { ended(&frame, Sheet::Certificate) } else { speck(0) };
        page(docx, one, at).add_paragraph(last)
    });
    docx.document.section_property = section(&frame, Sheet::Certificate);
    docx
}

fn page(docx: Docx, one: &Certificate, at: usize) -> Docx {
    let motto = Set::centred(30).bold();
    let side = (ACROSS_CERTIFICATE - width(MOTTO, motto.size, true)) / 2;
    let authority = |(at, line): (usize, &String)| {
        paragraph(Set::centred(32).bold().spaced(if at == 0 { 320 } else { 0 }, 0), line)
    };
    let head = docx
        .add_paragraph(paragraph(Set::centred(28).bold().spaced(EMBLEM, 0), NATION))
        .add_paragraph(paragraph(motto, MOTTO))
        .add_paragraph(rule(side, side, false));
    let reference = |line: &String| paragraph(Set::sized(26).bold().italic(), line);
    let left = one.references.iter().map(reference).chain(one.code.as_ref().map(|code| {
        // The crate counts pictures of the whole process, so each is named by its place.
        let picture = Pic::new_with_dimensions(qr::png(code), 1, 1).id(format!("code{}", at + 1));
        bare(Set::sized(26).spaced(120, 0)).add_run(Run::new().add_image(picture.size(CODE_SIDE, CODE_SIDE)))
    }));
    let day = paragraph(Set::centred(28).italic(), &one.place_and_date);
    let right = [day].into_iter().chain(signature(&one.signature));
    one.authority
        .iter()
        .enumerate()
        .map(authority)
        .fold(head, Docx::add_paragraph)
        .add_paragraph(paragraph(Set::centred(32).bold().spaced(160, 0), &one.verb))
        .add_paragraph(paragraph(Set { colour: Some(RED), ..Set::centred(96).bold().spaced(80, 80) }, &one.type_name))
        .add_paragraph(in_middle(Set::centred(48).bold().spaced(0, 160), &one.recipient))
        .add_paragraph(in_middle(Set::centred(36).spaced(0, 320), &one.achievement))
        .add_table(placed(&COLUMNS, vec![vec![cell(left), cell(right)]]))
}

/// A text in the middle of the page, its lines of about one length.
fn in_middle(set: Set, text: &str) -> Paragraph {
    const WIDEST: u32 = ACROSS_CERTIFICATE * 9 / 10;
    let side = (ACROSS_CERTIFICATE - balanced(text, set.size, set.bold, WIDEST)) / 2;
    paragraph(Set { left: side, right: side, ..set }, text)
}

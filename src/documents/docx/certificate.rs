//! Giấy khen, A4 landscape, one to a page: the printed form has the national emblem and the frame. PURE.

use super::{
    letter::{MOTTO, NATION, signature},
    page::{ACROSS_CERTIFICATE, Sheet, section},
    tables::{Cell, placed},
    xml::{Set, paragraph, paragraph_of, rule, speck},
};
use crate::documents::{
    metrics::{balanced, width},
    paper::Certificate,
};

/// Where the printed form has its emblem.
const EMBLEM: u32 = 1300;
const RED: &str = "C00000";
/// The code's side: 20 mm, in the units of drawings (914,400 to the inch).
const CODE_SIDE: u32 = 720_000;
const COLUMNS: [u32; 2] = [ACROSS_CERTIFICATE / 2, ACROSS_CERTIFICATE - ACROSS_CERTIFICATE / 2];

/// The id of a certificate's picture among the document's parts, by its place.
pub fn picture(at: usize) -> String {
    format!("rIdCode{}", at + 1)
}

pub fn certificates(all: &[Certificate], is_traced: bool) -> String {
    let mut out = String::new();
    for (at, one) in all.iter().enumerate() {
        out.push_str(&page(one, at));
        // Each has a section of its own, and so a page.
        out.push_str(&if at + 1 < all.len() { speck(&section(Sheet::Certificate, is_traced)) } else { speck("") });
    }
    out + &section(Sheet::Certificate, is_traced)
}

fn page(one: &Certificate, at: usize) -> String {
    let motto = Set::centred(30).bold();
    let side = (ACROSS_CERTIFICATE - width(MOTTO, motto.size, true)) / 2;
    let mut out = paragraph(Set::centred(28).bold().spaced(EMBLEM, 0), NATION);
    out.push_str(&paragraph(motto, MOTTO));
    out.push_str(&rule(side, side, false));
    let lines = one.authority.iter().enumerate();
    out.extend(
        lines.map(|(at, line)| paragraph(Set::centred(32).bold().spaced(if at == 0 { 320 } else { 0 }, 0), line)),
    );
    out.push_str(&paragraph(Set::centred(32).bold().spaced(160, 0), &one.verb));
    out.push_str(&paragraph(Set { colour: Some(RED), ..Set::centred(96).bold().spaced(80, 80) }, &one.type_name));
    out.push_str(&in_middle(Set::centred(48).bold().spaced(0, 160), &one.recipient));
    out.push_str(&in_middle(Set::centred(36).spaced(0, 320), &one.achievement));
    let reference = |line: &String| paragraph(Set::sized(26).bold().italic(), line);
    let mut left: String = one.references.iter().map(reference).collect();
    if one.code.is_some() {
        left.push_str(&paragraph_of(Set::sized(26).spaced(120, 0), &drawing(at)));
    }
    let day = paragraph(Set::centred(28).italic(), &one.place_and_date);
    out + &placed(&COLUMNS, vec![vec![Cell::of(left), Cell::of(day + &signature(&one.signature))]])
}

/// A text in the middle of the page, its lines of about one length.
fn in_middle(set: Set, text: &str) -> String {
    const WIDEST: u32 = ACROSS_CERTIFICATE * 9 / 10;
    let side = (ACROSS_CERTIFICATE - balanced(text, set.size, set.bold, WIDEST)) / 2;
    paragraph(Set { left: side, right: side, ..set }, text)
}

fn drawing(at: usize) -> String {
    let (id, number) = (picture(at), at + 1);
    format!(
        r#"<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{CODE_SIDE}" cy="{CODE_SIDE}"/><wp:docPr id="{number}" name="QR {number}" descr="Mã kiểm tra"/><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr><pic:cNvPr id="{number}" name="QR {number}"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="{id}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{CODE_SIDE}" cy="{CODE_SIDE}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"#
    )
}

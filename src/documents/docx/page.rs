//! Pages: A4, their margins, where their numbers stand, and the sections that count them. PURE.

use std::fmt::Write;

/// Twentieths of a point.
const SHORT: u32 = 11_906;
const LONG: u32 = 16_838;

/// 20 mm above and below, 30 left, 15 right.
const TOP: u32 = 1134;
const LEFT: u32 = 1701;
const RIGHT: u32 = 851;
/// From the edge of the sheet to the number above, and to the trace below.
const HEADER: u32 = 567;
const FOOTER: u32 = 340;
/// Of a certificate, on every side.
const AROUND: u32 = 1134;

/// Width of the text between the margins.
pub const ACROSS: u32 = SHORT - LEFT - RIGHT;
pub const ACROSS_LANDSCAPE: u32 = LONG - LEFT - RIGHT;
pub const ACROSS_CERTIFICATE: u32 = LONG - 2 * AROUND;

/// Ids of the parts that a section names.
pub const NUMBER_ABOVE: &str = "rIdNumber";
pub const NOTHING_ABOVE: &str = "rIdNothing";
pub const TRACE_FIRST: &str = "rIdTraceFirst";
pub const TRACE: &str = "rIdTrace";

#[derive(Clone, Copy, PartialEq)]
pub enum Sheet {
    Portrait,
    Landscape,
    Certificate,
}

/// The properties of a section: its pages count from 1, the first of them bears no number.
pub fn section(sheet: Sheet, is_traced: bool) -> String {
    let mut out = String::from("<w:sectPr>");
    let named = |tag: &str, kind: &str, id: &str| format!(r#"<w:{tag}Reference w:type="{kind}" r:id="{id}"/>"#);
    if sheet != Sheet::Certificate {
        out.push_str(&named("header", "default", NUMBER_ABOVE));
        out.push_str(&named("header", "first", NOTHING_ABOVE));
    }
    if is_traced {
        out.push_str(&named("footer", "default", TRACE));
        out.push_str(&named("footer", "first", TRACE_FIRST));
    }
    let (wide, high, turned) = match sheet {
        Sheet::Portrait => (SHORT, LONG, ""),
        _ => (LONG, SHORT, r#" w:orient="landscape""#),
    };
    let (left, right) = if sheet == Sheet::Certificate { (AROUND, AROUND) } else { (LEFT, RIGHT) };
    let _ = write!(
        out,
        r#"<w:type w:val="nextPage"/><w:pgSz w:w="{wide}" w:h="{high}"{turned}/><w:pgMar w:top="{TOP}" w:right="{right}" w:bottom="{TOP}" w:left="{left}" w:header="{HEADER}" w:footer="{FOOTER}" w:gutter="0"/><w:pgNumType w:start="1"/><w:cols w:space="720"/><w:titlePg/></w:sectPr>"#
    );
    out
}

//! Pages: A4, their margins, where their numbers and the trace of their figures stand, the sections that count them. PURE.

use docx_rs::{
    Docx, Footer, Header, PageMargin, PageNumType, PageOrientationType, PageSize, Paragraph, SectionProperty,
};

use super::text::{Set, bare, page_number, paragraph, speck};
use crate::documents::paper::Trace;

/// Twentieths of a point.
const SHORT: u32 = 11_906;
const LONG: u32 = 16_838;

/// 20 mm above and below, 30 left, 15 right.
const TOP: u32 = 1134;
const LEFT: u32 = 1701;
const RIGHT: u32 = 851;
/// From the edge of the sheet to the number above, and to the trace below.
const HEADER: i32 = 567;
const FOOTER: i32 = 340;
/// Of a certificate, on every side.
const AROUND: u32 = 1134;

/// Width of the text between the margins.
pub const ACROSS: u32 = SHORT - LEFT - RIGHT;
pub const ACROSS_LANDSCAPE: u32 = LONG - LEFT - RIGHT;
pub const ACROSS_CERTIFICATE: u32 = LONG - 2 * AROUND;

#[derive(Clone, Copy, PartialEq)]
pub enum Sheet {
    Portrait,
    Landscape,
    Certificate,
}

/// The number above each page but the first.
pub fn numbered(docx: Docx) -> Docx {
    let number = bare(Set::centred(28)).add_run(page_number(Set::sized(28)));
    let first = Header::new().add_paragraph(bare(Set::centred(28)));
    docx.header(Header::new().add_paragraph(number)).first_header(first)
}

/// Where the figures come from, below each page, off the form's frame.
pub fn traced(docx: Docx, trace: Option<&Trace>) -> Docx {
    let Some(trace) = trace else { return docx };
    let run = trace.run.as_ref().map(|run| format!("Lần xếp hạng {run}; số liệu đến {}", trace.cut));
    let first = run.unwrap_or_else(|| format!("Số liệu đến {}", trace.cut));
    let lines = [Some(first), trace.seal.as_ref().map(|seal| format!("Niêm phong {seal}"))];
    let told = lines.into_iter().flatten().collect::<Vec<_>>().join("\n");
    let foot = || Footer::new().add_paragraph(paragraph(Set::centred(16), &told));
    docx.footer(foot()).first_footer(foot())
}

/// A section between the document's header and footer: its pages count from 1.
pub fn section(frame: &SectionProperty, sheet: Sheet) -> SectionProperty {
    let size = match sheet {
        Sheet::Portrait => PageSize::new().size(SHORT, LONG),
        _ => PageSize::new().size(LONG, SHORT).orient(PageOrientationType::Landscape),
    };
    let sides = if sheet == Sheet::Certificate { (AROUND, AROUND) } else { (LEFT, RIGHT) };
    let [top, left, right] = [TOP, sides.0, sides.1].map(u32::cast_signed);
    let margins = PageMargin { top, left, bottom: top, right, header: HEADER, footer: FOOTER, gutter: 0 };
    frame.clone().page_size(size).page_margin(margins).page_num_type(PageNumType::new().start(1))
}

/// The end of a section before another.
pub fn ended(frame: &SectionProperty, sheet: Sheet) -> Paragraph {
    speck(0).section_property(section(frame, sheet))
}

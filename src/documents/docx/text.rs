//! Paragraphs and runs of a paper. PURE.

use docx_rs::{
    AlignmentType, BreakType, FieldCharType, InstrPAGE, InstrText, LineSpacing, LineSpacingType, Paragraph,
    ParagraphBorder, ParagraphBorderPosition, ParagraphBorders, Run, RunProperty, SpecialIndentType,
};

/// How a paragraph and its text are set; lengths in twentieths of a point, sizes in half-points.
#[derive(Debug, Clone, Copy)]
pub struct Set {
    pub align: AlignmentType,
    pub size: u32,
    pub bold: bool,
    pub italic: bool,
    /// RRGGBB; black where there is none.
    pub colour: Option<&'static str>,
    pub before: u32,
    pub after: u32,
    pub first: u32,
    pub left: u32,
    pub right: u32,
    /// On one page with what follows.
    pub keep: bool,
}

impl Set {
    pub const fn centred(size: u32) -> Self {
        Self { align: AlignmentType::Center, ..Self::sized(size) }
    }

    pub const fn sized(size: u32) -> Self {
        let align = AlignmentType::Left;
        let (colour, bold, italic, keep) = (None, false, false, false);
        Self { align, size, bold, italic, colour, before: 0, after: 0, first: 0, left: 0, right: 0, keep }
    }

    pub const fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    pub const fn italic(self) -> Self {
        Self { italic: true, ..self }
    }

    pub const fn spaced(self, before: u32, after: u32) -> Self {
        Self { before, after, ..self }
    }

    pub const fn kept(self, keep: bool) -> Self {
        Self { keep, ..self }
    }

    fn looks(self) -> RunProperty {
        let sized = RunProperty::new().size(self.size as usize);
        let bold = if self.bold { sized.bold() } else { sized };
        let sloped = if self.italic { bold.italic() } else { bold };
        match self.colour {
            Some(colour) => sloped.color(colour),
            None => sloped,
        }
    }
}

/// A paragraph of one run.
pub fn paragraph(set: Set, text: &str) -> Paragraph {
    bare(set).add_run(run(set, text))
}

/// A paragraph without text.
pub fn bare(set: Set) -> Paragraph {
    let spacing = LineSpacing::new().before(set.before).after(set.after);
    let bare = Paragraph::new().run_property(set.looks()).align(set.align).line_spacing(spacing);
    let [left, right, first] = [set.left, set.right, set.first].map(u32::cast_signed);
    let placed = match left + right + first {
        0 => bare,
        _ => bare.indent(Some(left), Some(SpecialIndentType::FirstLine(first)), Some(right), None),
    };
    placed.keep_next(set.keep).keep_lines(set.keep)
}

/// A line's end within the text is a break.
pub fn run(set: Set, text: &str) -> Run {
    let mut lines = text.split('\n').map(held);
    let first = looking(set).add_text(lines.next().unwrap_or_default());
    lines.fold(first, |run, line| run.add_break(BreakType::TextWrapping).add_text(line))
}

/// A text without what XML cannot hold.
pub fn held(text: &str) -> String {
    text.chars().filter(|c| (*c >= ' ' || *c == '\t') && !matches!(c, '\u{fffe}' | '\u{ffff}')).collect()
}

fn looking(set: Set) -> Run {
    Run { run_property: set.looks(), children: Vec::new() }
}

/// The number of the page.
pub fn page_number(set: Set) -> Run {
    looking(set)
        .add_field_char(FieldCharType::Begin, false)
        .add_instr_text(InstrText::PAGE(InstrPAGE::new()))
        .add_field_char(FieldCharType::Separate, false)
        .add_text("2")
        .add_field_char(FieldCharType::End, false)
}

/// A rule: a line of its own above nothing, `left` and `right` of the text's frame.
pub fn rule(left: u32, right: u32, keep: bool) -> Paragraph {
    let set = Set { left, right, before: 60, ..Set::sized(2) };
    let line = ParagraphBorder::new(ParagraphBorderPosition::Top).size(6).color("000000");
    let mut paragraph = flat(set, 40).keep_next(keep);
    paragraph.property = paragraph.property.set_borders(ParagraphBorders::with_empty().set(line));
    paragraph
}

/// A paragraph that shows nothing, that much below what stands above: what follows a table, or ends a section.
pub fn speck(before: u32) -> Paragraph {
    flat(Set { before, ..Set::sized(2) }, 20)
}

fn flat(set: Set, high: i32) -> Paragraph {
    let spacing = LineSpacing::new().before(set.before).after(0).line(high).line_rule(LineSpacingType::Exact);
    bare(set).line_spacing(spacing)
}

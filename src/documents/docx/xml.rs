//! Paragraphs and runs of WordprocessingML, members in the order of its schema (ECMA-376, part 1, 17.3). PURE.

use std::fmt::Write;

/// How a paragraph and its text are set; lengths in twentieths of a point, sizes in half-points.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Set {
    pub align: Align,
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

#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Align {
    #[default]
    Left,
    Center,
    Right,
    Both,
}

impl Align {
    fn word(self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::Center => "center",
            Self::Right => "right",
            Self::Both => "both",
        }
    }
}

impl Set {
    pub const fn centred(size: u32) -> Self {
        Self { align: Align::Center, ..Self::sized(size) }
    }

    pub const fn sized(size: u32) -> Self {
        let align = Align::Left;
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
}

/// A text as XML; what XML cannot hold is left out.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if c < ' ' && !matches!(c, '\t' | '\n') || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => out.push(c),
        }
    }
    out
}

/// A paragraph of one run; a line's end within it is a break.
pub fn paragraph(set: Set, text: &str) -> String {
    paragraph_of(set, &run(set, text))
}

/// A paragraph around runs.
pub fn paragraph_of(set: Set, runs: &str) -> String {
    let mut out = String::from("<w:p><w:pPr>");
    if set.keep {
        out.push_str("<w:keepNext/><w:keepLines/>");
    }
    out.push_str(&placed(set));
    let _ = write!(out, "{}</w:pPr>{runs}</w:p>", looks(set));
    out
}

/// Spacing, indents and alignment.
fn placed(set: Set) -> String {
    let mut out = format!(r#"<w:spacing w:before="{}" w:after="{}"/>"#, set.before, set.after);
    if set.left + set.right + set.first > 0 {
        let Set { left, right, first, .. } = set;
        let _ = write!(out, r#"<w:ind w:left="{left}" w:right="{right}" w:firstLine="{first}"/>"#);
    }
    let _ = write!(out, r#"<w:jc w:val="{}"/>"#, set.align.word());
    out
}

fn looks(set: Set) -> String {
    let mut out = String::from("<w:rPr>");
    for (is_so, tags) in [(set.bold, "<w:b/><w:bCs/>"), (set.italic, "<w:i/><w:iCs/>")] {
        out.push_str(if is_so { tags } else { "" });
    }
    if let Some(colour) = set.colour {
        let _ = write!(out, r#"<w:color w:val="{colour}"/>"#);
    }
    let _ = write!(out, r#"<w:sz w:val="{0}"/><w:szCs w:val="{0}"/></w:rPr>"#, set.size);
    out
}

pub fn run(set: Set, text: &str) -> String {
    let lines: Vec<String> =
        text.split('\n').map(|line| format!(r#"<w:t xml:space="preserve">{}</w:t>"#, escaped(line))).collect();
    format!("<w:r>{}{}</w:r>", looks(set), lines.join("<w:br/>"))
}

/// The number of the page.
pub fn page_number(set: Set) -> String {
    let part = |inner: &str| format!("<w:r>{}{inner}</w:r>", looks(set));
    let mark = |kind: &str| part(&format!(r#"<w:fldChar w:fldCharType="{kind}"/>"#));
    let code = part(r#"<w:instrText xml:space="preserve"> PAGE \* Arabic </w:instrText>"#);
    [mark("begin"), code, mark("separate"), part("<w:t>2</w:t>"), mark("end")].concat()
}

/// A rule: a line of its own above nothing, `left` and `right` of the text's frame.
pub fn rule(left: u32, right: u32, keep: bool) -> String {
    let keep = if keep { "<w:keepNext/>" } else { "" };
    format!(
        r#"<w:p><w:pPr>{keep}<w:pBdr><w:top w:val="single" w:sz="6" w:space="1" w:color="000000"/></w:pBdr><w:spacing w:before="20" w:after="0" w:line="40" w:lineRule="exact"/><w:ind w:left="{left}" w:right="{right}"/><w:jc w:val="center"/><w:rPr><w:sz w:val="2"/><w:szCs w:val="2"/></w:rPr></w:pPr></w:p>"#
    )
}

/// A paragraph that takes no room: what follows a table, or carries the properties of a section.
pub fn speck(section: &str) -> String {
    format!(
        r#"<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/><w:rPr><w:sz w:val="2"/><w:szCs w:val="2"/></w:rPr>{section}</w:pPr></w:p>"#
    )
}

//! How a paragraph and a run look, from the document's defaults, their styles and what they say themselves. PURE.

use std::collections::BTreeMap;

use super::tree::Node;

/// Longest chain of styles that is followed.
const CHAIN_MOST: usize = 16;
/// The largest that programs take: 1638 pt.
const SIZE_MOST: u32 = 3276;
/// What a program shows where nothing says a size: 10 pt.
const SIZE: u32 = 20;
const SLOTS: [&str; 4] = ["ascii", "hAnsi", "eastAsia", "cs"];

/// How text looks; none where nothing is said.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Look {
    /// Faces of Latin letters, of other letters, of East Asian and of complex scripts.
    faces: [Option<String>; 4],
    size: Option<u32>,
    bold: Option<bool>,
    italic: Option<bool>,
    colour: Option<String>,
    caps: Option<bool>,
}

impl Look {
    fn of(properties: Option<&Node>) -> Self {
        let Some(node) = properties else { return Self::default() };
        let fonts = node.child("rFonts");
        // A face of the theme goes before one that is named.
        let themed = ["asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"];
        let face = |at: usize| {
            let fonts = fonts?;
            fonts
                .attribute(themed[at])
                .map(|theme| format!("({theme})"))
                .or_else(|| fonts.attribute(SLOTS[at]).map(Into::into))
        };
        Self {
            faces: std::array::from_fn(face),
            size: node.val("sz").and_then(|size| size.parse().ok()).filter(|size| *size <= SIZE_MOST),
            bold: node.switch("b"),
            italic: node.switch("i"),
            colour: node.val("color").map(str::to_uppercase),
            caps: node.switch("caps"),
        }
    }

    fn over(self, below: &Self) -> Self {
        let mut at = 0;
        let faces = self.faces.map(|face| {
            at += 1;
            face.or_else(|| below.faces[at - 1].clone())
        });
        Self {
            faces,
            size: self.size.or(below.size),
            bold: self.bold.or(below.bold),
            italic: self.italic.or(below.italic),
            colour: self.colour.or_else(|| below.colour.clone()),
            caps: self.caps.or(below.caps),
        }
    }

    /// In half-points.
    pub fn size(&self) -> u32 {
        self.size.unwrap_or(SIZE)
    }

    pub fn is_bold(&self) -> bool {
        self.bold == Some(true)
    }

    pub fn is_italic(&self) -> bool {
        self.italic == Some(true)
    }

    pub fn is_caps(&self) -> bool {
        self.caps == Some(true)
    }

    /// RRGGBB.
    pub fn colour(&self) -> &str {
        self.colour.as_deref().filter(|colour| *colour != "AUTO").unwrap_or("000000")
    }

    /// The first face that is not the one, of the four.
    pub fn other_than(&self, face: &str) -> Option<String> {
        let other = self.faces.iter().find(|known| known.as_deref() != Some(face))?;
        Some(other.clone().unwrap_or_else(|| "–".to_owned()))
    }
}

/// How a paragraph is placed, in twentieths of a point; none where nothing is said.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Placed {
    align: Option<String>,
    pub first: Option<i64>,
    pub left: Option<i64>,
    pub right: Option<i64>,
    pub before: Option<i64>,
    pub after: Option<i64>,
    pub keep_next: Option<bool>,
    /// A rule above or below it.
    pub ruled: Option<bool>,
}

impl Placed {
    fn of(properties: Option<&Node>) -> Self {
        let Some(node) = properties else { return Self::default() };
        let indent = |name: &str| node.whole("ind", name);
        let is_ruled = |border: &Node| {
            let shown = |side: &str| border.val(side).is_some_and(|kind| !matches!(kind, "nil" | "none"));
            shown("top") || shown("bottom")
        };
        Self {
            align: node.val("jc").map(str::to_owned),
            first: indent("firstLine").or_else(|| indent("hanging").map(|hanging| -hanging)),
            left: indent("left").or_else(|| indent("start")),
            right: indent("right").or_else(|| indent("end")),
            before: node.whole("spacing", "before"),
            after: node.whole("spacing", "after"),
            keep_next: node.switch("keepNext"),
            ruled: node.child("pBdr").map(is_ruled),
        }
    }

    fn over(self, below: &Self) -> Self {
        Self {
            align: self.align.or_else(|| below.align.clone()),
            first: self.first.or(below.first),
            left: self.left.or(below.left),
            right: self.right.or(below.right),
            before: self.before.or(below.before),
            after: self.after.or(below.after),
            keep_next: self.keep_next.or(below.keep_next),
            ruled: self.ruled.or(below.ruled),
        }
    }

    pub fn align(&self) -> &str {
        match self.align.as_deref() {
            None | Some("start") => "left",
            Some("end") => "right",
            Some(word) => word,
        }
    }
}

struct Style {
    based_on: Option<String>,
    look: Look,
    placed: Placed,
}

/// The styles of a document.
#[derive(Default)]
pub struct Styles {
    look: Look,
    placed: Placed,
    named: BTreeMap<String, Style>,
    paragraph: Option<String>,
}

impl Styles {
    pub fn of(part: Option<&Node>) -> Self {
        let Some(part) = part else { return Self::default() };
        let default = |of: &str, inner: &str| part.child("docDefaults")?.child(of)?.child(inner);
        let mut styles = Self {
            look: Look::of(default("rPrDefault", "rPr")),
            placed: Placed::of(default("pPrDefault", "pPr")),
            ..Self::default()
        };
        for style in part.all("style") {
            let Some(id) = style.attribute("styleId") else { continue };
            let is_default = matches!(style.attribute("default"), Some("1" | "true" | "on"));
            if is_default && style.attribute("type") == Some("paragraph") {
                styles.paragraph = Some(id.to_owned());
            }
            let (look, placed) = (Look::of(style.child("rPr")), Placed::of(style.child("pPr")));
            styles.named.insert(id.to_owned(), Style { based_on: style.val("basedOn").map(Into::into), look, placed });
        }
        styles
    }

    /// A style and those that it is based on, the nearest first.
    fn chain<'a>(&'a self, id: Option<&'a str>) -> impl Iterator<Item = &'a Style> {
        let next = |id: &&'a str| self.named.get(*id).and_then(|style| style.based_on.as_deref());
        std::iter::successors(id, next).take(CHAIN_MOST).filter_map(|id| self.named.get(id))
    }

    /// How a paragraph is placed, and how its runs look where they say nothing themselves.
    pub fn paragraph(&self, properties: Option<&Node>) -> (Placed, Look) {
        let id = properties.and_then(|node| node.val("pStyle")).or(self.paragraph.as_deref());
        let placed = self.chain(id).fold(Placed::of(properties), |placed, style| placed.over(&style.placed));
        let look = self.chain(id).fold(Look::default(), |look, style| look.over(&style.look));
        (placed.over(&self.placed), look.over(&self.look))
    }

    pub fn run(&self, properties: Option<&Node>, paragraph: &Look) -> Look {
        let id = properties.and_then(|node| node.val("rStyle"));
        let own = self.chain(id).fold(Look::of(properties), |look, style| look.over(&style.look));
        own.over(paragraph)
    }
}

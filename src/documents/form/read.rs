//! A document as the rules read it: paragraphs in their order with their place, tables, sections. PURE.

use std::collections::BTreeMap;

use super::{
    styles::{Look, Placed, Styles},
    tree::{Node, Package},
};

/// Margins of a cell where nothing says them: 0,19 cm.
const CELL_MARGIN: i64 = 108;
/// Most parts that are looked through for what stands above pages.
const RELATIONS_MOST: usize = 256;

#[derive(Debug)]
pub struct Run {
    pub text: String,
    pub look: Look,
}

/// Where a paragraph stands within a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    pub table: usize,
    pub row: usize,
    pub column: usize,
}

#[derive(Debug)]
pub struct Paragraph {
    pub runs: Vec<Run>,
    pub placed: Placed,
    pub section: usize,
    pub cell: Option<Cell>,
    /// Width of its frame, in twentieths of a point.
    pub across: i64,
    /// A picture or a drawn line.
    pub is_drawn: bool,
    pub is_page_number: bool,
}

#[derive(Debug)]
pub struct Row {
    pub is_heading: bool,
    pub splits: bool,
}

#[derive(Debug)]
pub struct Table {
    pub rows: Vec<Row>,
    /// Whether rules stand around its cells.
    pub is_list: bool,
    pub section: usize,
}

/// In twentieths of a point.
#[derive(Debug, Default, Clone)]
pub struct Section {
    pub wide: i64,
    pub high: i64,
    pub top: i64,
    pub bottom: i64,
    pub left: i64,
    pub right: i64,
    pub header: i64,
    pub title_page: bool,
    pub start: Option<i64>,
    /// Ids of the parts above its pages, by their kind.
    headers: BTreeMap<String, String>,
}

#[derive(Default)]
pub struct Document {
    pub paragraphs: Vec<Paragraph>,
    pub tables: Vec<Table>,
    pub sections: Vec<Section>,
    /// What stands above pages, by the id of its part.
    above: BTreeMap<String, Vec<Paragraph>>,
}

impl Paragraph {
    pub fn text(&self) -> String {
        let text: String = self.runs.iter().map(shown).collect();
        text.replace('\u{a0}', " ").trim().to_owned()
    }

    pub fn is_empty(&self) -> bool {
        self.text().is_empty()
    }

    /// The runs that show anything.
    pub fn shown(&self) -> impl Iterator<Item = &Run> {
        self.runs.iter().filter(|run| !run.text.trim().is_empty())
    }

    pub fn all(&self, is_so: fn(&Look) -> bool) -> bool {
        self.shown().all(|run| is_so(&run.look))
    }

    /// Whether each run's size lies between these points.
    pub fn is_sized(&self, from: u32, to: u32) -> bool {
        self.shown().all(|run| (from * 2..=to * 2).contains(&run.look.size()))
    }

    /// The size of its text, in half-points.
    pub fn size(&self) -> u32 {
        self.shown().next().map_or(0, |run| run.look.size())
    }

    /// Twentieths of a point between its indents.
    pub fn within(&self) -> i64 {
        self.across - self.placed.left.unwrap_or_default() - self.placed.right.unwrap_or_default()
    }
}

fn shown(run: &Run) -> String {
    if run.look.is_caps() { run.text.to_uppercase() } else { run.text.clone() }
}

impl Document {
    /// None where the file is no document of this kind.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let mut package = Package::open(bytes)?;
        let root = package.part("word/document.xml")?;
        let styles = Styles::of(package.part("word/styles.xml").as_ref());
        let relations = package.part("word/_rels/document.xml.rels").unwrap_or_default();
        let body = root.child("body")?;
        let mut document = Self { sections: sections(body), ..Self::default() };
        let mut at = 0;
        document.blocks(body, &styles, None, &mut at);
        for relation in relations.all("Relationship").take(RELATIONS_MOST) {
            let is_header = relation.attribute("Type").is_some_and(|kind| kind.ends_with("/header"));
            if let (true, Some(id), Some(target)) = (is_header, relation.attribute("Id"), relation.attribute("Target"))
            {
                let mut above = Self { sections: document.sections.clone(), ..Self::default() };
                let part = package.part(&format!("word/{target}")).unwrap_or_default();
                above.blocks(&part, &styles, None, &mut 0);
                document.above.insert(id.to_owned(), above.paragraphs);
            }
        }
        Some(document)
    }

    /// What stands above a section's pages; what a section does not say, it has from the one before.
    pub fn above(&self, section: usize, kind: &str) -> &[Paragraph] {
        let said = self.sections[..=section].iter().rev().find_map(|section| section.headers.get(kind));
        said.and_then(|id| self.above.get(id)).map_or(&[], Vec::as_slice)
    }

    fn blocks(&mut self, within: &Node, styles: &Styles, cell: Option<(Cell, i64)>, section: &mut usize) {
        for node in &within.children {
            match node.name.as_str() {
                "p" => {
                    let of = self.sections.get(*section);
                    let across = of.map_or(0, |section| section.wide - section.left - section.right);
                    let across = cell.map_or(across, |(_, across)| across);
                    let paragraph = paragraph(node, styles, cell.map(|(cell, _)| cell), across, *section);
                    self.paragraphs.push(paragraph);
                    if node.child("pPr").is_some_and(|properties| properties.child("sectPr").is_some()) {
                        *section += 1;
                    }
                }
                "tbl" => self.table(node, styles, section),
                // What wraps its content: a control, a smart tag.
                "sdt" => {
                    node.child("sdtContent").into_iter().for_each(|inner| self.blocks(inner, styles, cell, section))
                }
                "customXml" => self.blocks(node, styles, cell, section),
                _ => {}
            }
        }
    }

    fn table(&mut self, node: &Node, styles: &Styles, section: &mut usize) {
        let table = self.tables.len();
        let properties = node.child("tblPr");
        let margin = |side: &str| {
            let margins = properties?.child("tblCellMar")?;
            margins.whole(side, "w")
        };
        let margins = margin("left").unwrap_or(CELL_MARGIN) + margin("right").unwrap_or(CELL_MARGIN);
        let rules = properties.and_then(|properties| properties.child("tblBorders"));
        let ruled = |rules: &Node| rules.val("insideH").is_some_and(|kind| !matches!(kind, "nil" | "none"));
        let styled = properties.and_then(|properties| properties.val("tblStyle")).is_some();
        let is_list = rules.map_or(styled, ruled);
        self.tables.push(Table { rows: Vec::new(), is_list, section: *section });
        for (row, line) in node.all("tr").enumerate() {
            let switch = |name: &str| line.child("trPr").and_then(|properties| properties.switch(name)) == Some(true);
            self.tables[table].rows.push(Row { is_heading: switch("tblHeader"), splits: !switch("cantSplit") });
            for (column, inner) in line.all("tc").enumerate() {
                let width = inner.child("tcPr").and_then(|properties| properties.whole("tcW", "w")).unwrap_or_default();
                self.blocks(inner, styles, Some((Cell { table, row, column }, width - margins)), section);
            }
        }
    }
}

fn paragraph(node: &Node, styles: &Styles, cell: Option<Cell>, across: i64, section: usize) -> Paragraph {
    let (placed, look) = styles.paragraph(node.child("pPr"));
    let (mut runs, mut is_drawn, mut is_page_number) = (Vec::new(), false, false);
    node.each(&mut |inner| match inner.name.as_str() {
        "r" => {
            let text = inner.children.iter().map(|part| match part.name.as_str() {
                "t" => part.text.as_str(),
                "br" | "cr" => "\n",
                "tab" => " ",
                _ => "",
            });
            runs.push(Run { text: text.collect(), look: styles.run(inner.child("rPr"), &look) });
        }
        "drawing" | "pict" => is_drawn = true,
        "instrText" => is_page_number |= inner.text.split_whitespace().next() == Some("PAGE"),
        "fldSimple" => {
            let says = inner.attribute("instr").and_then(|code| code.split_whitespace().next());
            is_page_number |= says == Some("PAGE");
        }
        _ => {}
    });
    Paragraph { runs, placed, section, cell, across, is_drawn, is_page_number }
}

/// The sections in their order: each but the last stands in its last paragraph.
fn sections(body: &Node) -> Vec<Section> {
    let mut found = Vec::new();
    body.each(&mut |node| {
        if node.name == "sectPr" {
            found.push(section(node));
        }
    });
    found
}

fn section(node: &Node) -> Section {
    let margin = |side: &str| node.whole("pgMar", side).unwrap_or_default();
    let size = |side: &str| node.whole("pgSz", side).unwrap_or_default();
    let headers = node
        .all("headerReference")
        .filter_map(|reference| Some((reference.attribute("type")?.to_owned(), reference.attribute("id")?.to_owned())));
    Section {
        wide: size("w"),
        high: size("h"),
        top: margin("top"),
        bottom: margin("bottom"),
        left: margin("left"),
        right: margin("right"),
        header: margin("header"),
        title_page: node.switch("titlePg") == Some(true),
        start: node.whole("pgNumType", "start"),
        headers: headers.collect(),
    }
}

//! A part of a document as a tree of tags, bounded in bytes and depth. PURE.

use std::io::{Cursor, Read};

use quick_xml::{
    Reader, XmlVersion,
    events::{BytesStart, Event},
};
use zip::ZipArchive;

/// Most bytes of a part, and of a file as it is handed in.
const PART_MOST: u64 = 8 * 1024 * 1024;
pub const FILE_MOST: usize = 16 * 1024 * 1024;
const DEPTH_MOST: usize = 64;

#[derive(Debug, Default)]
pub struct Node {
    /// Without its prefix.
    pub name: String,
    attributes: Vec<(String, String)>,
    pub children: Vec<Node>,
    pub text: String,
}

impl Node {
    pub fn child(&self, name: &str) -> Option<&Node> {
        self.children.iter().find(|child| child.name == name)
    }

    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Node> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// An attribute, whatever its prefix.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The attribute `val` of a child.
    pub fn val(&self, child: &str) -> Option<&str> {
        self.child(child)?.attribute("val")
    }

    pub fn whole(&self, child: &str, attribute: &str) -> Option<i64> {
        let text = self.child(child)?.attribute(attribute)?;
        // As wide as the schema's own numbers.
        text.parse::<i32>().ok().map(i64::from)
    }

    /// Whether a child switches something on, or off; none where it is silent.
    pub fn switch(&self, child: &str) -> Option<bool> {
        let child = self.child(child)?;
        Some(!matches!(child.attribute("val"), Some("0" | "false" | "off" | "none")))
    }

    /// It and all below it.
    pub fn each<'a>(&'a self, take: &mut dyn FnMut(&'a Node)) {
        take(self);
        self.children.iter().for_each(|child| child.each(take));
    }
}

/// The parts of a package.
pub struct Package<'a>(ZipArchive<Cursor<&'a [u8]>>);

impl<'a> Package<'a> {
    pub fn open(bytes: &'a [u8]) -> Option<Self> {
        (bytes.len() <= FILE_MOST).then(|| ZipArchive::new(Cursor::new(bytes)).ok())?.map(Self)
    }

    pub fn part(&mut self, path: &str) -> Option<Node> {
        let mut bytes = Vec::new();
        self.0.by_name(path).ok()?.take(PART_MOST + 1).read_to_end(&mut bytes).ok()?;
        let text = String::from_utf8(bytes).ok().filter(|text| text.len() as u64 <= PART_MOST)?;
        tree(&text)
    }
}

/// The tree of a well-formed text.
pub fn tree(text: &str) -> Option<Node> {
    let mut reader = Reader::from_str(text);
    let mut open = vec![Node::default()];
    loop {
        match reader.read_event().ok()? {
            Event::Start(tag) => {
                open.push(node(&tag));
                if open.len() > DEPTH_MOST {
                    return None;
                }
            }
            Event::Empty(tag) => open.last_mut()?.children.push(node(&tag)),
            Event::End(_) => {
                let done = open.pop()?;
                open.last_mut()?.children.push(done);
            }
            Event::Text(text) => open.last_mut()?.text.push_str(&text.xml10_content()),
            Event::CData(text) => open.last_mut()?.text.push_str(&text.xml10_content()),
            Event::GeneralRef(reference) => {
                let named = match &*reference.xml10_content() {
                    "amp" => Some('&'),
                    "lt" => Some('<'),
                    "gt" => Some('>'),
                    "quot" => Some('"'),
                    "apos" => Some('\''),
                    _ => reference.resolve_char_ref().ok().flatten(),
                };
                open.last_mut()?.text.extend(named);
            }
            Event::Eof => break,
            _ => {}
        }
    }
    let root = open.pop().filter(|_| open.is_empty())?;
    root.children.into_iter().next()
}

fn node(tag: &BytesStart) -> Node {
    let mut attributes = tag.attributes();
    let attributes = attributes.with_checks(false).flatten().filter_map(|attribute| {
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).ok()?.into_owned();
        Some((attribute.key.local_name().as_ref().to_owned(), value))
    });
    let attributes = attributes.collect();
    Node { name: tag.local_name().as_ref().to_owned(), attributes, ..Node::default() }
}

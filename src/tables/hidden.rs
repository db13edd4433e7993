//! Rows of a spreadsheet that nobody sees: hidden by a filter or by hand. PURE.

use std::{
    collections::BTreeSet,
    io::{BufRead, BufReader, Cursor},
};

use quick_xml::{
    Reader, XmlVersion,
    events::{BytesStart, Event},
};
use zip::ZipArchive;

const BOOK: &str = "xl/workbook.xml";
const RELATIONS: &str = "xl/_rels/workbook.xml.rels";

type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// The hidden rows of a sheet, counted from 0; none, where the file does not say in the usual way.
pub fn hidden_rows(bytes: &[u8], sheet: &str) -> BTreeSet<u32> {
    read(bytes, sheet).unwrap_or_default()
}

fn read(bytes: &[u8], sheet: &str) -> Option<BTreeSet<u32>> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
    let path = path(&mut archive, sheet)?;
    let (mut found, mut number) = (BTreeSet::new(), 0_u32);
    each_tag(&mut archive, &path, &mut |tag| {
        if tag.local_name().as_ref() == "row" {
            number = attribute(tag, "r").and_then(|row| row.parse().ok()).unwrap_or(number + 1);
            let hides = attribute(tag, "hidden").is_some_and(|hidden| matches!(&*hidden, "1" | "true"));
            found.extend(hides.then(|| number.saturating_sub(1)));
        }
    })?;
    Some(found)
}

/// The part of the archive that a sheet is.
fn path(archive: &mut Archive, sheet: &str) -> Option<String> {
    let (mut relation, mut target) = (None, None);
    each_tag(archive, BOOK, &mut |tag| {
        let is_it = tag.local_name().as_ref() == "sheet" && attribute(tag, "name").is_some_and(|name| name == sheet);
        relation = if is_it { attribute(tag, "id") } else { relation.take() };
    })?;
    let relation = relation?;
    each_tag(archive, RELATIONS, &mut |tag| {
        if attribute(tag, "Id").is_some_and(|id| id == relation) {
            target = attribute(tag, "Target");
        }
    })?;
    let target = target?;
    Some(target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned))
}

fn each_tag(archive: &mut Archive, part: &str, take: &mut dyn FnMut(&BytesStart)) -> Option<()> {
    tags(BufReader::new(archive.by_name(part).ok()?), take)
}

/// Passes on every tag that opens; none where the part is no XML.
pub(super) fn tags(part: impl BufRead, take: &mut dyn FnMut(&BytesStart)) -> Option<()> {
    let (mut reader, mut buffer) = (Reader::from_reader(part), Vec::new());
    loop {
        match reader.read_event_into(&mut buffer).ok()? {
            Event::Start(tag) | Event::Empty(tag) => take(&tag),
            Event::Eof => return Some(()),
            _ => {}
        }
        buffer.clear();
    }
}

/// An attribute by its name, whatever its prefix.
pub(super) fn attribute(tag: &BytesStart, name: &str) -> Option<String> {
    let mut all = tag.attributes();
    let found = all.with_checks(false).flatten().find(|attribute| attribute.key.local_name().as_ref() == name)?;
    found.normalized_value(XmlVersion::Implicit1_0).ok().map(|value| value.into_owned())
}

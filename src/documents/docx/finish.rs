//! What the crate cannot say: that a row is a heading, the language, the title, a name for each picture; and the order of
//! members that the schema wants (ECMA-376, part 1, annex A) and some programs insist on. PURE.

use std::io::{Cursor, Read, Write};

use quick_xml::{Reader, escape::escape, events::Event};
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter, result::ZipResult, write::SimpleFileOptions};

use super::text::held;

/// What the crate writes, and what is meant.
const NOTHING: [&str; 2] = ["<w:rPr />", ""];
const HEADING: [&str; 2] = [r#"<w:trHeight w:val="1" w:hRule="atLeast" />"#, "<w:tblHeader />"];
const LANGUAGE: [&str; 2] =
    ["</w:rPr></w:rPrDefault>", r#"<w:lang w:val="vi-VN" w:eastAsia="vi-VN" /></w:rPr></w:rPrDefault>"#];
const NOBODY: &str = "<dc:creator>unknown</dc:creator><cp:lastModifiedBy>unknown</cp:lastModifiedBy>";
const UNIT: &str = r#" w:type="dxa""#;
const PICTURE: &str = r#"<wp:docPr id="1" name="Figure" />"#;
/// Members of properties, of styles and of settings; what is none of these stands before them.
const ORDER: &str = "zoom defaultTabStop compat name qFormat pPr keepNext keepLines pBdr spacing ind tblW jc tblInd \
    tblBorders tblLayout tblCellMar rFonts b bCs i iCs color sz szCs lang rPr headerReference footerReference pgSz pgMar \
    pgNumType cols titlePg sectPr";

/// The file as it goes out: its parts finished and packed, without the clock.
pub fn finished(file: &[u8], title: &str) -> ZipResult<Vec<u8>> {
    let title = format!("<dc:title>{}</dc:title><dc:language>vi-VN</dc:language>", escape(held(title)));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    let (mut parts, mut out) = (ZipArchive::new(Cursor::new(file))?, ZipWriter::new(Cursor::new(Vec::new())));
    for at in 0..parts.len() {
        let mut part = parts.by_index(at)?;
        if part.is_dir() {
            continue;
        }
        out.start_file(part.name()?.to_string(), options)?;
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes)?;
        // Pictures are no text.
        match String::from_utf8(bytes) {
            Ok(text) => out.write_all(in_order(&meant(&text, &title)).as_bytes())?,
            Err(picture) => out.write_all(picture.as_bytes())?,
        }
    }
    Ok(out.finish()?.into_inner())
}

fn meant(text: &str, title: &str) -> String {
    let changes = [NOTHING, HEADING, LANGUAGE, [NOBODY, title]];
    let said = changes.into_iter().fold(text.to_owned(), |said, [from, to]| said.replace(from, to));
    let name = |at: usize| format!(r#"<wp:docPr id="{at}" name="QR {at}" descr="Mã kiểm tra" />"#);
    let pieces = said.split(PICTURE).enumerate();
    pieces.map(|(at, piece)| if at == 0 { piece.to_owned() } else { name(at) + piece }).collect()
}

/// The part with the members of its properties in their order; as it is, where it is no text of tags.
fn in_order(text: &str) -> String {
    inner(&mut Reader::from_str(text), text, false).unwrap_or_else(|| text.to_owned())
}

/// What stands up to the end of the tag that is open, with that end.
fn inner(reader: &mut Reader<&[u8]>, text: &str, is_sorted: bool) -> Option<String> {
    let mut members = Vec::new();
    loop {
        let from = reader.buffer_position() as usize;
        let event = reader.read_event().ok()?;
        let piece = &text[from..reader.buffer_position() as usize];
        let (name, member) = match event {
            Event::Start(tag) => {
                let name = tag.local_name().as_ref().to_owned();
                let is_sorted = name.ends_with("Pr") || name == "style" || name == "settings";
                (name, piece.to_owned() + &inner(reader, text, is_sorted)?)
            }
            // A column's width has no unit in the schema.
            Event::Empty(tag) if tag.local_name().as_ref() == "gridCol" => (String::new(), piece.replace(UNIT, "")),
            Event::Empty(tag) => (tag.local_name().as_ref().to_owned(), piece.to_owned()),
            Event::End(_) | Event::Eof => {
                if is_sorted {
                    members
                        .sort_by_key(|(name, _): &(String, String)| ORDER.split(' ').position(|known| known == name));
                }
                return Some(members.into_iter().map(|(_, member)| member).collect::<String>() + piece);
            }
            _ => (String::new(), piece.to_owned()),
        };
        members.push((name, member));
    }
}

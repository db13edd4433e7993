//! Limits of a spreadsheet: parts, bytes and their ratio are counted during decompression, before any content is kept.
//! Sizes that the file itself declares are ignored. Addresses of cells lie within the largest sheet. PURE.

use std::io::{BufRead, BufReader, Cursor, Read};

use zip::ZipArchive;

use super::hidden::{attribute, tags};

const PARTS_MOST: usize = 256;
const BYTES_MOST: u64 = 48 * 1024 * 1024;
/// Maximum bytes of the shared strings.
const SHARED_MOST: u64 = 16 * 1024 * 1024;
/// Maximum bytes of parts that are read completely: styles, relations, the list of sheets.
const WHOLE_MOST: u64 = 1024 * 1024;
/// More bytes inflated for one sent than sheets have; counted from the first MiB on.
const RATIO_MOST: u64 = 120;
/// Columns and rows of the largest sheet: its last cell is XFD1048576.
const COLUMNS_MOST: u32 = 16_384;
const ROWS_MOST: u32 = 1_048_576;
/// What every part's entry of the archive's list begins with.
const ENTRY: &[u8] = b"PK\x01\x02";

/// The finding code of a refused file.
pub fn check(bytes: &[u8]) -> Result<(), &'static str> {
    // Counted before the archive's list is read, for reading takes memory for each.
    if bytes.windows(ENTRY.len()).filter(|window| *window == ENTRY).take(PARTS_MOST + 1).count() > PARTS_MOST {
        return Err("sheet_too_large");
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| "sheet_unreadable")?;
    let (mut total, mut buffer) = (0, vec![0; 64 * 1024]);
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).map_err(|_| "sheet_unreadable")?;
        let name = lower(&part.name().map_err(|_| "sheet_unreadable")?);
        let (most, mut size) = (most(&name), 0);
        loop {
            let read = part.read(&mut buffer).map_err(|_| "sheet_unreadable")? as u64;
            if read == 0 {
                break;
            }
            size += read;
            total += read;
            let ratio = total / (bytes.len() as u64).max(1);
            if size > most || total > BYTES_MOST || total > 1024 * 1024 && ratio > RATIO_MOST {
                return Err("sheet_too_large");
            }
        }
        drop(part);
        let part = archive.by_index(index).map_err(|_| "sheet_unreadable")?;
        if is_sheet(&name) && !is_addressed_within(BufReader::new(part)) {
            return Err("sheet_unreadable");
        }
    }
    Ok(())
}

fn lower(name: &str) -> String {
    name.to_lowercase().replace('\\', "/")
}

fn is_sheet(name: &str) -> bool {
    name.contains("worksheets/") && name.ends_with(".xml")
}

/// Whether every address in a sheet is one: the library adds up the others beyond its numbers.
fn is_addressed_within(sheet: impl BufRead) -> bool {
    let mut within = true;
    let read = tags(sheet, &mut |tag| {
        let address = match tag.local_name().as_ref() {
            "c" | "row" => attribute(tag, "r"),
            "dimension" | "mergeCell" | "f" => attribute(tag, "ref"),
            _ => None,
        };
        within &= address.is_none_or(|address| address.split(':').all(is_address));
    });
    // What is no XML is the reader's to refuse.
    read.is_none() || within
}

/// `B7`, `$B$7`, or a row or a column alone.
fn is_address(address: &str) -> bool {
    let plain = address.replace('$', "");
    let (letters, digits) = plain.split_at(plain.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(plain.len()));
    let place = |letter: u8| u32::from(letter.to_ascii_uppercase() - b'A') + 1;
    let column = letters.bytes().fold(0_u32, |left, letter| left.saturating_mul(26).saturating_add(place(letter)));
    let row = if digits.is_empty() { Ok(0) } else { digits.parse::<u32>() };
    column <= COLUMNS_MOST && row.is_ok_and(|row| row <= ROWS_MOST)
}

fn most(name: &str) -> u64 {
    match name {
        name if is_sheet(name) => BYTES_MOST,
        name if name.ends_with("sharedstrings.xml") => SHARED_MOST,
        name if name.ends_with(".xml") || name.ends_with(".rels") => WHOLE_MOST,
        _ => BYTES_MOST,
    }
}

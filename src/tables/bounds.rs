//! Limits of a spreadsheet: parts, bytes and their ratio are counted during decompression, before any content is kept.
//! Sizes that the file itself declares are ignored. PURE.

use std::io::{Cursor, Read};

use zip::ZipArchive;

const PARTS_MOST: usize = 256;
const BYTES_MOST: u64 = 48 * 1024 * 1024;
/// Maximum bytes of the shared strings.
const SHARED_MOST: u64 = 16 * 1024 * 1024;
/// Maximum bytes of parts that are read completely: styles, relations, the list of sheets.
const WHOLE_MOST: u64 = 1024 * 1024;
/// More bytes inflated for one sent than sheets have; counted from the first MiB on.
const RATIO_MOST: u64 = 120;
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
        let most = most(&part.name().map_err(|_| "sheet_unreadable")?);
        let mut size = 0;
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
    }
    Ok(())
}

fn most(name: &str) -> u64 {
    let name = name.to_lowercase().replace('\\', "/");
    match name.as_str() {
        name if name.contains("worksheets/") && name.ends_with(".xml") => BYTES_MOST,
        name if name.ends_with("sharedstrings.xml") => SHARED_MOST,
        name if name.ends_with(".xml") || name.ends_with(".rels") => WHOLE_MOST,
        _ => BYTES_MOST,
    }
}

//! Whether a ZIP is the office document that its name says, by its directory alone (APPNOTE 4.3.12 and 4.3.16): nothing
//! is unpacked here, so that nothing can unpack itself on us, and what would on a reader's desk is refused. PURE.

use std::collections::BTreeSet;

/// What an office document may unpack to.
const UNPACKED_MOST: u64 = 200 * 1024 * 1024;

const END: &[u8] = b"PK\x05\x06";
const END_LENGTH: usize = 22;
const ENTRY: &[u8] = b"PK\x01\x02";
const ENTRY_LENGTH: usize = 46;

/// An entry as the directory describes it.
struct Entry<'a> {
    name: &'a [u8],
    encrypted: bool,
    packed: u64,
    unpacked: u64,
}

/// The code of what is wrong with an archive of `size` bytes that ends with `tail` and must hold `part`.
pub fn check(tail: &[u8], size: u64, part: &str) -> Result<(), &'static str> {
    let entries = directory(tail, size).ok_or("file_damaged")?;
    let names: BTreeSet<&[u8]> = entries.iter().map(|entry| entry.name).collect();
    if !names.contains(&b"[Content_Types].xml"[..]) || !names.contains(part.as_bytes()) {
        return Err("file_kind_differs");
    }
    let sum = |of: fn(&Entry) -> u64| entries.iter().map(of).fold(0, u64::saturating_add);
    // Entries that share bytes pack more than there is.
    let safe = names.len() == entries.len()
        && sum(|entry| entry.unpacked) <= UNPACKED_MOST
        && sum(|entry| entry.packed) <= size
        && entries.iter().all(|entry| !entry.encrypted && is_plain(entry.name));
    if !safe {
        return Err("archive_unsafe");
    }
    Ok(())
}

/// A name within the archive, and no program.
fn is_plain(name: &[u8]) -> bool {
    let Ok(name) = std::str::from_utf8(name) else { return false };
    let runs = name.to_ascii_lowercase().ends_with("vbaproject.bin");
    let leaves = name.starts_with('/') || name.split('/').any(|part| part == "..");
    !runs && !leaves && !name.contains(['\\', ':', '\0'])
}

/// The entries, where the directory stands whole at the very end: nothing before the archive, nothing behind it.
fn directory(tail: &[u8], size: u64) -> Option<Vec<Entry<'_>>> {
    let last = tail.len().checked_sub(END_LENGTH)?;
    let is_end =
        |at: &usize| tail[*at..].starts_with(END) && *at + END_LENGTH + short(tail, at + 20) as usize == tail.len();
    let end = (last.saturating_sub(usize::from(u16::MAX))..=last).rev().find(is_end)?;
    let (count, length, offset) = (short(tail, end + 10), long(tail, end + 12), long(tail, end + 16));
    let before = size.checked_sub(tail.len() as u64)?;
    if offset + length != before + end as u64 {
        return None;
    }
    let mut at = usize::try_from(offset.checked_sub(before)?).ok()?;
    let mut entries = Vec::new();
    while at < end {
        let head = tail.get(at..at + ENTRY_LENGTH)?;
        if !head.starts_with(ENTRY) {
            return None;
        }
        let name = at + ENTRY_LENGTH..at + ENTRY_LENGTH + short(head, 28) as usize;
        let behind = short(head, 30) + short(head, 32);
        entries.push(Entry {
            name: tail.get(name.clone())?,
            encrypted: head[8] & 1 == 1,
            packed: long(head, 20),
            unpacked: long(head, 24),
        });
        at = name.end + behind as usize;
    }
    (at == end && entries.len() as u64 == count).then_some(entries)
}

/// Little-endian numbers, of places that stand within.
fn short(bytes: &[u8], at: usize) -> u64 {
    u64::from(u16::from_le_bytes([bytes[at], bytes[at + 1]]))
}

fn long(bytes: &[u8], at: usize) -> u64 {
    u64::from(u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]))
}

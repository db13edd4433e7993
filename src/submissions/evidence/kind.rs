//! What a document may be, told by its name and its bytes together. PURE.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::archive;
use crate::finding::Finding;

/// Bytes of a file at its start, and at its end, that tell what it is.
pub const HEAD: usize = 64;
pub const TAIL: usize = 256 * 1024;

const NAME_LENGTH: RangeInclusive<usize> = 1..=200;

/// Kinds of documents that are taken. Nothing that a browser would run, and nothing with macros.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Pdf,
    Docx,
    Xlsx,
    Png,
    Jpeg,
}

impl Kind {
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
        }
    }

    /// By the last extension, which is what opens the file.
    fn by_name(name: &str) -> Option<Self> {
        let (stem, extension) = name.rsplit_once('.')?;
        if stem.is_empty() {
            return None;
        }
        match extension.to_ascii_lowercase().as_str() {
            "pdf" => Some(Self::Pdf),
            "docx" => Some(Self::Docx),
            "xlsx" => Some(Self::Xlsx),
            "png" => Some(Self::Png),
            "jpg" | "jpeg" => Some(Self::Jpeg),
            _ => None,
        }
    }

    /// Some programs write a byte order mark or a blank line before a PDF's header; readers pass over them.
    fn begins(self, head: &[u8]) -> bool {
        let head = match self {
            Self::Pdf => head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start(),
            _ => head,
        };
        head.starts_with(match self {
            Self::Pdf => b"%PDF-",
            Self::Docx | Self::Xlsx => b"PK\x03\x04",
            Self::Png => b"\x89PNG\r\n\x1a\n",
            Self::Jpeg => b"\xff\xd8\xff",
        })
    }

    /// Whether it ends as a whole one does. Cameras write more behind a JPEG's end.
    fn ends(self, tail: &[u8]) -> bool {
        let late = |length: usize| &tail[tail.len().saturating_sub(length)..];
        let within = |bytes: &[u8], sought: &[u8]| bytes.windows(sought.len()).any(|part| part == sought);
        match self {
            Self::Pdf => within(late(1024), b"%%EOF"),
            Self::Png => tail.ends_with(b"IEND\xaeB`\x82"),
            Self::Jpeg => within(tail, b"\xff\xd9"),
            // Their directory tells.
            Self::Docx | Self::Xlsx => true,
        }
    }
}

/// A file's name as it may be stored and given back: no path, nothing unseen, an extension that we take.
pub fn check_name(name: &str) -> Result<Kind, Finding> {
    let unusable = |c: char| c.is_control() || is_invisible(c) || r#"/\:*?"<>|"#.contains(c);
    let trimmed = name.trim_matches(|c: char| c.is_whitespace() || c == '.') == name;
    if !trimmed || !NAME_LENGTH.contains(&name.chars().count()) || name.chars().any(unusable) {
        return Err(Finding::new("/file", "file_name_unusable"));
    }
    Kind::by_name(name).ok_or_else(|| Finding::new("/file", "file_kind_refused"))
}

/// Characters that show nothing or turn the direction of writing, and so make a name look like another.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{61C}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

/// Whether a file is what its name says, by its first [`HEAD`] bytes, its last [`TAIL`] and its size.
pub fn check_content(kind: Kind, head: &[u8], tail: &[u8], size: u64) -> Option<Finding> {
    let code = if size == 0 {
        "file_empty"
    } else if !kind.begins(head) {
        "file_kind_differs"
    } else if !kind.ends(tail) {
        "file_damaged"
    } else {
        let part = match kind {
            Kind::Docx => "word/document.xml",
            Kind::Xlsx => "xl/workbook.xml",
            _ => return None,
        };
        archive::check(tail, size, part).err()?
    };
    Some(Finding::new("/file", code))
}

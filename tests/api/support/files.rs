//! Documents as officials send them, and as nobody should.

use reqwest::Method;

use super::client::{Client, Request};

const BOUNDARY: &str = "----thidua";

/// A part of a multipart body.
pub struct Part {
    head: String,
    body: Vec<u8>,
}

impl Part {
    pub fn file(name: &str, body: impl Into<Vec<u8>>) -> Self {
        let head =
            format!("Content-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: text/html");
        Self { head, body: body.into() }
    }

    pub fn text(name: &str, text: &str) -> Self {
        Self { head: format!("Content-Disposition: form-data; name=\"{name}\""), body: text.into() }
    }
}

/// The parts as one body.
pub fn multipart(parts: &[Part], boundary: &str) -> Vec<u8> {
    let mut body = Vec::new();
    for part in parts {
        body.extend(format!("--{boundary}\r\n{}\r\n\r\n", part.head).into_bytes());
        body.extend(&part.body);
        body.extend(b"\r\n");
    }
    body.extend(format!("--{boundary}--\r\n").into_bytes());
    body
}

impl Client {
    /// Hands evidence in for the report at `place`.
    pub fn upload(&self, place: &str, parts: &[Part]) -> Request {
        self.upload_raw(place, multipart(parts, BOUNDARY), BOUNDARY)
    }

    pub fn upload_raw(&self, place: &str, body: Vec<u8>, boundary: &str) -> Request {
        let request = self.request(Method::POST, &format!("{place}/evidence"));
        request.body(&format!("multipart/form-data; boundary={boundary}"), body)
    }
}

/// A PDF that says this.
pub fn pdf(words: &str) -> Vec<u8> {
    format!("%PDF-1.7\n% {words}\ntrailer\n%%EOF\n").into_bytes()
}

pub fn png() -> Vec<u8> {
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\0IEND\xaeB`\x82".to_vec()
}

pub fn jpeg() -> Vec<u8> {
    b"\xff\xd8\xff\xe0\0\x10JFIF\0\xff\xd9SEFT".to_vec()
}

/// An entry of an archive: its name, what its directory says it unpacks to, its flags.
pub type Entry<'a> = (&'a str, u32, u16);

/// An archive with empty entries, whatever its directory says of them.
pub fn zip(entries: &[Entry]) -> Vec<u8> {
    let (mut body, mut directory) = (Vec::new(), Vec::new());
    for (name, unpacked, flags) in entries {
        let length = u16::try_from(name.len()).expect("a short name").to_le_bytes();
        directory.extend(b"PK\x01\x02\x14\0\x14\0");
        directory.extend(flags.to_le_bytes());
        directory.extend([0; 10]);
        directory.extend(0u32.to_le_bytes());
        directory.extend(unpacked.to_le_bytes());
        directory.extend(length);
        directory.extend([0; 12]);
        directory.extend(u32::try_from(body.len()).expect("a small archive").to_le_bytes());
        directory.extend(name.as_bytes());
        body.extend(b"PK\x03\x04\x14\0\0\0");
        body.extend([0; 18]);
        body.extend(length);
        body.extend([0; 2]);
        body.extend(name.as_bytes());
    }
    let count = u16::try_from(entries.len()).expect("few entries").to_le_bytes();
    let offset = u32::try_from(body.len()).expect("a small archive").to_le_bytes();
    let length = u32::try_from(directory.len()).expect("a small archive").to_le_bytes();
    body.extend(&directory);
    body.extend(b"PK\x05\x06\0\0\0\0");
    body.extend(count);
    body.extend(count);
    body.extend(length);
    body.extend(offset);
    body.extend([0; 2]);
    body
}

pub const CONTENT_TYPES: Entry = ("[Content_Types].xml", 1_000, 0);
pub const DOCUMENT_XML: Entry = ("word/document.xml", 9_000, 0);
pub const WORKBOOK_XML: Entry = ("xl/workbook.xml", 9_000, 0);

pub fn docx() -> Vec<u8> {
    zip(&[CONTENT_TYPES, DOCUMENT_XML])
}

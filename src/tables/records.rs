//! Records of a CSV text (RFC 4180), read strictly: a quotation mark that opens begins its cell, one that closes ends it,
//! and any other within a cell without quotes is a character. PURE.

use std::borrow::Cow;

use crate::finding::Finding;

/// The cells of a record, by the line on which it begins.
#[derive(Debug, PartialEq)]
pub struct Record<'a> {
    pub line: usize,
    pub cells: Vec<Cow<'a, str>>,
}

pub struct Records<'a> {
    rest: &'a str,
    delimiter: u8,
    line: usize,
}

/// A quotation mark at the wrong place: where it is, and where the cell's opening one is.
struct Misquoted {
    code: &'static str,
    line: usize,
    opened: usize,
}

impl<'a> Records<'a> {
    /// Reads `text`, whose first line has this number.
    pub fn of(text: &'a str, delimiter: u8, line: usize) -> Self {
        Self { rest: text, delimiter, line }
    }

    fn cell(&mut self) -> Result<Cow<'a, str>, Misquoted> {
        match self.rest.strip_prefix('"') {
            Some(rest) => {
                self.rest = rest;
                self.quoted().map(Cow::Owned)
            }
            None => {
                let ends = |b: u8| b == self.delimiter || is_line_end(b);
                let (cell, rest) = self.rest.split_at(self.rest.bytes().position(ends).unwrap_or(self.rest.len()));
                self.rest = rest;
                Ok(Cow::Borrowed(cell))
            }
        }
    }

    /// The cell behind its opening mark, up to and with the closing one.
    fn quoted(&mut self) -> Result<String, Misquoted> {
        let (mut text, opened) = (String::new(), self.line);
        loop {
            let Some((part, rest)) = self.rest.split_once('"') else {
                self.line += lines(self.rest);
                self.rest = "";
                return Err(Misquoted { code: "quote_open", line: opened, opened });
            };
            text.push_str(part);
            self.line += lines(part);
            self.rest = rest;
            match rest.as_bytes().first() {
                Some(b'"') => {
                    text.push('"');
                    self.rest = &rest[1..];
                }
                Some(next) if *next != self.delimiter && !is_line_end(*next) => {
                    return Err(Misquoted { code: "quote_misplaced", line: self.line, opened });
                }
                _ => return Ok(text),
            }
        }
    }

    /// Goes on behind the end of the line. What follows a cell that closes on another line than it opens is not known to
    /// be outside quotes, and is passed over.
    fn recover(&mut self, at: &Misquoted) {
        let end = self.rest.bytes().position(is_line_end).filter(|_| at.line == at.opened);
        self.rest = end.map_or("", |end| &self.rest[end..]);
        self.end_line();
    }

    fn end_line(&mut self) {
        let rest = self.rest.strip_prefix("\r\n").or_else(|| self.rest.strip_prefix(['\r', '\n']));
        self.line += usize::from(rest.is_some());
        self.rest = rest.unwrap_or(self.rest);
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Result<Record<'a>, Finding>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let mut record = Record { line: self.line, cells: Vec::new() };
        loop {
            match self.cell() {
                Ok(cell) => record.cells.push(cell),
                Err(at) => {
                    self.recover(&at);
                    let finding = Finding::new("", at.code).with("line", at.line).with("opened", at.opened);
                    return Some(Err(finding.with("row", at.line)));
                }
            }
            if self.rest.as_bytes().first() != Some(&self.delimiter) {
                self.end_line();
                return Some(Ok(record));
            }
            self.rest = &self.rest[1..];
        }
    }
}

fn is_line_end(byte: u8) -> bool {
    matches!(byte, b'\r' | b'\n')
}

/// Line ends of any kind within a text.
fn lines(text: &str) -> usize {
    let bytes = text.as_bytes();
    let ends = |at: &usize| bytes[*at] == b'\n' || bytes[*at] == b'\r' && bytes.get(at + 1) != Some(&b'\n');
    (0..bytes.len()).filter(ends).count()
}

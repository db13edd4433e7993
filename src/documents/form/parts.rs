//! Which paragraph of a document is which part of the form, found by what it says and where it stands. PURE.

use super::read::{Document, Paragraph};
use crate::finding::Finding;

pub const NATION: &str = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM";
pub const MOTTO: &str = "Độc lập - Tự do - Hạnh phúc";
pub const RECIPIENTS: &str = "Nơi nhận:";
const ADDRESSEE: &str = "Kính gửi:";
const BASES: [&str; 3] = ["Căn cứ", "Theo đề nghị", "Xét đề nghị"];
const ARTICLE: &str = "Điều ";
const APPENDIX: &str = "Phụ lục";

/// The parts of a paper, as places of its paragraphs.
#[derive(Debug, Default)]
pub struct Parts {
    pub nation: Option<usize>,
    pub motto: Option<usize>,
    /// Superior body and issuer.
    pub issuers: Vec<usize>,
    pub number: Option<usize>,
    pub day: Option<usize>,
    pub title: Option<usize>,
    pub summary: Vec<usize>,
    pub addressees: Vec<usize>,
    pub authority: Option<usize>,
    pub bases: Vec<usize>,
    pub resolves: Option<usize>,
    pub articles: Vec<usize>,
    /// Running text.
    pub body: Vec<usize>,
    /// The table in which it is signed.
    pub closing: Option<usize>,
    pub recipients: Option<usize>,
    /// Lines below «Nơi nhận».
    pub listed: Vec<usize>,
    /// Titles of appendices: «Phụ lục …».
    pub appendices: Vec<usize>,
}

impl Parts {
    pub fn of(document: &Document) -> Self {
        let mut parts = Self::default();
        let said: Vec<String> = document.paragraphs.iter().map(Paragraph::text).collect();
        let alike = |text: &str, known: &str| text.to_lowercase() == known.to_lowercase();
        parts.nation = said.iter().position(|text| alike(text, NATION));
        parts.motto = said.iter().position(|text| alike(text, MOTTO));
        let table = |at: usize| document.paragraphs[at].cell.map(|cell| cell.table);
        let head = parts.nation.or(parts.motto).and_then(table);
        parts.head(document, &said, head);
        parts.opening(document, &said);
        parts.closing(document, &said, head);
        parts.main(document, &said);
        parts.appendices = (0..said.len())
            .filter(|at| {
                document.paragraphs[*at].section > 0 && table(*at).is_none() && said[*at].starts_with(APPENDIX)
            })
            .collect();
        parts
    }

    fn head(&mut self, document: &Document, said: &[String], head: Option<usize>) {
        let within = |at: &usize| head.is_none() || document.paragraphs[*at].cell.map(|cell| cell.table) == head;
        let first = |is_it: &dyn Fn(&str) -> bool| (0..said.len()).filter(within).find(|at| is_it(&said[*at]));
        self.number = first(&|text| text.starts_with("Số:"));
        self.day = first(&|text| text.contains("ngày") && text.contains("tháng") && text.contains("năm"));
        let is_issuer = |at: &usize| {
            let cell = document.paragraphs[*at].cell;
            head.is_some() && cell.is_some_and(|cell| (cell.row, cell.column) == (0, 0)) && !said[*at].is_empty()
        };
        self.issuers = (0..said.len()).filter(within).filter(is_issuer).filter(|at| Some(*at) != self.number).collect();
    }

    /// Type and trích yếu: the bold lines below the head.
    fn opening(&mut self, document: &Document, said: &[String]) {
        let is_below = |at: &usize| {
            let paragraph = &document.paragraphs[*at];
            paragraph.cell.is_none() && paragraph.section == 0 && Some(*at) > self.nation
        };
        let mut lines = (0..said.len()).filter(is_below);
        self.title = lines.find(|at| !said[*at].is_empty());
        for at in lines {
            let is_bold = document.paragraphs[at].all(|look| look.is_bold());
            if said[at].is_empty() || !is_bold || document.paragraphs[at].placed.align() != "center" {
                break;
            }
            self.summary.push(at);
        }
    }

    fn closing(&mut self, document: &Document, said: &[String], head: Option<usize>) {
        self.recipients = (0..said.len()).find(|at| said[*at] == RECIPIENTS);
        let by_recipients = self.recipients.and_then(|at| document.paragraphs[at].cell).map(|cell| cell.table);
        let last = (0..document.tables.len()).rev().find(|at| {
            let table = &document.tables[*at];
            table.section == 0 && !table.is_list && Some(*at) != head
        });
        self.closing = by_recipients.or(last);
        if let Some(label) = self.recipients {
            let cell = document.paragraphs[label].cell;
            let beside = (label + 1..said.len()).take_while(|at| document.paragraphs[*at].cell == cell);
            self.listed = beside.filter(|at| said[*at].starts_with('-')).collect();
        }
    }

    /// What stands between trích yếu and the signature.
    fn main(&mut self, document: &Document, said: &[String]) {
        let from = self.summary.last().copied().or(self.title).map_or(0, |at| at + 1);
        let of_closing = |paragraph: &Paragraph| paragraph.cell.is_some_and(|cell| Some(cell.table) == self.closing);
        let to = document.paragraphs.iter().position(of_closing).unwrap_or(said.len());
        let mut is_addressed = false;
        for (at, text) in said.iter().enumerate().take(to).skip(from) {
            let paragraph = &document.paragraphs[at];
            if paragraph.section > 0 || paragraph.cell.is_some() || text.is_empty() {
                continue;
            }
            if text.starts_with(ADDRESSEE) || is_addressed && text.starts_with('-') {
                is_addressed = text == ADDRESSEE || is_addressed;
                self.addressees.push(at);
                continue;
            }
            is_addressed = false;
            let is_centred = paragraph.placed.align() == "center";
            let before_all = self.resolves.is_none() && self.body.is_empty();
            if before_all && BASES.iter().any(|base| text.starts_with(base)) {
                self.bases.push(at);
            } else if text.to_uppercase().starts_with("QUYẾT ĐỊNH:") {
                self.resolves = Some(at);
            } else if before_all && self.bases.is_empty() && is_centred && self.authority.is_none() {
                self.authority = Some(at);
            } else {
                if text.starts_with(ARTICLE) {
                    self.articles.push(at);
                }
                self.body.push(at);
            }
        }
    }
}

/// A finding at a paragraph, with its words.
pub fn at(document: &Document, place: usize, code: &'static str) -> Finding {
    let text = document.paragraphs[place].text().replace('\n', " ");
    let short: String = text.chars().take(60).collect();
    Finding::new(format!("/paragraphs/{place}"), code).with("text", short)
}

/// A finding of what is nowhere, or of the whole.
pub fn nowhere(code: &'static str) -> Finding {
    Finding::new("", code)
}

pub fn is_capital(text: &str) -> bool {
    text == text.to_uppercase() && text.chars().any(char::is_alphabetic)
}

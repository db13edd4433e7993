//! A paper as an answer: a document, its lists as a workbook, its pages.

use std::{collections::BTreeMap, convert::Infallible};

use actix_web::{HttpRequest, HttpResponse};

use super::pages::pages;
use crate::{
    app::App,
    documents::{PaperKind, Template, Values, docx, fill, xlsx},
    http::{Error, Result, accepted, file},
};

const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
/// Kinds of communes, as their names begin.
const KINDS: [&str; 3] = ["xã", "phường", "đặc khu"];
const PDF: &str = "application/pdf";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// How a paper is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Document,
    Lists,
    Pages,
}

impl Kind {
    /// By `Accept`; a document, where it does not say (406 if it takes none of them).
    pub fn asked(req: &HttpRequest) -> Result<Self> {
        Ok(match accepted(req, &[DOCX, XLSX, PDF])? {
            XLSX => Self::Lists,
            PDF => Self::Pages,
            _ => Self::Document,
        })
    }
}

/// The paper of a code, one of those that there are here (404).
pub fn paper(code: &str, here: &[PaperKind]) -> Result<PaperKind> {
    here.iter().copied().find(|paper| paper.code() == code).ok_or_else(|| Error::missing("paper"))
}

/// How papers call a locality: `xã Hồng Vân` within a sentence, `Hồng Vân` before a day.
pub fn place(name: &str) -> BTreeMap<String, String> {
    let kind = KINDS.iter().find(|kind| name.to_lowercase().starts_with(&format!("{kind} ")));
    let bare = kind.map_or(name, |kind| name[kind.len()..].trim_start());
    let within = kind.map_or_else(|| name.to_owned(), |kind| format!("{kind} {bare}"));
    BTreeMap::from([("xa".to_owned(), within), ("dia_danh".to_owned(), bare.to_owned())])
}

/// The paper that a wording says with these values. A wording that was right once may lack what papers need by now (422).
pub async fn answer(app: &App, wording: &Template, values: &Values, kind: Kind, name: &str) -> Result<HttpResponse> {
    let paper = fill(wording, values).map_err(|findings| Error::of("content_invalid").because(findings))?;
    match kind {
        Kind::Document => file(DOCX, &format!("{name}.docx"), docx(&paper)),
        Kind::Lists => file(XLSX, &format!("{name}.xlsx"), xlsx(&paper)),
        Kind::Pages => {
            let document = docx(&paper).map_err(Error::internal)?;
            let pages = pages(app, document).await?;
            file(PDF, &format!("{name}.pdf"), Ok::<_, Infallible>(pages))
        }
    }
}

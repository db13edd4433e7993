//! A paper as an answer: a document, its lists as a workbook, its pages.

use std::{collections::BTreeMap, convert::Infallible};

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{ETAG, HeaderValue, IF_NONE_MATCH},
};
use sha2::{Digest, Sha256};

use super::pages::pages;
use crate::{
    app::App,
    canonical::hex,
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

    fn extension(self) -> &'static str {
        match self {
            Self::Document => "docx",
            Self::Lists => "xlsx",
            Self::Pages => "pdf",
        }
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

/// The paper that a wording says with these values, tagged by its digest. A wording that was right once may lack what papers
/// need by now (422).
pub async fn answer(
    (app, req): (&App, &HttpRequest),
    (wording, values): (&Template, &Values),
    kind: Kind,
    name: &str,
) -> Result<HttpResponse> {
    let paper = fill(wording, values).map_err(|findings| Error::of("content_invalid").because(findings))?;
    let document = docx(&paper).map_err(Error::internal)?;
    let tag = format!("\"{}-{}\"", &hex(&Sha256::digest(&document))[..32], kind.extension());
    let held = req.headers().get(IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    if held.is_some_and(|held| held.split(',').any(|one| one.trim() == tag)) {
        return Ok(HttpResponse::NotModified().insert_header((ETAG, tag)).finish());
    }
    let name = format!("{name}.{}", kind.extension());
    let mut answer = match kind {
        Kind::Document => file(DOCX, &name, Ok::<_, Infallible>(document)),
        Kind::Lists => file(XLSX, &name, xlsx(&paper)),
        Kind::Pages => file(PDF, &name, Ok::<_, Infallible>(pages(app, document).await?)),
    }?;
    answer.headers_mut().insert(ETAG, HeaderValue::try_from(tag).map_err(Error::internal)?);
    Ok(answer)
}

//! A document on its way in: part after part as they come, counted and hashed, into a file without a name that is gone
//! with the process. No connection to the database waits for a slow sender, and no more than a piece is held in memory.

use std::{io::SeekFrom, time::Duration};

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::{HttpMessage, HttpRequest, error::PayloadError, http::header::CONTENT_ENCODING, web::Bytes};
use futures_util::{Stream, StreamExt};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use tokio::{
    fs::File,
    io::{AsyncReadExt, AsyncSeekExt},
};

use super::{
    about::{self, About},
    kind::{self, HEAD, Kind, TAIL},
};
use crate::{
    finding::Finding,
    http::{BodyDigest, BodyTime, Error, Result, Spool, clean, from_value},
};

/// Most bytes of a file, and of what is said of it.
pub const FILE_MOST: u64 = 20 * 1024 * 1024;
const TEXT_MOST: usize = 16 * 1024;

/// Names of the parts that are texts.
const TEXTS: [&str; 5] = ["number", "date", "issuer", "excerpt", "link"];

/// A file that came whole.
pub struct Received {
    pub name: String,
    pub kind: Kind,
    pub size: u64,
    pub sha256: [u8; 32],
    pub bytes: File,
}

/// What was sent, found right.
pub struct Upload {
    pub about: About,
    pub file: Option<Received>,
}

/// A file before it is judged.
struct Spooled {
    name: String,
    size: u64,
    sha256: [u8; 32],
    head: Vec<u8>,
    bytes: File,
}

impl Upload {
    /// Reads the whole request, or says what is wrong with it: its form (400), its size (413), its content (422).
    pub async fn receive(req: &HttpRequest, mut parts: Multipart) -> Result<Self> {
        if req.headers().get(CONTENT_ENCODING).is_some_and(|encoding| encoding != "identity") {
            return Err(Error::of("multipart_needed"));
        }
        let patience = req.app_data::<BodyTime>().map_or(Duration::from_secs(30), |time| time.0);
        let (mut texts, mut file) = (Map::new(), None);
        while let Some(part) = next(&mut parts, patience).await? {
            let name = part.name().unwrap_or_default().to_owned();
            if texts.contains_key(&name) || name == "file" && file.is_some() {
                return Err(refused(Finding::new(format!("/{name}"), "duplicate_key").with("name", name)));
            }
            if name == "file" {
                // Browsers send a nameless nothing for a file that nobody chose, and an empty text likewise.
                file = Some(spool(part, patience).await?).filter(|file| !file.name.is_empty() || file.size > 0);
            } else if TEXTS.contains(&name.as_str()) {
                let text = Some(text(&name, part, patience).await?).filter(|text| !text.is_empty());
                texts.insert(name, text.into());
            } else {
                let known = ["file"].into_iter().chain(TEXTS);
                return Err(refused(Finding::unknown("", &name, known)));
            }
        }
        let about: About = from_value(Value::Object(texts))?;
        let upload = judge(about, file).await?;
        req.extensions_mut().insert(BodyDigest(upload.digest()?));
        Ok(upload)
    }

    /// The same for the same content, whatever the boundary between the parts is.
    fn digest(&self) -> Result<[u8; 32]> {
        let about = serde_json::to_vec(&self.about).map_err(Error::internal)?;
        let file = self.file.as_ref().map(|file| (&file.name, file.sha256));
        let file = serde_json::to_vec(&file).map_err(Error::internal)?;
        Ok(Sha256::new().chain_update(about).chain_update([0]).chain_update(file).finalize().into())
    }
}

async fn judge(about: About, file: Option<Spooled>) -> Result<Upload> {
    let mut findings = about::check(&about, file.is_some());
    let mut received = None;
    if let Some(mut file) = file {
        match kind::check_name(&file.name) {
            Err(finding) => findings.push(finding),
            Ok(kind) => {
                let tail = tail(&mut file.bytes, file.size).await?;
                findings.extend(kind::check_content(kind, &file.head, &tail, file.size));
                let Spooled { name, size, sha256, bytes, .. } = file;
                received = Some(Received { name, kind, size, sha256, bytes });
            }
        }
    }
    Error::check(findings)?;
    Ok(Upload { about, file: received })
}

/// What comes next, unless it keeps us waiting.
async fn next<T>(
    stream: &mut (impl Stream<Item = Result<T, MultipartError>> + Unpin),
    patience: Duration,
) -> Result<Option<T>> {
    let came = tokio::time::timeout(patience, stream.next()).await.map_err(|_| Error::of("body_too_slow"))?;
    came.transpose().map_err(|error| match error {
        MultipartError::ContentTypeMissing
        | MultipartError::ContentTypeParse
        | MultipartError::ContentTypeIncompatible => Error::of("multipart_needed"),
        MultipartError::Payload(PayloadError::Overflow) => Error::of("body_too_large").with("most", "20 MiB"),
        _ => Error::of("multipart_malformed"),
    })
}

fn refused(finding: Finding) -> Error {
    Error::of("body_invalid").because(vec![finding])
}

async fn text(name: &str, mut part: Field, patience: Duration) -> Result<String> {
    let mut bytes = Vec::new();
    while let Some(piece) = next(&mut part, patience).await? {
        if bytes.len() + piece.len() > TEXT_MOST {
            return Err(Error::of("body_too_large").with("most", format!("{TEXT_MOST} B")));
        }
        bytes.extend_from_slice(&piece);
    }
    let text = String::from_utf8(bytes).map_err(|_| Error::of("multipart_malformed"))?;
    clean(text.trim()).ok_or_else(|| refused(Finding::new(format!("/{name}"), "forbidden_character")))
}

async fn spool(mut part: Field, patience: Duration) -> Result<Spooled> {
    // A name that hides something is refused with everything else, so it stays as it came until then.
    let name = part.content_disposition().and_then(|disposition| {
        let extended = disposition.get_filename_ext().and_then(|name| String::from_utf8(name.value.clone()).ok());
        extended.or_else(|| disposition.get_filename().map(str::to_owned))
    });
    let name = name.unwrap_or_default();
    let (mut head, mut spool) = (Vec::new(), Spool::new()?);
    while let Some(piece) = next::<Bytes>(&mut part, patience).await? {
        if !spool.add(&piece, FILE_MOST as usize).await? {
            return Err(Error::of("file_too_large"));
        }
        head.extend(piece.iter().take(HEAD - head.len()));
    }
    let (bytes, size, sha256) = spool.finish().await?;
    let name = clean(&name).unwrap_or(name);
    Ok(Spooled { name, size: size as u64, sha256, head, bytes })
}

/// The last bytes; the file is at its start again then.
async fn tail(file: &mut File, size: u64) -> Result<Vec<u8>> {
    let mut tail = Vec::new();
    file.seek(SeekFrom::Start(size.saturating_sub(TAIL as u64))).await.map_err(Error::internal)?;
    file.read_to_end(&mut tail).await.map_err(Error::internal)?;
    file.rewind().await.map_err(Error::internal)?;
    Ok(tail)
}

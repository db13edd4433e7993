//! A file upload: unparsed, in one of several media types, larger than other bodies. It is received into an unnamed
//! temporary file that ends with the process, so that a slow upload takes no memory.

use std::{future::Future, pin::Pin, time::Duration};

use actix_web::{
    FromRequest, HttpMessage, HttpRequest,
    dev::Payload,
    http::header::{CONTENT_ENCODING, CONTENT_TYPE},
};
use futures_util::StreamExt;
use tokio::{fs::File, io::AsyncReadExt};

use super::{
    extract::{BodyDigest, BodyTime},
    spool::Spool,
};
use crate::http::{Error, Result};

/// A file of at most `MOST` bytes.
pub struct Upload<const MOST: usize> {
    /// In lower case, without parameters.
    pub media_type: String,
    pub size: usize,
    pub sha256: [u8; 32],
    /// Positioned at its beginning.
    pub file: File,
}

impl<const MOST: usize> Upload<MOST> {
    /// The whole file.
    pub async fn bytes(mut self) -> Result<Vec<u8>> {
        let mut bytes = Vec::with_capacity(self.size);
        self.file.read_to_end(&mut bytes).await.map_err(Error::internal)?;
        Ok(bytes)
    }

    async fn receive(media_type: String, mut payload: Payload) -> Result<Self> {
        let mut spool = Spool::new()?;
        while let Some(piece) = payload.next().await {
            let piece = piece.map_err(|_| Error::of("request_invalid"))?;
            if !spool.add(&piece, MOST).await? {
                return Err(Error::of("body_too_large").with("most", format!("{} MiB", MOST / (1024 * 1024))));
            }
        }
        let (file, size, sha256) = spool.finish().await?;
        Ok(Self { media_type, size, sha256, file })
    }
}

impl<const MOST: usize> FromRequest for Upload<MOST> {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let header = |name| req.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let encoded = !matches!(header(CONTENT_ENCODING), "" | "identity");
        let media_type = header(CONTENT_TYPE).split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let time = req.app_data::<BodyTime>().map_or(Duration::from_secs(30), |time| time.0);
        let (payload, req) = (payload.take(), req.clone());
        Box::pin(async move {
            if encoded {
                return Err(Error::of("media_type_unsupported"));
            }
            let received = tokio::time::timeout(time, Self::receive(media_type, payload));
            let received = received.await.map_err(|_| Error::of("body_too_slow"))??;
            req.extensions_mut().insert(BodyDigest(received.sha256));
            Ok(received)
        })
    }
}

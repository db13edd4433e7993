//! A body that is a file: as it came, in one of several media types, larger than bodies are elsewhere.

use std::{future::Future, pin::Pin, time::Duration};

use actix_web::{
    FromRequest, HttpMessage, HttpRequest,
    dev::Payload,
    http::header::{CONTENT_ENCODING, CONTENT_TYPE},
    web::{Bytes, BytesMut},
};
use futures_util::StreamExt;
use sha2::{Digest, Sha256};

use super::{
    Error, Result,
    extract::{BodyDigest, BodyTime},
};

/// A file of at most `MOST` bytes.
pub struct Upload<const MOST: usize> {
    /// In lower case, without parameters.
    pub media_type: String,
    pub bytes: Bytes,
}

impl<const MOST: usize> FromRequest for Upload<MOST> {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let header = |name| req.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let encoded = !matches!(header(CONTENT_ENCODING), "" | "identity");
        let media_type = header(CONTENT_TYPE).split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let time = req.app_data::<BodyTime>().map_or(Duration::from_secs(30), |time| time.0);
        let (mut payload, req) = (payload.take(), req.clone());
        Box::pin(async move {
            if encoded {
                return Err(Error::of("media_type_unsupported"));
            }
            let bytes = tokio::time::timeout(time, gather(&mut payload, MOST));
            let bytes = bytes.await.map_err(|_| Error::of("body_too_slow"))??;
            req.extensions_mut().insert(BodyDigest(Sha256::digest(&bytes).into()));
            Ok(Self { media_type, bytes })
        })
    }
}

async fn gather(payload: &mut Payload, most: usize) -> Result<Bytes> {
    let mut bytes = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| Error::of("request_invalid"))?;
        if bytes.len() + chunk.len() > most {
            return Err(Error::of("body_too_large").with("most", format!("{} MiB", most / (1024 * 1024))));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.freeze())
}

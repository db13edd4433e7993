//! A file to keep as an answer.

use std::fmt::Display;

use actix_web::{
    HttpResponse,
    http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, VARY},
};

use crate::http::{Error, Result};

/// Codes are what its name is made of, so it needs no quoting.
pub fn file(media_type: &str, name: &str, bytes: Result<Vec<u8>, impl Display>) -> Result<HttpResponse> {
    let bytes = bytes.map_err(Error::internal)?;
    Ok(HttpResponse::Ok()
        .content_type(media_type)
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .insert_header((CACHE_CONTROL, "private, no-cache"))
        .insert_header((VARY, "Authorization, Accept"))
        .body(bytes))
}

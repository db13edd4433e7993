//! The page that explains the document: Swagger UI's files, which are part of the binary.

use std::{borrow::Cow, sync::Arc};

use actix_web::{
    HttpResponse, get,
    http::header::{CONTENT_ENCODING, CONTENT_TYPE},
    web::{self, Bytes, ServiceConfig},
};
use utoipa_swagger_ui::{Config, serve};

use crate::http::{Error, Result};

pub fn routes(config: &mut ServiceConfig) {
    config.service(get_file).service(web::redirect("/docs", "/docs/")).service(web::redirect("/", "/docs/"));
}

/// A file. No request copies it: it stays where it is in the binary.
#[get("/docs/{file:.*}")]
async fn get_file(file: web::Path<String>) -> Result<HttpResponse> {
    let config = Config::from("/openapi.json").persist_authorization(false);
    let found = serve(&file, Arc::new(config)).map_err(Error::internal)?;
    let file = found.ok_or_else(|| Error::of("path_unknown"))?;
    let mut response = HttpResponse::Ok();
    response.insert_header((CONTENT_TYPE, file.content_type));
    if file.gzpipped {
        response.insert_header((CONTENT_ENCODING, "gzip"));
    }
    Ok(response.body(match file.bytes {
        Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        Cow::Owned(bytes) => bytes.into(),
    }))
}

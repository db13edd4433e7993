//! An OAuth form (RFC 6749, appendix B): unknown names are ignored, duplicates refused.

use std::{future::Future, pin::Pin};

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use serde::de::DeserializeOwned;

use super::extract;
use crate::http::{Error, Result};

const TYPE: &str = "application/x-www-form-urlencoded";

pub struct Form<T>(T);

impl<T> Form<T> {
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for Form<T> {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (body, typed) =
            (extract::body(req, payload), extract::media_type(req, TYPE).map_err(|_| Error::of("form_expected")));
        Box::pin(async move {
            typed?;
            let body = body.await?;
            // Postgres holds no NUL in a text, and nothing that is sent here has any other control character.
            let mut values = form_urlencoded::parse(&body);
            if values.any(|(_, value)| value.contains(char::is_control)) {
                return Err(Error::of("invalid_request"));
            }
            serde_urlencoded::from_bytes(&body).map(Self).map_err(|_| Error::of("invalid_request"))
        })
    }
}

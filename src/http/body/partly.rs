//! Documents of which everything is told that is wrong, also where some of their values do not fit their types.

use std::marker::PhantomData;

use actix_web::{FromRequest, HttpRequest, dev::Payload, web::Bytes};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{
    extract::{Extracting, json_body},
    json::{read, strict},
    misfits::{Mended, Stand, may_be_missing, mended},
};
use crate::{
    finding::Finding,
    http::{Error, Result},
};

/// What a check finds in a document; 400 where something does not fit `T`, with what is found in the rest. A finding
/// counts if it comes whatever stands in place of what does not fit, and if it is not about that.
pub fn read_and_check<T: DeserializeOwned>(bytes: &[u8], check: impl Fn(&T) -> Vec<Finding>) -> Result<Vec<Finding>> {
    let refused = match read::<T>(bytes) {
        Ok(document) => return Ok(check(&document)),
        Err(refused) => refused,
    };
    let Ok(value) = strict(bytes) else { return Err(refused) };
    let (first, second) = (mended::<T>(value.clone(), Stand::First), mended::<T>(value.clone(), Stand::Second));
    let (Mended { value: Some(one), findings, whole: true }, Some(other)) = (first, second.value) else {
        return Err(refused);
    };
    let also = check(&other);
    let about =
        |finding: &Finding| findings.iter().any(|misfit| is_within(&finding.pointer, concerned(&value, misfit)));
    let rest: Vec<Finding> =
        check(&one).into_iter().filter(|finding| also.contains(finding) && !about(finding)).collect();
    Err(Error::of(refused.code()).because(findings.into_iter().chain(rest).collect()))
}

/// The place of which nothing can be said: of a misspelt member all that has it, where the member is missing there.
fn concerned<'a>(document: &Value, misfit: &'a Finding) -> &'a str {
    let above = misfit.pointer.rsplit_once('/').map_or("", |(above, _)| above);
    if misfit.code == "unknown_field" && may_be_missing(document, misfit) { above } else { &misfit.pointer }
}

fn is_within(place: &str, above: &str) -> bool {
    place.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// A JSON body that is read where it is checked.
pub struct Unread<T>(Bytes, PhantomData<T>);

impl<T: DeserializeOwned> Unread<T> {
    /// What a check finds, as [`read_and_check`] does.
    pub fn check(&self, check: impl Fn(&T) -> Vec<Finding>) -> Result<Vec<Finding>> {
        read_and_check(&self.0, check)
    }
}

impl<T: 'static> FromRequest for Unread<T> {
    type Error = Error;
    type Future = Extracting<Self>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let body = json_body(req, payload);
        Box::pin(async move { Ok(Self(body.await?, PhantomData)) })
    }
}

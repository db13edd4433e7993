//! The body of a `PUT`: what `GET` answers may be sent back. Members that only the answer has are set aside, and compared
//! with what is there when the content is checked.

use actix_web::{FromRequest, HttpRequest, dev::Payload, web::Data};
use serde::{Serialize, de::DeserializeOwned};
use validator::Validate;

use super::{
    extract::{Extracting, Json, body, media_type},
    json,
    read_only::{Sent, differences},
};
use crate::http::{Error, Operations, Result, path_of};

pub struct PutJson<T> {
    body: Json<T>,
    set_aside: Vec<Sent>,
}

impl<T> PutJson<T> {
    /// Whether something was sent that must equal what is there.
    pub fn is_compared(&self) -> bool {
        !self.set_aside.is_empty()
    }

    /// Refuses what differs from the answer of the present state; null where there is nothing yet (422).
    pub fn compare(&self, there: impl Serialize) -> Result<()> {
        let there = serde_json::to_value(there).map_err(Error::internal)?;
        Error::check(differences(&self.set_aside, &there))
    }

    pub fn unjudged(self) -> T {
        self.body.unjudged()
    }
}

impl<T: Validate> PutJson<T> {
    /// The body, with its content checked (422 with all findings).
    pub fn valid(self) -> Result<T> {
        self.body.valid()
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for PutJson<T> {
    type Error = Error;
    type Future = Extracting<Self>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let body = body(req, payload);
        let typed = media_type(req, "application/json");
        let shape = req
            .app_data::<Data<Operations>>()
            .and_then(|operations| operations.at(path_of(req), req.method())?.read_only.clone());
        Box::pin(async move {
            typed?;
            let mut body: serde_json::Value = json::read(&body.await?)?;
            let set_aside = shape.map(|shape| shape.take(&mut body)).unwrap_or_default();
            Ok(Self { body: Json::of(json::from_value(body)?), set_aside })
        })
    }
}

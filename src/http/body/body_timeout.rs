//! Timeout for request bodies that no handler reads to the end. The framework waits without limit for the rest of a
//! dropped chunked body; a body that is still held when the response ends makes it close the connection instead. So the
//! response holds it.

use std::{
    cell::RefCell,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll},
};

use actix_web::{
    HttpMessage,
    body::{BodySize, BoxBody, MessageBody},
    dev::{Payload, ServiceRequest},
    error::PayloadError,
    http::header::TRANSFER_ENCODING,
    web::Bytes,
};
use futures_util::Stream;

/// A request's body, read by a handler and held by the response.
#[derive(Clone)]
pub struct Unread(Rc<RefCell<Payload>>);

impl Unread {
    /// Shares the body of a request without a declared length.
    pub fn of(req: &mut ServiceRequest) -> Option<Self> {
        req.headers().contains_key(TRANSFER_ENCODING).then(|| {
            let shared = Self(Rc::new(RefCell::new(req.take_payload())));
            req.set_payload(Payload::Stream { payload: Box::pin(shared.clone()) });
            shared
        })
    }

    /// The response's body together with the request's.
    pub fn held_by(self, body: BoxBody) -> BoxBody {
        BoxBody::new(Held { body, _unread: self })
    }
}

impl Stream for Unread {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Pin::new(&mut *self.0.borrow_mut()).poll_next(cx)
    }
}

struct Held {
    body: BoxBody,
    _unread: Unread,
}

impl MessageBody for Held {
    type Error = <BoxBody as MessageBody>::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        self.body.as_pin_mut().poll_next(cx)
    }
}

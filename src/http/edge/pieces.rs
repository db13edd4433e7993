//! A body in pieces: a connection copies only the next piece, so that a client that reads slowly holds one piece, and the
//! rest stays shared between all connections.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};

use actix_web::{
    body::{BodySize, BoxBody, MessageBody},
    web::Bytes,
};

/// Most bytes that a connection copies at once.
const PIECE: usize = 16 * 1024;

struct Pieces(Bytes);

/// The same body, handed over in pieces if it is large. A stream is in pieces already.
pub fn in_pieces(body: BoxBody) -> BoxBody {
    match body.try_into_bytes() {
        Ok(bytes) if bytes.len() > PIECE => BoxBody::new(Pieces(bytes)),
        Ok(bytes) => BoxBody::new(bytes),
        Err(stream) => stream,
    }
}

/// Without `try_into_bytes`: by that, a box would take the whole for a single piece.
impl MessageBody for Pieces {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        BodySize::Sized(self.0.len() as u64)
    }

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Bytes, Infallible>>> {
        let rest = &mut self.get_mut().0;
        let piece = rest.split_to(rest.len().min(PIECE));
        Poll::Ready((!piece.is_empty()).then_some(Ok(piece)))
    }
}

//! Bytes that are too many for one row: they are stored in pieces, in rows of their own.

use tokio::io::{AsyncRead, AsyncReadExt};

use crate::problem::{Error, Result};

/// Bytes of one piece.
const PIECE: usize = 256 * 1024;

/// The next piece of what is to be stored; none at its end.
pub async fn next_piece(from: &mut (impl AsyncRead + Unpin)) -> Result<Option<Vec<u8>>> {
    let mut piece = Vec::with_capacity(PIECE);
    from.take(PIECE as u64).read_to_end(&mut piece).await.map_err(Error::internal)?;
    Ok((!piece.is_empty()).then_some(piece))
}

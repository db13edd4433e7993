//! Bytes on their way in: counted and hashed as they come, into a file without a name that is gone with the process.

use sha2::{Digest, Sha256};
use tokio::{
    fs::File,
    io::{AsyncSeekExt, AsyncWriteExt},
};

use crate::http::{Error, Result};

pub struct Spool {
    file: File,
    size: usize,
    digest: Sha256,
}

impl Spool {
    pub fn new() -> Result<Self> {
        let file = File::from_std(tempfile::tempfile().map_err(Error::internal)?);
        Ok(Self { file, size: 0, digest: Sha256::new() })
    }

    /// Takes in a piece; false, and nothing, where there would be more than `most` bytes.
    pub async fn add(&mut self, piece: &[u8], most: usize) -> Result<bool> {
        self.size += piece.len();
        if self.size > most {
            return Ok(false);
        }
        self.digest.update(piece);
        self.file.write_all(piece).await.map_err(Error::internal)?;
        Ok(true)
    }

    /// All that came: the file at its beginning, its size and its SHA-256.
    pub async fn finish(mut self) -> Result<(File, usize, [u8; 32])> {
        self.file.flush().await.map_err(Error::internal)?;
        self.file.rewind().await.map_err(Error::internal)?;
        Ok((self.file, self.size, self.digest.finalize().into()))
    }
}

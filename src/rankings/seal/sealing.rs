//! Seals a run when it is made.

use super::{Parts, Sealed};
use crate::{
    auth::Signer,
    http::{Error, Result},
    rankings::store::Run,
};

impl Sealed {
    /// The seal of a run, and its proof.
    pub fn of(run: &Run, parts: &Parts, signer: &Signer) -> Result<Self> {
        let seal = parts.seal(run.id.into(), run.mode, run.engine).map_err(Error::internal)?;
        let document = parts.document(&seal).map_err(Error::internal)?;
        let proof = signer.prove(&document)?;
        Ok(Self { seal, proof })
    }
}

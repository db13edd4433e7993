//! Seals a run when it is made.

use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

use super::{Parts, Sealed};
use crate::{
    app::App,
    db::Conn,
    http::{Error, Result},
    rankings::{inputs::Inputs, rank::Output, run::Mode},
};

/// The seal and the proof of a run, whose key is published with it.
pub async fn seal(
    conn: &mut Conn,
    app: &App,
    (ranking, mode, engine): (Uuid, Mode, i32),
    (inputs, output): (&Inputs, &Output),
    at: DateTime<Utc>,
) -> Result<Sealed> {
    let Value::Object(frozen) = serde_json::to_value(inputs).map_err(Error::internal)? else {
        return Err(Error::internal("inputs are an object"));
    };
    let parts = Parts::of(frozen, serde_json::to_value(output).map_err(Error::internal)?);
    let seal = parts.seal(ranking, mode, engine).map_err(Error::internal)?;
    let document = parts.document(&seal).map_err(Error::internal)?;
    let proof = app.sealer.prove(conn, &document, at).await?;
    Ok(Sealed { seal, proof })
}

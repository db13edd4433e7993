//! `thidua audit`: verifies the logs of localities.

use std::{path::Path, process::ExitCode};

use anyhow::Context;
use thidua::{
    audit::{self, AuditHead},
    auth::Keys,
    config::Store,
};

use crate::{
    database::open,
    output::{in_words, print},
};

pub async fn verify_audit(locality: Option<&str>, head: Option<&Path>, store: &Store) -> anyhow::Result<ExitCode> {
    let head: Option<AuditHead> = head.map(read_head).transpose()?;
    let db = open(store).await?;
    let dir = store.data_dir.join("keys");
    // Without its keys at hand the head's signature is not asked about; its number and hash are.
    let keys = dir.is_dir().then(|| Keys::open(&dir)).transpose()?;
    let logs = audit::logs(&db, locality, head.as_ref().map(|head| head.locality)).await;
    let (mut holds, mut read) = (true, true);
    for (id, name) in logs.map_err(|error| in_words(&error))? {
        let kept = head.as_ref().filter(|head| head.locality == id || locality.is_some());
        // A log that cannot be read keeps no other from being verified.
        match audit::inspect(&db, id, kept, keys.as_ref()).await {
            Ok(verdict) => {
                print(&format!("{name}: {verdict}\n"));
                holds &= verdict.holds();
            }
            Err(error) => {
                eprintln!("thidua: {name}: {error}");
                read = false;
            }
        }
    }
    Ok(ExitCode::from(match (holds, read) {
        (false, _) => 1,
        (true, false) => 3,
        (true, true) => 0,
    }))
}

fn read_head(file: &Path) -> anyhow::Result<AuditHead> {
    let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    serde_json::from_slice(&bytes).with_context(|| format!("{} holds no head", file.display()))
}

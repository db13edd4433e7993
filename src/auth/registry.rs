//! The registry of public keys in the database. Private keys stay in each instance's directory; every instance
//! registers the key that it signs with, and verifies by the registered ones what another has signed.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};

use super::{keys::Keys, registry_store as store};
use crate::{clock::Clock, db::Db, http::Result};

/// Interval at which the directory is looked at. It is shorter than a new key waits before it signs.
const LOOK: Duration = Duration::from_secs(1);
/// How often a key is registered again, and the others' are read: a key that is removed counts no longer than that.
const RENEWAL: u32 = 60;

/// Registers the key of this instance and reads those of the others.
pub async fn register(db: &Db, keys: &Keys, url: &str, now: DateTime<Utc>) -> Result<()> {
    let key = keys.newest();
    db.read(async |conn| store::upsert(conn, &key.kid, &key.x, url, now).await).await?;
    read(db, keys).await
}

/// Reads the registry, at most once a second; false if it was not read.
pub(super) async fn look(db: &Db, keys: &Keys) -> bool {
    if !keys.may_look() {
        return false;
    }
    let looked = read(db, keys).await;
    looked.inspect_err(|error| tracing::warn!(cause = %error, "the keys of other instances were not read")).is_ok()
}

async fn read(db: &Db, keys: &Keys) -> Result<()> {
    keys.learn(db.read(store::all).await?);
    Ok(())
}

/// Says at start what other instances' tokens this one refuses, and whose it accepts.
pub async fn greet(db: &Db, keys: &Keys, url: &str, now: DateTime<Utc>) -> Result<()> {
    let others = keys.others(now);
    if others > 0 {
        tracing::info!(
            others,
            "other instances sign with keys of their own; their tokens are verified by the registry"
        );
    }
    let own = keys.newest();
    for other in db.read(async |conn| store::other_issuers(conn, &own.kid, url, now).await).await? {
        tracing::warn!(
            other,
            own = url,
            "another instance issues its tokens by another URL: each refuses the other's; give all the same --public-url"
        );
    }
    Ok(())
}

/// Registers the key, and a newer one before it signs, until the server stops.
pub async fn keep_registered(db: Db, keys: Arc<Keys>, url: String, clock: Clock) {
    let (mut registered, mut age) = (keys.newest().kid.clone(), 0);
    loop {
        tokio::time::sleep(LOOK).await;
        age += 1;
        let newest = keys.newest();
        if newest.kid == registered && age < RENEWAL {
            continue;
        }
        match register(&db, &keys, &url, clock.now()).await {
            Ok(()) => (registered, age) = (newest.kid.clone(), 0),
            Err(error) => tracing::warn!(cause = %error, "the signing key was not registered"),
        }
    }
}

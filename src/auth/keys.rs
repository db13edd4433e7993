//! The service's Ed25519 signing keys: created at the first start, one file each, mode 0600; the newest signs. A
//! superseded key is published for as long as its tokens may live, and kept for ever to verify what it signed. The
//! service reads the directory again when it may hold a newer key, so that a running service follows a rotation.

use std::{
    fs,
    io::Write as _,
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use chrono::{DateTime, TimeDelta, Utc};
use data_encoding::BASE64URL_NOPAD as BASE64;
use jsonwebtoken::{DecodingKey, EncodingKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// How long a superseded key still verifies: longer than any token's lifetime.
const OVERLAP: TimeDelta = TimeDelta::hours(1);
/// Minimum time between two reads of the directory.
const LOOK: Duration = Duration::from_secs(1);

/// One key pair; `kid` is the JWK thumbprint of its public half (RFC 7638).
pub struct Key {
    pub kid: String,
    pub encoding: EncodingKey,
    pub decoding: DecodingKey,
    x: String,
    made_at: DateTime<Utc>,
}

/// The keys of this service, in a directory.
pub struct Keys {
    dir: PathBuf,
    known: Mutex<LoadedKeys>,
}

struct LoadedKeys {
    /// The signing one first.
    keys: Arc<[Arc<Key>]>,
    looked: Instant,
}

impl Keys {
    /// Reads the keys in `dir`, or creates the first one.
    pub fn open(dir: &Path) -> anyhow::Result<Self> {
        fs::create_dir_all(dir).with_context(|| format!("cannot create {}", dir.display()))?;
        if files(dir)?.is_empty() {
            create(dir)?;
        }
        let known = LoadedKeys { keys: read_all(dir)?, looked: Instant::now() };
        Ok(Self { dir: dir.to_owned(), known: Mutex::new(known) })
    }

    /// Creates a new signing key; tokens of the previous one stay valid until they expire.
    pub fn rotate(dir: &Path) -> anyhow::Result<String> {
        fs::create_dir_all(dir).with_context(|| format!("cannot create {}", dir.display()))?;
        create(dir)?;
        Ok(Self::open(dir)?.signing().kid.clone())
    }

    pub fn signing(&self) -> Arc<Key> {
        self.fresh()[0].clone()
    }

    /// A key that verifies at `now`.
    pub fn find(&self, kid: &str, now: DateTime<Utc>) -> Option<Arc<Key>> {
        published(&self.fresh(), now).find(|key| key.kid == kid).cloned()
    }

    /// A key of any age, for signatures that are verified for ever.
    pub fn ever(&self, kid: &str) -> Option<Arc<Key>> {
        self.fresh().iter().find(|key| key.kid == kid).cloned()
    }

    /// The public keys (RFC 7517, RFC 8037) that verify at `now`.
    pub fn jwks(&self, now: DateTime<Utc>) -> Value {
        let jwk = |key: &Arc<Key>| json!({"kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": key.kid, "x": key.x});
        let keys: Vec<Value> = published(&self.fresh(), now).map(jwk).collect();
        json!({ "keys": keys })
    }

    /// The cached keys, reloaded after a while. Unreadable keys change nothing. One caller a second reads the names of
    /// a few files; the others use the cache, and none waits for the disk.
    fn fresh(&self) -> Arc<[Arc<Key>]> {
        let known = {
            let mut known = self.lock();
            if known.looked.elapsed() < LOOK {
                return known.keys.clone();
            }
            known.looked = Instant::now();
            known.keys.clone()
        };
        if files(&self.dir).is_ok_and(|files| files.len() == known.len()) {
            return known;
        }
        let Some(keys) = read_all(&self.dir).ok().filter(|keys| !keys.is_empty()) else { return known };
        self.lock().keys = keys.clone();
        keys
    }

    fn lock(&self) -> MutexGuard<'_, LoadedKeys> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The signing key, and those superseded less than [`OVERLAP`] ago.
fn published(keys: &[Arc<Key>], now: DateTime<Utc>) -> impl Iterator<Item = &Arc<Key>> {
    keys.iter().enumerate().filter(move |(i, _)| *i == 0 || now < keys[i - 1].made_at + OVERLAP).map(|(_, key)| key)
}

/// The key files, oldest first: their names begin with their creation time.
fn files(dir: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut files: Vec<_> = fs::read_dir(dir)?.flatten().map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "pk8"));
    files.sort();
    Ok(files)
}

fn read_all(dir: &Path) -> anyhow::Result<Arc<[Arc<Key>]>> {
    files(dir)?.iter().rev().map(|path| Ok(Arc::new(read(path)?))).collect()
}

fn create(dir: &Path) -> anyhow::Result<()> {
    let pair = Ed25519KeyPair::generate().context("no key could be made")?;
    let pkcs8 = pair.to_pkcs8v1().context("no key could be made")?;
    let name = Uuid::now_v7();
    let aside = dir.join(format!("{name}.new"));
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&aside)?;
    file.write_all(pkcs8.as_ref())?;
    file.sync_all()?;
    fs::rename(&aside, dir.join(format!("{name}.pk8")))?;
    Ok(())
}

fn read(path: &Path) -> anyhow::Result<Key> {
    let mode = fs::metadata(path)?.permissions().mode();
    ensure!(mode & 0o077 == 0, "{} may be read by others; run: chmod 600 {0}", path.display());
    let pkcs8 = fs::read(path)?;
    let pair =
        Ed25519KeyPair::from_pkcs8(&pkcs8).ok().with_context(|| format!("{} is no Ed25519 key", path.display()))?;
    let public = pair.public_key().as_ref();
    let x = BASE64.encode(public);
    let thumbprint = Sha256::digest(format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#));
    Ok(Key {
        kid: BASE64.encode(&thumbprint),
        encoding: EncodingKey::from_ed_der(&pkcs8),
        decoding: DecodingKey::from_ed_components(&x)?,
        x,
        made_at: made_at(path).with_context(|| format!("{} is not named by a UUID version 7", path.display()))?,
    })
}

fn made_at(path: &Path) -> Option<DateTime<Utc>> {
    let id: Uuid = path.file_stem()?.to_str()?.parse().ok()?;
    let (seconds, nanos) = id.get_timestamp()?.to_unix();
    DateTime::from_timestamp(seconds.try_into().ok()?, nanos)
}

//! The service's Ed25519 signing keys: created at the first start, one file each, mode 0600; the newest signs. A
//! superseded key is published for as long as its tokens may live, and kept for ever to verify what it signed. The
//! service reads the directory again when it may hold a newer key, so that a running service follows a rotation.
//!
//! An instance with a directory of its own verifies the tokens of the others by their public keys (`registry`). A new
//! key signs only after a while, when every instance that may see its tokens knows it.

use std::{
    collections::BTreeMap,
    fs,
    io::Write as _,
    os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt, chown},
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
/// Minimum time between two reads of the directory, and between two of the registry.
const LOOK: Duration = Duration::from_secs(1);
/// How old a key is before it signs: by then it is registered.
const SETTLED: TimeDelta = TimeDelta::seconds(3);

/// One key pair; `kid` is the JWK thumbprint of its public half (RFC 7638).
pub struct Key {
    pub kid: String,
    pub encoding: EncodingKey,
    pub decoding: DecodingKey,
    pub(super) x: String,
    made_at: DateTime<Utc>,
}

/// The public key of another instance.
pub struct OtherKey {
    pub decoding: DecodingKey,
    pub x: String,
    /// When its instance last said that it signs with it.
    pub signed_at: DateTime<Utc>,
}

/// The keys of this service, in a directory, and those that other instances have registered.
pub struct Keys {
    dir: PathBuf,
    known: Mutex<LoadedKeys>,
    others: Mutex<OtherKeys>,
}

struct LoadedKeys {
    /// The newest first.
    keys: Arc<[Arc<Key>]>,
    looked: Instant,
    /// What could not be read, as it was logged last.
    failed: Option<String>,
}

#[derive(Default)]
struct OtherKeys {
    by_kid: BTreeMap<String, OtherKey>,
    looked: Option<Instant>,
}

impl OtherKeys {
    fn valid(&self, kid: &str, now: DateTime<Utc>) -> Option<&OtherKey> {
        self.by_kid.get(kid).filter(|key| now < key.signed_at + OVERLAP)
    }
}

impl Keys {
    /// Reads the keys in `dir`, or creates the first one.
    pub fn open(dir: &Path) -> anyhow::Result<Self> {
        create_dir(dir)?;
        if files(dir)?.is_empty() {
            create(dir)?;
        }
        let known = LoadedKeys { keys: read_all(dir)?, looked: Instant::now(), failed: None };
        Ok(Self { dir: dir.to_owned(), known: Mutex::new(known), others: Mutex::default() })
    }

    /// Creates a new signing key and returns its id and file; tokens of the previous one stay valid until they expire.
    pub fn rotate(dir: &Path) -> anyhow::Result<(String, PathBuf)> {
        create_dir(dir)?;
        let file = create(dir)?;
        Ok((read(&file)?.kid, file))
    }

    pub fn signing(&self) -> Arc<Key> {
        self.signing_at(Utc::now())
    }

    /// The newest key that has settled; while there is none, the oldest.
    pub fn signing_at(&self, now: DateTime<Utc>) -> Arc<Key> {
        let keys = self.fresh();
        let settled = keys.iter().find(|key| key.made_at + SETTLED <= now);
        settled.or(keys.last()).unwrap_or(&keys[0]).clone()
    }

    /// The key that signs now or soon.
    pub(super) fn newest(&self) -> Arc<Key> {
        self.fresh()[0].clone()
    }

    /// A key that verifies at `now`: one of its own, or of another instance.
    pub fn find(&self, kid: &str, now: DateTime<Utc>) -> Option<DecodingKey> {
        let own = published(&self.fresh(), now).find(|key| key.kid == kid).map(|key| key.decoding.clone());
        own.or_else(|| Some(lock(&self.others).valid(kid, now)?.decoding.clone()))
    }

    /// Whether a key verifies at `now`.
    pub(super) fn verifies(&self, kid: &str, now: DateTime<Utc>) -> bool {
        published(&self.fresh(), now).any(|key| key.kid == kid) || lock(&self.others).valid(kid, now).is_some()
    }

    /// A key of any age, for signatures that are verified for ever.
    pub fn ever(&self, kid: &str) -> Option<Arc<Key>> {
        self.fresh().iter().find(|key| key.kid == kid).cloned()
    }

    /// The public keys (RFC 7517, RFC 8037) that verify at `now`.
    pub fn jwks(&self, now: DateTime<Utc>) -> Value {
        let jwk = |kid: &str, x: &str| json!({"kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": kid, "x": x});
        let own = self.fresh();
        let mut keys: Vec<Value> = published(&own, now).map(|key| jwk(&key.kid, &key.x)).collect();
        let others = lock(&self.others);
        let theirs = others.by_kid.iter().filter(|(_, key)| now < key.signed_at + OVERLAP);
        keys.extend(theirs.map(|(kid, key)| jwk(kid, &key.x)));
        json!({ "keys": keys })
    }

    /// Whether it is time to read the registry again; then it counts as read.
    pub(super) fn may_look(&self) -> bool {
        let mut others = lock(&self.others);
        let due = others.looked.is_none_or(|looked| looked.elapsed() >= LOOK);
        if due {
            others.looked = Some(Instant::now());
        }
        due
    }

    /// Takes over what the registry holds; the keys of this directory are not others'.
    pub(super) fn learn(&self, mut registered: BTreeMap<String, OtherKey>) {
        let own = self.fresh();
        registered.retain(|kid, _| own.iter().all(|key| key.kid != *kid));
        lock(&self.others).by_kid = registered;
    }

    /// How many keys of other instances sign at `now`.
    pub fn others(&self, now: DateTime<Utc>) -> usize {
        lock(&self.others).by_kid.values().filter(|key| now < key.signed_at + OVERLAP).count()
    }

    /// The cached keys, reloaded after a while. Unreadable keys change nothing and are logged once. One caller a second
    /// reads the names of a few files; the others use the cache, and none waits for the disk.
    fn fresh(&self) -> Arc<[Arc<Key>]> {
        let known = {
            let mut known = lock(&self.known);
            if known.looked.elapsed() < LOOK {
                return known.keys.clone();
            }
            known.looked = Instant::now();
            known.keys.clone()
        };
        if files(&self.dir).is_ok_and(|files| files.len() == known.len()) {
            return known;
        }
        let read = read_all(&self.dir).and_then(|keys| {
            ensure!(!keys.is_empty(), "{} holds no key any more", self.dir.display());
            Ok(keys)
        });
        let mut loaded = lock(&self.known);
        match read {
            Ok(keys) => {
                tracing::info!(kid = keys[0].kid, "a newer key signs tokens in a few seconds");
                (loaded.keys, loaded.failed) = (keys.clone(), None);
                keys
            }
            Err(error) => {
                let failed = format!("{error:#}");
                if loaded.failed.as_ref() != Some(&failed) {
                    tracing::error!(cause = failed, "the signing keys cannot be read again; the former ones go on");
                    loaded.failed = Some(failed);
                }
                known
            }
        }
    }
}

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The signing key, and those superseded less than [`OVERLAP`] ago.
fn published(keys: &[Arc<Key>], now: DateTime<Utc>) -> impl Iterator<Item = &Arc<Key>> {
    keys.iter().enumerate().filter(move |(i, _)| *i == 0 || now < keys[i - 1].made_at + OVERLAP).map(|(_, key)| key)
}

/// The key files, oldest first: their names begin with their creation time.
fn files(dir: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let list = fs::read_dir(dir).with_context(|| format!("cannot read {}", dir.display()))?;
    let mut files: Vec<_> = list.flatten().map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "pk8"));
    files.sort();
    Ok(files)
}

fn read_all(dir: &Path) -> anyhow::Result<Arc<[Arc<Key>]>> {
    files(dir)?.iter().rev().map(|path| Ok(Arc::new(read(path)?))).collect()
}

/// Makes the directory, for whoever owns the one above it.
fn create_dir(dir: &Path) -> anyhow::Result<()> {
    if dir.is_dir() {
        return Ok(());
    }
    let above = dir.parent().filter(|above| above.is_dir());
    fs::create_dir_all(dir).with_context(|| format!("cannot create {}", dir.display()))?;
    above.map_or(Ok(()), |above| give(dir, above))
}

/// Gives a file to the owner of its directory: a key made by root must be read by the service's user.
fn give(file: &Path, like: &Path) -> anyhow::Result<()> {
    let (made, owner) = (fs::metadata(file)?, fs::metadata(like)?);
    if made.uid() != 0 || owner.uid() == 0 {
        return Ok(());
    }
    let said = || format!("{} cannot be given to the owner of {}", file.display(), like.display());
    chown(file, Some(owner.uid()), Some(owner.gid())).with_context(said)
}

fn create(dir: &Path) -> anyhow::Result<PathBuf> {
    let pair = Ed25519KeyPair::generate().context("no key could be made")?;
    let pkcs8 = pair.to_pkcs8v1().context("no key could be made")?;
    let name = Uuid::now_v7();
    let (aside, path) = (dir.join(format!("{name}.new")), dir.join(format!("{name}.pk8")));
    let said = || format!("cannot write {}", aside.display());
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&aside).with_context(said)?;
    let written = file.write_all(pkcs8.as_ref()).and_then(|()| file.sync_all()).with_context(said);
    if let Err(error) = written.and_then(|()| give(&aside, dir)) {
        fs::remove_file(&aside).ok();
        return Err(error);
    }
    fs::rename(&aside, &path).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(path)
}

fn read(path: &Path) -> anyhow::Result<Key> {
    let said = || format!("cannot read the key {}", path.display());
    let mode = fs::metadata(path).with_context(said)?.permissions().mode();
    ensure!(mode & 0o077 == 0, "{} may be read by others; run: chmod 600 {0}", path.display());
    let pkcs8 = fs::read(path).with_context(said)?;
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

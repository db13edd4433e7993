//! The service's Ed25519 signing keys: made at the first start, one file each, mode 0600, newest signs.

use std::{fs, io::Write as _, os::unix::fs::OpenOptionsExt, path::Path};

use anyhow::{Context, ensure};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD as BASE64};
use jsonwebtoken::{DecodingKey, EncodingKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// One key pair; `kid` is the JWK thumbprint of its public half (RFC 7638).
pub struct Key {
    pub kid: String,
    pub encoding: EncodingKey,
    pub decoding: DecodingKey,
    x: String,
}

/// The keys of this service, the signing one first.
pub struct Keys(Vec<Key>);

impl Keys {
    /// Reads the keys in `dir`, or makes the first one.
    pub fn open(dir: &Path) -> anyhow::Result<Self> {
        fs::create_dir_all(dir).with_context(|| format!("cannot create {}", dir.display()))?;
        if files(dir)?.is_empty() {
            create(dir)?;
        }
        let keys: anyhow::Result<Vec<Key>> = files(dir)?.iter().rev().map(|path| read(path)).collect();
        Ok(Self(keys?))
    }

    pub fn signing(&self) -> &Key {
        &self.0[0]
    }

    pub fn find(&self, kid: &str) -> Option<&Key> {
        self.0.iter().find(|key| key.kid == kid)
    }

    /// The public keys (RFC 7517, RFC 8037).
    pub fn jwks(&self) -> Value {
        let keys: Vec<Value> = self
            .0
            .iter()
            .map(
                |key| json!({"kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": key.kid, "x": key.x}),
            )
            .collect();
        json!({ "keys": keys })
    }
}

/// The key files, oldest first: their names begin with the time they were made.
fn files(dir: &Path) -> anyhow::Result<Vec<std::path::PathBuf>> {
    let mut files: Vec<_> = fs::read_dir(dir)?.flatten().map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "pk8"));
    files.sort();
    Ok(files)
}

fn create(dir: &Path) -> anyhow::Result<()> {
    let pair = Ed25519KeyPair::generate().context("no key could be made")?;
    let pkcs8 = pair.to_pkcs8v1().context("no key could be made")?;
    let name = uuid::Uuid::now_v7();
    let aside = dir.join(format!("{name}.new"));
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&aside)?;
    file.write_all(pkcs8.as_ref())?;
    file.sync_all()?;
    fs::rename(&aside, dir.join(format!("{name}.pk8")))?;
    Ok(())
}

fn read(path: &Path) -> anyhow::Result<Key> {
    use std::os::unix::fs::PermissionsExt;
    let mode = fs::metadata(path)?.permissions().mode();
    ensure!(mode & 0o077 == 0, "{} may be read by others; run: chmod 600 {0}", path.display());
    let pkcs8 = fs::read(path)?;
    let pair =
        Ed25519KeyPair::from_pkcs8(&pkcs8).ok().with_context(|| format!("{} is no Ed25519 key", path.display()))?;
    let public = pair.public_key().as_ref();
    let x = BASE64.encode(public);
    let thumbprint = Sha256::digest(format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#));
    Ok(Key {
        kid: BASE64.encode(thumbprint),
        encoding: EncodingKey::from_ed_der(&pkcs8),
        decoding: DecodingKey::from_ed_components(&x)?,
        x,
    })
}

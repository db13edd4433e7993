//! Passwords: argon2id, at most so many hashings at one time, and no telling an unknown user from a wrong password.

use std::sync::{Arc, LazyLock};

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use tokio::sync::Semaphore;

use crate::http::{Error, Result};

/// Fewest and most characters of a password; there are no rules of composition (ASVS 5.0, 6.2).
const LENGTH: std::ops::RangeInclusive<usize> = 12..=128;

/// What people choose first; compared without case.
const COMMON: [&str; 12] = [
    "123456789012",
    "1234567890123",
    "password1234",
    "passwordpassword",
    "matkhau123456",
    "matkhaumatkhau",
    "qwertyuiop123",
    "qwertyuiop12",
    "111111111111",
    "000000000000",
    "administrator",
    "thidua123456",
];

/// Bounded hashing. Cloning shares the bound.
#[derive(Clone)]
pub struct Hasher(Arc<Semaphore>);

impl Hasher {
    pub fn new(at_once: usize) -> Self {
        Self(Arc::new(Semaphore::new(at_once.max(1))))
    }

    pub async fn hash(&self, password: &str) -> Result<String> {
        let password = password.to_owned();
        self.run(move || hash(&password)).await?
    }

    /// Whether `password` is the one behind `hash`; the same work is done where there is no hash.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<bool> {
        self.run(move || {
            let known = hash.is_some();
            let hash = hash.unwrap_or_else(|| NOBODY.clone());
            let parsed = PasswordHash::new(&hash).map_err(Error::internal)?;
            Ok(Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok() && known)
        })
        .await?
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let _turn = self.0.acquire().await.map_err(Error::internal)?;
        tokio::task::spawn_blocking(work).await.map_err(Error::internal)
    }
}

/// The hash compared with where the user is unknown.
static NOBODY: LazyLock<String> = LazyLock::new(|| hash("nobody has this password").unwrap_or_default());

/// argon2id with m = 19 MiB, t = 2, p = 1: the library's defaults and OWASP's first choice.
fn hash(password: &str) -> Result<String> {
    Argon2::default().hash_password(password.as_bytes()).map(|hash| hash.to_string()).map_err(Error::internal)
}

/// What is wrong with a new password.
pub fn check(password: &str) -> Result<(), &'static str> {
    if !LENGTH.contains(&password.chars().count()) {
        return Err("a password has 12 to 128 characters");
    }
    match COMMON.contains(&password.to_lowercase().as_str()) {
        true => Err("this password is among the first that are guessed; choose another"),
        false => Ok(()),
    }
}

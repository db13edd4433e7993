//! Passwords: argon2id, a bounded number of hashings at one time, and the same cost for an unknown user and a wrong
//! password.

use std::sync::Arc;

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::http::{Error, Result};

/// Fewest and most characters of a password; there are no rules of composition (ASVS 5.0, 6.2).
const LENGTH: std::ops::RangeInclusive<usize> = 12..=128;

/// Minimum number of guesses, as a power of ten, that a password must withstand.
const GUESSES_LOG10: f64 = 8.0;
/// Characters of a password that the estimate reads.
const JUDGED: usize = 24;

/// Bounded hashing. Cloning shares the bound.
#[derive(Clone)]
pub struct Hasher(Arc<Semaphore>);

/// The right to one hashing at this time.
pub struct Turn {
    _permit: OwnedSemaphorePermit,
}

impl Hasher {
    pub fn new(at_once: usize) -> Self {
        Self(Arc::new(Semaphore::new(at_once.max(1))))
    }

    pub async fn turn(&self) -> Result<Turn> {
        self.0.clone().acquire_owned().await.map(|permit| Turn { _permit: permit }).map_err(Error::internal)
    }

    pub async fn hash(&self, password: &str) -> Result<String> {
        let password = password.to_owned();
        self.turn().await?.run(move || hash(&password)).await?
    }

    /// The finding of a new password, by [`check`].
    pub async fn check(&self, password: &str, username: &str) -> Result<Result<(), &'static str>> {
        let (password, username) = (password.to_owned(), username.to_owned());
        self.turn().await?.run(move || check(&password, &username)).await
    }

    /// Whether `password` matches `hash`; without a hash the cost is the same.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<bool> {
        self.turn().await?.verify(password, hash).await
    }
}

impl Turn {
    /// Whether `password` matches `hash`; without a hash the cost is the same.
    pub async fn verify(self, password: String, hash: Option<String>) -> Result<bool> {
        self.run(move || {
            let known = hash.is_some();
            let hash = hash.unwrap_or_else(|| NOBODY.to_owned());
            let parsed = PasswordHash::new(&hash).map_err(Error::internal)?;
            Ok(Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok() && known)
        })
        .await?
    }

    /// The turn ends with the work: who asked may have gone before.
    async fn run<T: Send + 'static>(self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let turn = self;
        let work = move || {
            let done = work();
            drop(turn);
            done
        };
        tokio::task::spawn_blocking(work).await.map_err(Error::internal)
    }
}

/// The hash for unknown users: of a discarded random text. Computing it at every start would cost 19 MiB.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$d98cMzs6h8UzxAD3BN+Gqg$OslKTW3HYIY8VSIhBVjwGvXs8U+UWdJs6uD8Tolus5M";

/// argon2id with m = 19 MiB, t = 2, p = 1: the library's defaults and OWASP's first choice.
fn hash(password: &str) -> Result<String> {
    Argon2::default().hash_password(password.as_bytes()).map(|hash| hash.to_string()).map_err(Error::internal)
}

/// The finding code of a user's new password: too short or long, or easy to guess (lists of common passwords, patterns,
/// the user's own name).
pub fn check(password: &str, username: &str) -> Result<(), &'static str> {
    if !LENGTH.contains(&password.chars().count()) {
        return Err("password_length");
    }
    // The work grows with the square of the length, and a password is no easier to guess than its beginning. What is
    // mostly one and the same few characters has a beginning that says so.
    let beginning: String = password.chars().take(JUDGED).collect();
    let guesses = zxcvbn::zxcvbn(&beginning, &[username, "thidua", "matkhau"]).guesses_log10();
    if guesses < GUESSES_LOG10 { Err("password_common") } else { Ok(()) }
}

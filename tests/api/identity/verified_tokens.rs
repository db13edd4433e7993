//! A signature is checked once for a token. Everything else is checked at each use.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use thidua::{
    auth::{Issuer, Keys},
    db::AccountId,
};
use uuid::Uuid;

use crate::support::{TestApp, wait};

struct Verifier {
    app: TestApp,
    issuer: Issuer,
    _dir: tempfile::TempDir,
}

impl Verifier {
    /// One whose keys are rotated so many times.
    fn new(rotations: usize) -> Self {
        let dir = tempfile::tempdir().unwrap();
        drop(Keys::open(dir.path()).unwrap());
        (0..rotations).for_each(|_| drop(Keys::rotate(dir.path()).unwrap()));
        let issuer = Issuer::new(Arc::new(Keys::open(dir.path()).unwrap()), "https://thidua.example".into(), 900);
        Self { app: TestApp::start(), issuer, _dir: dir }
    }

    fn token(&self, at: DateTime<Utc>) -> String {
        self.issuer.issue(AccountId::from(Uuid::now_v7()), Uuid::now_v7(), at).unwrap()
    }

    fn verifies(&self, token: &str, at: DateTime<Utc>) -> bool {
        wait(self.issuer.verify(&self.app.service().db, token, at)).is_some()
    }
}

#[test]
fn a_verified_token_expires() {
    let verifier = Verifier::new(0);
    let now = Utc::now();
    let token = verifier.token(now);
    let at = |seconds| verifier.verifies(&token, now + TimeDelta::seconds(seconds));
    assert_eq!([0, 904, 906, -60, 10].map(at), [true, true, false, false, true]);
}

#[test]
fn a_verified_token_ends_with_its_key() {
    let verifier = Verifier::new(1);
    let issued = Utc::now() + TimeDelta::minutes(59);
    // The former key signs until the newer one has settled, and verifies for an hour.
    let token = verifier.token(issued);
    assert!(verifier.verifies(&token, issued));
    assert!(!verifier.verifies(&token, issued + TimeDelta::minutes(2)));
}

#[test]
fn nothing_like_a_verified_token_passes_for_it() {
    let verifier = Verifier::new(0);
    let now = Utc::now();
    let token = verifier.token(now);
    assert!(verifier.verifies(&token, now));
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let other = verifier.token(now);
    let (other_signed, other_signature) = other.rsplit_once('.').unwrap();
    let forged = [
        format!("{signed}.{other_signature}"),
        format!("{other_signed}.{signature}"),
        format!("{signed}."),
        signed.to_owned(),
        format!("{token}A"),
        token[..token.len() - 1].to_owned(),
    ];
    for forged in forged {
        assert!(!verifier.verifies(&forged, now), "{forged}");
    }
    assert!(verifier.verifies(&token, now));
}

//! Keys: made once, rotated beside a running service, both published for as long as tokens of the former may live.

use std::{fs, os::unix::fs::PermissionsExt};

use chrono::{TimeDelta, Utc};
use thidua::auth::Keys;

#[test]
fn the_first_key_is_made_once_and_nobody_else_may_read_it() {
    let dir = tempfile::tempdir().unwrap();
    let first = Keys::open(dir.path()).unwrap().signing().kid.clone();
    assert_eq!(Keys::open(dir.path()).unwrap().signing().kid, first);
    let file = fs::read_dir(dir.path()).unwrap().next().unwrap().unwrap();
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    fs::set_permissions(file.path(), fs::Permissions::from_mode(0o644)).unwrap();
    let refused = Keys::open(dir.path()).err().unwrap().to_string();
    assert!(refused.contains("chmod 600"), "{refused}");
}

#[test]
fn both_keys_verify_for_an_hour_after_a_rotation() {
    let dir = tempfile::tempdir().unwrap();
    let former = Keys::open(dir.path()).unwrap().signing().kid.clone();
    let (newer, file) = Keys::rotate(dir.path()).unwrap();
    assert_eq!(file.parent(), Some(dir.path()));
    let keys = Keys::open(dir.path()).unwrap();
    let now = Utc::now();
    assert_eq!(keys.signing_at(now).kid, former, "the newer one is registered first");
    assert_eq!(keys.signing_at(now + TimeDelta::seconds(3)).kid, newer);
    assert_eq!(keys.jwks(now)["keys"].as_array().unwrap().len(), 2);
    assert!(keys.find(&former, now).is_some() && keys.find(&newer, now).is_some());
    let later = now + TimeDelta::minutes(61);
    assert_eq!(keys.jwks(later)["keys"].as_array().unwrap().len(), 1);
    assert!(keys.find(&former, later).is_none() && keys.find(&newer, later).is_some());
}

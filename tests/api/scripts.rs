//! The scripts that one runs first.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Command, Output},
};

/// Looks for Postgres in `search` only.
fn postgres(search: &str, arguments: &[&str]) -> Output {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/postgres.sh");
    let mut command = Command::new(script);
    command.args(arguments).env("PG_SEARCH", search).env_remove("PG_BINDIR").output().unwrap()
}

#[test]
fn a_server_that_is_there_is_found() {
    let dir = tempfile::tempdir().unwrap();
    let bin = dir.path().join("17/bin");
    fs::create_dir_all(&bin).unwrap();
    for program in ["postgres", "initdb"] {
        let program = bin.join(program);
        fs::write(&program, "").unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let found = postgres(dir.path().to_str().unwrap(), &["--dry-run"]);
    assert!(found.status.success() && found.stdout.is_empty(), "there is nothing to do");
}

#[test]
fn a_server_that_is_missing_would_be_installed() {
    let empty = tempfile::tempdir().unwrap();
    let said = postgres(empty.path().to_str().unwrap(), &["--dry-run"]);
    // Elsewhere than on Debian it says what to install; on Debian, what apt-get would do.
    let said = format!("{}{}", String::from_utf8_lossy(&said.stdout), String::from_utf8_lossy(&said.stderr));
    assert!(said.to_lowercase().contains("postgresql"), "{said}");
}

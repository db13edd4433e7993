//! The scripts that one runs first.

use std::{
    collections::BTreeSet,
    fs,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Command, Output},
};

/// The environment variables of all settings.
fn settings() -> BTreeSet<String> {
    let source = include_str!("../../src/config.rs");
    let names = source.split("env = \"").skip(1).filter_map(|rest| rest.split('"').next());
    names.map(str::to_owned).collect()
}

/// What an environment file or a list of variables sets.
fn set(text: &str, mark: char) -> BTreeSet<String> {
    let name = |line: &str| line.trim_start_matches(['#', ' ']).split_once(mark).map(|(name, _)| name.to_owned());
    let is_name = |name: &String| name.starts_with("THIDUA_") || name == "DATABASE_URL";
    text.lines().filter_map(name).filter(is_name).collect()
}

#[test]
fn containers_hand_on_every_setting() {
    let compose = include_str!("../../docker-compose.yml");
    let image = include_str!("../../Dockerfile");
    let service = compose.split("  thidua:").nth(1).expect("the service");
    let (known, handed_on) = (settings(), set(service, ':'));
    assert!(known.len() > 20, "{known:?}");
    let missing: Vec<&String> =
        known.difference(&handed_on).filter(|name| !image.contains(&format!("{name}="))).collect();
    assert!(missing.is_empty(), "no way into the container: {missing:?}");
}

#[test]
fn the_example_of_settings_sets_what_there_is() {
    let (example, known) = (set(include_str!("../../deploy/thidua.env"), '='), settings());
    let unknown: Vec<&String> = example.difference(&known).collect();
    assert!(example.len() > 5 && unknown.is_empty(), "{unknown:?}");
}

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

//! The commit that `thidua --version` and the metrics name. A development build does not read it: it would be compiled
//! again at every commit.

use std::{env, path::Path, process::Command};

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    // They are built into the program.
    println!("cargo:rerun-if-changed=migrations");
    println!("cargo:rerun-if-env-changed=THIDUA_COMMIT");
    let given = env::var("THIDUA_COMMIT").ok().filter(|commit| !commit.is_empty());
    let release = env::var("PROFILE").is_ok_and(|profile| profile == "release");
    let read = || release.then(commit).flatten();
    let otherwise = if release { "unknown" } else { "development" };
    let commit = given.or_else(read).unwrap_or_else(|| otherwise.into());
    println!("cargo:rustc-env=THIDUA_COMMIT={commit}");
}

/// The commit of the working tree, with a mark where it has been changed.
fn commit() -> Option<String> {
    for file in ["HEAD", "logs/HEAD"] {
        // A path that is not there would make every build start with this script.
        if let Some(path) = git(&["rev-parse", "--git-path", file]).filter(|path| Path::new(path).exists()) {
            println!("cargo:rerun-if-changed={path}");
        }
    }
    git(&["describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"])
}

fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).output().ok().filter(|output| output.status.success())?;
    let text = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    (!text.is_empty()).then_some(text)
}

//! The command line: which database it works on, what it prints about itself, whose the keys are that it makes.

use std::{fs, os::unix::fs::MetadataExt};

use rstest::rstest;
use rustix::process::getuid;

use super::{Database, on, said};
use crate::embedded::Home;

#[rstest]
#[case(&["migrate"])]
#[case(&["account", "create", "--username", "admin", "--role", "city_admin"])]
#[case(&["client", "create", "--client-id", "may", "--name", "Máy", "--scope", "units:read"])]
#[case(&["plan", "load", concat!(env!("CARGO_MANIFEST_DIR"), "/plans/example-calendar.json"), "--locality", "10210"])]
#[case(&["import", concat!(env!("CARGO_MANIFEST_DIR"), "/examples/thang-11.csv"), "--movement", "m", "--locality", "10210", "--account", "a"])]
#[case(&["audit", "verify"])]
fn a_command_makes_no_database(#[case] arguments: &[&str]) {
    let home = Home::new();
    let (code, text) = said(&home.command(arguments).output().unwrap());
    assert_eq!(code, Some(3), "{text}");
    assert!(text.contains("holds no database") && text.contains("thidua serve"), "{text}");
    assert!(!home.cluster().exists(), "nothing is made");
}

#[rstest]
#[case(&["migrate"], 0)]
#[case(&["audit", "verify"], 0)]
#[case(&["plan", "load", concat!(env!("CARGO_MANIFEST_DIR"), "/plans/example-calendar.json"), "--locality", "99999"], 3)]
fn a_command_says_which_database_it_works_on(#[case] arguments: &[&str], #[case] expected: i32) {
    let (home, database) = (Home::new(), Database::create());
    let (code, text) = said(&on(&home, &database, arguments).output().unwrap());
    assert_eq!(code, Some(expected), "{text}");
    assert!(text.starts_with("thidua: works on database operate_") && text.contains(" as thidua\n"), "{text}");
    home.prepare();
    let (_, text) = said(&home.command(arguments).output().unwrap());
    let dir = home.cluster();
    assert!(text.contains(&format!("works on the database of {}", dir.parent().unwrap().display())), "{text}");
}

#[test]
fn the_sample_data_come_into_no_other_database() {
    let (home, database) = (Home::new(), Database::create());
    super::create_admin(&home, &database);
    let (code, text) = said(&on(&home, &database, &["demo"]).output().unwrap());
    assert_eq!(code, Some(3), "{text}");
    assert!(text.contains("not the sample's"), "{text}");
}

#[test]
fn the_version_names_the_build() {
    let said = Home::new().command(&["--version"]).output().unwrap();
    let said = String::from_utf8(said.stdout).unwrap();
    assert!(said.starts_with(concat!("thidua ", env!("CARGO_PKG_VERSION"), " (")), "{said}");
}

#[rstest]
#[case(&["completions", "bash"], "complete -F _thidua")]
#[case(&["completions", "zsh"], "#compdef thidua")]
#[case(&["completions", "fish"], "complete -c thidua")]
#[case(&["man"], ".TH thidua 1")]
fn shells_and_the_manual_know_the_commands(#[case] arguments: &[&str], #[case] expected: &str) {
    let printed = Home::new().command(arguments).output().unwrap();
    let printed = String::from_utf8(printed.stdout).unwrap();
    assert!(printed.contains(expected) && printed.contains("serve"), "{printed}");
}

#[test]
fn a_rotated_key_belongs_to_the_owner_of_its_directory() {
    let home = Home::new();
    let keys = home.cluster().with_file_name("keys");
    fs::create_dir(&keys).unwrap();
    let owner = if getuid().is_root() { 65_534 } else { getuid().as_raw() };
    if getuid().is_root() {
        std::os::unix::fs::chown(&keys, Some(owner), Some(owner)).unwrap();
    }
    let rotated = home.command(&["keys", "rotate"]).output().unwrap();
    let printed = String::from_utf8(rotated.stdout).unwrap();
    let file = fs::read_dir(&keys).unwrap().next().expect("a key").unwrap();
    let about = file.metadata().unwrap();
    assert_eq!((about.uid(), about.mode() & 0o777), (owner, 0o600));
    assert!(printed.contains(file.path().to_str().unwrap()), "{printed}");
}

#[test]
fn a_key_that_cannot_be_read_is_named_at_start() {
    let (home, database) = (Home::new(), Database::create());
    let keys = home.cluster().with_file_name("keys");
    fs::create_dir(&keys).unwrap();
    let name = "0199f3a8-0000-7000-8000-000000000000.pk8";
    std::os::unix::fs::symlink("/nowhere", keys.join(name)).unwrap();
    let (code, text) = said(&on(&home, &database, &["serve", "--bind", "127.0.0.1:0"]).output().unwrap());
    assert_eq!(code, Some(3), "{text}");
    assert!(text.contains("cannot read the key") && text.contains(name), "{text}");
}

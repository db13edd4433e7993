//! The rules of the code's layout (ARCHITECTURE.md), held by reading it: who may import whom, what is pure, how long a
//! file may be.

mod sources;

use std::collections::{BTreeMap, BTreeSet};

use sources::{Source, arrows, sources};

const LINES_MOST: usize = 400;

/// The floors of the house, from the ground up: a file names files of its own floor and of those below.
const FLOORS: [&[&str]; 35] = [
    &[
        "finding",
        "exact",
        "whole",
        "quantity",
        "days",
        "clock",
        "text",
        "bounded",
        "canonical",
        "record",
        "config",
        "labels",
    ],
    &["problem", "telemetry"],
    &["db"],
    &["http"],
    &["auth"],
    &["app"],
    &["jobs"],
    &["tables"],
    &["documents"],
    &["events"],
    &["localities"],
    &["units"],
    &["identity"],
    &["audit"],
    &["people"],
    &["movements"],
    &["law"],
    &["papers"],
    &["concerns"],
    &["submissions"],
    &["activities"],
    &["initiatives"],
    &["progress"],
    &["nominations"],
    &["assessments"],
    &["council"],
    &["rankings"],
    &["awards"],
    &["published"],
    &["screens"],
    &["measures"],
    &["ops", "openapi", "docs"],
    &["server"],
    &["demo"],
    &["bin"],
];

/// The floors within submissions, by how a path begins; what is on none is above all, as `mod.rs` is.
const SUBMISSIONS_FLOORS: [&[&str]; 11] = [
    &["value"],
    &["content"],
    &["lifecycle", "validation", "plausible", "estimates", "history/replay", "revisions/diff"],
    &["store", "list_store", "events", "completeness/", "tree/"],
    &["revisions/store", "history/", "reminders/"],
    &["evidence/about", "evidence/archive", "evidence/kind", "evidence/upload", "evidence/store"],
    &["position"],
    &["commands", "view"],
    &["api", "revisions/", "review/", "evidence/"],
    &["import/"],
    &["sheets/"],
];

/// Folders of which every file belongs to the kit: it knows no feature.
const KIT: [&str; 6] = ["problem", "db", "http", "auth", "app", "jobs"];

/// Files whose name says that they decide: they are pure.
const DECIDES: [&str; 6] = ["rules.rs", "lifecycle.rs", "validation.rs", "diff.rs", "schedule.rs", "replay.rs"];

/// What a pure file may name beside other pure files: crates that touch nothing.
const PLAIN_CRATES: [&str; 32] = [
    "std",
    "aws_lc_rs",
    "calamine",
    "chrono",
    "chrono_tz",
    "crc32fast",
    "csv",
    "data_encoding",
    "docx_rs",
    "flate2",
    "ipnet",
    "num_bigint",
    "num_rational",
    "num_traits",
    "qrcodegen",
    "quick_xml",
    "rand_chacha",
    "regex",
    "rust_decimal",
    "rust_xlsxwriter",
    "schemars",
    "serde",
    "serde_jcs",
    "serde_json",
    "sha2",
    "strsim",
    "thiserror",
    "unicode_normalization",
    "utoipa",
    "uuid",
    "validator",
    "zip",
];

/// And these of the crate: ids, the day of an instant, and what recalls nothing without a connection.
const PLAIN: [(&str, &str); 3] = [("db/ids.rs", ""), ("clock.rs", "day"), ("db/memory.rs", "Recall")];

fn none(found: impl IntoIterator<Item = String>) {
    let found: Vec<String> = found.into_iter().collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// Every arrow: from, to, and the items named.
fn all_arrows(sources: &[Source]) -> Vec<(String, String, String)> {
    let named = |items: BTreeSet<String>| items.into_iter().collect::<Vec<_>>().join(", ");
    let of = |(from, to): (String, BTreeMap<String, BTreeSet<String>>)| {
        to.into_iter().map(move |(to, items)| (from.clone(), to, named(items)))
    };
    arrows(sources).into_iter().flat_map(of).collect()
}

#[test]
fn use_trees_are_read_rightly() {
    let text = "use crate::{db::{Conn, self}, http::Error as Failed};\npub use std::fmt::*;\nfn f() {}";
    let source = Source { path: "a/b.rs".into(), text: text.into() };
    let (code, uses) = source.read();
    let uses: Vec<String> = uses.iter().map(|used| format!("{}={}", used.called, used.name.join("::"))).collect();
    assert_eq!(uses, ["Conn=crate::db::Conn", "db=crate::db", "Failed=crate::http::Error", "*=std::fmt::*"]);
    assert_eq!(code.trim(), "fn f() {}");
}

#[test]
fn an_arrow_leads_to_the_file_that_defines_what_is_named() {
    let source = |path: &str, text: &str| Source { path: path.into(), text: text.into() };
    let house = [
        source("lib.rs", "pub mod a;\npub mod c;"),
        source("a/mod.rs", "mod b;\nmod d;\npub use b::{Thing, one as other};\npub use d::*;\npub fn own() {}"),
        source("a/b.rs", "pub struct Thing;\npub fn one() {}\npub fn two() { super::own() }"),
        source("a/d.rs", "pub const LAST: i32 = 1;"),
        source("c.rs", "use crate::a::{self, Thing};\nfn f() { a::other(); a::LAST; crate::a::own(); }"),
    ];
    let expected = [
        ("a/b.rs", "a/mod.rs", "own"),
        ("c.rs", "a/b.rs", "Thing, one"),
        ("c.rs", "a/d.rs", "LAST"),
        ("c.rs", "a/mod.rs", "own"),
    ];
    let expected = expected.map(|(from, to, items)| (from.to_owned(), to.to_owned(), items.to_owned()));
    assert_eq!(all_arrows(&house), expected);
}

#[test]
fn no_two_files_of_src_import_each_other_in_a_circle() {
    let arrows = arrows(&sources("src"));
    let below = |from: &str| {
        let (mut seen, mut next) = (BTreeSet::new(), vec![from.to_owned()]);
        while let Some(at) = next.pop() {
            for to in arrows.get(&at).into_iter().flat_map(|to| to.keys()) {
                if seen.insert(to.clone()) {
                    next.push(to.clone());
                }
            }
        }
        seen
    };
    let reached: BTreeMap<&String, BTreeSet<String>> = arrows.keys().map(|from| (from, below(from))).collect();
    let in_circles = arrows.iter().flat_map(|(from, to)| {
        let back = to.iter().filter(|(to, _)| reached[to].contains(from));
        back.map(move |(to, items)| format!("{from} → {to}: {}", Vec::from_iter(items.iter().cloned()).join(", ")))
    });
    none(in_circles);
}

#[test]
fn no_arrow_runs_back_up() {
    let sources = sources("src");
    let floor = |path: &str| {
        let module = path.split(['/', '.']).next().unwrap_or_default();
        FLOORS.iter().position(|floor| floor.contains(&module))
    };
    let known = sources.iter().filter(|source| source.path != "lib.rs" && floor(&source.path).is_none());
    none(known.map(|source| format!("src/{} is on no floor", source.path)));
    let up = all_arrows(&sources).into_iter().filter(|(from, to, _)| from != "lib.rs" && floor(from) < floor(to));
    none(up.map(|(from, to, items)| format!("src/{from} names {items} of src/{to}")));
}

#[test]
fn no_arrow_runs_back_up_within_submissions() {
    let on = |path: &str| {
        SUBMISSIONS_FLOORS
            .iter()
            .position(|floor| floor.iter().any(|start| path.starts_with(start)))
            .unwrap_or(usize::MAX)
    };
    let floor = |path: &str| path.strip_prefix("submissions/").map(on);
    let arrows = all_arrows(&sources("src")).into_iter();
    let up = arrows.filter(|(from, to, _)| floor(from).zip(floor(to)).is_some_and(|(from, to)| from < to));
    none(up.map(|(from, to, items)| format!("src/{from} names {items} of src/{to}")));
}

#[test]
fn features_of_one_floor_and_the_kit_know_their_place() {
    let module = |path: &str| path.split(['/', '.']).next().unwrap_or_default().to_owned();
    let plain: Vec<&str> = FLOORS[..2].iter().flat_map(|floor| floor.iter().copied()).collect();
    let foreign = all_arrows(&sources("src")).into_iter().filter(|(from, to, _)| {
        let (from, to) = (module(from), module(to));
        KIT.contains(&from.as_str()) && !KIT.contains(&to.as_str()) && !plain.contains(&to.as_str())
    });
    none(foreign.map(|(from, to, items)| format!("src/{from} names {items} of src/{to}")));
}

#[test]
fn pure_files_name_only_what_is_pure() {
    let sources = sources("src");
    let pure: BTreeSet<&str> = sources.iter().filter(|s| s.is_pure()).map(|source| source.path.as_str()).collect();
    assert!(pure.len() > 60, "hardly a file says that it is PURE any more");
    let plain =
        |to: &str, items: &str| PLAIN.iter().any(|(path, item)| to == *path && (item.is_empty() || items == *item));
    let touching = all_arrows(&sources)
        .into_iter()
        .filter(|(from, to, items)| pure.contains(from.as_str()) && !pure.contains(to.as_str()) && !plain(to, items));
    none(touching.map(|(from, to, items)| format!("src/{from} is PURE and names {items} of src/{to}, which is not")));
    let crates = sources.iter().filter(|source| source.is_pure()).flat_map(|source| {
        let uses = source.read().1.into_iter().map(|used| used.name[0].clone());
        let foreign = uses.filter(|first| !["crate", "super", "self"].contains(&first.as_str()));
        let foreign =
            foreign.filter(|first| !first.starts_with(char::is_uppercase) && !is_child(&sources, source, first));
        foreign
            .filter(|first| !PLAIN_CRATES.contains(&first.as_str()))
            .map(|first| format!("src/{} names {first}", source.path))
            .collect::<Vec<_>>()
    });
    none(crates);
}

fn is_child(sources: &[Source], of: &Source, name: &str) -> bool {
    let child: Vec<String> = of.place().into_iter().chain([name.to_owned()]).collect();
    sources.iter().any(|source| source.place() == child)
}

#[test]
fn files_that_decide_say_that_they_are_pure() {
    let silent = sources("src").into_iter().filter(|source| DECIDES.contains(&source.file()) && !source.is_pure());
    none(silent.map(|source| format!("src/{} decides, and does not say PURE.", source.path)));
}

#[test]
fn pure_files_ask_no_clock_and_no_chance() {
    let forbidden =
        ["Utc::now", "Local::now", "SystemTime", "Instant::now", "now_v7", "new_v4", "rand::rng", "thread_rng"];
    none(sources("src").iter().filter(|source| source.is_pure()).flat_map(|source| {
        let asked = forbidden.iter().filter(|word| source.text.contains(*word));
        asked.map(|word| format!("src/{} says {word}", source.path)).collect::<Vec<_>>()
    }));
}

#[test]
fn only_stores_name_diesel() {
    let stores = |path: &str| path.starts_with("db/") || path.ends_with("store.rs");
    let others = sources("src").into_iter().filter(|source| !stores(&source.path) && source.text.contains("diesel"));
    none(others.map(|source| format!("src/{} names diesel", source.path)));
}

#[test]
fn a_rooms_api_and_store_are_its_own() {
    let open = |source: &Source| source.text.contains("pub mod api") || source.text.contains("pub mod store");
    none(
        sources("src")
            .iter()
            .filter(|source| open(source))
            .map(|source| format!("src/{} opens its layers", source.path)),
    );
}

#[test]
fn modules_have_one_style() {
    let sources = sources("src");
    let folders: BTreeSet<String> =
        sources.iter().filter_map(|source| source.path.rsplit_once('/')).map(|(folder, _)| folder.to_owned()).collect();
    let beside = sources.iter().filter(|source| folders.contains(source.path.trim_end_matches(".rs")));
    none(beside.map(|source| format!("src/{} stands beside its folder: name it mod.rs", source.path)));
}

#[test]
fn no_file_is_too_long() {
    let files = ["src", "tests"].into_iter().flat_map(|root| {
        sources(root).into_iter().map(move |source| (format!("{root}/{}", source.path), source.text.lines().count()))
    });
    let long = files.filter(|(path, lines)| *lines > LINES_MOST && path != "src/db/schema.rs");
    none(long.map(|(path, lines)| format!("{path} has {lines} lines, more than {LINES_MOST}")));
}

#[test]
fn nothing_is_unwrapped() {
    let unwraps = sources("src").into_iter().filter(|source| source.text.contains(".unwrap()"));
    none(unwraps.map(|source| format!("src/{} unwraps; prove it with expect or pass the error on", source.path)));
}

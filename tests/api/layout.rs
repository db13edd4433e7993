//! The rules of the code's layout (ARCHITECTURE.md), held by reading it: who may import whom, what is pure, how long a
//! file may be.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

const LINES_MOST: usize = 400;

/// Modules that know no feature.
const KIT: [&str; 14] = [
    "app",
    "canonical",
    "clock",
    "config",
    "days",
    "db",
    "exact",
    "finding",
    "http",
    "jobs",
    "openapi",
    "record",
    "telemetry",
    "text",
];

/// Files that only decide: no web, no database, no clock, no chance.
const PURE: [&str; 59] = [
    "activities/rules.rs",
    "audit/chain.rs",
    "canonical.rs",
    "concerns/rules.rs",
    "days.rs",
    "exact.rs",
    "finding.rs",
    "record.rs",
    "units/change.rs",
    "units/import_rows.rs",
    "units/importing.rs",
    "units/rules.rs",
    "units/tree.rs",
    "http/address.rs",
    "http/expected.rs",
    "http/objects.rs",
    "identity/outside_claims.rs",
    "identity/rules.rs",
    "identity/throttle.rs",
    "people/names.rs",
    "people/retention.rs",
    "movements/amendment.rs",
    "movements/plan",
    "movements/plan_diff.rs",
    "movements/versions.rs",
    "movements/lint",
    "movements/periods.rs",
    "movements/calendar.rs",
    "movements/calendar_year.rs",
    "movements/launch.rs",
    "movements/target.rs",
    "submissions/rules.rs",
    "submissions/checks.rs",
    "submissions/completeness.rs",
    "submissions/diff.rs",
    "submissions/slots.rs",
    "submissions/stages.rs",
    "submissions/stranded.rs",
    "submissions/evidence/about.rs",
    "submissions/evidence/archive.rs",
    "submissions/evidence/kind.rs",
    "submissions/forms/book.rs",
    "submissions/forms/lines.rs",
    "submissions/known.rs",
    "submissions/import/columns.rs",
    "submissions/import/merge.rs",
    "submissions/import/rows.rs",
    "submissions/import/words.rs",
    "tables/bounds.rs",
    "tables/cells.rs",
    "tables/csv.rs",
    "tables/headings.rs",
    "tables/reading.rs",
    "tables/xlsx.rs",
    "text.rs",
    "initiatives/rules.rs",
    "initiatives/similar.rs",
    "nominations/rules.rs",
    "assessments/rules.rs",
];

/// Features that are pure but for these files.
const PURE_FEATURES: [&str; 2] = ["progress/", "rankings/"];
const IMPURE: [&str; 5] = ["mod.rs", "api.rs", "store.rs", "gather.rs", "view.rs"];

/// What a pure file may name beside the crate itself.
const PLAIN_CRATES: [&str; 23] = [
    "data_encoding",
    "rust_xlsxwriter",
    "calamine",
    "csv",
    "zip",
    "std",
    "chrono",
    "chrono_tz",
    "rust_decimal",
    "num_rational",
    "num_bigint",
    "num_traits",
    "uuid",
    "ipnet",
    "thiserror",
    "serde",
    "serde_json",
    "serde_jcs",
    "schemars",
    "sha2",
    "unicode_normalization",
    "rand_chacha",
    "regex",
];

pub struct Source {
    /// Below `src/`.
    pub path: String,
    pub text: String,
    /// Every path that a `use` names, and every `crate::…` in passing.
    names: BTreeSet<String>,
}

impl Source {
    fn module(&self) -> &str {
        self.path.split(['/', '.']).next().unwrap_or_default()
    }

    fn is_pure(&self) -> bool {
        let file = self.path.rsplit('/').next().unwrap_or_default();
        PURE.iter().any(|pure| {
            self.path == *pure || self.path.starts_with(&format!("{}/", pure)) || self.path == format!("{pure}.rs")
        }) || PURE_FEATURES.iter().any(|feature| self.path.starts_with(feature)) && !IMPURE.contains(&file)
    }

    /// Modules of the crate that it names.
    fn modules(&self) -> impl Iterator<Item = &str> {
        let own = self.names.iter().filter_map(|name| name.strip_prefix("crate::"));
        own.map(|name| name.split("::").next().unwrap_or_default())
    }
}

pub fn sources(root: &str) -> Vec<Source> {
    fn walk(dir: &Path, root: &Path, found: &mut Vec<Source>) {
        for entry in fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                walk(&entry, root, found);
            } else if entry.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&entry).unwrap();
                let path = entry.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                found.push(Source { path, names: names(&text), text });
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(root);
    let mut found = Vec::new();
    walk(&root, &root, &mut found);
    found
}

/// The paths that a file names: `use a::{b, c::d}` is `a::b` and `a::c::d`.
fn names(text: &str) -> BTreeSet<String> {
    let code: String =
        text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n");
    let uses = code.split(';').filter_map(|statement| {
        let start = statement.rfind("use ")?;
        let before = statement[..start].trim_end();
        let begins = before.is_empty() || before.ends_with(['}', '{', ']', ')', '\n']) || before.ends_with("pub");
        begins.then(|| &statement[start + 4..])
    });
    let mut names = BTreeSet::new();
    uses.for_each(|tree| expand("", tree, &mut names));
    let inline = code.match_indices("crate::").map(|(at, _)| {
        let rest = &code[at..];
        let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')).unwrap_or(rest.len());
        rest[..end].trim_end_matches(':').to_owned()
    });
    names.extend(inline.filter(|name| name != "crate"));
    names
}

fn expand(before: &str, tree: &str, names: &mut BTreeSet<String>) {
    let tree = tree.trim();
    match tree.split_once('{') {
        None => drop(names.insert(format!("{before}{}", tree.split(" as ").next().unwrap_or_default()))),
        Some((stem, rest)) => {
            let inner = rest.trim_end().strip_suffix('}').unwrap_or(rest);
            let (mut depth, mut start) = (0, 0);
            for (at, c) in inner.char_indices().chain([(inner.len(), ',')]) {
                match c {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    ',' if depth == 0 => {
                        let part = inner[start..at].trim();
                        if !part.is_empty() {
                            expand(&format!("{before}{}", stem.trim()), part, names);
                        }
                        start = at + 1;
                    }
                    _ => {}
                }
            }
        }
    }
}

fn none(found: Vec<String>) {
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn use_trees_are_read_rightly() {
    let text = "use crate::{db::{Conn, UnitId}, http::Error};\npub use std::fmt;\nfn f() -> crate::clock::Clock {}";
    let expected = ["crate::clock::Clock", "crate::db::Conn", "crate::db::UnitId", "crate::http::Error", "std::fmt"];
    assert_eq!(names(text).iter().filter(|name| name.contains("::")).collect::<Vec<_>>()[..], expected);
}

#[test]
fn the_kit_knows_no_feature() {
    let kit = sources("src").into_iter().filter(|source| ["http", "db", "jobs"].contains(&source.module()));
    none(
        kit.flat_map(|source| {
            let foreign: Vec<String> = source
                .modules()
                .filter(|module| !KIT.contains(module))
                .map(|module| format!("src/{} names {module}", source.path))
                .collect();
            foreign
        })
        .collect(),
    );
}

#[test]
fn pure_files_only_decide() {
    let pure: Vec<Source> = sources("src").into_iter().filter(Source::is_pure).collect();
    assert!(pure.len() > 30, "the list of pure files names nothing any more");
    none(
        pure.iter()
            .flat_map(|source| {
                source
                    .names
                    .iter()
                    .filter(|name| !is_plain(name))
                    .map(|name| format!("src/{} names {name}", source.path))
            })
            .collect(),
    );
}

/// Ids and the day of an instant are plain words; the rest of the kit acts.
fn is_plain(name: &str) -> bool {
    let (first, rest) = name.split_once("::").unwrap_or((name, ""));
    let module = rest.split("::").next().unwrap_or_default();
    match first {
        "crate" => match module {
            "db" => name.ends_with("Id"),
            "clock" => name == "crate::clock::day",
            "http" => ["crate::http::Role", "crate::http::Scope"].contains(&name),
            "app" | "config" | "jobs" | "openapi" | "telemetry" | "ops" => false,
            _ => !["Conn", "store", "api"].iter().any(|word| name.split("::").any(|part| part == *word)),
        },
        "super" | "self" => !name.split("::").any(|part| part == "store" || part == "api"),
        _ => {
            PLAIN_CRATES.contains(&first) && !name.contains("SystemTime") && !name.starts_with("chrono::Local")
                || first.chars().next().is_some_and(char::is_uppercase)
        }
    }
}

#[test]
fn pure_files_ask_no_clock_and_no_chance() {
    let forbidden =
        ["Utc::now", "Local::now", "SystemTime", "Instant::now", "now_v7", "new_v4", "rand::rng", "thread_rng"];
    none(
        sources("src")
            .iter()
            .filter(|source| source.is_pure())
            .flat_map(|source| {
                let asked = forbidden.iter().filter(|word| source.text.contains(*word));
                asked.map(|word| format!("src/{} says {word}", source.path)).collect::<Vec<_>>()
            })
            .collect(),
    );
}

#[test]
fn only_stores_name_diesel() {
    let stores = |path: &str| path.starts_with("db/") || path.ends_with("store.rs");
    none(
        sources("src")
            .iter()
            .filter(|source| !stores(&source.path) && source.text.contains("diesel"))
            .map(|source| format!("src/{} names diesel", source.path))
            .collect(),
    );
}

#[test]
fn features_form_no_cycle() {
    let mut arrows: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for source in sources("src") {
        let module = source.module().to_owned();
        if KIT.contains(&module.as_str()) || ["main", "command_line", "lib"].contains(&module.as_str()) {
            continue;
        }
        let others = source.modules().filter(|other| !KIT.contains(other) && *other != module);
        let others: Vec<String> = others.map(str::to_owned).collect();
        arrows.entry(module).or_default().extend(others);
    }
    fn visit(at: &str, arrows: &BTreeMap<String, BTreeSet<String>>, path: &mut Vec<String>) {
        assert!(!path.iter().any(|seen| seen == at), "a cycle: {} → {at}", path.join(" → "));
        path.push(at.to_owned());
        for next in arrows.get(at).into_iter().flatten() {
            visit(next, arrows, path);
        }
        path.pop();
    }
    arrows.keys().for_each(|feature| visit(feature, &arrows, &mut Vec::new()));
}

#[test]
fn a_features_api_and_store_are_its_own() {
    none(
        sources("src")
            .iter()
            .filter(|source| !source.path.starts_with("http") && !source.path.starts_with("db"))
            .filter(|source| source.text.contains("pub mod api") || source.text.contains("pub mod store"))
            .map(|source| format!("src/{} opens its layers", source.path))
            .collect(),
    );
}

#[test]
fn no_file_is_too_long() {
    let files = ["src", "tests"].into_iter().flat_map(|root| {
        sources(root).into_iter().map(move |source| (format!("{root}/{}", source.path), source.text.lines().count()))
    });
    none(
        files
            .filter(|(path, lines)| *lines > LINES_MOST && path != "src/db/schema.rs")
            .map(|(path, lines)| format!("{path} has {lines} lines, more than {LINES_MOST}"))
            .collect(),
    );
}

#[test]
fn nothing_is_unwrapped() {
    none(
        sources("src")
            .iter()
            .filter(|source| source.text.contains(".unwrap()"))
            .map(|source| format!("src/{} unwraps; prove it with expect or pass the error on", source.path))
            .collect(),
    );
}

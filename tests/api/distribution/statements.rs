//! Every statement that is written as SQL names the locality by its parameter, wherever it names a table of localities:
//! only then one node answers it. A locality that comes by a join with an outer statement does not do.

use std::{collections::BTreeSet, fs, path::Path, sync::LazyLock};

use regex::Regex;

use crate::sources::{Source, sources};

/// Statements without the parameter: the file, how the statement begins, and why it may.
const OF_ALL: [(&str, &str, &str); 12] = [
    ("published/store.rs", "SELECT c.locality_id, c.id", "whoever has a certificate's code names no locality"),
    ("published/store.rs", "SELECT c.position", "a list of revoked certificates is of all localities"),
    ("published/store.rs", "SELECT m.locality_id, m.id, l.name", "whoever has no account names a locality by its code"),
    ("audit/store.rs", "SELECT count(*) AS records", "the metrics count what waits in every locality"),
    ("progress/totals/store.rs", "SELECT a.place, t.generation", "the city reads the totals of every locality"),
    ("progress/totals/store.rs", "SELECT FROM approved_changes", "a job looks for what is not folded in any locality"),
    ("progress/totals/store.rs", "SELECT m.locality_id, m.id", "the same"),
    ("submissions/history/changed_store.rs", "SELECT a.place, c.locality_id", "the city reads what is not folded"),
    ("submissions/history/changed_store.rs", "WITH changed AS", "the same"),
    ("submissions/history/changed_store.rs", "SELECT s.place, {NUMBERS}", "the same"),
    (
        "submissions/list_store.rs",
        "SELECT u.code FROM units u WHERE u.locality_id = submissions.locality_id",
        "a report's unit, of the report's locality, which the statement around it names by its parameter",
    ),
    (
        "submissions/list_store.rs",
        "SELECT e.at FROM submission_events e WHERE e.locality_id = submissions.locality_id",
        "a report's last act, of the report's locality, likewise",
    ),
];

/// The strings of a Rust file, whole.
fn strings(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '/' if rest.peek() == Some(&'/') => drop(rest.by_ref().find(|c| *c == '\n')),
            '\'' if rest.peek() == Some(&'"') => drop(rest.next()),
            '"' => {
                let mut string = String::new();
                while let Some(c) = rest.next().filter(|c| *c != '"') {
                    match c {
                        '\\' => string.extend(rest.next().filter(|c| *c != '\n')),
                        c => string.push(c),
                    }
                }
                found.push(string);
            }
            _ => (),
        }
    }
    found
}

/// The statements in a string, each without those that stand in it in parentheses, which follow as their own.
fn statements(sql: &str) -> Vec<String> {
    let (mut done, mut open) = (Vec::new(), vec![String::new()]);
    for c in sql.chars() {
        match c {
            '(' => open.push(String::new()),
            ')' if open.len() > 1 => {
                let inner = open.pop().unwrap_or_default();
                let outer = open.last_mut().expect("one is left");
                match is_statement(&inner) {
                    true => done.push(inner),
                    false => *outer += &format!("({inner})"),
                }
            }
            c => open.last_mut().expect("one is left").push(c),
        }
    }
    done.extend(open);
    let plain = |one: &str| one.split_whitespace().collect::<Vec<_>>().join(" ");
    done.iter()
        .map(|one| plain(one))
        .flat_map(|one| one.split(" UNION ").map(str::to_owned).collect::<Vec<_>>())
        .collect()
}

fn is_statement(text: &str) -> bool {
    ["SELECT", "WITH", "INSERT", "UPDATE", "DELETE"].iter().any(|word| text.trim_start().starts_with(word))
}

/// Tables whose primary key starts with the locality.
fn tenant_tables() -> BTreeSet<String> {
    let schema = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/db/schema.rs")).unwrap();
    let table = Regex::new(r"(?m)^    (\w+) \(locality_id, ").unwrap();
    table.captures_iter(&schema).map(|found| found[1].to_owned()).collect()
}

/// The tables that a statement names; one that is put in for `{table}` may be any.
static NAMED: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\b(?:FROM|JOIN|UPDATE|INTO) (\w+|\{\w+\})").expect("a pattern"));
/// The locality by its parameter: compared with, or the first value of a row.
static BY_PARAMETER: LazyLock<Regex> = LazyLock::new(|| {
    let inserted = r"INSERT INTO \w+ \(locality_id\b[^)]*\) (?:SELECT \$1\b|VALUES ?(?:$|\(?\$1\b))";
    Regex::new(&format!(r"\blocality_id = \$\d|{inserted}")).expect("a pattern")
});

/// Whether a statement names a table of localities without the locality's parameter.
fn strays(statement: &str, tables: &BTreeSet<String>) -> bool {
    let of_localities = |name: &str| tables.contains(name) || name.starts_with('{');
    NAMED.captures_iter(statement).any(|found| of_localities(&found[1])) && !BY_PARAMETER.is_match(statement)
}

fn excepted(source: &Source, statement: &str) -> Option<&'static str> {
    let excepted = OF_ALL.iter().find(|(path, begins, _)| source.path == *path && statement.starts_with(begins));
    excepted.map(|(_, begins, _)| *begins)
}

#[test]
fn every_statement_names_the_locality_by_its_parameter() {
    let tables = tenant_tables();
    let (mut found, mut seen, mut used) = (Vec::new(), 0, BTreeSet::new());
    for source in sources("src") {
        for statement in strings(&source.text).iter().flat_map(|string| statements(string)) {
            seen += usize::from(is_statement(&statement));
            if !strays(&statement, &tables) {
                continue;
            }
            match excepted(&source, &statement) {
                Some(exception) => drop(used.insert(exception)),
                None => found.push(format!("src/{}: {statement}", source.path)),
            }
        }
    }
    assert!(tables.len() > 30 && seen > 30, "{} tables and {seen} statements are read", tables.len());
    assert!(found.is_empty(), "{}", found.join("\n"));
    let idle: Vec<&str> = OF_ALL.iter().map(|(_, begins, _)| *begins).filter(|begins| !used.contains(begins)).collect();
    assert!(idle.is_empty(), "exceptions of nothing: {idle:?}");
}

#[test]
fn a_locality_that_comes_by_a_join_does_not_do() {
    let tables = tenant_tables();
    let stray = |sql: &str| statements(sql).iter().any(|statement| strays(statement, &tables));
    let lateral = |inner: &str| {
        format!(
            "SELECT s.id FROM submissions s JOIN LATERAL (SELECT 1 FROM submission_events e WHERE {inner}) d ON true
             WHERE s.locality_id = $1"
        )
    };
    assert!(!stray(&lateral("e.locality_id = $1 AND e.submission_id = s.id")));
    assert!(stray(&lateral("e.locality_id = s.locality_id AND e.submission_id = s.id")));
    assert!(stray("SELECT 1 FROM units WHERE id = $1"));
    assert!(stray("DELETE FROM units"));
    assert!(stray("SELECT 1 FROM units WHERE locality_id = $1 UNION SELECT 1 FROM people"));
    assert!(!stray("SELECT 1 FROM accounts WHERE id = $1"));
    assert!(!stray("INSERT INTO units (locality_id, id) SELECT $1, u.id FROM unnest($2) AS u (id)"));
}

/// An engine that routes rows wants the values of a row, and no statement in place of one.
#[test]
fn no_row_of_values_holds_a_statement() {
    let holds = |sql: &str| {
        sql.split("VALUES").skip(1).any(|rows| {
            let rows = rows.split(';').next().unwrap_or_default();
            let mut depth = 0;
            let within = rows.char_indices().take_while(|(_, c)| {
                depth += i32::from(*c == '(') - i32::from(*c == ')');
                depth > 0 || c.is_whitespace() || [',', ')'].contains(c)
            });
            let end = within.last().map_or(0, |(at, _)| at);
            rows[..end].replace(char::is_whitespace, "").contains("(SELECT")
        })
    };
    assert!(holds("INSERT INTO a VALUES (1, (SELECT 2))"));
    assert!(!holds("INSERT INTO a VALUES (1, (2)) ON CONFLICT DO UPDATE SET b = (SELECT 3)"));
    let texts = ["src", "tests"].into_iter().flat_map(|root| sources(root).into_iter().map(move |one| (root, one)));
    let found: Vec<String> = texts
        .filter(|(_, one)| {
            one.path != "api/distribution/statements.rs" && strings(&one.text).iter().any(|sql| holds(sql))
        })
        .map(|(root, one)| format!("{root}/{}", one.path))
        .collect();
    assert!(found.is_empty(), "{}", found.join(", "));
    assert!(!holds(include_str!("../support/fixture.sql")));
}

/// A change of a constraint goes to every node by a statement of its own.
#[test]
fn a_migration_changes_one_constraint_at_a_time() {
    let tables = tenant_tables();
    let alter = Regex::new(r"ALTER TABLE (\w+)\s").unwrap();
    let comment = Regex::new(r"--[^\n]*").unwrap();
    let action = Regex::new(r"\b(?:ADD|DROP|ALTER|RENAME|VALIDATE) (?:COLUMN|CONSTRAINT)\b").unwrap();
    let mut found = Vec::new();
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations")).unwrap().flatten() {
        for file in ["up.sql", "down.sql"] {
            let Ok(text) = fs::read_to_string(entry.path().join(file)) else { continue };
            for statement in comment.replace_all(&text, "").split(';').map(str::trim) {
                let table = alter.captures(statement).map(|found| found[1].to_owned());
                let several = statement.contains("CONSTRAINT") && action.find_iter(statement).count() > 1;
                if several && table.is_some_and(|table| tables.contains(&table)) {
                    found.push(format!("{}: {statement}", entry.path().display()));
                }
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

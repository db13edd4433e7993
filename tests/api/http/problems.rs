//! Problem codes: one table, all of it used, each explained at its address.

use std::collections::BTreeSet;

use rstest::rstest;
use serde_json::Value;

use crate::{sources::sources, support::TestApp};

#[test]
fn every_code_has_its_page() {
    let app = TestApp::start();
    let all = app.anon().get("/problems").ok();
    for entry in all.json().as_array().unwrap() {
        let address = format!("/problems/{}", entry["code"].as_str().unwrap());
        assert_eq!(app.anon().get(&address).ok().json(), entry);
    }
    app.anon().get("/problems/no_such_code").problem(404, "not_found");
}

#[test]
fn a_page_is_for_people_or_machines() {
    let app = TestApp::start();
    let page = |accept| app.anon().get("/problems/not_found").header("Accept", accept).ok();
    assert!(page("text/html,application/xhtml+xml").text().contains("<h1>Không tìm thấy</h1>"));
    assert_eq!(page("application/json")["title"], "Không tìm thấy");
    assert_eq!(page("*/*")["status"], 404);
    let english = app.anon().get("/problems/not_found").header("Accept", "text/html").lang("en").ok();
    assert!(english.text().starts_with("<!doctype html><html lang=\"en\">"));
}

#[rstest]
#[case(None, "application/json")]
#[case(Some("*/*"), "application/json")]
#[case(Some("application/*"), "application/json")]
#[case(Some("text/html, */*;q=0.1"), "text/html")]
#[case(Some("text/html;q=0.1, application/json"), "application/json")]
#[case(Some("application/json;q=0.2, text/*;q=0.3"), "text/html")]
#[case(Some("application/json;q=0, */*"), "text/html")]
#[case(Some("TEXT/HTML;charset=utf-8;Q=0.9, application/json;q=0.8"), "text/html")]
#[case(Some("nonsense"), "application/json")]
fn the_better_liked_form_is_answered(#[case] accept: Option<&str>, #[case] form: &str) {
    let app = TestApp::start();
    let request = app.anon().get("/problems/not_found");
    let page = accept.map_or(request.clone(), |accept| request.header("Accept", accept)).ok();
    assert!(page.header("content-type").unwrap().starts_with(form), "{page}");
    assert!(page.header("vary").unwrap().contains("Accept"));
}

#[rstest]
#[case("image/png")]
#[case("text/html;q=0, application/json;q=0")]
#[case("*/*;q=0")]
fn a_form_that_is_not_there_is_406(#[case] accept: &str) {
    let app = TestApp::start();
    let refused = app.anon().get("/problems/not_found").header("Accept", accept).problem(406, "not_acceptable");
    assert!(refused["detail"].as_str().unwrap().contains("application/json, text/html"), "{refused}");
}

#[test]
fn every_problem_type_leads_to_its_page() {
    let app = TestApp::start();
    let problem = app.anon().get("/me").problem(401, "unauthenticated");
    let page = app.anon().get(problem["type"].as_str().unwrap()).ok();
    assert_eq!((&page["title"], &page["cure"]), (&problem["title"], &problem["detail"]));
}

#[test]
fn messages_stand_in_both_languages_and_say_the_cure() {
    for entry in catalogue() {
        for language in ["vi", "en"] {
            let message = entry[language].as_str().unwrap();
            let cure = message.contains(". ") || message.contains("; ");
            assert!(cure && message.ends_with('.'), "{}: {message}", entry["code"]);
        }
        let holes = |language: &str| -> BTreeSet<String> {
            let message = entry[language].as_str().unwrap();
            message
                .split('{')
                .skip(1)
                .filter_map(|rest| rest.split_once('}'))
                .map(|(name, _)| name.trim_end_matches(&format!("_{language}")).to_owned())
                .collect()
        };
        assert_eq!(holes("vi"), holes("en"), "{}", entry["code"]);
    }
}

/// Members of bodies that officials meet. A Vietnamese message says what they are called, and the member in brackets.
const MEMBERS: [&str; 20] = [
    "as_of",
    "counts",
    "direct_work",
    "estimated",
    "evidence",
    "explanation",
    "group",
    "kinds",
    "limit",
    "on_behalf",
    "on_behalf_reason",
    "over_units",
    "period",
    "reason",
    "reported_by",
    "source",
    "state",
    "numerator",
    "denominator",
    "window",
];

#[test]
fn vietnamese_messages_call_things_by_their_vietnamese_names() {
    for entry in catalogue() {
        let mut text = entry["vi"].as_str().unwrap().to_owned();
        // Placeholders, addresses and what stands in brackets.
        for (open, close) in [('{', '}'), ('(', ')')] {
            while let Some((from, to)) = text.find(open).and_then(|from| Some((from, from + text[from..].find(close)?)))
            {
                text.replace_range(from..=to, "");
            }
        }
        let words = text.split([' ', ',', ';', '.', ':']).filter(|word| MEMBERS.contains(word));
        let bare: Vec<&str> = words.collect();
        assert!(bare.is_empty(), "{}: {bare:?} in {text}", entry["code"]);
    }
}

#[test]
fn every_code_in_the_source_stands_in_the_table() {
    let known = codes();
    let missing: Vec<String> =
        sources("src").iter().flat_map(|source| named(&source.text)).filter(|c| !known.contains(c)).collect();
    assert!(missing.is_empty(), "not in src/problem/problems.json: {missing:?}");
}

#[test]
fn every_code_in_the_table_is_used() {
    let sources: String = sources("src").into_iter().map(|source| source.text).collect();
    let unused: Vec<String> = codes().into_iter().filter(|code| !sources.contains(&format!("\"{code}\""))).collect();
    assert!(unused.is_empty(), "in src/problem/problems.json for nothing: {unused:?}");
}

#[test]
fn no_code_stands_twice() {
    assert_eq!(codes().len(), catalogue().len());
}

fn catalogue() -> Vec<Value> {
    serde_json::from_str(include_str!("../../../src/problem/problems.json")).unwrap()
}

fn codes() -> BTreeSet<String> {
    catalogue().iter().map(|entry| entry["code"].as_str().unwrap().to_owned()).collect()
}

/// The codes that a source file names where errors and findings are made, as literals.
fn named(source: &str) -> Vec<String> {
    const MAKERS: [&str; 6] =
        ["Error::of(", "Error::state(", "Finding::new(", "Finding::warning(", "ValidationError::new(", ".at("];
    let mut codes = Vec::new();
    for maker in MAKERS {
        for (start, _) in source.match_indices(maker) {
            let arguments = arguments(&source[start + maker.len()..]);
            let code = if maker.contains("Error::") { arguments.first() } else { arguments.get(1) };
            let literal = code.and_then(|code| code.trim().strip_prefix('"')?.strip_suffix('"').map(str::to_owned));
            codes.extend(literal);
        }
    }
    codes
}

/// The arguments of a call, from after its opening bracket.
fn arguments(call: &str) -> Vec<String> {
    let (mut depth, mut quoted, mut arguments) = (0, false, vec![String::new()]);
    for c in call.chars() {
        match c {
            '"' => quoted = !quoted,
            '(' | '[' | '{' if !quoted => depth += 1,
            ')' | ']' | '}' if !quoted && depth == 0 => break,
            ')' | ']' | '}' if !quoted => depth -= 1,
            ',' if !quoted && depth == 0 => {
                arguments.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(last) = arguments.last_mut() {
            last.push(c);
        }
    }
    arguments
}

/// Names in the document: parameters with the values that they may have, and the last parts of paths.
fn named_in_the_document() -> (BTreeSet<String>, BTreeSet<String>) {
    let document: Value = serde_json::from_str(include_str!("../../../openapi/openapi.json")).unwrap();
    let (mut words, mut tails) = (BTreeSet::new(), BTreeSet::new());
    for (path, operations) in document["paths"].as_object().unwrap() {
        tails.extend(path.split('/').filter(|part| !part.is_empty()).map(str::to_owned));
        for operation in operations.as_object().unwrap().values() {
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                let shared = parameter["$ref"].as_str().and_then(|to| document.pointer(to.trim_start_matches('#')));
                let parameter = shared.unwrap_or(parameter);
                let name = parameter["name"].as_str().unwrap();
                words.insert(name.to_owned());
                let kinds = [&parameter["schema"]["enum"], &parameter["schema"]["oneOf"]];
                let text = kinds.map(ToString::to_string).join(" ");
                let values = text.split('"').filter(|word| word.chars().all(|c| c.is_ascii_lowercase() || c == '_'));
                words.extend(values.map(|value| format!("{name}={value}")));
            }
        }
    }
    (words, tails)
}

#[test]
fn what_a_message_advises_exists() {
    let (words, tails) = named_in_the_document();
    let advice = regex::Regex::new(r"\b([a-z_]+=[a-z_]+)|(?:tham số|with the parameter) ([a-z_]+)\b").unwrap();
    let path = regex::Regex::new(r"(?:GET|POST|PUT|PATCH|DELETE|tại|at) (?:/api/v1)?(/[a-z/{}_-]+)").unwrap();
    for entry in catalogue() {
        for language in ["vi", "en"] {
            let message = entry[language].as_str().unwrap();
            for found in advice.captures_iter(message) {
                let word = found.get(1).or(found.get(2)).unwrap().as_str();
                // A form of the token endpoint is no parameter of a query.
                let of_form = word.starts_with("grant_type=");
                assert!(of_form || words.contains(word), "{}: {word}", entry["code"]);
            }
            for found in path.captures_iter(message) {
                let last = found[1].trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned();
                // The pages of the document are no operations.
                assert!(last == "docs" || last == "openapi" || tails.contains(&last), "{}: {last}", entry["code"]);
            }
        }
    }
}

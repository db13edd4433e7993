//! The document as generators of clients read it: small, lists of values open in answers, unions told apart, numbers
//! with bounds, files as bytes, links from what makes a thing to what reads it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::support::spec::{DOCUMENT, MADE, Operation, operations};

const SCHEMAS: &str = "#/components/schemas/";

fn schemas() -> &'static Value {
    &MADE["components"]["schemas"]
}

/// Passes every object below `value` to `see`, with its path.
fn walk<'a>(at: &str, value: &'a Value, see: &mut impl FnMut(&str, &'a Value)) {
    match value {
        Value::Object(members) => {
            see(at, value);
            members.iter().for_each(|(name, member)| walk(&format!("{at}/{name}"), member, see));
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(place, item)| walk(&format!("{at}/{place}"), item, see));
        }
        _ => {}
    }
}

fn named(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str()?.strip_prefix(SCHEMAS)
}

/// The schemas below these values, and those that they name.
fn reached<'a>(values: impl IntoIterator<Item = &'a Value>) -> BTreeMap<String, &'a Value> {
    let mut reached = BTreeMap::new();
    let mut waiting: Vec<String> = Vec::new();
    for (place, value) in values.into_iter().enumerate() {
        walk("", value, &mut |_, object| waiting.extend(named(object).map(str::to_owned)));
        reached.insert(format!("of operations {place}"), value);
    }
    while let Some(name) = waiting.pop() {
        if reached.insert(name.clone(), &schemas()[&name]).is_none() {
            walk("", &schemas()[&name], &mut |_, object| waiting.extend(named(object).map(str::to_owned)));
        }
    }
    reached
}

fn told() -> BTreeMap<String, &'static Value> {
    reached(operations().into_iter().map(|operation| &operation.spec["responses"]))
}

fn sent() -> BTreeMap<String, &'static Value> {
    reached(operations().into_iter().map(|operation| &operation.spec["requestBody"]))
}

fn is_list(schema: &Value) -> bool {
    schema["enum"].is_array() || schema["const"].is_string()
}

/// A list by itself or by its name, other than the one value of a variant's tag.
fn lists_values(schema: &Value) -> bool {
    let own = is_list(schema) && schema["enum"].as_array().is_none_or(|values| values.len() > 1);
    own || named(schema).is_some_and(|name| is_list(&schemas()[name]))
}

fn is_open(schema: &Value) -> bool {
    schema["anyOf"]
        .as_array()
        .is_some_and(|choices| choices.contains(&json!({"type": "string"})) && choices.iter().any(lists_values))
}

#[test]
fn the_committed_document_stays_small() {
    let text = thidua::openapi::text(&MADE);
    assert!(text.len() <= 700_000, "the document has {} bytes; what do many operations repeat?", text.len());
}

#[test]
fn what_operations_share_stands_once() {
    let mut uses: BTreeMap<String, usize> = BTreeMap::new();
    let items = MADE["paths"].as_object().unwrap().values().flat_map(|item| item.as_object().unwrap().values());
    for operation in items {
        let answers = operation["responses"].as_object().unwrap().iter().filter(|(status, _)| !status.starts_with('2'));
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        for inline in answers.map(|(_, answer)| answer).chain(parameters).filter(|one| one["$ref"].is_null()) {
            *uses.entry(inline.to_string()).or_default() += 1;
        }
    }
    let repeated: Vec<(String, usize)> = uses.into_iter().filter(|(_, uses)| *uses >= 10).collect();
    assert!(repeated.is_empty(), "written out again and again: {repeated:#?}");
}

#[test]
fn lists_of_values_are_open_in_answers_and_closed_in_bodies() {
    let mut closed = Vec::new();
    let told = told();
    for (name, schema) in told.iter().filter(|(_, schema)| !is_list(schema)) {
        walk(name, schema, &mut |at, object| {
            let is_choice = at.rsplit('/').nth(1) == Some("anyOf");
            if lists_values(object) && !is_choice {
                closed.push(at.to_owned());
            }
        });
    }
    assert!(closed.is_empty(), "a new value would break clients: {closed:#?}");
    let mut open = Vec::new();
    // A plan stands once: its own schema has the closed lists.
    let plan = json!({"$ref": format!("{SCHEMAS}Plan")});
    let plan = reached([&plan]);
    let is_body = |name: &str| !plan.contains_key(name) || schemas()[name].is_null();
    for (name, schema) in sent().into_iter().filter(|(name, _)| is_body(name)) {
        walk(&name, schema, &mut |at, object| open.extend(is_open(object).then(|| at.to_owned())));
    }
    assert!(open.is_empty(), "these take anything: {open:#?}");
    let lists = told.values().flat_map(|schema| {
        let mut places = 0;
        walk("", schema, &mut |_, object| places += usize::from(is_open(object)));
        Some(places)
    });
    assert!(lists.sum::<usize>() > 50, "the search finds no lists any more");
}

/// What a variant has of its own beside what all have in common.
fn own(variant: &Value) -> &Value {
    variant["allOf"].as_array().and_then(|parts| parts.last()).unwrap_or(variant)
}

#[test]
fn tagged_unions_say_by_which_member() {
    let tags = |choice: &Value| -> BTreeSet<String> {
        let schema = own(named(choice).map_or(choice, |name| &schemas()[name]));
        let properties = schema["properties"].as_object().into_iter().flatten();
        let tag = |property: &Value| property["enum"].as_array().is_some_and(|values| values.len() == 1);
        properties.filter(|(_, property)| tag(property)).map(|(name, _)| name.clone()).collect()
    };
    let mut found = 0;
    for (name, schema) in schemas().as_object().unwrap() {
        let choices = schema["oneOf"].as_array().or(schema["anyOf"].as_array());
        let Some(choices) = choices.filter(|choices| choices.len() > 2) else { continue };
        let common = choices.iter().map(tags).filter(|tags| !tags.is_empty()).reduce(|a, b| &a & &b);
        if let Some(tag) = common.and_then(|tags| tags.into_iter().next()) {
            found += 1;
            assert_eq!(schema["discriminator"]["propertyName"], tag, "{name} has no discriminator");
            for (value, target) in schema["discriminator"]["mapping"].as_object().unwrap() {
                let variant = own(&schemas()[target.as_str().unwrap().trim_start_matches(SCHEMAS)]);
                assert_eq!(variant["properties"][&tag]["enum"], json!([value]), "{name}");
            }
        }
    }
    assert!(found > 0, "the search finds no unions any more");
}

#[test]
fn integers_have_bounds_that_every_client_reads() {
    const MOST: i64 = (1 << 53) - 1;
    let mut wrong = Vec::new();
    for (name, schema) in schemas().as_object().unwrap() {
        walk(name, schema, &mut |at, object| {
            let types = object["type"].as_array().cloned().unwrap_or_else(|| vec![object["type"].clone()]);
            let within = |bound: &Value| bound.as_i64().is_some_and(|bound| (-MOST..=MOST).contains(&bound));
            if types.contains(&json!("integer")) && !(within(&object["minimum"]) && within(&object["maximum"])) {
                wrong.push(at.to_owned());
            }
        });
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn files_are_bytes() {
    let mut files = 0;
    walk("", &MADE["paths"], &mut |at, object| {
        let contents = object["content"].as_object().into_iter().flatten();
        for (media_type, content) in contents {
            let schema = &content["schema"];
            let types = named(schema).map_or(schema, |name| &schemas()[name]);
            assert!(types["items"]["format"] != "int32", "{at}: {media_type} is a list of numbers");
            if media_type.contains("officedocument") || media_type.contains("csv") {
                files += 1;
                assert_eq!(schema["format"], "binary", "{at}: {media_type}");
            }
        }
    });
    assert!(files > 3, "the search finds no files any more");
}

/// What is read by another key than its answer names, or not at all.
const UNREAD: [&str; 2] = ["create_account", "nothing"];

#[test]
fn what_makes_a_thing_links_to_what_reads_it() {
    let all = operations();
    let read: BTreeSet<&str> = all.iter().filter(|one| one.method == "GET").map(|one| one.path.as_str()).collect();
    let collections: BTreeSet<&str> =
        read.iter().filter(|path| path.ends_with('}')).filter_map(|path| path.rsplit('/').nth(1)).collect();
    let mut unlinked = Vec::new();
    for operation in all.iter().filter(|one| one.path.starts_with("/api/")) {
        let answers = || ["200", "201"].into_iter().map(|status| &operation.spec["responses"][status]);
        let last = operation.path.rsplit('/').next().unwrap();
        let is_made = !operation.spec["responses"]["201"].is_null() && collections.contains(last);
        if is_made && answers().all(|answer| answer["links"].is_null()) && !UNREAD.contains(&operation.id.as_str()) {
            unlinked.push(operation.id.clone());
        }
        for answer in answers() {
            for link in answer["links"].as_object().into_iter().flat_map(|links| links.values()) {
                is_whole(&all, operation, link);
            }
        }
    }
    assert!(unlinked.is_empty(), "what reads that which these make? {unlinked:?}");
}

/// Lists whose items are read at no address of their own, or by a key that they do not name.
const WHOLE: [&str; 18] = [
    "list_activity_versions",
    "list_assessments",
    "list_audit_records",
    "list_awards",
    "list_council_members",
    "list_events",
    "list_groups",
    "list_holds",
    "list_localities",
    "list_nominations",
    "list_periods",
    "list_problems",
    "list_progress",
    "list_remarks",
    "list_sources",
    "list_unit_kinds",
    "get_inbox",
    "get_unit_tree",
];

#[test]
fn a_list_links_to_its_items_and_a_thing_to_what_changes_it() {
    let all = operations();
    let links = |operation: &Operation| operation.spec["responses"]["200"]["links"].clone();
    let lists = all.iter().filter(|one| one.id.starts_with("list_") && !WHOLE.contains(&one.id.as_str()));
    let unlinked: Vec<&str> = lists.filter(|one| links(one).is_null()).map(|one| one.id.as_str()).collect();
    assert!(unlinked.is_empty(), "what reads an item of these? {unlinked:?}");
    let linked = |id: &str| all.iter().filter(|one| one.method == "GET").any(|one| !links(one)[id].is_null());
    let read = |path: &str| all.iter().any(|one| one.method == "GET" && one.path == path);
    let changes = |one: &&Operation| one.spec["parameters"].to_string().contains("\"If-Match\"");
    let thing = |one: &Operation| match one.path.ends_with('}') {
        true => one.path.clone(),
        false => one.path.rsplit_once('/').unwrap().0.to_owned(),
    };
    for operation in all.iter().filter(changes).filter(|one| read(&thing(one))) {
        assert!(linked(&operation.id), "nothing that is read links to {}", operation.id);
    }
}

/// A link names an operation, every parameter of its path, and the version that it changes.
fn is_whole(all: &[Operation], from: &Operation, link: &Value) {
    let target = all.iter().find(|one| link["operationId"] == one.id.as_str());
    let target = target.unwrap_or_else(|| panic!("{} links to {}", from.id, link["operationId"]));
    let version = (from.method == "GET" && target.method != "GET").then_some("If-Match");
    let names: BTreeSet<&str> =
        target.path.split('/').filter_map(|step| step.strip_prefix('{')?.strip_suffix('}')).chain(version).collect();
    let given: BTreeSet<&str> = link["parameters"].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(given, names, "{} to {}", from.id, target.id);
}

#[test]
fn what_machines_may_do_names_its_scope() {
    let flow = &DOCUMENT["components"]["securitySchemes"]["oauth2"]["flows"]["clientCredentials"];
    for operation in operations().into_iter().filter(|operation| !operation.spec["x-scope"].is_null()) {
        let scope = &operation.spec["x-scope"];
        assert!(flow["scopes"][scope.as_str().unwrap()].is_string(), "no scope {scope}");
        let ways = operation.spec["security"].as_array().unwrap();
        assert!(
            ways.contains(&json!({"oauth2": [scope]})) && ways.contains(&json!({"bearer": []})),
            "{}",
            operation.id
        );
    }
}

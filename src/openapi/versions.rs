//! What the document says of versions: which answers show one, and which requests name one. PURE.

use serde_json::{Value, json};

/// What cannot create a thing changes one of a known version.
pub fn require(parameters: &mut Vec<Value>) {
    if parameters.iter().any(|parameter| parameter["name"] == "If-Match") {
        parameters.retain(|parameter| parameter["name"] != "If-None-Match");
    }
    parameters
        .iter_mut()
        .filter(|parameter| parameter["name"] == "If-Match")
        .for_each(|parameter| parameter["required"] = json!(true));
}

/// Adds the `ETag` header to responses that show a versioned resource, and `Location` to responses that create one.
/// So do the answers of operations of which `has_tag` holds.
pub fn tell(paths: &mut Value, has_tag: impl Fn(&str) -> bool) {
    let known = paths.clone();
    let known = || known.as_object().into_iter().flatten();
    let guards = |operation: &Value| operation["parameters"].to_string().contains("\"If-Match\"");
    let changes = |(path, item): (&String, &Value)| {
        let guarded = item.as_object().into_iter().flatten().filter(|(_, operation)| guards(operation));
        guarded.map(|(method, _)| (path.clone(), method.clone())).collect::<Vec<_>>()
    };
    let changed: Vec<(String, String)> = known().flat_map(changes).collect();
    // What is changed at its own path, or by an action below it.
    let has_version = |path: &str| {
        changed.iter().any(|(other, method)| match other.rsplit_once('/') {
            _ if path == other => method != "post",
            Some((above, act)) => above == path && !act.starts_with('{'),
            None => false,
        })
    };
    let versioned: Vec<&str> = known().map(|(path, _)| path.as_str()).filter(|path| has_version(path)).collect();
    let made_at = |path: &str| versioned.iter().any(|thing| thing.rsplit('/').nth(1) == path.rsplit('/').next());
    for (path, item) in paths.as_object_mut().into_iter().flatten() {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            // A plan and a revision are read by their numbers.
            let numbered = path.ends_with("/plan") || path.ends_with("/{revision}");
            let tagged = operation["operationId"].as_str().is_some_and(&has_tag);
            let read = method == "get" && (numbered || has_version(path) || tagged);
            let changes = guards(operation);
            for (status, response) in operation["responses"].as_object_mut().into_iter().flatten() {
                let made = ["201", "202"].contains(&status.as_str());
                if made {
                    response["headers"]["Location"] = json!({"$ref": "#/components/headers/Location"});
                }
                if ["200", "201"].contains(&status.as_str()) && (read || changes || made && made_at(path)) {
                    response["headers"]["ETag"] = json!({"$ref": "#/components/headers/ETag"});
                }
            }
        }
    }
}

//! The operations of the OpenAPI document by method and path, for the guard and the fallback.

use std::collections::HashMap;

use actix_web::{HttpRequest, dev::ResourceDef, http::Method, web::Data};
use serde_json::Value;

use super::matrix::{Access, access};
use crate::http::{Error, body::Shape};

/// One operation of the document.
#[derive(Debug)]
pub struct Operation {
    pub id: String,
    pub access: Access,
    /// Names of its query parameters.
    pub query: Vec<String>,
    /// Of a `PUT`: the members that only the answer of its `GET` has.
    pub read_only: Option<Shape>,
}

/// All operations, by path pattern and method.
pub struct Operations {
    by_path: HashMap<String, Item>,
}

/// A path pattern, compiled once, with its operations.
struct Item {
    pattern: ResourceDef,
    methods: HashMap<Method, Operation>,
}

impl Operations {
    pub fn of(document: &Value) -> Self {
        let paths = document["paths"].as_object().into_iter().flatten();
        let item = |path: &str, item| Item { pattern: ResourceDef::new(path), methods: methods(document, item) };
        Self { by_path: paths.map(|(path, operations)| (path.clone(), item(path, operations))).collect() }
    }

    /// The operation of a matched pattern; if that one lacks the method, of another matching pattern (`PUT /units/tree`
    /// is a `PUT` of `/units/{unit}`).
    pub fn find(&self, pattern: &str, path: &str, method: &Method) -> Option<&Operation> {
        let exact = self.by_path.get(pattern).and_then(|item| item.methods.get(method));
        exact.or_else(|| self.matching(path).find_map(|item| item.methods.get(method)))
    }

    fn matching(&self, path: &str) -> impl Iterator<Item = &Item> {
        self.by_path.values().filter(move |item| item.pattern.is_match(path))
    }

    /// The methods of all patterns of the document that match this path.
    fn methods_at(&self, path: &str) -> Vec<&str> {
        let mut methods: Vec<&str> =
            self.matching(path).flat_map(|item| item.methods.keys().map(Method::as_str)).collect();
        if methods.contains(&"GET") {
            methods.push("HEAD");
        }
        methods.sort_unstable();
        methods.dedup();
        methods
    }
}

/// A parameter; what several operations take stands under `components`.
fn whole<'a>(document: &'a Value, parameter: &'a Value) -> &'a Value {
    let target = parameter["$ref"].as_str().map(|target| target.trim_start_matches('#'));
    target.and_then(|target| document.pointer(target)).unwrap_or(parameter)
}

fn methods(document: &Value, item: &Value) -> HashMap<Method, Operation> {
    let operations = item.as_object().into_iter().flatten();
    operations
        .filter_map(|(method, operation)| {
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).ok()?;
            let id = operation["operationId"].as_str()?.to_owned();
            let parameters = operation["parameters"].as_array().into_iter().flatten().map(|one| whole(document, one));
            let query = parameters.filter(|p| p["in"] == "query").filter_map(|p| p["name"].as_str().map(str::to_owned));
            let read_only = (method == Method::PUT).then(|| read_only(document, item, operation)).flatten();
            Some((method, Operation { access: access(&id), query: query.collect(), id, read_only }))
        })
        .collect()
}

fn read_only(document: &Value, item: &Value, put: &Value) -> Option<Shape> {
    let schema = |place: &Value| place["content"]["application/json"]["schema"].clone();
    Shape::of(document, &schema(&put["requestBody"]), &schema(&item["get"]["responses"]["200"]))
}

/// The fallback: 405 with the supported methods, or 404.
pub async fn fallback(req: HttpRequest, operations: Data<Operations>) -> Result<&'static str, Error> {
    match operations.methods_at(req.path()) {
        methods if methods.is_empty() => Err(Error::of("path_unknown")),
        methods => Err(Error::of("method_not_allowed").allowing(methods.join(", "))),
    }
}

//! The operations of the OpenAPI document by method and path, for the guard and the fallback.

use std::collections::HashMap;

use actix_web::{HttpRequest, dev::ResourceDef, http::Method, web::Data};
use serde_json::Value;

use super::matrix::{Access, access};
use crate::http::{Error, Result, body::Shape};

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
    /// Patterns that match some of the same paths more exactly: `/units/tree` beside `/units/{unit}`.
    closer: Vec<String>,
}

impl Operations {
    pub fn of(document: &Value) -> Self {
        let paths = || document["paths"].as_object().into_iter().flatten();
        let item = |path: &str, item| Item {
            pattern: ResourceDef::new(path),
            methods: methods(document, item),
            closer: paths().map(|(other, _)| other).filter(|other| is_closer(other, path)).cloned().collect(),
        };
        Self { by_path: paths().map(|(path, operations)| (path.clone(), item(path, operations))).collect() }
    }

    /// The operation of a path whose pattern the router has matched. A path belongs to its most exact pattern alone, also
    /// where that one lacks the method: `PUT /units/tree` is none (405), though `/units/{unit}` has a `PUT`.
    pub fn find(&self, pattern: &str, path: &str, method: &Method) -> Result<Option<&Operation>> {
        let Some(item) = self.by_path.get(pattern) else { return Ok(None) };
        let closer = item.closer.iter().filter(|closer| self.by_path[*closer].pattern.is_match(path));
        let closest = closer.reduce(|best, next| if is_closer(next, best) { next } else { best });
        let closest = closest.map_or(item, |closest| &self.by_path[closest]);
        let refused = || Error::of("method_not_allowed").allowing(methods_of(closest).join(", "));
        closest.methods.get(method).map(Some).ok_or_else(refused)
    }

    /// The operation of this pattern and method.
    pub fn exactly(&self, pattern: &str, method: &Method) -> Option<&Operation> {
        // HEAD is answered as GET.
        let method = if method == Method::HEAD { &Method::GET } else { method };
        self.by_path.get(pattern).and_then(|item| item.methods.get(method))
    }

    /// The operations that read a thing at its own address, or else at the address of the list that it is in.
    pub fn reading(&self, path: &str) -> Vec<&Operation> {
        let mut path = path;
        loop {
            let reads: Vec<&Operation> =
                self.matching(path).filter_map(|(_, item)| item.methods.get(&Method::GET)).collect();
            if !reads.is_empty() {
                return reads;
            }
            match path.rsplit_once('/') {
                Some((above, _)) => path = above,
                None => return Vec::new(),
            }
        }
    }

    fn matching(&self, path: &str) -> impl Iterator<Item = (&String, &Item)> {
        self.by_path.iter().filter(move |(_, item)| item.pattern.is_match(path))
    }

    /// The methods of the most exact pattern of the document that matches this path.
    fn methods_at(&self, path: &str) -> Vec<&str> {
        let matching = self.matching(path);
        let closest = matching.reduce(|best, next| if is_closer(next.0, best.0) { next } else { best });
        closest.map_or_else(Vec::new, |(_, item)| methods_of(item))
    }
}

/// Whether two patterns match some of the same paths, and `one` is a literal where they first differ.
fn is_closer(one: &str, other: &str) -> bool {
    let is_parameter = |part: &str| part.starts_with('{');
    let mut pairs =
        one.split('/').zip(other.split('/')).filter(|(a, b)| a != b && !(is_parameter(a) && is_parameter(b)));
    one.split('/').count() == other.split('/').count()
        && pairs.clone().all(|(a, b)| is_parameter(a) || is_parameter(b))
        && pairs.next().is_some_and(|(a, _)| !is_parameter(a))
}

fn methods_of(item: &Item) -> Vec<&str> {
    let mut methods: Vec<&str> = item.methods.keys().map(Method::as_str).collect();
    if methods.contains(&"GET") {
        methods.push("HEAD");
    }
    methods.sort_unstable();
    methods
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

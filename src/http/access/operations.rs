//! The operations of the OpenAPI document by method and path, for the guard and the fallback.

use std::{collections::HashMap, iter::successors};

use actix_web::{
    HttpRequest,
    guard::{Guard, GuardContext},
    http::Method,
    web::Data,
};
use matchit::Router;
use serde_json::Value;

use super::matrix::{Access, access};
use crate::http::{Asker, Error, READS, Result, body::Shape};

/// One operation of the document.
#[derive(Debug)]
pub struct Operation {
    pub id: String,
    pub access: Access,
    /// Of a read that is answered again while nothing has changed: on what of the caller it depends.
    pub asker: Option<Asker>,
    /// Names of its query parameters.
    pub query: Vec<String>,
    /// Of a `PUT`: the members that only the answer of its `GET` has.
    pub read_only: Option<Shape>,
    /// Whose routes have it.
    pub feature: Option<Feature>,
}

/// A feature by its number. As a guard of its routes it lets only its own requests through, so that those of the other
/// features are not looked through one by one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Feature(pub usize);

impl Guard for Feature {
    fn check(&self, asked: &GuardContext<'_>) -> bool {
        asked.req_data().get::<Self>() == Some(self)
    }
}

/// All operations, by path pattern and method. A path is matched once, and belongs to its most exact pattern alone, also
/// where that one lacks the method: `PUT /units/tree` is none (405), though `/units/{unit}` has a `PUT`.
pub struct Operations {
    patterns: Router<Item>,
}

/// A path pattern with its operations.
struct Item {
    pattern: String,
    methods: HashMap<Method, Operation>,
}

impl Operations {
    /// `features` are the ids of each feature's operations.
    pub fn of(document: &Value, features: &[Vec<String>]) -> Self {
        let mut patterns = Router::new();
        for (path, item) in document["paths"].as_object().into_iter().flatten() {
            let item = Item { pattern: path.clone(), methods: methods(document, item, features) };
            let same = patterns.insert(path.as_str(), item);
            same.unwrap_or_else(|error| unreachable!("the document names each path once: {error}"));
        }
        Self { patterns }
    }

    fn item(&self, path: &str) -> Option<&Item> {
        self.patterns.at(path).ok().map(|found| found.value)
    }

    /// The pattern of a path.
    pub fn pattern(&self, path: &str) -> Option<&str> {
        self.item(path).map(|item| item.pattern.as_str())
    }

    /// The operation of a path and method, with its pattern; 405 where the path has no such method.
    pub fn asked(&self, path: &str, method: &Method) -> Result<Option<(&str, &Operation)>> {
        let Some(item) = self.item(path) else { return Ok(None) };
        let refused = || Error::of("method_not_allowed").allowing(methods_of(item).join(", "));
        item.methods.get(method).map(|operation| Some((item.pattern.as_str(), operation))).ok_or_else(refused)
    }

    /// The operation of a path and method, if there is one.
    pub fn at(&self, path: &str, method: &Method) -> Option<&Operation> {
        // HEAD is answered as GET.
        let method = if method == Method::HEAD { &Method::GET } else { method };
        self.item(path)?.methods.get(method)
    }

    /// The operation that reads a thing at its own address, or else at the address of the list that it is in.
    pub fn reading(&self, path: &str) -> Option<&Operation> {
        successors(Some(path), |path| Some(path.rsplit_once('/')?.0)).find_map(|path| self.at(path, &Method::GET))
    }
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

fn methods(document: &Value, item: &Value, features: &[Vec<String>]) -> HashMap<Method, Operation> {
    let operations = item.as_object().into_iter().flatten();
    operations
        .filter_map(|(method, operation)| {
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).ok()?;
            let id = operation["operationId"].as_str()?.to_owned();
            let parameters = operation["parameters"].as_array().into_iter().flatten().map(|one| whole(document, one));
            let query = parameters.filter(|p| p["in"] == "query").filter_map(|p| p["name"].as_str().map(str::to_owned));
            let read_only = (method == Method::PUT).then(|| read_only(document, item, operation)).flatten();
            let asker = READS.iter().find(|(read, _)| *read == id).map(|(_, asker)| *asker);
            let feature = features.iter().position(|ids| ids.contains(&id)).map(Feature);
            let access = access(&id);
            Some((method, Operation { access, asker, query: query.collect(), id, read_only, feature }))
        })
        .collect()
}

fn read_only(document: &Value, item: &Value, put: &Value) -> Option<Shape> {
    let schema = |place: &Value| place["content"]["application/json"]["schema"].clone();
    Shape::of(document, &schema(&put["requestBody"]), &schema(&item["get"]["responses"]["200"]))
}

/// The fallback: 405 with the supported methods, or 404.
pub async fn fallback(req: HttpRequest, operations: Data<Operations>) -> Result<&'static str, Error> {
    operations.asked(path_of(&req), req.method()).and(Err(Error::of("path_unknown")))
}

/// The path of a request as the router reads it.
pub fn path_of(request: &HttpRequest) -> &str {
    request.match_info().as_str()
}

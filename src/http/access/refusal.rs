//! What a 403 says: which roles, or which scope of a machine client, permit the operation.

use std::collections::BTreeMap;

use serde_json::json;

use super::matrix::{Access, access};
use crate::{finding::Finding, http::Error, labels::labels};

/// 403 of an operation of this access.
pub fn forbidden(access: Access) -> Error {
    who(access).into_iter().fold(Error::of("forbidden"), |error, (name, words)| error.with(name, words))
}

/// The same as a finding, in a list of things done one by one.
pub fn forbidden_here(pointer: &str, operation: &str) -> Finding {
    Finding { args: who(access(operation)), ..Finding::new(pointer, "forbidden") }
}

fn who(access: Access) -> BTreeMap<&'static str, String> {
    let code = |value: serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let roles: Vec<String> = access.roles().iter().map(|role| code(json!(role))).collect();
    let (mut vi, mut en) = labels("role", roles.iter().map(String::as_str));
    let mut who = BTreeMap::from([("roles", roles.join(", "))]);
    if let Some(scope) = access.scope().map(|scope| code(json!(scope))) {
        vi = format!("{vi}; hệ thống kết nối có quyền {scope}");
        en = format!("{en}; a machine client with the scope {scope}");
        who.insert("scope", scope);
    }
    who.extend([("roles_vi", vi), ("roles_en", en)]);
    who
}

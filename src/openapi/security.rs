//! How callers show who they are, and who may do what, as the document tells it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::http::{Access, MATRIX};

/// People send an access token; machines may also be told where to get one and for which scope.
pub fn security_schemes() -> Value {
    let about = |scope: &str| match scope.split_once(':') {
        Some((things, act)) => format!("To {act} {things}"),
        None => scope.to_owned(),
    };
    let scopes = MATRIX.iter().filter_map(|(_, access)| access.scope()).map(|scope| word(json!(scope)));
    let scopes: BTreeMap<String, String> = scopes.map(|scope| (scope.clone(), about(&scope))).collect();
    json!({
        "bearer": {
            "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
            "description": "An access token of POST /api/v1/auth/login"
        },
        "oauth2": {
            "type": "oauth2", "description": "Machine clients (RFC 6749, section 4.4)",
            "flows": {"clientCredentials": {"tokenUrl": "/api/v1/oauth/token", "scopes": scopes}}
        }
    })
}

/// The roles and the scope of an operation, as a sentence of its description.
pub fn who(access: Access) -> String {
    let roles: Vec<String> = access.roles().iter().map(|role| word(json!(role))).collect();
    let scope = access.scope().map(|scope| format!("; machines: scope {}", word(json!(scope)))).unwrap_or_default();
    format!("Roles: {}{scope}.", roles.join(", "))
}

fn word(value: Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

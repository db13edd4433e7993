//! What a change leaves out stays as it is; `null` empties what may be empty, and nothing else.

use rstest::rstest;
use serde_json::{Value, json};

use crate::support::TestApp;

/// What there is to change: a unit with everything, a client with a key, an account with a name.
fn things(app: &TestApp) {
    let unit = json!({"name": "Phòng Mới", "kind": "division", "parent": "van-phong", "valid_from": "2025-07-01",
                      "valid_to": "2099-12-31", "external_codes": {"qd20": "H26.1"}});
    app.admin().put("/units/phong-moi", unit).if_none_match_any().created();
    let key = json!({"kty": "OKP", "crv": "Ed25519", "kid": "1", "alg": "EdDSA",
                     "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"});
    let client = json!({"client_id": "mot-cua", "name": "Một cửa", "scopes": ["units:read"], "jwks": {"keys": [key]}});
    app.admin().post("/clients", client).created();
    app.admin().post("/accounts", json!({"username": "moi.10210", "display_name": "Trần An"})).created();
}

#[rstest]
#[case("/units/phong-moi", json!({}), json!({}))]
#[case("/units/phong-moi", json!({"parent": null}), json!({"parent": null}))]
#[case("/units/phong-moi", json!({"valid_to": null}), json!({"valid_to": null}))]
#[case("/units/phong-moi", json!({"external_codes": null}), json!({"external_codes": {}}))]
#[case("/units/phong-moi", json!({"external_codes": {"a": "b"}}), json!({"external_codes": {"a": "b"}}))]
#[case("/units/phong-moi", json!({"kind": "office"}), json!({"kind": "office"}))]
#[case("/clients/mot-cua", json!({}), json!({}))]
#[case("/clients/mot-cua", json!({"name": "Một cửa 2"}), json!({"name": "Một cửa 2"}))]
#[case("/clients/mot-cua", json!({"scopes": []}), json!({"scopes": []}))]
#[case("/clients/mot-cua", json!({"disabled": true}), json!({"disabled": true}))]
#[case("/clients/mot-cua", json!({"jwks": null}), json!({"keys": []}))]
#[case("/accounts/moi.10210", json!({}), json!({}))]
#[case("/accounts/moi.10210", json!({"disabled": true}), json!({"disabled": true}))]
#[case("/accounts/moi.10210", json!({"display_name": "Lê Bình"}), json!({"display_name": "Lê Bình"}))]
#[case("/accounts/moi.10210", json!({"display_name": null}), json!({"display_name": null}))]
fn the_rest_stays(#[case] path: &str, #[case] patch: Value, #[case] changes: Value) {
    let app = TestApp::start();
    things(&app);
    let before = app.admin().get(path).ok();
    let mut expected = before.json().clone();
    expected.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    app.admin().patch(path, patch).if_match(&before.etag()).ok();
    assert_eq!(*app.admin().get(path).ok().json(), expected);
}

#[rstest]
#[case("/units/phong-moi", "name")]
#[case("/units/phong-moi", "kind")]
#[case("/clients/mot-cua", "name")]
#[case("/clients/mot-cua", "scopes")]
#[case("/clients/mot-cua", "disabled")]
#[case("/accounts/moi.10210", "disabled")]
fn what_must_be_there_is_not_emptied(#[case] path: &str, #[case] member: &str) {
    let app = TestApp::start();
    things(&app);
    let refused = app.admin().patch(path, json!({member: null})).if_match("*").problem(400, "body_invalid");
    refused.finding(&format!("/{member}"), "wrong_type");
}

#[test]
fn an_account_is_called_as_its_holder_is() {
    let app = TestApp::start();
    let me = app.agency();
    assert_eq!(me.get("/me").ok()["display_name"], Value::Null);
    let account = format!("/accounts/{}", me.username);
    app.admin().patch(&account, json!({"display_name": "Nguyễn Thị Hòa"})).if_match("*").ok();
    assert_eq!(me.get("/me").ok()["display_name"], "Nguyễn Thị Hòa");
}

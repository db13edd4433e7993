//! Machine clients: their secrets and assertions (RFC 6749, RFC 7523), and what their scopes let them do.

use data_encoding::{BASE64, BASE64URL_NOPAD};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use rstest::rstest;
use serde_json::{Value, json};
use thidua::auth::Keys;

use crate::support::{Answer, Client, TestApp};

const FORM: &str = "application/x-www-form-urlencoded";
const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

fn client(app: &TestApp, unit: Option<&str>, scopes: &[&str]) -> String {
    let new = json!({"client_id": "mot-cua", "name": "Phần mềm một cửa", "unit": unit, "scopes": scopes});
    app.admin().post("/clients", new).created()["client_secret"].as_str().unwrap().to_owned()
}

fn ask(app: &TestApp, form: &str) -> Answer {
    let request = app.anon().request(reqwest::Method::POST, "/oauth/token");
    request.body(FORM, form).send()
}

fn token(app: &TestApp, secret: &str) -> Client {
    let form = format!("grant_type=client_credentials&client_id=mot-cua&client_secret={secret}");
    app.anon().bearing(ask(app, &form).is(200)["access_token"].as_str().unwrap())
}

#[test]
fn a_machine_gets_a_token_by_its_secret_in_the_form_or_the_header() {
    let app = TestApp::start();
    let secret = client(&app, None, &["units:read", "submissions:read"]);
    let form = format!("grant_type=client_credentials&client_id=mot-cua&client_secret={secret}");
    let answer = ask(&app, &form).is(200);
    assert_eq!(answer["scope"], "units:read submissions:read");
    assert_eq!((answer.header("cache-control"), &answer["token_type"]), (Some("no-store"), &json!("Bearer")));
    let basic = format!("Basic {}", BASE64.encode(format!("mot-cua:{secret}").as_bytes()));
    let request = app.anon().request(reqwest::Method::POST, "/oauth/token").header("Authorization", &basic);
    let answer = request.body(FORM, "grant_type=client_credentials&scope=units:read").ok();
    assert_eq!(answer["scope"], "units:read");
    let me = app.anon().bearing(answer["access_token"].as_str().unwrap()).get("/me").ok();
    assert_eq!((&me["username"], &me["scopes"], &me["roles"]), (&json!("mot-cua"), &json!(["units:read"]), &json!([])));
}

#[test]
fn a_scope_opens_its_operations_and_no_others() {
    let app = TestApp::start();
    app.hong_van();
    let machine = token(&app, &client(&app, None, &["units:read"]));
    machine.get("/units").ok();
    machine.get("/movements").problem(403, "forbidden");
    machine.get("/people").problem(403, "forbidden");
    machine.post("/auth/logout", json!({})).problem(403, "sign_in_needed");
    machine
        .post("/delegations", json!({"to": "x", "role": "chair", "valid_to": "2025-09-12", "reason": "x"}))
        .problem(403, "forbidden");
}

#[test]
fn a_machine_of_one_unit_drafts_its_reports_and_knows_no_others() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let machine = token(&app, &client(&app, Some("phong-kinh-te"), &["submissions:draft", "submissions:submit"]));
    app.at("2025-09-15T02:00:00Z");
    let machine = {
        drop(machine);
        token_again(&app)
    };
    let place = movement.at("2025-09", "phong-kinh-te");
    let report = movement.report("phong-kinh-te");
    place.put(&machine, &report).if_none_match_any().created();
    place.act(&machine, "submit", json!({})).ok();
    place.act(&machine, "approve", json!({})).problem(403, "forbidden");
    let other = movement.at("2025-09", "van-phong");
    other.put(&machine, &movement.report("van-phong")).if_none_match_any().problem(404, "not_found");
    machine.get(&format!("{}/submissions/2025-09/phong-kinh-te", movement.path)).problem(403, "forbidden");
}

/// The token of the clock's new time; the secret was set anew.
fn token_again(app: &TestApp) -> Client {
    let tag = app.admin().get("/clients/mot-cua").ok().etag();
    let renewed = app.admin().post("/clients/mot-cua/secrets", json!({})).if_match(&tag).ok();
    token(app, renewed["client_secret"].as_str().unwrap())
}

#[test]
fn a_new_secret_and_the_former_hold_together_for_a_while() {
    let app = TestApp::start();
    let first = client(&app, None, &["units:read"]);
    let tag = app.admin().get("/clients/mot-cua").ok().etag();
    let renew = |tag: &str| app.admin().post("/clients/mot-cua/secrets", json!({"overlap_hours": 2})).if_match(tag);
    let renewed = renew(&tag).ok();
    renew(&tag).problem(412, "precondition_failed");
    let second = renewed["client_secret"].as_str().unwrap();
    token(&app, &first);
    token(&app, second);
    app.at("2025-09-10T04:00:00Z");
    let form = format!("grant_type=client_credentials&client_id=mot-cua&client_secret={first}");
    ask(&app, &form).problem(401, "invalid_client");
    token(&app, second);
    let seen = app.auditor().get("/clients/mot-cua").ok();
    assert_eq!(seen["last_used_at"], "2025-09-10T04:00:00Z");
    assert_eq!(seen["secrets"].as_array().unwrap().len(), 2);
    assert!(!seen.text().contains(&first) && !seen.text().contains(second), "a secret is shown once");
    assert_eq!(app.count(&format!("SELECT 1 FROM client_secrets WHERE digest = '{second}'::bytea")), 0);
}

#[test]
fn a_scope_taken_away_or_a_disabled_client_is_refused_at_the_next_request() {
    let app = TestApp::start();
    let secret = client(&app, None, &["units:read"]);
    let machine = token(&app, &secret);
    machine.get("/units").ok();
    let patch = |body: Value| {
        let tag = app.admin().get("/clients/mot-cua").ok().etag();
        app.admin().patch("/clients/mot-cua", body).if_match(&tag).ok();
    };
    patch(json!({"scopes": ["progress:read"]}));
    machine.get("/units").problem(403, "forbidden");
    patch(json!({"disabled": true}));
    machine.get("/units").problem(401, "unauthenticated");
    let form = format!("grant_type=client_credentials&client_id=mot-cua&client_secret={secret}");
    ask(&app, &form).problem(401, "invalid_client");
}

#[rstest]
#[case("grant_type=password&client_id=mot-cua&client_secret=SECRET", 400, "unsupported_grant_type")]
#[case("client_id=mot-cua&client_secret=SECRET", 400, "invalid_request")]
#[case(
    "grant_type=client_credentials&grant_type=client_credentials&client_id=mot-cua&client_secret=SECRET",
    400,
    "invalid_request"
)]
#[case("grant_type=client_credentials&client_secret=SECRET", 400, "invalid_request")]
#[case("grant_type=client_credentials", 401, "invalid_client")]
#[case("grant_type=client_credentials&client_id=mot-cua&client_secret=wrong", 401, "invalid_client")]
#[case("grant_type=client_credentials&client_id=nobody&client_secret=SECRET", 401, "invalid_client")]
#[case("grant_type=client_credentials&client_id=mot-cua&client_secret=SECRET&scope=people:read", 400, "invalid_scope")]
#[case(
    "grant_type=client_credentials&client_id=mot-cua&client_secret=SECRET&scope=progress:read",
    400,
    "invalid_scope"
)]
#[case(
    "grant_type=client_credentials&client_id=mot-cua&client_secret=SECRET&client_assertion=x&client_assertion_type=y",
    400,
    "invalid_request"
)]
fn what_is_wrong_has_the_name_that_the_standard_gives_it(#[case] form: &str, #[case] status: u16, #[case] code: &str) {
    let app = TestApp::start();
    let secret = client(&app, None, &["units:read"]);
    let answer = ask(&app, &form.replace("SECRET", &secret)).problem(status, code);
    assert_eq!(answer["error"], code);
    assert!(answer["error_description"].as_str().unwrap().is_ascii());
    assert_eq!(answer.header("content-type"), Some("application/json"));
    if status == 401 {
        assert_eq!(answer.header("www-authenticate"), Some("Basic"));
    }
}

#[rstest]
#[case("grant_type=client_credentials&client_id=%00&client_secret=b", 400)]
#[case("grant_type=client_credentials&client_assertion_type=TYPE&client_assertion=e30.eyJzdWIiOiJcdTAwMDAifQ.e30", 401)]
fn what_no_text_holds_is_no_name(#[case] form: &str, #[case] status: u16) {
    let app = TestApp::start();
    ask(&app, &form.replace("TYPE", TYPE)).is(status);
    let basic = format!("Basic {}", BASE64.encode(b"a%00:b"));
    let request = app.anon().request(reqwest::Method::POST, "/oauth/token").header("Authorization", &basic);
    request.body(FORM, "grant_type=client_credentials").problem(401, "invalid_client");
    app.anon().post("/oauth/token", json!({})).problem(415, "form_expected");
}

#[test]
fn scopes_go_with_where_the_client_acts() {
    let app = TestApp::start();
    let client =
        |unit: Value, scope: &str| json!({"client_id": "mot-cua", "name": "x", "unit": unit, "scopes": [scope]});
    for scope in ["rankings:read", "events:read"] {
        let wrong = app.admin().post("/clients", client(json!("phong-kinh-te"), scope));
        wrong.problem(422, "content_invalid").finding("/scopes", "scope_of_elsewhere");
    }
    let wrong = app.city_admin().post("/clients", client(Value::Null, "submissions:draft"));
    wrong.problem(422, "content_invalid").finding("/scopes", "scope_of_elsewhere");
}

#[test]
fn a_client_never_logs_in_as_a_person() {
    let app = TestApp::start();
    let secret = client(&app, None, &["units:read"]);
    super::log_in(&app, "mot-cua", &secret).problem(401, "login_failed");
    app.admin().get("/accounts/mot-cua").problem(404, "not_found");
}

/// A machine that signs, with its private key.
struct Signer {
    key: EncodingKey,
    kid: String,
}

impl Signer {
    fn register(app: &TestApp) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let keys = Keys::open(dir.path()).unwrap();
        let jwks = keys.jwks(app.clock.now());
        let new = json!({"client_id": "mot-cua", "name": "Phần mềm", "scopes": ["units:read"], "jwks": jwks});
        let made = app.admin().post("/clients", new).created();
        assert_eq!(made["client_secret"], Value::Null);
        assert_eq!(made["client"]["keys"][0], jwks["keys"][0]["kid"]);
        let renew = app.admin().post("/clients/mot-cua/secrets", json!({})).if_match(&made.etag());
        renew.problem(409, "client_signs");
        let signing = keys.signing();
        Self { key: signing.encoding.clone(), kid: signing.kid.clone() }
    }

    fn sign(&self, claims: &Value) -> String {
        let header = Header { kid: Some(self.kid.clone()), ..Header::new(Algorithm::EdDSA) };
        jsonwebtoken::encode(&header, claims, &self.key).unwrap()
    }
}

fn claims(app: &TestApp) -> Value {
    let now = app.clock.now().timestamp();
    json!({"iss": "mot-cua", "sub": "mot-cua", "aud": app.service().issuer.url(), "exp": now + 300, "jti": "1"})
}

fn assert_by(app: &TestApp, assertion: &str) -> Answer {
    ask(app, &format!("grant_type=client_credentials&client_assertion_type={TYPE}&client_assertion={assertion}"))
}

#[test]
fn an_assertion_is_good_once() {
    let app = TestApp::start();
    let signer = Signer::register(&app);
    let assertion = signer.sign(&claims(&app));
    let answer = assert_by(&app, &assertion).is(200);
    app.anon().bearing(answer["access_token"].as_str().unwrap()).get("/units").ok();
    assert_by(&app, &assertion).problem(401, "invalid_client");
    let mut next = claims(&app);
    next["jti"] = json!("2");
    next["aud"] = json!(format!("{}/api/v1/oauth/token", app.service().issuer.url()));
    assert_by(&app, &signer.sign(&next)).is(200);
}

#[rstest]
#[case("another issuer", "iss", json!("nobody"))]
#[case("another subject", "sub", json!("nobody"))]
#[case("another audience", "aud", json!("https://example.org"))]
#[case("expired", "exp", json!(1_757_469_590))]
#[case("six minutes", "exp", json!(1_757_469_600 + 360))]
#[case("not yet", "nbf", json!(1_757_469_660))]
#[case("made tomorrow", "iat", json!(1_757_556_000))]
#[case("no jti", "jti", Value::Null)]
#[case("an empty jti", "jti", json!(""))]
#[case("no exp", "exp", Value::Null)]
fn an_assertion_that_is_not_wholly_right_proves_nothing(#[case] what: &str, #[case] name: &str, #[case] value: Value) {
    let app = TestApp::start();
    let signer = Signer::register(&app);
    let mut claims = claims(&app);
    match value {
        Value::Null => drop(claims.as_object_mut().unwrap().remove(name)),
        value => claims[name] = value,
    }
    let answer = assert_by(&app, &signer.sign(&claims));
    assert_eq!(answer.status(), 401, "{what}: {answer}");
}

#[test]
fn an_assertion_by_another_key_proves_nothing() {
    let app = TestApp::start();
    let signer = Signer::register(&app);
    let dir = tempfile::tempdir().unwrap();
    let stranger = Keys::open(dir.path()).unwrap().signing();
    let forged = Signer { key: stranger.encoding.clone(), kid: signer.kid.clone() };
    assert_by(&app, &forged.sign(&claims(&app))).problem(401, "invalid_client");
    let unsigned = format!(
        "{}.{}.",
        BASE64URL_NOPAD.encode(br#"{"alg":"none"}"#),
        BASE64URL_NOPAD.encode(claims(&app).to_string().as_bytes())
    );
    assert_by(&app, &unsigned).problem(401, "invalid_client");
}

#[test]
fn keys_of_a_client_are_public_and_of_a_kind_that_verifies() {
    let app = TestApp::start();
    let secret_key = json!({"kty": "oct", "k": "AAAA", "kid": "1", "alg": "HS256"});
    for keys in [
        json!([]),
        json!([secret_key]),
        json!([{"kty": "OKP", "crv": "Ed25519"}]),
        json!("x"),
        json!([{"kty": "OKP", "crv": "Ed25519", "x": "AAAA"}]),
        json!([{"kty": "RSA", "n": "AQAB", "e": "AQAB"}]),
    ] {
        let new = json!({"client_id": "mot-cua", "name": "x", "scopes": [], "jwks": {"keys": keys}});
        app.admin().post("/clients", new).problem(422, "content_invalid").finding("/jwks", "jwks_invalid");
    }
    assert_eq!(app.count("SELECT 1 FROM clients"), 0);
}

#[test]
fn the_service_says_what_it_is_as_an_authorisation_server() {
    let app = TestApp::start();
    let said = app.anon().get("/.well-known/oauth-authorization-server").ok();
    let url = app.service().issuer.url();
    assert_eq!(said["issuer"], url);
    assert_eq!(said["token_endpoint"], format!("{url}/api/v1/oauth/token"));
    assert_eq!(said["grant_types_supported"], json!(["client_credentials"]));
    assert!(said["scopes_supported"].as_array().unwrap().contains(&json!("submissions:draft")));
}

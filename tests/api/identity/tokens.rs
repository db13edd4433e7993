//! Tokens: what verifies them, and everything that does not pass for one (RFC 9068, RFC 8725).

use data_encoding::BASE64URL_NOPAD as BASE64;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Validation, crypto, jwk::Jwk};
use serde_json::{Value, json};
use thidua::auth::Keys;

use super::said;
use crate::support::{PASSWORD, TestApp};

/// The parts of a token, to be taken apart and put together wrongly.
struct Forge {
    header: Value,
    claims: Value,
    token: String,
    own: EncodingKey,
}

impl Forge {
    fn of(app: &TestApp) -> Self {
        let login = json!({"username": app.agency().username, "password": PASSWORD});
        let token = app.anon().post("/auth/login", login).ok()["access_token"].as_str().unwrap().to_owned();
        let mut parts = token.split('.').map(|part| serde_json::from_slice(&BASE64.decode(part.as_bytes()).unwrap()));
        let (header, claims) = (parts.next().unwrap().unwrap(), parts.next().unwrap().unwrap());
        let own = app.service().issuer.keys().signing().encoding.clone();
        Self { header, claims, token, own }
    }

    /// A token of these texts, signed with the service's own key.
    fn signed(&self, header: &str, claims: &str) -> String {
        self.signed_by(&self.own, Algorithm::EdDSA, header, claims)
    }

    fn signed_by(&self, key: &EncodingKey, algorithm: Algorithm, header: &str, claims: &str) -> String {
        let message = format!("{}.{}", BASE64.encode(header.as_bytes()), BASE64.encode(claims.as_bytes()));
        let signature = crypto::sign(message.as_bytes(), key, algorithm).unwrap();
        format!("{message}.{signature}")
    }

    fn with_header(&self, name: &str, value: Value) -> String {
        let mut header = self.header.clone();
        header[name] = value;
        self.signed(&header.to_string(), &self.claims.to_string())
    }

    fn without_header(&self, name: &str) -> String {
        let mut header = self.header.clone();
        header.as_object_mut().unwrap().remove(name);
        self.signed(&header.to_string(), &self.claims.to_string())
    }

    fn with_claim(&self, name: &str, value: Value) -> String {
        let mut claims = self.claims.clone();
        claims[name] = value;
        self.signed(&self.header.to_string(), &claims.to_string())
    }

    fn without_claim(&self, name: &str) -> String {
        let mut claims = self.claims.clone();
        claims.as_object_mut().unwrap().remove(name);
        self.signed(&self.header.to_string(), &claims.to_string())
    }

    /// One and the same claim twice, the second time with another value.
    fn with_two_of(&self, name: &str, value: Value) -> String {
        let claims = self.claims.to_string();
        let twice = format!("{},\"{name}\":{value}}}", claims.trim_end_matches('}'));
        self.signed(&self.header.to_string(), &twice)
    }
}

#[test]
fn what_the_forge_makes_passes_when_nothing_is_forged() {
    let app = TestApp::start();
    let forge = Forge::of(&app);
    let same = forge.signed(&forge.header.to_string(), &forge.claims.to_string());
    app.anon().bearing(&same).get("/me").ok();
    assert_eq!(forge.header["typ"], "at+jwt");
}

#[test]
fn every_forged_token_is_one_and_the_same_401() {
    let app = TestApp::start();
    let forge = Forge::of(&app);
    let (header, claims) = (forge.header.to_string(), forge.claims.to_string());
    let now = forge.claims["iat"].as_i64().unwrap();
    let [head, body, signature] = forge.token.split('.').collect::<Vec<_>>()[..] else { panic!("three parts") };
    let other = Forge::of(&TestApp::start());
    let jwk = app.anon().get("/.well-known/jwks.json").ok()["keys"][0].clone();
    let public = BASE64.decode(jwk["x"].as_str().unwrap().as_bytes()).unwrap();
    let confused = forge.header.to_string().replace("EdDSA", "HS256");
    let dir = tempfile::tempdir().unwrap();
    let stranger = Keys::open(dir.path()).unwrap().signing().encoding.clone();
    let end = |exp: i64| forge.with_claim("exp", json!(exp));

    let forged = [
        ("alg none, unsigned", format!("{}.{body}.", BASE64.encode(header.replace("EdDSA", "none").as_bytes()))),
        ("alg none, signed", forge.with_header("alg", json!("none"))),
        (
            "alg HS256 by the public key",
            forge.signed_by(&EncodingKey::from_secret(&public), Algorithm::HS256, &confused, &claims),
        ),
        ("alg RS256", forge.with_header("alg", json!("RS256"))),
        ("alg ES256", forge.with_header("alg", json!("ES256"))),
        ("no alg", forge.without_header("alg")),
        ("typ JWT", forge.with_header("typ", json!("JWT"))),
        ("no typ", forge.without_header("typ")),
        ("unknown kid", forge.with_header("kid", json!("nobody"))),
        ("kid of a file", forge.with_header("kid", json!("../../dev/null"))),
        ("no kid", forge.without_header("kid")),
        ("jwk", forge.with_header("jwk", jwk.clone())),
        ("jku", forge.with_header("jku", json!("https://example.org/jwks.json"))),
        ("x5u", forge.with_header("x5u", json!("https://example.org/cert.pem"))),
        ("x5c", forge.with_header("x5c", json!(["MII="]))),
        ("crit", forge.with_header("crit", json!(["exp"]))),
        ("b64", forge.with_header("b64", json!(false))),
        ("another issuer", forge.with_claim("iss", json!("https://example.org"))),
        ("another service", other.token.clone()),
        ("another audience", forge.with_claim("aud", json!("https://example.org"))),
        ("several audiences", forge.with_claim("aud", json!([forge.claims["aud"], "https://example.org"]))),
        ("expired", end(now - 6)),
        ("ten years", end(now + 315_360_000)),
        ("beyond time", end(i64::MAX)),
        ("before time", forge.with_claim("iat", json!(i64::MIN))),
        ("not yet", forge.with_claim("nbf", json!(now + 60))),
        ("issued tomorrow", forge.with_claim("iat", json!(now + 60))),
        ("exp as text", forge.with_claim("exp", json!("2099-01-01"))),
        ("no exp", forge.without_claim("exp")),
        ("no nbf", forge.without_claim("nbf")),
        ("no iat", forge.without_claim("iat")),
        ("no aud", forge.without_claim("aud")),
        ("no iss", forge.without_claim("iss")),
        ("no sub", forge.without_claim("sub")),
        ("no jti", forge.without_claim("jti")),
        ("nobody's account", forge.with_claim("sub", json!("0197a3b0-0000-7000-8000-000000000000"))),
        ("an account that is no id", forge.with_claim("sub", json!("' OR 1=1 --"))),
        ("no client", forge.without_claim("client_id")),
        ("another client", forge.with_claim("client_id", json!("mot-cua"))),
        ("no sign-in", forge.without_claim("sid")),
        ("a sign-in of nobody", forge.with_claim("sid", json!("0197a3b0-0000-7000-8000-000000000000"))),
        ("a sign-in that is no id", forge.with_claim("sid", json!(7))),
        ("a scope beside the sign-in", forge.with_claim("scope", json!("units:read"))),
        ("sub of another account", forge.with_claim("sub", app.chair().get("/me").ok()["account"].clone())),
        ("sub as a list", forge.with_claim("sub", json!([forge.claims["sub"]]))),
        ("iss as a list", forge.with_claim("iss", json!([forge.claims["iss"]]))),
        ("iss with a slash", forge.with_claim("iss", json!(format!("{}/", forge.claims["iss"].as_str().unwrap())))),
        ("aud in capitals", forge.with_claim("aud", json!(forge.claims["aud"].as_str().unwrap().to_uppercase()))),
        ("null aud", forge.with_claim("aud", Value::Null)),
        ("null exp", forge.with_claim("exp", Value::Null)),
        ("exp in half seconds", forge.with_claim("exp", json!(now as f64 + 60.5))),
        ("exp before iat", forge.with_claim("exp", json!(now - 1))),
        ("sixteen minutes", end(now + 960)),
        ("nbf as text", forge.with_claim("nbf", json!("now"))),
        ("iat in ten years", forge.with_claim("iat", json!(now + 315_360_000))),
        ("jti that is no id", forge.with_claim("jti", json!("1"))),
        ("two issuers", forge.with_two_of("iss", json!("https://example.org"))),
        ("two audiences", forge.with_two_of("aud", json!("https://example.org"))),
        ("two sign-ins", forge.with_two_of("sid", json!("0197a3b0-0000-7000-8000-000000000000"))),
        ("alg in small letters", forge.with_header("alg", json!("eddsa"))),
        ("alg Ed25519 by another name", forge.with_header("alg", json!("Ed25519"))),
        ("alg HS512", forge.with_header("alg", json!("HS512"))),
        ("alg PS256", forge.with_header("alg", json!("PS256"))),
        ("alg none in capitals", forge.with_header("alg", json!("NONE"))),
        ("null alg", forge.with_header("alg", Value::Null)),
        ("typ id_token", forge.with_header("typ", json!("id_token+jwt"))),
        ("typ in capitals", forge.with_header("typ", json!("AT+JWT"))),
        ("kid of SQL", forge.with_header("kid", json!("' OR 1=1 --"))),
        ("kid with NUL", forge.with_header("kid", json!("\u{0}"))),
        ("null kid", forge.with_header("kid", Value::Null)),
        ("x5t", forge.with_header("x5t", json!("AAAA"))),
        ("zip", forge.with_header("zip", json!("DEF"))),
        ("cty", forge.with_header("cty", json!("JWT"))),
        ("epk", forge.with_header("epk", jwk.clone())),
        ("a header that is a list", forge.signed("[]", &claims)),
        ("claims that are a list", forge.signed(&header, "[]")),
        ("claims that are empty", forge.signed(&header, "{}")),
        ("claims that are no JSON", forge.signed(&header, "x")),
        ("a header that is no JSON", forge.signed("x", &claims)),
        ("base64 of another alphabet", forge.token.replace(['-', '_'], "+") + "+"),
        ("a blank within", forge.token.replacen('.', ". ", 1)),
        ("signature of zeros", format!("{head}.{body}.{}", BASE64.encode(&[0u8; 64]))),
        ("signature cut short", format!("{head}.{body}.{}", &signature[..80])),
        ("another's signature", format!("{head}.{body}.{}", other.token.rsplit('.').next().unwrap())),
        ("a claim of its own", forge.with_claim("role", json!("chair"))),
        ("two subjects", forge.with_two_of("sub", json!("0197a3b0-0000-7000-8000-000000000000"))),
        ("two ends", forge.with_two_of("exp", json!(now + 900))),
        ("another key with the same kid", forge.signed_by(&stranger, Algorithm::EdDSA, &header, &claims)),
        ("stripped signature", format!("{head}.{body}.")),
        ("no signature", format!("{head}.{body}")),
        ("swapped parts", format!("{body}.{head}.{signature}")),
        (
            "changed claims",
            format!("{head}.{}.{signature}", BASE64.encode(claims.replace("\"exp\":1", "\"exp\":2").as_bytes())),
        ),
        ("a fourth part", format!("{}.{signature}", forge.token)),
        ("padded", format!("{}=", forge.token)),
        ("more than 8 KiB", forge.with_claim("jti", json!("x".repeat(8 * 1024)))),
        ("no token at all", "null".into()),
        ("empty", String::new()),
    ];
    assert!(forged.len() >= 75, "{}", forged.len());
    let plain = said(app.anon().get("/me").problem(401, "unauthenticated"));
    for (what, token) in forged {
        let answer = app.anon().bearing(&token).get("/me").send();
        assert_eq!(answer.status(), 401, "{what}: {token}");
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
        assert_eq!(said(answer), plain, "{what}");
    }
}

#[test]
fn other_schemes_are_no_tokens() {
    let app = TestApp::start();
    let token = Forge::of(&app).token;
    for header in [format!("Basic {token}"), token.clone(), format!("Bearer{token}"), "Bearer".into(), "ÿ".into()] {
        app.anon().get("/me").header("Authorization", &header).problem(401, "unauthenticated");
    }
    app.anon().get("/me").header("Authorization", &format!("bearer {token}")).ok();
    app.anon().get(&format!("/me?access_token={token}")).problem(401, "unauthenticated");
}

#[test]
fn a_token_lives_as_long_as_it_says() {
    let app = TestApp::start();
    let client = app.anon().bearing(&Forge::of(&app).token);
    app.at("2025-09-10T02:14:59Z");
    client.get("/me").ok();
    app.at("2025-09-10T02:15:06Z");
    client.get("/me").problem(401, "unauthenticated");
    app.at("2025-09-10T01:59:50Z"); // the clock was set back
    client.get("/me").problem(401, "unauthenticated");
}

#[test]
fn the_published_key_verifies_a_token() {
    let app = TestApp::start();
    let token = Forge::of(&app).token;
    let keys = app.anon().get("/.well-known/jwks.json").ok();
    let key = &keys["keys"][0];
    assert!(key.get("d").is_none(), "the private half stays");
    assert_eq!(
        (&key["kty"], &key["crv"], &key["use"], &key["alg"]),
        (&json!("OKP"), &json!("Ed25519"), &json!("sig"), &json!("EdDSA"))
    );
    let jwk: Jwk = serde_json::from_value(key.clone()).unwrap();
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.validate_exp = false;
    validation.set_audience(&[app.service().issuer.url()]);
    let decoded = jsonwebtoken::decode::<Value>(&token, &DecodingKey::from_jwk(&jwk).unwrap(), &validation).unwrap();
    assert_eq!(decoded.header.kid.as_deref(), key["kid"].as_str());
    assert_eq!(decoded.claims["sub"], app.agency().get("/me").ok()["account"]);
}

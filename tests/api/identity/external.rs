//! Single sign-on: a real issuer of its own, with a key of another kind, published over HTTP.

use std::{
    io::Write as _,
    net::TcpListener,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use actix_web::{App, HttpResponse, HttpServer, web};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use data_encoding::BASE64URL_NOPAD as BASE64;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use crate::support::{Client, RUNTIME, TestApp, wait};

/// A key of the issuer.
struct Key {
    kid: String,
    private: EncodingKey,
    public: Value,
}

impl Key {
    fn new(kid: &str) -> Self {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
        let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
        let public = json!({"kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": kid,
            "x": BASE64.encode(x), "y": BASE64.encode(y)});
        let private = EncodingKey::from_ec_der(pair.to_pkcs8v1().unwrap().as_ref());
        Self { kid: kid.into(), private, public }
    }

    fn sign(&self, claims: &Value) -> String {
        let header =
            Header { kid: Some(self.kid.clone()), typ: Some("at+jwt".into()), ..Header::new(Algorithm::ES256) };
        jsonwebtoken::encode(&header, claims, &self.private).unwrap()
    }
}

/// An issuer that answers on a port of its own, and counts how often its keys are asked for.
struct Sso {
    url: String,
    published: Arc<Mutex<Vec<Value>>>,
    asked: Arc<AtomicUsize>,
    server: actix_web::dev::ServerHandle,
}

impl Sso {
    fn start(key: &Key) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let published = Arc::new(Mutex::new(vec![key.public.clone()]));
        let asked = Arc::new(AtomicUsize::new(0));
        let shared = (published.clone(), asked.clone());
        let server = {
            let _inside = RUNTIME.enter();
            HttpServer::new(move || {
                let (published, asked) = shared.clone();
                let jwks = move || {
                    asked.fetch_add(1, Ordering::SeqCst);
                    let keys = json!({"keys": *published.lock().unwrap()});
                    async move { HttpResponse::Ok().json(keys) }
                };
                App::new().service(web::resource("/jwks").get(jwks))
            })
            .workers(1)
            .listen(listener)
            .unwrap()
            .run()
        };
        let handle = server.handle();
        RUNTIME.spawn(server);
        Self { url, published, asked, server: handle }
    }

    fn claims(&self, app: &TestApp) -> Value {
        let now = app.clock.now().timestamp();
        json!({"iss": self.url, "aud": "thidua", "sub": "u-1", "iat": now, "exp": now + 600,
            "preferred_username": "Nguyen.An", "xa": "10210", "realm_access": {"roles": ["van-hoa-xa-hoi", "khac"]}})
    }
}

impl Drop for Sso {
    fn drop(&mut self) {
        wait(self.server.stop(false));
    }
}

/// A service that trusts the issuer as far as said.
fn trusting(sso: &Sso, with: Value) -> TestApp {
    let mut issuer = json!({"issuer": sso.url, "audience": "thidua", "jwks_uri": format!("{}/jwks", sso.url),
        "username": "/preferred_username", "locality": "/xa", "unit": "/don_vi", "roles": "/realm_access/roles",
        "role_names": {"van-hoa-xa-hoi": "standing_agency", "truong": "unit_head", "so": "city_viewer"},
        "localities": ["10210"], "create_accounts": true});
    issuer.as_object_mut().unwrap().extend(with.as_object().unwrap().clone());
    let mut file = tempfile::NamedTempFile::new().unwrap();
    write!(file, "{}", json!([issuer])).unwrap();
    TestApp::start_with(|config| config.issuers_file = Some(file.path().to_owned()))
}

fn bearing(app: &TestApp, token: &str) -> Client {
    app.anon().bearing(token)
}

#[test]
fn somebody_of_the_issuer_gets_an_account_and_the_roles_its_claims_map_to() {
    let key = Key::new("1");
    let sso = Sso::start(&key);
    let app = trusting(&sso, json!({}));
    let me = bearing(&app, &key.sign(&sso.claims(&app))).get("/me").ok();
    assert_eq!((&me["username"], &me["locality"]["code"]), (&json!("nguyen.an"), &json!("10210")));
    assert_eq!(me["roles"].as_array().unwrap().len(), 1);
    assert_eq!(me["roles"][0]["role"], "standing_agency");
    let again = bearing(&app, &key.sign(&sso.claims(&app))).get("/me").ok();
    assert_eq!(me["account"], again["account"]);
    assert_eq!(sso.asked.load(Ordering::SeqCst), 1, "keys are kept");
}

#[test]
fn unit_roles_hold_in_the_unit_that_the_claims_name() {
    let key = Key::new("1");
    let sso = Sso::start(&key);
    let app = trusting(&sso, json!({}));
    let mut claims = sso.claims(&app);
    claims["realm_access"]["roles"] = json!(["truong"]);
    assert_eq!(bearing(&app, &key.sign(&claims)).get("/me").ok()["roles"], json!([]));
    claims["don_vi"] = json!("phong-kinh-te");
    let me = bearing(&app, &key.sign(&claims)).get("/me").ok();
    assert_eq!((&me["roles"][0]["role"], &me["roles"][0]["unit"]), (&json!("unit_head"), &json!("phong-kinh-te")));
}

#[test]
fn a_disabled_account_is_refused_whatever_the_issuer_says() {
    let key = Key::new("1");
    let sso = Sso::start(&key);
    let app = trusting(&sso, json!({}));
    let client = bearing(&app, &key.sign(&sso.claims(&app)));
    client.get("/me").ok();
    app.sql("UPDATE accounts SET disabled_at = now()");
    client.get("/me").problem(401, "unauthenticated");
}

#[test]
fn whoever_stands_already_is_linked_only_where_the_configuration_says_so() {
    let key = Key::new("1");
    let sso = Sso::start(&key);
    let app = trusting(&sso, json!({}));
    let agency = app.agency();
    let mut claims = sso.claims(&app);
    claims["preferred_username"] = json!(agency.username);
    bearing(&app, &key.sign(&claims)).get("/me").problem(401, "unauthenticated");
    let linking = trusting(&sso, json!({"link_by_username": true, "create_accounts": false}));
    let account = linking.agency().get("/me").ok()["account"].clone();
    assert_eq!(bearing(&linking, &key.sign(&claims)).get("/me").ok()["account"], account);
    claims["sub"] = json!("u-2");
    claims["preferred_username"] = json!("nobody");
    bearing(&linking, &key.sign(&claims)).get("/me").problem(401, "unauthenticated");
}

#[test]
fn a_key_not_known_is_fetched_but_not_at_every_request() {
    let (first, second) = (Key::new("1"), Key::new("2"));
    let sso = Sso::start(&first);
    let app = trusting(&sso, json!({}));
    bearing(&app, &first.sign(&sso.claims(&app))).get("/me").ok();
    sso.published.lock().unwrap().push(second.public.clone());
    for _ in 0..20 {
        bearing(&app, &Key::new("3").sign(&sso.claims(&app))).get("/me").problem(401, "unauthenticated");
    }
    assert_eq!(sso.asked.load(Ordering::SeqCst), 1, "asked again sooner than half a minute after");
    let later = trusting(&sso, json!({}));
    bearing(&later, &second.sign(&sso.claims(&later))).get("/me").ok();
}

#[test]
fn an_issuer_says_only_what_it_may() {
    let (key, other) = (Key::new("1"), Key::new("1"));
    let sso = Sso::start(&key);
    let app = trusting(&sso, json!({}));
    let claims = sso.claims(&app);
    let with = |name: &str, value: Value| {
        let mut claims = claims.clone();
        claims[name] = value;
        key.sign(&claims)
    };
    let now = app.clock.now().timestamp();
    let hs = jsonwebtoken::encode(
        &Header { kid: Some("1".into()), typ: Some("at+jwt".into()), ..Header::new(Algorithm::HS256) },
        &claims,
        &EncodingKey::from_secret(key.public.to_string().as_bytes()),
    );
    let wrong = [
        ("another's key", other.sign(&claims)),
        ("alg by its public key", hs.unwrap()),
        ("another audience", with("aud", json!("another"))),
        ("another issuer", with("iss", json!("https://example.org"))),
        ("a locality it may not speak for", with("xa", json!("10213"))),
        ("the city, for which it may not speak", with("xa", Value::Null)),
        ("no username", with("preferred_username", Value::Null)),
        ("no subject", with("sub", Value::Null)),
        ("expired", with("exp", json!(now - 6))),
        ("two hours", with("exp", json!(now + 7200))),
        ("issued tomorrow", with("iat", json!(now + 86_400))),
    ];
    for (what, token) in wrong {
        let answer = bearing(&app, &token).get("/me").send();
        assert_eq!(answer.status(), 401, "{what}: {answer}");
    }
    assert_eq!(app.count("SELECT 1 FROM accounts WHERE username LIKE 'nguyen%'"), 0);
}

#[test]
fn the_city_speaks_for_the_city_where_the_configuration_lets_it() {
    let key = Key::new("1");
    let sso = Sso::start(&key);
    let app = trusting(&sso, json!({"city": true, "locality": null}));
    let mut claims = sso.claims(&app);
    claims["realm_access"]["roles"] = json!(["so", "van-hoa-xa-hoi"]);
    let client = bearing(&app, &key.sign(&claims));
    let me = client.get("/me").ok();
    assert_eq!((&me["locality"], me["roles"].as_array().unwrap().len()), (&Value::Null, 1));
    client.get("/localities").ok();
}

#[test]
fn an_issuer_out_of_reach_lets_nobody_in_and_breaks_nothing() {
    let key = Key::new("1");
    let sso = Sso::start(&key);
    let app = trusting(&sso, json!({"jwks_uri": "http://127.0.0.1:9/jwks"}));
    bearing(&app, &key.sign(&sso.claims(&app))).get("/me").problem(401, "unauthenticated");
    app.agency().get("/me").ok();
}

#[test]
fn a_name_that_is_no_username_is_fitted_and_names_nobody_else() {
    let key = Key::new("1");
    let sso = Sso::start(&key);
    let app = trusting(&sso, json!({"link_by_username": true}));
    let chair = app.account("nguyen-an", thidua::http::Role::Chair, None);
    app.sql(&format!("UPDATE accounts SET username = 'nguyen-an' WHERE username = '{}'", chair.username));
    let names = [
        ("Nguyen.An@hongvan.gov.vn", "nguyen.an-hongvan.gov.vn"),
        ("Trần Thị Đào", "tran-thi-dao"),
        ("Tra\u{302}\u{300}n Thi\u{323} Hoa", "tran-thi-hoa"),
        ("an", "user-an"),
        ("阮文安", "user"),
        ("@", "user-"),
        ("Nguyễn An", "nguyen-an-"),
    ];
    for (n, (name, username)) in names.iter().enumerate() {
        let mut claims = sso.claims(&app);
        (claims["sub"], claims["preferred_username"]) = (json!(format!("u-{n}")), json!(name));
        let me = bearing(&app, &key.sign(&claims)).get("/me").ok();
        let given = me["username"].as_str().unwrap();
        assert!(given.starts_with(username), "{name}: {me}");
        assert_ne!(given, "nguyen-an", "one that was fitted links to nobody");
        assert_eq!(bearing(&app, &key.sign(&claims)).get("/me").ok()["account"], me["account"]);
    }
}

#[test]
fn the_first_requests_of_somebody_new_may_come_at_once() {
    let key = Key::new("1");
    let sso = Sso::start(&key);
    let app = trusting(&sso, json!({}));
    let token = key.sign(&sso.claims(&app));
    for (subject, name) in [("u-1", "nguyen.an"), ("u-2", "Nguyễn Văn Bình"), ("u-3", "binh@hongvan.gov.vn")] {
        let mut claims = sso.claims(&app);
        (claims["sub"], claims["preferred_username"]) = (json!(subject), json!(name));
        let (token, app) = (key.sign(&claims), &app);
        let statuses: Vec<u16> = std::thread::scope(|scope| {
            let asks: Vec<_> =
                (0..8).map(|_| scope.spawn(|| bearing(app, &token).get("/me").send().status())).collect();
            asks.into_iter().map(|ask| ask.join().unwrap()).collect()
        });
        assert_eq!(statuses, [200; 8], "{name}");
    }
    bearing(&app, &token).get("/me").ok();
    assert_eq!(app.count("SELECT 1 FROM accounts"), 3);
    assert_eq!(app.count("SELECT 1 FROM external_accounts"), 3);
}

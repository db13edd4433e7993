//! What anybody reads of published awards: results, certificates, credentials and the list of those that no longer stand.

use std::{io::Read, thread};

use data_encoding::BASE64URL_NOPAD as BASE64;
use flate2::read::GzDecoder;
use serde_json::{Map, Value, json};
use thidua::auth::{did::assertion_keys, integrity, multikey};

use super::{certified, published, ranked, registered};
use crate::support::{TestApp, pdf};

const RESULTS: &str = "/public/localities/10210/movements/thi-dua/awards";

fn code(app: &TestApp, decision: &str, at: usize) -> String {
    let all = app.agency().get(&format!("{decision}/certificates")).ok();
    all["items"][at]["code"].as_str().unwrap().to_owned()
}

fn certificate(code: &str) -> String {
    format!("/public/certificates/{code}")
}

fn collectives(app: &TestApp) -> Value {
    app.anon().get(RESULTS).ok()["awards"][0]["results"].clone()
}

/// The bit of a credential in its list, as a verifier reads it.
fn is_set(app: &TestApp, credential: &Value) -> bool {
    let status = &credential["credentialStatus"];
    let list = status["statusListCredential"].as_str().unwrap().split_once("/api/v1").unwrap().1.to_owned();
    let list = app.anon().get(&list).ok();
    holds(app, list.json());
    let text = list["credentialSubject"]["encodedList"].as_str().unwrap().strip_prefix('u').unwrap().to_owned();
    let mut bits = Vec::new();
    GzDecoder::new(&BASE64.decode(text.as_bytes()).unwrap()[..]).read_to_end(&mut bits).unwrap();
    let index: usize = status["statusListIndex"].as_str().unwrap().parse().unwrap();
    bits[index / 8] & (0x80 >> (index % 8)) != 0
}

/// The proof holds by a key of the service's DID document, and for nothing else.
fn holds(app: &TestApp, credential: &Value) {
    let mut document: Map<String, Value> = credential.as_object().unwrap().clone();
    let proof = document.remove("proof").unwrap();
    let did = app.anon().get("/.well-known/did.json").ok();
    let method = proof["verificationMethod"].as_str().unwrap();
    let key = method.split_once('#').unwrap().1;
    assert!(assertion_keys(did.json()).contains(key), "{method}");
    let key = multikey::read_multikey(key).unwrap();
    let proof = proof.as_object().unwrap();
    assert_eq!(integrity::verify(&document, proof, &key), Ok(()));
    document["issuer"] = json!("did:web:khac.example");
    assert!(integrity::verify(&document, proof, &key).is_err());
}

#[test]
fn nothing_is_public_before_the_publication() {
    let (app, run) = ranked();
    let seen = app.anon().get(RESULTS).ok();
    assert_eq!((&seen["movement"]["code"], &seen["awards"][0]["results"]), (&json!("thi-dua"), &json!(null)));
    let decision = certified(&app, &run, 20);
    app.anon().get(&certificate(&code(&app, &decision, 0))).problem(404, "not_found");
    assert_eq!(collectives(&app), json!(null));
    app.anon().get("/public/localities/10210/movements/khong-co/awards").problem(404, "not_found");
    app.anon().get("/public/localities/99999/movements/thi-dua/awards").problem(404, "not_found");
}

#[test]
fn a_certificate_answers_with_the_published_fields_alone() {
    let (app, run) = ranked();
    let decision = published(&app, &run, 5);
    let seen = app.anon().get(&certificate(&code(&app, &decision, 0))).ok();
    assert_eq!((&seen["state"], &seen["ordinal"]), (&json!("valid"), &json!(1)));
    let recipient = json!({
        "kind": "unit", "name": "Phòng Kinh tế", "position": null, "unit": null, "achievement": "Thành tích",
    });
    assert_eq!(seen["recipient"], recipient);
    assert_eq!(seen["decision"]["number"], "05/QĐ-UBND");
    assert_eq!(seen.header("cache-control"), Some("no-store"));
}

#[test]
fn results_are_cached_by_their_tag_until_something_changes() {
    let (app, run) = ranked();
    let decision = published(&app, &run, 20);
    let seen = app.anon().get(RESULTS).ok();
    assert_eq!(seen.header("cache-control"), Some("public, max-age=60"));
    assert!(!seen.header("vary").unwrap_or_default().contains("Authorization"), "it is the same for everybody");
    app.anon().get(RESULTS).if_none_match(&seen.etag()).send().is(304);
    let act = json!({"candidate": "phong-kinh-te", "reason": "Kê khai sai", "number": 21, "date": "2025-09-10"});
    app.chair().post(&format!("{decision}/revoke"), act).ok();
    app.anon().get(RESULTS).if_none_match(&seen.etag()).ok();
    let states: Vec<Value> = collectives(&app).as_array().unwrap().iter().map(|one| one["state"].clone()).collect();
    assert_eq!(states, ["revoked", "valid"], "what was revoked stays on record");
}

#[test]
fn what_was_revoked_replaced_or_corrected_is_told_to_whoever_checks_the_paper() {
    let (app, run) = ranked();
    let decision = published(&app, &run, 20);
    let (first, second) = (code(&app, &decision, 0), code(&app, &decision, 1));
    let act = |candidate: &str, number: u32| json!({"candidate": candidate, "reason": "Theo đơn", "number": number, "date": "2025-09-10"});
    app.chair().post(&format!("{decision}/revoke"), act("phong-kinh-te", 21)).ok();
    let seen = app.anon().get(&certificate(&first)).ok();
    assert_eq!((&seen["state"], &seen["revoked_by"]["number"]), (&json!("revoked"), &json!("21/QĐ-UBND")));

    let mut correction = act("phong-vhxh", 22);
    (correction["member"], correction["text"]) = (json!("name"), json!("Phòng Văn hóa và Xã hội"));
    app.chair().post(&format!("{decision}/correct"), correction).ok();
    let all = app.agency().get(&format!("{decision}/certificates")).ok();
    let id = all["items"][1]["id"].as_str().unwrap();
    let new = app.agency().post(&format!("/certificates/{id}/replace"), json!({"reason": "In sai tên"})).created();
    let old = app.anon().get(&certificate(&second)).ok();
    assert_eq!((&old["state"], &old["recipient"]["name"]), (&json!("replaced"), &json!("Phòng Văn hóa và Xã hội")));
    assert_eq!(
        old["corrections"],
        json!([{"member": "name", "by": {
        "number": "22/QĐ-UBND", "dated_on": "2025-09-10", "issuer": "UBND"}}])
    );
    let new = app.anon().get(&certificate(new["code"].as_str().unwrap())).ok();
    assert_eq!((&new["state"], &new["ordinal"]), (&json!("valid"), &json!(2)));
}

#[test]
fn a_credential_verifies_and_its_bit_is_set_once_it_no_longer_stands() {
    let (app, run) = ranked();
    let decision = published(&app, &run, 20);
    let (first, second) = (code(&app, &decision, 0), code(&app, &decision, 1));
    let credential = |code: &str| app.anon().get(&format!("{}/credential", certificate(code))).ok();
    let made = credential(&first);
    holds(&app, made.json());
    assert_eq!(made.bytes(), credential(&first).bytes(), "the same certificate has the same credential");
    let achievement = &made["credentialSubject"]["achievement"];
    assert_eq!((&made["name"], &achievement["description"]), (&json!("Giấy khen"), &json!("Thành tích")));
    assert!(!is_set(&app, made.json()) && !is_set(&app, credential(&second).json()));
    let act = json!({"candidate": "phong-kinh-te", "reason": "Kê khai sai", "number": 21, "date": "2025-09-10"});
    app.chair().post(&format!("{decision}/revoke"), act).ok();
    assert!(is_set(&app, made.json()) && !is_set(&app, credential(&second).json()));
    app.anon().get("/public/status-lists/2").problem(404, "not_found");
    app.anon().get("/public/status-lists/0").problem(404, "not_found");
}

#[test]
fn a_thousand_guessed_codes_find_nothing() {
    let (app, run) = ranked();
    let decision = published(&app, &run, 20);
    let known = code(&app, &decision, 0);
    // Every code that differs from a known one in one character, from one end and the other, and such as were never made.
    let near = (0..known.len()).flat_map(|at| {
        let known = known.clone();
        b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".iter().filter_map(move |letter| {
            let mut bytes = known.clone().into_bytes();
            (bytes[at] != *letter).then(|| {
                bytes[at] = *letter;
                String::from_utf8(bytes).unwrap()
            })
        })
    });
    let made_up = (0..256).map(|n| format!("{n:024X}"));
    let guesses: Vec<String> = near.chain(made_up).collect();
    assert!(guesses.len() >= 1000);
    let askers = guesses.chunks(guesses.len().div_ceil(25)).map(|some| {
        let (who, some) = (app.anon(), some.to_vec());
        thread::spawn(move || some.iter().filter(|code| who.get(&certificate(code)).send().status() != 404).count())
    });
    let found: usize = askers.collect::<Vec<_>>().into_iter().map(|one| one.join().unwrap()).sum();
    assert_eq!(found, 0);
    app.anon().get(&certificate(&known)).ok();
    for wrong in ["%20", "a%2Fb", &"A".repeat(5000)] {
        app.anon().get(&certificate(wrong)).problem(404, "not_found");
    }
}

#[test]
fn an_unknown_code_is_answered_after_the_same_time_as_a_known_one() {
    let (app, run) = ranked();
    let decision = published(&app, &run, 20);
    // A statement for a statement: what takes time is the same.
    let known = code(&app, &decision, 0);
    let statements = |code: &str| app.statements(|| drop(app.anon().get(&certificate(code)).send())).len();
    assert_eq!(statements(&known), statements("KHONGCOMANAYDAUCATHATDAY"));
}

#[test]
fn the_registered_paper_is_public_with_its_number_when_the_signed_file_is_there() {
    let (app, run) = ranked();
    let decision = registered(&app, &run, 7);
    app.agency().put(&format!("{decision}/signed-file"), json!({})).body("application/pdf", pdf("1")).created();
    app.agency().post(&format!("{decision}/certificates"), json!({})).ok();
    app.chair().post(&format!("{decision}/publish"), json!({})).ok();
    let result = &collectives(&app)[0];
    assert_eq!((&result["decision"]["number"], &result["ordinal"]), (&json!("07/QĐ-UBND"), &json!(1)));
}

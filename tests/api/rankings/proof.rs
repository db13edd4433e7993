//! Seals: every run has one, anybody verifies it, and nothing that is changed afterwards passes.

use std::{fs, path::Path, process::Command};

use rstest::rstest;
use serde_json::{Value, json};
use thidua::canonical::canonical;

use super::{contest, ranked, runs};
use crate::support::{Answer, Client, MOVEMENT, TestApp, dossier};

fn bundle(client: Client, run: &Answer) -> Answer {
    client.get(&format!("/rankings/{}/bundle", run["id"].as_str().unwrap())).ok()
}

fn verified(app: &TestApp, run: &Answer) -> Value {
    let path = format!("/rankings/{}/verify", run["id"].as_str().unwrap());
    app.auditor().post(&path, json!({})).ok().json().clone()
}

fn did(app: &TestApp) -> Value {
    app.anon().get("/.well-known/did.json").ok().json().clone()
}

/// Where the verdict says that something differs.
fn places(verdict: &Value) -> Vec<(&str, &str)> {
    let findings = verdict["findings"].as_array().unwrap().iter();
    findings.map(|one| (one["pointer"].as_str().unwrap(), one["code"].as_str().unwrap())).collect()
}

/// Changes a run behind the service's back, as who owns the tables could.
fn tampered(app: &TestApp, set: &str) {
    app.sql(&format!(
        "ALTER TABLE rankings DISABLE TRIGGER USER; UPDATE rankings SET {set}; ALTER TABLE rankings ENABLE TRIGGER USER"
    ));
}

#[test]
fn every_run_is_sealed_and_its_bundle_holds() {
    let app = contest();
    for mode in ["preview", "official"] {
        let run = ranked(&app, mode);
        let answer = bundle(app.council_member(), &run);
        assert_eq!(answer.bytes(), canonical(answer.json()).unwrap(), "canonical byte for byte");
        let mut seal = answer["seal"].clone();
        seal["proof"] = answer["proof"].clone();
        assert_eq!(run["seal"], seal);
        assert_eq!((&seal["mode"], &seal["ranking"], &seal["engine"]), (&json!(mode), &run["id"], &run["engine"]));
        let verdict = verified(&app, &run);
        assert_eq!(verdict, json!({"holds": true, "sealed": true, "engine": run["engine"], "findings": []}));
        let did = did(&app);
        let method = seal["proof"]["verificationMethod"].as_str().unwrap();
        let (controller, key) = method.split_once('#').unwrap();
        assert_eq!(did["id"], controller);
        assert!(did["assertionMethod"].as_array().unwrap().contains(&json!(method)));
        let known = json!({"id": method, "type": "Multikey", "controller": controller, "publicKeyMultibase": key});
        assert!(did["verificationMethod"].as_array().unwrap().contains(&known));
    }
}

#[test]
fn a_bundle_names_nobody() {
    let app = contest();
    let run = ranked(&app, "official");
    let text = bundle(app.chair(), &run).text();
    for name in ["Phòng Kinh tế", "Trả kết quả tại nhà"] {
        assert!(run.text().contains(name) && !text.contains(name), "{name}");
    }
}

#[test]
fn a_run_is_the_same_to_the_byte_on_another_day_and_another_instance() {
    let app = contest();
    let first = ranked(&app, "preview");
    app.at("2025-11-03T10:11:12Z");
    let body = json!({"mode": "preview", "as_of": first["as_of"]});
    let later = app.agency().post(&runs("tap-the"), body.clone()).created();
    let elsewhere = app.another();
    let there = elsewhere.agency().post(&runs("tap-the"), body).created();
    for other in [&later, &there] {
        for part in ["inputs", "method", "output"] {
            assert_eq!(other["seal"][part], first["seal"][part], "{part}");
        }
        assert_ne!(other["seal"]["ranking"], first["seal"]["ranking"]);
    }
    // Each instance has an address of its own here, so another DID; it knows the keys of both.
    assert_eq!(verified(&app, &there)["holds"], true);
    assert_eq!(bundle(app.chair(), &there).bytes(), bundle(elsewhere.chair(), &there).bytes());
}

#[test]
fn keys_stay_readable_for_ever() {
    let app = contest();
    let run = ranked(&app, "official");
    let retired = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2";
    app.sql(&format!("INSERT INTO proof_keys VALUES ('did:web:old.example', '{retired}', '2020-01-01T00:00:00Z')"));
    let did = did(&app);
    assert_eq!(did["alsoKnownAs"], json!(["did:web:old.example"]));
    let ids = did["assertionMethod"].as_array().unwrap();
    assert_eq!((&ids[0], ids.len()), (&json!(format!("did:web:old.example#{retired}")), 2));
    assert_eq!(verified(&app, &run)["holds"], true);
    for statement in ["DELETE FROM proof_keys", "UPDATE proof_keys SET key = 'z'", "TRUNCATE proof_keys"] {
        assert!(app.try_sql(statement).unwrap_err().contains("kept for ever"), "{statement}");
    }
}

#[test]
fn a_sealed_run_is_kept_as_it_was_made() {
    let app = contest();
    ranked(&app, "official");
    for statement in [
        "UPDATE rankings SET output = '{}'",
        "UPDATE rankings SET seal = NULL",
        "UPDATE rankings SET mode = 'preview', state = 'preview'",
        "DELETE FROM rankings",
        "TRUNCATE rankings CASCADE",
    ] {
        assert!(app.try_sql(statement).unwrap_err().contains("is refused"), "{statement}");
    }
    // Names are beside it, and may have to go.
    app.try_sql("UPDATE rankings SET texts = '{}'").unwrap();
}

#[rstest]
#[case::output("output = jsonb_set(output, '{entries,0,total}', '\"99.99\"')", &[
    ("/seal/output", "digest_differs"), ("/output/entries/0/total", "output_differs"), ("/proof/proofValue", "signature_wrong")])]
#[case::facts("inputs = jsonb_set(inputs, '{candidates,0,reporting,on_time}', '2')", &[
    ("/seal/inputs", "digest_differs"), ("/proof/proofValue", "signature_wrong")])]
#[case::rules("inputs = jsonb_set(inputs, '{award,quota}', '2')", &[
    ("/seal/method", "digest_differs"), ("/output/quota", "output_differs"), ("/proof/proofValue", "signature_wrong")])]
#[case::seal("seal = jsonb_set(seal, '{mode}', '\"preview\"')", &[
    ("/seal/mode", "run_differs"), ("/proof/proofValue", "signature_wrong")])]
#[case::proof("seal = jsonb_set(seal, '{proof,created}', '\"2020-01-01T00:00:00Z\"')", &[
    ("/proof/proofValue", "signature_wrong")])]
#[case::row("as_of = as_of - interval '1 day'", &[("/inputs/as_of", "run_differs")])]
#[case::engine("engine = 2", &[("/seal/engine", "run_differs")])]
fn what_is_changed_in_the_database_is_found(#[case] set: &str, #[case] expected: &[(&str, &str)]) {
    let app = contest();
    let run = ranked(&app, "official");
    tampered(&app, set);
    let verdict = verified(&app, &run);
    assert_eq!(verdict["holds"], false);
    let told = places(&verdict);
    assert!(expected.iter().all(|one| told.contains(one)), "{told:?}");
}

#[test]
fn a_run_from_before_seals_is_computed_again_and_has_no_bundle() {
    let app = contest();
    let run = ranked(&app, "official");
    tampered(&app, "seal = NULL");
    let path = run.header("location").unwrap();
    assert_eq!(app.chair().get(path).ok()["seal"], json!(null));
    app.chair().get(&format!("{path}/bundle")).problem(409, "ranking_not_sealed");
    let verdict = verified(&app, &run);
    assert_eq!((&verdict["holds"], &verdict["sealed"]), (&json!(true), &json!(false)));
    tampered(&app, "output = jsonb_set(output, '{entries,0,rank}', '2')");
    assert_eq!(places(&verified(&app, &run)), [("/output/entries/0/rank", "output_differs")]);
}

#[rstest]
#[case("'{}'")]
#[case("'[]'")]
#[case("'null'")]
#[case("seal - 'proof'")]
fn a_seal_that_cannot_be_read_is_found(#[case] seal: &str) {
    let app = contest();
    let run = ranked(&app, "official");
    tampered(&app, &format!("seal = {seal}"));
    let path = run.header("location").unwrap();
    app.chair().get(&format!("{path}/bundle")).problem(409, "ranking_not_sealed").finding("/seal", "seal_malformed");
    let verdict = verified(&app, &run);
    assert_eq!((&verdict["holds"], &verdict["sealed"]), (&json!(false), &json!(true)));
    assert_eq!(places(&verdict), [("/seal", "seal_malformed")]);
    assert_eq!(app.chair().get(path).ok()["seal"], json!(null));
}

#[test]
fn a_dry_run_proves_nothing() {
    let app = contest();
    let tried = app.agency().post(&format!("{}?dry_run=true", runs("tap-the")), json!({"mode": "official"})).created();
    assert_eq!(tried["seal"], json!(null));
    assert_eq!(app.count("SELECT 1 FROM rankings"), 0);
}

#[test]
fn a_correction_approved_later_never_moves_an_official_run() {
    let app = contest();
    let run = ranked(&app, "official");
    let (path, before) = (run.header("location").unwrap().to_owned(), bundle(app.chair(), &run));
    app.at("2025-09-21T02:00:00Z");
    let place = format!("{MOVEMENT}/submissions/2025-09/phong-kinh-te");
    app.agency().act_on(&place, "reopen", json!({"reason": "Số liệu sai"})).is(200);
    let value = json!({"indicator": "HS", "state": "reported", "numerator": 100, "denominator": 100});
    let head = app.head("phong-kinh-te");
    let tag = head.get(&place).ok().etag();
    let content = app.as_known(MOVEMENT, "2025-09", json!({"values": [value]}));
    head.put(&place, content).if_match(&tag).ok();
    head.act_on(&place, "submit", json!({})).is(200);
    app.agency().act_on(&place, "approve", json!({})).is(200);
    assert_eq!(app.chair().get(&path).ok().json(), run.json());
    assert_eq!(bundle(app.chair(), &run).bytes(), before.bytes());
    assert_eq!(verified(&app, &run)["holds"], true);
    // What it did is in the difference from a new run.
    let corrected = ranked(&app, "preview");
    let difference = app.chair().get(&format!("{path}/diff?with={}", corrected["id"].as_str().unwrap())).ok();
    assert_eq!((&difference["from"]["id"], &difference["to"]["id"]), (&run["id"], &corrected["id"]));
    let moved = difference["moved"].as_array().unwrap();
    assert_eq!((moved.len(), &moved[0]["difference"], &difference["unchanged"]), (1, &json!("10"), &json!(1)));
    let criterion = &moved[0]["criteria"][0];
    assert_eq!(
        (&criterion["code"], &criterion["from"], &criterion["to"]),
        (&json!("chi-tieu"), &json!("30"), &json!("40"))
    );
    let figures = criterion["figures"].as_array().unwrap();
    assert!(figures.contains(&json!({"pointer": "/counted/HS/numerator", "from": 60, "to": 100})), "{figures:?}");
}

#[test]
fn seals_are_read_by_who_reads_rankings() {
    let app = contest();
    let path = ranked(&app, "official").header("location").unwrap().to_owned();
    let (head, elsewhere) = (app.head("phong-kinh-te"), app.elsewhere.chair());
    for part in ["bundle".to_owned(), format!("diff?with={}", path.rsplit('/').next().unwrap())] {
        head.get(&format!("{path}/{part}")).problem(403, "forbidden");
        elsewhere.get(&format!("{path}/{part}")).problem(404, "not_found");
    }
    head.post(&format!("{path}/verify"), json!({})).problem(403, "forbidden");
    elsewhere.post(&format!("{path}/verify"), json!({})).problem(404, "not_found");
}

/// Runs `thidua verify` in an empty directory, with nothing but these variables.
fn verify(file: &Path, args: &[&str], environment: &[(&str, &str)]) -> (Option<i32>, String) {
    let empty = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_thidua"));
    command.env_clear().current_dir(empty.path()).envs(environment.iter().copied());
    let output = command.arg("verify").arg(file).args(args).output().unwrap();
    assert_eq!(fs::read_dir(empty.path()).unwrap().count(), 0, "it leaves nothing behind");
    (output.status.code(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
}

#[test]
fn the_command_line_verifies_a_bundle_by_itself() {
    let app = contest();
    let (one, other) = (ranked(&app, "official"), ranked(&app, "official"));
    let dir = tempfile::tempdir().unwrap();
    let file = |name: &str, content: &[u8]| {
        let path = dir.path().join(name);
        fs::write(&path, content).unwrap();
        path
    };
    let whole = bundle(app.chair(), &one);
    let (good, did) = (file("bundle.json", whole.bytes()), file("did.json", did(&app).to_string().as_bytes()));
    let did_document = self::did(&app);
    let did = ["--did", did.to_str().unwrap()];
    let key = one["seal"]["proof"]["verificationMethod"].as_str().unwrap().split_once('#').unwrap().1.to_owned();
    // In any language, in any time zone.
    let mut said = Vec::new();
    for zone in ["Asia/Ho_Chi_Minh", "America/St_Johns", "UTC"] {
        for (locale, holds) in [("vi_VN.UTF-8", "gói đúng như khi niêm phong"), ("tr_TR.UTF-8", "as it was sealed")]
        {
            let (code, text) = verify(&good, &did, &[("LC_ALL", locale), ("TZ", zone)]);
            assert!(code == Some(0) && text.contains(holds), "{text}");
            said.push(text);
        }
    }
    said.sort();
    said.dedup();
    assert_eq!(said.len(), 2, "once in each language: {said:?}");
    assert_eq!(verify(&good, &["--key", &key], &[]).0, Some(0));
    let (code, text) = verify(&good, &[], &[]);
    assert!(code == Some(0) && text.contains("key_of_bundle") && text.contains("anybody can make a key"), "{text}");
    let strange = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2";
    let (code, text) = verify(&good, &["--key", strange], &[]);
    assert!(code == Some(1) && text.contains("key_untrusted"), "{text}");

    let pretty = file("pretty.json", &serde_json::to_vec_pretty(whole.json()).unwrap());
    let (code, text) = verify(&pretty, &did, &[]);
    assert!(code == Some(1) && text.contains("bundle_not_canonical") && text.contains("errors: 1"), "{text}");
    let mut mixed = whole.json().clone();
    mixed["proof"] = bundle(app.chair(), &other)["proof"].clone();
    let mixed = file("mixed.json", &canonical(&mixed).unwrap());
    let (code, text) = verify(&mixed, &did, &[("LANG", "vi_VN.UTF-8")]);
    assert!(code == Some(1) && text.contains("lỗi /proof/proofValue signature_wrong: Chữ ký"), "{text}");
    let changed = whole.text().replace("\"total\":\"76.83\"", "\"total\":\"76.84\"");
    let (code, text) = verify(&file("changed.json", changed.as_bytes()), &did, &[]);
    assert!(code == Some(1) && text.contains("/seal/output digest_differs"), "{text}");
    assert!(!text.contains("output_differs"), "what is not as sealed is not ranked again: {text}");
    let mut document = did_document.clone();
    document["id"] = json!("did:web:another.example");
    let another = file("another.json", document.to_string().as_bytes());
    let another = ["--did", another.to_str().unwrap()];
    let (code, text) = verify(&good, &another, &[]);
    assert!(code == Some(1) && text.contains("/proof/verificationMethod did_of_another"), "{text}");
    document["alsoKnownAs"] = json!([did_document["id"]]);
    fs::write(another[1], document.to_string()).unwrap();
    assert_eq!(verify(&good, &another, &[]).0, Some(0), "a former address is named");
    assert_eq!(verify(&dir.path().join("none.json"), &did, &[]).0, Some(3));
    assert_eq!(verify(&good, &["--key", "abc"], &[]).0, Some(3));
}

#[test]
fn a_hold_and_a_bad_appraisal_later_leave_the_seal_alone() {
    let app = contest();
    let run = ranked(&app, "official");
    let sealed = bundle(app.chair(), &run);
    app.agency()
        .act_on(&dossier("tap-the", "phong-vhxh"), "hold", json!({"reason": "Đơn thư", "source": "TT"}))
        .is(200);
    ranked(&app, "official");
    assert_eq!(bundle(app.chair(), &run).bytes(), sealed.bytes());
    assert_eq!(verified(&app, &run)["holds"], true, "superseded, it holds");
}

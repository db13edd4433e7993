//! Decisions: who decides and when, the number of the registry, the signed paper.

use std::thread;

use serde_json::{Value, json};
use thidua::http::Role;

use super::{decided, hold, missing, path, posted, proposed, ranked, ranked_of, registered, run};
use crate::support::{Answer, Client, Request, dossier, pdf};

fn decide(who: &Client, proposal: &str, accepted: &[&str], more: Value) -> Request {
    let mut body = json!({"accepted": accepted, "signed_as": "chair"});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    who.post(&format!("{proposal}/decide"), body)
}

const BOTH: [&str; 2] = ["phong-kinh-te", "phong-vhxh"];

fn codes(refused: &Answer) -> Vec<&str> {
    refused["errors"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap()).collect()
}

#[test]
fn the_chair_decides_once_what_is_ready() {
    let (app, run) = ranked();
    let proposal = proposed(&app, &run);
    let refused = decide(&app.chair(), &proposal, &BOTH, json!({})).problem(409, "proposal_not_ready");
    assert_eq!(codes(&refused), ["posting_missing"]);
    app.agency().post(&format!("{proposal}/post"), json!({"working_days": 0})).ok();
    let made = decide(&app.chair(), &proposal, &["phong-vhxh", "phong-kinh-te"], json!({})).created();
    assert_eq!(
        (&made["state"], &made["signed_as"], &made["decided_by"]),
        (&json!("decided"), &json!("chair"), &json!("chair.10210"))
    );
    assert_eq!(
        (&made["candidates"][0]["candidate"]["code"], &made["candidates"][0]["ordinal"]),
        (&json!("phong-vhxh"), &json!(1))
    );
    assert_eq!((&made["candidates"][1]["ordinal"], &made["warnings"]), (&json!(2), &json!([])));
    assert_eq!(app.chair().get(&path(&made)).ok().json(), made.json());
    assert_eq!(app.agency().get(&proposal).ok()["decision"], made["id"]);
    decide(&app.chair(), &proposal, &BOTH, json!({})).problem(409, "proposal_state");
    app.agency().post(&format!("{proposal}/withdraw"), json!({"reason": "Sai"})).problem(409, "proposal_state");
    assert_eq!(app.agency().get("/events?after=0&type=award.decided").ok()["items"][0]["data"]["accepted"], 2);
    let told = app.agency().get(&format!("{}/..", path(&made))).send_unchecked();
    assert_eq!(told.status(), 404);
}

#[test]
fn a_late_hold_or_an_open_objection_stops_a_decision() {
    let (app, run) = ranked();
    let proposal = proposed(&app, &run);
    app.agency().post(&format!("{proposal}/post"), json!({"working_days": 1})).ok();
    let objection =
        app.reporter("thon-1").post(&format!("{proposal}/objections"), json!({"text": "Sai số liệu"})).created();
    app.at("2025-09-12T02:00:00Z");
    hold(&app, "phong-vhxh");
    let refused = decide(&app.chair(), &proposal, &BOTH, json!({})).problem(409, "proposal_not_ready");
    assert_eq!(codes(&refused), ["objection_unanswered", "candidate_held"]);
    let answer = format!("/objections/{}/answer", objection["id"].as_str().unwrap());
    app.agency().post(&answer, json!({"text": "Đã đối chiếu"})).ok();
    assert_eq!(
        codes(&decide(&app.chair(), &proposal, &BOTH, json!({})).problem(409, "proposal_not_ready")),
        ["candidate_held"]
    );
    let without = json!({"reasons": {"phong-vhxh": "Đang xác minh đơn"}});
    let made = decide(&app.chair(), &proposal, &["phong-kinh-te"], without).created();
    let left_out = &made["candidates"][1];
    assert_eq!(
        (&left_out["accepted"], &left_out["ordinal"], &left_out["reason"]),
        (&json!(false), &json!(null), &json!("Đang xác minh đơn"))
    );
}

#[test]
fn a_hold_that_waits_for_the_decision_comes_after_it_and_stops_the_publication() {
    let (app, run) = ranked();
    let proposal = posted(&app, &run);
    let dossier = dossier("tap-the", "phong-vhxh");
    let tag = app.agency().get(&dossier).ok().etag();
    let mut behind = app.session();
    behind.run("LOCK TABLE award_decisions IN SHARE MODE");
    let deciding = behind.holds_up(decide(&app.chair(), &proposal, &BOTH, json!({})));
    let why = json!({"reason": "Đơn khiếu nại", "source": "Đơn ngày 01/12/2025"});
    let holding = app.sends_until(
        app.agency().post(&format!("{dossier}/hold"), why).if_match(&tag),
        "wait_event_type = 'Lock' AND wait_event IN ('transactionid', 'tuple')",
    );
    behind.commit();
    let decision = path(&deciding.join().unwrap().is(201));
    holding.join().unwrap().is(200);
    app.agency_2().post(&format!("{decision}/register"), json!({"number": 7, "date": "2025-09-10"})).ok();
    let refused = app.agency().post(&format!("{decision}/certificates"), json!({})).problem(409, "candidates_barred");
    assert_eq!(codes(&refused), ["candidate_held"]);
}

#[test]
fn differences_to_the_proposal_have_reasons() {
    let (app, run) = ranked_of(|plan| plan["awards"][0]["beyond_quota"] = json!("never"));
    let proposal = posted(&app, &run);
    decide(
        &app.chair(),
        &proposal,
        &["phong-vhxh", "van-phong", "thon-1", "van-phong"],
        json!({"reasons": {"x": "y"}}),
    )
    .problem(422, "content_invalid")
    .finding("/accepted/2", "candidate_not_ranked")
    .finding("/accepted/3", "candidate_chosen_twice")
    .finding("/reasons/x", "candidate_not_ranked")
    .finding("/reasons/phong-kinh-te", "decision_unexplained")
    .finding("/reasons/van-phong", "decision_unexplained")
    .finding("/accepted", "quota_exceeded");
    let reasons = json!({"reasons": {"phong-kinh-te": "Đã nhận cờ thi đua", "van-phong": "Mô hình lan tỏa"}});
    decide(&app.chair(), &proposal, &["phong-vhxh", "van-phong"], reasons).created();
}

#[test]
fn nobody_may_get_it_and_that_is_a_decision_too() {
    let (app, run) = ranked();
    let proposal = posted(&app, &run);
    let reasons = json!({"reasons": {"phong-kinh-te": "Chưa đủ", "phong-vhxh": "Chưa đủ"}});
    let decision = path(&decide(&app.chair(), &proposal, &[], reasons).created());
    app.agency().post(&format!("{decision}/register"), json!({"number": 7, "date": "2025-09-10"})).ok();
    app.chair().post(&format!("{decision}/publish"), json!({"reason": "Chưa quét"})).ok();
    assert_eq!(
        app.head("thon-1").get(&format!("{}/awards/tap-the", crate::support::MOVEMENT)).ok()["results"],
        json!([])
    );
}

#[test]
fn a_deputy_signs_for_the_chair_and_never_what_the_chair_or_they_proposed() {
    let (app, run) = ranked();
    let proposal = posted(&app, &run);
    let lent = json!({"to": "pho.10210", "role": "chair", "valid_to": "2025-12-31", "reason": "Đi công tác"});
    let deputy = app.account("pho", Role::Reporter, Some("thon-2"));
    app.chair().post("/delegations", lent).created();
    decide(&deputy, &proposal, &BOTH, json!({}))
        .problem(422, "content_invalid")
        .finding("/signed_as", "signed_for_chair");
    decide(&app.chair(), &proposal, &BOTH, json!({"signed_as": "deputy"}))
        .problem(422, "content_invalid")
        .finding("/signed_as", "signed_by_chair");
    let made = decide(&deputy, &proposal, &BOTH, json!({"signed_as": "deputy"})).created();
    assert_eq!((&made["signed_as"], &made["decided_by"]), (&json!("deputy"), &json!("pho.10210")));
}

#[test]
fn nobody_decides_what_they_or_whom_they_act_for_proposed() {
    let (app, run) = ranked();
    let proposal = posted(&app, &run);
    let both = app.account("agency", Role::Chair, None);
    decide(&both, &proposal, &BOTH, json!({})).problem(409, "proposal_own");
    // To whom the proposer delegated the chair's role acts for them.
    let deputy = app.account("pho", Role::Reporter, Some("thon-2"));
    let lent = json!({"to": "pho.10210", "role": "chair", "valid_to": "2025-12-31", "reason": "Đi công tác"});
    both.post("/delegations", lent).created();
    decide(&deputy, &proposal, &BOTH, json!({"signed_as": "deputy"})).problem(409, "proposal_own");
    app.agency_2()
        .post(&format!("{proposal}/decide"), json!({"accepted": BOTH, "signed_as": "chair"}))
        .problem(403, "forbidden");
    decide(&app.elsewhere.chair(), &proposal, &BOTH, json!({})).problem(404, "not_found");
}

#[test]
fn of_two_chairs_at_once_one_decides() {
    let (app, run) = ranked();
    let proposal = posted(&app, &run);
    let chairs = [app.chair(), app.account("chair-2", Role::Chair, None)];
    let tries = chairs.map(|chair| {
        let request = decide(&chair, &proposal, &BOTH, json!({}));
        thread::spawn(move || request.send().status())
    });
    let mut answered = tries.map(|one| one.join().unwrap());
    answered.sort_unstable();
    assert_eq!(answered, [201, 409]);
    assert_eq!(app.count("SELECT 1 FROM award_decisions"), 1);
    assert_eq!(app.count("SELECT 1 FROM award_proposal_ends"), 1);
}

#[test]
fn a_superseded_run_is_not_decided_on() {
    let (app, first) = ranked();
    let proposal = posted(&app, &first);
    run(&app);
    assert_eq!(missing(&app, &proposal), ["ranking_superseded"]);
    decide(&app.chair(), &proposal, &BOTH, json!({})).problem(409, "proposal_not_ready");
}

#[test]
fn the_registry_gives_a_number_once() {
    let (app, run) = ranked();
    let decision = decided(&app, &run);
    let register = |number: u32, date: &str| {
        app.agency().post(&format!("{decision}/register"), json!({"number": number, "date": date}))
    };
    register(0, "2025-09-11")
        .problem(422, "content_invalid")
        .finding("/number", "number_out_of_range")
        .finding("/date", "day_future");
    app.chair()
        .post(&format!("{decision}/register"), json!({"number": 1, "date": "2025-09-10"}))
        .problem(403, "forbidden");
    app.agency()
        .put(&format!("{decision}/signed-file"), json!({}))
        .body("application/pdf", pdf("1"))
        .problem(409, "decision_not_registered");
    app.agency().post(&format!("{decision}/certificates"), json!({})).problem(409, "decision_not_registered");
    app.chair().post(&format!("{decision}/publish"), json!({"reason": "Gấp"})).problem(409, "decision_not_registered");
    let registered = register(5, "2025-09-09").ok();
    assert_eq!(registered["registration"]["symbol"], "05/QĐ-UBND");
    assert_eq!(
        (&registered["state"], &registered["warnings"][0]["code"]),
        (&json!("registered"), &json!("dated_before_decision"))
    );
    register(6, "2025-09-10").problem(409, "decision_registered");
}

#[test]
fn a_number_is_taken_once_in_its_registry_and_year_and_out_of_order_is_told() {
    let (app, run) = ranked();
    registered(&app, &run, 20);
    // What the first left over: a second decision on the award.
    let more = json!({"reasons": {"van-phong": "Bổ sung"}, "quota_reason": "Bổ sung một tập thể"});
    let second = path(&super::propose(&app, &run, &["van-phong"], more).created());
    app.agency().post(&format!("{second}/post"), json!({"working_days": 0})).ok();
    app.at("2025-09-11T02:00:00Z");
    let second = path(&decide(&app.chair(), &second, &["van-phong"], json!({})).created());
    let register = |body: Value| app.agency().post(&format!("{second}/register"), body);
    register(json!({"number": 20, "date": "2025-09-11"})).problem(409, "number_taken");
    let told = register(json!({"number": 12, "date": "2025-09-11", "paper_type": "QĐ"})).ok();
    assert_eq!(told["warnings"][0]["code"], "number_out_of_order");
    assert_eq!(told["warnings"][0]["params"]["symbol"], "20/QĐ-UBND");
}

#[test]
fn of_two_registrations_with_one_number_at_once_one_is_made() {
    let (app, run) = ranked_of(|_| ());
    let decision = decided(&app, &run);
    let tries: Vec<_> = [app.agency(), app.agency_2()]
        .map(|who| who.post(&format!("{decision}/register"), json!({"number": 9, "date": "2025-09-10"})))
        .map(|request| thread::spawn(move || request.send().status()))
        .into_iter()
        .collect();
    let mut answered: Vec<u16> = tries.into_iter().map(|one| one.join().unwrap()).collect();
    answered.sort_unstable();
    assert_eq!(answered, [200, 409]);
}

#[test]
fn who_decided_does_not_register() {
    let (app, run) = ranked();
    let proposal = posted(&app, &run);
    let both = app.account("agency-2", Role::Chair, None);
    app.agency_2();
    let decision = path(&decide(&both, &proposal, &BOTH, json!({})).created());
    both.post(&format!("{decision}/register"), json!({"number": 1, "date": "2025-09-10"})).problem(409, "decision_own");
}

#[test]
fn the_signed_paper_is_taken_in_by_its_digest() {
    let (app, run) = ranked();
    let decision = registered(&app, &run, 20);
    let file = format!("{decision}/signed-file");
    let put = |query: &str, kind: &str, bytes: Vec<u8>| {
        app.agency().put(&format!("{file}{query}"), json!({})).body(kind, bytes)
    };
    put("", "application/zip", pdf("1")).send_unchecked().problem(415, "media_type_unsupported");
    put("", "image/png", pdf("1")).problem(422, "content_invalid").finding("", "signed_file_kind");
    put("?sha256=00", "application/pdf", pdf("1"))
        .problem(422, "content_invalid")
        .finding("/sha256", "signed_file_differs");
    app.chair().get(&file).problem(404, "not_found");
    let taken = put("", "application/pdf", pdf("1")).created();
    let digest = taken["signed_file"]["sha256"].as_str().unwrap().to_owned();
    put(&format!("?sha256={digest}"), "application/pdf", pdf("1")).ok();
    assert_eq!(app.count("SELECT 1 FROM award_signed_files"), 1, "the same one changes nothing");
    let second = put("", "application/pdf", pdf("2")).ok();
    assert_ne!(second["signed_file"]["sha256"], json!(digest));
    let read = app.chair().get(&file).ok();
    assert_eq!((read.bytes(), read.header("content-type")), (pdf("2").as_slice(), Some("application/pdf")));
    assert_eq!(app.count("SELECT 1 FROM award_signed_files"), 2, "and both stay");
    app.agency().post(&format!("{decision}/certificates"), json!({})).ok();
    app.chair().post(&format!("{decision}/publish"), json!({})).ok();
    put("", "application/pdf", pdf("3")).problem(409, "decision_published");
    app.head("thon-1").get(&file).problem(403, "forbidden");
}

//! A ballot is hidden until the own one is in, then final; a later one needs a reason, and both stand.

use serde_json::json;
use thidua::http::Role;

use super::{ballot, council, judging, kinh_te, member, model, read};
use crate::support::MOVEMENT;

#[test]
fn others_ballots_are_hidden_until_ones_own_is_in() {
    let app = council(json!({}), 3);
    ballot(&member(&app, 1), &kinh_te(), "40").created();
    let waiting = read(&member(&app, 2), &kinh_te());
    assert_eq!((&waiting["cast"], &waiting["open"]), (&json!(1), &json!(2)));
    for hidden in ["own", "ballots", "mean", "median"] {
        assert_eq!(waiting[hidden], json!(null), "{hidden}");
    }
    // Nor does anybody else see them who could tell.
    for who in [app.agency(), app.chair(), app.auditor()] {
        assert_eq!(read(&who, &kinh_te())["ballots"], json!(null));
        assert_eq!(judging(&who)["items"][0]["mean"], json!(null));
    }
    assert_eq!(judging(&member(&app, 2))["items"][0]["hidden"], true);
    let voted = ballot(&member(&app, 2), &kinh_te(), "20").created();
    let column = &voted["council"];
    assert_eq!((&column["own"]["points"], &column["mean"]), (&json!("20"), &json!("30.00")));
    let members: Vec<_> = column["ballots"].as_array().unwrap().iter().map(|one| &one["member"]).collect();
    assert_eq!(members, ["hd-2.10210", "hd-1.10210"], "the lowest first");
    ballot(&member(&app, 3), &kinh_te(), "30").created();
    assert_eq!(read(&app.chair(), &kinh_te())["mean"], "30.00", "all are in");
}

#[test]
fn a_secret_vote_shows_nothing_before_all_are_in_and_no_name_ever() {
    let app = council(json!({"ballot": "secret"}), 3);
    ballot(&member(&app, 1), &kinh_te(), "40").created();
    let second = ballot(&member(&app, 2), &kinh_te(), "20").created();
    // With the mean before and after it, the next ballot would have a name.
    assert_eq!((&second["council"]["ballots"], &second["council"]["own"]["points"]), (&json!(null), &json!("20")));
    let note = json!({"points": "33", "comment": "Tôi ngồi cạnh ông An", "internal_comment": "Phiếu của tôi"});
    member(&app, 3).put(&model(&kinh_te()), note).if_none_match_any().created();
    let seen = app.agency().get(&format!("{}/assessments", kinh_te())).ok();
    let column = read(&app.agency(), &kinh_te());
    assert_eq!((&column["mean"], &column["median"]), (&json!("31.00"), &json!("33.00")));
    let of_three = column["ballots"].as_array().unwrap();
    assert_eq!(of_three.iter().map(|one| &one["points"]).collect::<Vec<_>>(), ["20", "33", "40"]);
    assert!(!seen.text().contains("hd-") && !seen.text().contains("cạnh ông An"), "{seen}");
    let judging = judging(&app.auditor());
    assert!(judging["levels"].as_array().unwrap().iter().all(|level| level["member"].is_null()), "{judging}");
    // Nor does the log tell how somebody voted.
    assert_eq!(app.records(r#"r.action = 'assess_criterion' AND t.changes::text LIKE '%"33"%'"#), 0);
    assert_eq!(app.records("r.action = 'assess_criterion' AND t.actor = 'hd-3.10210'"), 1);
}

#[test]
fn a_ballot_is_final_once_others_are_to_be_seen_and_a_later_one_stands_beside_it() {
    let app = council(json!({}), 3);
    let (one, two) = (member(&app, 1), member(&app, 2));
    let reasoned = json!({"points": "40", "reason": "Đọc lại"});
    let refused = one.put(&model(&kinh_te()), reasoned).if_none_match_any().problem(422, "content_invalid");
    refused.finding("/reason", "ballot_reason_foreign");
    ballot(&one, &kinh_te(), "40").created();
    // While it is the only one, it may change.
    one.put(&model(&kinh_te()), json!({"points": "38"})).if_match("\"1\"").ok();
    ballot(&two, &kinh_te(), "20").created();
    let again = json!({"points": "22"});
    one.put(&model(&kinh_te()), again.clone()).problem(428, "precondition_required");
    one.put(&model(&kinh_te()), again.clone()).if_match("\"1\"").problem(412, "precondition_failed");
    one.put(&model(&kinh_te()), again)
        .if_match("\"2\"")
        .problem(422, "content_invalid")
        .finding("/reason", "ballot_reason_missing");
    let reasoned = json!({"points": "22", "reason": "Đọc lại hồ sơ"});
    let changed = one.put(&model(&kinh_te()), reasoned).if_match("\"2\"").ok();
    let own = &changed["council"]["own"];
    assert_eq!(
        (&own["points"], &own["reason"], &own["etag"]),
        (&json!("22"), &json!("Đọc lại hồ sơ"), &json!("\"3\""))
    );
    assert_eq!(own["earlier"], json!([{"points": "40", "reason": null}, {"points": "38", "reason": null}]));
    assert_eq!(app.count("SELECT 1 FROM assessments WHERE stage = 'council'"), 4);
}

#[test]
fn a_ballot_is_of_the_councils_criteria_and_needs_no_reason_beside_the_agencys() {
    let app = council(json!({}), 1);
    let one = member(&app, 1);
    let gate = format!("{}/assessments/doan-ket", kinh_te());
    let refused = one.put(&gate, json!({"passed": true})).if_none_match_any().problem(422, "content_invalid");
    refused.finding("", "criterion_not_of_council");
    let refused = ballot(&one, &kinh_te(), "40.5").problem(422, "content_invalid");
    refused.finding("/points", "points_out_of_range");
    let refused = one.put(&model(&kinh_te()), json!({"passed": true})).if_none_match_any();
    refused
        .problem(422, "content_invalid")
        .finding("/points", "score_member_missing")
        .finding("/passed", "score_member_foreign");
    ballot(&one, &kinh_te(), "0").created();
    assert_eq!(read(&one, &kinh_te())["mean"], "0.00", "zero is a score");
}

#[test]
fn who_is_of_the_agency_and_of_the_council_says_in_which_capacity() {
    let app = council(json!({}), 1);
    app.agency_2();
    let both = app.account("agency-2", Role::CouncilMember, None);
    let as_ = |capacity: &str| format!("{}?as={capacity}", model(&kinh_te()));
    let score = json!({"points": "31", "comment": "Xem lại"});
    let unsaid = both.put(&model(&kinh_te()), score.clone()).if_match("\"1\"").problem(422, "content_invalid");
    unsaid.finding("/as", "capacity_needed");
    let appraised = both.put(&as_("appraisal"), score.clone()).if_match("\"1\"").ok();
    assert_eq!((&appraised["points"], &appraised["council"]["own"]), (&json!("31"), &json!(null)));
    let voted = both.put(&as_("council"), json!({"points": "40"})).if_none_match_any().created();
    assert_eq!((&voted["points"], &voted["council"]["own"]["points"]), (&json!("31"), &json!("40")));
    app.agency().put(&as_("council"), score.clone()).if_none_match_any().problem(403, "forbidden");
    member(&app, 1).put(&as_("appraisal"), score).if_none_match_any().problem(403, "forbidden");
}

#[test]
fn an_award_without_a_council_takes_no_ballot_and_holds_no_session() {
    let app = crate::support::TestApp::start();
    app.emulation();
    app.appraised_dossier("phong-kinh-te", "30");
    let path = format!("{}/assessments/mo-hinh", kinh_te());
    let one = member(&app, 1);
    one.put(&path, json!({"points": "1"})).if_none_match_any().problem(409, "award_without_council");
    one.get(&format!("{MOVEMENT}/awards/tap-the/judging")).problem(409, "award_without_council");
    one.post(&format!("{}/recusals", kinh_te()), json!({"reason": "Người nhà"})).problem(409, "award_without_council");
    let body = json!({"held_on": "2025-09-10", "present": ["hd-1.10210"]});
    app.agency().post(&super::sessions(), body).problem(409, "award_without_council");
}

#[test]
fn no_ranking_tells_what_is_hidden_and_a_run_freezes_what_was_known() {
    let app = council(json!({"combine": "median"}), 2);
    let runs = format!("{MOVEMENT}/awards/tap-the/rankings");
    let run = || app.agency().post(&runs, json!({"mode": "preview"})).created();
    ballot(&member(&app, 1), &kinh_te(), "40").created();
    let early = run();
    assert_eq!(early["ineligible"][0]["reasons"][0], json!({"code": "dossier_incomplete", "criterion": "mo-hinh"}));
    app.at("2025-09-16T02:00:00Z");
    ballot(&member(&app, 2), &kinh_te(), "30").created();
    let late = run();
    let criterion = late["entries"][0]["criteria"].as_array().unwrap().iter().find(|one| one["code"] == "mo-hinh");
    let criterion = criterion.unwrap();
    assert_eq!((&criterion["points"], &criterion["ballots"]["cast"]), (&json!("35.00"), &json!(["30", "40"])));
    let then = json!({"mode": "preview", "as_of": "2025-09-15T02:00:00Z"});
    assert_eq!(app.agency().post(&runs, then).created()["ineligible"], early["ineligible"]);
}

#[test]
fn points_are_anchored_by_texts_where_one_scores() {
    let app = crate::support::TestApp::start();
    app.emulation_of(|plan| {
        plan["format"] = json!("thidua.plan/2");
        plan["groups"][0]["criteria"][1]["levels"] =
            json!([{"points": "0", "text": {"vi": "Chưa có"}}, {"points": "40", "text": {"vi": "Nơi khác học theo", "en": "Copied"}}]);
    });
    app.appraised_dossier("phong-kinh-te", "30");
    let sheet = app.agency().get(&format!("{}/assessments", kinh_te())).lang("en").ok();
    assert_eq!(sheet["items"][1]["levels"][1], json!({"points": "40", "text": "Copied"}));
}

#[test]
fn a_comment_that_nobody_can_read_is_refused() {
    let app = council(json!({}), 1);
    let put = |comment: &str| {
        member(&app, 1).put(&model(&kinh_te()), json!({"points": "10", "comment": comment})).if_none_match_any()
    };
    put("\u{200B}").problem(422, "content_invalid").finding("/comment", "text_blank");
    for odd in ["a\u{FFFF}", "a\u{FDD0}", "a\u{1FFFE}"] {
        put(odd).problem(400, "malformed_json").finding("/comment", "forbidden_character");
    }
}

//! What a run freezes and tells of a council's ballots: of a secret one points, and nothing that joins them to a member.

use serde_json::{Value, json};

use super::{ballot, council, kinh_te, member, vhxh};
use crate::support::{Answer, MOVEMENT, TestApp};

/// Three members score two units: 10, 20 and 30; 40, 30 and 20.
fn scored(over: Value) -> TestApp {
    let app = council(over, 3);
    app.appraised_dossier("phong-vhxh", "30");
    for (n, first, second) in [(1, "10", "40"), (2, "20", "30"), (3, "30", "20")] {
        ballot(&member(&app, n), &kinh_te(), first).created();
        ballot(&member(&app, n), &vhxh(), second).created();
    }
    app
}

fn run(app: &TestApp, body: Value) -> Answer {
    app.agency().post(&format!("{MOVEMENT}/awards/tap-the/rankings"), body).created()
}

/// All that is frozen of a candidate's scores.
fn frozen(app: &TestApp, run: &Answer, unit: &str) -> Vec<Value> {
    let bundle = app.chair().get(&format!("{}/bundle", run.header("location").unwrap())).ok();
    let candidates = bundle["inputs"]["candidates"].as_array().unwrap();
    let own = candidates.iter().find(|one| one["code"] == unit).unwrap();
    own["assessments"].as_array().unwrap().clone()
}

/// Who cast how many points, as it is frozen.
fn cast(app: &TestApp, run: &Answer, unit: &str) -> Value {
    let ballots = frozen(app, run, unit).into_iter().filter(|one| one["stage"] == "council");
    ballots.map(|one| json!([one["assessor"], one["points"]])).collect()
}

#[test]
fn the_numbers_of_a_secret_vote_join_no_ballots() {
    let app = scored(json!({"ballot": "secret"}));
    let run = run(&app, json!({"mode": "preview"}));
    assert_eq!(cast(&app, &run, "phong-kinh-te"), json!([["001", "10"], ["002", "20"], ["003", "30"]]));
    assert_eq!(cast(&app, &run, "phong-vhxh"), json!([["001", "20"], ["002", "30"], ["003", "40"]]));
}

#[test]
fn centring_joins_them_and_the_plan_is_warned_and_stays_so() {
    let app = scored(json!({"ballot": "secret", "normalise": "centre_per_judge"}));
    let run = run(&app, json!({"mode": "preview"}));
    assert_eq!(cast(&app, &run, "phong-kinh-te"), json!([["001", "10"], ["002", "20"], ["003", "30"]]));
    assert_eq!(cast(&app, &run, "phong-vhxh"), json!([["001", "40"], ["002", "30"], ["003", "20"]]));
    let mut plan = app.chair().get(&format!("{MOVEMENT}/plan")).ok().json().clone();
    let linted = app.agency().post("/plans/lint", plan.clone()).ok();
    let warned = linted["findings"].as_array().unwrap().iter().find(|one| one["code"] == "centre_joins_ballots");
    assert_eq!(warned.unwrap()["pointer"], "/awards/0/council/normalise");
    plan["awards"][0]["council"].as_object_mut().unwrap().remove("normalise");
    let body = json!({"effective_from": "2025-09-21", "reason": "Theo văn bản của Thành phố", "plan": plan});
    let refused = app.chair().act_on(MOVEMENT, "plan-versions", body);
    assert!(refused.text().contains("amendment_fixed"), "{refused}");
}

/// A run from before ballots were numbered apart has one number for all ballots of a member.
#[test]
fn a_replay_of_a_run_that_joined_ballots_joins_them_no_more() {
    let app = scored(json!({"ballot": "secret"}));
    let old = run(&app, json!({"mode": "preview"}));
    let scores = frozen(&app, &old, "phong-vhxh");
    let at = |points: &str| {
        let is_it = |one: &Value| one["stage"] == "council" && one["points"] == points;
        format!("'{{candidates,1,assessments,{},assessor}}'", scores.iter().position(is_it).unwrap())
    };
    let joined = format!("jsonb_set(jsonb_set(inputs::jsonb, {}, '\"003\"'), {}, '\"001\"')", at("20"), at("40"));
    let update = format!(
        "ALTER TABLE rankings DISABLE TRIGGER USER; UPDATE rankings SET inputs = {joined}; ALTER TABLE rankings ENABLE TRIGGER USER"
    );
    app.try_sql(&update).unwrap();
    assert_eq!(cast(&app, &old, "phong-vhxh"), json!([["003", "20"], ["002", "30"], ["001", "40"]]));
    let replayed = run(&app, json!({"mode": "preview", "replay": old["id"]}));
    assert_eq!(cast(&app, &replayed, "phong-vhxh"), json!([["001", "20"], ["002", "30"], ["003", "40"]]));
}

#[test]
fn a_run_without_each_judge_tells_an_open_vote_alone() {
    let variants = |app: &TestApp| {
        let made = run(app, json!({"mode": "preview"}));
        let firm = app.agency().get(&format!("{}/robustness", made.header("location").unwrap())).ok();
        let all = firm["variants"].as_array().unwrap().iter().filter(|one| one["kind"] == "judge_left_out");
        let all: Vec<Value> = all.map(|one| json!([one["of"], one["skipped"]])).collect();
        (json!(all), firm["sentence"].as_str().unwrap_or_default().to_owned())
    };
    let (secret, sentence) = variants(&scored(json!({"ballot": "secret"})));
    assert_eq!(secret, json!([[null, "ballot_secret"]]));
    assert!(sentence.ends_with("vì hội đồng bỏ phiếu kín."), "{sentence}");
    let (open, sentence) = variants(&scored(json!({})));
    assert_eq!(open, json!([["1", null], ["2", null], ["3", null]]));
    assert!(!sentence.contains("phiếu kín"), "{sentence}");
}

//! A movement with a council of nine, two recused, one written vote.

use serde_json::{Value, json};
use thidua::http::Role;

use super::{ballot, close, council, judging, kinh_te, member, names, opened, read, vhxh};
use crate::support::{MOVEMENT, TestApp};

fn model(run: &Value, place: usize) -> &Value {
    run["entries"][place]["criteria"].as_array().unwrap().iter().find(|one| one["code"] == "mo-hinh").unwrap()
}

fn rank(app: &TestApp) -> crate::support::Answer {
    app.agency().post(&format!("{MOVEMENT}/awards/tap-the/rankings"), json!({"mode": "official"})).created()
}

#[test]
fn a_council_of_nine_judges_two_units_two_members_stand_back_and_one_votes_in_writing() {
    // The plan: nine tenths of all members by secret ballot, votes in writing count, two thirds must be in the room.
    let app = council(
        json!({"ballot": "secret", "pass": "9/10", "combine": "trimmed_mean", "trim": 1, "min_ballots": 5,
                             "written_votes": true}),
        9,
    );
    // The heads of two units nominate; the agency appraises and verifies both.
    app.appraised_dossier("phong-vhxh", "30");

    // hd-8 reports for Phòng Kinh tế, so that nobody has to ask; hd-9 says that the head is a relative.
    app.account("hd-8", Role::Reporter, Some("phong-kinh-te"));
    let relative = json!({"reason": "Thủ trưởng đơn vị là em ruột"});
    member(&app, 9).post(&format!("{}/recusals", kinh_te()), relative).created();
    for n in [8, 9] {
        ballot(&member(&app, n), &kinh_te(), "40").problem(409, "recused");
    }

    // The others score: one harsh, one lenient. Six have voted, and nobody knows anything.
    let points = ["20", "32", "33", "34", "35", "36", "40"];
    for (n, points) in (1..=6).zip(points) {
        ballot(&member(&app, n), &kinh_te(), points).created();
    }
    let waiting = read(&member(&app, 1), &kinh_te());
    assert_eq!((&waiting["cast"], &waiting["open"], &waiting["recused"]), (&json!(6), &json!(1), &json!(2)));
    assert_eq!((&waiting["mean"], &judging(&app.chair())["items"][0]["mean"]), (&json!(null), &json!(null)));
    assert_eq!(rank(&app)["entries"], json!([]), "a run tells nothing that is hidden");

    // hd-1 reads the dossier again; the first ballot stays beside the second.
    let anew = json!({"points": "31", "reason": "Chưa đọc phụ lục"});
    member(&app, 1).put(&super::model(&kinh_te()), anew.clone()).if_match("\"1\"").ok();

    // The seventh is away and scores all the same. Now everybody sees what there is, and no name.
    ballot(&member(&app, 7), &kinh_te(), points[6]).created();
    let seen = read(&app.auditor(), &kinh_te());
    assert_eq!((&seen["open"], &seen["median"]), (&json!(0), &json!("34.00")));
    assert!(seen["ballots"].as_array().unwrap().iter().all(|one| one["member"].is_null()));
    // From now on a change would show itself by its difference.
    member(&app, 1).put(&super::model(&kinh_te()), anew).if_match("\"2\"").problem(409, "ballots_disclosed");
    // All nine judge Phòng Văn hóa - Xã hội.
    (1..=9).for_each(|n| drop(ballot(&member(&app, n), &vhxh(), "30").created()));

    // The session: seven in the room, hd-7 in writing, hd-6 away.
    let session = opened(&app, names([1, 2, 3, 4, 5, 8, 9]), names([7]), names([6]));
    let vote = |unit: &str, voters: u32, invalid: u32, in_favour: u32| {
        let path = format!("{session}/votes/{unit}");
        app.agency().put(&path, super::count(voters, invalid, in_favour)).if_none_match_any()
    };
    // Seven of nine may vote on Phòng Kinh tế, and six of them take part: nine tenths of seven are seven.
    vote("phong-kinh-te", 7, 0, 7).problem(422, "content_invalid").finding("/count/issued", "count_too_many");
    vote("phong-kinh-te", 6, 0, 6).created();
    vote("phong-vhxh", 8, 1, 7).created();
    let closed = close(&app, &session).ok();
    assert_eq!(closed["minutes"]["quorum"], json!({"share": "2/3", "present": 7, "members": 9, "reached": true}));
    assert_eq!(closed["minutes"]["written"][0]["member"], "hd-7.10210");
    let (kinh_te_vote, vhxh_vote) = (&closed["count_minutes"][0], &closed["count_minutes"][1]);
    assert_eq!(
        (&kinh_te_vote["voters"], &kinh_te_vote["base"], &kinh_te_vote["count"]["for"]),
        (&json!(6), &json!(7), &json!(6))
    );
    assert_eq!((&kinh_te_vote["passed"], &vhxh_vote["passed"]), (&json!(false), &json!(false)), "{closed}");
    let stood_back: Vec<_> = kinh_te_vote["recused"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["member"].clone(), one["ground"].clone()))
        .collect();
    assert!(stood_back.contains(&(json!("hd-8.10210"), json!("unit"))), "{closed}");
    assert!(stood_back.contains(&(json!("hd-9.10210"), json!("declared"))), "{closed}");

    // hd-6 comes back: a second session replaces the first, and Phòng Kinh tế has seven of seven.
    let held = json!({"held_on": "2025-09-15", "present": names([1, 2, 3, 4, 5, 6, 8, 9]), "written": names([7]),
                      "replaces": closed["id"]});
    let second = app.agency().post(&super::sessions(), held).created().header("location").unwrap().to_owned();
    for (unit, voters, in_favour) in [("phong-kinh-te", 7, 7), ("phong-vhxh", 9, 8)] {
        let path = format!("{second}/votes/{unit}");
        app.agency().put(&path, super::count(voters, 0, in_favour)).if_none_match_any().created();
    }
    let closed = close(&app, &second).ok();
    let passed: Vec<_> = closed["count_minutes"].as_array().unwrap().iter().map(|one| one["passed"].clone()).collect();
    assert_eq!(passed, [true, false], "eight of nine are not nine tenths");

    // The ranking by the council's stage: 31 and 40 are cut off, the mean of the other five is 34.
    let run = rank(&app);
    assert_eq!(
        (&run["entries"][0]["candidate"]["code"], &run["entries"][1]["candidate"]["code"]),
        (&json!("phong-kinh-te"), &json!("phong-vhxh"))
    );
    let judged = model(run.json(), 0);
    assert_eq!(
        (&judged["points_exact"], &judged["self_points"], &judged["from"]),
        (&json!("34"), &json!("30"), &json!("council"))
    );
    assert_eq!(judged["ballots"]["counted"], json!(["32", "33", "34", "35", "36"]));
    assert_eq!((&judged["ballots"]["recused"], &model(run.json(), 1)["points"]), (&json!(2), &json!("30.00")));
    // Who reads the frozen inputs reads no member beside points.
    assert_eq!(app.count("SELECT 1 FROM rankings r, accounts a WHERE a.username LIKE 'hd-%' AND r.inputs::text LIKE '%' || a.id || '%'"), 0);
}

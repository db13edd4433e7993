//! What is disclosed of a secret vote is decided once: nobody learns a ballot by changing who may vote and reading again.

use std::thread;

use serde_json::{Value, json};

use super::{ballot, close, council, count, judging, kinh_te, member, model, names, opened, read, sessions};
use crate::support::{Answer, MOVEMENT, TestApp};

/// A secret council of so many members; hd-1 to hd-3 have cast 10, 20 and 30.
fn three_voted(members: usize) -> TestApp {
    let app = council(json!({"ballot": "secret"}), members);
    (1..=3).for_each(|n| drop(ballot(&member(&app, n), &kinh_te(), &format!("{n}0")).created()));
    app
}

fn mean(app: &TestApp) -> Value {
    read(&app.agency(), &kinh_te())["mean"].clone()
}

/// What a preview makes of Phòng Kinh tế: its ballots, or why it is not ranked.
fn ranked(app: &TestApp) -> Value {
    of_run(&run(app, "preview"))
}

fn run(app: &TestApp, mode: &str) -> Answer {
    app.agency().post(&format!("{MOVEMENT}/awards/tap-the/rankings"), json!({"mode": mode})).created()
}

fn of_run(run: &Answer) -> Value {
    match run["entries"][0]["criteria"].as_array() {
        Some(all) => all.iter().find(|one| one["code"] == "mo-hinh").unwrap()["ballots"]["cast"].clone(),
        None => run["ineligible"][0]["reasons"].clone(),
    }
}

/// The agency records that a member works in Phòng Kinh tế, or takes it back.
fn tie(app: &TestApp, n: usize, tied: bool, times: usize) {
    let who = if tied { json!({"unit": "phong-kinh-te"}) } else { json!({}) };
    let put = app.agency().put(&format!("/council-members/hd-{n}.10210"), who);
    match times {
        0 => put.if_none_match_any().created(),
        version => put.if_match(&format!("\"{version}\"")).ok(),
    };
}

fn disabled(app: &TestApp, n: usize, disabled: bool) {
    let path = format!("/accounts/hd-{n}.10210");
    let tag = app.admin().get(&path).ok().etag();
    app.admin().patch(&path, json!({"disabled": disabled})).if_match(&tag).ok();
}

fn ended(app: &TestApp, n: usize) {
    let page = app.admin().get(&format!("/role-grants?account=hd-{n}.10210")).ok();
    let grant = page["items"][0]["id"].as_str().unwrap();
    app.admin().post(&format!("/role-grants/{grant}/end"), json!({})).ok();
}

fn not_voted(app: &TestApp) -> Value {
    judging(&app.auditor())["items"][0]["not_voted"].clone()
}

fn disclosures(app: &TestApp) -> i64 {
    app.count("SELECT 1 FROM disclosures")
}

#[test]
fn whoever_ties_members_one_by_one_sees_all_ballots_or_none() {
    let app = three_voted(4);
    ballot(&member(&app, 4), &kinh_te(), "40").created();
    let whole = ranked(&app);
    assert_eq!((mean(&app), &whole), (json!("25.00"), &json!(["10", "20", "30", "40"])));
    for n in 1..=4 {
        tie(&app, n, true, 0);
        let column = read(&app.agency(), &kinh_te());
        for hidden in ["ballots", "mean", "median"] {
            assert_eq!(column[hidden], json!(null), "{hidden} without hd-{n}");
        }
        assert_eq!(
            (&column["anew"], &column["round"], &column["cast"]),
            (&json!("member_recused"), &json!(2), &json!(0))
        );
        let seen = judging(&app.agency());
        let item = &seen["items"][0];
        assert_eq!((&item["mean"], &item["combined"], &item["anew"]), (&json!(null), &json!(null), &json!(true)));
        assert_eq!(seen["levels"], json!([]));
        assert_eq!(
            ranked(&app),
            json!([{"code": "dossier_incomplete", "criterion": "mo-hinh", "anew": true}]),
            "nor does a run"
        );
        tie(&app, n, false, 1);
        assert_eq!((mean(&app), ranked(&app)), (json!("25.00"), whole.clone()), "the same, and nothing new");
    }
    assert_eq!(disclosures(&app), 1);
    assert_eq!(app.records("r.action = 'put_council_member'"), 8, "each flip is on record");
}

#[test]
fn everybody_votes_anew_where_a_member_who_voted_is_recused() {
    let app = three_voted(4);
    ballot(&member(&app, 4), &kinh_te(), "40").created();
    tie(&app, 4, true, 0);
    let run = app.agency().post(&format!("{MOVEMENT}/awards/tap-the/rankings"), json!({"mode": "preview"})).created();
    let path = format!("{}/entries/phong-kinh-te", run.header("location").unwrap());
    assert!(app.agency().get(&path).ok().text().contains("bỏ phiếu lại"), "it says why");
    let anew =
        |n: usize, points: &str| member(&app, n).put(&model(&kinh_te()), json!({"points": points})).if_match("\"1\"");
    let first = anew(1, "11").ok();
    let own = &first["council"]["own"];
    assert_eq!((&own["points"], &own["round"], &own["earlier"][0]["points"]), (&json!("11"), &json!(2), &json!("10")));
    let old = read(&member(&app, 2), &kinh_te());
    assert_eq!(
        (&old["own"]["round"], &old["round"], &old["cast"], &old["open"]),
        (&json!(1), &json!(2), &json!(1), &json!(2))
    );
    anew(2, "21").ok();
    assert_eq!(mean(&app), json!(null));
    anew(3, "31").ok();
    assert_eq!((mean(&app), ranked(&app)), (json!("21.00"), json!(["11", "21", "31"])));
    // Who comes back finds the vote over.
    tie(&app, 4, false, 1);
    anew(4, "44").problem(409, "ballots_disclosed");
    assert_eq!((mean(&app), disclosures(&app)), (json!("21.00"), 2));
}

#[test]
fn who_comes_after_the_disclosure_votes_no_more() {
    let app = three_voted(3);
    assert_eq!(mean(&app), json!("20.00"));
    ballot(&member(&app, 4), &kinh_te(), "40").problem(409, "ballots_disclosed");
    let column = read(&app.agency(), &kinh_te());
    assert_eq!((&column["mean"], &column["cast"], &column["open"]), (&json!("20.00"), &json!(3), &json!(0)));
    assert_eq!(ranked(&app), json!(["10", "20", "30"]));
}

#[test]
fn who_was_tied_while_the_others_voted_votes_no_more_when_it_is_taken_back() {
    let app = three_voted(4);
    assert_eq!(mean(&app), json!(null));
    tie(&app, 4, true, 0);
    assert_eq!((mean(&app), disclosures(&app)), (json!("20.00"), 1), "the record of the tie discloses what is left");
    tie(&app, 4, false, 1);
    ballot(&member(&app, 4), &kinh_te(), "40").problem(409, "ballots_disclosed");
    assert_eq!(ranked(&app), json!(["10", "20", "30"]));
    member(&app, 5);
    assert_eq!(not_voted(&app), json!(["hd-4.10210"]), "that a member was shut out stays to be seen");
    app.sql("BEGIN; SET LOCAL session_replication_role = replica; UPDATE disclosures SET council = NULL; COMMIT");
    assert_eq!(not_voted(&app), json!(null), "a disclosure from before does not tell");
}

#[test]
fn a_disabled_account_is_of_the_council_until_its_role_ends() {
    let app = three_voted(4);
    disabled(&app, 4, true);
    for mode in ["preview", "official"] {
        assert_eq!(of_run(&run(&app, mode))[0]["code"], "dossier_incomplete");
        assert_eq!((mean(&app), disclosures(&app)), (json!(null), 0), "a run of mode {mode}");
    }
    disabled(&app, 4, false);
    ballot(&member(&app, 4), &kinh_te(), "40").created();
    assert_eq!((mean(&app), not_voted(&app)), (json!("25.00"), json!([])));
    disabled(&app, 1, true);
    assert_eq!(
        (mean(&app), ranked(&app)),
        (json!("25.00"), json!(["10", "20", "30", "40"])),
        "nor is a ballot taken out"
    );
}

#[test]
fn whose_role_ended_is_waited_for_until_an_official_run_and_then_no_more() {
    let app = three_voted(4);
    ended(&app, 4);
    assert_eq!((mean(&app), disclosures(&app)), (json!(null), 0), "a read decides nothing");
    let trial = format!("{MOVEMENT}/awards/tap-the/rankings?dry_run=true");
    let tried = app.agency().post(&trial, json!({"mode": "official"})).send();
    assert_eq!((of_run(&tried)[0]["code"].clone(), disclosures(&app)), (json!("dossier_incomplete"), 0), "nor a trial");
    assert_eq!((ranked(&app)[0]["code"].clone(), disclosures(&app)), (json!("dossier_incomplete"), 0), "nor a preview");
    assert_eq!((of_run(&run(&app, "official")), mean(&app)), (json!(["10", "20", "30"]), json!("20.00")));
    assert_eq!(not_voted(&app), json!(["hd-4.10210"]));
    member(&app, 4);
    ballot(&member(&app, 4), &kinh_te(), "40").problem(409, "ballots_disclosed");
}

#[test]
fn two_ballots_are_never_disclosed_however_many_roles_end() {
    let app = council(json!({"ballot": "secret"}), 4);
    (1..=2).for_each(|n| drop(ballot(&member(&app, n), &kinh_te(), "20").created()));
    (3..=4).for_each(|n| ended(&app, n));
    assert_eq!(of_run(&run(&app, "official")), json!([{"code": "dossier_incomplete", "criterion": "mo-hinh"}]));
    assert_eq!((mean(&app), disclosures(&app)), (json!(null), 0));
}

#[test]
fn a_council_appointed_one_by_one_discloses_no_ballot_that_cannot_count() {
    let app = council(json!({"ballot": "secret", "min_ballots": 3}), 0);
    for (n, points) in [(1, "10"), (2, "20")] {
        ballot(&member(&app, n), &kinh_te(), points).created();
        assert_eq!((mean(&app), disclosures(&app), not_voted(&app)), (json!(null), 0, json!(null)));
    }
    ballot(&member(&app, 3), &kinh_te(), "30").created();
    assert_eq!((mean(&app), disclosures(&app), not_voted(&app)), (json!("20.00"), 1, json!([])));
}

#[test]
fn a_session_closed_without_quorum_neither_discloses_nor_ends_the_vote() {
    let app = three_voted(4);
    let session = opened(&app, names([1]), vec![], names([2, 3, 4]));
    app.agency().put(&format!("{session}/votes/phong-kinh-te"), count(1, 0, 1)).if_none_match_any().created();
    assert_eq!(close(&app, &session).ok()["minutes"]["quorum"]["reached"], json!(false));
    assert_eq!((mean(&app), disclosures(&app)), (json!(null), 0));
    // Another counts without replacing it.
    let held = json!({"held_on": "2025-09-15", "present": names(1..=4)});
    let second = app.agency().post(&sessions(), held).created().header("location").unwrap().to_owned();
    app.agency().put(&format!("{second}/votes/phong-kinh-te"), count(4, 0, 4)).if_none_match_any().created();
    close(&app, &second).ok();
    assert_eq!((mean(&app), disclosures(&app)), (json!("20.00"), 1), "one with quorum does");
    ballot(&member(&app, 4), &kinh_te(), "40").problem(409, "ballots_disclosed");
}

#[test]
fn a_vote_goes_on_after_a_session_without_quorum() {
    let app = three_voted(4);
    let session = opened(&app, names([1]), vec![], names([2, 3, 4]));
    app.agency().put(&format!("{session}/votes/phong-kinh-te"), count(1, 0, 1)).if_none_match_any().created();
    close(&app, &session).ok();
    ballot(&member(&app, 4), &kinh_te(), "40").created();
    assert_eq!(mean(&app), json!("25.00"));
}

#[test]
fn a_recusal_after_a_closed_count_is_flagged_and_another_session_has_the_vote_anew() {
    let app = three_voted(4);
    ballot(&member(&app, 4), &kinh_te(), "40").created();
    let session = opened(&app, names(1..=4), vec![], vec![]);
    app.agency().put(&format!("{session}/votes/phong-kinh-te"), count(4, 0, 4)).if_none_match_any().created();
    let closed = close(&app, &session).ok();
    assert_eq!(closed["count_minutes"][0]["recusals_changed"], json!(false));
    member(&app, 4).post(&format!("{}/recusals", kinh_te()), json!({"reason": "Người nhà"})).created();
    assert_eq!(app.chair().get(&session).ok()["count_minutes"][0]["recusals_changed"], json!(true));
    assert_eq!(judging(&app.chair())["items"][0]["recusals_changed"], json!(true));
    let anew = |n: usize| member(&app, n).put(&model(&kinh_te()), json!({"points": "20"})).if_match("\"1\"");
    anew(1).problem(409, "council_closed");
    let held = json!({"held_on": "2025-09-15", "present": names(1..=4), "replaces": closed["id"]});
    let second = app.agency().post(&sessions(), held).created().header("location").unwrap().to_owned();
    assert_eq!(judging(&app.chair())["items"][0]["recusals_changed"], json!(false), "no session ends the vote now");
    anew(1).ok();
    anew(2).ok();
    app.agency().put(&format!("{second}/votes/phong-kinh-te"), count(3, 0, 3)).if_none_match_any().created();
    close(&app, &second).ok();
    assert_eq!((mean(&app), disclosures(&app)), (json!(null), 1), "two ballots are too few");
}

#[test]
fn a_ballot_changed_after_the_disclosure_is_refused() {
    let app = three_voted(3);
    let again = json!({"points": "40", "reason": "Đọc lại"});
    let refused = member(&app, 1).put(&model(&kinh_te()), again).if_match("\"1\"").problem(409, "ballots_disclosed");
    assert!(refused["detail"].as_str().unwrap().contains("phiên họp"), "{refused}");
    assert_eq!(mean(&app), json!("20.00"));
    let changed = app.try_sql("UPDATE disclosures SET members = '{}'");
    assert!(changed.unwrap_err().contains("stays so"), "it is insert-only");
}

#[test]
fn an_open_vote_once_disclosed_stays_so_and_counts_later_ballots() {
    let app = council(json!({}), 3);
    (1..=3).for_each(|n| drop(ballot(&member(&app, n), &kinh_te(), &format!("{n}0")).created()));
    ballot(&member(&app, 4), &kinh_te(), "40").created();
    assert_eq!((mean(&app), ranked(&app)), (json!("25.00"), json!(["10", "20", "30", "40"])));
    tie(&app, 1, true, 0);
    let column = read(&app.agency(), &kinh_te());
    assert_eq!((&column["mean"], &column["anew"], &column["round"]), (&json!("30.00"), &json!(null), &json!(1)));
    let seen = judging(&app.agency());
    let item = &seen["items"][0];
    assert_eq!((&item["combined"], &item["combined_exact"]), (&json!("30.00"), &json!("30")));
    assert_eq!(disclosures(&app), 1);
}

#[test]
fn two_last_ballots_at_once_are_disclosed_once() {
    let app = council(json!({"ballot": "secret"}), 4);
    (1..=2).for_each(|n| drop(ballot(&member(&app, n), &kinh_te(), "20").created()));
    let last = [3, 4].map(|n| ballot(&member(&app, n), &kinh_te(), "40"));
    let last = last.map(|request| thread::spawn(move || request.send().status()));
    assert_eq!(last.map(|one| one.join().unwrap()), [201, 201]);
    assert_eq!((disclosures(&app), mean(&app)), (1, json!("30.00")));
}

#[test]
fn a_run_beside_the_last_ballot_counts_all_ballots_or_none() {
    let app = council(json!({"ballot": "secret"}), 3);
    (1..=2).for_each(|n| drop(ballot(&member(&app, n), &kinh_te(), "20").created()));
    let mut behind = app.session();
    // The last ballot waits before it is disclosed, and nobody waits for it.
    behind.run("LOCK TABLE disclosures IN SHARE MODE");
    let last = behind.holds_up(ballot(&member(&app, 3), &kinh_te(), "35"));
    assert_eq!(ranked(&app), json!([{"code": "dossier_incomplete", "criterion": "mo-hinh"}]));
    behind.commit();
    last.join().unwrap().is(201);
    assert_eq!((ranked(&app), disclosures(&app)), (json!(["20", "20", "35"]), 1));
}

#[test]
fn a_run_as_of_an_earlier_instant_counts_what_was_disclosed_then() {
    let app = council(json!({"ballot": "secret"}), 3);
    (1..=2).for_each(|n| drop(ballot(&member(&app, n), &kinh_te(), "20").created()));
    app.at("2025-09-12T02:00:00Z");
    ballot(&member(&app, 3), &kinh_te(), "35").created();
    app.at("2025-09-20T02:00:00Z");
    let as_of = |instant: &str| {
        let body = json!({"mode": "preview", "as_of": instant});
        of_run(&app.agency().post(&format!("{MOVEMENT}/awards/tap-the/rankings"), body).created())
    };
    assert_eq!(as_of("2025-09-12T02:00:00Z"), json!(["20", "20", "35"]));
    assert_eq!(as_of("2025-09-12T01:59:59Z"), json!([{"code": "dossier_incomplete", "criterion": "mo-hinh"}]));
    assert_eq!(judging(&app.auditor())["items"][0]["disclosed_at"], json!("2025-09-12T02:00:00Z"));
    tie(&app, 3, true, 0);
    assert_eq!(as_of("2025-09-12T02:00:00Z")[0]["anew"], json!(true), "void now, void then");
    assert_eq!(judging(&app.auditor())["items"][0]["disclosed_at"], json!(null));
}

//! The council judges: ballots hidden and final, recusals, what is shown of it, sessions with their votes and minutes.

mod ballots;
mod beside;
mod bundles;
mod doubts;
mod members;
mod papers;
mod races;
mod secrecy;
mod sessions;
mod shown;
mod story;

use serde_json::{Value, json};
use thidua::{config::Config, http::Role};

use crate::support::{Answer, Client, Commune, MOVEMENT, Request, TestApp, dossier};

/// The council's rules in these tests, changed by `over`.
fn rules(over: Value) -> Value {
    let mut rules =
        json!({"quorum": "2/3", "pass": ">1/2", "of": "all", "ballot": "open", "combine": "mean", "min_ballots": 1});
    rules.as_object_mut().unwrap().extend(over.as_object().unwrap().clone());
    rules
}

/// A movement whose council judges «Mô hình mới», with a verified and appraised dossier of Phòng Kinh tế, and `members`
/// members of the council.
fn council(over: Value, members: usize) -> TestApp {
    council_with(|_| (), over, members)
}

/// The same in a service with settings of its own.
fn council_with(set: impl FnOnce(&mut Config), over: Value, members: usize) -> TestApp {
    let app = TestApp::start_with(set);
    app.emulation_of(|plan| {
        plan["format"] = json!("thidua.plan/2");
        plan["groups"][0]["criteria"][1]["from"] = json!("council");
        plan["awards"][0]["council"] = rules(over);
    });
    app.appraised_dossier("phong-kinh-te", "30");
    (1..=members).for_each(|n| drop(member(&app, n)));
    app
}

fn member(app: &Commune, n: usize) -> Client {
    app.account(&format!("hd-{n}"), Role::CouncilMember, None)
}

fn names(members: impl IntoIterator<Item = usize>) -> Vec<String> {
    members.into_iter().map(|n| format!("hd-{n}.10210")).collect()
}

fn kinh_te() -> String {
    dossier("tap-the", "phong-kinh-te")
}

fn vhxh() -> String {
    dossier("tap-the", "phong-vhxh")
}

fn model(dossier: &str) -> String {
    format!("{dossier}/assessments/mo-hinh")
}

/// A first ballot on «Mô hình mới».
fn ballot(who: &Client, dossier: &str, points: &str) -> Request {
    who.put(&model(dossier), json!({"points": points})).if_none_match_any()
}

/// What a caller reads of the council's ballots on «Mô hình mới».
fn read(who: &Client, dossier: &str) -> Value {
    let sheet = who.get(&format!("{dossier}/assessments")).ok();
    sheet["items"].as_array().unwrap().iter().find(|one| one["criterion"] == "mo-hinh").unwrap()["council"].clone()
}

fn judging(who: &Client) -> Answer {
    who.get(&format!("{MOVEMENT}/awards/tap-the/judging")).ok()
}

fn sessions() -> String {
    format!("{MOVEMENT}/awards/tap-the/sessions")
}

/// A session opened on 15/9 with this roll; its path.
fn opened(app: &TestApp, present: Vec<String>, written: Vec<String>, absent: Vec<String>) -> String {
    app.at("2025-09-15T02:00:00Z");
    let body = json!({"held_on": "2025-09-15", "present": present, "written": written, "absent": absent});
    app.agency().post(&sessions(), body).created().header("location").unwrap().to_owned()
}

/// A count in which everybody entitled got a ballot and returned it.
fn count(voters: u32, invalid: u32, in_favour: u32) -> Value {
    let valid = voters - invalid;
    json!({"count": {"issued": voters, "returned": voters, "valid": valid, "invalid": invalid, "for": in_favour,
                     "against": valid - in_favour}})
}

fn close(app: &TestApp, session: &str) -> Request {
    app.agency().post(&format!("{session}/close"), json!({}))
}

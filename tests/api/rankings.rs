//! Rankings: gathered as of an instant, kept whole, explained; the newest official run counts.

mod conditions;
mod headings;
mod measured;
mod notices;
mod places;
mod proof;
mod replays;
mod robustness;

use std::thread;

use serde_json::{Value, json};

use crate::support::{Answer, Client, MOVEMENT, TestApp, dossier};

fn runs(award: &str) -> String {
    format!("{MOVEMENT}/awards/{award}/rankings")
}

/// Phòng Kinh tế: 38.5 appraised, 60 of 100 in time (three quarters of the way to 80), one recognised initiative.
/// Phòng Văn hóa - Xã hội: 30 appraised, 90 of 100 in time (met). Both handed in one report of three in time.
fn contest() -> TestApp {
    let app = TestApp::start();
    app.emulation();
    app.at("2025-09-15T02:00:00Z");
    app.reported_on("2025-09", "phong-kinh-te", 60, 100);
    app.reported_on("2025-09", "phong-vhxh", 90, 100);
    let idea = json!({"title": "Trả kết quả tại nhà", "summary": "Mới", "owners": [{"unit": "phong-kinh-te"}, {"unit": "thon-1"}]});
    let made = app.agency().post(&format!("{MOVEMENT}/initiatives"), idea).created();
    app.agency_2().act_on(made.header("location").unwrap(), "recognise", json!({"level": "commune"})).is(200);
    app.appraised_dossier("phong-kinh-te", "38.5");
    app.appraised_dossier("phong-vhxh", "30");
    app.at("2025-09-20T02:00:00Z");
    app
}

fn ranked(app: &TestApp, mode: &str) -> Answer {
    app.agency().post(&runs("tap-the"), json!({"mode": mode})).created()
}

fn criterion<'a>(entry: &'a Value, code: &str) -> &'a Value {
    entry["criteria"].as_array().unwrap().iter().find(|one| one["code"] == code).unwrap()
}

#[test]
fn points_add_up_exactly_and_show_their_figures() {
    let app = contest();
    let run = ranked(&app, "official");
    let entries = run["entries"].as_array().unwrap();
    let (first, second) = (&entries[0], &entries[1]);
    assert_eq!(first["candidate"], json!({"kind": "unit", "code": "phong-kinh-te", "name": "Phòng Kinh tế"}));
    // 38.5 + 40 × 3/4 + 10 × 1/3 + 5
    assert_eq!((&first["total"], &first["total_exact"]), (&json!("76.83"), &json!("461/6")));
    assert_eq!((&second["total"], &second["total_exact"]), (&json!("73.33"), &json!("220/3")));
    assert_eq!((&first["standing"], &second["standing"]), (&json!("within_quota"), &json!("below_quota")));
    assert_eq!(second["to_reach_quota"], "3.5");
    let counted = &criterion(first, "chi-tieu")["counted"][0];
    assert_eq!((&counted["numerator"], &counted["denominator"]), (&json!(60), &json!(100)));
    assert_eq!((&counted["attainment"], &counted["value"]), (&json!("3/4"), &json!("60.00")));
    let reporting = criterion(first, "bao-cao");
    assert_eq!((&reporting["due"], &reporting["on_time"]), (&json!(3), &json!(1)));
    assert_eq!(criterion(first, "sang-kien")["initiatives"][0]["title"], "Trả kết quả tại nhà");
    assert_eq!(criterion(first, "mo-hinh")["self_points"], "38.5");
    assert_eq!((&run["state"], &run["late"], &run["plan_version"]), (&json!("official"), &json!(false), &json!(1)));
}

#[test]
fn a_run_reads_back_the_same() {
    let app = contest();
    let run = ranked(&app, "preview");
    let location = run.header("location").unwrap();
    assert_eq!(app.chair().get(location).ok().json(), run.json());
    let list = app.auditor().get(&runs("tap-the")).ok();
    assert_eq!(list["items"][0]["id"], run["id"]);
    let group = &run["names"]["groups"][0];
    assert_eq!((&group["code"], &group["name"]), (&json!("don-vi"), &json!("Đơn vị")));
    assert_eq!(group["criteria"], json!({"doan-ket": "Đoàn kết", "mo-hinh": "Mô hình mới"}));
    assert_eq!(app.chair().get(location).lang("en").ok()["names"]["groups"][0]["name"], "Units");
    // What happens later does not reach it.
    app.agency()
        .act_on(&dossier("tap-the", "phong-kinh-te"), "hold", json!({"reason": "Đơn thư", "source": "TT"}))
        .is(200);
    assert_eq!(app.chair().get(location).ok().json(), run.json());
}

#[test]
fn an_entry_explains_itself_and_two_compare() {
    let app = contest();
    let run = format!("/rankings/{}", ranked(&app, "official")["id"].as_str().unwrap());
    let entry = app.agency().get(&format!("{run}/entries/phong-vhxh")).ok();
    assert_eq!((&entry["entry"]["rank"], &entry["ineligible"]), (&json!(2), &json!(null)));
    let ways = entry["explanation"]["ways"].as_array().unwrap();
    let way = ways.iter().find(|way| way["criterion"] == "mo-hinh").unwrap();
    assert_eq!((&way["needed"], &way["enough"]), (&json!("3.5"), &json!(true)));
    let sentences = |answer: &Answer| answer["sentences"].as_array().unwrap().clone();
    assert_eq!(sentences(&entry)[0], "Phòng Văn hóa - Xã hội đứng thứ 2 với 73,33 điểm.");
    let missing = "Cần thêm 3,50 điểm để bằng hồ sơ cuối cùng trong số lượng (76,83 điểm).";
    assert!(sentences(&entry).contains(&json!(missing)), "{:#?}", sentences(&entry));
    let english = app.agency().get(&format!("{run}/entries/phong-vhxh")).lang("en").ok();
    assert_eq!(sentences(&english)[0], "Phòng Văn hóa - Xã hội stands at rank 2 with 73.33 points.");
    let named = "«Mô hình mới»: 30,00 trên 40 điểm (thẩm định).";
    assert!(sentences(&entry).contains(&json!(named)), "a criterion has the plan's words: {:#?}", sentences(&entry));
    app.agency().get(&format!("{run}/entries/thon-1")).problem(404, "not_found");
    let both = app.agency().get(&format!("{run}/compare?a=phong-kinh-te&b=phong-vhxh")).ok();
    assert_eq!(
        (&both["difference"], &both["leader"], &both["decided_by"]),
        (&json!("3.50"), &json!("a"), &json!("total"))
    );
    assert_eq!(sentences(&both)[0], "Phòng Kinh tế xếp trên Phòng Văn hóa - Xã hội, cao hơn 3,50 điểm.");
    assert_eq!(sentences(&both)[1], "Phòng Kinh tế kém 10,00 điểm ở «Kết quả chỉ tiêu».");
    let wrong = app.agency().get(&format!("{run}/compare?a=phong-kinh-te&b=thon-1")).problem(422, "content_invalid");
    wrong.finding("/b", "candidate_not_ranked");
    app.agency().get(&format!("{run}/compare?a=phong-kinh-te")).problem(400, "query_invalid");
}

#[test]
fn the_held_and_the_incomplete_are_not_ranked_and_told_why() {
    let app = contest();
    app.agency()
        .act_on(&dossier("tap-the", "phong-vhxh"), "hold", json!({"reason": "Đơn thư", "source": "TT"}))
        .is(200);
    let gate = format!("{}/assessments/doan-ket", dossier("tap-the", "phong-kinh-te"));
    app.agency().put(&gate, json!({"passed": false, "comment": "Mất đoàn kết"})).if_match("\"1\"").ok();
    let run = ranked(&app, "preview");
    assert_eq!(run["entries"], json!([]));
    let reasons: Vec<_> = run["ineligible"].as_array().unwrap().iter().map(|one| &one["reasons"][0]["code"]).collect();
    assert_eq!(reasons, ["gate_failed", "held"]);
    assert!(!run.text().contains("Đơn thư"), "the reason of a hold is not told");
    let path = format!("/rankings/{}/entries/phong-vhxh", run["id"].as_str().unwrap());
    let entry = app.agency().get(&path).ok();
    assert_eq!((&entry["entry"], &entry["ineligible"]["reasons"][0]["code"]), (&json!(null), &json!("held")));
    assert_eq!(entry["sentences"], json!(["Phòng Văn hóa - Xã hội không được xếp hạng: đang tạm dừng xét."]));
}

#[test]
fn what_was_known_at_an_instant_is_ranked_again() {
    let app = contest();
    let before = ranked(&app, "preview");
    app.at("2025-09-25T02:00:00Z");
    let (kinh_te, vhxh) = (dossier("tap-the", "phong-kinh-te"), dossier("tap-the", "phong-vhxh"));
    let model = json!({"points": "10", "comment": "Xem lại"});
    app.agency().put(&format!("{kinh_te}/assessments/mo-hinh"), model).if_match("\"1\"").ok();
    app.agency().act_on(&vhxh, "hold", json!({"reason": "Đơn thư", "source": "TT"})).is(200);
    let then =
        app.agency().post(&runs("tap-the"), json!({"mode": "preview", "as_of": "2025-09-20T02:00:00Z"})).created();
    assert_eq!(then["entries"], before["entries"]);
    let now = ranked(&app, "preview");
    assert_eq!(now["entries"].as_array().unwrap().len(), 1);
    assert_eq!(criterion(&now["entries"][0], "mo-hinh")["points"], "10.00");
    let first =
        app.agency().post(&runs("tap-the"), json!({"mode": "preview", "as_of": "2025-09-14T02:00:00Z"})).created();
    assert_eq!((&first["entries"], &first["ineligible"]), (&json!([]), &json!([])));
}

#[test]
fn only_verified_dossiers_are_ranked() {
    let app = contest();
    let claim = json!({"achievement": "Tốt", "on_behalf_reason": "Giúp"});
    let office = dossier("tap-the", "van-phong");
    app.agency().put(&office, claim).if_none_match_any().created();
    assert_eq!(ranked(&app, "preview")["ineligible"], json!([]));
    app.agency_2().act_on(&office, "verify", json!({})).is(200);
    let reasons = &ranked(&app, "preview")["ineligible"][0]["reasons"];
    assert_eq!(reasons[0], json!({"code": "dossier_incomplete", "criterion": "phuc-vu"}));
}

#[test]
fn a_new_official_run_supersedes_the_one_before() {
    let app = contest();
    let (first, preview, second) = (ranked(&app, "official"), ranked(&app, "preview"), ranked(&app, "official"));
    let state = |run: &Answer| app.agency().get(run.header("location").unwrap()).ok()["state"].clone();
    assert_eq!([state(&first), state(&preview), state(&second)], ["superseded", "preview", "official"]);
    let listed = |query: &str| app.agency().get(&format!("{}{query}", runs("tap-the"))).ok()["items"].clone();
    assert_eq!(listed("?state=official")[0]["id"], second["id"]);
    assert_eq!(listed("?mode=official").as_array().unwrap().len(), 2);
    assert_eq!(listed("?limit=1")[0]["id"], second["id"]);
    let page = app.agency().get(&format!("{}?limit=2", runs("tap-the"))).ok();
    let next = listed(&format!("?limit=2&cursor={}", page["next_cursor"].as_str().unwrap()));
    assert_eq!(next[0]["id"], first["id"]);
}

#[test]
fn of_official_runs_at_once_one_stays_official() {
    let app = contest();
    let tries: Vec<_> = (0..4)
        .map(|_| app.agency().post(&runs("tap-the"), json!({"mode": "official"})))
        .map(|request| thread::spawn(move || request.send().status()))
        .collect();
    tries.into_iter().for_each(|one| assert_eq!(one.join().unwrap(), 201));
    assert_eq!(app.count("SELECT 1 FROM rankings WHERE state = 'official'"), 1);
    assert_eq!(app.count("SELECT 1 FROM rankings WHERE state = 'superseded'"), 3);
}

#[test]
fn two_official_runs_at_once_succeed_in_turn_and_hold_no_report_up() {
    let app = contest();
    let first = ranked(&app, "official");
    let mut session = app.session();
    session.run("SELECT 1 FROM rankings WHERE state = 'official' FOR UPDATE");
    let rank = |who: Client| who.post(&runs("tap-the"), json!({"mode": "official"}));
    let second = session.holds_up(rank(app.agency()));
    // Ranked, it waits until the second has taken the place of the first.
    let third = app.sends_until(rank(app.agency_2()), "wait_event_type = 'Lock' AND wait_event = 'advisory'");
    let report = json!({"values": [{"indicator": "HS", "state": "reported", "numerator": 9, "denominator": 10}]});
    let place = format!("{MOVEMENT}/submissions/2025-10/phong-kinh-te");
    app.head("phong-kinh-te").put(&place, report).if_none_match_any().created();
    session.commit();
    let (second, third) = (second.join().unwrap().is(201), third.join().unwrap().is(201));
    let state = |run: &Answer| app.agency().get(run.header("location").unwrap()).ok()["state"].clone();
    assert_eq!([state(&first), state(&second), state(&third)], ["superseded", "superseded", "official"]);
    assert_eq!(app.count("SELECT 1 FROM rankings WHERE state = 'official'"), 1);
}

#[test]
fn a_run_asks_no_more_of_the_database_for_more_candidates() {
    let app = TestApp::start();
    app.emulation();
    let statements = || {
        let (mut sent, mut run) = (Vec::new(), None);
        for _ in 0..2 {
            // The first time plans and connections are made ready.
            sent = app.statements(|| run = Some(ranked(&app, "official")));
        }
        (run.unwrap()["entries"].as_array().unwrap().len(), sent)
    };
    app.appraised_dossier("phong-kinh-te", "8");
    let (one, for_one) = statements();
    app.appraised_dossier("phong-vhxh", "8");
    let (two, for_two) = statements();
    assert_eq!((one, two), (1, 2));
    assert_eq!(for_one.len(), for_two.len(), "{for_two:#?}");
}

#[test]
fn a_run_after_the_deadline_is_marked_late() {
    let app = contest();
    app.at("2025-12-14T16:59:59Z");
    assert_eq!(ranked(&app, "official")["late"], false);
    app.at("2025-12-14T17:00:00Z");
    assert_eq!(ranked(&app, "official")["late"], true);
}

#[test]
fn a_method_is_tried_out_in_a_preview_only() {
    let app = contest();
    let method = json!({"source": "proposed", "blocks": "by_group", "compare": {"on": "rounded", "digits": 0}});
    let body = |mode: &str, method: &Value| json!({"mode": mode, "method": method});
    let run = app.agency().post(&runs("tap-the"), body("preview", &method)).created();
    assert_eq!((&run["blocks"], &run["method"]["compare"]["digits"]), (&json!("by_group"), &json!(0)));
    let refused = app.agency().post(&runs("tap-the"), body("official", &method)).problem(422, "content_invalid");
    refused.finding("/method", "method_of_preview");
    let wrong = json!({"source": "proposed", "blocks": "together", "compare": {"on": "rounded"}, "ties": ["luck"]});
    app.agency()
        .post(&runs("tap-the"), body("preview", &wrong))
        .problem(422, "content_invalid")
        .finding("/method/compare/digits", "digits_missing")
        .finding("/method/ties/0", "tie_malformed");
}

#[test]
fn the_future_is_not_known() {
    let app = contest();
    let body = json!({"mode": "preview", "as_of": "2025-09-20T02:00:01Z"});
    app.agency().post(&runs("tap-the"), body).problem(422, "content_invalid").finding("/as_of", "as_of_future");
}

#[test]
fn persons_are_ranked_with_their_initiatives_and_direct_work() {
    let app = TestApp::start();
    app.emulation();
    let [hoa, lan] = ["Nguyễn Thị Hòa", "Trần Thị Lan"].map(|name| app.somebody(name, Some("phong-kinh-te")));
    for (person, direct) in [(&hoa, true), (&lan, false)] {
        let path = dossier("ca-nhan", person);
        let claim = json!({"achievement": "Tốt", "self_scores": {"nhiem-vu": "80"}, "direct_work": direct});
        app.head("phong-kinh-te").put(&path, claim).if_none_match_any().created();
        app.agency().post(&format!("{path}/assessments/adopt"), json!({})).ok();
        app.agency().act_on(&path, "verify", json!({})).is(200);
    }
    let run = app.agency().post(&runs("ca-nhan"), json!({"mode": "official"})).created();
    let entries = run["entries"].as_array().unwrap();
    assert_eq!((&entries[0]["candidate"]["code"], &entries[0]["rank"]), (&json!(hoa), &json!(1)));
    assert_eq!((&entries[1]["separated_by"], &entries[1]["to_reach_quota"]), (&json!("direct_work"), &json!("0")));
    let idea = json!({"title": "Mới", "summary": "Mới", "owners": [{"person": lan}, {"person": hoa}]});
    let made = app.agency().post(&format!("{MOVEMENT}/initiatives"), idea).created();
    app.agency_2().act_on(made.header("location").unwrap(), "recognise", json!({"level": "commune"})).is(200);
    let run = app.agency().post(&runs("ca-nhan"), json!({"mode": "official"})).created();
    assert_eq!((&run["entries"][0]["total"], &run["entries"][1]["total"]), (&json!("85.00"), &json!("85.00")));
}

#[test]
fn rankings_are_made_by_the_agency_and_read_by_judges_at_home() {
    let app = contest();
    let body = json!({"mode": "preview"});
    app.chair().post(&runs("tap-the"), body.clone()).problem(403, "forbidden");
    app.head("phong-kinh-te").get(&runs("tap-the")).problem(403, "forbidden");
    app.agency().post(&runs("none"), body.clone()).problem(404, "not_found");
    app.elsewhere.agency().post(&runs("tap-the"), body).problem(404, "not_found");
    let run = ranked(&app, "official");
    let path = run.header("location").unwrap();
    for part in ["", "/entries/phong-kinh-te", "/compare?a=phong-kinh-te&b=phong-vhxh"] {
        app.council_member().get(&format!("{path}{part}")).ok();
        app.head("phong-kinh-te").get(&format!("{path}{part}")).problem(403, "forbidden");
        app.elsewhere.chair().get(&format!("{path}{part}")).problem(404, "not_found");
    }
}

#[test]
fn a_concluded_movement_is_not_ranked_again() {
    let app = contest();
    app.chair().act_on(MOVEMENT, "close", json!({})).is(200);
    ranked(&app, "official");
    app.chair().act_on(MOVEMENT, "conclude", json!({})).is(200);
    app.agency().post(&runs("tap-the"), json!({"mode": "preview"})).problem(409, "movement_state");
}

#[test]
fn a_report_taken_back_is_not_counted_as_handed_in() {
    let app = TestApp::start();
    app.emulation();
    app.at("2025-09-15T02:00:00Z");
    let place = format!("{MOVEMENT}/submissions/2025-09/phong-kinh-te");
    let head = app.head("phong-kinh-te");
    let value = json!({"indicator": "HS", "state": "reported", "numerator": 9, "denominator": 10});
    head.put(&place, json!({"values": [value]})).if_none_match_any().created();
    head.act_on(&place, "submit", json!({})).is(200);
    app.appraised_dossier("phong-kinh-te", "38.5");
    let kept = |as_of: &str| {
        let run = app.agency().post(&runs("tap-the"), json!({"mode": "preview", "as_of": as_of})).created();
        let reporting = criterion(&run["entries"][0], "bao-cao").clone();
        (reporting["due"].clone(), reporting["on_time"].clone(), reporting["points"].clone())
    };
    app.at("2025-09-30T02:00:00Z");
    let in_time = (json!(3), json!(1), json!("3.33"));
    assert_eq!(kept("2025-09-30T02:00:00Z"), in_time);
    app.at("2025-10-01T02:00:00Z");
    head.act_on(&place, "withdraw", json!({})).is(200);
    let missing = (json!(3), json!(0), json!("0.00"));
    assert_eq!(kept("2025-10-01T02:00:00Z"), missing);
    app.at("2025-10-02T02:00:00Z");
    head.act_on(&place, "submit", json!({})).is(200);
    assert_eq!(kept("2025-10-02T02:00:00Z"), missing, "late, and not on time");
    assert_eq!(kept("2025-09-30T02:00:00Z"), in_time, "as it was known then");
}

#[test]
fn nothing_is_ranked_as_of_a_time_before_the_launch() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let path = format!("{}/awards/tap-the/rankings", movement.path);
    app.at("2025-10-20T02:00:00Z");
    let early = json!({"mode": "official", "as_of": "2025-01-01T00:00:00Z"});
    let refused = app.agency().post(&path, early).problem(422, "content_invalid");
    refused.finding("/as_of", "as_of_before_launch");
    assert_eq!(app.count("SELECT 1 FROM rankings"), 0);
}

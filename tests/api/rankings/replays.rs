//! Past runs under other rules, and what became of a ranking between two runs.

use serde_json::{Value, json};

use super::{contest, ranked, runs};
use crate::support::{Answer, MOVEMENT, TestApp, dossier};

fn replayed(app: &TestApp, run: &Answer, more: Value) -> crate::support::Request {
    let mut body = json!({"mode": "preview", "replay": run["id"]});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    app.agency().post(&runs("tap-the"), body)
}

/// A second version of the plan, in which an initiative counts less and two are taken.
fn amended(app: &TestApp) {
    let mut plan = app.chair().get(&format!("{MOVEMENT}/plan")).ok().json().clone();
    let criteria = plan["groups"][0]["criteria"].as_array_mut().unwrap();
    let ideas = criteria.iter_mut().find(|one| one["code"] == "sang-kien").unwrap();
    ideas["points"]["commune"] = json!("1");
    plan["awards"][0]["quota"] = json!(2);
    let body = json!({"effective_from": "2025-09-21", "reason": "Theo văn bản của Thành phố", "plan": plan});
    app.chair().act_on(MOVEMENT, "plan-versions", body).is(201);
}

#[test]
fn the_facts_of_a_past_run_are_ranked_by_the_rules_of_another_version() {
    let app = contest();
    let past = ranked(&app, "official");
    amended(&app);
    // What happens to the dossiers is no fact of the past run.
    app.agency()
        .act_on(&dossier("tap-the", "phong-vhxh"), "hold", json!({"reason": "Đơn thư", "source": "TT"}))
        .is(200);
    app.at("2025-09-25T02:00:00Z");
    let run = replayed(&app, &past, json!({"plan_version": 2})).created();
    assert_eq!((&run["replays"], &run["plan_version"], &run["as_of"]), (&past["id"], &json!(2), &past["as_of"]));
    assert_eq!((&run["seal"]["inputs"], &run["quota"]), (&past["seal"]["inputs"], &json!(2)), "the same facts");
    assert_ne!(run["seal"]["method"], past["seal"]["method"]);
    let totals = |run: &Answer| [run["entries"][0]["total"].clone(), run["entries"][1]["total"].clone()];
    assert_eq!((totals(&past), totals(&run)), ([json!("76.83"), json!("73.33")], [json!("73.33"), json!("72.83")]));
    assert_eq!(run["entries"][0]["candidate"]["name"], past["entries"][1]["candidate"]["name"]);
    let path = run.header("location").unwrap();
    assert_eq!(app.agency().post(&format!("{path}/verify"), json!({})).ok()["holds"], true);

    let difference = app.chair().get(&format!("{path}/diff?with={}", past["id"].as_str().unwrap())).ok();
    assert_eq!((&difference["from"]["id"], &difference["to"]["id"]), (&past["id"], &run["id"]));
    let method = difference["method"].as_array().unwrap();
    let points = json!({"pointer": "/groups/don-vi/criteria/sang-kien/points/commune", "from": "5", "to": "1"});
    assert!(
        method.contains(&points) && method.contains(&json!({"pointer": "/award/quota", "from": 1, "to": 2})),
        "{method:?}"
    );
    let moved = difference["moved"].as_array().unwrap();
    let of = |code: &str| moved.iter().find(|one| one["candidate"]["code"] == code).unwrap();
    let (fell, rose) = (of("phong-kinh-te"), of("phong-vhxh"));
    assert_eq!((&fell["rose"], &fell["difference"], &rose["rose"]), (&json!(-1), &json!("-4"), &json!(1)));
    assert_eq!((&rose["difference"], &rose["criteria"]), (&json!("0"), &json!([])));
    assert_eq!(fell["criteria"][0]["code"], "sang-kien");
    assert_eq!(rose["to"]["standing"], "within_quota");
    let sentences = [
        "Phòng Văn hóa - Xã hội từ thứ 2 lên thứ 1; tổng điểm không đổi; nay trong số lượng.",
        "Phòng Kinh tế từ thứ 1 xuống thứ 2; tổng điểm giảm 4,00; do «Sáng kiến» bớt 4,00 điểm (từ 5,00 xuống 1,00).",
    ];
    assert_eq!(difference["sentences"], json!(sentences));
    let english = app.chair().get(&format!("{path}/diff?with={}", past["id"].as_str().unwrap())).lang("en").ok();
    assert_eq!(
        english["sentences"][1],
        "Phòng Kinh tế falls from rank 1 to 2; the total falls by 4.00; by 4.00 points less in «Initiatives» (from 5.00 to 1.00)."
    );
    // The same by its own version, with nothing else: the same run again.
    let same = replayed(&app, &past, json!({})).created();
    assert_eq!((&same["seal"]["method"], &same["seal"]["output"]), (&past["seal"]["method"], &past["seal"]["output"]));
}

#[test]
fn who_came_and_who_left_is_told_with_the_reason() {
    let app = contest();
    let [kinh_te, vhxh] = ["phong-kinh-te", "phong-vhxh"].map(|unit| dossier("tap-the", unit));
    let hold = json!({"reason": "Đơn thư", "source": "TT"});
    app.agency().act_on(&vhxh, "hold", hold.clone()).is(200);
    let first = ranked(&app, "preview");
    app.agency().act_on(&vhxh, "release", json!({"reason": "Đã giải quyết"})).is(200);
    app.agency().act_on(&kinh_te, "hold", hold).is(200);
    let second = ranked(&app, "preview");
    let path = first.header("location").unwrap();
    let told = app.chair().get(&format!("{path}/diff?with={}", second["id"].as_str().unwrap())).ok();
    let (left, came) = (&told["left"][0], &told["came"][0]);
    assert_eq!((&left["candidate"]["code"], &left["from"]["rank"]), (&json!("phong-kinh-te"), &json!(1)));
    assert_eq!((&came["candidate"]["code"], &came["to"]["rank"]), (&json!("phong-vhxh"), &json!(1)));
    assert_eq!((&left["is"][0]["code"], &came["was"][0]["code"]), (&json!("held"), &json!("held")));
    assert_eq!((&told["moved"], &told["method"]), (&json!([]), &json!([])));
    let sentences = [
        "Phòng Văn hóa - Xã hội mới được xếp hạng, đứng thứ 1.",
        "Phòng Kinh tế không còn được xếp hạng; lần trước đứng thứ 1.",
    ];
    assert_eq!(told["sentences"], json!(sentences));
    let same = app.chair().get(&format!("{path}/diff?with={}", first["id"].as_str().unwrap())).ok();
    assert_eq!((&same["moved"], &same["unchanged"]), (&json!([]), &json!(1)), "a run is as itself");
}

#[test]
fn what_cannot_be_replayed_is_said() {
    let app = contest();
    let past = ranked(&app, "official");
    let wrong = |body: Value, pointer: &str, code: &str| {
        app.agency().post(&runs("tap-the"), body).problem(422, "content_invalid").finding(pointer, code);
    };
    let (id, none) = (past["id"].clone(), "0199f0c8-6a00-7000-8000-000000000001");
    wrong(json!({"mode": "official", "replay": id}), "/replay", "replay_of_preview");
    wrong(json!({"mode": "preview", "replay": none}), "/replay", "replay_unknown");
    wrong(json!({"mode": "preview", "replay": id, "as_of": past["as_of"]}), "/as_of", "as_of_of_replay");
    wrong(json!({"mode": "preview", "replay": id, "plan_version": 9}), "/plan_version", "plan_version_unknown");
    wrong(json!({"mode": "preview", "plan_version": 1}), "/plan_version", "plan_version_of_replay");
    app.agency()
        .post(&runs("ca-nhan"), json!({"mode": "preview", "replay": id}))
        .problem(422, "content_invalid")
        .finding("/replay", "replay_unknown");
    let path = past.header("location").unwrap();
    app.chair()
        .get(&format!("{path}/diff?with={none}"))
        .problem(422, "content_invalid")
        .finding("/with", "compared_ranking_unknown");
    app.chair().get(&format!("{path}/diff")).problem(400, "query_invalid");
}

#[test]
fn facts_that_were_not_frozen_are_not_made_up() {
    let app = TestApp::start();
    app.emulation_of(|plan| plan["format"] = json!("thidua.plan/2"));
    app.at("2025-09-15T02:00:00Z");
    app.appraised_dossier("phong-kinh-te", "38.5");
    let past = ranked(&app, "official");
    let method = |ties: Value| json!({"method": {"source": "proposed", "blocks": "together", "compare": {"on": "exact"}, "ties": ties}});
    let refused = replayed(&app, &past, method(json!(["indicator:HS"]))).problem(422, "content_invalid");
    let lacks: Vec<_> = refused.json()["errors"].as_array().unwrap().iter().map(|one| &one["params"]["what"]).collect();
    assert_eq!(lacks, ["*/HS", "indicator:HS"]);
    replayed(&app, &past, method(json!(["criterion:mo-hinh"]))).created();
}

/// By 20/9 60 of 100 were in time, by 20/10 155 of 200: 31/32 of the way to 80.
#[test]
fn a_later_cut_is_told_once_and_each_entry_with_the_figures_that_moved_it() {
    let app = TestApp::start();
    app.emulation_of(|plan| {
        plan["groups"][0]["criteria"][2]["period"] = json!("2025-H2");
        plan["awards"][0]["classes"] = json!([{"code": "xs", "name": {"vi": "Xuất sắc"}, "from": "80"},
                                              {"code": "t", "name": {"vi": "Tốt"}, "from": "50"}]);
    });
    app.at("2025-09-15T02:00:00Z");
    app.reported_on("2025-09", "phong-kinh-te", 60, 100);
    app.appraised_dossier("phong-kinh-te", "38.5");
    app.at("2025-09-20T02:00:00Z");
    let first = ranked(&app, "official");
    app.at("2025-10-15T02:00:00Z");
    app.reported_on("2025-10", "phong-kinh-te", 95, 100);
    app.at("2025-10-20T02:00:00Z");
    let second = ranked(&app, "official");
    let told = app
        .chair()
        .get(&format!("{}/diff?with={}", first.header("location").unwrap(), second["id"].as_str().unwrap()))
        .ok();
    let cut = json!({"from": "2025-09-20T02:00:00Z", "to": "2025-10-20T02:00:00Z", "due": ["2025-10"], "not_due": []});
    assert_eq!(told["cut"], cut);
    let causes = &told["moved"][0]["criteria"][0]["causes"];
    assert_eq!(*causes, json!([{"indicator": "HS", "from": "60.00", "to": "77.50"}]));
    let sentences = [
        "Số liệu tính đến 09:00 ngày 20/10/2025, lần trước đến 09:00 ngày 20/09/2025; thêm 1 kỳ báo cáo đã đến hạn (2025-10).",
        "Phòng Kinh tế vẫn đứng thứ 1; tổng điểm tăng 10,42; do «Kết quả chỉ tiêu» thêm 8,75 điểm (từ 30,00 lên 38,75; chỉ tiêu «Hồ sơ đúng hạn» từ 60,00 thành 77,50); do «Chế độ báo cáo» thêm 1,67 điểm (từ 3,33 lên 5,00; báo cáo đúng hạn hoặc có lý do được chấp nhận từ 1/3 thành 2/4); xếp loại từ Tốt lên Xuất sắc.",
    ];
    assert_eq!(told["sentences"], json!(sentences));
}

//! People are forgotten after their term: a pseudonym stands wherever their names stood, and what was judged stays.

use serde_json::{Value, json};
use thidua::{
    jobs::{self, Job},
    people::{ForgetPeople, retention::pseudonym},
    server::JOBS,
};
use uuid::Uuid;

use crate::support::{MOVEMENT, TestApp, dossier, households, wait};

const NAME: &str = "Nguyễn Thị Hòa";

/// Runs the daily job, as the worker does.
fn a_day_passes(app: &TestApp) {
    let service = app.service();
    wait(service.db.tx(async |conn| jobs::enqueue(conn, service, &ForgetPeople {}).await)).unwrap();
    wait(service.db.tx(async |conn| jobs::enqueue(conn, service, &jobs::ForgetAnswers {}).await)).unwrap();
    while wait(jobs::step(service, JOBS)).unwrap() {}
}

/// Tables in which a text stands, whoever put it there.
fn tables_with(app: &TestApp, text: &str) -> Vec<String> {
    let tables =
        app.texts("SELECT table_name::text AS value FROM information_schema.tables WHERE table_schema = 'public'");
    let holds = |table: &String| app.count(&format!("SELECT 1 FROM {table} t WHERE strpos(t::text, '{text}') > 0")) > 0;
    tables.into_iter().filter(holds).collect()
}

/// What every seal would cover, to the byte.
fn judged(app: &TestApp) -> Vec<String> {
    app.texts("SELECT inputs::text || output::text AS value FROM rankings ORDER BY id")
}

/// Hòa and An, nominated, ranked, with an initiative; texts tell of Hòa by name. The movement is concluded.
fn contest(app: &TestApp) -> (String, String) {
    app.emulation();
    let hoa = app.somebody(NAME, Some("phong-kinh-te"));
    let an = app.somebody("Trần Văn An", Some("phong-kinh-te"));
    for person in [&hoa, &an] {
        let path = dossier("ca-nhan", person);
        let claim = json!({"achievement": format!("Bà {NAME} (NGUYỄN THỊ HÒA), không phải {NAME}i, đã làm tốt"),
                           "self_scores": {"nhiem-vu": "80"}, "direct_work": true});
        app.head("phong-kinh-te").put(&path, claim).if_none_match_any().created();
        app.agency().post(&format!("{path}/assessments/adopt"), json!({})).ok();
        let lower = json!({"points": "70", "comment": format!("{NAME} còn chậm")});
        app.agency().put(&format!("{path}/assessments/nhiem-vu"), lower).if_match("*").send();
        app.agency().act_on(&path, "verify", json!({})).is(200);
    }
    let idea = json!({"title": format!("Cách làm của {NAME}"), "summary": "Mới", "owners": [{"person": hoa}]});
    let made = app.agency().post(&format!("{MOVEMENT}/initiatives"), idea).created();
    let one = made.header("location").unwrap();
    app.agency_2().act_on(one, "recognise", json!({"level": "commune"})).is(200);
    let used = json!({"unit": "van-phong", "used_from": "2025-09-01", "note": format!("{NAME} chỉ dẫn")});
    app.agency().act_on(one, "replicate", used).is(200);
    let nobody = json!({"unit": "van-phong", "reason": format!("{NAME} ghi nhầm")});
    app.agency().act_on(one, "withdraw-replication", nobody).is(200);
    let again = json!({"title": "Khác hẳn", "summary": "Mới", "owners": [{"person": hoa}]});
    let again = app.agency().post(&format!("{MOVEMENT}/initiatives"), again).created();
    let same = json!({"of": made["id"], "reason": format!("{NAME} gửi hai lần")});
    app.agency().act_on(again.header("location").unwrap(), "mark-duplicate", same).is(200);
    let raised = json!({"unit": "phong-kinh-te", "kind": "proposal", "title": format!("Thay {NAME}"), "text": NAME});
    let raised = app.head("phong-kinh-te").post(&format!("{MOVEMENT}/concerns"), raised).created();
    let summary = json!({"text": format!("{NAME} nghỉ")});
    app.agency().act_on(raised.header("location").unwrap(), "consolidate", summary).is(200);
    let told = json!({"unit": "phong-kinh-te", "kind": "article", "title": format!("{NAME} kể"), "held_on": "2025-09-05",
                      "place": format!("Nhà {NAME}"), "description": format!("Gặp {NAME}")});
    let told = app.head("phong-kinh-te").post(&format!("{MOVEMENT}/activities"), told).created();
    let withdrawn = json!({"reason": format!("{NAME} không kể")});
    app.agency().act_on(told.header("location").unwrap(), "withdraw", withdrawn).is(200);
    let hold = json!({"reason": format!("Đơn thư về {NAME}"), "source": "TT"});
    app.agency().act_on(&dossier("ca-nhan", &hoa), "hold", hold).is(200);
    app.agency().post(&format!("{MOVEMENT}/awards/ca-nhan/rankings"), json!({"mode": "preview"})).created();
    app.agency().act_on(&dossier("ca-nhan", &hoa), "release", json!({})).is(200);
    let run = app.agency().post(&format!("{MOVEMENT}/awards/ca-nhan/rankings"), json!({"mode": "official"})).created();
    app.chair().act_on(MOVEMENT, "close", json!({})).is(200);
    app.at("2026-01-15T02:00:00Z");
    app.chair().act_on(MOVEMENT, "conclude", json!({})).is(200);
    (hoa, run.header("location").unwrap().to_owned())
}

fn named(run: &Value, code: &str) -> Value {
    let entries = run["entries"].as_array().unwrap();
    entries.iter().find(|entry| entry["candidate"]["code"] == code).unwrap()["candidate"]["name"].clone()
}

#[test]
fn after_the_term_no_name_is_left_and_nothing_judged_has_changed() {
    let app = TestApp::start();
    let (hoa, run) = contest(&app);
    let stand_in = pseudonym(hoa.parse::<Uuid>().unwrap());
    let before = judged(&app);
    assert!(before.iter().all(|text| !text.contains(NAME)), "names are no part of what is judged");
    assert!(tables_with(&app, NAME).len() > 5, "names stand where people read them");
    assert_eq!(named(app.chair().get(&run).ok().json(), &hoa), NAME);

    app.at("2031-01-14T02:00:00Z");
    a_day_passes(&app);
    assert_eq!(app.agency().get(&format!("/people/{hoa}")).ok()["name"], NAME);

    app.at("2031-01-15T02:00:00Z");
    a_day_passes(&app);
    let left = tables_with(&app, &format!("{NAME} "));
    assert!(left.is_empty(), "the name stands in {left:?}");
    assert!(tables_with(&app, "NGUYỄN THỊ HÒA").is_empty());
    assert!(tables_with(&app, "Trần Văn An").is_empty());
    assert_eq!(judged(&app), before);
    let person = app.agency().get(&format!("/people/{hoa}")).ok();
    assert_eq!((&person["name"], &person["position"]), (&json!(stand_in), &json!(null)));
    assert_eq!(named(app.chair().get(&run).ok().json(), &hoa), stand_in);
    let entry = app.chair().get(&format!("{run}/entries/{hoa}")).ok();
    assert!(!entry.text().contains("Thị Hòa") && entry.text().contains(&stand_in), "{entry}");
    let achievement = app.agency().get(&dossier("ca-nhan", &hoa)).ok()["achievement"].clone();
    assert_eq!(achievement, format!("Bà {stand_in} ({stand_in}), không phải {NAME}i, đã làm tốt"));
    assert_eq!(app.agency().get("/people?q=hoa").ok()["items"], json!([]));
}

#[test]
fn who_takes_part_in_what_is_not_concluded_is_not_forgotten() {
    let app = TestApp::start();
    app.emulation();
    let hoa = app.somebody(NAME, Some("phong-kinh-te"));
    let claim = json!({"achievement": "Tốt", "direct_work": true});
    app.head("phong-kinh-te").put(&dossier("ca-nhan", &hoa), claim).if_none_match_any().created();
    let other = app.somebody("Trần Văn An", None);
    app.at("2040-01-01T02:00:00Z");
    a_day_passes(&app);
    assert_eq!(app.agency().get(&format!("/people/{hoa}")).ok()["name"], NAME);
    assert_ne!(app.agency().get(&format!("/people/{other}")).ok()["name"], "Trần Văn An");
}

#[test]
fn who_comes_back_is_known_again_until_the_next_term_ends() {
    let app = TestApp::start();
    let hoa = app.somebody(NAME, None);
    let path = format!("/people/{hoa}");
    let held = app.agency().get(&path).ok().etag();
    app.at("2031-01-01T02:00:00Z");
    a_day_passes(&app);
    let back = json!({"name": NAME, "kind": "resident"});
    app.admin().patch(&path, back.clone()).if_match(&held).problem(412, "precondition_failed");
    let seen = app.admin().get(&path).ok().etag();
    app.admin().patch(&path, back).if_match(&seen).ok();
    a_day_passes(&app);
    assert_eq!(app.agency().get(&path).ok()["name"], NAME);
    app.at("2036-01-01T02:00:00Z");
    a_day_passes(&app);
    assert_ne!(app.agency().get(&path).ok()["name"], NAME);
    assert!(tables_with(&app, NAME).is_empty());
}

#[test]
fn zero_years_is_for_ever() {
    let app = TestApp::start_with(|config| config.retention_years = 0);
    let hoa = app.somebody(NAME, None);
    app.at("2099-01-01T02:00:00Z");
    a_day_passes(&app);
    assert_eq!(app.agency().get(&format!("/people/{hoa}")).ok()["name"], NAME);
}

#[test]
fn somebody_who_cannot_be_forgotten_keeps_nobody_else_known() {
    let app = TestApp::start();
    let people = [("Trần Văn An", true), ("Lê Thị Bình", false), ("Phạm Văn Chính", true)];
    let people = people.map(|(name, home)| {
        let commune = if home { &*app } else { &app.elsewhere };
        (commune, name, commune.somebody(name, None))
    });
    app.at("2031-01-01T02:00:00Z");
    // Each of them in turn: whoever comes first, the others are forgotten.
    for (_, _, poisoned) in &people {
        app.sql(&format!(
            "UPDATE people SET forgotten_at = NULL;
             CREATE OR REPLACE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN IF NEW.id = '{poisoned}' THEN RAISE EXCEPTION 'poison'; END IF; RETURN NEW; END $$;
             CREATE OR REPLACE TRIGGER poison BEFORE UPDATE ON people FOR EACH ROW EXECUTE FUNCTION poison()"
        ));
        let failed = wait(ForgetPeople {}.run(app.service())).unwrap_err().to_string();
        assert!(failed.contains("poison"), "{failed}");
        assert_eq!(app.texts("SELECT id::text AS value FROM people WHERE forgotten_at IS NULL"), [poisoned.as_str()]);
        app.sql("DROP TRIGGER poison ON people");
    }
    wait(ForgetPeople {}.run(app.service())).unwrap();
    for (commune, name, id) in &people {
        assert_ne!(commune.agency().get(&format!("/people/{id}")).ok()["name"], *name);
    }
}

#[test]
fn the_head_of_a_household_is_forgotten_as_people_are() {
    let app = TestApp::start();
    households(&app);
    let home = app.household(NAME, "thon-1");
    let path = dossier("ho", &home);
    let claim = json!({"achievement": format!("Hộ bà {NAME} làm tốt"), "self_scores": {"guong-mau": "9"},
        "facts": {"achievement_from": {"day": "2025-07-02", "source": format!("Quyết định về {NAME}")}}});
    app.head("thon-1").put(&path, claim).if_none_match_any().created();
    app.agency().post(&format!("{path}/assessments/adopt"), json!({})).ok();
    app.agency().act_on(&path, "verify", json!({})).is(200);
    app.agency().post(&format!("{MOVEMENT}/awards/ho/rankings"), json!({"mode": "official"})).created();
    app.chair().act_on(MOVEMENT, "close", json!({})).is(200);
    app.at("2026-01-15T02:00:00Z");
    app.chair().act_on(MOVEMENT, "conclude", json!({})).is(200);
    let before = judged(&app);
    app.at("2031-01-14T02:00:00Z");
    a_day_passes(&app);
    assert_eq!(app.agency().get(&format!("/households/{home}")).ok()["head"], NAME);
    app.at("2031-01-15T02:00:00Z");
    a_day_passes(&app);
    let left = tables_with(&app, NAME);
    assert!(left.is_empty(), "the name stands in {left:?}");
    assert_eq!(judged(&app), before);
    let stand_in = pseudonym(home.parse::<Uuid>().unwrap());
    assert_eq!(app.agency().get(&format!("/households/{home}")).ok()["head"], stand_in);
}

#[test]
fn what_is_published_of_an_award_stays_and_what_was_written_about_it_is_forgotten() {
    let app = TestApp::start();
    app.emulation();
    let (run, person) = app.ranked_person();
    let name = "Nguyễn Thị Khen";
    let about = |what: &str| json!({person.as_str(): format!("{name} {what}")});
    let new = json!({"ranking": run, "selected": [person], "reasons": about("xứng đáng")});
    let proposal = app.agency().post(&format!("{MOVEMENT}/awards/ca-nhan/proposals"), new).created();
    let proposal = proposal.header("location").unwrap();
    let asked = json!({"name": "Công an xã", "asked_on": "2025-09-10", "answer": "objection", "answered_on": "2025-09-10",
        "document": format!("Công văn về {name}"), "response": format!("Đã hỏi {name}")});
    app.agency().put(&format!("{proposal}/consultations/cong-an-xa"), asked).if_none_match_any().created();
    app.agency().post(&format!("{proposal}/post"), json!({"working_days": 1})).ok();
    let text = json!({"candidate": person, "text": format!("{name} chưa trực tiếp làm")});
    let objection = app.reporter("thon-1").post(&format!("{proposal}/objections"), text).created();
    let answer = format!("/objections/{}/answer", objection["id"].as_str().unwrap());
    app.agency().post(&answer, json!({"text": format!("{name} có làm")})).ok();
    app.at("2025-09-12T02:00:00Z");
    let decide = json!({"accepted": [person], "reasons": about("được khen"), "signed_as": "chair"});
    let decision = app.chair().post(&format!("{proposal}/decide"), decide).created();
    let decision = decision.header("location").unwrap();
    app.agency().post(&format!("{decision}/register"), json!({"number": 7, "date": "2025-09-12"})).ok();
    let certificates = app.agency().post(&format!("{decision}/certificates"), json!({})).ok();
    let publish = json!({"reason": format!("Bản ký khen {name} chưa quét")});
    app.chair().post(&format!("{decision}/publish"), publish).ok();
    let replace = format!("/certificates/{}/replace", certificates["items"][0]["id"].as_str().unwrap());
    app.agency().post(&replace, json!({"reason": format!("{name} làm mất")})).created();
    app.chair().act_on(MOVEMENT, "close", json!({})).is(200);
    app.chair().act_on(MOVEMENT, "conclude", json!({})).is(200);
    assert!(tables_with(&app, name).len() > 8, "names stand where people read them");

    app.at("2031-01-15T02:00:00Z");
    a_day_passes(&app);
    assert_eq!(tables_with(&app, name), ["award_certificates"]);
    assert_eq!(app.count("SELECT 1 FROM award_certificates WHERE reason LIKE '%Khen%'"), 0);
    let award = app.auditor().get(&format!("{MOVEMENT}/awards/ca-nhan")).ok();
    assert_eq!(award["results"][0]["name"], name);
}

//! What the records tell of an award, from the proposal to a revocation.

use serde_json::json;

use crate::support::{MOVEMENT, TestApp, pdf};

/// An award to a person, from the proposal to a certificate that replaces another.
pub fn award(app: &TestApp) {
    let (agency, chair) = (app.agency(), app.chair());
    let (run, person) = app.ranked_person();
    let propose = || {
        let body = json!({"ranking": run, "selected": [person]});
        let made = agency.post(&format!("{MOVEMENT}/awards/ca-nhan/proposals"), body).created();
        made.header("location").unwrap().to_owned()
    };
    agency.post(&format!("{}/withdraw", propose()), json!({"reason": "Sửa lại"})).ok();
    chair.post(&format!("{}/return", propose()), json!({"reason": "Sửa lại"})).ok();
    let proposal = propose();
    let agency_asked = format!("{proposal}/consultations/cong-an-xa");
    let mut asked = json!({"name": "Công an xã", "asked_on": "2025-11-30"});
    agency.put(&agency_asked, asked.clone()).if_none_match_any().created();
    (asked["answer"], asked["answered_on"]) = (json!("no_objection"), json!("2025-11-30"));
    agency.put(&agency_asked, asked).if_match("\"1\"").ok();
    agency.post(&format!("{proposal}/post"), json!({"working_days": 1})).ok();
    let objection =
        app.reporter("van-phong").post(&format!("{proposal}/objections"), json!({"text": "Sai số liệu"})).created();
    let answer = format!("/objections/{}/answer", objection["id"].as_str().unwrap());
    agency.post(&answer, json!({"text": "Đã đối chiếu"})).ok();
    app.at("2025-12-03T02:00:00Z");
    let decision =
        chair.post(&format!("{proposal}/decide"), json!({"accepted": [person], "signed_as": "chair"})).created();
    let decision = decision.header("location").unwrap();
    agency.post(&format!("{decision}/register"), json!({"number": 1, "date": "2025-12-03"})).ok();
    let file =
        |text: &str| agency.put(&format!("{decision}/signed-file"), json!({})).body("application/pdf", pdf(text));
    file("1").created();
    file("2").ok();
    let certificates = agency.post(&format!("{decision}/certificates"), json!({})).ok();
    chair.post(&format!("{decision}/publish"), json!({})).ok();
    let replace = format!("/certificates/{}/replace", certificates["items"][0]["id"].as_str().unwrap());
    agency.post(&replace, json!({"reason": "Mất"})).created();
    let mut act = json!({"candidate": person, "reason": "Theo đơn", "number": 2, "date": "2025-12-03"});
    let mut correction = act.clone();
    (correction["member"], correction["text"]) = (json!("position"), json!("Chuyên viên"));
    chair.post(&format!("{decision}/correct"), correction).ok();
    act["number"] = json!(3);
    chair.post(&format!("{decision}/revoke"), act).ok();
}

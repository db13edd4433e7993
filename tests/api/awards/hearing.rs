//! What is heard about a proposal: agencies, the posting, objections; and the readiness that names what is missing.

use serde_json::{Value, json};

use super::{hold, missing, proposed, ranked, run};
use crate::support::TestApp;

fn objected(app: &TestApp, proposal: &str, body: Value) -> String {
    let objection = app.reporter("thon-1").post(&format!("{proposal}/objections"), body).created();
    format!("/objections/{}", objection["id"].as_str().unwrap())
}

#[test]
fn readiness_names_everything_that_is_missing_at_once() {
    let (app, first) = ranked();
    let proposal = proposed(&app, &first);
    assert_eq!(missing(&app, &proposal), ["posting_missing"]);
    let asked = json!({"name": "Công an xã", "asked_on": "2025-09-10"});
    app.agency().put(&format!("{proposal}/consultations/cong-an-xa"), asked).if_none_match_any().created();
    app.agency().post(&format!("{proposal}/post"), json!({"working_days": 3})).ok();
    objected(&app, &proposal, json!({"text": "Chưa xứng đáng"}));
    hold(&app, "phong-vhxh");
    run(&app);
    assert_eq!(
        missing(&app, &proposal),
        ["ranking_superseded", "consultation_unanswered", "posting_runs", "objection_unanswered", "candidate_held"]
    );
    let english = app.chair().get(&format!("{proposal}/readiness")).lang("en").ok();
    assert_eq!(
        english["missing"][1]["message"],
        "Công an xã has not answered. Record the answer, or no_answer_by once its day has passed."
    );
}

#[test]
fn an_agency_is_asked_answers_and_what_it_objects_to_is_settled() {
    let (app, run) = ranked();
    let proposal = proposed(&app, &run);
    let place = format!("{proposal}/consultations/cong-an-xa");
    let put = |body: Value| app.agency().put(&place, body);
    let asked = || json!({"name": "Công an xã", "asked_on": "2025-09-10"});
    let with = |more: Value| {
        let mut body = asked();
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    put(json!({"name": "", "asked_on": "2025-09-11", "answer": "no_objection", "response": "Đã xem"}))
        .if_none_match_any()
        .problem(422, "content_invalid")
        .finding("/name", "length_out_of_range")
        .finding("/asked_on", "day_future")
        .finding("/answered_on", "answered_on_missing")
        .finding("/response", "response_needless");
    put(with(json!({"answered_on": "2025-09-09"})))
        .if_none_match_any()
        .problem(422, "content_invalid")
        .finding("/answered_on", "answered_on_needless");
    put(with(json!({"answer": "objection", "answered_on": "2025-09-09"})))
        .if_none_match_any()
        .problem(422, "content_invalid")
        .finding("/answered_on", "answered_before_asked");
    app.agency()
        .put(&format!("{proposal}/consultations/C%20A"), asked())
        .if_none_match_any()
        .problem(422, "content_invalid")
        .finding("", "code_malformed");
    let made = put(asked()).if_none_match_any().created();
    assert_eq!(made["consultations"][0]["answer"], Value::Null);
    app.agency().post(&format!("{proposal}/post"), json!({"working_days": 0})).ok();
    assert_eq!(missing(&app, &proposal), ["consultation_unanswered"]);
    let objects = || json!({"answer": "objection", "answered_on": "2025-09-10", "document": "Công văn số 45"});
    put(with(objects())).if_match("\"3\"").problem(412, "precondition_failed");
    put(with(objects())).if_match("\"1\"").ok();
    assert_eq!(missing(&app, &proposal), ["consultation_objects"]);
    let mut settled = with(objects());
    settled["response"] = json!("Vụ việc không liên quan");
    let settled = put(settled).if_match("\"2\"").ok();
    assert_eq!((settled.etag(), &settled["consultations"][0]["etag"]), ("\"3\"".into(), &json!("\"3\"")));
    assert_eq!(missing(&app, &proposal), Vec::<String>::new());
    assert_eq!(app.count("SELECT 1 FROM award_consultations"), 3, "earlier records stay");
    app.chair().put(&place, asked()).if_match("\"3\"").problem(403, "forbidden");
}

#[test]
fn a_posting_runs_on_working_days_and_takes_objections_while_it_does() {
    let (app, run) = ranked();
    let proposal = proposed(&app, &run);
    let objections = format!("{proposal}/objections");
    let late = json!({"candidate": "phong-vhxh", "text": "Chưa hoàn thành chỉ tiêu"});
    app.reporter("thon-1").post(&objections, late.clone()).problem(409, "proposal_not_posted");
    app.head("thon-1").get(&format!("{proposal}/posting")).problem(404, "not_found");
    app.agency().post(&format!("{proposal}/post"), json!({"working_days": 61})).problem(422, "content_invalid");
    // From Wednesday, 10/9/2025: Thursday, Friday, Monday.
    let posted = app.agency().post(&format!("{proposal}/post"), json!({"working_days": 3})).ok();
    assert_eq!(posted["posting"], json!({"working_days": 3, "posted_on": "2025-09-10", "ends_on": "2025-09-15"}));
    app.agency().post(&format!("{proposal}/post"), json!({"working_days": 3})).problem(409, "proposal_posted");
    let seen = app.head("thon-1").get(&format!("{proposal}/posting")).ok();
    assert_eq!(
        seen["candidates"][1],
        json!({"candidate": "phong-vhxh", "name": "Phòng Văn hóa - Xã hội", "position": null, "unit": null, "achievement": "Thành tích"})
    );
    app.at("2025-09-15T16:59:00Z");
    let wrong = json!({"candidate": "van-phong", "text": " "});
    app.reporter("thon-1")
        .post(&objections, wrong)
        .problem(422, "content_invalid")
        .finding("/candidate", "candidate_not_proposed")
        .finding("/text", "length_out_of_range");
    let objection = objected(&app, &proposal, late.clone());
    app.at("2025-09-15T17:00:00Z");
    app.reporter("thon-1").post(&objections, late).problem(409, "proposal_not_posted");
    assert_eq!(missing(&app, &proposal), ["objection_unanswered"]);
    let own = app.reporter("thon-1").get(&format!("{proposal}/posting")).ok();
    assert_eq!(
        (&own["objections"][0]["candidate"]["code"], &own["objections"][0]["answer"]),
        (&json!("phong-vhxh"), &json!(null))
    );
    assert_eq!(app.head("thon-2").get(&format!("{proposal}/posting")).ok()["objections"], json!([]));
    app.agency().post(&format!("{objection}/answer"), json!({"text": ""})).problem(422, "content_invalid");
    let answered = app.agency().post(&format!("{objection}/answer"), json!({"text": "Đã kiểm tra, số liệu đúng"})).ok();
    assert_eq!(answered["answer"]["answered_by"], "agency.10210");
    app.agency().post(&format!("{objection}/answer"), json!({"text": "Lần nữa"})).problem(409, "objection_answered");
    assert_eq!(missing(&app, &proposal), Vec::<String>::new());
    app.elsewhere.agency().post(&format!("{objection}/answer"), json!({"text": "x"})).problem(404, "not_found");
    assert_eq!(
        app.agency().get("/events?after=0&type=proposal.posted").ok()["items"][0]["data"]["ends_on"],
        "2025-09-15"
    );
}

#[test]
fn nobody_answers_their_own_objection() {
    let (app, run) = ranked();
    let proposal = proposed(&app, &run);
    app.agency().post(&format!("{proposal}/post"), json!({"working_days": 1})).ok();
    let raised = app.agency_2().post(&format!("{proposal}/objections"), json!({"text": "Thiếu hồ sơ"})).created();
    let answer = format!("/objections/{}/answer", raised["id"].as_str().unwrap());
    app.agency_2().post(&answer, json!({"text": "Đủ rồi"})).problem(409, "objection_own");
    app.agency().post(&answer, json!({"text": "Đã bổ sung"})).ok();
}

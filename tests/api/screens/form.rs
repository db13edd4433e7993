//! The reporter's form.

use serde_json::{Value, json};

use crate::support::{Answer, Client, TestApp, story::Place};

fn form(who: &Client, place: &Place) -> Answer {
    who.get(&format!("{}/form", place.path)).ok()
}

fn line<'a>(page: &'a Answer, indicator: &str) -> &'a Value {
    page["indicators"].as_array().unwrap().iter().find(|line| line["indicator"] == indicator).unwrap()
}

#[test]
fn it_names_what_is_owed_with_words_levels_targets_and_bounds() {
    let app = TestApp::start();
    let movement = app.hong_van();
    for unit in ["thon-1", "phong-kinh-te", "van-phong", "ttpvhcc"] {
        let place = movement.at("2025-07", unit);
        let page = form(&app.reporter(unit), &place);
        let owed = app.auditor().get(&format!("{}/indicators?unit={unit}", movement.path)).ok();
        let owed = owed["items"].as_array().unwrap();
        assert_eq!(page["indicators"].as_array().unwrap().len(), owed.len());
        for known in owed {
            let line = line(&page, known["code"].as_str().unwrap());
            for (member, of) in [("kind", "kind"), ("unit", "unit"), ("fields_judged", "fields_judged")] {
                assert_eq!(line[member], known[of], "{member} of {known}");
            }
            assert_eq!((&line["name"], &line["evidence"]), (&known["name"]["vi"], &known["evidence"]));
            assert_eq!(line["numerator_name"], known["numerator"]["vi"]);
            assert_eq!(line["denominator_name"], known["denominator"]["vi"]);
            assert_eq!(line["target"]["value"], known["target"]["value"]);
            let levels: Vec<&Value> = line["levels"].as_array().unwrap().iter().map(|level| &level["level"]).collect();
            assert_eq!(json!(levels), known.get("levels").cloned().unwrap_or(json!([])));
            let whole = ["ratio", "count", "rank"].contains(&known["kind"].as_str().unwrap());
            assert_eq!(line["most"], if whole { json!(9_007_199_254_740_991_i64) } else { Value::Null });
        }
        assert_eq!((&page["state"], &page["etag"]), (&json!("not_begun"), &Value::Null));
        assert_eq!(page["allowed_actions"], json!(["edit"]));
        println!("form of {unit}: {} bytes", page.bytes().len());
    }
}

#[test]
fn it_lists_what_a_submit_would_find_wrong_now() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let (place, head) = (movement.at("2025-07", "thon-1"), app.head("thon-1"));
    let empty = form(&head, &place);
    let missing = empty["findings"].as_array().unwrap();
    assert_eq!(
        (missing.len(), &missing[0]["code"]),
        (empty["answers_owed"].as_u64().unwrap() as usize, &json!("value_missing"))
    );
    place.draft(&movement.report("thon-1").without("CCHC-18")).is(201);
    let page = form(&head, &place);
    let refused = place.act(&head, "submit", json!({})).problem(422, "content_invalid");
    assert_eq!(page["findings"], refused["errors"]);
    assert_eq!(page["etag"], json!(place.etag()));
    place.put(&head, &movement.report("thon-1")).ok();
    let page = form(&head, &place);
    assert_eq!((&page["findings"], &page["answers_given"]), (&json!([]), &page["answers_owed"]));
    assert!(page["allowed_actions"].as_array().unwrap().contains(&json!("submit")));
    let agency = form(&app.agency(), &place);
    assert_eq!(agency["findings"][0]["code"], "on_behalf_needed");
    place.submit();
    assert_eq!(form(&head, &place)["findings"], json!([]), "it cannot be edited");
}

#[test]
fn the_tag_of_a_form_opens_the_draft_that_it_shows() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let (place, reporter) = (movement.at("2025-07", "thon-1"), app.reporter("thon-1"));
    place.draft(&movement.report("thon-1")).is(201);
    let page = form(&reporter, &place);
    assert_eq!(page["values"], place.get()["values"]);
    let tag = page["etag"].as_str().unwrap();
    reporter.put(&place.path, movement.report("thon-1").0).if_match(tag).ok();
    reporter.put(&place.path, movement.report("thon-1").0).if_match(tag).problem(412, "precondition_failed");
}

#[test]
fn only_who_drafts_has_the_form() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let place = movement.at("2025-07", "thon-1");
    let path = format!("{}/form", place.path);
    for who in [app.auditor(), app.chair(), app.council_member(), app.admin(), app.city_viewer().of_locality("10210")] {
        who.get(&path).problem(403, "forbidden");
    }
    for who in [app.reporter("thon-2"), app.head("phong-kinh-te"), app.elsewhere.reporter("thon-1")] {
        who.get(&path).problem(404, "not_found");
    }
    form(&app.agency(), &place);
    form(&app.reporter("thon-1"), &place);
}

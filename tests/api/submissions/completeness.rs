//! Who has reported, and who has not, at any moment.

use rstest::rstest;
use serde_json::json;

use crate::support::{TestApp, story::Movement};

fn path(movement: &Movement, query: &str) -> String {
    format!("{}/submissions/completeness?{query}", movement.path)
}

#[test]
fn parts_add_up_and_the_missing_are_named() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let (on_time, late, back) =
        (movement.at("2025-07", "thon-1"), movement.at("2025-07", "thon-2"), movement.at("2025-07", "mat-tran"));
    for (place, unit) in [(&on_time, "thon-1"), (&back, "mat-tran")] {
        place.draft(&movement.report(unit)).is(201);
        place.submit();
    }
    on_time.approve();
    let before_late = app.clock.now();
    app.at("2025-09-10T02:00:00Z");
    late.draft(&movement.report("thon-2")).is(201);
    late.submit();
    late.act(&app.agency(), "excuse-lateness", json!({"reason": "Mất điện"})).ok();
    back.act(&app.head("mat-tran"), "withdraw", json!({})).ok();
    let found = app.agency().get(&path(&movement, "period=2025-07")).ok();
    let (total, number) = (&found["total"], |member: &str| found["total"][member].as_u64().unwrap());
    assert_eq!((number("received"), number("approved"), number("on_time")), (2, 1, 1), "{total}");
    assert_eq!((number("late"), number("excused")), (1, 1), "{total}");
    assert_eq!(number("received") + number("missing"), number("expected"), "{total}");
    assert_eq!(number("overdue"), number("missing"), "{total}");
    let missing: Vec<&str> =
        found["missing"].as_array().unwrap().iter().map(|unit| unit["unit"].as_str().unwrap()).collect();
    assert_eq!(missing.len() as u64, number("missing"));
    assert!(missing.contains(&"mat-tran") && !missing.contains(&"thon-1"), "taken back, it has not come: {missing:?}");
    assert!(!missing.contains(&"to-so-hoa"), "who owes nothing is not missed");
    let sum = |parts: &str, of: &str| -> u64 {
        found[parts].as_array().unwrap().iter().map(|part| part[of].as_u64().unwrap()).sum()
    };
    for of in ["expected", "received", "approved", "on_time", "late", "excused", "missing", "overdue"] {
        assert_eq!((sum("by_unit_kind", of), sum("by_period", of)), (number(of), number(of)), "{of}");
    }
    // What was known before the late one came.
    let earlier = before_late.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    let then = app.agency().get(&path(&movement, &format!("period=2025-07&as_of={earlier}"))).ok();
    assert_eq!((&then["total"]["received"], &then["total"]["late"]), (&json!(2), &json!(0)), "{then}");
    assert_eq!(then["total"]["overdue"], 0);
}

#[test]
fn a_quarter_or_all_of_it_counts_each_period() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let all = app.auditor().get(&path(&movement, "")).ok();
    assert_eq!(all["by_period"].as_array().unwrap().len(), 6);
    assert_eq!((&all["total"]["received_percent"], &all["total"]["received"]), (&json!("0.00"), &json!(0)));
    let quarter = app.auditor().get(&path(&movement, "period=2025-Q3")).ok();
    assert_eq!(quarter["by_period"].as_array().unwrap().len(), 3);
    assert_eq!(quarter["missing"][0]["periods"], json!(["2025-07", "2025-08", "2025-09"]));
    let hamlets = app.auditor().get(&path(&movement, "period=2025-07&unit_kind=hamlet")).ok();
    assert_eq!(hamlets["by_unit_kind"].as_array().unwrap().len(), 1, "{hamlets}");
    app.auditor().get(&path(&movement, "period=never")).problem(400, "query_invalid");
    let outside = app.auditor().get(&path(&movement, "period=1999")).ok();
    assert_eq!((&outside["total"]["expected"], &outside["total"]["received_percent"]), (&json!(0), &json!(null)));
}

#[test]
fn people_of_a_unit_see_their_own() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let found = app.head("thon-1").get(&path(&movement, "period=2025-07")).ok();
    assert_eq!((&found["total"]["expected"], &found["missing"][0]["unit"]), (&json!(1), &json!("thon-1")));
    app.head("thon-1").get(&path(&movement, "unit=thon-2")).problem(404, "not_found");
    app.elsewhere.agency().get(&path(&movement, "")).problem(404, "not_found");
}

#[test]
fn a_correction_that_is_taken_back_leaves_what_was_approved() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let place = movement.at("2025-07", "thon-1");
    place.draft(&movement.report("thon-1")).is(201);
    place.submit();
    place.approve();
    place.reopen();
    place.submit();
    place.act(&app.head("thon-1"), "withdraw", json!({})).ok();
    let told = app.agency().get(&format!("{}/submissions/completeness?period=2025-07&unit=thon-1", movement.path)).ok();
    assert_eq!((&told["total"]["received"], &told["total"]["approved"]), (&json!(1), &json!(1)), "{told}");
}

/// Whatever answers for an instant answers for now where that has not come yet, and says so.
#[rstest]
#[case::completeness("/submissions/completeness?period=2025-07", "/as_of")]
#[case::progress_of_all("/progress?period=2025-07", "/scope/as_of")]
#[case::progress_of_one("/progress/CCHC-18?period=2025-07", "/scope/as_of")]
#[case::reports("/submissions?period=2025-07", "")]
fn an_instant_to_come_is_now(#[case] path: &str, #[case] place: &str) {
    let app = TestApp::start();
    let movement = app.hong_van();
    let ask = |as_of: &str| app.agency().get(&format!("{}{path}{as_of}", movement.path)).ok().json().clone();
    let now = ask("");
    for future in ["&as_of=2025-12-31T00:00:00Z", "&as_of=2126-01-01T00:00:00Z", "&as_of=2199-12-31T23:59:59Z"] {
        assert_eq!(ask(future), now, "{future}");
    }
    if !place.is_empty() {
        let at = app.clock.now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
        assert_eq!(now.pointer(place), Some(&json!(at)), "{now}");
    }
}

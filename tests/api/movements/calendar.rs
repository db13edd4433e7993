//! Holidays and swapped days: written down by the locality, counted when a launch sets due instants.

use serde_json::{Value, json};

use crate::support::{
    TestApp,
    story::{HONG_VAN, plan},
};

fn day(day: &str) -> Value {
    json!({"day": day, "name": "Nghỉ bù"})
}

fn year(holidays: &[&str], working: &[&str]) -> Value {
    let days = |days: &[&str]| days.iter().map(|on| day(on)).collect::<Vec<_>>();
    json!({"holidays": days(holidays), "working_days": days(working)})
}

#[test]
fn a_launch_counts_the_working_days_of_the_calendar_and_later_changes_move_nothing() {
    let app = TestApp::start();
    app.at("2025-08-05T02:00:00Z");
    app.organise();
    let movement = app.loaded(&plan(HONG_VAN));
    let due = |period: &str| movement.period(period)["due_at"].as_str().unwrap()[..10].to_owned();
    let plain = due("2025-09");
    let admin = app.admin();
    // The working days after the cut-off of 14/9, a Sunday, are all off but the Saturday that is swapped.
    let off = year(&["2025-09-15", "2025-09-16", "2025-09-17", "2025-09-18", "2025-09-19"], &["2025-09-20"]);
    let made = admin.put("/calendar/2025", off.clone()).if_none_match_any().created();
    assert_eq!(made.header("location"), Some("/api/v1/calendar/2025"));
    let moved = due("2025-09");
    assert!(moved.as_str() >= "2025-09-20" && moved > plain, "{plain} to {moved}");
    movement.act(&app.chair(), "launch").ok();
    app.agency().put("/calendar/2025", year(&[], &[])).if_match(&made.etag()).ok();
    assert_eq!(due("2025-09"), moved, "what is set stays");
    // Somebody else's calendar is another.
    app.elsewhere.admin().put("/calendar/2025", off).if_none_match_any().created();
    assert_eq!(app.auditor().get("/calendar/2025").ok()["holidays"], json!([]));
}

#[test]
fn a_year_nobody_wrote_down_is_empty() {
    let app = TestApp::start();
    let found = app.reporter("thon-1").get("/calendar/2031").ok();
    assert_eq!((&found["holidays"], &found["updated_at"], found.header("etag")), (&json!([]), &json!(null), None));
    app.reporter("thon-1").get("/calendar/31").problem(404, "not_found");
    app.reporter("thon-1").get("/calendar/99999").problem(404, "not_found");
}

#[test]
fn days_of_other_years_named_twice_or_worked_anyway_are_refused_at_once() {
    let app = TestApp::start();
    let wrong = year(&["2024-09-02", "2025-09-02", "2025-09-02"], &["2025-09-03"]);
    let put = app.admin().put("/calendar/2025", wrong).if_none_match_any().problem(422, "content_invalid");
    let put = put.finding("/holidays/0/day", "day_of_other_year").finding("/holidays/2/day", "day_twice");
    put.finding("/working_days/0/day", "day_worked_anyway");
    let nameless = json!({"holidays": [{"day": "2025-09-02", "name": " "}], "working_days": []});
    let put = app.admin().put("/calendar/2025", nameless).if_none_match_any();
    put.problem(422, "content_invalid").finding("/holidays/0/name", "length_out_of_range");
    let odd = json!({"holidays": [{"day": "2/9/2025", "name": "Quốc khánh"}], "working_days": []});
    app.admin().put("/calendar/2025", odd).if_none_match_any().problem(400, "body_invalid");
    assert_eq!(app.count("SELECT 1 FROM calendars"), 0);
}

#[test]
fn who_organises_writes_it_and_the_last_version_is_named() {
    let app = TestApp::start();
    let put = |who: crate::support::Client| who.put("/calendar/2025", year(&["2025-09-02"], &[]));
    for who in [app.reporter("thon-1"), app.head("thon-1"), app.chair(), app.auditor()] {
        put(who).if_none_match_any().problem(403, "forbidden");
    }
    put(app.agency()).problem(428, "precondition_required");
    put(app.agency()).if_none_match_any().created();
    put(app.admin()).if_none_match_any().problem(412, "precondition_failed");
    put(app.admin()).if_match("\"1\"").ok();
    put(app.admin()).if_match("\"1\"").problem(412, "precondition_failed");
}

#[test]
fn of_many_who_make_it_at_once_one_does() {
    let app = TestApp::start();
    let admin = app.admin();
    let put = || admin.put("/calendar/2025", year(&["2025-09-02"], &[])).if_none_match_any().send().status();
    let answers: Vec<u16> = std::thread::scope(|threads| {
        let sent: Vec<_> = (0..6).map(|_| threads.spawn(put)).collect();
        sent.into_iter().map(|sent| sent.join().unwrap()).collect()
    });
    assert_eq!(answers.iter().filter(|status| **status == 201).count(), 1, "{answers:?}");
    assert!(answers.iter().all(|status| [201, 412].contains(status)), "{answers:?}");
}

//! Whoever follows the numbers misses nothing, reads nothing twice, and sees only their own locality.

use futures_util::future::{join, join_all};
use serde_json::json;
use thidua::{
    db::{
        LocalityId,
        events::{Event, EventType, emit},
    },
    events::number,
};
use uuid::Uuid;

use super::{events, types};
use crate::support::{MOVEMENT, TestApp, wait};

fn locality() -> LocalityId {
    Uuid::parse_str("00000000-0000-7000-8000-000000010210").unwrap().into()
}

fn event(subject: impl ToString) -> Event {
    let (kind, movement) = (EventType::PeriodClosed, "thi-dua".to_owned());
    Event { kind, movement, subject: subject.to_string(), data: json!({}), once: None }
}

fn subjects(events: &[serde_json::Value]) -> Vec<&str> {
    events.iter().map(|event| event["subject"].as_str().unwrap()).collect()
}

/// An event that commits late has a late number, and is never passed over.
#[test]
fn what_commits_late_is_read_late_and_not_missed() {
    let app = TestApp::start();
    let (service, now) = (app.service(), app.clock.now());
    let slow = service.db.tx(async |conn| {
        emit(conn, locality(), now, &[event("slow")]).await?;
        // Meanwhile another tells, commits and is read.
        service.db.tx(async |conn| emit(conn, locality(), now, &[event("quick")]).await).await?;
        number(&service.db, locality()).await?;
        let read = service.db.read(async |conn| thidua::events::after(conn, locality(), asked(0)).await).await?;
        assert_eq!(read.iter().map(|one| (one.seq, one.subject.as_str())).collect::<Vec<_>>(), [(1, "quick")]);
        Ok(())
    });
    wait(slow).unwrap();
    let later = events(&app, "after=1");
    assert_eq!((subjects(&later), later[0]["seq"].as_i64()), (vec!["slow"], Some(2)));
    assert_eq!(subjects(&events(&app, "")), ["quick", "slow"]);
}

fn asked(after: i64) -> thidua::events::EventsQuery {
    thidua::events::EventsQuery { after, limit: 1000, ..Default::default() }
}

#[test]
fn many_tellers_and_many_readers_leave_no_gap_and_nothing_twice() {
    const TELLERS: usize = 100;
    let app = TestApp::start();
    let (service, now) = (app.service(), app.clock.now());
    let tell = async |n: usize| {
        for turn in 0..3 {
            let told = [event(format!("{n}/{turn}"))];
            service.db.tx(async |conn| emit(conn, locality(), now, &told).await).await.expect("it is told");
        }
    };
    // Follows the numbers while they are given.
    let follow = async || {
        let (mut last, mut seen) = (0, Vec::new());
        for _ in 0..40 {
            number(&service.db, locality()).await.expect("numbered");
            let read = service.db.read(async |conn| thidua::events::after(conn, locality(), asked(last)).await).await;
            for one in read.expect("read") {
                assert_eq!(one.seq, last + 1, "no gap, and nothing that comes in behind");
                last = one.seq;
                seen.push(one.subject);
            }
        }
        (last, seen)
    };
    let (_, followers) = wait(join(join_all((0..TELLERS).map(tell)), join_all([follow(), follow(), follow()])));
    wait(number(&service.db, locality())).unwrap();
    let all = wait(service.db.read(async |conn| thidua::events::after(conn, locality(), asked(0)).await)).unwrap();
    let all: Vec<String> = all.into_iter().map(|one| one.subject).collect();
    assert_eq!(all.len(), TELLERS * 3);
    for (last, seen) in followers {
        assert_eq!(seen, all[..last as usize], "everybody read the same");
    }
    let turns = |n: usize| all.iter().filter(move |subject| subject.split('/').next() == Some(&n.to_string()));
    assert!(turns(7).map(String::as_str).eq(["7/0", "7/1", "7/2"]), "in the order in which one teller told");
}

#[test]
fn what_is_undone_is_not_told() {
    let app = TestApp::start();
    let (service, now) = (app.service(), app.clock.now());
    let undone = service.db.tx(async |conn| {
        emit(conn, locality(), now, &[event("undone")]).await?;
        Err::<(), _>(thidua::http::Error::not_found())
    });
    assert!(wait(undone).is_err());
    assert_eq!(events(&app, "").len(), 0);
}

#[test]
fn pages_filters_and_numbers_lead_through_all() {
    let app = TestApp::start();
    app.emulation();
    for period in ["2025-10", "2025-11", "2025-12"] {
        app.agency().post(&format!("{MOVEMENT}/periods/{period}/close"), json!({})).if_match("\"1\"").ok();
    }
    app.agency().post(&format!("{MOVEMENT}/periods/2025-10/reopen"), json!({"reason": "Lỡ"})).if_match("\"2\"").ok();
    let first = app.agency().get("/events?limit=3").ok();
    let next = format!("/events?limit=3&cursor={}", first["next_cursor"].as_str().unwrap());
    assert_eq!(types(app.admin().get(&next).ok()["items"].as_array().unwrap()), ["period.reopened"]);
    assert_eq!(events(&app, "after=3").len(), 1);
    assert_eq!(events(&app, "type=period.closed").len(), 3);
    assert_eq!((events(&app, "movement=thi-dua").len(), events(&app, "movement=khac").len()), (4, 0));
    app.auditor().get("/events?type=period.burnt").send_unchecked().problem(400, "query_invalid");
    app.auditor().get("/events?after=mot").send_unchecked().problem(400, "query_invalid");
}

#[test]
fn only_those_who_run_or_inspect_follow_and_only_at_home() {
    let app = TestApp::start();
    app.emulation();
    app.agency().post(&format!("{MOVEMENT}/periods/2025-12/close"), json!({})).if_match("\"1\"").ok();
    for who in [app.head("phong-kinh-te"), app.reporter("thon-1"), app.chair(), app.council_member()] {
        who.get("/events").problem(403, "forbidden");
    }
    for who in [app.agency(), app.admin(), app.auditor(), app.city_admin().of_locality("10210")] {
        assert_eq!(who.get("/events").ok()["items"].as_array().unwrap().len(), 1);
    }
    assert_eq!(app.elsewhere.agency().get("/events").ok()["items"], json!([]));
    app.city_admin().get("/events").problem(400, "locality_required");
    app.anon().get("/events").problem(401, "unauthenticated");
}

#[test]
fn what_was_told_is_kept_as_it_was_told() {
    let app = TestApp::start();
    app.emulation();
    app.agency().post(&format!("{MOVEMENT}/periods/2025-12/close"), json!({})).if_match("\"1\"").ok();
    assert_eq!(events(&app, "").len(), 1);
    for change in [
        "UPDATE events SET subject = 'x'",
        "DELETE FROM events",
        "UPDATE event_numbers SET seq = 9",
        "DELETE FROM event_numbers",
    ] {
        assert!(app.try_sql(change).unwrap_err().contains("kept as they were told"), "{change}");
    }
}

#[test]
fn a_number_to_follow_is_not_negative() {
    let app = TestApp::start();
    for wrong in ["-1", "-9223372036854775808"] {
        let refused = app.auditor().get(&format!("/events?after={wrong}"));
        refused.problem(400, "query_invalid").finding("/after", "number_negative");
    }
    app.auditor().get("/events?after=0").ok();
}

//! What recording costs a writer: the same work with and without the record, in one run.

use std::{
    os::unix::fs::PermissionsExt,
    sync::LazyLock,
    thread,
    time::{Duration, Instant},
};

use diesel::prelude::*;
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use futures_util::future::join_all;
use serde_json::{Value, json};
use thidua::{
    app::App,
    audit::{chain_waiting, inspect},
    db::{
        AccountId, Conn, Db, LocalityId, Memory, Recall, SubmissionId,
        audit_log::{self, Entry},
        embedded, migrations,
        schema::submissions,
    },
    http::{
        Actor, Error, Reply,
        idempotency_store::{self as answers, Claim, Key},
    },
    movements, units,
};
use uuid::Uuid;

use crate::support::{TestApp, story::HONG_VAN, wait};

const WRITERS: usize = 200;
const THREADS: usize = 8;
const ROUNDS: usize = 22;
const EACH: usize = 5;
const MOVEMENT: &str = "cchc-2025-h2";

/// Sixty units, and for 200 of their places a report to write on.
const PLACES: &str = "
    BEGIN; SET LOCAL session_replication_role = replica;
    INSERT INTO units SELECT '$locality', gen_random_uuid(), 'u-' || n, '2025-07-01', NULL, '{}', 1
        FROM generate_series(1, 60) AS n;
    INSERT INTO unit_versions SELECT locality_id, id, valid_from, code, 'division', NULL FROM units;
    INSERT INTO periods SELECT locality_id, id, '2025-0' || n, '2025-07-01', '2025-07-31', '2025-08-05', 'open', NULL, 1
        FROM movements, generate_series(6, 9) AS n;
    INSERT INTO submissions
        SELECT u.locality_id, gen_random_uuid(), p.movement_id, p.code, u.id, 'draft', '{}', 0, NULL, false, NULL, now(), 1
        FROM units u JOIN periods p ON p.locality_id = u.locality_id ORDER BY p.code, u.code LIMIT 200;
    COMMIT; ANALYZE";

/// A report of 25 values.
fn content(numerator: usize) -> Value {
    let value = |n: usize| {
        let figures = json!({"state": "reported", "numerator": numerator, "denominator": 1000});
        (format!("CCHC-{n:02}"), figures)
    };
    json!({"narrative": "Tháng này làm tốt", "values": (0..25).map(value).collect::<serde_json::Map<_, _>>()})
}

/// What putting a draft asks of the database, under an Idempotency-Key.
async fn put(conn: &mut Conn, locality: LocalityId, id: SubmissionId, n: usize, recorded: bool) -> Result<(), Error> {
    let account = AccountId::from(Uuid::from(id));
    let key = Key { locality, account, text: Uuid::now_v7().to_string() };
    assert!(matches!(answers::claim(conn, &key, b"request").await?, Claim::New));
    static MEMORY: LazyLock<Memory> = LazyLock::new(Memory::default);
    let movement = movements::share_with_tree(conn, &Recall::of(&MEMORY, locality, None), MOVEMENT).await?;
    movements::period(conn, &movement, "2025-07").await?;
    units::history(conn, &movement.recall).await?;
    let row = submissions::table.find((locality, id));
    let _: Value = row.select(submissions::draft).for_update().first(conn).await?;
    let (before, after) = (content(n), content(n + 1));
    let draft = (submissions::draft.eq(&after), submissions::version.eq(n as i32));
    diesel::update(row).set(draft).execute(conn).await?;
    if recorded {
        let entry = Entry {
            locality,
            account,
            actor: "phong-kinh-te-1".into(),
            roles: vec!["reporter".into()],
            action: "draft_submission".into(),
            subject: format!("movements/{MOVEMENT}/submissions/2025-09/{id}"),
            at: chrono::Utc::now(),
            before: Some(before),
            after: Some(after.clone()),
            ..Entry::default()
        };
        audit_log::insert(conn, &entry).await?;
    }
    answers::keep(conn, &key, b"request", &Reply::ok(after)?, chrono::Utc::now()).await
}

/// All writers at once; how long each write took.
fn write(db: &Db, locality: LocalityId, ids: &[SubmissionId], recorded: bool) -> Vec<Duration> {
    let one = async |id: &SubmissionId| {
        let mut times = Vec::with_capacity(EACH);
        for n in 0..EACH {
            let started = Instant::now();
            db.tx(async |conn| put(conn, locality, *id, n, recorded).await).await.unwrap();
            times.push(started.elapsed());
        }
        times
    };
    thread::scope(|scope| {
        let part = |ids| scope.spawn(move || wait(join_all(<[SubmissionId]>::iter(ids).map(one))));
        let parts: Vec<_> = ids.chunks(WRITERS / THREADS).map(part).collect();
        parts.into_iter().flat_map(|part| part.join().unwrap()).flatten().collect()
    })
}

fn quantile(times: &mut [Duration], part: f64) -> f64 {
    times.sort_unstable();
    times[((times.len() - 1) as f64 * part) as usize].as_secs_f64() * 1000.0
}

#[test]
#[ignore = "measures; run with --release -- --ignored --nocapture"]
fn what_a_record_costs_two_hundred_writers_of_one_locality() {
    let home = tempfile::Builder::new().permissions(PermissionsExt::from_mode(0o755)).tempdir().unwrap();
    // A server of its own: commits wait for the disk, as they do in service.
    let server = embedded::Server::start(home.path()).unwrap();
    let url = server.url("postgres");
    wait(migrations::migrate(&url)).unwrap();
    let db = Db::connect(&url, 16, Some(server));
    let sequenced = App { db: db.clone(), ..TestApp::start().service().clone() };
    let locality = LocalityId::new();
    let ids = wait(prepare(&db, locality)).unwrap();
    assert_eq!(ids.len(), WRITERS);
    let mut times = [Vec::new(), Vec::new()];
    for round in 0..ROUNDS {
        let recorded = round % 2 == 1;
        let done = write(&db, locality, &ids, recorded);
        // The first two warm up.
        if round >= 2 {
            times[usize::from(recorded)].extend(done);
        }
        wait(chain_waiting(&sequenced)).unwrap();
    }
    let [mut without, mut with] = times;
    for part in [0.5, 0.99] {
        let (a, b) = (quantile(&mut without, part), quantile(&mut with, part));
        println!("p{:.0}: {a:.1} ms without, {b:.1} ms with the record: {:.2} ×", part * 100.0, b / a);
    }
    let verdict = wait(inspect(&db, locality, None, None)).unwrap();
    println!("{verdict}");
    assert!(verdict.holds() && verdict.links as usize == WRITERS * EACH * ROUNDS / 2);
}

async fn prepare(db: &Db, locality: LocalityId) -> Result<Vec<SubmissionId>, Error> {
    let plan = serde_json::from_str(HONG_VAN).unwrap();
    let actor = Actor {
        account: AccountId::nil(),
        acting_for: Vec::new(),
        locality,
        recall: Recall::nothing(locality),
        at: chrono::Utc::now(),
    };
    db.read(async |conn| {
        let place = "INSERT INTO localities VALUES ('$locality', '10210', 'Xã', 'xa', '2025-07-01', NULL, now())";
        conn.batch_execute(&place.replace("$locality", &locality.to_string())).await?;
        movements::load(conn, &actor, &plan).await?;
        conn.batch_execute(&PLACES.replace("$locality", &locality.to_string())).await?;
        Ok(submissions::table.select(submissions::id).load(conn).await?)
    })
    .await
}

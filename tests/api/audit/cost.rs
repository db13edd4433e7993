//! What recording costs a writer: the same work with and without the record, in one run.

use std::time::{Duration, Instant};

use diesel::sql_types::{Jsonb, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use futures_util::future::join_all;
use serde_json::{Value, json};
use thidua::{
    audit::chain_waiting,
    db::{
        AccountId, Conn, Db, LocalityId,
        answers::{self, Claim, Key},
        audit_log::{self, Entry},
        embedded, migrations,
    },
    http::{Error, Reply, Role},
};
use uuid::Uuid;

use crate::support::{TestApp, wait};

const WRITERS: usize = 200;
const ROUNDS: usize = 12;
const EACH: usize = 5;

/// A report of 25 values.
fn content(numerator: usize) -> Value {
    let value = |n: usize| {
        let figures = json!({"state": "reported", "numerator": numerator, "denominator": 1000});
        (format!("CCHC-{n:02}"), figures)
    };
    json!({"narrative": "Tháng này làm tốt", "values": (0..25).map(value).collect::<serde_json::Map<_, _>>()})
}

/// A draft put under an Idempotency-Key: claimed, locked, changed, answered.
async fn put(conn: &mut Conn, locality: LocalityId, id: Uuid, n: usize, recorded: bool) -> Result<(), Error> {
    let account = AccountId::from(id);
    let key = Key { locality, account, text: Uuid::now_v7().to_string() };
    assert!(matches!(answers::claim(conn, &key, b"request").await?, Claim::New));
    let lock = "SELECT draft FROM written WHERE locality_id = $1 AND id = $2 FOR UPDATE";
    diesel::sql_query(lock).bind::<SqlUuid, _>(locality).bind::<SqlUuid, _>(id).execute(conn).await?;
    let (before, after) = (content(n), content(n + 1));
    let update = "UPDATE written SET draft = $3 WHERE locality_id = $1 AND id = $2";
    let update = diesel::sql_query(update).bind::<SqlUuid, _>(locality).bind::<SqlUuid, _>(id);
    update.bind::<Jsonb, _>(&after).execute(conn).await?;
    if recorded {
        let entry = Entry {
            locality,
            account,
            actor: "phong-kinh-te-1".into(),
            roles: vec![Role::Reporter],
            action: "draft_submission".into(),
            subject: format!("movements/cchc-2025-h2/submissions/2025-09/{id}"),
            at: chrono::Utc::now(),
            before: Some(before),
            after: Some(after.clone()),
            ..Entry::default()
        };
        audit_log::insert(conn, &entry).await?;
    }
    answers::keep(conn, &key, b"request", &Reply::ok(after)?, chrono::Utc::now()).await
}

fn quantile(times: &mut [Duration], part: f64) -> f64 {
    times.sort_unstable();
    times[((times.len() - 1) as f64 * part) as usize].as_secs_f64() * 1000.0
}

#[test]
#[ignore = "measures; run with --ignored --nocapture, nothing else running"]
fn what_a_record_costs_two_hundred_writers_of_one_locality() {
    let home =
        tempfile::Builder::new().permissions(std::os::unix::fs::PermissionsExt::from_mode(0o755)).tempdir().unwrap();
    // A server of its own: commits wait for the disk, as they do in service.
    let server = embedded::Server::start(home.path()).unwrap();
    let url = server.url("postgres");
    wait(migrations::migrate(&url)).unwrap();
    let db = Db::connect(&url, 16, Some(server)).unwrap();
    let app = TestApp::start();
    let sequenced = thidua::app::App { db: db.clone(), ..app.service().clone() };
    let (locality, ids) = (LocalityId::new(), (0..WRITERS).map(|_| Uuid::now_v7()).collect::<Vec<_>>());
    wait(prepare(&db, locality, &ids)).unwrap();
    let mut times = [Vec::new(), Vec::new()];
    for round in 0..ROUNDS {
        let recorded = round % 2 == 1;
        let write = async |id: &Uuid| {
            let mut times = Vec::with_capacity(EACH);
            for n in 0..EACH {
                let started = Instant::now();
                db.tx(async |conn| put(conn, locality, *id, n, recorded).await).await.unwrap();
                times.push(started.elapsed());
            }
            times
        };
        let done = wait(join_all(ids.iter().map(write)));
        // The first of each is to warm up.
        if round >= 2 {
            times[usize::from(recorded)].extend(done.into_iter().flatten());
        }
        wait(chain_waiting(&sequenced)).unwrap();
    }
    let [mut without, mut with] = times;
    for part in [0.5, 0.99] {
        let (a, b) = (quantile(&mut without, part), quantile(&mut with, part));
        println!("p{:.0}: {a:.1} ms without, {b:.1} ms with the record: {:.2} ×", part * 100.0, b / a);
    }
    let verdict = wait(thidua::audit::inspect(&db, locality, None, None)).unwrap();
    println!("{verdict}");
    assert!(verdict.holds() && verdict.links as usize == WRITERS * EACH * ROUNDS / 2);
}

async fn prepare(db: &Db, locality: LocalityId, ids: &[Uuid]) -> Result<(), Error> {
    db.tx(async |conn| {
        let table = "CREATE TABLE written (locality_id uuid, id uuid, draft jsonb, PRIMARY KEY (locality_id, id))";
        diesel::sql_query(table).execute(conn).await?;
        for id in ids {
            let insert = diesel::sql_query("INSERT INTO written VALUES ($1, $2, $3)").bind::<SqlUuid, _>(locality);
            insert.bind::<SqlUuid, _>(id).bind::<Jsonb, _>(content(0)).execute(conn).await?;
        }
        Ok(())
    })
    .await
}

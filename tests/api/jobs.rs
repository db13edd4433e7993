//! Workers share the jobs: a job belongs to the worker that claimed it last, and a long job keeps no recurring one
//! waiting.

use std::{pin::Pin, sync::Mutex, time::Duration};

use chrono::TimeDelta;
use rstest::rstest;
use serde::{Deserialize, Serialize};
use thidua::{
    app::App,
    http::{Error, Result},
    jobs::{self, Job, Kind},
};
use tokio::sync::{
    mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    oneshot,
};

use crate::support::{TestApp, wait};

/// An hour after the start of a test, when every lease has run out.
const LATER: &str = "2025-09-10T03:00:00Z";

const KINDS: &[Kind] = &[Kind::of::<Once>(), Kind::of::<Recurring>()];

/// A job that begins with a message to its test and ends as the test says.
#[derive(Serialize, Deserialize)]
struct Once {
    script: usize,
}

/// The same, every hour.
#[derive(Serialize, Deserialize)]
struct Recurring {
    script: usize,
}

/// Ends one run of a job; closed once the run is dropped.
type Run = oneshot::Sender<Result<()>>;

static SCRIPTS: Mutex<Vec<UnboundedSender<Run>>> = Mutex::new(Vec::new());

fn script() -> (usize, UnboundedReceiver<Run>) {
    let (sender, runs) = unbounded_channel();
    let mut scripts = SCRIPTS.lock().unwrap();
    scripts.push(sender);
    (scripts.len() - 1, runs)
}

async fn play(script: usize) -> Result<()> {
    let (run, end) = oneshot::channel();
    let test = SCRIPTS.lock().unwrap()[script].clone();
    test.send(run).expect("the test listens");
    end.await.expect("the test ends the run")
}

impl Job for Once {
    const NAME: &'static str = "test_once";

    async fn run(self, _: &App) -> Result<()> {
        play(self.script).await
    }
}

impl Job for Recurring {
    const NAME: &'static str = "test_recurring";
    const EVERY: Option<TimeDelta> = Some(TimeDelta::hours(1));

    async fn run(self, _: &App) -> Result<()> {
        play(self.script).await
    }
}

fn enqueue(app: &TestApp, job: &impl Job) {
    let service = app.service();
    wait(service.db.tx(async |conn| jobs::enqueue(conn, service, job).await)).unwrap();
}

/// Lets a worker work until a run begins.
fn begin<T>(worker: &mut Pin<Box<impl Future<Output = T>>>, runs: &mut UnboundedReceiver<Run>) -> Run {
    wait(async {
        tokio::select! {
            _ = worker => panic!("the worker ends before its job"),
            run = runs.recv() => run.expect("a run"),
            () = tokio::time::sleep(Duration::from_secs(20)) => panic!("the job waits"),
        }
    })
}

/// All that is stored of the jobs.
fn stored(app: &TestApp) -> Vec<String> {
    app.texts("SELECT j::text AS value FROM jobs j ORDER BY id")
}

#[rstest]
#[case::done(0, Ok(()))]
#[case::failed(0, Err(Error::busy("failed")))]
#[case::failed_for_the_last_time(7, Err(Error::busy("failed")))]
fn a_worker_paused_past_its_lease_changes_nothing_of_a_job_that_another_runs(
    #[case] attempts: i32,
    #[case] end: Result<()>,
    #[values(false, true)] recurs: bool,
) {
    let app = TestApp::start();
    let (script, mut runs) = script();
    match recurs {
        true => enqueue(&app, &Recurring { script }),
        false => enqueue(&app, &Once { script }),
    }
    app.sql(&format!("UPDATE jobs SET attempts = {attempts}"));
    let mut paused = Box::pin(jobs::step(app.service(), KINDS));
    let first = begin(&mut paused, &mut runs);
    app.at(LATER);
    let mut other = Box::pin(jobs::step(app.service(), KINDS));
    let second = begin(&mut other, &mut runs);
    let held = stored(&app);
    first.send(end).unwrap();
    assert!(wait(paused).unwrap());
    assert_eq!(stored(&app), held);
    second.send(Ok(())).unwrap();
    assert!(wait(other).unwrap());
    assert_eq!(app.count("SELECT 1 FROM jobs WHERE lease_id IS NOT NULL"), 0);
    assert_eq!(app.count("SELECT 1 FROM jobs WHERE run_at = '2025-09-10T04:00:00Z'"), i64::from(recurs));
}

#[test]
fn a_worker_drops_the_work_on_a_job_that_another_has_claimed() {
    let app = TestApp::start();
    let (script, mut runs) = script();
    enqueue(&app, &Once { script });
    let mut paused = Box::pin(jobs::step(app.service(), KINDS));
    let first = begin(&mut paused, &mut runs);
    app.at(LATER);
    let mut other = Box::pin(jobs::step(app.service(), KINDS));
    let second = begin(&mut other, &mut runs);
    // At its next renewal, a few seconds later.
    assert!(wait(paused).unwrap());
    assert!(first.is_closed() && !second.is_closed());
    second.send(Ok(())).unwrap();
    assert!(wait(other).unwrap());
    assert_eq!(app.count("SELECT 1 FROM jobs"), 0);
}

#[test]
fn a_long_job_keeps_no_recurring_one_waiting() {
    let app = TestApp::start();
    let (script_of_long, mut long) = script();
    let (script_of_recurring, mut recurring) = script();
    enqueue(&app, &Once { script: script_of_long });
    let mut work = Box::pin(jobs::work(app.service().clone(), KINDS));
    let first = begin(&mut work, &mut long);
    enqueue(&app, &Recurring { script: script_of_recurring });
    let _recurring = begin(&mut work, &mut recurring);
    enqueue(&app, &Once { script: script_of_long });
    first.send(Ok(())).unwrap();
    let _next = begin(&mut work, &mut long);
}

#[rstest]
#[case::recurring(true, "run_at = '2025-10-10T02:00:00Z'", "2025-09-10T03:00:00Z")]
#[case::recurring_in_retry(true, "run_at = '2025-10-10T02:00:00Z', attempts = 3", "2025-09-10T03:00:00Z")]
#[case::once(false, "run_at = '2025-10-10T02:00:00Z'", "2025-09-10T02:00:00Z")]
#[case::once_in_retry(false, "run_at = '2025-10-10T02:00:00Z', attempts = 3", "2025-09-10T02:00:00Z")]
#[case::leased(false, "lease_id = gen_random_uuid(), leased_until = '2025-10-10T02:00:00Z'", "2025-09-10T02:00:16Z")]
fn a_job_that_a_wrong_clock_set_far_ahead_is_brought_back(
    #[case] recurs: bool,
    #[case] ahead: &str,
    #[case] runs_at: &str,
) {
    let app = TestApp::start();
    let (script, mut runs) = script();
    match recurs {
        true => enqueue(&app, &Recurring { script }),
        false => enqueue(&app, &Once { script }),
    }
    app.sql(&format!("UPDATE jobs SET {ahead}"));
    if runs_at > "2025-09-10T02:00:00Z" {
        assert!(!wait(jobs::step(app.service(), KINDS)).unwrap(), "not yet");
    }
    app.at(runs_at);
    let mut worker = Box::pin(jobs::step(app.service(), KINDS));
    begin(&mut worker, &mut runs).send(Ok(())).unwrap();
    assert!(wait(worker).unwrap());
}

#[test]
fn a_retry_waits_as_long_as_it_should() {
    let app = TestApp::start();
    let (script, _runs) = script();
    enqueue(&app, &Once { script });
    app.sql("UPDATE jobs SET attempts = 5, run_at = '2025-09-10T02:10:00Z'");
    assert!(!wait(jobs::step(app.service(), KINDS)).unwrap());
    assert_eq!(app.count("SELECT 1 FROM jobs WHERE run_at = '2025-09-10T02:10:00Z'"), 1);
}

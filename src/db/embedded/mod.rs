//! The Postgres that the service starts itself when it is given none: a child process on a Unix socket inside its own
//! 0700 directory, without TCP, that dies with us and recovers at the next start.
//!
//! Postgres refuses to run as root, so as root it runs as the data directory's owner, else `postgres`, else `nobody`.
//! A keeper thread sees to it that a server runs as long as its handle lives: it starts one again that was killed, and
//! takes over from another process of ours whose server ended with it.

mod place;

use std::{
    path::Path,
    sync::{
        Arc, Mutex,
        mpsc::{self, Sender},
    },
    thread,
    time::Duration,
};

use anyhow::{Context, bail};
use rustix::process::{Pid, Signal, kill_process};
use secrecy::SecretString;

use place::Place;

const START_MOST: Duration = Duration::from_secs(60);
/// Between two looks at a server that is starting, and at one that another process keeps.
const SOON: Duration = Duration::from_millis(20);
const LATER: Duration = Duration::from_secs(1);

/// A server that is kept running. It stops when the last handle is dropped or this process ends, however it ends.
pub struct Server {
    place: Arc<Place>,
    kept: Arc<Mutex<Kept>>,
}

/// What the keeper and the handle tell each other.
#[derive(Default)]
struct Kept {
    /// The server's process, where it was this process that started it.
    child: Option<Pid>,
    dropped: bool,
}

impl Server {
    /// Starts the server of `data_dir`, or finds it already running for another process of ours.
    pub fn start(data_dir: &Path) -> anyhow::Result<Arc<Self>> {
        let place = Arc::new(Place::of(data_dir)?);
        let kept = Arc::new(Mutex::new(Kept::default()));
        let server = Arc::new(Self { place: place.clone(), kept: kept.clone() });
        let (ready, started) = mpsc::channel();
        thread::Builder::new().name("postgres".into()).spawn(move || keep(&place, &kept, &ready))?;
        match started.recv_timeout(START_MOST) {
            Ok(started) => started.map(|()| server),
            Err(_) => {
                let why = server.place.refusal(0).map_or_else(String::new, |error| format!(": {error:#}"));
                bail!("Postgres did not start in {START_MOST:?}{why}; its log is {}", server.place.log().display())
            }
        }
    }

    /// Whether there is a cluster of `data_dir`, running or not.
    pub fn is_made(data_dir: &Path) -> anyhow::Result<bool> {
        Place::is_made(data_dir)
    }

    /// How to reach the server: `database` as its superuser.
    pub fn url(&self, database: &str) -> SecretString {
        format!("host={} user=thidua dbname={database}", self.place.socket_dir.display()).into()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let mut kept = lock(&self.kept);
        kept.dropped = true;
        if let Some(child) = kept.child {
            // SIGINT is Postgres's fast shutdown.
            kill_process(child, Signal::INT).ok();
        }
    }
}

/// A poisoned lock still holds a whole state.
fn lock(kept: &Mutex<Kept>) -> std::sync::MutexGuard<'_, Kept> {
    kept.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

/// Keeps a server running until the handle is dropped. The death signal is tied to the thread that starts the server,
/// so it is this one that starts it and stays with it. One that never started is given up, with its reason; one that
/// has run is started again as often as need be.
fn keep(place: &Place, kept: &Mutex<Kept>, ready: &Sender<anyhow::Result<()>>) {
    let mut has_run = false;
    while !lock(kept).dropped {
        if place.ready().is_some() {
            ready.send(Ok(())).ok();
            has_run = true;
            thread::sleep(LATER);
            continue;
        }
        let log_from = place.log_length();
        let refused = match run(place, kept, ready) {
            Ok(true) => {
                has_run = true;
                None
            }
            // An earlier server may still be going down; try until it is gone.
            Ok(false) => place.refusal(log_from),
            Err(error) => Some(error),
        };
        match refused {
            Some(error) if !has_run => {
                ready.send(Err(error)).ok();
                return;
            }
            Some(error) => {
                tracing::error!(error = format!("{error:#}"), "Postgres does not start again");
                thread::sleep(LATER);
            }
            None => thread::sleep(SOON),
        }
    }
}

/// Runs a server to its end; returns whether it took connections.
fn run(place: &Place, kept: &Mutex<Kept>, ready: &Sender<anyhow::Result<()>>) -> anyhow::Result<bool> {
    let mut server = {
        let mut kept = lock(kept);
        if kept.dropped {
            return Ok(false);
        }
        let server = place.server()?.spawn().context("setpriv (util-linux) is needed")?;
        kept.child = i32::try_from(server.id()).ok().and_then(Pid::from_raw);
        server
    };
    let (child, mut has_run) = (lock(kept).child, false);
    while server.try_wait()?.is_none() {
        if place.ready() == child {
            ready.send(Ok(())).ok();
            has_run = true;
            server.wait()?;
            if !lock(kept).dropped {
                tracing::warn!(log = %place.log().display(), "Postgres ended; it is started again");
            }
            break;
        }
        thread::sleep(SOON);
    }
    lock(kept).child = None;
    Ok(has_run)
}

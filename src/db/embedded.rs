//! The Postgres that the service starts itself when it is given none: a child process on a Unix socket inside its own
//! 0700 directory, without TCP, that dies with us and recovers at the next start.
//!
//! Postgres refuses to run as root, so as root it runs as the data directory's owner, else `postgres`, else `nobody`.

use std::{
    fs, io,
    os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt, chown},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{Arc, mpsc},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, bail, ensure};
use secrecy::SecretString;
use sha2::{Digest, Sha256};

/// Longest path of a Unix socket that the system takes.
const SOCKET_PATH_MOST: usize = 107;
const START_MOST: Duration = Duration::from_secs(60);

/// A running server. It stops when the last handle is dropped or this process ends, however it ends.
pub struct Server {
    socket_dir: PathBuf,
    /// The process, where it was this one that started it.
    owned: Option<u32>,
}

/// Who the server runs as, when we are root.
#[derive(Debug, Clone, Copy)]
struct User {
    uid: u32,
    gid: u32,
}

impl Server {
    /// Starts the server of `data_dir`, or finds it already running for another process of ours.
    pub fn start(data_dir: &Path) -> anyhow::Result<Arc<Self>> {
        let bin = binaries()?;
        fs::create_dir_all(data_dir).with_context(|| format!("cannot create {}", data_dir.display()))?;
        let data_dir = data_dir.canonicalize()?;
        let user = run_as(&data_dir)?;
        let home = home(&data_dir, user)?;
        let cluster = home.join("postgres");
        let socket_dir = socket_dir(&cluster, user)?;
        if is_ready(&cluster, &socket_dir) {
            return Ok(Arc::new(Self { socket_dir, owned: None }));
        }
        init(&bin, &cluster, user)?;
        let pid = run(&bin, &cluster, &socket_dir, user)?;
        Ok(Arc::new(Self { socket_dir, owned: Some(pid) }))
    }

    /// How to reach the server: `database` as its superuser.
    pub fn url(&self, database: &str) -> SecretString {
        format!("host={} user=thidua dbname={database}", self.socket_dir.display()).into()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(pid) = self.owned {
            // SIGINT is Postgres's fast shutdown; the thread that started it waits for its end.
            if let Some(pid) = i32::try_from(pid).ok().and_then(rustix::process::Pid::from_raw) {
                rustix::process::kill_process(pid, rustix::process::Signal::INT).ok();
            }
        }
    }
}

/// The directory with `postgres` and `initdb`: PG_BINDIR, else Debian's newest version, else PATH.
fn binaries() -> anyhow::Result<PathBuf> {
    let holds_server = |dir: &PathBuf| dir.join("postgres").is_file() && dir.join("initdb").is_file();
    if let Some(dir) = std::env::var_os("PG_BINDIR").map(PathBuf::from) {
        ensure!(holds_server(&dir), "PG_BINDIR={} holds no postgres and initdb; correct or unset it", dir.display());
        return Ok(dir);
    }
    let mut versions: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .filter(|(_, dir)| holds_server(dir))
        .collect();
    versions.sort();
    let newest = versions.pop().map(|(_, dir)| dir);
    let path = std::env::var_os("PATH").unwrap_or_default();
    newest
        .or_else(|| std::env::split_paths(&path).find(holds_server))
        .context("no Postgres server binaries found; install them with: sudo apt-get install -y postgresql")
}

fn run_as(data_dir: &Path) -> anyhow::Result<Option<User>> {
    let us = fs::metadata("/proc/self")?.uid();
    if us != 0 {
        return Ok(None);
    }
    let owner = fs::metadata(data_dir)?;
    if owner.uid() != 0 {
        return Ok(Some(User { uid: owner.uid(), gid: owner.gid() }));
    }
    let passwd = fs::read_to_string("/etc/passwd")?;
    ["postgres", "nobody"]
        .iter()
        .find_map(|name| {
            let mut words =
                passwd.lines().map(|l| l.split(':').collect::<Vec<_>>()).find(|w| w[0] == *name)?.into_iter();
            Some(User { uid: words.nth(2)?.parse().ok()?, gid: words.next()?.parse().ok()? })
        })
        .map(Some)
        .context("Postgres does not run as root and this system has neither a user postgres nor nobody")
}

/// Where the cluster lives: the data directory, unless the server's user cannot reach it (a clone under /root).
fn home(data_dir: &Path, user: Option<User>) -> anyhow::Result<PathBuf> {
    let Some(user) = user else { return Ok(data_dir.to_owned()) };
    let reachable = |dir: &Path| {
        fs::metadata(dir).is_ok_and(|m| {
            let mode = m.permissions().mode();
            mode & 0o001 != 0
                || (m.uid() == user.uid && mode & 0o100 != 0)
                || (m.gid() == user.gid && mode & 0o010 != 0)
        })
    };
    if data_dir.ancestors().all(reachable) {
        return Ok(data_dir.to_owned());
    }
    let elsewhere = PathBuf::from("/var/lib/thidua").join(short_name(data_dir));
    fs::create_dir_all(&elsewhere)?;
    tracing::warn!(from = %data_dir.display(), to = %elsewhere.display(), "the server's user cannot reach the data directory; the cluster lives elsewhere");
    Ok(elsewhere)
}

/// The socket sits in the cluster's directory; where that path is too long, in a short one of its own.
fn socket_dir(cluster: &Path, user: Option<User>) -> anyhow::Result<PathBuf> {
    if cluster.join(".s.PGSQL.5432.lock").as_os_str().len() <= SOCKET_PATH_MOST {
        return Ok(cluster.to_owned());
    }
    let short = PathBuf::from("/tmp").join(format!("thidua-{}", short_name(cluster)));
    private_dir(&short, user)?;
    let made = fs::symlink_metadata(&short)?;
    let owner = user.map_or(fs::metadata("/proc/self")?.uid(), |u| u.uid);
    ensure!(made.is_dir() && made.uid() == owner, "{} belongs to somebody else; remove it", short.display());
    Ok(short)
}

fn short_name(path: &Path) -> String {
    Sha256::digest(path.as_os_str().as_encoded_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

fn private_dir(dir: &Path, user: Option<User>) -> anyhow::Result<()> {
    match fs::DirBuilder::new().mode(0o700).create(dir) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(()),
        made => made.with_context(|| format!("cannot create {}", dir.display()))?,
    }
    if let Some(user) = user {
        chown(dir, Some(user.uid), Some(user.gid))?;
    }
    Ok(())
}

/// A program run as the server's user.
fn command(program: PathBuf, user: Option<User>, dies_with_us: bool) -> Command {
    let mut command = Command::new("setpriv");
    if let Some(User { uid, gid }) = user {
        command.args([format!("--reuid={uid}"), format!("--regid={gid}"), "--clear-groups".into()]);
    }
    if dies_with_us {
        // The kernel sends it when the thread that started the server ends; Postgres then shuts down fast.
        command.arg("--pdeathsig=INT");
    }
    // LC_ALL=C keeps messages in one language and needs no locales package.
    command.arg(program).current_dir("/").stdin(Stdio::null()).env("LC_ALL", "C").env_remove("PGDATA");
    command
}

/// A new cluster is made aside and renamed whole, so that a kill in the middle leaves nothing half-made.
fn init(bin: &Path, cluster: &Path, user: Option<User>) -> anyhow::Result<()> {
    if cluster.join("PG_VERSION").exists() {
        return Ok(());
    }
    let aside = cluster.with_extension("new");
    if aside.exists() {
        fs::remove_dir_all(&aside)?;
    }
    private_dir(&aside, user)?;
    let made = command(bin.join("initdb"), user, false)
        .arg("-D")
        .arg(&aside)
        .args(["--username=thidua", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-instructions"])
        .output()
        .context("cannot run initdb")?;
    if !made.status.success() {
        bail!("initdb failed: {}", String::from_utf8_lossy(&made.stderr).trim());
    }
    fs::rename(&aside, cluster).context("cannot put the new cluster in its place")
}

/// Runs the server from a thread that lives as long as it does: the death signal is tied to the starting thread.
fn run(bin: &Path, cluster: &Path, socket_dir: &Path, user: Option<User>) -> anyhow::Result<u32> {
    let log = fs::OpenOptions::new().create(true).append(true).open(log_path(cluster))?;
    let setting = |name: &str, value: &str| format!("{name}={value}");
    let mut server = command(bin.join("postgres"), user, true);
    server
        .arg("-D")
        .arg(cluster)
        .args(["-c", "listen_addresses=", "-c", &setting("unix_socket_directories", &socket_dir.display().to_string())])
        .args(["-c", "unix_socket_permissions=0700", "-c", "max_connections=200", "-c", "shared_buffers=64MB"])
        .stdout(Stdio::null())
        .stderr(log);
    let deadline = Instant::now() + START_MOST;
    loop {
        let (started, starting) = mpsc::channel();
        let (ended, ending) = mpsc::channel();
        thread::Builder::new().name("postgres".into()).spawn({
            let mut server = std::mem::replace(&mut server, Command::new("true"));
            move || {
                let child = server.spawn();
                let pid = child.as_ref().map(|c| c.id()).map_err(|e| e.kind());
                started.send(pid).ok();
                if let Ok(mut child) = child {
                    child.wait().ok();
                }
                ended.send(server).ok();
            }
        })?;
        let pid = starting.recv()?.map_err(|kind| io::Error::new(kind, "setpriv (util-linux) is needed"))?;
        while Instant::now() < deadline {
            if is_ready(cluster, socket_dir) {
                return Ok(pid);
            }
            if let Ok(again) = ending.recv_timeout(Duration::from_millis(20)) {
                // An earlier server may still be going down; try until it is gone.
                server = again;
                break;
            }
        }
        if Instant::now() >= deadline {
            bail!("Postgres did not start in {START_MOST:?}; its log is {}", log_path(cluster).display());
        }
        thread::sleep(Duration::from_millis(100));
    }
}

fn log_path(cluster: &Path) -> PathBuf {
    cluster.with_extension("log")
}

/// The lock file says ready, and its server is alive to answer on the socket.
fn is_ready(cluster: &Path, socket_dir: &Path) -> bool {
    fs::read_to_string(cluster.join("postmaster.pid"))
        .is_ok_and(|lines| lines.lines().nth(7).is_some_and(|status| status.trim() == "ready"))
        && std::os::unix::net::UnixStream::connect(socket_dir.join(".s.PGSQL.5432")).is_ok()
}

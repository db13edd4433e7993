//! Where the embedded Postgres lives, who it runs as, and the making of its cluster.

use std::{
    fs, io,
    os::unix::{
        fs::{DirBuilderExt, MetadataExt, PermissionsExt, chown},
        net::UnixStream,
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, anyhow, bail, ensure};
use rustix::{fs::statvfs, process::Pid};
use sha2::{Digest, Sha256};

use crate::canonical::hex;

/// Longest path of a Unix socket that the system takes.
const SOCKET_PATH_MOST: usize = 107;

/// Least free bytes to start with; Postgres itself writes some files before it takes connections.
const SPACE_LEAST: u64 = 256 * 1024;

/// Who the server runs as, when we are root.
#[derive(Debug, Clone, Copy)]
struct User {
    uid: u32,
    gid: u32,
}

/// A cluster of our own on this machine.
pub struct Place {
    bin: PathBuf,
    pub cluster: PathBuf,
    pub socket_dir: PathBuf,
    user: Option<User>,
}

impl Place {
    /// The cluster of `data_dir`, made where it is not there yet.
    pub fn of(data_dir: &Path) -> anyhow::Result<Self> {
        let bin = binaries()?;
        fs::create_dir_all(data_dir).with_context(|| format!("cannot create {}", data_dir.display()))?;
        let data_dir = data_dir.canonicalize()?;
        let user = run_as(&data_dir)?;
        let cluster = home(&data_dir, user)?.join("postgres");
        let socket_dir = socket_dir(&cluster, user)?;
        // Two processes may come to an empty directory at once: one makes the cluster, the other waits for it.
        let lock = fs::File::create(data_dir.join("postgres.lock"))?;
        lock.lock()?;
        init(&bin, &cluster, user)?;
        Ok(Self { bin, cluster, socket_dir, user })
    }

    /// Whether there is a cluster of `data_dir`; makes nothing.
    pub fn is_made(data_dir: &Path) -> anyhow::Result<bool> {
        if !data_dir.is_dir() {
            return Ok(false);
        }
        let data_dir = data_dir.canonicalize()?;
        Ok([elsewhere(&data_dir), data_dir].iter().any(|home| home.join("postgres/PG_VERSION").exists()))
    }

    /// The server as a program; it dies with the thread that starts it.
    pub fn server(&self) -> io::Result<Command> {
        let log = fs::OpenOptions::new().create(true).append(true).open(self.log());
        let log = log.map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", self.log().display())))?;
        let sockets = format!("unix_socket_directories={}", self.socket_dir.display());
        let mut server = command(self.bin.join("postgres"), self.user, true);
        server
            .arg("-D")
            .arg(&self.cluster)
            .args(["-c", "listen_addresses=", "-c", &sockets, "-c", "unix_socket_permissions=0700"])
            .args(["-c", "max_connections=200", "-c", "shared_buffers=64MB"])
            // A statement's error quotes the row that made it; the service logs it without the row.
            .args(["-c", "log_min_messages=log"])
            .stdout(Stdio::null())
            .stderr(log);
        Ok(server)
    }

    pub fn log(&self) -> PathBuf {
        self.cluster.with_extension("log")
    }

    pub fn log_length(&self) -> u64 {
        fs::metadata(self.log()).map_or(0, |log| log.len())
    }

    /// Why a server ended before it took connections, by its log from `log_from` on. None where another one may still be
    /// going down.
    pub fn refusal(&self, log_from: u64) -> Option<anyhow::Error> {
        let log = fs::read(self.log()).unwrap_or_default();
        let told = log.get(usize::try_from(log_from).ok()?..).map(String::from_utf8_lossy).unwrap_or_default();
        // On a full disk the log itself may lack the line.
        let left = statvfs(&self.cluster).map_or(u64::MAX, |disk| disk.f_bavail * disk.f_frsize);
        if left < SPACE_LEAST || told.contains("No space left on device") {
            let dir = self.cluster.display();
            return Some(anyhow!(
                "the disk of {dir} is full ({} KiB left); free some space and start again",
                left / 1024
            ));
        }
        let line = told.lines().rev().find(|line| line.contains("FATAL:") || line.contains("PANIC:"))?;
        let passes = ["lock file", "still in use", "the database system is"].iter().any(|words| line.contains(words));
        (!passes).then(|| anyhow!("Postgres does not start: {line}"))
    }

    /// The server's process, where the lock file says that it takes connections and the socket has somebody behind it:
    /// the file alone may be left from before a power cut.
    pub fn ready(&self) -> Option<Pid> {
        let lines = fs::read_to_string(self.cluster.join("postmaster.pid")).ok()?;
        let lines: Vec<&str> = lines.lines().map(str::trim).collect();
        let pid = Pid::from_raw(lines.first()?.parse().ok()?)?;
        let answers = || UnixStream::connect(self.socket_dir.join(".s.PGSQL.5432")).is_ok();
        (*lines.get(7)? == "ready" && answers()).then_some(pid)
    }
}

/// The directory with `postgres` and `initdb`: PG_BINDIR, else Debian's newest version, else PATH.
fn binaries() -> anyhow::Result<PathBuf> {
    let holds_server = |dir: &PathBuf| dir.join("postgres").is_file() && dir.join("initdb").is_file();
    if let Some(dir) = std::env::var_os("PG_BINDIR").filter(|dir| !dir.is_empty()).map(PathBuf::from) {
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

/// A home for the cluster of a directory that the server's user cannot reach.
fn elsewhere(data_dir: &Path) -> PathBuf {
    PathBuf::from("/var/lib/thidua").join(short_name(data_dir))
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
    let elsewhere = elsewhere(data_dir);
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
    hex(&Sha256::digest(path.as_os_str().as_encoded_bytes())[..8])
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
    // Ctrl-C at a terminal is for us: the server goes on until we have finished the requests at hand.
    command.process_group(0);
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

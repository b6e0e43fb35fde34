//! A PostgreSQL of one's own for tests, from the system's binaries: in a temporary folder, at a free port of this machine and
//! at a socket, as an unprivileged user. It ends with the process that started it, however that ends.
//!
//! Where there is none, tests that need it are passed over with a word on standard error; `ZUNO_TEST_POSTGRES=required` has
//! them fail instead.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, LazyLock};

use zuno_store::StoreError;

use crate::connect::Connect;
use crate::session::Session;
use crate::wait::aside;
use crate::{Address, PostgresStore};

/// The user that the server knows, of whom only connections over the port want the password.
pub const USER: &str = "zuno";
/// That user's password.
pub const PASSWORD: &str = "of no account";

/// What runs the server: told where its programs, its folder and its options are, and ends it when nothing holds its input
/// any more.
const KEEPER: &str = r#"
"$1/pg_ctl" -s -w -D "$2/data" -l "$2/log" -o "$3" start </dev/null >/dev/null 2>&1 && echo ready || echo failed
read -r gone
"$1/pg_ctl" -s -D "$2/data" -m immediate stop </dev/null >/dev/null 2>&1
rm -rf "$2"
"#;

/// A running server.
pub struct Local {
    folder: PathBuf,
    programs: PathBuf,
    port: u16,
    user: Option<(u32, u32)>,
    /// Held open: the server ends with it.
    _keeper: (Child, ChildStdin),
}

static SERVER: LazyLock<Option<Local>> = LazyLock::new(|| match Local::start(true) {
    Ok(server) => Some(server),
    Err(why) if std::env::var("ZUNO_TEST_POSTGRES").is_ok_and(|wanted| wanted == "required") => {
        panic!("ZUNO_TEST_POSTGRES says that PostgreSQL is required: {why}")
    }
    Err(why) => {
        eprintln!("skipped, for want of PostgreSQL: {why}");
        None
    }
});

/// The server that the tests of this process share, which does not wait for the disk; none where there is none.
pub fn server() -> Option<&'static Local> {
    SERVER.as_ref()
}

/// The highest version's programs.
fn programs() -> Result<PathBuf, String> {
    let newest = fs::read_dir("/usr/lib/postgresql").ok().and_then(|versions| {
        let version = |path: &PathBuf| path.file_name()?.to_str()?.parse::<u32>().ok();
        let versions = versions.filter_map(Result::ok).map(|entry| entry.path());
        versions.filter(|path| path.join("bin/initdb").exists()).max_by_key(version)
    });
    let along_path = || {
        let path = std::env::var_os("PATH")?;
        std::env::split_paths(&path)
            .find(|folder| folder.join("initdb").exists() && folder.join("pg_ctl").exists())
    };
    newest.map(|path| path.join("bin")).or_else(along_path).ok_or_else(|| {
        "no initdb is in /usr/lib/postgresql or along PATH: install the package `postgresql`".to_owned()
    })
}

/// Whom the server runs as where this process is root's, which PostgreSQL refuses: its user and group.
fn unprivileged() -> Option<(u32, u32)> {
    let own = fs::metadata("/proc/self").ok().map(|found| std::os::unix::fs::MetadataExt::uid(&found));
    if own != Some(0) {
        return None;
    }
    let users = fs::read_to_string("/etc/passwd").ok()?;
    ["postgres", "nobody"].iter().find_map(|name| {
        let line = users.lines().find(|line| line.split(':').next() == Some(name))?;
        let mut parts = line.split(':').skip(2);
        Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
    })
}

impl Local {
    /// Starts a server. One that is not `forgetful` waits for the disk at each commit.
    ///
    /// # Errors
    /// There is no PostgreSQL here, or it does not start.
    pub fn start(forgetful: bool) -> Result<Local, String> {
        let (programs, user) = (programs()?, unprivileged());
        let folder =
            tempfile::Builder::new().prefix("zuno-postgres-").tempdir().map_err(|cause| cause.to_string())?;
        let folder = folder.keep();
        let told = |cause: std::io::Error| format!("{}: {cause}", folder.display());
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).map_err(told)?;
        fs::write(folder.join("password"), PASSWORD).map_err(told)?;
        if let Some((user, group)) = user {
            chown(&folder, Some(user), Some(group)).map_err(told)?;
        }
        let as_user = |program: &Path| {
            let mut command = Command::new(program);
            command.current_dir(&folder).env("LC_ALL", "C").env_remove("PGHOST").env_remove("PGPORT");
            if let Some((user, group)) = user {
                command.uid(user).gid(group);
            }
            command
        };
        let made = as_user(&programs.join("initdb"))
            .args(["-D", "data", "-U", USER, "-E", "UTF8", "--locale=C", "--no-sync", "--pwfile=password"])
            .args(["--auth-local=trust", "--auth-host=scram-sha-256"])
            .stdin(Stdio::null())
            .output()
            .map_err(told)?;
        if !made.status.success() {
            return Err(format!("initdb fails: {}", String::from_utf8_lossy(&made.stderr)));
        }
        // Another process may take the port first.
        for _ in 0..3 {
            let port =
                TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).map_err(told)?.port();
            let safety = if forgetful { "-c fsync=off -c full_page_writes=off" } else { "" };
            let options = format!(
                "-p {port} -k {} -c listen_addresses=127.0.0.1 -c max_connections=400 -c max_wal_size=2GB {safety}",
                folder.display()
            );
            let mut keeper = as_user(Path::new("/bin/sh"))
                .args(["-c", KEEPER, "keeper"])
                .args([programs.as_os_str(), folder.as_os_str(), options.as_ref()])
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                // Whoever interrupts the tests ends them alone, and their end is what ends the server.
                .process_group(0)
                .spawn()
                .map_err(told)?;
            let (held, said) = (keeper.stdin.take(), keeper.stdout.take());
            let (held, said) = held.zip(said).ok_or("the keeper has no input")?;
            let mut line = String::new();
            BufReader::new(said).read_line(&mut line).map_err(told)?;
            if line.trim() == "ready" {
                return Ok(Local { folder, programs, port, user, _keeper: (keeper, held) });
            }
            if !fs::read_to_string(folder.join("log")).unwrap_or_default().contains("Address already in use")
            {
                break;
            }
        }
        Err(format!("it does not start; {}/log says why", folder.display()))
    }

    /// Where its files are.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Its port at 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The URL of a database of it, at its socket.
    pub fn url(&self, database: &str) -> String {
        let folder = self.folder.display().to_string().replace('/', "%2F");
        format!("postgres://{USER}@{folder}:{}/{database}", self.port)
    }

    /// Stops it at once and starts it again, as after a crash.
    ///
    /// # Errors
    /// It does not come back.
    pub fn restart(&self) -> Result<(), String> {
        let mut command = Command::new(self.programs.join("pg_ctl"));
        command.current_dir(&self.folder).args([
            "-s",
            "-w",
            "-D",
            "data",
            "-m",
            "immediate",
            "-l",
            "log",
            "restart",
        ]);
        if let Some((user, group)) = self.user {
            command.uid(user).gid(group);
        }
        let status =
            command.stdin(Stdio::null()).stdout(Stdio::null()).status().map_err(|cause| cause.to_string())?;
        if status.success() { Ok(()) } else { Err("it does not come back".into()) }
    }

    /// Puts a file into its data folder that it may read and nobody else.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn put(&self, name: &str, content: &str) -> std::io::Result<()> {
        let path = self.folder.join("data").join(name);
        let mut file = fs::File::create(&path)?;
        file.write_all(content.as_bytes())?;
        file.set_permissions(fs::Permissions::from_mode(0o600))?;
        self.user.map_or(Ok(()), |(user, group)| chown(&path, Some(user), Some(group)))
    }

    fn session(&self, database: &str) -> Result<(Arc<Connect>, Session), StoreError> {
        let connect = Arc::new(Connect::to(Address::read(&self.url(database), None)?)?);
        let session = connect.session()?;
        Ok((connect, session))
    }

    /// Has it carry a command out in one of its databases.
    ///
    /// # Panics
    /// It refuses.
    pub fn command(&self, database: &str, words: String) {
        // As long as the process: a command's words are.
        let words: &'static str = words.leak();
        aside(|| {
            let (_connect, session) = self.session(database).expect("the server answers");
            session.command(words);
            session.settle().unwrap_or_else(|cause| panic!("{words}: {cause}: {:?}", cause.cause));
        });
    }

    /// A new, empty database.
    pub fn database(&'static self) -> Database {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!("test{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        self.command("postgres", format!("CREATE DATABASE {name}"));
        Database { server: self, name }
    }
}

/// A database that is dropped with this.
pub struct Database {
    server: &'static Local,
    name: String,
}

impl Database {
    /// Its URL.
    pub fn url(&self) -> String {
        self.server.url(&self.name)
    }

    /// The store in it.
    pub fn store(&self) -> PostgresStore {
        let opened = Address::read(&self.url(), None).and_then(PostgresStore::open);
        opened.unwrap_or_else(|cause| panic!("the database opens: {cause}: {:?}", cause.cause))
    }

    /// Has the server carry a command out in it.
    ///
    /// # Panics
    /// It refuses.
    pub fn command(&self, words: &str) {
        self.server.command(&self.name, words.to_owned());
    }

    /// Empties it, for the next who wants a fresh one.
    pub fn wipe(&self) {
        self.command(
            "TRUNCATE tenants, records, counts, uniques, pointers, grams, counters, staged, notes, versions, log, writers",
        );
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        self.server.command("postgres", format!("DROP DATABASE {} WITH (FORCE)", self.name));
    }
}

//! `zuno run`: a client, unmodified, in an environment that leads it to this cloud.

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::process::{ExitCode, ExitStatus};
use std::sync::Arc;

use anyhow::{Context as _, Result};
use clap::Args;
use tokio::process::Command;
use zuno_gateway::{Cloud, Tally};
use zuno_intercept::{ClientFiles, Listener, OlderSetup, Variable};

use crate::declare;
use crate::folder;
use crate::reach::Target;
use crate::serve::{Admission, Behaviour, Beyond, Place, Server, listen};
use crate::setup::{self, Running};
use crate::table::{quoted_all, say};
use crate::usage::Usage;

/// The status of a command that is there but cannot be started, as shells have it.
const NOT_STARTED: u8 = 126;
/// The status of a command that is not there.
const NOT_FOUND: u8 = 127;

/// Options of `zuno run`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  zuno run -- python make_segments.py
  zuno run -- terraform apply
  zuno run --data ./cloud -- sh -c 'zuno api zpa segment-group list'
  zuno run --apply ./acme -- pytest
  zuno run --server http://127.0.0.1:8080 -- pytest

Without --server a cloud of its own is started for the command on a free port, kept in memory unless --data names a \
folder, and gone afterwards. Every variable of `zuno env` is set. Unset, because \
they would lead elsewhere: ZSCALER_PRIVATE_KEY, ZSCALER_CLOUD, ZPA_CLOUD, ZSCALER_MICROTENANT_ID, ZPA_MICROTENANT_ID, \
ZSCALER_CLIENT_PROXY_HOST, _PORT, _USERNAME, _PASSWORD, ZSCALER_HTTP_PROXY, ZSCALER_SANDBOX_TOKEN, _CLOUD, \
ZIA_OVERRIDE_URL, ZTB_OVERRIDE_URL, AIGUARD_OVERRIDE_URL, ZSCALERCTL_CLOUD, _PROXY_URL, _CONFIG, _PROFILE, \
_CLIENT_SECRET_FILE, _ZPA_MICROTENANT_ID. To set one all the same: zuno run -- env ZSCALER_CLOUD=beta CMD

What the command changed is gone with its cloud, and is told of; foreign hosts are reached by HTTPS_PROXY, HTTP_PROXY, \
ALL_PROXY and NO_PROXY as they were set.

Exit status: that of the command; 128 and the signal's number if a signal ended it; 127 if it is not found; 126 if it \
cannot be started; 1 if the cloud cannot be started.")]
pub struct Run {
    /// A server that runs already, instead of one for this command alone; --data comes first.
    #[arg(long, value_name = "URL", env = "ZUNO_SERVER")]
    server: Option<String>,
    /// Keep the state in this folder, and find it there again.
    // ZUNO_DATA names the folder of a server that stays; a command's own cloud is not to get into it unseen.
    #[arg(long, value_name = "DIR", env = "ZUNO_RUN_DATA")]
    data: Option<PathBuf>,
    /// Keep nothing, even if a folder is named, and say nothing of what is lost.
    #[arg(long, env = "ZUNO_MEMORY")]
    memory: bool,
    /// Set the variables of clients of the older hosts as well, as `zuno env --legacy` tells them.
    #[arg(long, env = "ZUNO_LEGACY")]
    legacy: bool,
    /// Make the tenant what the files of this folder say before CMD starts, as `zuno apply` does.
    #[arg(long, value_name = "FOLDER", env = "ZUNO_APPLY")]
    apply: Option<PathBuf>,
    /// The first tenant, and how the server behaves.
    #[command(flatten)]
    pub behaviour: Behaviour,
    /// The command and its arguments.
    #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true, value_name = "CMD")]
    command: Vec<OsString>,
}

/// Runs the command.
pub fn run(options: &Run) -> Result<ExitCode> {
    let mut private = tempfile::Builder::new();
    private.prefix("zuno-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        private.permissions(std::fs::Permissions::from_mode(0o700));
    }
    let trust = private.tempdir().context("cannot make a temporary folder")?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    if options.server.is_some() && options.data.is_none() && !options.memory {
        if options.apply.is_some() {
            return Err(Usage(
                "--apply is for a cloud of this command's own: `zuno apply` is for a server".into(),
            )
            .into());
        }
        let running = Running::find(&options.target())?;
        let older = options.legacy.then(|| running.older()).transpose()?;
        let operator = running.operator.as_deref();
        let variables =
            setup::variables(running.setup(trust.path())?, older.as_ref(), &running.origin, operator);
        return Ok(runtime.block_on(start(&options.command, &variables)));
    }
    runtime.block_on(async {
        let folder = options.data.clone().filter(|_| !options.memory);
        let server = Server::open(
            Place::of(folder),
            &options.behaviour,
            &Admission::default(),
            None,
            Beyond::default(),
        )?;
        let cloud = Arc::clone(&server.cloud);
        let kept = server.credentials(&options.behaviour)?;
        let (socket, bound) = listen("127.0.0.1:0".parse()?).await?;
        server.tell(bound)?;
        let files = ClientFiles::write(trust.path(), server.ca())?;
        let operator = Some(server.operator.reveal());
        let older = options.legacy.then(|| older(&cloud, &kept)).transpose()?;
        let (setup, origin) = (setup::of(bound, files, &kept), format!("http://{bound}"));
        let variables = setup::variables(setup, older.as_ref(), &origin, operator);
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let serving = tokio::spawn(server.run(vec![Listener::Plain(socket)], async {
            let _ = stopped.await;
        }));
        let code = match options.applied(&origin, kept).await {
            Ok(()) => Ok(start(&options.command, &variables).await),
            Err(wrong) => Err(wrong),
        };
        let _ = stop.send(());
        let _ = serving.await;
        options.tell(cloud.tally());
        code
    })
}

/// What clients of the older hosts need of a cloud that is in this process.
fn older(cloud: &Cloud, kept: &folder::Credentials) -> Result<OlderSetup> {
    let tenant = cloud.tenants()?.into_iter().find(|tenant| tenant.vanity == kept.vanity);
    let keys = tenant.map(|tenant| cloud.older_keys(&tenant, &kept.client_id)).transpose()?.flatten();
    keys.map(setup::older).with_context(|| format!("there is no API client `{}`", kept.client_id))
}

impl Run {
    /// Makes the tenant what a folder says, where one is named.
    async fn applied(&self, origin: &str, kept: folder::Credentials) -> Result<()> {
        let Some(folder) = self.apply.clone() else { return Ok(()) };
        let origin = origin.to_owned();
        tokio::task::spawn_blocking(move || declare::apply_here(&origin, &kept, &folder)).await?
    }

    /// Says what the command cannot have noticed: what it asked for in vain, and that what it made is gone.
    fn tell(&self, tally: &Tally) {
        let absent = tally.absent();
        if !absent.is_empty() {
            let calls: u64 = absent.iter().map(|(_, calls)| calls).sum();
            let names: Vec<&str> = absent.iter().map(|(name, _)| name.as_str()).collect();
            let (names, calls) = (names.join(", "), counted(calls, "call"));
            say(&format!("zuno: {calls} of what is not built yet: {names}; `zuno api --list` shows what is"));
        }
        if self.data.is_none() && !self.memory && tally.writes() > 0 {
            let changes = counted(tally.writes(), "change");
            let words: Vec<String> =
                self.command.iter().map(|word| word.to_string_lossy().into_owned()).collect();
            let command = quoted_all(&words);
            say(&format!(
                "zuno: {changes} went with the cloud of this command; to keep it: zuno run --data ./cloud -- {command}"
            ));
        }
    }

    fn target(&self) -> Target {
        Target {
            server: self.server.clone(),
            data: std::env::var_os("ZUNO_DATA").map(PathBuf::from),
            client_id: self.behaviour.client_id.clone(),
            client_secret: self.behaviour.client_secret.clone(),
            client_secret_file: None,
            vanity: self.behaviour.vanity.clone(),
            customer_id: self.behaviour.customer_id.map(|id| id.to_string()),
        }
    }
}

fn counted(number: u64, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

/// Starts the command and waits for it.
async fn start(command: &[OsString], variables: &[Variable]) -> ExitCode {
    let (program, arguments) = command.split_first().expect("the command line requires one word");
    let mut child = Command::new(program);
    child.args(arguments);
    for name in setup::UNSET {
        child.env_remove(name);
    }
    child.envs(variables.iter().map(|variable| (variable.name, &variable.value)));
    // Before the command starts: it may tell somebody at once, who then signals us.
    let signals = match Signals::heard() {
        Ok(signals) => signals,
        Err(cause) => {
            say(&format!("zuno: cannot hear signals: {cause}"));
            return ExitCode::FAILURE;
        }
    };
    let mut child = match child.spawn() {
        Ok(child) => child,
        Err(cause) => {
            let name = program.to_string_lossy();
            let (code, next) = if cause.kind() == io::ErrorKind::NotFound {
                (NOT_FOUND, "is it installed, and in a folder of PATH? Write `zuno run -- CMD ARGUMENTS`")
            } else {
                (NOT_STARTED, "is it a program, and may you run it?")
            };
            say(&format!("zuno: cannot start `{name}`: {cause}\n      {next}"));
            return ExitCode::from(code);
        }
    };
    match signals.wait(&mut child).await {
        Ok(status) => ExitCode::from(code_of(status)),
        Err(cause) => {
            say(&format!("zuno: lost sight of the command: {cause}"));
            ExitCode::FAILURE
        }
    }
}

#[cfg(unix)]
fn code_of(status: ExitStatus) -> u8 {
    use std::os::unix::process::ExitStatusExt as _;
    let code = status.code().or_else(|| status.signal().map(|signal| 128 + signal)).unwrap_or(1);
    u8::try_from(code & 0xff).unwrap_or(1)
}

#[cfg(not(unix))]
fn code_of(status: ExitStatus) -> u8 {
    status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)
}

/// The signals that ask a program to end.
#[cfg(unix)]
struct Signals {
    hangup: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
    quit: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    /// Hears them from now on.
    fn heard() -> io::Result<Signals> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Signals {
            hangup: signal(SignalKind::hangup())?,
            interrupt: signal(SignalKind::interrupt())?,
            quit: signal(SignalKind::quit())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    /// Waits for the command, and passes them on to it.
    async fn wait(mut self, child: &mut tokio::process::Child) -> io::Result<ExitStatus> {
        use rustix::process::Signal;
        use std::io::IsTerminal as _;
        // A terminal's keys reach the command without our help; twice would be once too often.
        let keys = io::stdin().is_terminal();
        loop {
            let caught = tokio::select! {
                status = child.wait() => return status,
                _ = self.hangup.recv() => Some(Signal::HUP),
                _ = self.terminate.recv() => Some(Signal::TERM),
                _ = self.interrupt.recv() => (!keys).then_some(Signal::INT),
                _ = self.quit.recv() => (!keys).then_some(Signal::QUIT),
            };
            let id =
                child.id().and_then(|id| i32::try_from(id).ok()).and_then(rustix::process::Pid::from_raw);
            if let (Some(signal), Some(id)) = (caught, id) {
                // It may have ended meanwhile.
                let _ = rustix::process::kill_process(id, signal);
            }
        }
    }
}

/// The console's keys reach the command without our help.
#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn heard() -> io::Result<Signals> {
        Ok(Signals)
    }

    /// Waits for the command.
    async fn wait(self, child: &mut tokio::process::Child) -> io::Result<ExitStatus> {
        loop {
            tokio::select! {
                status = child.wait() => return status,
                _ = tokio::signal::ctrl_c() => {}
            }
        }
    }
}

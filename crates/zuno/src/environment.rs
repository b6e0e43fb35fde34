//! `zuno env`: the variables that lead unmodified clients to a running server, in the words of a shell.

use std::ffi::OsString;
use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::{Args, Command, ValueEnum};
use zuno_intercept::{Before, NAMES, OLDER_NAMES, Shell};

use crate::folder;
use crate::reach::Target;
use crate::setup::{self, Running};
use crate::table::print;

/// Options of `zuno env`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  zuno serve &
  eval \"$(zuno env)\"                                   bash, zsh, dash
  zuno env | source                                    fish
  zuno env | Out-String | Invoke-Expression            PowerShell
  eval \"$(zuno env --server http://127.0.0.1:8080 --client-id ci --client-secret \"$SECRET\")\"

After that the vendor's SDKs, Terraform providers, curl and `zuno api` reach the server without any other set-up: they \
call the cloud's own host names, through a proxy that the server is, under a local CA that they are told to trust. \
Inherited variables that would lead them elsewhere are unset. The credentials are printed: they are what a client needs.

Where no server is found, what is printed makes the shell fail and takes the variables of any cloud away, so that \
nothing goes on with those of another.

  eval \"$(zuno env --legacy)\"                  older clients, too
  eval \"$(zuno env --unset)\"                   puts back what was there before")]
pub struct Env {
    /// The shell to write for; the one that asks when not said.
    #[arg(long, value_enum)]
    shell: Option<ShellName>,
    /// Write one JSON object of names and values instead.
    #[arg(long, conflicts_with_all = ["shell", "unset"])]
    json: bool,
    /// Take the variables away again, and put back the proxies, CA files and options that they replaced. Credentials that
    /// were replaced do not come back.
    #[arg(long)]
    unset: bool,
    /// Besides, the variables by which clients of the older hosts sign in: ZIA_, ZTW_, ZTC_, ZCON_, ZCC_ and ZDX_. Some newer
    /// clients that find them choose the older way.
    #[arg(long, conflicts_with = "unset")]
    legacy: bool,
    /// Leave the credentials and the tenant that are set as they are, and lead their clients here nevertheless: to a server
    /// that carries their calls on and records them (`zuno serve --record`).
    #[arg(long, conflicts_with_all = ["unset", "legacy"])]
    keep_credentials: bool,
    /// Which server, and as whom.
    #[command(flatten)]
    target: Target,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ShellName {
    /// bash, zsh, dash and other POSIX shells.
    Sh,
    /// fish.
    Fish,
    /// PowerShell.
    Powershell,
}

/// Runs the command.
pub fn run(options: &Env) -> Result<ExitCode> {
    let shell = written_for(options.shell);
    if options.unset {
        print(&back(shell)?)?;
        return Ok(ExitCode::SUCCESS);
    }
    let running = if options.keep_credentials {
        Running::without_client(&options.target)?
    } else {
        Running::find(&options.target)?
    };
    let trust = match options.target.folder() {
        Some(path) if running.of_folder => folder::trust(&path),
        _ => cache(&running)?,
    };
    let older = options.legacy.then(|| running.older()).transpose()?;
    let operator = running.operator.as_deref();
    let mut variables = setup::variables(running.setup(&trust)?, older.as_ref(), &running.origin, operator);
    let mut gone = setup::UNSET.to_vec();
    if options.keep_credentials {
        variables.retain(|variable| !setup::names_somebody(variable.name));
        gone.retain(|name| setup::leads_elsewhere(name));
    }
    if options.json {
        print(&Shell::Json.render(&variables, false))?;
        return Ok(ExitCode::SUCCESS);
    }
    // Whoever looks at them reads the reasons too; a shell that was not given quotes would take them for the rest of a line.
    let reasons = std::io::stdout().is_terminal();
    let title = if reasons { "# would lead elsewhere\n" } else { "" };
    print(&format!("{title}{}{}", shell.unset(&gone), shell.render(&variables, reasons)))?;
    Ok(ExitCode::SUCCESS)
}

/// The shell that waits for variables, if the words of the command line ask for some, and whether for those of the older
/// clients too.
pub fn asked(command: Command, words: &[OsString]) -> Option<(Shell, bool)> {
    let loose = command.ignore_errors(true).disable_help_flag(true);
    let matches = loose.try_get_matches_from(words).ok()?;
    let (name, inner) = matches.subcommand()?;
    if name != "env" || inner.get_flag("json") || inner.get_flag("unset") {
        return None;
    }
    let shell = written_for(inner.try_get_one("shell").ok().flatten().copied());
    Some((shell, inner.get_flag("legacy")))
}

/// Tells a shell that evaluates what is printed that there is nothing to go on with: clients must not go on to the cloud
/// that its variables name.
pub fn refuse(shell: Shell, legacy: bool) {
    if std::io::stdout().is_terminal() {
        return;
    }
    let of_clouds = |name: &&&str| name.starts_with("ZSCALER") || name.starts_with("ZPA");
    let mut names: Vec<&str> = NAMES.iter().filter(of_clouds).copied().collect();
    names.extend(setup::UNSET);
    if legacy {
        names.extend(OLDER_NAMES);
    }
    let failure = shell.fail("zuno env found no server");
    // Whoever does not read on does not evaluate it either.
    let _ = print(&format!("{}{failure}", shell.unset(&names)));
}

/// What puts back the variables of before.
fn back(shell: Shell) -> Result<String> {
    let before =
        Before::kept().context("this shell is pointed at no server: there is nothing to put back")?;
    let older: &[&str] = if before.has_older() { &OLDER_NAMES } else { &[] };
    let all = NAMES.iter().chain(older).copied();
    let gone: Vec<&str> = all.filter(|name| before.get(name).is_none()).collect();
    let put: String = before.iter().map(|(name, value)| shell.set(name, value)).collect();
    Ok(shell.unset(&gone) + &put)
}

fn written_for(named: Option<ShellName>) -> Shell {
    match named.unwrap_or_else(asking) {
        ShellName::Sh => Shell::Sh,
        ShellName::Fish => Shell::Fish,
        ShellName::Powershell => Shell::PowerShell,
    }
}

/// Where the trust files of servers without a folder of ours are kept: certificates only, no secret.
fn cache(running: &Running) -> Result<PathBuf> {
    let own = directories::ProjectDirs::from("", "", "zuno");
    let own =
        own.context("this platform has no cache folder for programs: name the server's folder with --data")?;
    let name = running.proxy.to_string().replace([':', '[', ']', '%'], "_");
    let path = own.cache_dir().join("trust").join(name);
    folder::make(&path)?;
    Ok(path)
}

/// The shell that runs this command, told by the name of the parent process.
fn asking() -> ShellName {
    let name = parent().unwrap_or_default();
    let name = name.rsplit('/').next().unwrap_or_default().trim_start_matches('-');
    match name {
        "fish" => ShellName::Fish,
        "pwsh" | "powershell" => ShellName::Powershell,
        _ if cfg!(windows) => ShellName::Powershell,
        _ => ShellName::Sh,
    }
}

#[cfg(unix)]
fn parent() -> Option<String> {
    let id = std::os::unix::process::parent_id().to_string();
    let told = std::fs::read_to_string(format!("/proc/{id}/comm")).ok();
    told.or_else(|| {
        let said = std::process::Command::new("ps").args(["-o", "comm=", "-p", &id]).output().ok()?;
        String::from_utf8(said.stdout).ok()
    })
    .map(|name| name.trim().to_owned())
}

#[cfg(not(unix))]
fn parent() -> Option<String> {
    None
}

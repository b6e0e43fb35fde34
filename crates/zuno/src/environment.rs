//! `zuno env`: the variables that lead unmodified clients to a running server, in the words of a shell.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::{Args, ValueEnum};
use zuno_intercept::Shell;

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
Inherited variables that would lead them elsewhere are unset. The credentials are printed: they are what a client needs.")]
pub struct Env {
    /// The shell to write for; the one that asks when not said.
    #[arg(long, value_enum)]
    shell: Option<ShellName>,
    /// Write one JSON object of names and values instead.
    #[arg(long, conflicts_with = "shell")]
    json: bool,
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
    let running = Running::find(&options.target)?;
    let trust = match options.target.folder() {
        Some(path) if running.of_folder => folder::trust(&path),
        _ => cache(&running)?,
    };
    let variables = setup::variables(&running.setup(&trust)?, &running.origin);
    if options.json {
        print(&Shell::Json.render(&variables))?;
        return Ok(ExitCode::SUCCESS);
    }
    let shell = options.shell.unwrap_or_else(asking);
    let unset = unset(shell);
    let shell = match shell {
        ShellName::Sh => Shell::Sh,
        ShellName::Fish => Shell::Fish,
        ShellName::Powershell => Shell::PowerShell,
    };
    print(&format!("# would lead elsewhere\n{unset}{}", shell.render(&variables)))?;
    Ok(ExitCode::SUCCESS)
}

fn unset(shell: ShellName) -> String {
    match shell {
        ShellName::Sh => format!("unset {}\n", setup::UNSET.join(" ")),
        ShellName::Fish => setup::UNSET.iter().map(|name| format!("set -e {name}\n")).collect(),
        ShellName::Powershell => {
            let line = |name: &&str| format!("Remove-Item Env:{name} -ErrorAction Ignore\n");
            setup::UNSET.iter().map(line).collect()
        }
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

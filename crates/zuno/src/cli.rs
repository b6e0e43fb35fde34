//! The command line: what can be asked, and how it is explained.

use std::path::PathBuf;

use clap::builder::Styles;
use clap::builder::styling::{AnsiColor, Style};
use clap::{CommandFactory as _, Parser, Subcommand};

use crate::configuration::defaults::WITHOUT_VARIABLE;
use crate::{
    api, audit, client, clock, compare, db, declare, demo, documents, endpoints, environment, everyday,
    fault, logs, policy, replay, run, serve, sim, snapshot, tenant, what_if,
};

/// The OneAPI cloud you can run yourself.
///
/// Real clients (SDKs, Terraform providers, curl) take this program for the cloud: it issues tokens, keeps real state
/// and answers as the six product APIs do. Not affiliated with the vendor.
#[derive(Debug, Parser)]
#[command(name = "zuno", version, propagate_version = true, styles = STYLES, max_term_width = 100)]
#[command(after_help = "\
First steps:
  zuno demo                         every documented example, sent and answered
  zuno run -- python my_script.py   a client, unmodified, with its own cloud
  zuno serve                        a cloud that stays, its state in a folder
  eval \"$(zuno env)\"                points this shell's clients at it

Every option has a variable, --mirror-every is ZUNO_MIRROR_EVERY, and may stand in the configuration file. Only --real, \
--record and --spy, which lead to the real cloud, must be said each time.

Exit status: 0 done; 1 refused or failed; 2 the command line is wrong. `zuno run` returns its command's.")]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// Say more on standard error; twice for everything.
    #[arg(short, long, global = true, action = clap::ArgAction::Count, display_order = 900)]
    pub verbose: u8,
    /// Options from a TOML file, tables for commands; `zuno/config.toml` in the platform's folder when not said.
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        env = "ZUNO_CONFIG",
        hide_env_values = true,
        display_order = 901
    )]
    pub config: Option<PathBuf>,
}

/// Headings stand out, and what is typed stands out from what is replaced.
const STYLES: Styles = Styles::styled()
    .header(Style::new().bold())
    .usage(Style::new().bold())
    .literal(AnsiColor::Cyan.on_default())
    .placeholder(AnsiColor::Green.on_default());

/// What can be asked.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the cloud; prints where it listens and how to point a client at it.
    #[command(after_help = "\
Examples:
  zuno serve
  zuno serve --memory --listen 127.0.0.1:0 --client-id ci --client-secret \"$SECRET\"
  zuno serve --data ./cloud --vanity example --limits real
  zuno serve --memory --apply ./acme
  zuno serve --mirror-endpoints --mirror-every 6h
  zuno serve --record conversation.json
  zuno serve --database 'postgres://zuno@db.example.net/zuno?sslmode=verify-full' --keys /etc/zuno/keys

The first line printed is where it listens. Credentials, the local CA and the files that clients trust are in the \
data folder; `eval \"$(zuno env)\"` reads them there.")]
    Serve(serve::Serve),
    /// Run a client, unmodified, against this cloud.
    Run(run::Run),
    /// Print the variables that lead clients to a running server.
    Env(environment::Env),
    /// Take the guided tour: every documented example, sent and answered.
    Demo(demo::Demo),
    /// Call any operation of the six APIs.
    Api(api::Api),
    /// Print an access token.
    Token(everyday::Token),
    /// Tell the categories of URLs.
    Lookup(everyday::Lookup),
    /// Make the changes that wait take effect.
    Activate(everyday::Activate),
    /// Administer the tenants of a running server.
    #[command(subcommand)]
    Tenant(tenant::Tenant),
    /// Administer the API clients of a tenant.
    #[command(subcommand)]
    Client(client::Client),
    /// Give a running server simulated machines: connectors, service edges, private cloud controllers.
    #[command(subcommand)]
    Sim(sim::Sim),
    /// Tell what would become of a request, by which rule, and why.
    WhatIf(what_if::WhatIf),
    /// Keep questions as tests, find rules that nothing meets, and tell what a change treats otherwise.
    #[command(subcommand)]
    Policy(policy::Policy),
    /// Ask the questions of files, as `zuno policy test` does.
    Test(policy::Test),
    /// Keep the state of a tenant under a name: restore it, compare it, write it to a file.
    #[command(subcommand)]
    Snapshot(snapshot::Snapshot),
    /// Write the configuration of a tenant to files, a kind a file, names in the place of ids.
    Pull(declare::Pull),
    /// Tell what it takes to make a tenant what files say.
    Plan(declare::Plan),
    /// Make a tenant of a Zuno what files say.
    Apply(declare::Apply),
    /// Make a tenant what files say, of the real cloud too.
    Push(declare::Push),
    /// Tell whether a tenant is still what files say.
    Drift(declare::Drift),
    /// Let calls of a tenant fail, be late or be cut off, as a real cloud's sometimes are.
    #[command(subcommand)]
    Fault(fault::Fault),
    /// Move, stop and hasten the clock of a running server, or of one of its tenants.
    #[command(subcommand)]
    Clock(clock::Clock),
    /// Tell which calls a running server answered, why it refused them, and whether they came as expected.
    Logs(logs::Logs),
    /// Send recorded conversations to a Zuno, and tell where it answers otherwise.
    Replay(replay::Replay),
    /// Ask two versions of Zuno the same, and tell where they answer differently.
    Compare(compare::Compare),
    /// Tell what happened at a tenant: who changed what, when.
    Audit(audit::Audit),
    /// Tell what a database holds, or copy it: from a folder to PostgreSQL, and back.
    #[command(
        subcommand,
        after_help = "\
Examples:
  zuno db status
  zuno db copy --from ./cloud --to 'postgres://zuno@db.example.net/zuno?sslmode=verify-full'"
    )]
    Db(db::Db),
    /// Read the published service endpoints: where an address is, what changed, lists for firewalls.
    #[command(
        subcommand,
        after_help = "\
Examples:
  zuno endpoints lookup --live 165.225.240.12
  zuno endpoints allowlist --live --format nftables --output /etc/nftables.d/zscaler.nft
  zuno endpoints diff yesterday.json today.json

Documents come from the real site (--live), from files (--file), or from a Zuno (--server, or the one that is running)."
    )]
    Endpoints(endpoints::Endpoints),
    /// Print the OpenAPI 3.1 document of what the catalogue describes.
    Openapi(documents::OpenApi),
    /// Print the completions of a shell.
    Completions(documents::Completions),
    /// Print the manual page, or write all of them.
    Man(documents::Man),
}

/// The command line, in which every option has its variable.
pub fn command() -> clap::Command {
    with_variables(Cli::command())
}

/// A flag that is switched on by a variable, unless that says no.
fn is_flag(arg: &clap::Arg) -> bool {
    matches!(arg.get_action(), clap::ArgAction::SetTrue)
}

fn with_variables(command: clap::Command) -> clap::Command {
    let of_its_own = |arg: &clap::Arg| {
        let long = arg.get_long()?;
        let named = arg.get_env().is_none() && !WITHOUT_VARIABLE.contains(&long);
        named.then(|| format!("ZUNO_{}", long.replace('-', "_").to_ascii_uppercase()))
    };
    let mut command = command.mut_args(|arg| {
        let arg = if is_flag(&arg) { arg.value_parser(clap::builder::FalseyValueParser::new()) } else { arg };
        match of_its_own(&arg) {
            Some(name) => arg.env(name).hide_env(true),
            None => arg,
        }
    });
    let names: Vec<String> = command.get_subcommands().map(|inner| inner.get_name().to_owned()).collect();
    for name in names {
        command = command.mut_subcommand(name, with_variables);
    }
    command
}

#[cfg(test)]
mod tests {
    use super::{WITHOUT_VARIABLE, command};

    fn without(command: &clap::Command, path: &str, found: &mut Vec<String>) {
        for arg in command.get_arguments() {
            let Some(long) = arg.get_long().filter(|long| !WITHOUT_VARIABLE.contains(long)) else { continue };
            let name = arg.get_env().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            if !name.starts_with("ZUNO_") {
                found.push(format!("{path} --{long}"));
            }
        }
        for inner in command.get_subcommands() {
            without(inner, &format!("{path} {}", inner.get_name()), found);
        }
    }

    fn wrapped_twice(command: &clap::Command, path: &str, found: &mut Vec<String>) {
        let texts = [command.get_after_help(), command.get_after_long_help(), command.get_long_about()];
        for line in texts
            .into_iter()
            .flatten()
            .flat_map(|text| text.to_string().lines().map(str::to_owned).collect::<Vec<_>>())
        {
            // A paragraph is one line here, and the terminal's width breaks it; what stands in columns must fit 80.
            if line.trim_start().contains("   ") && line.chars().count() > 80 {
                found.push(format!("{path}: {line}"));
            }
        }
        for inner in command.get_subcommands() {
            wrapped_twice(inner, &format!("{path} {}", inner.get_name()), found);
        }
    }

    #[test]
    fn no_help_is_wrapped_twice() {
        let mut found = Vec::new();
        wrapped_twice(&command(), "zuno", &mut found);
        assert_eq!(found, Vec::<String>::new());
    }

    #[test]
    fn every_option_has_its_variable() {
        let mut found = Vec::new();
        without(&command(), "zuno", &mut found);
        assert_eq!(found, Vec::<String>::new());
    }
}

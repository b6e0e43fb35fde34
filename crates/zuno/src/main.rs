//! The one binary: reads the command line and wires the server together.

mod address;
mod api;
mod asking;
mod audit;
mod body;
mod cli;
mod client;
mod clock;
mod compare;
mod configuration;
mod db;
mod declare;
mod demo;
mod documents;
mod endpoints;
mod environment;
mod everyday;
mod fault;
mod folder;
mod log;
mod logs;
mod operations;
mod operator;
mod pages;
mod policy;
mod reach;
mod recover;
mod replay;
mod run;
mod secret;
mod serve;
mod setup;
mod sim;
mod snapshot;
mod span;
mod table;
mod tenant;
mod usage;
mod what_if;

use std::ffi::OsString;
use std::process::ExitCode;

use crate::table::say;
use crate::usage::Usage;

/// Gives memory back that a burst took, on every thread: see docs/decisions/0013-allocator.md.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let words: Vec<OsString> = std::env::args_os().collect();
    let outcome = configuration::read_command_line(&words).and_then(run);
    // A shell that evaluates what is printed hears of a failure only there.
    let failed = outcome.as_ref().is_err_and(|wrong| !is_help(wrong));
    if let Some((shell, legacy)) = environment::asked(cli::command(), &words).filter(|_| failed) {
        environment::refuse(shell, legacy);
    }
    ended(outcome)
}

fn is_help(wrong: &anyhow::Error) -> bool {
    wrong.downcast_ref::<clap::Error>().is_some_and(|wrong| !wrong.use_stderr())
}

fn run(asked: configuration::Asked) -> anyhow::Result<ExitCode> {
    let configuration::Asked { cli, file } = asked;
    // Its words may ask for more to be told, so it sets up the log itself.
    if !matches!(cli.command, cli::Command::Api(_)) {
        log::start(cli.verbose, matches!(cli.command, cli::Command::Serve(_)));
    }
    match cli.command {
        cli::Command::Serve(mut options) => {
            options.behaviour.read_files()?;
            serve::run(&options)
        }
        cli::Command::Run(mut options) => {
            options.behaviour.read_files()?;
            run::run(&options)
        }
        cli::Command::Env(options) => environment::run(&options),
        cli::Command::Demo(mut options) => {
            options.behaviour.read_files()?;
            demo::run(&options)
        }
        cli::Command::Api(options) => api::run(&options, cli.verbose, file.as_ref()),
        cli::Command::Token(options) => everyday::token(&options),
        cli::Command::Lookup(options) => everyday::lookup(&options),
        cli::Command::Activate(options) => everyday::activate(&options),
        cli::Command::Tenant(options) => tenant::run(&options),
        cli::Command::Client(options) => client::run(&options),
        cli::Command::Sim(options) => sim::run(&options),
        cli::Command::WhatIf(options) => what_if::run(&options),
        cli::Command::Policy(options) => policy::run(&options),
        cli::Command::Test(options) => policy::test(&options),
        cli::Command::Snapshot(options) => snapshot::run(&options),
        cli::Command::Pull(options) => declare::pull(&options),
        cli::Command::Plan(options) => declare::plan(&options),
        cli::Command::Apply(options) => declare::apply(&options),
        cli::Command::Push(options) => declare::push(&options),
        cli::Command::Drift(options) => declare::drift(&options),
        cli::Command::Fault(options) => fault::run(&options),
        cli::Command::Clock(options) => clock::run(&options),
        cli::Command::Logs(options) => logs::run(&options),
        cli::Command::Replay(options) => replay::run(&options, cli.verbose),
        cli::Command::Compare(options) => compare::run(&options, cli.verbose),
        cli::Command::Audit(options) => audit::run(&options),
        cli::Command::Db(options) => db::run(&options),
        cli::Command::Endpoints(options) => endpoints::run(&options),
        cli::Command::Openapi(options) => documents::openapi(&options),
        cli::Command::Completions(options) => documents::completions(&options, cli::command()),
        cli::Command::Man(options) => documents::man(&options, cli::command()),
    }
}

fn ended(outcome: anyhow::Result<ExitCode>) -> ExitCode {
    match outcome {
        Ok(code) => code,
        // Whoever read our output has read enough.
        Err(wrong) if has_gone(&wrong) => ExitCode::SUCCESS,
        Err(wrong) if wrong.is::<clap::Error>() => {
            let wrong = wrong.downcast::<clap::Error>().expect("it was just seen to be one");
            // Whoever does not read it needs no more of it.
            let _ = wrong.print();
            ExitCode::from(u8::try_from(wrong.exit_code()).unwrap_or(2))
        }
        Err(wrong) => {
            say(&format!("zuno: {wrong:#}"));
            if let Some(next) = reach::next_step(&wrong) {
                say(&format!("      {next}"));
            }
            if wrong.is::<Usage>() { ExitCode::from(2) } else { ExitCode::FAILURE }
        }
    }
}

fn has_gone(wrong: &anyhow::Error) -> bool {
    let broken = |cause: &std::io::Error| cause.kind() == std::io::ErrorKind::BrokenPipe;
    wrong.chain().filter_map(|cause| cause.downcast_ref()).any(broken)
}

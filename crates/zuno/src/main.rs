//! The one binary: reads the command line and wires the server together.

mod admin;
mod api;
mod cli;
mod configuration;
mod demo;
mod documents;
mod endpoints;
mod environment;
mod everyday;
mod folder;
mod operations;
mod pages;
mod reach;
mod run;
mod serve;
mod setup;
mod sim;
mod table;

use std::fmt;
use std::process::ExitCode;

use clap::CommandFactory as _;

/// The command line asks for something that cannot be: exit status 2.
#[derive(Debug)]
pub struct Usage(pub String);

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Usage {}

fn main() -> ExitCode {
    ended(configuration::read_command_line().and_then(|cli| {
        cli::log(cli.verbose);
        run(cli.command)
    }))
}

fn run(command: cli::Command) -> anyhow::Result<ExitCode> {
    match command {
        cli::Command::Serve(options) => serve::run(&options),
        cli::Command::Run(options) => run::run(&options),
        cli::Command::Env(options) => environment::run(&options),
        cli::Command::Demo(options) => demo::run(&options),
        cli::Command::Api(options) => api::run(&options),
        cli::Command::Token(options) => everyday::token(&options),
        cli::Command::Lookup(options) => everyday::lookup(&options),
        cli::Command::Activate(options) => everyday::activate(&options),
        cli::Command::Tenant(options) => admin::tenant(&options),
        cli::Command::Client(options) => admin::client(&options),
        cli::Command::Sim(options) => sim::run(&options),
        cli::Command::Endpoints(options) => endpoints::run(&options),
        cli::Command::Openapi(options) => documents::openapi(&options),
        cli::Command::Completions(options) => documents::completions(&options, cli::Cli::command()),
        cli::Command::Man(options) => documents::man(&options, cli::Cli::command()),
    }
}

fn ended(outcome: anyhow::Result<ExitCode>) -> ExitCode {
    match outcome {
        Ok(code) => code,
        // Whoever read our output has read enough.
        Err(wrong) if has_gone(&wrong) => ExitCode::SUCCESS,
        Err(wrong) => {
            anstream::eprintln!("zuno: {wrong:#}");
            if let Some(next) = reach::next_step(&wrong) {
                anstream::eprintln!("      {next}");
            }
            if wrong.is::<Usage>() { ExitCode::from(2) } else { ExitCode::FAILURE }
        }
    }
}

fn has_gone(wrong: &anyhow::Error) -> bool {
    let broken = |cause: &std::io::Error| cause.kind() == std::io::ErrorKind::BrokenPipe;
    wrong.chain().filter_map(|cause| cause.downcast_ref()).any(broken)
}

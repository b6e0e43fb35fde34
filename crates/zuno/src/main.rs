//! The one binary: reads the command line and wires the server together.

mod cli;
mod folder;
mod serve;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    cli::log(cli.verbose);
    let outcome = match cli.command {
        cli::Command::Serve(options) => serve::run(&options),
    };
    match outcome {
        Ok(code) => code,
        Err(wrong) => {
            eprintln!("zuno: {wrong:#}");
            ExitCode::FAILURE
        }
    }
}

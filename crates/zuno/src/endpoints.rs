//! The published service endpoints: listed, looked up, compared, watched, drawn, and made into lists for firewalls.

mod allowlist;
mod diff;
mod list;
mod lookup;
mod map;
pub mod mirror;
pub mod source;
mod wanted;
mod watch;

use std::process::ExitCode;

use anyhow::Result;
use clap::Subcommand;

/// What can be done with the published service endpoints.
#[derive(Debug, Subcommand)]
pub enum Endpoints {
    /// List the data centres, or the prefixes of a document.
    List(list::List),
    /// Tell where addresses are: data centre, city, kind, and whether an address is a virtual one.
    Lookup(lookup::Lookup),
    /// Tell what changed between documents; order and repetition are no change.
    Diff(diff::Diff),
    /// Write a minimal list of prefixes for a firewall.
    Allowlist(allowlist::Allowlist),
    /// Watch documents, and run a command when they change.
    Watch(watch::Watch),
    /// Draw the data centres on a map of the world.
    Map(map::Map),
}

/// Runs `zuno endpoints`.
pub fn run(options: &Endpoints) -> Result<ExitCode> {
    match options {
        Endpoints::List(options) => list::run(options),
        Endpoints::Lookup(options) => lookup::run(options),
        Endpoints::Diff(options) => diff::run(options),
        Endpoints::Allowlist(options) => allowlist::run(options),
        Endpoints::Watch(options) => watch::run(options),
        Endpoints::Map(options) => map::run(options),
    }
}

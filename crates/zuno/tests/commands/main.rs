//! The commands as a user types them, against servers of their own on ports of their own.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod administer;
mod api;
mod common;
mod compare;
mod configuration;
mod database;
mod declare;
mod docs;
mod documents;
mod endpoints;
mod folder;
mod health;
mod led;
mod operate;
mod policy;
mod real;
mod record;
mod replay;
mod run;
mod server;
mod snapshot;
mod snapshot_kill;
mod spy;
mod steer;
mod what_if;

//! `zuno compare`: two versions of Zuno are asked the same, and their answers are held against each other.

mod both;
mod version;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use zuno_recording::{Bindings, Body, compare};

use self::both::Both;
use self::version::Version;
use crate::demo::Tour;
use crate::replay::{Played, Player, Recording, Told, recordings};
use crate::table::Shown;

/// Options of `zuno compare`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  zuno compare ~/.cargo/bin/zuno target/release/zuno
  zuno compare -v old/zuno new/zuno conversation.json recordings/zia

Both are started in memory with the same seed, anew for each recording, and are asked the same calls in the same order. All \
members and values count, but moments and drawn texts; ids may be others as long as they are so throughout. Without \
recordings the examples of `zuno demo` are asked.

Exit status: 0 when all answers are the same; 1 when one differs, or a version does not start.")]
pub struct Compare {
    /// The program of one version.
    old: PathBuf,
    /// The program of the other one.
    new: PathBuf,
    /// Recordings, or folders of them, as `zuno replay` takes them.
    recordings: Vec<PathBuf>,
    /// The number from which both take ids and secrets.
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
    #[command(flatten)]
    shown: Shown,
}

/// Runs the command.
pub fn run(options: &Compare, verbose: u8) -> Result<ExitCode> {
    let mut told = Told::new("the same", false);
    let start = || {
        Ok::<_, anyhow::Error>([
            Version::start(&options.old, options.seed)?,
            Version::start(&options.new, options.seed)?,
        ])
    };
    if options.recordings.is_empty() {
        let [old, new] = start()?;
        let kept = old.credentials();
        let mut tour = Tour { scene: Both::new(&old, &new), kept };
        tour.take()?;
        told.add(tour.scene.played);
    }
    let recordings = match options.recordings.is_empty() {
        true => Vec::new(),
        false => recordings(&options.recordings)?,
    };
    for recording in &recordings {
        let [old, new] = start()?;
        told.add(asked(recording, old.player()?, new.player()?)?);
    }
    told.show(&options.shown, verbose)?;
    Ok(if told.is_same() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Sends the calls of a recording to both, each with its own ids.
fn asked(recording: &Recording, mut old: Player, mut new: Player) -> Result<Played> {
    let mut played = Played::of(&recording.name);
    let mut bindings = Bindings::default();
    for exchange in &recording.conversation.exchanges {
        let call = format!("{} {}", exchange.method, exchange.path);
        if let Some(why) = old.cannot_send(exchange) {
            played.pass_over(call, why);
            continue;
        }
        let (one, other) = (old.send(exchange)?, new.send(exchange)?);
        old.learn(exchange, &one);
        new.learn(exchange, &other);
        if let (Body::Json(one), Body::Json(other)) = (&one.body, &other.body) {
            bindings.learn(one, other);
        }
        played.add(call, compare((one.status, &one.body), (other.status, &other.body), &bindings));
    }
    Ok(played)
}

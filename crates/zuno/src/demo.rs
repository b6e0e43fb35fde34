//! `zuno demo`: every example call of the vendor's introductions, sent to a cloud made for the tour, and answered.

mod stage;
mod step;
mod tour;

pub use step::{Body, Caller, Step, sent};
pub use tour::{Scene, Tour};

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use zuno_client::Operator;
use zuno_intercept::Listener;

use self::stage::Stage;
use crate::serve::{Admission, Behaviour, Beyond, Place, Server, listen};
use crate::table::print;

/// Options of `zuno demo`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  zuno demo
  zuno demo --whole | less

A cloud is started in memory for the tour and gone afterwards; no other machine is called. Secrets are not shown.

Exit status: 0 when every call that is built was answered as documented; 1 otherwise.")]
pub struct Demo {
    /// Show whole bodies, however long.
    #[arg(long)]
    whole: bool,
    /// The first tenant, and how the server behaves.
    #[command(flatten)]
    pub behaviour: Behaviour,
}

/// Runs the command.
pub fn run(options: &Demo) -> Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let server =
        Server::open(Place::default(), &options.behaviour, &Admission::default(), None, Beyond::default())?;
    let operator = server.operator.clone();
    let kept = server.credentials(&options.behaviour)?;
    let (socket, bound) = runtime.block_on(listen("127.0.0.1:0".parse()?))?;
    let serving = runtime.spawn(server.run(vec![Listener::Plain(socket)], std::future::pending()));
    let origin = format!("http://{bound}");
    print(&format!(
        "A cloud of tenant {} is listening on {origin}.\n\
         Each call is shown as a client sends it to the cloud; here they all go to that address, with the same Host header.\n",
        kept.vanity
    ))?;
    let operator = Operator::new(&origin, Some(operator.reveal().to_owned()));
    let mut tour = Tour { scene: Stage::new(origin, operator, options.whole), kept };
    let outcome = tour.take();
    serving.abort();
    outcome?;
    let tally = &tour.scene.tally;
    let mut text = format!("\n{} calls were answered as documented.\n", tally.right);
    for (what, calls) in [("Not built yet, and said so", &tally.absent), ("Answered otherwise", &tally.wrong)]
    {
        if !calls.is_empty() {
            text.push_str(&format!("{what} ({}):\n  {}\n", calls.len(), calls.join("\n  ")));
        }
    }
    text.push_str(
        "Next: `zuno serve` keeps a cloud running, `zuno run -- CMD` runs a client of yours against one.\n",
    );
    print(&text)?;
    Ok(if tally.wrong.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

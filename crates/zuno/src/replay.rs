//! `zuno replay`: recorded conversations, sent to a Zuno, whose answers are held against the recorded ones.

mod files;
mod player;
mod told;

pub use files::{Recording, recordings};
pub use player::Player;
pub use told::{Played, Told};

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Result;
use clap::Args;
use zuno_client::{Method, Operator};
use zuno_gateway::{Cloud, FirstTenant};
use zuno_intercept::Listener;
use zuno_recording::{Heard, circumstance, judge};

use crate::reach::Target;
use crate::serve::{Admission, Behaviour, Beyond, Place, Server, listen};
use crate::table::{Shown, say};

/// The label of the tenant in which conversations are played.
const VANITY: &str = "replay";
/// A customer id that no real tenant has: the least of all.
const ASIDE: i64 = 1 << 28;

/// Options of `zuno replay`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  zuno replay conversation.json
  zuno replay -v recordings/zia
  zuno replay --server http://127.0.0.1:8080 conversation.json
  zuno replay --json recordings | jq '.conversations[] | select(.same < .calls)'

Without a server each conversation has a fresh tenant of a Zuno of its own, so that none stumbles over what another left. \
With one they are sent to the tenant whose API client is named, and what they make stays there. Ids that the recorded cloud \
gave are replaced by those that the server gives to the same objects. Moments and drawn texts are not compared, nor what the \
recorded cloud refused for reasons of the moment: a rate limit, an edit lock, a missing subscription. Recordings are made by \
`zuno serve --record`.

Exit status: 0 when all answers are as recorded; 1 when one differs or a file cannot be played.")]
pub struct Replay {
    /// Recordings, or folders of them.
    #[arg(required = true, value_name = "FILES")]
    files: Vec<PathBuf>,
    /// Start a Zuno for it even where a server is named.
    #[arg(long)]
    serve: bool,
    /// Do not take a member that no recorded answer has for a difference: a real tenant may not have it either.
    #[arg(long)]
    allow_extra: bool,
    #[command(flatten)]
    shown: Shown,
    #[command(flatten)]
    target: Target,
    /// Read the catalogue of the Zuno that is started from this folder instead of the one built in.
    #[arg(long, value_name = "DIR", requires = "serve")]
    catalogue: Option<PathBuf>,
}

/// Runs the command.
pub fn run(options: &Replay, verbose: u8) -> Result<ExitCode> {
    let recordings = recordings(&options.files)?;
    let mut told = Told::new("as recorded", options.allow_extra);
    if options.target.server.is_some() && !options.serve {
        let reached = options.target.reach()?;
        let (origin, customer) = (options.target.origin()?, reached.customer_id().ok());
        let token = reached.token()?;
        for recording in &recordings {
            let player = Player::new(&origin, token.clone(), customer.clone());
            told.add(play(recording, player)?);
        }
    } else {
        let own = Own::start(options.catalogue.clone())?;
        for recording in &recordings {
            told.add(play(recording, own.player(recording)?)?);
        }
    }
    told.show(&options.shown, verbose)?;
    for recording in recordings.iter().filter(|recording| recording.conversation.is_torn) {
        say(&format!("zuno: {} ends in the midst of an exchange, which is left out", recording.name));
    }
    Ok(if told.is_same() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Sends the calls of a recording, and holds the answers against it.
fn play(recording: &Recording, mut player: Player) -> Result<Played> {
    let mut played = Played::of(&recording.name);
    for exchange in &recording.conversation.exchanges {
        let call = format!("{} {}", exchange.method, exchange.path);
        let why = player.cannot_send(exchange).or_else(|| circumstance(exchange));
        if let Some(why) = why {
            played.pass_over(call, why);
            continue;
        }
        let answer = player.send(exchange)?;
        player.learn(exchange, &answer);
        let heard = Heard { sent: &answer.sent, status: answer.status, answered: &answer.body };
        played.add(call, judge(exchange, &heard, &player.bindings));
    }
    Ok(played)
}

/// A Zuno that is there for the replay alone.
struct Own {
    cloud: Arc<Cloud>,
    origin: String,
    operator: Operator,
    /// INVARIANT: it answers for as long as this lives.
    _runtime: tokio::runtime::Runtime,
}

impl Own {
    fn start(catalogue: Option<PathBuf>) -> Result<Own> {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        // Its first tenant takes no customer id that a recording may have.
        let behaviour = Behaviour { catalogue, customer_id: Some(ASIDE), bare: true, ..Behaviour::plain() };
        let server =
            Server::open(Place::default(), &behaviour, &Admission::default(), None, Beyond::default())?;
        let (socket, bound) = runtime.block_on(listen("127.0.0.1:0".parse()?))?;
        let (cloud, origin) = (Arc::clone(&server.cloud), format!("http://{bound}"));
        let operator = Operator::new(&origin, Some(server.operator.reveal().to_owned()));
        runtime.spawn(server.run(vec![Listener::Plain(socket)], std::future::pending()));
        Ok(Own { cloud, origin, operator, _runtime: runtime })
    }

    /// A player in a fresh tenant, with the customer id that the recording has where a tenant can have it: names are made of
    /// it.
    fn player(&self, recording: &Recording) -> Result<Player> {
        if self.cloud.tenants()?.iter().any(|tenant| tenant.vanity == VANITY) {
            self.operator.call(&Method::DELETE, &format!("/tenants/{VANITY}"), None)?;
        }
        let fresh = |customer_id| {
            self.cloud.new_tenant(FirstTenant {
                vanity: VANITY.into(),
                customer_id,
                ..FirstTenant::default()
            })
        };
        let paths = recording.conversation.exchanges.iter().map(|exchange| exchange.path.as_str());
        let recorded = paths.filter_map(player::customer).find_map(|customer| customer.parse().ok());
        let made = match recorded.map(|customer| fresh(Some(customer))) {
            Some(Ok(made)) => made,
            _ => fresh(None)?,
        };
        let customer = made.tenant.customer_id.to_string();
        Player::signed_in(&self.origin, VANITY, &made.client_id, made.client_secret.reveal(), customer)
    }
}

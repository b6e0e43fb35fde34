//! How a client that knows only the cloud's host names reaches this server.
//!
//! Released clients build `https://api.zsapi.net/...` and take no base URL, so the server comes to them instead:
//!
//! - [`LocalCa`] signs a certificate for each host of the cloud, and [`ClientFiles`] lets clients trust it;
//! - [`serve`] answers plain HTTP, HTTPS and the proxy's `CONNECT` with one and the same service;
//! - [`Host::of`] tells which of the cloud's services a host name means;
//! - [`client_variables`] is the environment that leads an unmodified client through all this.
//!
//! What is answered is not this crate's affair: the service and the list of intercepted hosts are passed in.

mod answer;
mod before;
mod beyond;
mod ca;
mod certificate;
mod connection;
mod environment;
pub mod files;
mod front;
mod hosts;
mod leaf;
mod listen;
mod older;
mod onward;
mod room;
mod shell;
mod socket;
mod state;
mod trust;
mod tunnel;
mod upstream;
mod via;
mod watched;

pub use before::Before;
pub use ca::{Became, LocalCa};
pub use certificate::CaError;
pub use environment::{ClientSetup, Credentials, NAMES, Platform, Variable, client_variables};
pub use front::{BoxError, Foreign, Front, Timeouts};
pub use hosts::{Cloud, Host};
pub use listen::{Listener, serve};
pub use older::{OLDER_NAMES, OlderSetup, older_variables};
pub use onward::{NotCarried, Onward};
pub use shell::Shell;
pub use trust::ClientFiles;
pub use tunnel::drop_hop_by_hop;
pub use upstream::Upstream;
pub use via::{Scheme, Via, authority};

//! The published service endpoints of the cloud: which addresses it listens on, read from the documents that the vendor
//! publishes, looked up, compared, merged to the fewest prefixes, and rendered for the firewall at hand.
//!
//! Nothing here reads files or the network: documents come in as bytes and lists go out as text, so that the same code
//! serves a command line, a server and other programs.
//!
//! A list for a firewall, from a document:
//!
//! ```
//! use zuno_endpoints::{Document, Format, PrefixSet, Sheet, Selection};
//!
//! let document = Document::read(br#"{"zscaler.net":{"continent : EMEA":{"city : Oslo III":[
//!     {"range":"192.0.2.0/25","vpn":"","gre":"","ext":"","hostname":"","latitude":"59.9","longitude":"10.7"},
//!     {"range":"192.0.2.128/25","vpn":"","gre":"","ext":"","hostname":"","latitude":"59.9","longitude":"10.7"}]}}}"#)?;
//!
//! let selection = Selection { continents: vec!["EMEA".into()], ..Selection::default() };
//! let set: PrefixSet = selection.of(&document).map(|listed| listed.net).collect();
//! let sheet = Sheet::new("zscaler", set.prefixes().collect());
//! let list = Format::named("text")?.render(&sheet)?;
//! assert_eq!(list, "192.0.2.0/24\n");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! - [`Document`] reads every kind of published document whole or not at all; its errors name the place.
//! - [`PrefixSet`] holds addresses of both families, exactly; [`widen`] makes a list shorter within an [`Allowance`].
//! - [`Index`] tells where an address is, in tens of nanoseconds.
//! - [`Change`] is what differs between two documents by meaning; [`History`] replays many.
//! - [`Format`] renders a [`Sheet`]; each format is one template under `formats/`.
//! - [`Site`] is a data centre in service, with what it listens on; [`Publisher`] tells which are published now.
//! - [`Chart`] draws the data centres on a map of the world.
//! - [`Edition`] is a set of documents to publish; [`Edition::built_in`] comes with the crate.
//! - [`guard`] refuses a list that would take a company offline.

mod change;
mod chart;
mod distance;
mod document;
mod edition;
mod format;
pub mod guard;
mod history;
mod index;
mod kind;
mod listed;
mod prefix;
mod select;
mod set;
mod site;
mod spans;
mod widen;

pub use change::{Change, FieldChange, Line, Moved, OtherKind, Renamed, Space, WentLive, Where};
pub use chart::Chart;
pub use distance::distance_km;
pub use document::{
    Cenr, City, Continent, Document, Entry, LARGEST, Listing, Meaning, Position, ReadError, Row, Service,
    Svpn, Text, WebPage, Zpa,
};
pub use edition::{Edition, EditionError, Origin, Publication};
pub use format::{Format, FormatError, Sheet, SheetRow, is_name};
pub use history::{History, Misfit, Step};
pub use index::Index;
pub use ipnet::IpNet;
pub use kind::{Cloud, HOST, Kind, NoSuchKind, OLDER_HOST, Product};
pub use listed::{Listed, Role};
pub use prefix::{PrefixFault, Written, read_address, read_prefix};
pub use select::{Selection, Unmatched, Use};
pub use set::{Family, PrefixSet};
pub use site::{Publisher, Site};
pub use widen::{Allowance, SHORTEST, TooFew, Widened, Widening, widen};

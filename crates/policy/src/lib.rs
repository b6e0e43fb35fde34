//! What if: who reaches what, and why, by a tenant's own configuration.
//!
//! A [`Snapshot`] is the configuration as plain records by kind; it knows no store, server or clock. [`Policy::compile`]
//! reads it once. A [`Question`] says who sends what from where, as far as that is known; [`Policy::decide`] answers with a
//! [`Verdict`]: the action, the module and rule that decided, the path through the modules, what was assumed, and what was
//! not known and could have changed it. [`Policy::trace`] adds every rule that was tried with the first criterion that
//! failed.
//!
//! ```text
//! Snapshot ──► record ──► internet::reading ──► matching::RuleList<effect>     one list a family of rules
//!                                      └─────► matching::Atoms                what rules name, interned
//! Question ──► internet::facts ──► matching::Facts                            what holds, per criterion; and what is unknown
//! Facts + RuleList ──► asking ──► verdict::Draft ──► Verdict                  first match, trace, missing knowledge
//! ```
//!
//! - [`matching`] knows no product: a rule is a conjunction of clauses, a clause a disjunction of atoms (or their
//!   exclusion). Whoever compares or checks rules works on [`matching::RuleList::rules`] and names atoms by
//!   [`matching::Atoms::name`].
//! - `internet` has one file for each step of Internet Access: `flows` (firewall, translation, signatures, the way out),
//!   `dns`, `web` (the passes over encrypted traffic, inspection), `requests` (denied sites, applications, URLs), `files`.
//! - `client` says by its profiles what the Client Connector takes of traffic, and how it carries that.
//! - `private` goes the way of a request to a private application: `segments`, `decide`, `access`, `connectors`. Its conditions
//!   are trees, not clauses; `rules` finds by application which rules to look at.
//! - [`Sites`] resolves a URL to categories; whoever compiles gives it, so that verdicts and look-ups agree.
//! - [`Options`] are the questions that no document settles, each with its default; where one counts, the verdict says so
//!   in `assumed`.

pub mod analysis;
mod asking;
mod client;
mod details;
mod file;
mod hosts;
mod internet;
mod lists;
pub mod logs;
pub mod matching;
mod operand;
mod options;
mod policy;
mod private;
mod question;
mod record;
mod sites;
mod snapshot;
mod spelling;
mod told;
mod verdict;
mod words;

pub use details::Details;
pub use file::{Configuration, FILE_VERSION};
pub use internet::{
    FirstTime, Flow, Inspecting, Inspection, Prevention, Resolving, Sandboxing, Treating, Treatment,
};
pub use options::Options;
pub use policy::Policy;
pub use question::{At, Direction, Question, RiskScore, Unclear, Values, Via};
pub use sites::{Doubt, Sites};
pub use snapshot::{KINDS, Snapshot};
pub use verdict::{Detail, Step, Trial, Unknown, VERSION, Verdict};
pub use words::{Action, Assumption, Module, Outcome, Product};

//! What holds of all traffic at once: rules that nothing ever meets, and what differs between two configurations.
//!
//! Both ask the same of [`search`]: is there traffic that meets these rules and none of those? The rules' own atoms are the
//! whole universe, so that a "no" is a proof over everything that rules can name, and a "yes" comes with a witness. Where a
//! search grows beyond its bound it says so, and neither is claimed.

mod differences;
mod lint;
mod search;
#[cfg(test)]
mod tests;
mod universe;

pub use differences::{Comparison, Difference, Side, compare};
pub use lint::{Finding, Lint, lint};
pub use universe::Holding;

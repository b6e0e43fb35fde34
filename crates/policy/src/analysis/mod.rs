//! What holds of all traffic at once: rules that nothing ever meets, and what differs between two configurations.
//!
//! Both ask the same of [`search`]: is there traffic that meets these rules and none of those? The rules' own atoms are the
//! whole universe, so that a "no" is a proof over everything that rules can name, and a "yes" comes with a witness. Where a
//! search grows beyond its bound it says so, and neither is claimed. The witness of a rule can be put as a question.

mod asked;
mod differences;
mod ground;
mod lint;
mod listed;
mod near;
mod private;
mod products;
mod search;
mod telling;
#[cfg(test)]
mod tests;
mod universe;
mod witness;

pub use asked::Asked;
pub use differences::{Comparison, Difference, Side};
pub use lint::{Finding, Lint};
pub use products::{compare, lint};
pub use universe::Holding;
pub use witness::{Proof, Witness, witnesses};

//! Behaviours of private access alone, by what they are about, and what the gateway asks of its records: API keys,
//! [`scim`], and what becomes of simulated machines ([`enrolment`], [`user_codes`], [`idle_machines`]).

mod certificates;
mod machines;
mod people;
mod places_of_internet_access;
mod policies;
mod portal_address;
mod segments;

pub use machines::{enrolment, idle_machines, user_codes};
pub(crate) use people::{DEFAULT, Offered, PRODUCT, offered_roles, right_of_role};
pub use people::{api_key_closed_until, close_api_key, load_api_key, scim};
use zuno_engine::Maker;

/// By name, part by part.
pub(crate) const PARTS: &[&[(&str, Maker)]] =
    &[certificates::ALL, machines::ALL, people::ALL, policies::ALL, segments::ALL, REST];

const REST: &[(&str, Maker)] = &[
    ("places-of-internet-access", places_of_internet_access::make),
    ("portal-address", portal_address::make),
];

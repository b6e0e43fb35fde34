//! What a server remembers. Nothing here knows the server itself: [`Cloud`](crate::Cloud) is made of these, and what it does
//! with them stands in the files above.

pub mod caller;
pub mod clients;
pub mod course;
pub mod faults;
pub mod keys;
pub mod policies;
pub mod published;
pub mod readiness;
pub mod seeds;
pub mod settings;
pub mod tenants;

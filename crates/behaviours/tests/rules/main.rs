//! Rules that a conversation cannot show: too many objects, random bits, or what the gateway asks of records.

mod cloud;
mod identity;
mod internet_access;

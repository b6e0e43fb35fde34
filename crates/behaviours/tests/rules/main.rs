//! Rules that a conversation cannot show: too many objects, random bits, or what the gateway asks of records.

mod always_sent;
mod cloud;
mod identity;
mod internet_access;
mod many_writers;
mod required;
mod written;

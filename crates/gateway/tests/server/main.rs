//! A whole server in this process, with its store, and clients that call it.

mod absent;
mod bodies;
mod client;
mod concurrency;
mod held_answers;
mod keys;
mod lasting;
mod limits;
mod machines;
mod published_sites;
mod rights;

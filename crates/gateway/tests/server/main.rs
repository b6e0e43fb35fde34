//! A whole server in this process, with its store, and clients that call it.

mod absent;
mod audit;
mod bodies;
mod client;
mod concurrency;
mod held_answers;
mod journal;
mod keys;
mod lasting;
mod limits;
mod long_lists;
mod machines;
mod metrics;
mod older;
mod pages;
mod published_sites;
mod rights;
mod search;
mod snapshots;

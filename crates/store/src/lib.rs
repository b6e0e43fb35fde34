//! What a store must do: records, unique values, references, counters, staged changes and notes, by tenant.
//!
//! A store knows no product. It runs *jobs*: a read job sees one moment; a write job is one transaction that is
//! kept or dropped as a whole. Writers may share one durable commit: a job's completion is told only after its
//! changes are durable. [`suite`] is what makes something a store.

pub mod copy;
pub mod grams;
mod job;
mod moment;
mod run;
mod store;
pub mod suite;

pub use job::{Done, Job, Verdict};
pub use moment::{
    Aspect, Kept, Logged, Pointer, Read, Reference, Result, Row, Staged, StoreError, Stretch, Write,
};
pub use run::{read, write, write_for};
pub use store::Store;

//! The sandbox: files that are looked at, what came of it, and the tenant's own list of hashes.

mod file;
mod file_hashes;
mod md5;
mod report;
mod submission;

use zuno_engine::Maker;

/// By name.
pub const ALL: &[(&str, Maker)] = &[
    ("file-hashes", file_hashes::make),
    ("sandbox-report", report::make),
    ("sandbox-submission", submission::make),
];

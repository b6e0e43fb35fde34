//! ZIdentity: opaque ids, offset pages, plain refusals.

use zuno_catalogue::Operation;
use zuno_engine::Search;
use zuno_model::Fault;

use crate::zdx::{plain, said, throttled};
use crate::{Answer, Dialect, Throttled};

/// ZIdentity.
pub struct Zidentity;

impl Dialect for Zidentity {
    fn fault(&self, fault: &Fault, _: Option<&Operation>) -> Answer {
        plain(fault)
    }

    fn unknown_path(&self) -> Answer {
        said(404, "RESOURCE_NOT_FOUND", "no such path")
    }

    fn other_method(&self) -> Answer {
        said(405, "METHOD_NOT_ALLOWED", "this path has other methods")
    }

    fn wrong_media_type(&self) -> Answer {
        said(415, "UNSUPPORTED_MEDIA_TYPE", "Content-Type must be application/json")
    }

    fn throttled(&self, limit: &Throttled) -> Answer {
        throttled(limit)
    }

    /// An unknown `search` is ignored (seen: the whole list came back).
    fn search(&self, _: &str) -> Option<Search> {
        None
    }

    fn headers(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("cache-control", "no-cache, no-store, max-age=0, must-revalidate"),
            ("pragma", "no-cache"),
            ("expires", "0"),
        ]
    }
}

//! Private Access: which segments a destination is, whether it is forwarded, and which rule lets whom reach it.

mod access;
mod asker;
mod conditions;
mod connectors;
mod decide;
mod reached;
pub(crate) mod review;
mod rules;
mod scope;
mod segments;
mod sessions;
mod telling;
mod truth;
mod what_rules_do;

use crate::options::Options;
use crate::snapshot::Snapshot;

/// Everything of Private Access that questions are held against.
pub(crate) struct Private {
    segments: segments::Segments,
    lists: rules::Lists,
    switches: conditions::Switches,
    known: asker::Known,
    microtenants: scope::Microtenants,
    connectors: connectors::Connectors,
    approvals: sessions::Approvals,
    options: Options,
}

impl Private {
    pub(crate) fn compile(snapshot: &Snapshot, options: Options) -> Private {
        let switches = conditions::Switches::new(snapshot);
        Private {
            segments: segments::Segments::new(snapshot),
            lists: rules::Lists::new(snapshot, &switches),
            switches,
            known: asker::Known::new(snapshot),
            microtenants: scope::Microtenants::new(snapshot),
            connectors: connectors::Connectors::new(snapshot),
            approvals: sessions::Approvals::new(snapshot),
            options,
        }
    }
}

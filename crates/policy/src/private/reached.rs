//! What became of a request on its way.

use super::rules::Rule;
use super::segments::Selection;
use crate::verdict::Decision;

/// What became of a request.
#[derive(Debug)]
pub(super) struct Reached<'p> {
    pub decision: Decision<'p>,
    pub status: Option<&'static str>,
    /// The access rule that allowed it.
    pub by: Option<&'p Rule>,
    pub selection: Selection,
}

pub(super) const POLICY: &str = "BRK_MT_SETUP_FAIL_REJECTED_BY_POLICY";
pub(super) const NO_POLICY: &str = "BRK_MT_SETUP_FAIL_NO_POLICY_FOUND";

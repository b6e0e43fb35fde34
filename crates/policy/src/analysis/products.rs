//! Internet access and private access together, within one bound.

use super::differences::{self, Comparison};
use super::lint::{self, Finding};
use super::private;
use super::search::Looks;
use crate::policy::Policy;
use crate::snapshot::Snapshot;

/// What is wrong with the rules of a configuration, list by list, in their order. Rules that are off are passed over.
pub fn lint<'p>(policy: &'p Policy, snapshot: &Snapshot) -> Vec<Finding<'p>> {
    let mut looks = Looks::CALL;
    let mut findings = lint::in_internet(policy, snapshot, &mut looks);
    findings.extend(private::in_private(policy, snapshot, &mut looks));
    findings
}

/// Compares what two configurations do to traffic.
pub fn compare<'p>(before: (&'p Policy, &Snapshot), after: (&'p Policy, &Snapshot)) -> Comparison<'p> {
    let mut looks = Looks::CALL;
    let mut found = differences::in_internet(before, after, &mut looks);
    let told = private::compare(before.0, after.0, &mut looks, &mut found);
    let differ = |kind: &&str| !before.1.differing(after.1, kind).is_empty();
    if !told && ["zpa.application_segment", "zpa.segment_group"].iter().any(differ) {
        found.beyond.push("zpa.application_segment".to_owned());
        found.beyond.sort();
        found.beyond.dedup();
    }
    found.same = found.differences.is_empty() && found.undecided == 0 && found.beyond.is_empty();
    found
}

//! What rules of private access name, and there is not.

use foldhash::HashSet;

use super::super::Private;
use super::lists::LISTS;
use crate::analysis::Holding;
use crate::matching::{Of, RuleRef};
use crate::operand::Operand;
use crate::record::{Record, id};
use crate::snapshot::Snapshot;
use crate::words::Module;

/// The rules that are on and name a record that there is not, with what they name.
pub(crate) fn lost<'p>(side: &'p Private, snapshot: &Snapshot) -> Vec<(Module, &'p RuleRef, Vec<Holding>)> {
    let there = |kind: &str, members: &[&str]| -> HashSet<String> {
        let told =
            |record: &Record| members.iter().filter_map(|member| id(record, member)).collect::<Vec<_>>();
        snapshot.records(kind).iter().flat_map(told).collect()
    };
    let segments = there("zpa.application_segment", &["id"]);
    let groups = there("zpa.segment_group", &["id"]);
    let idps = there("zpa.idp", &["id"]);
    let scim_groups = there("zpa.scim_group", &["id"]);
    let saml = there("zpa.saml_attribute", &["id", "name", "samlName"]);
    let scim = there("zpa.scim_attribute", &["id", "name"]);
    let postures = there("zpa.posture_profile", &["postureUdid"]);
    let networks = there("zpa.trusted_network", &["networkId"]);
    let machines = there("zpa.machine_group", &["id"]);
    let named = |operand: &Operand| {
        let Operand { of, lhs, rhs, .. } = operand;
        let (of, known, name) = match &**of {
            "APP" => (Of::PrivateSegment, &segments, rhs),
            "APP_GROUP" => (Of::SegmentGroup, &groups, rhs),
            "IDP" => (Of::IdentityProvider, &idps, rhs),
            // Groups come by provisioning; before it has run there are none.
            "SCIM_GROUP" if scim_groups.is_empty() => return None,
            "SCIM_GROUP" => (Of::ScimGroup, &scim_groups, rhs),
            "SAML" => (Of::SamlAttribute, &saml, lhs),
            "SCIM" => (Of::ScimAttribute, &scim, lhs),
            "POSTURE" => (Of::Posture, &postures, lhs),
            "TRUSTED_NETWORK" => (Of::TrustedNetwork, &networks, lhs),
            "MACHINE_GRP" => (Of::MachineGroup, &machines, rhs),
            _ => return None,
        };
        (!known.contains(&**name)).then(|| Holding { of, name: name.to_string() })
    };
    let mut found = Vec::new();
    for (of, module) in LISTS {
        for rule in side.lists.of(of).rules.iter().filter(|rule| rule.enabled) {
            let operands = rule.conditions.conditions.iter().flat_map(|condition| &condition.operands);
            let mut names: Vec<Holding> = operands.filter_map(named).collect();
            names.sort();
            names.dedup();
            if !names.is_empty() {
                found.push((module, &rule.rule, names));
            }
        }
    }
    found
}

//! Conditions of private access rules: a conjunction of conditions, each a disjunction of operands unless they say otherwise.

use foldhash::HashMap;
use serde_json::Value;

use super::asker::Asker;
use super::truth::Truth;
use crate::operand::Operand;
use crate::record::{Record, id, on, text, words};
use crate::snapshot::Snapshot;

/// Operands that count together.
#[derive(Debug, Clone)]
pub(super) struct Condition {
    pub operands: Vec<Operand>,
    pub all: bool,
    pub negated: bool,
}

/// The conditions of a rule.
#[derive(Debug, Clone, Default)]
pub(super) struct Conditions {
    pub conditions: Vec<Condition>,
    pub any: bool,
}

/// What identity providers' switches take out.
#[derive(Debug, Default)]
pub(super) struct Switches {
    saml_off: Vec<Box<str>>,
    scim_off: Vec<Box<str>>,
    /// The provider of each attribute.
    pub provider: HashMap<Box<str>, Box<str>>,
}

impl Switches {
    pub fn new(snapshot: &Snapshot) -> Switches {
        let mut switches = Switches::default();
        for idp in snapshot.records("zpa.idp") {
            let Some(id) = id(idp, "id") else { continue };
            if on(idp, "disableSamlBasedPolicy") {
                switches.saml_off.push(id.as_str().into());
            }
            if crate::record::flag(idp, "enableScimBasedPolicy") == Some(false) {
                switches.scim_off.push(id.into());
            }
        }
        for attribute in
            ["zpa.saml_attribute", "zpa.scim_attribute"].iter().flat_map(|kind| snapshot.records(kind))
        {
            if let (Some(id), Some(idp)) = (id(attribute, "id"), crate::record::id(attribute, "idpId")) {
                switches.provider.insert(id.into(), idp.into());
            }
        }
        switches
    }

    pub fn take_out(&self, operand: &Operand) -> bool {
        let off = match &*operand.of {
            "SAML" => &self.saml_off,
            "SCIM" | "SCIM_GROUP" => &self.scim_off,
            _ => return false,
        };
        operand.idp.as_ref().is_some_and(|idp| off.contains(idp))
    }
}

impl Conditions {
    /// Reads a rule's conditions, in either of their forms.
    pub fn read(record: &Record, switches: &Switches) -> Conditions {
        let listed = record.get("conditions").and_then(Value::as_array).into_iter().flatten();
        Conditions {
            conditions: listed
                .filter_map(Value::as_object)
                .map(|condition| read(condition, switches))
                .collect(),
            any: text(record, "operator") == Some("OR"),
        }
    }

    /// Whether they hold for a request; where they do not, the first condition that fails.
    pub fn hold(
        &self,
        asker: &Asker<'_>,
        switches: &Switches,
        skipped_holds: bool,
    ) -> (Truth, Option<usize>) {
        let mut unknown = None;
        let mut any_set = false;
        for (condition, number) in self.conditions.iter().zip(0..) {
            if condition.operands.is_empty() {
                continue;
            }
            any_set = true;
            match (condition.holds(asker, switches, skipped_holds), self.any) {
                (Truth::Holds, true) => return (Truth::Holds, None),
                (Truth::Holds, false) | (Truth::Fails, true) => {}
                (Truth::Unknown, _) => unknown = unknown.or(Some(number)),
                (_, false) => return (Truth::Fails, Some(number)),
                (_, true) => {}
            }
        }
        match (unknown, self.any && any_set) {
            (Some(number), _) => (Truth::Unknown, Some(number)),
            (None, true) => (Truth::Fails, Some(0)),
            (None, false) => (Truth::Holds, None),
        }
    }

    /// The place of a condition that names applications and groups of them and nothing else, by which rules are found
    /// quickly; of a rule whose conditions are alternatives there is none.
    pub fn about_applications(&self) -> Option<usize> {
        let plain = |condition: &Condition| {
            let named = |operand: &Operand| matches!(&*operand.of, "APP" | "APP_GROUP");
            !condition.all
                && !condition.negated
                && !condition.operands.is_empty()
                && condition.operands.iter().all(named)
        };
        if self.any { None } else { self.conditions.iter().position(plain) }
    }
}

impl Condition {
    fn holds(&self, asker: &Asker<'_>, switches: &Switches, skipped_holds: bool) -> Truth {
        let mut unknown = false;
        let mut counted = 0;
        let mut held = 0;
        for operand in &self.operands {
            let truth = if switches.take_out(operand) { Truth::Skipped } else { asker.meets(operand) };
            match truth {
                // With AND, a rule with what is switched off is not evaluated (documented).
                Truth::Skipped if self.all => return Truth::Fails,
                Truth::Skipped => continue,
                Truth::Holds => held += 1,
                Truth::Unknown => unknown = true,
                Truth::Unsupported if self.negated || self.all => return Truth::Fails,
                Truth::Fails | Truth::Unsupported => {}
            }
            counted += 1;
        }
        if counted == 0 {
            return if skipped_holds { Truth::Holds } else { Truth::Fails };
        }
        let truth = match (self.all, held, unknown) {
            (false, 1.., _) => Truth::Holds,
            (true, held, _) if held == counted => Truth::Holds,
            (false, 0, true) => Truth::Unknown,
            (true, held, true) if held + 1 >= counted || self.unknown_only(asker, switches) => Truth::Unknown,
            _ => Truth::Fails,
        };
        match (truth, self.negated) {
            (Truth::Holds, true) => Truth::Fails,
            (Truth::Fails, true) => Truth::Holds,
            (truth, _) => truth,
        }
    }

    /// Whether nothing but what is unknown keeps a conjunction from holding.
    fn unknown_only(&self, asker: &Asker<'_>, switches: &Switches) -> bool {
        let counted = self.operands.iter().filter(|operand| !switches.take_out(operand));
        counted
            .map(|operand| asker.meets(operand))
            .all(|truth| matches!(truth, Truth::Holds | Truth::Unknown))
    }
}

fn read(condition: &Record, switches: &Switches) -> Condition {
    let mut operands = Vec::new();
    for operand in
        condition.get("operands").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object)
    {
        let of = match text(operand, "objectType").unwrap_or_default() {
            "CLOUD_CONNECTOR_GROUP" => "EDGE_CONNECTOR_GROUP",
            "PRIVILEGED_PORTAL" => "PRIVILEGE_PORTAL",
            of => of,
        };
        let mut add = |lhs: &str, rhs: &str| {
            let told = id(operand, "idpId");
            let idp = match of {
                "SCIM_GROUP" => Some(lhs.into()),
                "SAML" | "SCIM" => switches.provider.get(lhs).cloned().or_else(|| told.map(Into::into)),
                _ => None,
            };
            operands.push(Operand { of: of.into(), lhs: lhs.into(), rhs: rhs.into(), idp });
        };
        if let (lhs, Some(rhs)) = (id(operand, "lhs").unwrap_or_else(|| "id".into()), id(operand, "rhs")) {
            add(&lhs, &rhs);
        }
        words(operand, "values").iter().for_each(|value| add("id", value));
        for pair in operand.get("entryValues").and_then(Value::as_array).into_iter().flatten() {
            if let Some(pair) = pair.as_object() {
                add(&id(pair, "lhs").unwrap_or_default(), &id(pair, "rhs").unwrap_or_default());
            }
        }
    }
    Condition { operands, all: text(condition, "operator") == Some("AND"), negated: on(condition, "negated") }
}

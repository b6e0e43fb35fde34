//! What rules of private access do, to be compared.

use super::super::Private;
use super::super::rules::{Rule, types};
use super::super::what_rules_do::is_told;
use super::lists::LISTS;
use crate::lists::Effect;
use crate::matching::RuleRef;
use crate::record::{Record, whole};
use crate::snapshot::said;

/// Members of records that are held against traffic, or that change nothing.
const KNOWN: &[(&str, &[&str])] = &[
    (
        "zpa.policy_rule",
        &[
            "id",
            "name",
            "description",
            "ruleOrder",
            "priority",
            "policySetId",
            "policyType",
            "policyTypeNames",
            "operator",
            "conditions",
            "disabled",
            "creationTime",
            "defaultRule",
            "defaultRuleName",
            "readOnly",
            "zscalerManaged",
            "microtenantId",
            "microtenantName",
            "zpnInspectionProfileName",
        ],
    ),
    (
        "zpa.application_segment",
        &[
            "name",
            "description",
            "creationTime",
            "domainNames",
            "enabled",
            "segmentGroupId",
            "segmentGroupName",
            "tcpPortRanges",
            "udpPortRanges",
            "tcpPortRange",
            "udpPortRange",
            "bypassType",
            "matchStyle",
            "icmpAccessType",
            "microtenantId",
            "microtenantName",
            "shareToMicrotenants",
        ],
    ),
    ("zpa.segment_group", &["name", "description", "creationTime", "enabled", "applications"]),
];

/// What is left of a record of private access without what is held against traffic, or changes nothing; nothing where all of
/// its kind is left.
pub(crate) fn unmodelled(kind: &str, record: &Record) -> Option<Record> {
    let (_, known) = KNOWN.iter().find(|(known, _)| *known == kind)?;
    let of = || whole(record, "policyType");
    if kind == "zpa.policy_rule" && !LISTS.iter().any(|(known, _)| of() == Some(*known)) {
        return None;
    }
    let mut rest = said(record);
    rest.retain(|member, value| {
        let in_rule = kind == "zpa.policy_rule" && is_told(member);
        !known.contains(&member.as_str()) && !in_rule && !value.is_null()
    });
    Some(rest)
}

/// What a rule does.
pub(super) fn effect(rule: &Rule) -> Effect {
    let word = match &*rule.action {
        "ALLOW" => "allow",
        "DENY" => "deny",
        "REQUIRE_APPROVAL" => "require an approval",
        "RE_AUTH" => "limit sessions",
        "BYPASS" => "go directly",
        "INTERCEPT" => "forward",
        action if action.starts_with("INTERCEPT_ACCES") => "forward where it may be reached",
        "ISOLATE" => "isolate",
        "BYPASS_ISOLATE" => "do not isolate",
        "INSPECT" => "inspect",
        "BYPASS_INSPECT" => "do not inspect",
        "CHECK_CAPABILITIES" | "CHECK_PRIVILEGED_PORTAL_CAPABILITIES" => "grant capabilities",
        "INJECT_CREDENTIALS" => "inject a credential",
        "MONITOR" => "monitor",
        "DO_NOT_MONITOR" => "do not monitor",
        "REDIRECT_PREFERRED" => "prefer service edges",
        "REDIRECT_ALWAYS" => "keep to service edges",
        "REDIRECT_DEFAULT" => "take the nearest service edge",
        _ => "something else",
    };
    Effect { word, whole: rule.whole.clone() }
}

/// The timeout rules that count without being met: the shortest sign-in for isolation, and the default for browsers.
pub(crate) struct Shortest<'p> {
    pub isolation: Option<(&'p RuleRef, i64)>,
    pub browsers: Option<(&'p RuleRef, &'p str)>,
}

impl<'p> Shortest<'p> {
    pub fn of(side: &'p Private) -> Shortest<'p> {
        let rules = &side.lists.of(types::TIMEOUT).rules;
        let finite =
            rules.iter().filter_map(|rule| Some((&rule.rule, rule.reauth.filter(|seconds| *seconds > 0)?)));
        Shortest {
            isolation: finite.min_by_key(|(_, seconds)| *seconds),
            browsers: rules.iter().find(|rule| rule.default).map(|rule| (&rule.rule, rule.whole.as_str())),
        }
    }
}

//! Every list of rules by its first match, for those who look at all traffic at once.

use super::Internet;
use super::effects::{FirstTime, Flow, Inspecting, Inspection, Resolving, Sandboxing, Treating, Treatment};
use super::rules::is_hidden;
use crate::lists::{Effect, List, Plain};
use crate::matching::RuleList;
use crate::record::Record;
use crate::words::Module;

/// The kinds of rules that these lists are made of.
const LISTED: &[&str] = &[
    "zia.file_type_rule",
    "zia.firewall_dns_rule",
    "zia.firewall_filtering_rule",
    "zia.firewall_ips_rule",
    "zia.forwarding_rule",
    "zia.sandbox_rule",
    "zia.ssl_inspection_rule",
    "zia.url_filtering_rule",
    "zia.web_application_rule",
];

/// What a rule does that hands on to the next one, once it has asked for the application.
const LOOKS_FURTHER: &str = "look at the application";

/// Whether a record of a kind is a rule of one of these lists that decides: all else is not held against traffic.
pub(crate) fn is_held(kind: &str, record: &Record) -> bool {
    match kind {
        "zia.forwarding_rule" => !is_hidden(record),
        "zia.firewall_filtering_rule" => Flow::read(record) != Flow::ByApplication,
        kind => LISTED.contains(&kind),
    }
}

impl Internet {
    /// The lists in which the first rule that matches decides.
    pub(crate) fn lists(&self) -> Vec<List<'_>> {
        let rules = &self.rules;
        let mut lists = vec![
            list(Module::Firewall, None, &rules.firewall, flow),
            list(Module::Dns, None, &rules.dns, resolving),
            list(Module::Ips, None, &rules.ips, flow),
            list(Module::SslInspection, None, &rules.inspection, inspection),
            list(Module::UrlFiltering, None, &rules.urls, treatment),
            list(Module::FileType, None, &rules.files, treatment),
            list(Module::Sandbox, None, &rules.sandbox, sandboxing),
            list(Module::Forwarding, None, &rules.forwarding, |method| ("forward", method.to_string())),
        ];
        for (of, rules) in &rules.applications {
            lists.push(list(Module::CloudAppControl, Some(of), rules, treatment));
        }
        lists
    }
}

fn resolving(effect: &Resolving) -> (&'static str, String) {
    let word = match effect {
        Resolving::Allow => "allow",
        Resolving::Block => "block",
        Resolving::Refuse => "refuse with a code",
        Resolving::AskOthers => "ask other resolvers",
        Resolving::AnswerOther => "answer another address",
        Resolving::AnswerPrivate => "answer a private address",
    };
    (word, String::new())
}

fn inspection(effect: &Inspection) -> (&'static str, String) {
    let word = match effect.kind {
        Inspecting::Open => "decrypt",
        Inspecting::Pass => "do not decrypt",
        Inspecting::Exempt => "do not decrypt, bypass policies",
        Inspecting::Refuse => "block",
    };
    (word, effect.vendor_list.to_string())
}

fn sandboxing(effect: &Sandboxing) -> (&'static str, String) {
    let word = match effect.first_time {
        _ if !effect.blocks => "allow",
        Some(FirstTime::Quarantine) => "quarantine",
        Some(FirstTime::Isolate) => "quarantine and isolate",
        Some(FirstTime::Scan) => "allow and scan",
        Some(FirstTime::NoScan) => "allow",
        None => "block",
    };
    (word, effect.whole())
}

fn flow(effect: &Flow) -> (&'static str, String) {
    let word = match effect {
        Flow::Allow => "allow",
        Flow::Drop => "drop",
        Flow::Reset => "reset",
        Flow::Unreachable => "answer unreachable",
        Flow::ByApplication => LOOKS_FURTHER,
        Flow::Bypass => "bypass",
    };
    (word, String::new())
}

fn treatment(effect: &Treatment) -> (&'static str, String) {
    let word = match effect.kind {
        Treating::Allow => "allow",
        Treating::Block => "block",
        Treating::Caution => "caution",
        Treating::Isolate => "isolate",
    };
    (word, effect.whole())
}

/// A list with what its rules do: in a word, and all else of it that counts.
fn list<'p, E>(
    module: Module,
    of: Option<&'p str>,
    rules: &'p RuleList<E>,
    told: impl Fn(&E) -> (&'static str, String),
) -> List<'p> {
    let rules = rules.rules().iter().map(|rule| {
        let (word, whole) = told(&rule.effect);
        Plain {
            rule: &rule.rule,
            enabled: rule.enabled,
            decides: word != LOOKS_FURTHER,
            ways: vec![rule.clauses.clone()],
            effect: Effect { word, whole: format!("{whole} {}", rule.leads_to) },
        }
    });
    List { module, of, rules: rules.collect() }
}

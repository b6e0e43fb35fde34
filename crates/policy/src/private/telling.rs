//! Questions in which a rule of private access may have a say, for those who look for one: whoever asks them finds out.

use foldhash::HashMap;

use super::Private;
use super::conditions::Condition;
use super::rules::{Rule, types};
use crate::matching::RuleRef;
use crate::operand::Operand;
use crate::question::{Question, RiskScore, Values};
use crate::record::{Record, id, on, words};
use crate::snapshot::Snapshot;
use crate::words::Module;

/// A rule with questions for it.
pub(crate) struct Told<'p> {
    pub module: Module,
    pub rule: &'p RuleRef,
    pub questions: Vec<Question>,
}

/// How many destinations are tried for a rule, and how many choices among the operands of its conditions.
const DESTINATIONS: usize = 8;
/// How many segments are looked at for them.
const TRIED: usize = 64;
const CHOICES: usize = 4;

/// The types of policy whose rules have a say in requests, and who they are in verdicts.
const ASKED: [(i64, Module); 10] = [
    (types::ACCESS, Module::AccessPolicy),
    (types::TIMEOUT, Module::TimeoutPolicy),
    (types::FORWARDING, Module::ClientForwarding),
    (types::ISOLATION, Module::IsolationPolicy),
    (types::INSPECTION, Module::InspectionPolicy),
    (types::CAPABILITIES, Module::CapabilitiesPolicy),
    (types::CREDENTIALS, Module::CredentialsPolicy),
    (types::BROWSER_PROTECTION, Module::BrowserProtection),
    (types::REDIRECTION, Module::RedirectionPolicy),
    (types::PORTAL, Module::PortalPolicy),
];

impl Private {
    /// Every rule that is on, list by list, with questions for it.
    pub(crate) fn told<'p>(&'p self, snapshot: &Snapshot) -> Vec<Told<'p>> {
        let rules = ASKED.iter().flat_map(|(of, module)| {
            let on = self.lists.of(*of).rules.iter().filter(|rule| rule.enabled);
            on.map(move |rule| (*module, rule))
        });
        let segments = Segments::of(snapshot);
        rules
            .map(|(module, rule)| Told { module, rule: &rule.rule, questions: questions(rule, &segments) })
            .collect()
    }
}

/// The segments that are on, by their ids and their groups'.
struct Segments<'s> {
    all: Vec<&'s Record>,
    named: HashMap<(bool, String), Vec<&'s Record>>,
}

impl<'s> Segments<'s> {
    fn of(snapshot: &'s Snapshot) -> Segments<'s> {
        let all = snapshot.records("zpa.application_segment").iter().filter(|segment| on(segment, "enabled"));
        let mut segments = Segments { all: all.collect(), named: HashMap::default() };
        for segment in &segments.all {
            for (is_group, member) in [(false, "id"), (true, "segmentGroupId")] {
                if let Some(id) = id(segment, member) {
                    segments.named.entry((is_group, id)).or_default().push(segment);
                }
            }
        }
        segments
    }
}

fn questions(rule: &Rule, segments: &Segments<'_>) -> Vec<Question> {
    let wanted = || rule.conditions.conditions.iter().filter(|condition| !condition.negated);
    let named: Vec<&Operand> = wanted()
        .flat_map(|condition| &condition.operands)
        .filter(|operand| matches!(&*operand.of, "APP" | "APP_GROUP"))
        .collect();
    let of_operand = |operand: &&Operand| {
        let name = (&*operand.of == "APP_GROUP", operand.rhs.to_string());
        segments.named.get(&name).map_or(&[][..], Vec::as_slice)
    };
    let among: Vec<&Record> = match named.is_empty() {
        true => segments.all.iter().copied().take(TRIED).collect(),
        false => named.iter().flat_map(of_operand).copied().take(TRIED).collect(),
    };
    let destinations = among.into_iter().filter_map(destination).take(DESTINATIONS);
    let asked = |to: String| {
        (0..CHOICES).map(move |choice| {
            let mut question = Question {
                private: Some(to.clone()),
                microtenant: rule.owner.as_deref().map(str::to_owned),
                ..Question::default()
            };
            wanted().for_each(|condition| meet(condition, choice, &mut question));
            // A provider that is gone cannot be told; the group says enough.
            [Question { idp: None, ..question.clone() }, question]
        })
    };
    let mut questions: Vec<Question> = destinations.flat_map(asked).flatten().collect();
    questions.dedup();
    questions
}

/// A host and port of a segment.
fn destination(segment: &Record) -> Option<String> {
    let name = words(segment, "domainNames").into_iter().next()?;
    let host = match name.strip_prefix('*') {
        Some(rest) => format!("some.{}", rest.trim_start_matches('.')),
        None if name.starts_with('.') => format!("some{name}"),
        None => name.split_once('/').map_or(name.as_str(), |(address, _)| address).to_owned(),
    };
    let flat = words(segment, "tcpPortRanges").into_iter().next();
    let port = flat.or_else(|| id(segment.get("tcpPortRange")?.as_array()?.first()?.as_object()?, "from"))?;
    Some(format!("{host}:{port}"))
}

/// Lets a condition hold: by one of its operands, or by all where it wants them all.
fn meet(condition: &Condition, choice: usize, question: &mut Question) {
    let told = |operand: &&Operand| !matches!(&*operand.of, "APP" | "APP_GROUP");
    let operands: Vec<&Operand> = condition.operands.iter().filter(told).collect();
    if condition.all {
        operands.iter().for_each(|operand| tell(operand, question));
    } else if !operands.is_empty() {
        tell(operands[choice % operands.len()], question);
    }
}

fn tell(operand: &Operand, question: &mut Question) {
    let (lhs, rhs) = (|| operand.lhs.to_string(), || operand.rhs.to_string());
    let wanted = &*operand.rhs == "true";
    match &*operand.of {
        "CLIENT_TYPE" => question.client_type = Some(rhs()),
        "IDP" => question.idp = Some(rhs()),
        "PLATFORM" => question.platform = wanted.then(lhs),
        "COUNTRY_CODE" => question.source_country = wanted.then(lhs),
        "POSTURE" => drop(question.postures.get_or_insert_default().insert(lhs(), wanted)),
        "TRUSTED_NETWORK" => {
            let networks = question.trusted_networks.get_or_insert_default();
            networks.extend(wanted.then(lhs));
        }
        "MACHINE_GRP" => question.machine_group = Some(rhs()),
        "SAML" => drop(question.saml.get_or_insert_default().insert(lhs(), Values::One(rhs()))),
        "SCIM" => drop(question.scim.get_or_insert_default().insert(lhs(), Values::One(rhs()))),
        "SCIM_GROUP" => {
            question.scim_groups.get_or_insert_default().push(rhs());
            question.idp = Some(lhs());
        }
        "RISK_FACTOR_TYPE" => question.risk = Some(RiskScore::Level(rhs())),
        "CHROME_ENTERPRISE" => question.chrome_managed = Some(wanted),
        "CHROME_POSTURE_PROFILE" => question.chrome_postures.get_or_insert_default().push(rhs()),
        "LOCATION" => question.from = Some(rhs()),
        "EDGE_CONNECTOR_GROUP" | "BRANCH_CONNECTOR_GROUP" => question.connector_group = Some(rhs()),
        "WORKLOAD_TAG_GROUP" => question.workload_tags.get_or_insert_default().push(rhs()),
        "CONSOLE" | "PRIVILEGE_PORTAL" | "USER_PORTAL" => question.portal = Some(rhs()),
        _ => {}
    }
}

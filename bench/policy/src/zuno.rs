//! The rules as a tenant's records.

use std::net::Ipv4Addr;
use std::sync::Arc;

use serde_json::{Value, json};
use zuno_policy::logs::{Feed, Reader};
use zuno_policy::{Doubt, Options, Policy, Question as Asked, Sites, Snapshot};

use crate::rules::{ACTIONS, GROUPS, PEOPLE, Question, Rules, SERVICES, address, groups, port};

/// Nobody looks a site up here.
struct NoSites;

impl Sites for NoSites {
    fn look_up(&self, _: &str, _: &mut dyn FnMut(&str)) -> Doubt {
        Doubt { equal_entries: false, five_levels: false }
    }

    fn family(&self, _: &str) -> Option<&str> {
        None
    }
}

pub struct Zuno {
    snapshot: Snapshot,
    policy: Policy,
    reader: Reader,
}

/// The feed that the lines are written by.
const FEED: &str = r#""%s{time}","%s{elogin}","%s{elocation}","%s{cdip}","%d{cdport}","%s{csip}","%s{ipproto}","%s{action}","%s{rulelabel}""#;

/// The records of the rules, of people and services.
pub fn records(rules: &Rules) -> Value {
    let ids = |of: &[u64]| of.iter().map(|id| json!({ "id": id + 1 })).collect::<Vec<_>>();
    let mut all: Vec<Value> = (1..)
        .zip(&rules.0)
        .map(|(order, rule)| {
            let networks = rule.networks.iter().map(|network| format!("{}/24", Ipv4Addr::from(address(*network))));
            json!({
                "id": rule.id, "name": format!("rule {}", rule.id), "order": order, "state": "ENABLED", "action": ACTIONS[rule.action],
                "groups": ids(&rule.groups), "nwServices": ids(&rule.services), "destAddresses": networks.collect::<Vec<_>>(),
            })
        })
        .collect();
    all.push(
        json!({"id": 900_000, "name": "default", "order": -1, "action": "BLOCK_DROP", "defaultRule": true}),
    );
    let services = (0..SERVICES).map(|service| {
        let ports = json!([{"start": port(service), "end": port(service)}]);
        json!({"id": service + 1, "name": format!("service {service}"), "destTcpPorts": ports})
    });
    let people = (0..PEOPLE).map(|person| {
        let groups: Vec<u64> = groups(person).iter().map(|group| group + 1).collect();
        json!({"id": person + 1, "name": format!("person {person}"), "email": format!("p{person}@x.example"), "groups": groups})
    });
    json!({
        "zia.firewall_filtering_rule": all,
        "zia.group": (0..GROUPS).map(|group| json!({"id": group + 1, "name": format!("group {group}")})).collect::<Vec<_>>(),
        "zia.network_service": services.collect::<Vec<_>>(),
        "zia.user": people.collect::<Vec<_>>(),
        "zia.location": [{"id": 1, "name": "HQ", "ofwEnabled": true, "tz": "GMT"}],
    })
}

pub fn snapshot(rules: &Rules) -> Snapshot {
    Snapshot::from_json(records(rules)).expect("a snapshot")
}

pub fn compiled(snapshot: &Snapshot) -> Policy {
    Policy::compile(snapshot, Options::default(), Arc::new(NoSites))
}

impl Zuno {
    pub fn new(text: &str) -> Zuno {
        let snapshot = Snapshot::from_json(serde_json::from_str(text).expect("JSON")).expect("a snapshot");
        let reader = Reader { feed: Feed::written(FEED).expect("a feed"), zone: jiff::tz::TimeZone::UTC };
        Zuno { policy: compiled(&snapshot), snapshot, reader }
    }

    /// Compiled once more of the same records.
    pub fn again(&self) -> Policy {
        compiled(&self.snapshot)
    }

    /// The rule that decides, by its order.
    pub fn decide(&self, question: &Asked) -> Option<i64> {
        let verdict = self.policy.decide(question).expect("an answer");
        verdict.rule.map(|rule| rule.order).filter(|order| *order > 0)
    }

    pub fn trace(&self, question: &Asked) {
        drop(self.policy.trace(question).expect("an answer"));
    }

    pub fn decide_line(&self, line: &str) -> Option<i64> {
        self.decide(&self.reader.entry(line).expect("a line").question)
    }
}

/// The questions, with all that could count.
pub fn asked(questions: &[Question]) -> Vec<Asked> {
    let asked = |question: &Question| {
        serde_json::from_value(json!({
            "destination": format!("{}:{}", Ipv4Addr::from(question.address), question.port), "protocol": "tcp",
            "user": format!("p{}@x.example", question.person), "from": "HQ", "via": "transparent", "source": "192.0.2.7",
            "source_country": "DE", "destination_country": "US", "network_application": "UNKNOWN", "risk": 10, "at": 0,
        }))
        .expect("a question")
    };
    questions.iter().map(asked).collect()
}

/// The questions as lines of a firewall's log.
pub fn lines(questions: &[Question]) -> Vec<String> {
    let line = |question: &Question| {
        format!(
            r#""Mon Mar 02 10:00:00 2026","p{}@x.example","HQ","{}","{}","192.0.2.7","TCP","Allow","some rule""#,
            question.person,
            Ipv4Addr::from(question.address),
            question.port
        )
    };
    questions.iter().map(line).collect()
}

//! Traffic of any kind: firewall, address translation, intrusion prevention and the way out.

use super::effects::Flow as Effect;
use super::facts::{Asked, Flow};
use super::ports::Transport;
use super::{Internet, reasons};
use crate::asking::{first, next};
use crate::hosts::host_and_port;
use crate::matching::{Criterion, Kinds, Of};
use crate::question::{Question, Unclear, Via};
use crate::verdict::{Decision, Draft, Verdict};
use crate::words::{Action, Assumption, Module, Outcome, Product};

impl Internet {
    /// Answers about a flow that is no web traffic.
    pub(super) fn about_flow<'p>(
        &'p self,
        question: &Question,
        to: &str,
        mut draft: Draft<'p>,
    ) -> Result<Verdict<'p>, Unclear> {
        let mut asked = self.asked(question, &mut draft)?;
        let (host, port) = host_and_port(to);
        let transport = transport(question, port)?;
        let literal = host.parse().ok();
        let host = host.to_ascii_lowercase();
        let flow = Flow {
            name: literal.is_none().then_some(host.as_str()),
            address: literal.or(question.destination_ip),
            port,
            transport,
            categories: &self.address_categories(&host),
        };
        self.place(&asked, &mut draft);
        let product = Product::InternetAccess;
        if asked.place.is_some_and(|place| place.aup_blocks) && question.accepted_aup == Some(false) {
            draft.step(Module::Aup, Outcome::Decided);
            let decision = Decision {
                action: Action::Block,
                module: Module::Aup,
                rule: None,
                reason: Some(reasons::AUP),
            };
            return Ok(draft.end(product, decision));
        }
        self.flow(&mut asked, &flow);
        if let Some(decision) = self.firewall(&asked, transport, &mut draft) {
            return Ok(draft.end(product, decision));
        }
        if transport == Transport::Tcp && port == Some(21) && !self.settings.ftp {
            draft.noted(Module::Ftp, Outcome::Decided, "FTP is off");
            let decision = Decision {
                action: Action::Block,
                module: Module::Ftp,
                rule: None,
                reason: Some(reasons::FTP),
            };
            return Ok(draft.end(product, decision));
        }
        if transport == Transport::Tcp && matches!(port, Some(80 | 443)) {
            draft.assume(Assumption::WebNotAsked);
        }
        let passed = draft.path.last().map_or((Module::Firewall, None), |step| (step.module, step.rule));
        if let Some(decision) = self.forward(&asked, &mut draft) {
            return Ok(draft.end(product, decision));
        }
        let reason = self.ended_early(&asked, passed.1.is_some());
        let decision = Decision { action: Action::Allow, module: passed.0, rule: passed.1, reason };
        Ok(draft.end(product, decision))
    }

    fn ended_early(&self, asked: &Asked<'_>, by_rule: bool) -> Option<&'static str> {
        (asked.question.ends_early == Some(true) && by_rule).then_some(reasons::TOO_LITTLE_DATA)
    }

    /// Says where the request comes from.
    pub(super) fn place(&self, asked: &Asked<'_>, draft: &mut Draft<'_>) {
        draft.step(Module::Location, Outcome::Noted);
        let (id, name) = match asked.place {
            Some(place) => (&*place.id, &*place.name),
            None => (super::places::ROAD_WARRIOR, "Road Warrior"),
        };
        if draft.trace.is_some() {
            draft.details.insert("location", serde_json::json!({"id": id, "name": name}));
        }
    }

    /// Whether the firewall looks at the traffic: where the location has it on, and for people on the road by their tunnel.
    pub(super) fn has_firewall(&self, asked: &Asked<'_>) -> bool {
        match asked.place {
            Some(place) => place.firewall,
            None => match asked.via {
                // What profiles say has been found out before.
                Via::Tunnel2 | Via::Client => true,
                Via::Tunnel1 | Via::Pac | Via::Explicit => self.settings.firewall_for_road_warriors,
                Via::Transparent => false,
            },
        }
    }

    /// Holds a flow against the firewall's rules, translation and signatures; the decision where one ends it.
    pub(super) fn firewall<'p>(
        &'p self,
        asked: &Asked<'_>,
        transport: Transport,
        draft: &mut Draft<'p>,
    ) -> Option<Decision<'p>> {
        if !self.has_firewall(asked) {
            draft.noted(Module::Firewall, Outcome::Skipped, "the firewall is off here");
            return None;
        }
        let mut from = 0;
        let mut waits = false;
        let found = loop {
            let found = next(draft, Module::Firewall, &self.rules.firewall, &asked.facts, from);
            match found {
                Some((place, rule)) if rule.effect == Effect::ByApplication => {
                    draft.by(
                        Module::Firewall,
                        Outcome::Noted,
                        Some(&rule.rule),
                        Some("its application is looked for"),
                    );
                    (from, waits) = (place + 1, true);
                }
                found => break found.map(|(_, rule)| rule),
            }
        };
        // Where the session ends before its application is known, the flow that waits for it passes (documented).
        if waits && asked.question.ends_early == Some(true) {
            draft.noted(Module::Firewall, Outcome::Passed, "it ended before its application was known");
            return None;
        }
        let action = match found.map_or(Effect::Drop, |rule| rule.effect) {
            Effect::Drop => Some(Action::Drop),
            Effect::Reset if transport == Transport::Tcp => Some(Action::Reset),
            // A reset is a drop for anything but TCP (documented).
            Effect::Reset => Some(Action::Drop),
            Effect::Unreachable => Some(Action::Unreachable),
            Effect::Allow | Effect::ByApplication | Effect::Bypass => None,
        };
        let rule = found.map(|rule| &rule.rule);
        if let Some(action) = action {
            draft.by(Module::Firewall, Outcome::Decided, rule, None);
            return Some(Decision { action, module: Module::Firewall, rule, reason: None });
        }
        draft.by(Module::Firewall, Outcome::Passed, rule, None);
        if let Some((_, rule)) = first(draft, Module::Nat, &self.rules.nat, &asked.facts) {
            draft.assume(Assumption::NatAfterFiltering);
            draft.by(Module::Nat, Outcome::Noted, Some(&rule.rule), None);
            // What decided so far stays the last word.
            let passed = draft.path.len() - 2;
            draft.path.swap(passed, passed + 1);
        }
        self.intrusion(asked, transport, draft)
    }

    /// Signatures count where the question says that some match.
    fn intrusion<'p>(
        &'p self,
        asked: &Asked<'_>,
        transport: Transport,
        draft: &mut Draft<'p>,
    ) -> Option<Decision<'p>> {
        if !asked.place.is_none_or(|place| place.ips) || asked.question.threats.is_none() {
            return None;
        }
        let (_, rule) = first(draft, Module::Ips, &self.rules.ips, &asked.facts)?;
        let action = match rule.effect {
            Effect::Drop => Action::Drop,
            Effect::Reset if transport == Transport::Tcp => Action::Reset,
            Effect::Reset => Action::Drop,
            _ => {
                draft.by(Module::Ips, Outcome::Passed, Some(&rule.rule), None);
                return None;
            }
        };
        draft.by(Module::Ips, Outcome::Decided, Some(&rule.rule), None);
        Some(Decision { action, module: Module::Ips, rule: Some(&rule.rule), reason: None })
    }

    /// The way out, once everything else has let the traffic pass.
    pub(super) fn forward<'p>(&'p self, asked: &Asked<'_>, draft: &mut Draft<'p>) -> Option<Decision<'p>> {
        if self.rules.hidden_forwarding && draft.trace.is_some() {
            draft.assume(Assumption::VendorRulesHidden);
        }
        if self.rules.forwarding.rules().is_empty() {
            return None;
        }
        let Some((_, rule)) = first(draft, Module::Forwarding, &self.rules.forwarding, &asked.facts) else {
            draft.step(Module::Forwarding, Outcome::NoMatch);
            return None;
        };
        let note = match &*rule.effect {
            "DROP" => {
                draft.by(Module::Forwarding, Outcome::Decided, Some(&rule.rule), Some("dropped"));
                let rule = Some(&rule.rule);
                return Some(Decision {
                    action: Action::Drop,
                    module: Module::Forwarding,
                    rule,
                    reason: None,
                });
            }
            "DIRECT" => "direct",
            "PROXYCHAIN" => "to another proxy",
            "ZPA" | "ECZPA" => "to private access",
            "ENATDEDIP" => "from dedicated addresses",
            "GEOIP" => "from addresses of the country",
            _ => "to the internet",
        };
        draft.by(Module::Forwarding, Outcome::Noted, Some(&rule.rule), Some(note));
        None
    }

    /// Whatever rules on addresses may call the categories of a host.
    pub(super) fn address_categories(&self, host: &str) -> Vec<Box<str>> {
        let mut found = Vec::new();
        self.sites.look_up(host, &mut |category| found.push(category.into()));
        found
    }

    /// A tunnel of the proxy's, as the firewall sees it: to the cloud's own addresses.
    pub(super) fn proxy_flow(&self, asked: &mut Asked<'_>) {
        let proxy: Vec<Box<str>> = vec!["ZSPROXY_IPS".into()];
        let flow = Flow {
            name: None,
            address: None,
            port: Some(443),
            transport: Transport::Tcp,
            categories: &proxy,
        };
        self.flow(asked, &flow);
        // The proxy's own address is in none of the tenant's lists.
        asked.facts.settle(Criterion::Destination);
        asked.facts.unknown(Criterion::NetworkApplication, Kinds::of(&[Of::NetworkApplication]));
    }
}

pub(super) fn transport(question: &Question, port: Option<u16>) -> Result<Transport, Unclear> {
    match question.protocol.as_deref().map(str::to_ascii_lowercase).as_deref() {
        Some("tcp") => Ok(Transport::Tcp),
        Some("udp") => Ok(Transport::Udp),
        Some("icmp") => Ok(Transport::Icmp),
        Some(other) => Err(Unclear::Unreadable {
            member: "protocol",
            value: other.to_owned(),
            wanted: "`tcp`, `udp` or `icmp`",
        }),
        None => Ok(if port.is_some() { Transport::Tcp } else { Transport::Icmp }),
    }
}

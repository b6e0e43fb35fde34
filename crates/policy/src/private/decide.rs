//! The way of a request to a private application, from the client to the connector.

use serde_json::json;

use super::Private;
use super::asker::{ANCHORED, Asker, BROWSER, CLIENT, ISOLATED};
use super::reached::{NO_POLICY, Reached};
use super::rules::{Asking, Rule, types};
use super::scope::{sees, whose};
use super::segments::{Bypass, Carrier, Selection};
use crate::details::Told;
use crate::hosts::host_and_port;
use crate::question::{Question, Unclear};
use crate::verdict::{Decision, Draft, Verdict};
use crate::words::{Action, Assumption, Module, Outcome, Product};

impl Private {
    /// Whether there is any private application.
    pub(crate) fn is_empty(&self) -> bool {
        self.segments.is_empty()
    }

    /// Answers a question about a private application.
    pub(crate) fn answer<'p>(
        &'p self,
        question: &Question,
        to: &str,
        at: Option<i64>,
        mut draft: Draft<'p>,
    ) -> Result<Verdict<'p>, Unclear> {
        let client = question.client_type.as_deref().unwrap_or(CLIENT);
        if question.client_type.is_none() {
            draft.assume(Assumption::ClientConnector);
        }
        let reached = self.reach(question, to, client, at, &mut draft)?;
        if let Some(code) = reached.status {
            draft.details.insert("status_code", code);
        }
        self.tell_segments(&reached.selection, &mut draft);
        let action = reached.decision.action;
        if let (Some(rule), Action::Allow) = (reached.by, action) {
            let selection = &reached.selection;
            let pool = self.connectors.told(
                rule,
                &selection.matched,
                selection.patterned,
                &self.segments,
                &mut draft,
            );
            let note = match pool.status {
                "OK" => "there are connectors",
                "NO_CONNECTOR_AVAILABLE" => "no connector is available",
                _ => "no group of connectors is set",
            };
            draft.noted(Module::ConnectorSelection, Outcome::Noted, note);
            draft.details.insert("connectors", Told::Pool(pool));
        }
        let product = match action {
            Action::Bypass | Action::NotZpa | Action::NotForwarded => Product::Direct,
            _ => Product::PrivateAccess,
        };
        Ok(draft.end(product, reached.decision))
    }

    fn tell_segments<'p>(&'p self, selection: &Selection, draft: &mut Draft<'p>) {
        if selection.covered {
            let told = |number: &u32| {
                let segment = self.segments.at(*number);
                (&*segment.id, &*segment.name)
            };
            draft.details.insert("segments", Told::Records(selection.matched.iter().map(told).collect()));
        }
    }

    fn reach<'p>(
        &'p self,
        question: &Question,
        to: &str,
        client: &str,
        at: Option<i64>,
        draft: &mut Draft<'p>,
    ) -> Result<Reached<'p>, Unclear> {
        let scope = self.microtenants.of(question)?;
        if let Some(scope) = scope {
            draft.step(Module::Microtenant, Outcome::Noted);
            draft.details.insert("microtenant", scope);
        }
        let mut asker = self.known.asker(question, client)?;
        let ended = |action, module, status| Reached {
            decision: Decision { action, module, rule: None, reason: None },
            status,
            by: None,
            selection: Selection::default(),
        };
        if !self.is_active(&asker, draft) {
            draft.step(Module::UserStatus, Outcome::Decided);
            return Ok(ended(
                Action::UserInactive,
                Module::UserStatus,
                Some("BRK_MT_SETUP_FAIL_SCIM_INACTIVE"),
            ));
        }
        let (host, carrier) = destination(question, to)?;
        let disaster = question.disaster_recovery == Some(true);
        let visible = |segment: &super::segments::Segment| disaster || sees(scope, segment);
        let selection = self.select(&asker, &host, carrier, &visible, draft);
        if !selection.covered {
            draft.step(Module::SegmentSelection, Outcome::Decided);
            return Ok(ended(Action::NotZpa, Module::SegmentSelection, None));
        }
        if disaster {
            let flagged = selection.matched.iter().any(|number| self.segments.at(*number).disaster_recovery);
            let action = if flagged { Action::Allow } else { Action::DenyDefault };
            draft.noted(Module::Availability, Outcome::Decided, "disaster recovery is on");
            return Ok(Reached {
                selection,
                ..ended(action, Module::Availability, (!flagged).then_some(NO_POLICY))
            });
        }
        if self.is_bypassed(&asker, &selection) {
            draft.noted(Module::SegmentBypass, Outcome::Decided, "the segment's clients go directly");
            return Ok(Reached { selection, ..ended(Action::Bypass, Module::SegmentBypass, None) });
        }
        if selection.matched.is_empty() {
            draft.assume(Assumption::NotForwardedDirectOrDropped);
            draft.noted(Module::SegmentSelection, Outcome::Decided, "no segment of the name has this port");
            return Ok(Reached { selection, ..ended(Action::NotForwarded, Module::SegmentSelection, None) });
        }
        draft.step(Module::SegmentSelection, Outcome::Passed);
        asker.segments = selection.matched.iter().map(|number| &*self.segments.at(*number).id).collect();
        asker.groups = selection.matched.iter().map(|number| &*self.segments.at(*number).group).collect();
        let first = selection.matched.first().map(|number| self.segments.at(*number));
        let asking = Asking {
            whose: whose(scope, first, self.options.default_rules_first),
            switches: &self.switches,
            skipped_holds: self.options.skipped_condition_holds,
        };
        if matches!(asking.whose, super::rules::Whose::Both(..)) {
            draft.assume(Assumption::DefaultRulesFirst);
        }
        let accessible_only = match self.forwarding(&asker, &asking, &selection, draft) {
            Forwarding::Directly(rule) => {
                let decision = Decision {
                    action: Action::Bypass,
                    module: Module::ClientForwarding,
                    rule: rule.map(|rule| &rule.rule),
                    reason: None,
                };
                return Ok(Reached { decision, status: None, by: None, selection });
            }
            Forwarding::Forwarded => None,
            Forwarding::Accessible(rule) => Some(rule),
        };
        if client == BROWSER
            && let Some(reached) = self.isolation(question, to, &asker, &asking, at, draft)?
        {
            return Ok(Reached { selection, ..reached });
        }
        let reached = self.access(asker, &asking, selection, at, draft);
        if let (Some(rule), true) = (accessible_only, reached.decision.action != Action::Allow) {
            // What may not be reached is not on the client's list: it goes out directly (documented).
            draft.by(
                Module::ClientForwarding,
                Outcome::Decided,
                Some(&rule.rule),
                Some("not on the client's list"),
            );
            let decision = Decision {
                action: Action::Bypass,
                module: Module::ClientForwarding,
                rule: Some(&rule.rule),
                reason: None,
            };
            return Ok(Reached { decision, status: None, ..reached });
        }
        Ok(reached)
    }

    fn is_active(&self, asker: &Asker<'_>, draft: &mut Draft<'_>) -> bool {
        if !asker.provisioned {
            return true;
        }
        match asker.user_active {
            Some(active) => active,
            None => {
                let told = asker.question.scim_groups.is_some() || asker.question.scim.is_some();
                if told || asker.question.user.is_none() || !self.options.unprovisioned_is_inactive {
                    draft.assume(Assumption::UserActive);
                    return true;
                }
                false
            }
        }
    }

    fn select(
        &self,
        asker: &Asker<'_>,
        host: &str,
        carrier: Carrier,
        visible: &dyn Fn(&super::segments::Segment) -> bool,
        draft: &mut Draft<'_>,
    ) -> Selection {
        let question = asker.question;
        if asker.is_clientless() {
            let named = self.segments.for_browser(host).iter().copied();
            let matched: Vec<u32> = named.filter(|number| visible(self.segments.at(*number))).collect();
            if !matched.is_empty() {
                return Selection {
                    of_entry: matched.clone(),
                    matched,
                    covered: true,
                    ..Selection::default()
                };
            }
        }
        // Only such clients take several segments (documented; of which platforms is disputed).
        let able = asker.platform.as_deref().is_none_or(|platform| matches!(platform, "windows" | "mac"));
        let several = question.multimatch.unwrap_or(asker.client == CLIENT && able);
        let selection = self.segments.select(host, carrier, several, visible, &self.options);
        if selection.tie {
            draft.assume(Assumption::TieToOldest);
        }
        if selection.hidden_by_disabled {
            draft.assume(Assumption::DisabledSegmentCarves);
        }
        if selection.patterned {
            draft.assume(Assumption::PatternStarWithinLabel);
        }
        selection
    }

    /// Whether clients go directly to the name that was selected, whatever the port (documented).
    fn is_bypassed(&self, asker: &Asker<'_>, selection: &Selection) -> bool {
        if asker.is_clientless() || asker.client == ANCHORED {
            return false;
        }
        let question = asker.question;
        let listed = || question.trusted_networks.as_ref().is_some_and(|networks| !networks.is_empty());
        let on_network = question.on_trusted_network.unwrap_or_else(listed);
        selection.of_entry.iter().any(|number| match self.segments.at(*number).bypass {
            Bypass::Always => true,
            Bypass::OnNetwork => on_network,
            Bypass::Never => false,
        })
    }

    fn forwarding<'p>(
        &'p self,
        asker: &Asker<'_>,
        asking: &Asking<'_>,
        selection: &Selection,
        draft: &mut Draft<'p>,
    ) -> Forwarding<'p> {
        if asker.is_clientless() {
            return Forwarding::Forwarded;
        }
        let module = Module::ClientForwarding;
        let list = self.lists.of(types::FORWARDING);
        let rule = list.first(module, asker, asking, draft);
        if let Some(rule) = rule.filter(|rule| &*rule.action == "BYPASS") {
            draft.by(module, Outcome::Decided, Some(&rule.rule), Some("directly"));
            return Forwarding::Directly(Some(rule));
        }
        // A rule on the same name with other ports that bypasses it wins, whatever the order (documented).
        let mut other = asker.clone();
        for number in selection.of_entry.iter().filter(|number| !selection.matched.contains(number)) {
            let segment = self.segments.at(*number);
            other.segments = vec![&segment.id];
            other.groups = vec![&segment.group];
            let mut quiet = Draft::new(false);
            let rule = list.first(module, &other, asking, &mut quiet);
            draft.unknown.append(&mut quiet.unknown);
            if let Some(rule) = rule.filter(|rule| &*rule.action == "BYPASS") {
                draft.by(
                    module,
                    Outcome::Decided,
                    Some(&rule.rule),
                    Some("directly, for another port of the name"),
                );
                return Forwarding::Directly(Some(rule));
            }
        }
        let reference = rule.map(|rule| &rule.rule);
        match rule {
            Some(rule) if rule.action.starts_with("INTERCEPT_ACCES") => {
                draft.by(module, Outcome::Noted, reference, Some("forwarded where it may be reached"));
                Forwarding::Accessible(rule)
            }
            _ => {
                draft.by(module, Outcome::Passed, reference, Some("forwarded"));
                Forwarding::Forwarded
            }
        }
    }

    /// Browsers may be sent into isolation, whose browser asks for access of its own.
    fn isolation<'p>(
        &'p self,
        question: &Question,
        to: &str,
        asker: &Asker<'_>,
        asking: &Asking<'_>,
        at: Option<i64>,
        draft: &mut Draft<'p>,
    ) -> Result<Option<Reached<'p>>, Unclear> {
        let module = Module::IsolationPolicy;
        let list = self.lists.of(types::ISOLATION);
        let rule = list.first(module, asker, asking, draft).filter(|rule| &*rule.action == "ISOLATE");
        let Some(rule) = rule else {
            draft.step(module, Outcome::NoMatch);
            return Ok(None);
        };
        draft.by(module, Outcome::Decided, Some(&rule.rule), Some("sent into isolation"));
        let mut inside = Draft::new(false);
        let reached = self.reach(question, to, ISOLATED, at, &mut inside)?;
        let told = json!({
            "action": reached.decision.action,
            "module": reached.decision.module,
            "rule": reached.decision.rule,
            "path": inside.path,
        });
        draft.details.insert("inside_isolation", told);
        if let Some(profile) = &rule.profile {
            draft.details.insert("isolation_profile", &**profile);
        }
        let decision = Decision { action: Action::Isolate, module, rule: Some(&rule.rule), reason: None };
        Ok(Some(Reached { decision, status: None, by: None, selection: Selection::default() }))
    }
}

/// What the client does with a private application.
enum Forwarding<'p> {
    Directly(Option<&'p Rule>),
    Forwarded,
    Accessible(&'p Rule),
}

fn destination(question: &Question, to: &str) -> Result<(String, Carrier), Unclear> {
    let (host, port) = host_and_port(to);
    let unreadable = |wanted| Unclear::Unreadable { member: "private", value: to.to_owned(), wanted };
    let carrier = match (question.protocol.as_deref().map(str::to_ascii_lowercase).as_deref(), port) {
        (Some("icmp"), _) | (None, None) => Carrier::Icmp { traceroute: question.traceroute == Some(true) },
        (Some("udp"), Some(port)) => Carrier::Udp(port),
        (None | Some("tcp"), Some(port)) => Carrier::Tcp(port),
        _ => return Err(unreadable("`host:port`, or a host with the protocol `icmp`")),
    };
    if host.is_empty() {
        return Err(unreadable("`host:port`"));
    }
    Ok((host.trim_end_matches('.').to_ascii_lowercase(), carrier))
}

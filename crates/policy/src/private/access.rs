//! The access policy, and what is asked once it allows a request: how old the sign-in is, inspection and the like.

use super::Private;
use super::asker::Asker;
use super::reached::{NO_POLICY, POLICY, Reached};
use super::rules::{Asking, types};
use super::segments::Selection;
use super::sessions::timeout;
use crate::verdict::{Decision, Draft};
use crate::words::{Action, Assumption, Module, Outcome};

impl Private {
    /// Holds a request that is forwarded against the access policy.
    pub(super) fn access<'a, 'p: 'a>(
        &'p self,
        mut asker: Asker<'a>,
        asking: &Asking<'_>,
        selection: Selection,
        at: Option<i64>,
        draft: &mut Draft<'p>,
    ) -> Reached<'p> {
        let matched = || selection.matched.iter().map(|number| self.segments.at(*number));
        if matched().any(|segment| !segment.available) {
            let available = || matched().filter(|segment| segment.available);
            asker.segments = available().map(|segment| &*segment.id).collect();
            asker.groups = available().map(|segment| &*segment.group).collect();
        }
        if asker.segments.is_empty() {
            draft.noted(Module::Availability, Outcome::Decided, "the segment or its group is off");
            let decision = Decision {
                action: Action::DenyDefault,
                module: Module::Availability,
                rule: None,
                reason: None,
            };
            return Reached { decision, status: Some(NO_POLICY), by: None, selection };
        }
        let module = Module::AccessPolicy;
        let Some(rule) = self.lists.of(types::ACCESS).first(module, &asker, asking, draft) else {
            draft.step(module, Outcome::NoMatch);
            let decision = Decision { action: Action::DenyDefault, module, rule: None, reason: None };
            return Reached { decision, status: Some(NO_POLICY), by: None, selection };
        };
        let reference = Some(&rule.rule);
        let decided = |action, status| {
            let decision = Decision { action, module, rule: reference, reason: None };
            (decision, Some(status))
        };
        let refused = match &*rule.action {
            "DENY" => Some(decided(Action::Deny, POLICY)),
            "REQUIRE_APPROVAL"
                if !self.approvals.live(asker.question.user.as_deref(), &asker.segments, at) =>
            {
                Some(decided(Action::ApprovalRequired, "BRK_MT_SETUP_FAIL_REJECTED_BY_POLICY_APPROVAL"))
            }
            _ => None,
        };
        if let Some((decision, status)) = refused {
            draft.by(module, Outcome::Decided, reference, None);
            return Reached { decision, status, by: None, selection };
        }
        draft.by(module, Outcome::Passed, reference, None);
        if let Some((decision, status)) = self.session(&asker, asking, at, draft) {
            return Reached { decision, status: Some(status), by: None, selection };
        }
        self.beside(&asker, asking, draft);
        let decision = Decision { action: Action::Allow, module, rule: reference, reason: None };
        Reached { decision, status: None, by: Some(rule), selection }
    }

    /// How old the sign-in is.
    fn session<'p>(
        &'p self,
        asker: &Asker<'_>,
        asking: &Asking<'_>,
        at: Option<i64>,
        draft: &mut Draft<'p>,
    ) -> Option<(Decision<'p>, &'static str)> {
        let module = Module::TimeoutPolicy;
        let session = timeout(self.lists.of(types::TIMEOUT), asker, asking, at, draft);
        let rule = session.rule.map(|rule| &rule.rule);
        if session.idle {
            draft.details.insert("idle_expired", true);
            draft.assume(Assumption::IdleEndsConnection);
        }
        if session.expired || (session.idle && self.options.idle_forces_reauth) {
            draft.by(module, Outcome::Decided, rule, Some("the sign-in is too old"));
            let decision = Decision { action: Action::ReauthRequired, module, rule, reason: None };
            return Some((decision, "BRK_MT_SETUP_FAIL_SAML_EXPIRED"));
        }
        if rule.is_some() {
            draft.by(module, Outcome::Passed, rule, None);
        }
        None
    }

    /// What is told beside the verdict and does not change it: inspection, capabilities, credentials, service edges.
    fn beside<'p>(&'p self, asker: &Asker<'_>, asking: &Asking<'_>, draft: &mut Draft<'p>) {
        for (of, module) in [
            (types::INSPECTION, Module::InspectionPolicy),
            (types::CAPABILITIES, Module::CapabilitiesPolicy),
            (types::CREDENTIALS, Module::CredentialsPolicy),
            (types::PORTAL, Module::PortalPolicy),
            (types::BROWSER_PROTECTION, Module::BrowserProtection),
            (types::REDIRECTION, Module::RedirectionPolicy),
        ] {
            let portal = matches!(of, types::CAPABILITIES | types::CREDENTIALS | types::PORTAL);
            if portal && asker.question.portal.is_none() {
                continue;
            }
            if of == types::BROWSER_PROTECTION && !asker.is_clientless() {
                continue;
            }
            let Some(rule) = self.lists.of(of).first(module, asker, asking, draft) else { continue };
            let note = match &*rule.action {
                "INSPECT" => Some("inspected"),
                "BYPASS_INSPECT" => Some("not inspected"),
                "REDIRECT_PREFERRED" => Some("these service edges first, else a public one"),
                "REDIRECT_ALWAYS" => Some("these service edges; a public one where none is active"),
                "REDIRECT_DEFAULT" => Some("the nearest service edge"),
                "MONITOR" => Some("monitored"),
                "DO_NOT_MONITOR" => Some("not monitored"),
                "INJECT_CREDENTIALS" => Some("a credential is injected"),
                _ => None,
            };
            draft.by(module, Outcome::Noted, Some(&rule.rule), note);
        }
    }
}

//! What a cloud or branch connector does with the traffic that it takes in: names first, then where traffic goes
//! (documented).

use super::Internet;
use super::effects::Resolving;
use super::facts::Flow;
use super::flows::transport;
use super::rules::PRIVATE;
use super::web::host_of;
use crate::asking::first;
use crate::hosts::host_and_port;
use crate::matching::{Criterion, Of};
use crate::question::{Question, Unclear};
use crate::verdict::{Decision, Draft};
use crate::words::{Action, Assumption, Module, Outcome, Product};

/// Where a connector sends traffic.
pub(crate) enum Sent<'p> {
    /// To Internet Access.
    Internet,
    /// To Private Access.
    Private,
    /// It ends here.
    Ended(Product, Decision<'p>),
}

impl Internet {
    /// Holds traffic against the rules of connectors; `private` says whether it is for a private application.
    pub(crate) fn through_connector<'p>(
        &'p self,
        question: &Question,
        private: bool,
        draft: &mut Draft<'p>,
    ) -> Result<Sent<'p>, Unclear> {
        let mut asked = self.asked(question, draft)?;
        if let Some(name) = &question.dns {
            let name = name.trim_end_matches('.').to_ascii_lowercase();
            let mut found = Vec::new();
            self.lookups.destination(Some(&name), None, &mut found);
            asked.facts.set(Criterion::Destination, found);
            return Ok(self.named_through_connector(&asked.facts, draft));
        }
        let to = match (&question.url, &question.destination) {
            (Some(url), _) => host_of(url)?,
            (None, to) => to.clone().unwrap_or_default(),
        };
        let (host, port) = host_and_port(&to);
        let (host, literal) = (host.to_ascii_lowercase(), host.parse().ok());
        let flow = Flow {
            name: literal.is_none().then_some(host.as_str()),
            address: literal.or(question.destination_ip),
            port,
            transport: transport(question, port)?,
            categories: &self.address_categories(&host),
        };
        self.flow(&mut asked, &flow);
        let application = self.atoms.find(Of::Other, PRIVATE).filter(|_| private);
        asked.facts.set(Criterion::PrivateSegment, application);
        let module = Module::ConnectorForwarding;
        if self.rules.hidden_connector {
            draft.assume(Assumption::VendorRulesHidden);
        }
        let Some((_, rule)) = first(draft, module, &self.rules.connector, &asked.facts) else {
            draft.step(module, Outcome::NoMatch);
            return Ok(Sent::Internet);
        };
        let reference = Some(&rule.rule);
        let ended = |action, product| {
            Sent::Ended(product, Decision { action, module, rule: reference, reason: None })
        };
        let (outcome, note, sent) = match &*rule.effect {
            "DROP" => (Outcome::Decided, "dropped", ended(Action::Drop, Product::Direct)),
            "DIRECT" => (Outcome::Decided, "direct", ended(Action::Bypass, Product::Direct)),
            "LOCAL_SWITCH" => (Outcome::Decided, "within the site", ended(Action::Bypass, Product::Direct)),
            "ECZPA" | "ZPA" => (Outcome::Passed, "to private access", Sent::Private),
            _ => (Outcome::Passed, "to internet access", Sent::Internet),
        };
        draft.by(module, outcome, reference, Some(note));
        Ok(sent)
    }

    fn named_through_connector<'p>(
        &'p self,
        facts: &crate::matching::Facts,
        draft: &mut Draft<'p>,
    ) -> Sent<'p> {
        let module = Module::ConnectorDns;
        let Some((_, rule)) = first(draft, module, &self.rules.connector_names, facts) else {
            draft.step(module, Outcome::NoMatch);
            return Sent::Internet;
        };
        let (action, note) = match rule.effect {
            Resolving::Allow => {
                draft.by(module, Outcome::Passed, Some(&rule.rule), Some("passed on"));
                return Sent::Internet;
            }
            Resolving::Block | Resolving::Refuse => (Action::Block, "dropped"),
            Resolving::AskOthers => (Action::Redirect, "other resolvers are asked"),
            Resolving::AnswerOther | Resolving::AnswerPrivate => {
                (Action::Redirect, "an address of private access is answered")
            }
        };
        draft.by(module, Outcome::Decided, Some(&rule.rule), Some(note));
        Sent::Ended(Product::Direct, Decision { action, module, rule: Some(&rule.rule), reason: None })
    }
}

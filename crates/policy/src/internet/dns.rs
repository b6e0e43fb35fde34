//! Requests for names.

use super::Internet;
use super::effects::Resolving;
use crate::asking::first;
use crate::matching::{Criterion, Kinds, Of};
use crate::question::{Question, Unclear};
use crate::verdict::{Decision, Draft, Verdict};
use crate::words::{Action, Module, Outcome, Product};

impl Internet {
    /// Answers about a request for a name.
    pub(super) fn about_name<'p>(
        &'p self,
        question: &Question,
        name: &str,
        mut draft: Draft<'p>,
    ) -> Result<Verdict<'p>, Unclear> {
        let mut asked = self.asked(question, &mut draft)?;
        self.place(&asked, &mut draft);
        let allowed = Decision { action: Action::Allow, module: Module::Dns, rule: None, reason: None };
        if !self.has_firewall(&asked) {
            draft.noted(Module::Dns, Outcome::Skipped, "the firewall is off here");
            return Ok(draft.end(Product::InternetAccess, allowed));
        }
        let name = name.trim_end_matches('.').to_ascii_lowercase();
        let facts = &mut asked.facts;
        let mut found = Vec::new();
        self.lookups.destination(Some(&name), question.destination_ip, &mut found);
        facts.set(Criterion::Destination, found);
        let transport = match question.protocol.as_deref() {
            Some("tcp") => "TCP_RULE",
            Some("doh" | "https") => "DOHTTPS_RULE",
            _ => "UDP_RULE",
        };
        facts.set(Criterion::Protocol, self.atoms.find(Of::Protocol, transport));
        let of = question.dns_type.as_deref().unwrap_or("A").to_ascii_uppercase();
        facts.set(Criterion::DnsType, self.atoms.find(Of::DnsType, &of));
        let mut categories = Vec::new();
        self.sites.look_up(&name, &mut |category| {
            categories.extend(self.atoms.find(Of::Category, category));
            if let Some(family) = self.sites.family(category) {
                categories.extend(self.atoms.find(Of::Category, family));
            }
        });
        facts.set(Criterion::DnsCategory, categories);
        match question.destination_country.as_deref() {
            Some(country) => facts.add(
                Criterion::DnsCategory,
                self.atoms
                    .find(Of::DestinationCountry, super::reading::spelt(Of::DestinationCountry, country)),
            ),
            None => facts.unknown(Criterion::DnsCategory, Kinds::of(&[Of::DestinationCountry])),
        }
        // Which categories the answered address is in is not known of any address.
        facts.unknown(Criterion::DnsCategory, Kinds::of(&[Of::DestinationCategory]));
        match question.not_dns {
            Some(true) => facts.set(Criterion::DnsApplication, self.atoms.find(Of::Other, "not DNS")),
            _ => facts.unknown(
                Criterion::DnsApplication,
                Kinds::of(&[Of::DnsApplication, Of::DnsApplicationGroup]),
            ),
        }
        let found = first(&mut draft, Module::Dns, &self.rules.dns, facts);
        let Some((_, rule)) = found else {
            draft.step(Module::Dns, Outcome::NoMatch);
            return Ok(draft.end(Product::InternetAccess, allowed));
        };
        let (action, note) = match rule.effect {
            Resolving::Allow => (Action::Allow, "answered"),
            Resolving::Block => (Action::Block, "dropped"),
            Resolving::Refuse => (Action::Block, "refused with a code"),
            Resolving::AskOthers => (Action::Redirect, "other resolvers are asked"),
            Resolving::AnswerOther => (Action::Redirect, "another address is answered"),
            Resolving::AnswerPrivate => (Action::Redirect, "an address of private access is answered"),
        };
        let outcome = if action == Action::Allow { Outcome::Passed } else { Outcome::Decided };
        draft.by(Module::Dns, outcome, Some(&rule.rule), Some(note));
        let decision = Decision { action, module: Module::Dns, rule: Some(&rule.rule), reason: None };
        Ok(draft.end(Product::InternetAccess, decision))
    }
}

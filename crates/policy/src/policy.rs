//! A tenant's policies, compiled.

use std::sync::Arc;

use crate::client::Client;
use crate::client::traffic::{Carried, Destination};
use crate::hosts::{host_and_port, short};
use crate::internet::{Internet, Sent, host_of};
use crate::lists::List;
use crate::matching::{Atoms, RuleList, RuleRef};
use crate::options::Options;
use crate::private::Private;
use crate::question::{Question, Unclear, Via};
use crate::sites::Sites;
use crate::snapshot::Snapshot;
use crate::verdict::{Draft, Verdict};
use crate::words::{Action, Assumption, Module, Outcome, Product};
use crate::{Flow, Treatment};

/// What connectors are to private access, where the question does not say.
const CONNECTOR: &str = "zpn_client_type_edge_connector";

/// Where web traffic or a flow goes.
fn destination(question: &Question) -> Result<Option<String>, Unclear> {
    match (&question.url, &question.destination) {
        (Some(url), _) => host_of(url).map(Some),
        (None, to) => Ok(to.clone()),
    }
}

/// What private access says first.
enum First<'p> {
    Answered(Box<Verdict<'p>>),
    /// It is nothing of its own; the path goes on.
    Passed(Draft<'p>),
}

/// A tenant's policies, read once from a snapshot. It answers any number of questions, from any number of threads.
pub struct Policy {
    client: Client,
    internet: Internet,
    private: Private,
}

impl Policy {
    /// Reads and indexes what a snapshot holds.
    pub fn compile(snapshot: &Snapshot, options: Options, sites: Arc<dyn Sites>) -> Policy {
        Policy {
            client: Client::compile(snapshot),
            internet: Internet::compile(snapshot, options, sites),
            private: Private::compile(snapshot, options),
        }
    }

    /// What becomes of a request, and by which rule.
    ///
    /// # Errors
    /// The question cannot be understood.
    pub fn decide(&self, question: &Question) -> Result<Verdict<'_>, Unclear> {
        self.answer(question, Draft::new(false))
    }

    /// The same, with every rule that was tried and what it failed by.
    ///
    /// # Errors
    /// As there.
    pub fn trace(&self, question: &Question) -> Result<Verdict<'_>, Unclear> {
        self.answer(question, Draft::new(true))
    }

    fn answer<'p>(&'p self, question: &Question, draft: Draft<'p>) -> Result<Verdict<'p>, Unclear> {
        let subjects = [&question.url, &question.destination, &question.dns, &question.private];
        if subjects.into_iter().flatten().count() != 1 {
            return Err(Unclear::NoSubject);
        }
        let names = [
            ("destination", &question.destination),
            ("dns", &question.dns),
            ("private", &question.private),
            ("host_header", &question.host_header),
        ];
        for (member, name) in names {
            name.as_deref().map(|name| short(member, name)).transpose()?;
        }
        if let Some(to) = &question.private {
            return self.private.answer(question, to, question.moment()?, draft);
        }
        let mut draft = draft;
        if question.connector_group.is_some() {
            match self.internet.through_connector(question, self.is_private(question)?, &mut draft)? {
                Sent::Internet => return self.internet.answer(question, draft),
                Sent::Ended(product, decision) => return Ok(draft.end(product, decision)),
                Sent::Private => {
                    let client = question.client_type.clone().unwrap_or_else(|| CONNECTOR.to_owned());
                    let asked = Question { client_type: Some(client), ..question.clone() };
                    let to = destination(question)?.unwrap_or_default();
                    return self.private.answer(&asked, &to, question.moment()?, draft);
                }
            }
        }
        if question.via == Some(Via::Client) {
            return self.by_client(question, draft);
        }
        let Some(to) = self.taken_by_client(question)? else {
            return self.internet.answer(question, draft);
        };
        match self.private_first(question, &to, draft)? {
            First::Answered(verdict) => Ok(*verdict),
            First::Passed(draft) => self.internet.answer(question, draft),
        }
    }

    /// What comes of traffic that a client takes as its profiles say.
    fn by_client<'p>(&'p self, question: &Question, mut draft: Draft<'p>) -> Result<Verdict<'p>, Unclear> {
        let route = self.client.route(question, &mut draft);
        let to = destination(question)?.filter(|_| route.private && !self.private.is_empty());
        if let Some(to) = to {
            match self.private_first(question, &to, draft)? {
                First::Answered(verdict) => return Ok(*verdict),
                First::Passed(passed) => draft = passed,
            }
        }
        let host = question.dns.clone().map_or_else(|| destination(question), |name| Ok(Some(name)))?;
        let host = host.unwrap_or_default();
        let (name, port) = host_and_port(&host);
        let literal = name.parse().ok();
        let port = port.or(question.url.as_ref().map(|url| if url.starts_with("http:") { 80 } else { 443 }));
        let gone_to = Destination {
            asked: question.dns.is_some(),
            name: literal.is_none().then_some(name),
            address: literal.or(question.destination_ip),
            port,
            tcp: question
                .protocol
                .as_deref()
                .map_or(question.dns.is_none(), |of| of.eq_ignore_ascii_case("tcp")),
        };
        if let Some(decision) = self.client.past(question, &gone_to, &route, &mut draft) {
            return Ok(draft.end(Product::Direct, decision));
        }
        let via = match route.internet {
            Carried::Everything => Via::Tunnel2,
            Carried::Web => Via::Tunnel1,
            Carried::Proxy => Via::Explicit,
            Carried::Not => Via::Transparent,
        };
        self.internet.answer(&Question { via: Some(via), ..question.clone() }, draft)
    }

    /// A client with both products looks at its private applications first.
    fn private_first<'p>(
        &'p self,
        question: &Question,
        to: &str,
        mut draft: Draft<'p>,
    ) -> Result<First<'p>, Unclear> {
        let mut private = draft.again();
        private.assume(Assumption::PrivateFirst);
        private.noted(Module::ClientConnector, Outcome::Noted, "asked whether it is a private application");
        let verdict = self.private.answer(question, to, question.moment()?, private)?;
        match verdict.action {
            Action::NotZpa => draft.noted(Module::ClientConnector, Outcome::Passed, "no private application"),
            Action::Bypass | Action::NotForwarded => {
                draft.assume(Assumption::BypassedGoesToInternet);
                draft.noted(
                    Module::ClientConnector,
                    Outcome::Passed,
                    "a private application that goes directly",
                );
            }
            _ => return Ok(First::Answered(Box::new(verdict))),
        }
        Ok(First::Passed(draft))
    }

    /// Where traffic would go as a private application's, if the client that sends it knows any.
    fn taken_by_client(&self, question: &Question) -> Result<Option<String>, Unclear> {
        let client =
            matches!(question.via, Some(Via::Tunnel1 | Via::Tunnel2)) || question.client_type.is_some();
        if !client || self.private.is_empty() {
            return Ok(None);
        }
        destination(question)
    }

    /// Whether traffic is for a private application.
    fn is_private(&self, question: &Question) -> Result<bool, Unclear> {
        let Some(to) = destination(question)?.filter(|_| !self.private.is_empty()) else { return Ok(false) };
        let verdict = self.private.answer(question, &to, question.moment()?, Draft::new(false))?;
        Ok(verdict.action != Action::NotZpa)
    }

    /// Every list in which the first rule that matches decides.
    pub(crate) fn lists(&self) -> Vec<List<'_>> {
        self.internet.lists()
    }

    /// Private access.
    pub(crate) fn private(&self) -> &Private {
        &self.private
    }

    /// Every rule of these lists that is on, with its module and, where that has several, its list.
    pub fn enabled_rules(&self) -> Vec<(Module, Option<&str>, &RuleRef)> {
        let lists = self.lists().into_iter();
        let rules = lists.flat_map(|list| {
            let on = list.rules.into_iter().filter(|rule| rule.enabled);
            on.map(move |rule| (list.module, list.of, rule.rule))
        });
        rules.collect()
    }

    /// Every rule of private access that is on, with questions in which it may have a say.
    pub(crate) fn private_rules(&self, snapshot: &Snapshot) -> Vec<(Module, &RuleRef, Vec<Question>)> {
        let told = self.private.told(snapshot).into_iter();
        told.map(|told| (told.module, told.rule, told.questions)).collect()
    }

    /// A site of a predefined category, as far as whoever compiled this knows one.
    pub(crate) fn example_of(&self, category: &str) -> Option<String> {
        self.internet.example_of(category)
    }

    /// What Internet Access's rules name, interned; clauses of its rules are made of these.
    pub fn atoms(&self) -> &Atoms {
        &self.internet.atoms
    }

    /// The rules on URLs, in the order in which they are tried.
    pub fn url_rules(&self) -> &RuleList<Treatment> {
        self.internet.url_rules()
    }

    /// The rules of the firewall, in the order in which they are tried.
    pub fn firewall_rules(&self) -> &RuleList<Flow> {
        self.internet.firewall_rules()
    }
}

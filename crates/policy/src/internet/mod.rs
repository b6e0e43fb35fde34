//! Internet Access: firewall, DNS, inspection and the policies on the web, in the order in which traffic meets them.

mod applications;
mod connector;
mod dns;
mod effects;
mod expression;
mod facts;
mod files;
mod flows;
mod lists;
mod lookups;
mod people;
mod places;
mod ports;
mod reading;
mod reasons;
mod requests;
mod rules;
mod settings;
pub(crate) mod spans;
mod time;
mod urls;
mod web;

use std::sync::Arc;

use foldhash::HashMap;

pub use effects::{
    FirstTime, Flow, Inspecting, Inspection, Prevention, Resolving, Sandboxing, Treating, Treatment,
};
pub(crate) use lists::is_held;
pub(crate) use spans::nets;

pub(crate) use connector::Sent;
pub(crate) use web::host_of;

use crate::matching::{Atom, Atoms, Of, RuleList};
use crate::options::Options;
use crate::question::{Question, Unclear};
use crate::record::{id, text};
use crate::sites::Sites;
use crate::snapshot::Snapshot;
use crate::verdict::{Draft, Verdict};
use settings::Settings;

/// Everything of Internet Access that questions are held against.
pub(crate) struct Internet {
    pub(crate) atoms: Atoms,
    rules: rules::Rules,
    people: people::People,
    places: places::Places,
    windows: time::Windows,
    services: ports::Services,
    lookups: lookups::Lookups,
    engines: HashMap<Box<str>, Engine>,
    /// The number of each category, by which DLP rules name it.
    numbers: HashMap<Box<str>, Atom>,
    /// Who people are who have not signed in, where rules may name them.
    unauthenticated: Vec<Atom>,
    settings: Settings,
    options: Options,
    sites: Arc<dyn Sites>,
}

/// An engine of DLP.
struct Engine {
    name: Box<str>,
    expression: Box<str>,
}

impl Internet {
    pub(crate) fn compile(snapshot: &Snapshot, options: Options, sites: Arc<dyn Sites>) -> Internet {
        let mut atoms = Atoms::default();
        let rules = rules::Rules::new(snapshot, &mut atoms);
        let engines = snapshot.records("zia.dlp_engine").iter().filter_map(|record| {
            let name =
                text(record, "name").or_else(|| text(record, "predefinedEngineName")).unwrap_or_default();
            let expression = text(record, "engineExpression").unwrap_or_default().into();
            Some((id(record, "id")?.into(), Engine { name: name.into(), expression }))
        });
        let numbers = rules::category_numbers(snapshot).into_iter();
        let unauthenticated = |kind, of: Of| {
            let special = snapshot.records(kind).iter().filter(|record| {
                text(record, "type") == Some("UNAUTH_TRAFFIC_DEFAULT")
                    || text(record, "name") == Some("Unauthenticated Transactions")
            });
            special.filter_map(|record| atoms.find(of, &id(record, "id")?)).collect::<Vec<Atom>>()
        };
        Internet {
            people: people::People::new(snapshot, &atoms),
            places: places::Places::new(snapshot),
            windows: time::Windows::new(snapshot),
            services: ports::Services::new(snapshot, &atoms),
            lookups: lookups::Lookups::new(snapshot, &atoms),
            engines: engines.collect(),
            numbers: numbers
                .filter_map(|(number, id)| Some((id.into(), atoms.find(Of::Category, &number)?)))
                .collect(),
            unauthenticated: [
                unauthenticated("zia.user", Of::User),
                unauthenticated("zia.department", Of::Department),
            ]
            .concat(),
            settings: Settings::new(snapshot),
            options,
            sites,
            rules,
            atoms,
        }
    }

    /// Answers a question about traffic to the internet.
    pub(crate) fn answer<'p>(
        &'p self,
        question: &Question,
        draft: Draft<'p>,
    ) -> Result<Verdict<'p>, Unclear> {
        match (&question.url, &question.destination, &question.dns) {
            (Some(url), None, None) => self.about_web(question, url, draft),
            (None, Some(to), None) => self.about_flow(question, to, draft),
            (None, None, Some(name)) => self.about_name(question, name, draft),
            _ => Err(Unclear::NoSubject),
        }
    }

    pub(crate) fn example_of(&self, category: &str) -> Option<String> {
        self.sites.example(category).map(str::to_owned)
    }

    /// The list of URL filtering rules.
    pub(crate) fn url_rules(&self) -> &RuleList<Treatment> {
        &self.rules.urls
    }

    /// The list of firewall rules.
    pub(crate) fn firewall_rules(&self) -> &RuleList<Flow> {
        &self.rules.firewall
    }
}

//! Witnesses as questions, so that whoever doubts one can ask.

use std::collections::BTreeMap;

use foldhash::HashMap;

use super::super::asker::is_clientless;
use super::super::segments::Carrier;
use super::Review;
use super::classes::Example;
use super::destinations::Examples;
use super::terms::{ANOTHER, ONE_EACH};
use crate::analysis::Holding;
use crate::matching::{Atom, Of};
use crate::question::{Question, RiskScore, Values};

impl Review<'_> {
    /// A witness without what is plain.
    pub fn told(&self, examples: &HashMap<Atom, Examples>, witness: &[Holding]) -> Vec<Holding> {
        let plain = |holding: &&Holding| {
            holding.name == ANOTHER || ONE_EACH.contains(&(holding.of, holding.name.as_str()))
        };
        let told = |holding: &Holding| match (holding.of, self.example(examples, witness)) {
            (Of::PrivateDestination, Some(example)) => Holding { of: holding.of, name: example.to_string() },
            _ => holding.clone(),
        };
        witness.iter().filter(|holding| !plain(holding)).map(told).collect()
    }

    /// The destination of a witness, as its client asks for it.
    fn example<'e>(&self, examples: &'e HashMap<Atom, Examples>, witness: &[Holding]) -> Option<&'e Example> {
        let name = |of: Of| witness.iter().find(|holding| holding.of == of).map(|holding| &*holding.name);
        let atom = self.atoms().find(Of::PrivateDestination, name(Of::PrivateDestination)?)?;
        examples.get(&atom)?.of(name(Of::ClientType).is_some_and(is_clientless))
    }

    /// The question that a witness is, where it is about a destination that is known. All that rules may ask for is answered.
    pub fn question(
        &self,
        microtenant: Option<&str>,
        examples: &HashMap<Atom, Examples>,
        witness: &[Holding],
    ) -> Option<Question> {
        let atoms = self.atoms();
        let names =
            |of: Of| witness.iter().filter(move |holding| holding.of == of).map(|holding| &*holding.name);
        let pairs = |of: Of| {
            let pair = move |name: &str| self.terms.pairs.get(&atoms.find(of, name)?);
            names(of).filter_map(pair)
        };
        let texts = |of: Of| Some(names(of).map(str::to_owned).collect::<Vec<String>>());
        let one = |of: Of| names(of).next().filter(|name| *name != ANOTHER).map(str::to_owned);
        let example = self.example(examples, witness)?;
        // Where rules name every provider, no question says that somebody signed in with none of them.
        let provider = one(Of::IdentityProvider).or_else(|| self.other_provider.map(str::to_owned));
        let untold = provider.is_none() && atoms.all(Of::IdentityProvider).nth(1).is_some();
        if example.beside.is_some() || untold {
            return None;
        }
        let host = match example.host.contains(':') {
            true => format!("[{}]", example.host),
            false => example.host.to_string(),
        };
        let (private, protocol) = match example.carrier {
            Carrier::Tcp(port) => (format!("{host}:{port}"), "tcp"),
            Carrier::Udp(port) => (format!("{host}:{port}"), "udp"),
            Carrier::Icmp { .. } => (host, "icmp"),
        };
        let attributes = |of: Of| {
            let mut told: BTreeMap<String, Values> = BTreeMap::new();
            for (attribute, value) in pairs(of) {
                let values = told.entry(attribute.to_string()).or_insert_with(|| Values::Several(Vec::new()));
                if let Values::Several(values) = values {
                    values.push(value.to_string());
                }
            }
            Some(told)
        };
        Some(Question {
            private: Some(private),
            protocol: Some(protocol.to_owned()),
            traceroute: (example.carrier == Carrier::Icmp { traceroute: true }).then_some(true),
            multimatch: Some(example.several),
            microtenant: microtenant.map(str::to_owned),
            client_type: Some(names(Of::ClientType).next().unwrap_or(ANOTHER).to_owned()),
            idp: provider,
            platform: Some(one(Of::Platform).unwrap_or_else(|| ANOTHER.to_owned())),
            source_country: Some(one(Of::SourceCountry).unwrap_or_else(|| ANOTHER.to_owned())),
            from: Some(one(Of::PrivateLocation).unwrap_or_else(|| ANOTHER.to_owned())),
            risk: one(Of::Risk).map(RiskScore::Level),
            machine_group: one(Of::MachineGroup),
            connector_group: one(Of::ConnectorGroup),
            portal: Some(one(Of::Portal).unwrap_or_else(|| ANOTHER.to_owned())),
            workload_tags: texts(Of::WorkloadTag).filter(|tags| !tags.is_empty()),
            trusted_networks: texts(Of::TrustedNetwork),
            on_trusted_network: Some(false),
            postures: Some(names(Of::Posture).map(|posture| (posture.to_owned(), true)).collect()),
            chrome_managed: Some(names(Of::ManagedBrowser).next().is_some()),
            chrome_postures: texts(Of::BrowserPosture),
            scim_groups: Some(pairs(Of::ScimGroup).map(|(_, group)| group.to_string()).collect()),
            saml: attributes(Of::SamlAttribute),
            scim: attributes(Of::ScimAttribute),
            scim_active: Some(true),
            ..Question::default()
        })
    }
}

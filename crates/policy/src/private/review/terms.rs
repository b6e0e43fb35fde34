//! Conditions of rules as clauses over things: the ways to meet a rule, each a conjunction of clauses.
//!
//! Operands are told in the terms of [`super::super::asker::Asker::meets`]; a test holds the two against each other for the kinds that it draws.

use std::collections::BTreeMap;

use foldhash::HashMap;

use super::super::Private;
use super::super::asker::{
    ANCHORED, BROWSER, BROWSER_UNKNOWN, CLIENT, ISOLATED, MACHINE_TUNNEL, is_clientless, is_connector,
    reports,
};
use super::super::conditions::Condition;
use super::super::rules::Rule;
use crate::matching::{Atom, Atoms, Clause, Criterion, Of};
use crate::operand::Operand;

/// The most ways of one rule.
const WAYS: usize = 64;

/// What is none of those that rules name.
pub(super) const ANOTHER: &str = "another";

/// Kinds of which each request has exactly one, with the plainest of each.
pub(super) const ONE_EACH: &[(Of, &str)] = &[
    (Of::ClientType, CLIENT),
    (Of::IdentityProvider, ANOTHER),
    (Of::Platform, ANOTHER),
    (Of::SourceCountry, ANOTHER),
    (Of::PrivateLocation, ANOTHER),
    (Of::ConnectorGroup, ANOTHER),
    (Of::Portal, ANOTHER),
    (Of::MachineGroup, ANOTHER),
    (Of::Risk, "UNKNOWN"),
];

/// Everything that rules name.
pub(super) struct Terms {
    pub atoms: Atoms,
    /// Left and right side of what has two.
    pub pairs: HashMap<Atom, (Box<str>, Box<str>)>,
    /// What only users of a provider have.
    provided: BTreeMap<Box<str>, Vec<Atom>>,
}

/// Where rules name applications and groups of them: the destinations that are such.
pub(super) type Named<'n> = HashMap<(bool, &'n str), Vec<Atom>>;

/// One operand: one of these holds, or, where it is not to hold, none; and of which clients it can be told at all.
struct Literal {
    atoms: Vec<Atom>,
    holds: bool,
    clients: Option<Vec<Atom>>,
}

impl Terms {
    /// Those of all rules of all sides.
    pub fn new(sides: &[&Private]) -> Terms {
        let mut terms =
            Terms { atoms: Atoms::default(), pairs: HashMap::default(), provided: BTreeMap::new() };
        for (of, plain) in ONE_EACH {
            terms.atoms.intern(*of, plain);
        }
        let clients = [ANOTHER, BROWSER, BROWSER_UNKNOWN, ISOLATED, ANCHORED, MACHINE_TUNNEL];
        for client in clients.into_iter().chain(["zpn_client_type_edge_connector"]) {
            terms.atoms.intern(Of::ClientType, client);
        }
        for level in ["LOW", "MEDIUM", "HIGH", "CRITICAL"] {
            terms.atoms.intern(Of::Risk, level);
        }
        let rules = sides.iter().flat_map(|side| side.lists.all()).flat_map(|list| &list.rules);
        let operands =
            rules.flat_map(|rule| &rule.conditions.conditions).flat_map(|condition| &condition.operands);
        for operand in operands {
            terms.thing(operand);
        }
        terms.provided.values_mut().for_each(|atoms| {
            atoms.sort_unstable();
            atoms.dedup();
        });
        terms
    }

    /// That each request has one of each kind of which everything has one.
    pub fn always(&self) -> Vec<Clause> {
        let all = |of| self.atoms.all(of).map(|(atom, _)| atom).collect();
        let clauses = ONE_EACH.iter().map(|(of, _)| Clause::one_of(Criterion::Condition, all(*of)));
        // Where rules name nothing of a kind, there is but one thing of it.
        clauses.filter(|clause| clause.atoms.len() > 1).collect()
    }

    /// That nobody has groups and attributes of a provider who did not sign in with it.
    pub fn never(&self) -> Vec<Vec<Clause>> {
        let foreign = |provider: &str, atoms: &[Atom]| {
            let own = self.atoms.find(Of::IdentityProvider, provider).into_iter().collect();
            vec![
                Clause::one_of(Criterion::Condition, atoms.to_vec()),
                Clause::none_of(Criterion::Condition, own),
            ]
        };
        self.provided.iter().map(|(provider, atoms)| foreign(provider, atoms)).collect()
    }

    /// The clients of some kind.
    pub fn clients(&self, are: impl Fn(&str) -> bool) -> Vec<Atom> {
        let mut clients: Vec<Atom> =
            self.atoms.all(Of::ClientType).filter(|(_, name)| are(name)).map(|(atom, _)| atom).collect();
        clients.sort_unstable();
        clients
    }

    fn pair(&mut self, of: Of, name: &str, lhs: &str, rhs: &str) -> Atom {
        let atom = self.atoms.intern(of, name);
        self.pairs.entry(atom).or_insert_with(|| (lhs.into(), rhs.into()));
        atom
    }

    fn by_provider(&mut self, provider: Option<&str>, atom: Atom) -> Atom {
        if let Some(provider) = provider {
            self.atoms.intern(Of::IdentityProvider, provider);
            self.provided.entry(provider.into()).or_default().push(atom);
        }
        atom
    }

    /// What an operand names, but for applications.
    fn thing(&mut self, operand: &Operand) -> Option<Atom> {
        let Operand { of, lhs, rhs, idp } = operand;
        let kind = match &**of {
            "APP" | "APP_GROUP" => return None,
            "PLATFORM" => return Some(self.atoms.intern(Of::Platform, &lhs.to_ascii_lowercase())),
            "COUNTRY_CODE" => return Some(self.atoms.intern(Of::SourceCountry, &lhs.to_ascii_uppercase())),
            "POSTURE" => return Some(self.atoms.intern(Of::Posture, lhs)),
            "TRUSTED_NETWORK" => return Some(self.atoms.intern(Of::TrustedNetwork, lhs)),
            "CHROME_ENTERPRISE" => return Some(self.atoms.intern(Of::ManagedBrowser, "managed")),
            "SAML" | "SCIM" => {
                let kind = if &**of == "SAML" { Of::SamlAttribute } else { Of::ScimAttribute };
                let value = rhs.to_lowercase();
                let atom = self.pair(kind, &format!("{lhs} = {value}"), lhs, &value);
                return Some(self.by_provider(idp.as_deref(), atom));
            }
            "SCIM_GROUP" => {
                let atom = self.pair(Of::ScimGroup, &format!("{rhs} of {lhs}"), lhs, rhs);
                return Some(self.by_provider(Some(lhs), atom));
            }
            "CLIENT_TYPE" => Of::ClientType,
            "IDP" => Of::IdentityProvider,
            "MACHINE_GRP" => Of::MachineGroup,
            "RISK_FACTOR_TYPE" => Of::Risk,
            "CHROME_POSTURE_PROFILE" => Of::BrowserPosture,
            "LOCATION" => Of::PrivateLocation,
            "EDGE_CONNECTOR_GROUP" | "BRANCH_CONNECTOR_GROUP" => Of::ConnectorGroup,
            "WORKLOAD_TAG_GROUP" => Of::WorkloadTag,
            "CONSOLE" | "PRIVILEGE_PORTAL" | "USER_PORTAL" => Of::Portal,
            _ => return Some(self.atoms.intern(Of::Other, &format!("{of} {lhs} {rhs}"))),
        };
        Some(self.atoms.intern(kind, rhs))
    }

    fn literal(&mut self, side: &Private, operand: &Operand, named: &Named<'_>) -> Literal {
        let atoms = match (&*operand.of, self.thing(operand)) {
            ("SCIM_GROUP", _) if !side.known.has_group(&operand.rhs) => Vec::new(),
            (_, Some(atom)) => vec![atom],
            (of, None) => named.get(&(of == "APP_GROUP", &*operand.rhs)).cloned().unwrap_or_default(),
        };
        let says_no = matches!(
            &*operand.of,
            "PLATFORM" | "COUNTRY_CODE" | "POSTURE" | "TRUSTED_NETWORK" | "CHROME_ENTERPRISE"
        );
        let clients = match &*operand.of {
            "POSTURE" | "TRUSTED_NETWORK" => Some(self.clients(reports)),
            "COUNTRY_CODE" | "RISK_FACTOR_TYPE" => Some(self.clients(|client| !is_clientless(client))),
            "MACHINE_GRP" => Some(self.clients(|client| client == MACHINE_TUNNEL)),
            "WORKLOAD_TAG_GROUP" => Some(self.clients(is_connector)),
            _ => None,
        };
        Literal { atoms, holds: !says_no || &*operand.rhs == "true", clients }
    }

    /// The ways to meet a rule; nothing where they are too many.
    pub fn ways(&mut self, side: &Private, rule: &Rule, named: &Named<'_>) -> Option<Vec<Vec<Clause>>> {
        let conditions =
            || rule.conditions.conditions.iter().filter(|condition| !condition.operands.is_empty());
        let any = rule.conditions.any && conditions().next().is_some();
        let mut ways: Vec<Vec<Clause>> = if any { Vec::new() } else { vec![Vec::new()] };
        for condition in conditions() {
            let own = self.condition(side, condition, named);
            ways = match any {
                true => [ways, own].concat(),
                false => ways
                    .iter()
                    .flat_map(|way| own.iter().map(move |more| [way.clone(), more.clone()].concat()))
                    .take(WAYS + 1)
                    .collect(),
            };
            if ways.len() > WAYS {
                return None;
            }
        }
        Some(ways)
    }

    fn condition(&mut self, side: &Private, condition: &Condition, named: &Named<'_>) -> Vec<Vec<Clause>> {
        let (counted, skipped): (Vec<&Operand>, Vec<&Operand>) =
            condition.operands.iter().partition(|operand| !side.switches.take_out(operand));
        if condition.all && !skipped.is_empty() {
            return Vec::new();
        }
        if counted.is_empty() {
            return if side.options.skipped_condition_holds { vec![Vec::new()] } else { Vec::new() };
        }
        let literals: Vec<Literal> =
            counted.into_iter().map(|operand| self.literal(side, operand, named)).collect();
        let negated = condition.negated;
        let told = |literal: &Literal| match literal.holds != negated {
            true => Clause::one_of(Criterion::Condition, literal.atoms.clone()),
            false => Clause::none_of(Criterion::Condition, literal.atoms.clone()),
        };
        let by_client = |clients: &Vec<Atom>| Clause::one_of(Criterion::Condition, clients.clone());
        // What a client cannot tell fails a conjunction, and what is negated, whatever the rest (documented).
        let mut all_clients: Vec<Clause> = Vec::new();
        if condition.all || negated {
            all_clients =
                literals.iter().filter_map(|literal| literal.clients.as_ref()).map(by_client).collect();
            all_clients.dedup();
        }
        if condition.all != negated {
            let all =
                literals.iter().map(told).filter(|clause| !(clause.excludes && clause.atoms.is_empty()));
            return vec![all.chain(all_clients).collect()];
        }
        let mut ways: Vec<Vec<Clause>> = Vec::new();
        let mut positive: Vec<(Option<&Vec<Atom>>, Vec<Atom>)> = Vec::new();
        for literal in &literals {
            let clients = literal.clients.as_ref().filter(|_| !negated);
            if literal.holds == negated {
                ways.push([vec![told(literal)], clients.map(by_client).into_iter().collect()].concat());
                continue;
            }
            match positive.iter_mut().find(|(known, _)| *known == clients) {
                Some((_, atoms)) => atoms.extend(&literal.atoms),
                None => positive.push((clients, literal.atoms.clone())),
            }
        }
        for (clients, atoms) in positive.into_iter().filter(|(_, atoms)| !atoms.is_empty()) {
            let named = Clause::one_of(Criterion::Condition, atoms);
            ways.push([vec![named], clients.map(by_client).into_iter().collect()].concat());
        }
        ways.iter_mut().for_each(|way| way.extend(all_clients.iter().cloned()));
        ways
    }
}

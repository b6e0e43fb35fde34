//! The Client Connector: which application profile a device has, what its forwarding profile does on the network that the device
//! is on, and what goes past the tunnel.

mod bypass;
mod entries;
pub(crate) mod members;
mod profiles;
pub(crate) mod traffic;

use foldhash::HashMap;

use crate::matching::{Criterion, RuleRef};
use crate::question::Question;
use crate::record::{id, text, words};
use crate::snapshot::Snapshot;
use crate::verdict::{Decision, Draft, Unknown};
use crate::words::{Action, Assumption, Module, Outcome};
use bypass::Apps;
use profiles::{Audience, Forwarding, Profile};
use traffic::{Carried, Destination};

/// The network of a client that is on none that is trusted, and of one that is on such.
const OFF: usize = 0;
const TRUSTED: usize = 1;

/// What the profiles say.
pub(crate) struct Route<'p> {
    pub internet: Carried,
    /// Whether private applications are asked for.
    pub private: bool,
    profile: Option<&'p Profile>,
    /// The forwarding profile.
    pub by: Option<&'p RuleRef>,
}

/// The profiles, and what they name.
pub(crate) struct Client {
    profiles: Vec<Profile>,
    forwarding: HashMap<Box<str>, Forwarding>,
    apps: Apps,
    /// Ids of trusted networks by their names.
    networks: HashMap<String, String>,
    /// The groups of users, by name and id, as profiles may name them.
    groups: HashMap<String, Vec<String>>,
    /// The name and id of each group, by either.
    group_names: HashMap<String, Vec<String>>,
}

impl Client {
    pub(crate) fn compile(snapshot: &Snapshot) -> Client {
        let mut networks = HashMap::default();
        for network in snapshot.records("zcc.trusted_network") {
            let Some(id) = id(network, "id") else { continue };
            for name in [text(network, "networkName"), text(network, "guid")].into_iter().flatten() {
                networks.insert(name.to_lowercase(), id.clone());
            }
            networks.insert(id.clone(), id);
        }
        let mut group_names: HashMap<String, Vec<String>> = HashMap::default();
        for group in snapshot.records("zia.group") {
            let all: Vec<String> =
                [id(group, "id"), text(group, "name").map(str::to_lowercase)].into_iter().flatten().collect();
            for name in &all {
                group_names.insert(name.clone(), all.clone());
            }
        }
        let mut groups = HashMap::default();
        for user in snapshot.records("zia.user") {
            let own: Vec<String> = words(user, "groups")
                .iter()
                .filter_map(|group| group_names.get(group))
                .flatten()
                .cloned()
                .collect();
            for name in [id(user, "id"), text(user, "email").map(str::to_lowercase)].into_iter().flatten() {
                groups.insert(name, own.clone());
            }
        }
        let forwarding = snapshot.records("zcc.forwarding_profile").iter();
        Client {
            profiles: profiles::in_order(snapshot),
            forwarding: forwarding
                .filter_map(|record| Some((id(record, "id")?.into(), Forwarding::read(record))))
                .collect(),
            apps: Apps::new(snapshot),
            networks,
            groups,
            group_names,
        }
    }

    /// How a device's traffic is carried.
    pub(crate) fn route<'p>(&'p self, question: &Question, draft: &mut Draft<'p>) -> Route<'p> {
        let Some(profile) = self.profile(question, draft) else {
            draft.assume(Assumption::ClientProfileUnknown);
            draft.noted(
                Module::ApplicationProfile,
                Outcome::NoMatch,
                "no profile is known to be the device's",
            );
            return Route { internet: Carried::Everything, private: true, profile: None, by: None };
        };
        draft.by(Module::ApplicationProfile, Outcome::Noted, Some(&profile.rule), None);
        let module = Module::ForwardingProfile;
        let Some(forwarding) = self.forwarding.get(&profile.forwarding) else {
            draft.assume(Assumption::ClientProfileUnknown);
            draft.noted(module, Outcome::NoMatch, "the profile names none that there is");
            return Route { internet: Carried::Everything, private: true, profile: Some(profile), by: None };
        };
        let by = Some(&forwarding.rule);
        let network = self.network(question, forwarding, draft);
        let internet = forwarding.internet[network].unwrap_or_else(|| {
            draft.assume(Assumption::ClientActionUnknown);
            Carried::Proxy
        });
        let private = forwarding.private[network].unwrap_or_else(|| {
            draft.assume(Assumption::ClientActionUnknown);
            true
        });
        if profile.has_pac || (internet == Carried::Proxy && forwarding.has_pac[network]) {
            draft.assume(Assumption::PacNotRun);
        }
        let note = match internet {
            Carried::Everything => "a tunnel of everything",
            Carried::Web => "a tunnel of web traffic",
            Carried::Proxy => "as its settings say",
            Carried::Not => "not by the client",
        };
        draft.by(module, Outcome::Noted, by, Some(note));
        Route { internet, private, profile: Some(profile), by }
    }

    /// The first profile for the device's platform that is for its user; the platform's default comes last.
    fn profile<'p>(&'p self, question: &Question, draft: &mut Draft<'p>) -> Option<&'p Profile> {
        let module = Module::ApplicationProfile;
        let Some(platform) = question.platform.as_deref() else {
            if !self.profiles.is_empty() {
                draft.unknown.push(Unknown { module, rule: None, criteria: vec![Criterion::Platform] });
            }
            return None;
        };
        let platform = profiles::platform(platform)?;
        let key = question.user.as_deref().map(str::to_lowercase);
        let groups: Option<Vec<&String>> = match (&question.groups, &key) {
            (Some(told), _) => {
                let lower: Vec<String> = told.iter().map(|name| name.to_lowercase()).collect();
                Some(lower.iter().filter_map(|name| self.group_names.get(name)).flatten().collect())
            }
            (None, Some(key)) => self.groups.get(key).map(|groups| groups.iter().collect()),
            (None, None) => None,
        };
        let mut missing = |profile: &'p Profile, criterion| {
            draft.unknown.push(Unknown { module, rule: Some(&profile.rule), criteria: vec![criterion] });
        };
        self.profiles.iter().filter(|profile| profile.platform == platform).find(|profile| {
            // Which groups of devices a device is in, nothing tells.
            if profile.by_device {
                missing(profile, Criterion::Device);
                return false;
            }
            match profile.audience(key.as_deref(), groups.as_deref()) {
                Audience::Within => true,
                Audience::Without => false,
                Audience::Unknown => {
                    missing(profile, Criterion::Who);
                    false
                }
            }
        })
    }

    fn network<'p>(&self, question: &Question, forwarding: &'p Forwarding, draft: &mut Draft<'p>) -> usize {
        let named = |names: &Vec<String>| {
            let known = |name: &String| self.networks.get(&name.to_lowercase());
            match forwarding.networks.is_empty() {
                true => !names.is_empty(),
                false => names.iter().filter_map(known).any(|id| forwarding.networks.contains(id)),
            }
        };
        let trusted = question.on_trusted_network.or_else(|| question.trusted_networks.as_ref().map(named));
        match trusted {
            Some(true) => TRUSTED,
            Some(false) => OFF,
            None => {
                let (off, on) = (forwarding.treats(OFF), forwarding.treats(TRUSTED));
                draft.assume(Assumption::OffTrustedNetwork);
                if off != on {
                    let criteria = vec![Criterion::Location];
                    draft.unknown.push(Unknown {
                        module: Module::ForwardingProfile,
                        rule: Some(&forwarding.rule),
                        criteria,
                    });
                }
                OFF
            }
        }
    }

    /// Whether traffic goes past the client's way to the cloud.
    pub(crate) fn past<'p>(
        &'p self,
        question: &Question,
        to: &Destination<'_>,
        route: &Route<'p>,
        draft: &mut Draft<'p>,
    ) -> Option<Decision<'p>> {
        let is_web = to.tcp && matches!(to.port, Some(80 | 443));
        let module = Module::ForwardingProfile;
        let direct = |module, rule| Decision { action: Action::Bypass, module, rule, reason: None };
        match route.internet {
            Carried::Not if question.from.is_none() => return Some(direct(module, route.by)),
            Carried::Not => return None,
            Carried::Web | Carried::Proxy if !is_web => {
                draft.by(module, Outcome::Decided, route.by, Some("web traffic alone is taken"));
                return Some(direct(module, route.by));
            }
            _ => {}
        }
        let profile = route.profile?;
        let module = Module::TunnelBypass;
        let rule = Some(&profile.rule);
        if profile.by_process {
            draft.assume(Assumption::BypassesPartlyKnown);
        }
        let (past, unknown) = self.apps.past(profile, to, route.internet == Carried::Everything);
        if let Some(note) = past {
            draft.by(module, Outcome::Decided, rule, Some(note));
            return Some(direct(module, rule));
        }
        if unknown {
            draft.unknown.push(Unknown { module, rule, criteria: vec![Criterion::Destination] });
        }
        draft.step(module, Outcome::NoMatch);
        None
    }
}

//! Who asks for a private application, as the conditions of rules see them.

use std::collections::BTreeSet;

use foldhash::{HashMap, HashSet};
use serde_json::Value;

use super::truth::Truth;
use crate::operand::Operand;
use crate::question::{Question, Unclear};
use crate::record::{Record, id, on, text, words};
use crate::snapshot::Snapshot;
use crate::spelling::platform;

/// The client of people's devices.
pub(super) const CLIENT: &str = "zpn_client_type_zapp";
/// A web browser.
pub(super) const BROWSER: &str = "zpn_client_type_exporter";
/// A browser within isolation.
pub(super) const ISOLATED: &str = "zpn_client_type_browser_isolation";
/// A browser of someone who has not signed in.
pub(super) const BROWSER_UNKNOWN: &str = "zpn_client_type_exporter_noauth";
/// Internet access, anchored to addresses of one's own.
pub(super) const ANCHORED: &str = "zpn_client_type_ip_anchoring";
pub(super) const MACHINE_TUNNEL: &str = "zpn_client_type_machine_tunnel";

/// What the configuration knows of people, devices and networks.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// Ids of attributes by their names.
    saml: HashMap<Box<str>, Vec<Box<str>>>,
    scim: HashMap<Box<str>, Vec<Box<str>>>,
    users: HashMap<Box<str>, User>,
    groups: HashMap<Box<str>, Vec<Box<str>>>,
    group_ids: HashSet<Box<str>>,
    idps: HashMap<Box<str>, Box<str>>,
    provisioning: HashSet<Box<str>>,
    postures: HashMap<Box<str>, Box<str>>,
    networks: HashMap<Box<str>, Box<str>>,
    machine_groups: HashMap<Box<str>, Box<str>>,
}

#[derive(Debug)]
struct User {
    idp: Box<str>,
    active: bool,
    groups: Vec<Box<str>>,
    attributes: Vec<(Box<str>, Box<str>)>,
}

/// Who asks.
#[derive(Debug, Clone)]
pub(super) struct Asker<'a> {
    pub question: &'a Question,
    pub client: &'a str,
    pub idp: Option<&'a str>,
    /// The device's platform, as rules spell it.
    pub platform: Option<Box<str>>,
    pub user_active: Option<bool>,
    pub provisioned: bool,
    /// The segments that the request is for, and their groups.
    pub segments: Vec<&'a str>,
    pub groups: Vec<&'a str>,
    saml: Option<Vec<(&'a str, String)>>,
    scim: Option<Vec<(&'a str, String)>>,
    scim_groups: Option<Vec<&'a str>>,
    postures: HashMap<&'a str, bool>,
    pub networks: Option<Vec<&'a str>>,
    machine_group: Option<&'a str>,
}

impl Known {
    pub fn new(snapshot: &Snapshot) -> Known {
        let mut known = Known {
            idps: named(snapshot, "zpa.idp", "id"),
            postures: named(snapshot, "zpa.posture_profile", "postureUdid"),
            networks: named(snapshot, "zpa.trusted_network", "networkId"),
            machine_groups: named(snapshot, "zpa.machine_group", "id"),
            ..Known::default()
        };
        for idp in snapshot.records("zpa.idp").iter().filter(|idp| on(idp, "scimEnabled")) {
            known.provisioning.extend(id(idp, "id").map(Box::from));
        }
        for attribute in snapshot.records("zpa.saml_attribute") {
            let Some(id) = id(attribute, "id") else { continue };
            for name in ["name", "samlName"].iter().filter_map(|member| text(attribute, member)) {
                known.saml.entry(name.to_lowercase().into()).or_default().push(id.as_str().into());
            }
            known.saml.entry(id.as_str().into()).or_default().push(id.into());
        }
        for attribute in snapshot.records("zpa.scim_attribute") {
            let Some(id) = id(attribute, "id") else { continue };
            if let Some(name) = text(attribute, "name") {
                known.scim.entry(name.to_lowercase().into()).or_default().push(id.as_str().into());
            }
            known.scim.entry(id.as_str().into()).or_default().push(id.into());
        }
        let mut groups_of: HashMap<String, Vec<Box<str>>> = HashMap::default();
        for group in snapshot.records("zpa.scim_group") {
            let Some(id) = id(group, "id") else { continue };
            known.group_ids.insert(id.as_str().into());
            if let Some(name) = text(group, "name") {
                known.groups.entry(name.to_lowercase().into()).or_default().push(id.as_str().into());
            }
            known.groups.entry(id.as_str().into()).or_default().push(id.as_str().into());
            for member in words(group, "members") {
                groups_of.entry(member).or_default().push(id.as_str().into());
            }
        }
        for user in snapshot.records("zpa.scim_user") {
            let (Some(name), Some(id)) = (text(user, "userName"), id(user, "id")) else { continue };
            let resource = user.get("resource").and_then(Value::as_object);
            let read = |attribute: &Record| {
                let value = told(resource?, text(attribute, "schemaURI"), text(attribute, "name")?)?;
                Some((crate::record::id(attribute, "id")?.into(), value.to_lowercase().into()))
            };
            let entry = User {
                idp: crate::record::id(user, "idpId").unwrap_or_default().into(),
                active: resource.and_then(|resource| crate::record::flag(resource, "active")).unwrap_or(true),
                groups: groups_of.remove(&id).unwrap_or_default(),
                attributes: snapshot.records("zpa.scim_attribute").iter().filter_map(read).collect(),
            };
            known.users.insert(name.to_lowercase().into(), entry);
        }
        known
    }

    /// The identity providers, by their ids.
    pub fn providers(&self) -> BTreeSet<&str> {
        self.idps.values().map(|id| &**id).collect()
    }

    /// Whether a provisioned group may be met: of one that is gone none may (documented).
    pub fn has_group(&self, id: &str) -> bool {
        self.group_ids.is_empty() || self.group_ids.contains(id)
    }

    /// Finds out who asks.
    ///
    /// # Errors
    /// Something is named that there is not.
    pub fn asker<'a>(&'a self, question: &'a Question, client: &'a str) -> Result<Asker<'a>, Unclear> {
        let user = question.user.as_deref().and_then(|name| self.users.get(name.to_lowercase().as_str()));
        let idp = match question.idp.as_deref() {
            Some(name) => Some(one(&self.idps, name, "idp", "identity provider")?),
            None => user.map(|user| &*user.idp).filter(|idp| !idp.is_empty()),
        };
        let values = |ids: &'a HashMap<Box<str>, Vec<Box<str>>>,
                      member,
                      given: &'a std::collections::BTreeMap<_, _>| {
            let mut found = Vec::new();
            for (name, values) in given {
                let name: &String = name;
                let values: &crate::question::Values = values;
                let known = ids.get(name.as_str()).or_else(|| ids.get(name.to_lowercase().as_str()));
                let known = known.ok_or_else(|| no_such(member, "attribute", name))?;
                for value in values.each() {
                    found.extend(known.iter().map(|id| (&**id, value.to_lowercase())));
                }
            }
            Ok::<_, Unclear>(found)
        };
        let saml = question.saml.as_ref().map(|given| values(&self.saml, "saml", given)).transpose()?;
        let scim = match &question.scim {
            Some(given) => Some(values(&self.scim, "scim", given)?),
            None => user.map(|user| {
                user.attributes.iter().map(|(id, value)| (&**id, value.to_string())).collect::<Vec<_>>()
            }),
        };
        let scim_groups = match &question.scim_groups {
            Some(names) => {
                let mut found = Vec::new();
                for name in names {
                    let known = self
                        .groups
                        .get(name.as_str())
                        .or_else(|| self.groups.get(name.to_lowercase().as_str()));
                    match known {
                        Some(ids) => found.extend(ids.iter().map(|id| &**id)),
                        // A group that is gone matches nothing (documented); it may still be asked about.
                        None => found.push(name.as_str()),
                    }
                }
                Some(found)
            }
            None => user.map(|user| user.groups.iter().map(|id| &**id).collect()),
        };
        let mut postures = HashMap::default();
        for (name, passes) in question.postures.iter().flatten() {
            postures
                .insert(one(&self.postures, name, "postures", "posture profile").unwrap_or(name), *passes);
        }
        let networks = question.trusted_networks.as_ref().map(|names| {
            let network =
                |name: &'a String| one(&self.networks, name, "trusted_networks", "network").unwrap_or(name);
            names.iter().map(network).collect()
        });
        let machine_group = question.machine_group.as_deref();
        Ok(Asker {
            question,
            client,
            idp,
            platform: question.platform.as_deref().map(platform),
            user_active: question.scim_active.or(user.map(|user| user.active)),
            provisioned: idp.is_some_and(|idp| self.provisioning.contains(idp)),
            segments: Vec::new(),
            groups: Vec::new(),
            saml,
            scim,
            scim_groups: scim_groups.map(|ids: Vec<&str>| {
                // Without any record of groups they are taken as they are told.
                let there = |id: &&str| self.has_group(id);
                ids.into_iter().filter(there).collect()
            }),
            postures,
            networks,
            machine_group: machine_group.map(|name| {
                one(&self.machine_groups, name, "machine_group", "machine group").unwrap_or(name)
            }),
        })
    }
}

/// Whether a client is a browser or a portal, which no device answers for.
pub(super) fn is_clientless(client: &str) -> bool {
    matches!(client, BROWSER | ISOLATED | BROWSER_UNKNOWN)
}

/// Whether a client tells its posture and the networks that it is on.
pub(super) fn reports(client: &str) -> bool {
    !matches!(client, BROWSER | ANCHORED | ISOLATED)
}

/// Whether a client is a cloud connector, for workloads.
pub(super) fn is_connector(client: &str) -> bool {
    client.contains("edge_connector")
}

impl Asker<'_> {
    /// Whether it is a browser or a portal, which no device answers for.
    pub fn is_clientless(&self) -> bool {
        is_clientless(self.client)
    }

    /// Whether an operand holds.
    pub fn meets(&self, operand: &Operand) -> Truth {
        let question = self.question;
        let says = |holds: bool| if holds { Truth::Holds } else { Truth::Fails };
        let wanted = &*operand.rhs == "true";
        let is = |given: Option<&str>| says(given == Some(&*operand.rhs));
        let unreported = !reports(self.client);
        match &*operand.of {
            "APP" => says(self.segments.contains(&&*operand.rhs)),
            "APP_GROUP" => says(self.groups.contains(&&*operand.rhs)),
            "CLIENT_TYPE" => says(self.client == &*operand.rhs),
            "IDP" => self.idp.map_or(Truth::Unknown, |idp| says(idp == &*operand.rhs)),
            "PLATFORM" => match self.platform.as_deref() {
                Some(platform) => says(platform.eq_ignore_ascii_case(&operand.lhs) == wanted),
                None => Truth::Unknown,
            },
            "COUNTRY_CODE" if self.is_clientless() => Truth::Unsupported,
            "COUNTRY_CODE" => match question.source_country.as_deref() {
                Some(country) => says(country.eq_ignore_ascii_case(&operand.lhs) == wanted),
                None => Truth::Unknown,
            },
            "POSTURE" | "TRUSTED_NETWORK" if unreported => Truth::Unsupported,
            // What the client does not report counts as failed (documented: it fails closed).
            "POSTURE" => says(self.postures.get(&*operand.lhs).copied().unwrap_or(false) == wanted),
            "TRUSTED_NETWORK" => match &self.networks {
                Some(networks) => says(networks.contains(&&*operand.lhs) == wanted),
                None => Truth::Unknown,
            },
            "MACHINE_GRP" if self.client != MACHINE_TUNNEL => Truth::Unsupported,
            "MACHINE_GRP" => is(self.machine_group),
            "SAML" => self.holds(&self.saml, operand),
            "SCIM" => self.holds(&self.scim, operand),
            "SCIM_GROUP" => match (&self.scim_groups, self.idp) {
                (Some(groups), Some(idp)) => says(idp == &*operand.lhs && groups.contains(&&*operand.rhs)),
                // The provider was not told; the group says enough.
                (Some(groups), None) => says(groups.contains(&&*operand.rhs)),
                (None, Some(idp)) if idp != &*operand.lhs => Truth::Fails,
                (None, _) => Truth::Unknown,
            },
            "RISK_FACTOR_TYPE" if self.is_clientless() => Truth::Unsupported,
            "RISK_FACTOR_TYPE" => {
                let level =
                    question.risk.as_ref().map_or_else(|| "UNKNOWN".to_owned(), crate::RiskScore::level);
                says(level == *operand.rhs)
            }
            "CHROME_ENTERPRISE" => {
                question.chrome_managed.map_or(Truth::Unknown, |managed| says(managed == wanted))
            }
            "CHROME_POSTURE_PROFILE" => match &question.chrome_postures {
                Some(profiles) => says(profiles.iter().any(|profile| **profile == *operand.rhs)),
                None => Truth::Unknown,
            },
            "LOCATION" => question.from.as_deref().map_or(Truth::Unknown, |from| says(from == &*operand.rhs)),
            "EDGE_CONNECTOR_GROUP" | "BRANCH_CONNECTOR_GROUP" => is(question.connector_group.as_deref()),
            "WORKLOAD_TAG_GROUP" if !is_connector(self.client) => Truth::Unsupported,
            "WORKLOAD_TAG_GROUP" => {
                says(question.workload_tags.iter().flatten().any(|group| **group == *operand.rhs))
            }
            "CONSOLE" | "PRIVILEGE_PORTAL" | "USER_PORTAL" => is(question.portal.as_deref()),
            _ => Truth::Unknown,
        }
    }

    fn holds(&self, values: &Option<Vec<(&str, String)>>, operand: &Operand) -> Truth {
        // Another provider's assertion holds none of its attributes.
        if let (Some(idp), Some(of)) = (self.idp, &operand.idp)
            && *idp != **of
        {
            return Truth::Fails;
        }
        let Some(values) = values else { return Truth::Unknown };
        let wanted = operand.rhs.to_lowercase();
        let held = values.iter().any(|(id, value)| *id == &*operand.lhs && *value == wanted);
        if held { Truth::Holds } else { Truth::Fails }
    }

    /// Whether a posture that a rule asks for was not reported.
    pub fn reports_no_posture(&self) -> bool {
        self.question.postures.is_none()
    }
}

/// What a user's resource says of an attribute, by its dotted name, in its own schema or the extension's.
fn told(resource: &Record, schema: Option<&str>, name: &str) -> Option<String> {
    let within = |resource: &Record| {
        let mut parts = name.split('.');
        let mut value = resource.get(parts.next()?)?;
        for part in parts {
            value = value.as_object()?.get(part)?;
        }
        match value {
            Value::Bool(flag) => Some(flag.to_string()),
            value => crate::record::word(value),
        }
    };
    within(resource).or_else(|| within(resource.get(schema?)?.as_object()?))
}

/// What records are called, by name and id, to the member that rules know them by.
fn named(snapshot: &Snapshot, kind: &str, member: &str) -> HashMap<Box<str>, Box<str>> {
    let mut found: HashMap<Box<str>, Box<str>> = HashMap::default();
    for record in snapshot.records(kind) {
        let Some(known) = id(record, member) else { continue };
        for name in [text(record, "name").map(str::to_lowercase), id(record, "id"), Some(known.clone())]
            .into_iter()
            .flatten()
        {
            // The cloud's name stands behind a record's own in brackets (seen).
            let bare = name.split(" (").next().unwrap_or_default().to_owned();
            found.entry(bare.into()).or_insert_with(|| known.as_str().into());
            found.entry(name.into()).or_insert_with(|| known.as_str().into());
        }
    }
    found
}

fn one<'k>(
    known: &'k HashMap<Box<str>, Box<str>>,
    name: &str,
    member: &'static str,
    noun: &'static str,
) -> Result<&'k str, Unclear> {
    let found = known.get(name).or_else(|| known.get(name.to_lowercase().as_str()));
    found.map(|id| &**id).ok_or_else(|| no_such(member, noun, name))
}

fn no_such(member: &'static str, noun: &'static str, value: &str) -> Unclear {
    Unclear::NoSuch { member, noun, value: value.to_owned() }
}

//! The documents that are lists of prefixes, each with its own key for them.

use std::net::IpAddr;

use ipnet::IpNet;
use serde::de::MapAccess;
use serde::ser::{Serialize, SerializeMap as _, Serializer};
use serde_json::{Map, Value};

use super::object::{Object, deserialize_as_object, value};
use super::text::Text;
use crate::Kind;

/// A list of prefixes under one key: hubs, future data centres, the older `ca` and `pac`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listing {
    /// The key that the prefixes stand under: `hubPrefixes`, `prefixes`, `ranges` or `ip` (seen).
    pub key: String,
    /// `cloudName`; the older lists have none (seen).
    pub cloud: Option<String>,
    /// `type`, which hubs repeat from their path (seen).
    pub of: Option<String>,
    /// The prefixes, in the document's order. The older lists hold bare addresses (seen).
    pub prefixes: Vec<Text<IpNet>>,
    /// Members that are not known, after the known ones.
    pub other: Map<String, Value>,
}

/// The keys that prefixes stand under, and whose they are.
const KEYS: [(&str, Kind); 4] = [
    ("hubPrefixes", Kind::HubsRequired),
    ("prefixes", Kind::Future),
    ("ranges", Kind::Ca),
    ("ip", Kind::Pac),
];

impl Listing {
    /// A list of a kind, as it is published.
    pub fn new(kind: Kind, cloud: &str, prefixes: Vec<Text<IpNet>>) -> Listing {
        let (key, named, of) = match kind {
            Kind::HubsRequired => ("hubPrefixes", true, Some("required")),
            Kind::HubsRecommended => ("hubPrefixes", true, Some("recommended")),
            Kind::Ca => ("ranges", false, None),
            Kind::Pac => ("ip", false, None),
            _ => ("prefixes", true, None),
        };
        Listing {
            key: key.into(),
            cloud: named.then(|| cloud.to_owned()),
            of: of.map(str::to_owned),
            prefixes,
            other: Map::new(),
        }
    }

    /// Which kind it is.
    pub fn kind(&self) -> Kind {
        match self.of.as_deref() {
            Some("recommended") => Kind::HubsRecommended,
            _ => KEYS.iter().find(|(key, _)| *key == self.key).map_or(Kind::Future, |(_, kind)| *kind),
        }
    }
}

impl Object for Listing {
    const WHAT: &'static str = "an object with a list of prefixes";

    fn member<'de, A: MapAccess<'de>>(&mut self, name: String, map: &mut A) -> Result<(), A::Error> {
        match name.as_str() {
            "cloudName" => self.cloud = Some(value(map)?),
            "type" => self.of = Some(value(map)?),
            _ if self.key.is_empty() && KEYS.iter().any(|(key, _)| *key == name) => {
                self.prefixes = value(map)?;
                self.key = name;
            }
            _ => {
                self.other.insert(name, value(map)?);
            }
        }
        Ok(())
    }

    fn complete(&self) -> Result<(), String> {
        if self.key.is_empty() {
            let keys = KEYS.map(|(key, _)| key).join("`, `");
            return Err(format!("there is no list of prefixes: none of `{keys}`"));
        }
        Ok(())
    }
}

/// The addresses that Client Connector tunnels to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Svpn {
    /// The addresses, in the document's order; one may occur twice (seen).
    pub addresses: Vec<Text<IpAddr>>,
    /// Members that are not known, after the known one.
    pub other: Map<String, Value>,
}

impl Object for Svpn {
    const WHAT: &'static str = "an object with `svpnIPs`";

    fn member<'de, A: MapAccess<'de>>(&mut self, name: String, map: &mut A) -> Result<(), A::Error> {
        match name.as_str() {
            "svpnIPs" => self.addresses = value(map)?,
            _ => {
                self.other.insert(name, value(map)?);
            }
        }
        Ok(())
    }
}

/// The private-access list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Zpa {
    /// `Cloud Name`.
    pub cloud: String,
    /// The services, in the document's order.
    pub services: Vec<Service>,
    /// Members that are not known, after the known ones.
    pub other: Map<String, Value>,
}

/// A service of private access: who calls it, and where.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Service {
    /// `IP Protocol`, such as `TCP/UDP`.
    pub protocol: String,
    /// `Port`.
    pub port: u16,
    /// `Source`: who calls, such as `Browser Access`.
    pub source: String,
    /// `Domains`, joined by commas.
    pub domains: String,
    /// `IPs`: addresses and prefixes mixed, some twice (client).
    pub prefixes: Vec<Text<IpNet>>,
    /// Members that are not known, after the known ones; `Date Added` is among them.
    pub other: Map<String, Value>,
}

impl Object for Zpa {
    const WHAT: &'static str = "an object with `Cloud Name` and `content`";

    fn member<'de, A: MapAccess<'de>>(&mut self, name: String, map: &mut A) -> Result<(), A::Error> {
        match name.as_str() {
            "Cloud Name" => self.cloud = value(map)?,
            "content" => self.services = value(map)?,
            _ => {
                self.other.insert(name, value(map)?);
            }
        }
        Ok(())
    }
}

impl Object for Service {
    const WHAT: &'static str = "an object with `IPs`";

    fn member<'de, A: MapAccess<'de>>(&mut self, name: String, map: &mut A) -> Result<(), A::Error> {
        match name.as_str() {
            "IP Protocol" => self.protocol = value(map)?,
            "Port" => self.port = value(map)?,
            "Source" => self.source = value(map)?,
            "Domains" => self.domains = value(map)?,
            "IPs" => self.prefixes = value(map)?,
            _ => {
                self.other.insert(name, value(map)?);
            }
        }
        Ok(())
    }
}

deserialize_as_object!(Listing, Svpn, Zpa, Service);

impl Serialize for Listing {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(cloud) = &self.cloud {
            map.serialize_entry("cloudName", cloud)?;
        }
        if let Some(of) = &self.of {
            map.serialize_entry("type", of)?;
        }
        map.serialize_entry(&self.key, &self.prefixes)?;
        for (name, value) in &self.other {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl Serialize for Svpn {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("svpnIPs", &self.addresses)?;
        for (name, value) in &self.other {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl Serialize for Zpa {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("Cloud Name", &self.cloud)?;
        map.serialize_entry("content", &self.services)?;
        for (name, value) in &self.other {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl Serialize for Service {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("IP Protocol", &self.protocol)?;
        map.serialize_entry("Port", &self.port)?;
        map.serialize_entry("Source", &self.source)?;
        map.serialize_entry("Domains", &self.domains)?;
        map.serialize_entry("IPs", &self.prefixes)?;
        for (name, value) in &self.other {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

//! The document of data centres: continents, cities, and the ranges that each city's service edges listen in.

use std::collections::HashMap;
use std::net::IpAddr;

use ipnet::IpNet;
use serde::de::MapAccess;
use serde::ser::{Serialize, SerializeMap as _, Serializer};
use serde_json::{Map, Value};

use super::object::{Object, deserialize_as_object, value};
use super::text::Text;

/// What stands before a continent's name in its key (seen).
const CONTINENT: &str = "continent : ";
/// What stands before a city's name in its key (seen).
const CITY: &str = "city : ";

/// A `cenr` document.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cenr {
    /// The cloud's name: the first key.
    pub cloud: String,
    /// The continents, in the document's order.
    pub continents: Vec<Continent>,
    /// The addresses that Client Connector tunnels to. They stand beside the cloud's key since 2026-03; a document may
    /// lack them (seen).
    pub svpn: Option<Vec<Text<IpAddr>>>,
    /// Members that are not known, after the known ones.
    pub other: Map<String, Value>,
}

/// A continent with its cities.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Continent {
    /// The key, such as `continent : EMEA`.
    pub key: String,
    /// Its cities, in the document's order.
    pub cities: Vec<City>,
}

impl Continent {
    /// The name, such as `EMEA`.
    pub fn name(&self) -> &str {
        self.key.strip_prefix(CONTINENT).unwrap_or(&self.key)
    }
}

/// A city with its entries: a data centre, or several.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct City {
    /// The key, such as `city : Amsterdam III`.
    pub key: String,
    /// Its entries; their order differs from fetch to fetch (seen).
    pub entries: Vec<Entry>,
}

impl City {
    /// The name, such as `Amsterdam III`.
    pub fn name(&self) -> &str {
        self.key.strip_prefix(CITY).unwrap_or(&self.key)
    }

    /// The entry that names VPN host and proxy for the same virtual address: only one range of an instance does (seen).
    pub fn front(&self, gre: &Text<IpAddr>) -> Option<&Entry> {
        gre.get()?;
        self.entries
            .iter()
            .find(|entry| entry.gre == *gre && !(entry.vpn.is_empty() && entry.hostname.is_empty()))
    }

    /// Whether its coordinates are those of another continent than the one it stands under (seen: a Milan at the
    /// coordinates of Kuala Lumpur). Where continents meet, either is taken.
    pub fn is_misplaced(&self, continent: &Continent) -> bool {
        let Some((_, longitude)) = self.coordinates() else { return false };
        let meridians = match continent.name() {
            "EMEA" => -32.0..=75.0,
            "Americas" => -170.0..=-25.0,
            // Beyond the date line lie islands of the Pacific.
            "APAC" => return (-150.0..=55.0).contains(&longitude),
            _ => return false,
        };
        !meridians.contains(&longitude)
    }

    /// Latitude and longitude in degrees, if the first entry has both as numbers.
    pub fn coordinates(&self) -> Option<(f64, f64)> {
        let entry = self.entries.first()?;
        let degrees = |text: &str, most: f64| text.parse::<f64>().ok().filter(|at| at.abs() <= most);
        Some((degrees(&entry.latitude, 90.0)?, degrees(&entry.longitude, 180.0)?))
    }
}

/// One range of a city. Every value is a text, and empty when there is none (seen).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Entry {
    /// The prefix; may be empty (seen).
    pub range: Text<IpNet>,
    /// The IPsec gateway's host name.
    pub vpn: String,
    /// The virtual address for GRE: IPv4 even beside an IPv6 range, and often outside the range (seen).
    pub gre: Text<IpAddr>,
    /// A further virtual address, taken for the one of extranets (guessed); older documents lack the member (seen).
    pub ext: Option<Text<IpAddr>>,
    /// The proxy's host name.
    pub hostname: String,
    /// Degrees, as text with its zeros.
    pub latitude: String,
    /// Degrees, as text with its zeros.
    pub longitude: String,
    /// Members that are not known, after the known ones.
    pub other: Map<String, Value>,
}

impl Entry {
    /// The further virtual address, where there is one.
    pub fn extranet(&self) -> Option<IpAddr> {
        self.ext.as_ref()?.get()
    }
}

impl Cenr {
    /// Every entry with its continent and city.
    pub fn entries(&self) -> impl Iterator<Item = (&Continent, &City, &Entry)> {
        self.cities()
            .flat_map(|(continent, city)| city.entries.iter().map(move |entry| (continent, city, entry)))
    }

    /// Every city with its continent.
    pub fn cities(&self) -> impl Iterator<Item = (&Continent, &City)> {
        self.continents
            .iter()
            .flat_map(|continent| continent.cities.iter().map(move |city| (continent, city)))
    }

    /// The same document with cities, entries and addresses sorted: what means the same becomes the same bytes.
    #[must_use]
    pub fn in_canonical_order(mut self) -> Cenr {
        for continent in &mut self.continents {
            continent.cities.sort_by(|one, other| one.key.cmp(&other.key));
            for city in &mut continent.cities {
                city.entries.sort_by_cached_key(|entry| {
                    (entry.range.get(), entry.range.as_str().to_owned(), entry.gre.get(), entry.extranet())
                });
            }
        }
        if let Some(svpn) = &mut self.svpn {
            svpn.sort_by_key(Text::get);
        }
        self
    }

    /// In which cities each range lies: a range can be in many (seen: a pool that 27 cities share).
    pub(crate) fn cities_by_range(&self) -> HashMap<IpNet, Vec<(&Continent, &City)>> {
        let mut places: HashMap<IpNet, Vec<(&Continent, &City)>> = HashMap::new();
        for (continent, city, entry) in self.entries() {
            let Some(range) = entry.range.get() else { continue };
            let here = places.entry(range).or_default();
            if !here.iter().any(|(_, known)| std::ptr::eq(*known, city)) {
                here.push((continent, city));
            }
        }
        places
    }
}

impl Object for Cenr {
    const WHAT: &'static str = "an object with a cloud and its continents";

    fn member<'de, A: MapAccess<'de>>(&mut self, name: String, map: &mut A) -> Result<(), A::Error> {
        if name == "svpnIPs" {
            self.svpn = Some(value(map)?);
        } else if self.cloud.is_empty() && !name.is_empty() {
            self.continents = value::<Continents, A>(map)?.0;
            self.cloud = name;
        } else {
            self.other.insert(name, value(map)?);
        }
        Ok(())
    }

    fn complete(&self) -> Result<(), String> {
        if self.cloud.is_empty() { Err("no cloud is named".into()) } else { Ok(()) }
    }
}

#[derive(Default)]
struct Continents(Vec<Continent>);

impl Object for Continents {
    const WHAT: &'static str = "an object with continents";

    fn member<'de, A: MapAccess<'de>>(&mut self, name: String, map: &mut A) -> Result<(), A::Error> {
        let cities = value::<Cities, A>(map)?.0;
        self.0.push(Continent { key: name, cities });
        Ok(())
    }
}

#[derive(Default)]
struct Cities(Vec<City>);

impl Object for Cities {
    const WHAT: &'static str = "an object with cities";

    fn member<'de, A: MapAccess<'de>>(&mut self, name: String, map: &mut A) -> Result<(), A::Error> {
        let entries = value(map)?;
        self.0.push(City { key: name, entries });
        Ok(())
    }
}

impl Object for Entry {
    const WHAT: &'static str = "an object with a range";

    fn member<'de, A: MapAccess<'de>>(&mut self, name: String, map: &mut A) -> Result<(), A::Error> {
        match name.as_str() {
            "range" => self.range = value(map)?,
            "vpn" => self.vpn = value(map)?,
            "gre" => self.gre = value(map)?,
            "ext" => self.ext = Some(value(map)?),
            "hostname" => self.hostname = value(map)?,
            "latitude" => self.latitude = value(map)?,
            "longitude" => self.longitude = value(map)?,
            _ => {
                self.other.insert(name, value(map)?);
            }
        }
        Ok(())
    }
}

deserialize_as_object!(Cenr, Continents, Cities, Entry);

impl Serialize for Cenr {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry(&self.cloud, &Keyed(&self.continents, |continent| &continent.key))?;
        if let Some(svpn) = &self.svpn {
            map.serialize_entry("svpnIPs", svpn)?;
        }
        for (name, value) in &self.other {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

/// A list written as an object, each element under its key.
struct Keyed<'a, T>(&'a [T], fn(&T) -> &String);

impl<T: Serialize> Serialize for Keyed<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|element| ((self.1)(element), element)))
    }
}

impl Serialize for Continent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Keyed(&self.cities, |city| &city.key).serialize(serializer)
    }
}

impl Serialize for City {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.entries.serialize(serializer)
    }
}

impl Serialize for Entry {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("range", &self.range)?;
        map.serialize_entry("vpn", &self.vpn)?;
        map.serialize_entry("gre", &self.gre)?;
        if let Some(ext) = &self.ext {
            map.serialize_entry("ext", ext)?;
        }
        map.serialize_entry("hostname", &self.hostname)?;
        map.serialize_entry("latitude", &self.latitude)?;
        map.serialize_entry("longitude", &self.longitude)?;
        for (name, value) in &self.other {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

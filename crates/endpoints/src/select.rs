//! Which of the listed prefixes are wanted.

use std::fmt;
use std::str::FromStr;

use crate::Kind;
use crate::document::{Document, Entry};
use crate::listed::{Listed, Role};
use crate::set::Family;

/// What traffic a list is for. The documents say which addresses are virtual ones and which instance has a VPN host; of
/// ports, only the private-access list names any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// The virtual addresses of GRE tunnels (IP protocol 47).
    Gre,
    /// The ranges of instances with a VPN host (IPsec).
    Ipsec,
    /// The ranges of instances with a proxy host.
    Proxy,
    /// The virtual addresses that Client Connector tunnels to.
    ClientConnector,
    /// The further virtual addresses, taken for those of extranets (guessed).
    Extranet,
}

impl Use {
    /// All of them.
    pub const ALL: [Use; 5] = [Use::Gre, Use::Ipsec, Use::Proxy, Use::ClientConnector, Use::Extranet];

    /// The word for it on a command line.
    pub fn name(self) -> &'static str {
        match self {
            Use::Gre => "gre",
            Use::Ipsec => "ipsec",
            Use::Proxy => "proxy",
            Use::ClientConnector => "svpn",
            Use::Extranet => "ext",
        }
    }

    fn admits(self, listed: &Listed<'_>) -> bool {
        let front = |named: fn(&Entry) -> bool| listed.role == Role::Range && listed.front.is_some_and(named);
        match self {
            Use::Gre => listed.role == Role::Gre,
            Use::Ipsec => front(|entry| !entry.vpn.is_empty()),
            Use::Proxy => front(|entry| !entry.hostname.is_empty()),
            Use::ClientConnector => listed.role == Role::ClientConnector,
            Use::Extranet => listed.role == Role::Extranet,
        }
    }
}

impl FromStr for Use {
    type Err = String;

    fn from_str(text: &str) -> Result<Use, String> {
        let all = Use::ALL.map(Use::name).join(", ");
        let found = Use::ALL.into_iter().find(|one| one.name() == text);
        found.ok_or_else(|| format!("there is no use `{text}`: name one of {all}"))
    }
}

/// A wish; an empty list of wishes admits everything. Names are compared ignoring case, and a city also without its
/// numeral: `Amsterdam` is `Amsterdam II` and `Amsterdam III`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Selection {
    /// Clouds, such as `zscaler.net`. A document that names no cloud is not asked for one.
    pub clouds: Vec<String>,
    /// Kinds of documents. A plain list is of no kind, and is not asked for one.
    pub kinds: Vec<Kind>,
    /// Continents, such as `EMEA`.
    pub continents: Vec<String>,
    /// Cities.
    pub cities: Vec<String>,
    /// Cities to leave out, even when a range is shared with a city that is wanted.
    pub without_cities: Vec<String>,
    /// One family only.
    pub family: Option<Family>,
    /// What the list is for; without, the ranges (and for Client Connector's document its addresses).
    pub uses: Vec<Use>,
    /// Ports that a private-access service is called on; a document that names no ports does not match.
    pub ports: Vec<u16>,
    /// Also what is marked as not ready.
    pub unready: bool,
}

/// A wish that nothing answers to: most likely misspelt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmatched {
    /// What was wished for: `continent` or `city`.
    pub what: &'static str,
    /// The name.
    pub name: String,
    /// The names that there are, nearest first; some of them.
    pub nearest: Vec<String>,
}

impl std::error::Error for Unmatched {}

impl fmt::Display for Unmatched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there is no {} `{}`", self.what, self.name)?;
        if self.nearest.is_empty() {
            write!(f, ": these documents name none")
        } else {
            write!(
                f,
                ": is it {}?",
                self.nearest.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" or ")
            )
        }
    }
}

/// Whether a city is meant by a name.
pub(crate) fn is_city(city: &str, name: &str) -> bool {
    let without = |city: &str| match city.rsplit_once(' ') {
        Some((start, numeral)) if numeral.bytes().all(|byte| b"IVX".contains(&byte)) => start.to_owned(),
        _ => city.to_owned(),
    };
    city.eq_ignore_ascii_case(name) || without(city).eq_ignore_ascii_case(name)
}

impl Selection {
    /// Whether a listed prefix is wanted.
    pub fn admits(&self, listed: &Listed<'_>) -> bool {
        let any = |wishes: &[String], name: &str| {
            wishes.is_empty() || wishes.iter().any(|wish| wish.eq_ignore_ascii_case(name))
        };
        let own = listed.role == Role::Range || listed.kind == Kind::Svpn;
        let used = if self.uses.is_empty() { own } else { self.uses.iter().any(|one| one.admits(listed)) };
        let port = |service: &crate::Service| self.ports.contains(&service.port);
        used && (listed.cloud.is_empty() || any(&self.clouds, listed.cloud))
            && (self.kinds.is_empty() || listed.kind == Kind::List || self.kinds.contains(&listed.kind))
            && any(&self.continents, listed.continent)
            && (self.cities.is_empty() || self.cities.iter().any(|name| is_city(listed.city, name)))
            && !self.without_cities.iter().any(|name| is_city(listed.city, name))
            && self.family.is_none_or(|family| family == Family::of(&listed.net))
            && (self.ports.is_empty() || listed.service.is_some_and(port))
            && (self.unready || listed.ready)
    }

    /// What a document lists and is wanted.
    pub fn of<'d>(&'d self, document: &'d Document) -> impl Iterator<Item = Listed<'d>> + 'd {
        document.listed().filter(|listed| self.admits(listed))
    }

    /// Whether it admits everything that a document is about.
    pub fn is_everything(&self) -> bool {
        *self == Selection::default()
    }

    /// Checks that every place wished for, or wished away, is in the documents.
    ///
    /// # Errors
    /// The first that is not, with names like it.
    pub fn check(&self, documents: &[Document]) -> Result<(), Unmatched> {
        let places = |place: for<'d> fn(&Listed<'d>) -> &'d str| {
            let all = documents.iter().flat_map(|document| document.listed());
            let mut names: Vec<String> = all.map(|listed| place(&listed).to_owned()).collect();
            names.sort_unstable();
            names.dedup();
            names.retain(|name| !name.is_empty());
            names
        };
        if self.continents.is_empty() && self.cities.is_empty() && self.without_cities.is_empty() {
            return Ok(());
        }
        let (continents, cities) = (places(|listed| listed.continent), places(|listed| listed.city));
        for name in &self.continents {
            if !continents.iter().any(|known| known.eq_ignore_ascii_case(name)) {
                return Err(Unmatched { what: "continent", name: name.clone(), nearest: continents });
            }
        }
        for name in self.cities.iter().chain(&self.without_cities) {
            if !cities.iter().any(|known| is_city(known, name)) {
                return Err(Unmatched { what: "city", name: name.clone(), nearest: nearest(&cities, name) });
            }
        }
        Ok(())
    }
}

/// The three names that share the most pairs of letters with a misspelt one.
fn nearest(names: &[String], wanted: &str) -> Vec<String> {
    let pairs = |text: &str| -> Vec<(char, char)> {
        let letters: Vec<char> = text.to_lowercase().chars().collect();
        letters.windows(2).map(|two| (two[0], two[1])).collect()
    };
    let wanted = pairs(wanted);
    let mut names = names.to_vec();
    names.sort_by_cached_key(|name| {
        let theirs = pairs(name);
        let shared = wanted.iter().filter(|pair| theirs.contains(pair)).count();
        // The shorter of two names that share as much is nearer.
        (std::cmp::Reverse(shared), theirs.len())
    });
    names.truncate(3);
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &[u8] = br#"{"zscaler.net":{"continent : EMEA":{"city : Amsterdam II":[
        {"range":"192.0.2.0/24","vpn":"ams2-vpn.zscaler.net","gre":"192.0.2.12","ext":"","hostname":"ams2.sme.zscaler.net","latitude":"52","longitude":"5"},
        {"range":"198.51.100.0/24","vpn":"","gre":"192.0.2.12","ext":"2001:db8::38","hostname":"","latitude":"52","longitude":"5"},
        {"range":"203.0.113.0/24","vpn":"","gre":"","ext":"","hostname":"","latitude":"52","longitude":"5"}]},
      "continent : APAC":{"city : Tokyo IV":[
        {"range":"2001:db8:1::/48","vpn":"","gre":"","ext":"","hostname":"","latitude":"35","longitude":"139"},
        {"range":"203.0.113.0/24","vpn":"","gre":"","ext":"","hostname":"","latitude":"35","longitude":"139"}]}},
      "svpnIPs":["192.0.2.56","2001:db8:1::3","192.0.2.56"]}"#;

    fn chosen(selection: Selection) -> Vec<String> {
        let document = Document::read(TEXT).unwrap();
        selection.check(std::slice::from_ref(&document)).unwrap();
        selection.of(&document).map(|listed| format!("{} {}", listed.net, listed.city)).collect()
    }

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    #[test]
    fn without_a_wish_the_ranges_are_meant() {
        assert_eq!(chosen(Selection::default()).len(), 5);
    }

    #[test]
    fn places_and_families_are_picked() {
        let amsterdam = Selection { cities: names(&["amsterdam"]), ..Selection::default() };
        assert_eq!(chosen(amsterdam).len(), 3);
        let apac =
            Selection { continents: names(&["apac"]), family: Some(Family::V6), ..Selection::default() };
        assert_eq!(chosen(apac), ["2001:db8:1::/48 Tokyo IV"]);
        let without = Selection { without_cities: names(&["Amsterdam II"]), ..Selection::default() };
        assert_eq!(chosen(without).len(), 2);
    }

    #[test]
    fn a_use_picks_virtual_addresses_or_the_ranges_of_instances() {
        let uses = |one| chosen(Selection { uses: vec![one], ..Selection::default() });
        assert_eq!(uses(Use::Gre), ["192.0.2.12/32 Amsterdam II"]);
        assert_eq!(uses(Use::Ipsec), ["192.0.2.0/24 Amsterdam II", "198.51.100.0/24 Amsterdam II"]);
        assert_eq!(uses(Use::Extranet), ["2001:db8::38/128 Amsterdam II"]);
        assert_eq!(
            uses(Use::ClientConnector),
            ["192.0.2.56/32 Amsterdam II", "2001:db8:1::3/128 Tokyo IV", "192.0.2.56/32 Amsterdam II"]
        );
    }

    #[test]
    fn a_misspelt_place_is_told_with_its_neighbours() {
        let document = Document::read(TEXT).unwrap();
        let wish = Selection { cities: names(&["Amstredam"]), ..Selection::default() };
        let wrong = wish.check(&[document]).unwrap_err();
        assert_eq!(wrong.to_string(), "there is no city `Amstredam`: is it `Amsterdam II` or `Tokyo IV`?");
    }
}

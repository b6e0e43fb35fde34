//! Sites: the data centres that a cloud's traffic can be taken to, with the addresses that each listens on.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use ipnet::IpNet;

use crate::document::{Cenr, City, Entry};

/// A data centre that is in service: one that some entry of the document names a host of.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Site {
    /// Its short name in capitals, `AMS3` for `ams3.sme.zscaler.net`; a second instance, `ams2-2`, belongs to `AMS2`
    /// (seen).
    pub name: String,
    /// The city as published, `Amsterdam III`.
    pub city: String,
    /// The continent as published: `EMEA`, `Americas` or `APAC`.
    pub continent: String,
    /// Degrees north; zero when the document does not say.
    pub latitude: f64,
    /// Degrees east; zero when the document does not say.
    pub longitude: f64,
    /// The virtual addresses that GRE tunnels end at, one for each instance.
    pub gre: Vec<Ipv4Addr>,
    /// The IPsec gateway's host; may be empty (seen).
    pub vpn: String,
    /// The proxy's host; may be empty (seen).
    pub proxy: String,
    /// The addresses that Client Connector tunnels to, as far as they lie in the city's ranges.
    pub svpn: Vec<IpAddr>,
    /// The city's ranges.
    pub ranges: Vec<IpNet>,
}

/// Tells which sites are published now.
pub trait Publisher: Send + Sync {
    /// The sites of a cloud, by name; none when the cloud has no document.
    fn sites(&self, cloud: &str) -> Arc<[Site]>;
}

impl Cenr {
    /// The sites in service, by name. Client Connector's addresses are this document's, or `svpn` when it has none.
    pub fn sites(&self, svpn: &[IpAddr]) -> Vec<Site> {
        let own: Vec<IpAddr> = self.svpn.iter().flatten().filter_map(|text| text.get()).collect();
        let svpn = if own.is_empty() { svpn } else { &own };
        let mut sites: BTreeMap<String, Site> = BTreeMap::new();
        for (continent, city) in self.cities() {
            let mut fronts: Vec<(&str, &Entry)> =
                city.entries.iter().filter_map(|entry| Some((instance(entry)?, entry))).collect();
            fronts.sort_by_key(|(instance, _)| *instance);
            for (instance, entry) in fronts {
                let name = name(instance);
                let site = sites.entry(name.clone()).or_insert_with(|| {
                    let (latitude, longitude) = city.coordinates().unwrap_or_default();
                    Site {
                        name,
                        city: city.name().to_owned(),
                        continent: continent.name().to_owned(),
                        latitude,
                        longitude,
                        ..Site::default()
                    }
                });
                site.take(city, entry);
            }
        }
        let mut sites: Vec<Site> = sites.into_values().collect();
        for site in &mut sites {
            let inside = |address: &&IpAddr| site.ranges.iter().any(|net| net.contains(*address));
            site.svpn = svpn.iter().filter(inside).copied().collect();
            site.svpn.sort_unstable();
            site.svpn.dedup();
        }
        sites
    }
}

impl Site {
    fn take(&mut self, city: &City, front: &Entry) {
        if self.vpn.is_empty() {
            self.vpn.clone_from(&front.vpn);
        }
        if self.proxy.is_empty() {
            self.proxy.clone_from(&front.hostname);
        }
        if let Some(IpAddr::V4(gre)) = front.gre.get()
            && !self.gre.contains(&gre)
        {
            self.gre.push(gre);
        }
        self.ranges.extend(city.entries.iter().filter_map(|entry| entry.range.get()));
        self.ranges.sort_unstable();
        self.ranges.dedup();
    }
}

/// The first label of the proxy's host, or of the gateway's without its `-vpn`; they can differ (seen: `amsterdam2-vpn`
/// with `ams2.sme`), and the proxy's is the one that tenants see (seen).
fn instance(entry: &Entry) -> Option<&str> {
    let label = |host: &'_ str| host.split('.').next().filter(|label| !label.is_empty()).map(str::len);
    match label(&entry.hostname) {
        Some(length) => Some(&entry.hostname[..length]),
        None => label(&entry.vpn).map(|length| entry.vpn[..length].trim_end_matches("-vpn")),
    }
}

fn name(instance: &str) -> String {
    let stem = match instance.rsplit_once('-') {
        Some((stem, number)) if !stem.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) => stem,
        _ => instance,
    };
    stem.to_ascii_uppercase()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::{Document, Edition, Kind};

    fn cenr(cloud: &str) -> Cenr {
        match &Edition::built_in().get(cloud, Kind::Cenr).unwrap().document {
            Document::Cenr(cenr) => cenr.clone(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_name_is_the_hosts_first_label_without_its_instance() {
        let told = |vpn: &str, hostname: &str| {
            let entry = Entry { vpn: vpn.into(), hostname: hostname.into(), ..Entry::default() };
            instance(&entry).map(name)
        };
        assert_eq!(told("amsterdam2-vpn.zscaler.net", "ams2.sme.zscaler.net").as_deref(), Some("AMS2"));
        assert_eq!(told("ams2-2-vpn.zscaler.net", "ams2-2.sme.zscaler.net").as_deref(), Some("AMS2"));
        assert_eq!(told("nyc3-2-vpn.zscloud.net", "").as_deref(), Some("NYC3"));
        assert_eq!(told("", "Man1.sme.zscaler.net").as_deref(), Some("MAN1"));
        assert_eq!(told("", ""), None);
    }

    #[test]
    fn every_published_gre_address_is_one_sites() {
        for cloud in ["zscaler.net", "zscalerthree.net", "zscloud.net"] {
            let cenr = cenr(cloud);
            let published: BTreeSet<IpAddr> =
                cenr.entries().filter_map(|(_, _, entry)| entry.gre.get()).collect();
            let sites = cenr.sites(&[]);
            let all: Vec<IpAddr> =
                sites.iter().flat_map(|site| site.gre.iter().copied().map(IpAddr::from)).collect();
            assert_eq!(all.len(), published.len(), "{cloud}: no address twice");
            assert_eq!(all.into_iter().collect::<BTreeSet<_>>(), published, "{cloud}");
        }
    }

    #[test]
    fn a_site_has_what_a_tenant_was_told_of_it() {
        // As a tenant's list of virtual addresses told of these data centres (seen).
        let sites = cenr("zscalerthree.net").sites(&[]);
        for (name, gre, vpn, proxy) in [
            ("AMS3", "87.58.118.129", "ams3-vpn.zscalerthree.net", "ams3.sme.zscalerthree.net"),
            ("ATL2", "104.129.206.159", "atl2-vpn.zscalerthree.net", "atl2.sme.zscalerthree.net"),
            ("BOM7", "167.103.132.129", "bom7-vpn.zscalerthree.net", "bom7.sme.zscalerthree.net"),
        ] {
            let site = sites.iter().find(|site| site.name == name).unwrap();
            assert_eq!((&*site.vpn, &*site.proxy), (vpn, proxy));
            assert_eq!(site.gre, [gre.parse::<Ipv4Addr>().unwrap()]);
        }
        let amsterdam = sites.iter().find(|site| site.name == "AMS2").unwrap();
        assert_eq!(amsterdam.gre.len(), 2, "two instances are one data centre");
    }

    #[test]
    fn addresses_of_client_connector_lie_in_their_sites_ranges() {
        let sites = cenr("zscaler.net").sites(&[]);
        let amsterdam = sites.iter().find(|site| site.name == "AMS3").unwrap();
        assert!(!amsterdam.svpn.is_empty());
        let stranger = "192.0.2.1".parse().unwrap();
        let without = Cenr { svpn: None, ..cenr("zscaler.net") };
        let told = amsterdam.svpn[0];
        let sites = without.sites(&[told, stranger]);
        assert!(sites.iter().any(|site| site.svpn == [told]));
        assert!(sites.iter().all(|site| !site.svpn.contains(&stranger)));
    }
}

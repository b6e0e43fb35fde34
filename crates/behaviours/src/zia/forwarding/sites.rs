//! The cloud's sites as a tenant sees them: what the service endpoints publish, with what is known of each data centre.

use std::collections::HashMap;
use std::net::Ipv4Addr;
use std::sync::Arc;

use serde_json::{Value, json};
use zuno_catalogue::handles::zia::datacenter;
use zuno_catalogue::{Member, Members};
use zuno_endpoints::{Publisher, Site, distance_km};
use zuno_engine::{Context, Stored};
use zuno_model::{Fault, Id, Record, fingerprint};

use crate::shared::cities::nearest;

/// A data centre in service.
#[derive(Clone, Debug, PartialEq)]
pub struct Centre {
    /// Its number.
    pub id: i64,
    /// Its short name, `AMS3`.
    pub name: String,
    /// Where it is, `Amsterdam`.
    pub city: String,
    /// The part of the world, `Europe`.
    pub region: String,
    /// Whole degrees north.
    pub latitude: i64,
    /// Whole degrees east.
    pub longitude: i64,
    /// No tunnel is to be made to it.
    pub closed: bool,
    /// Traffic there costs more.
    pub surcharge: bool,
    /// What it listens on.
    pub site: Site,
}

/// A virtual address for GRE.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GreVip<'a> {
    /// Where it is.
    pub centre: &'a Centre,
    /// The address.
    pub address: Ipv4Addr,
}

/// A number that is always the same for the same thing, positive in 32 bits (numbers of things that have no record).
fn number_of(thing: &str) -> i64 {
    let bits = fingerprint(thing.as_bytes());
    i64::from(((bits ^ (bits >> 64)) as u32) >> 1)
}

/// The sites that are published for the tenant's cloud, by name.
///
/// # Errors
/// The server publishes nothing.
pub fn published(cx: &Context<'_>) -> Result<Arc<[Site]>, Fault> {
    Ok(cx.given::<Arc<dyn Publisher>>()?.sites(&cx.tenant().cloud))
}

/// The record of a published site that no record is kept of; its part of the world is that of the nearest one known.
pub fn unrecorded(site: &Site, known: &[Stored]) -> (Id, Record) {
    let (latitude, longitude) = (site.latitude.round() as i64, site.longitude.round() as i64);
    let away = |stored: &Stored| {
        let degrees = |member: Member<i64>| member.of(&stored.record).unwrap_or_default() as f64;
        let there = (degrees(datacenter::LAT), degrees(datacenter::LONGI));
        distance_km((site.latitude, site.longitude), there)
    };
    let placed = known.iter().filter(|stored| stored.record.contains_key(datacenter::REGION.name));
    let neighbour = placed.min_by(|one, other| away(one).total_cmp(&away(other)));
    let id = Id(number_of(&site.name).to_string());
    let members = json!({
        "id": id.0, "name": site.name, "provider": "TBD", "city": nearest(site.latitude, site.longitude).0.name,
        "lat": latitude, "longi": longitude, "latitude": latitude * 10_000_000, "longitude": longitude * 10_000_000,
        "region": neighbour.and_then(|stored| stored.record.get(datacenter::REGION.name)), "createTime": 0, "lastModifiedTime": 0,
    });
    let Value::Object(members) = members else { unreachable!("made as an object") };
    (id, members)
}

/// The name of the site that a data centre's record is of: in capitals, which records are not always (seen:
/// `sunnyvale1`).
pub fn name_of(record: &Record) -> Option<String> {
    datacenter::NAME.of(record).map(str::to_ascii_uppercase)
}

/// The data centres in service, by name.
///
/// # Errors
/// The store failed, or the server publishes nothing.
pub fn centres(cx: &Context<'_>) -> Result<Vec<Centre>, Fault> {
    let known = cx.all(datacenter::KIND, None)?;
    let by_name: HashMap<String, &Stored> =
        known.iter().filter_map(|stored| Some((name_of(&stored.record)?, stored))).collect();
    let centre = |site: &Site| match by_name.get(&site.name) {
        Some(stored) => Centre::new(&stored.id, &stored.record, site),
        None => {
            let (id, record) = unrecorded(site, &known);
            Centre::new(&id, &record, site)
        }
    };
    Ok(published(cx)?.iter().map(centre).collect())
}

impl Centre {
    fn new(id: &Id, record: &Record, site: &Site) -> Centre {
        // Some lie in no region (seen).
        let region = record.get(datacenter::REGION.name);
        Centre {
            id: id.as_str().parse().unwrap_or_default(),
            name: datacenter::NAME.of(record).unwrap_or_default().to_owned(),
            city: datacenter::CITY.of(record).unwrap_or_default().to_owned(),
            region: region.and_then(|region| region.text("name")).unwrap_or_default().to_owned(),
            latitude: datacenter::LAT.of(record).unwrap_or_default(),
            longitude: datacenter::LONGI.of(record).unwrap_or_default(),
            closed: datacenter::DONT_PROVISION.of(record) || datacenter::NOT_READY_FOR_USE.of(record),
            surcharge: datacenter::REGIONAL_SURCHARGE.of(record),
            site: site.clone(),
        }
    }

    /// Its virtual addresses for GRE.
    pub fn vips(&self) -> impl Iterator<Item = GreVip<'_>> {
        self.site.gre.iter().map(|address| GreVip { centre: self, address: *address })
    }

    /// Its country's two letters: those of the nearest city that is known.
    pub fn country(&self) -> &'static str {
        nearest(self.site.latitude, self.site.longitude).0.country
    }

    /// `5 E, 52 N`.
    pub fn place(&self) -> String {
        let side = |degrees: i64, plus, minus| {
            format!("{} {}", degrees.abs(), if degrees < 0 { minus } else { plus })
        };
        format!("{}, {}", side(self.longitude, "E", "W"), side(self.latitude, "N", "S"))
    }
}

impl GreVip<'_> {
    /// Its number.
    pub fn id(&self) -> i64 {
        number_of(&self.address.to_string())
    }

    /// As lists tell of it.
    pub fn shown(&self) -> Value {
        let centre = self.centre;
        json!({
            "id": self.id(), "virtualIp": self.address.to_string(), "privateServiceEdge": false, "datacenter": centre.name,
            "latitude": centre.latitude as f64, "longitude": centre.longitude as f64, "city": centre.city,
            "countryCode": centre.country(), "region": centre.region,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use zuno_endpoints::Edition;

    use super::*;

    #[test]
    fn numbers_of_virtual_addresses_differ() {
        for cloud in ["zscaler.net", "zscalerthree.net", "zscloud.net"] {
            let sites = Edition::built_in().sites(cloud);
            let addresses: BTreeSet<Ipv4Addr> = sites.iter().flat_map(|site| site.gre.clone()).collect();
            let numbers: BTreeSet<i64> = addresses.iter().map(|one| number_of(&one.to_string())).collect();
            assert!(addresses.len() > 80 && numbers.len() == addresses.len(), "{cloud}");
            assert!(numbers.iter().all(|number| (1..=i64::from(i32::MAX)).contains(number)), "{cloud}");
        }
    }

    #[test]
    fn what_is_known_of_a_site_alone_makes_a_data_center() {
        let site = Site {
            name: "OSL9".into(),
            continent: "EMEA".into(),
            latitude: 59.913_868,
            longitude: 10.752_245,
            ..Site::default()
        };
        let neighbour = |name: &str, lat: i64, longi: i64, region: &str| {
            let record =
                json!({"name": name, "lat": lat, "longi": longi, "region": {"id": 1, "name": region}});
            let record = record.as_object().cloned().unwrap_or_default();
            Stored { id: Id("1".into()), scope: "0".into(), sort: String::new(), record }
        };
        let known = [neighbour("STO3", 59, 18, "Europe"), neighbour("TYO4", 36, 140, "Asia")];
        let nowhere = Record::from_iter([("name".to_owned(), json!("OSL9"))]);
        assert_eq!(Centre::new(&Id("512".into()), &nowhere, &site).region, "");
        let (id, record) = unrecorded(&site, &known);
        assert!(name_of(&record) == Some(site.name) && id.as_str().parse::<u32>().is_ok());
        assert_eq!(
            (record["city"].as_str(), record["lat"].as_i64(), record["longi"].as_i64()),
            (Some("Oslo"), Some(60), Some(11))
        );
        assert_eq!(record["region"]["name"], "Europe");
    }
}

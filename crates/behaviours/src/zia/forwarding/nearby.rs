//! Which of the cloud's sites are near: those that a tunnel from some address is recommended to end at.

use std::net::Ipv4Addr;

use zuno_catalogue::handles::zia::{gre_tunnel, static_ip};
use zuno_endpoints::distance_km;
use zuno_engine::{Call, Context, at_path};
use zuno_model::{Fault, Kind};

use super::geography::city_of;
use super::sites::Centre;
use super::static_address::number_of;
use super::subcloud::members_of;
use crate::shared::cities::nearest;

/// How many sites are recommended when the caller does not say (seen).
const RECOMMENDED: usize = 5;
/// The fewest virtual addresses that are recommended: a tunnel has two ends (client: terraform needs two).
pub const FEWEST: usize = 2;

/// Which virtual addresses a caller could take, and from where.
pub struct Nearby<'a> {
    latitude: f64,
    longitude: f64,
    /// Two letters, if sites elsewhere are not nearby.
    country: Option<&'static str>,
    subcloud: Option<&'a str>,
    most: usize,
    /// Addresses that the source's tunnel ends at now.
    current: Vec<String>,
}

impl<'a> Nearby<'a> {
    /// Reads the query of a recommendation.
    ///
    /// # Errors
    /// A parameter makes no sense, or the store failed.
    pub fn of(cx: &Context<'_>, call: &'a Call) -> Result<Nearby<'a>, Fault> {
        let degrees = |name: &str| call.query(name).map(str::trim).and_then(|text| text.parse::<f64>().ok());
        let source = call.query("sourceIp").map(str::trim).filter(|text| !text.is_empty());
        let mut nearby = match source {
            Some(source) => Nearby::from_source(cx, source)?,
            None => Nearby::at(city_of(Ipv4Addr::UNSPECIFIED.into()).place()),
        };
        if let (Some(latitude), Some(longitude)) = (degrees("latitude"), degrees("longitude")) {
            (nearby.latitude, nearby.longitude) = (latitude, longitude);
        }
        if call.flag("withinCountryOnly") {
            nearby = nearby.within_country();
        }
        if call.query("includeCurrentVips").is_some_and(|text| text.eq_ignore_ascii_case("false")) {
            nearby.current.clear();
        }
        nearby.subcloud = call.query("subcloud").filter(|name| !name.is_empty());
        if let Some(most) = call.query("publicDcLimit").and_then(|text| text.trim().parse().ok()) {
            nearby.most = most;
        }
        Ok(nearby)
    }

    fn at((latitude, longitude): (f64, f64)) -> Nearby<'a> {
        Nearby { latitude, longitude, country: None, subcloud: None, most: RECOMMENDED, current: Vec::new() }
    }

    /// What is near a source: a static address where it was placed, any other where its registry is.
    ///
    /// # Errors
    /// The text is no address, or the store failed.
    pub fn from_source(cx: &Context<'_>, source: &str) -> Result<Nearby<'a>, Fault> {
        let kind = Kind(gre_tunnel::KIND.into());
        let address = source.parse().map_err(|_| {
            Fault::said(&kind, gre_tunnel::SOURCE_IP.name, format!("Invalid IP address : {source}"))
        })?;
        let number = number_of(cx, source)?;
        let of = |kind| -> Result<_, Fault> {
            Ok(number.as_ref().map(|number| cx.get(kind, number)).transpose()?.flatten())
        };
        let place = of(static_ip::KIND)?.and_then(|stored| {
            static_ip::LATITUDE.of(&stored.record).zip(static_ip::LONGITUDE.of(&stored.record))
        });
        let mut nearby = Nearby::at(place.unwrap_or_else(|| city_of(address).place()));
        if let Some(tunnel) = of(gre_tunnel::KIND)? {
            let ends = ["primaryDestVip.virtualIp", "secondaryDestVip.virtualIp"];
            let address = |path: &str| Some(at_path(&tunnel.record, path)?.as_str()?.to_owned());
            nearby.current.extend(ends.into_iter().filter_map(address));
        }
        Ok(nearby)
    }

    /// The same, of the same country alone.
    #[must_use]
    pub fn within_country(mut self) -> Nearby<'a> {
        self.country = Some(nearest(self.latitude, self.longitude).0.country);
        self
    }

    /// The nearest centres that a tunnel can be made to, and those that the source's tunnel ends at now.
    ///
    /// # Errors
    /// The store failed, or there is no such sub-cloud.
    pub fn choose(&self, cx: &Context<'_>, centres: &[Centre]) -> Result<Vec<Centre>, Fault> {
        let members = self.subcloud.map(|name| members_of(cx, name)).transpose()?;
        let open = |centre: &&Centre| {
            !centre.closed
                && !centre.site.gre.is_empty()
                && members.as_ref().is_none_or(|members| members.contains(&centre.id))
        };
        let inside = |centre: &&Centre| self.country.is_none_or(|country| centre.country() == country);
        let away = |centre: &Centre| {
            distance_km((self.latitude, self.longitude), (centre.site.latitude, centre.site.longitude))
        };
        let mut near: Vec<&Centre> = centres.iter().filter(open).collect();
        near.sort_by(|one, other| away(one).total_cmp(&away(other)).then_with(|| one.name.cmp(&other.name)));
        let (mut near, outside): (Vec<&Centre>, Vec<&Centre>) = near.into_iter().partition(inside);
        near.truncate(self.most.max(1));
        // A country with too few of its own is helped out by the next one.
        for centre in outside {
            if near.iter().map(|centre| centre.vips().count()).sum::<usize>() >= FEWEST {
                break;
            }
            near.push(centre);
        }
        for centre in centres {
            let current = centre.site.gre.iter().any(|address| self.current.contains(&address.to_string()));
            if current && !near.contains(&centre) {
                near.push(centre);
            }
        }
        Ok(near.into_iter().cloned().collect())
    }
}

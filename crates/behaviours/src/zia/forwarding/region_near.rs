//! `region-near`: a place is told by the nearest city of the table, for coordinates, and for an address by the city that
//! stands for the part of the world it is handed out in.
//!
//! Parameters: `latitude` and `longitude`, the query's; `ip`, the path's.

use std::net::IpAddr;

use serde_json::{Value, json};
use zuno_engine::{Behaviour, Call, Context, Outcome, Params};
use zuno_model::{Fault, Fix, Kind};

use super::geography::city_of;
use crate::shared::cities::{City, country_name, nearest};

/// The guarantee for one resource.
struct RegionNear {
    kind: Kind,
    latitude: String,
    longitude: String,
    ip: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(RegionNear {
        kind: Kind(params.kind()),
        latitude: params.text("latitude")?,
        longitude: params.text("longitude")?,
        ip: params.text("ip")?,
    }))
}

/// A city as regions are told.
pub fn told(city: &City) -> Value {
    json!({
        "cityGeoId": city.id,
        "latitude": city.latitude,
        "longitude": city.longitude,
        "cityName": city.name,
        "stateName": city.state,
        "countryName": country_name(city.country),
        "countryCode": city.country,
    })
}

impl RegionNear {
    fn degrees(&self, call: &Call, name: &str, limit: f64) -> Result<f64, Fault> {
        let invalid = |fix| Fault::Invalid { kind: self.kind.clone(), field: name.to_owned(), fix };
        let text = call.query(name).filter(|text| !text.is_empty());
        let text = text.ok_or_else(|| invalid(Fix::Missing))?;
        let degrees: Option<f64> = text.trim().parse().ok();
        degrees
            .filter(|degrees| degrees.abs() <= limit)
            .ok_or_else(|| invalid(Fix::Said(format!("must be degrees from -{limit} to {limit}"))))
    }
}

impl Behaviour for RegionNear {
    fn on_action(&self, _: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let (latitude, longitude) = match call.param(&self.ip) {
            None => (self.degrees(call, &self.latitude, 90.0)?, self.degrees(call, &self.longitude, 180.0)?),
            Some(text) => {
                let address: IpAddr = text
                    .parse()
                    .map_err(|_| Fault::said(&self.kind, &self.ip, format!("Invalid IP address : {text}")))?;
                city_of(address).place()
            }
        };
        Ok(Outcome::Value(told(&nearest(latitude, longitude).0)))
    }
}

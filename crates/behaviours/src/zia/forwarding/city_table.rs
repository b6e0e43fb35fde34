//! `city-table`: a place is told by a city of the table: by the nearest one for coordinates, for an address by the one that
//! stands for the part of the world it is handed out in, and all whose names, or those of their states or countries, begin
//! as a search says, which needs a beginning (seen).
//!
//! Parameters: `latitude`, `longitude` and `prefix`, the query's; `ip`, the path's.

use std::net::IpAddr;

use serde_json::{Value, json};
use zuno_engine::{Behaviour, Call, Context, Outcome, Params};
use zuno_model::{Fault, Fix, Kind};

use super::geography::city_of;
use crate::part;
use crate::shared::cities::{City, cities, country_name, nearest};

/// The guarantee for one resource.
struct CityTable {
    kind: Kind,
    latitude: String,
    longitude: String,
    ip: String,
    prefix: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(CityTable {
        kind: Kind(params.kind()),
        latitude: params.text("latitude")?,
        longitude: params.text("longitude")?,
        ip: params.text("ip")?,
        prefix: params.text("prefix")?,
    }))
}

/// A city as regions are told.
fn told(city: &City) -> Value {
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

impl CityTable {
    /// The cities whose names begin so.
    fn beginning(&self, prefix: &str) -> Result<Vec<Value>, Fault> {
        let prefix = prefix.trim().to_lowercase();
        if prefix.is_empty() {
            return Err(Fault::said(&self.kind, &self.prefix, "Invalid or blank search prefix."));
        }
        let begins = |name: &str| name.to_lowercase().starts_with(&prefix);
        let meant = |city: &City| [city.name, city.state, country_name(city.country)].into_iter().any(begins);
        Ok(cities().filter(meant).map(|city| told(&city)).collect())
    }

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

impl Behaviour for CityTable {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        if cx.operation()?.query.contains_key(&self.prefix) {
            return Ok(part::of(call, self.beginning(call.query(&self.prefix).unwrap_or_default())?));
        }
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

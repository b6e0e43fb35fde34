//! `geocoded`: a place's city and country follow from its coordinates, as far as the table of cities reaches, unless the
//! caller says them.
//!
//! A caller who sends back what was read, with other coordinates, does not say them (see [`crate::spelling`]).
//! Parameters: `latitude`, `longitude`, `place` (`San Jose, US`), `country` (`US`).

use serde_json::Value;
use zuno_catalogue::Members;
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::{Fault, Kind, Record};

use super::cities::nearest;

/// How far from a known city a place may be to be called by its name, in kilometres.
const REACH_KM: f64 = 60.0;

/// The guarantee for one resource.
pub struct Geocoded {
    kind: Kind,
    latitude: String,
    longitude: String,
    place: String,
    country: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(Geocoded {
        kind: Kind(params.kind()),
        latitude: params.text("latitude")?,
        longitude: params.text("longitude")?,
        place: params.text("place")?,
        country: params.text("country")?,
    }))
}

impl Geocoded {
    /// A coordinate as it is sent: a text or a number of degrees within its limit.
    fn degrees(&self, record: &Record, member: &str, limit: f64) -> Result<Option<f64>, Fault> {
        let value = match record.get(member) {
            None | Some(Value::Null) => return Ok(None),
            Some(Value::String(text)) if text.is_empty() => return Ok(None),
            Some(Value::String(text)) => text.trim().parse().ok(),
            Some(other) => other.as_f64(),
        };
        let value = value.filter(|degrees: &f64| degrees.abs() <= limit);
        let words = format!("must be degrees from -{limit} to {limit}");
        value.map(Some).ok_or_else(|| Fault::said(&self.kind, member, words))
    }
}

impl Behaviour for Geocoded {
    fn before_write(&self, _cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let latitude = self.degrees(&change.new, &self.latitude, 90.0)?;
        let longitude = self.degrees(&change.new, &self.longitude, 180.0)?;
        if let (Some(latitude), Some(longitude)) = (latitude, longitude)
            && let Some((city, country)) = named(latitude, longitude)
        {
            let moved = change.old.as_ref().is_some_and(|old| {
                [&self.latitude, &self.longitude].iter().any(|name| old.get(*name) != change.new.get(*name))
            });
            for (member, derived) in
                [(&self.place, format!("{city}, {country}")), (&self.country, country.to_owned())]
            {
                let said = change.sent.text(member).filter(|text| !text.is_empty());
                let held = change.old.as_ref().and_then(|old| old.text(member));
                if said.is_none() || moved && said == held {
                    change.new.insert(member.clone(), Value::String(derived));
                }
            }
        }
        Ok(())
    }
}

/// The nearest known city within reach, and its country's two letters.
fn named(latitude: f64, longitude: f64) -> Option<(&'static str, &'static str)> {
    let (city, away_km) = nearest(latitude, longitude);
    (away_km <= REACH_KM).then_some((city.name, city.country))
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn a_place_is_called_by_the_nearest_city_within_reach() {
        assert_eq!(named(37.33874, -121.885_252_5), Some(("San Jose", "US")));
        assert_eq!(named(52.5, 13.4), Some(("Berlin", "DE")));
        assert_eq!(named(0.0, -160.0), None);
    }
}

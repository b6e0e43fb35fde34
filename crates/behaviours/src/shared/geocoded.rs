//! `geocoded`: a place's city and country follow from its coordinates, as far as the table of cities reaches.
//!
//! Parameters: `latitude`, `longitude`, `place` (`San Jose, US`), `country` (`US`).

use serde_json::{Value, json};
use zuno_catalogue::{Catalogue, Resource, Verb};
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::{Fault, Kind, Record};

/// City, country, latitude, longitude.
const CITIES: &str = include_str!("cities.tsv");

/// A city of the table.
pub struct City {
    /// Its name.
    pub name: &'static str,
    /// Its country's two letters.
    pub country: &'static str,
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
}

/// Every city of the table.
pub fn cities() -> impl Iterator<Item = City> {
    CITIES.lines().filter_map(|line| {
        let mut cells = line.split('\t');
        let (name, country) = (cells.next()?, cells.next()?);
        let (latitude, longitude) = (cells.next()?.parse().ok()?, cells.next()?.parse().ok()?);
        Some(City { name, country, latitude, longitude })
    })
}

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
pub fn make(params: Params<'_>, resource: &Resource, _: &Catalogue) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(Geocoded {
        kind: Kind(resource.kind.clone()),
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
        if change.verb == Verb::Delete {
            return Ok(());
        }
        let latitude = self.degrees(&change.new, &self.latitude, 90.0)?;
        let longitude = self.degrees(&change.new, &self.longitude, 180.0)?;
        if let (Some(latitude), Some(longitude)) = (latitude, longitude)
            && let Some((city, country)) = nearest(latitude, longitude)
        {
            change.new.insert(self.place.clone(), json!(format!("{city}, {country}")));
            change.new.insert(self.country.clone(), json!(country));
        }
        Ok(())
    }
}

/// The nearest known city within reach, and its country's two letters.
fn nearest(latitude: f64, longitude: f64) -> Option<(&'static str, &'static str)> {
    let away = |city: &City| distance_km((latitude, longitude), (city.latitude, city.longitude));
    let found = cities().map(|city| (away(&city), city)).min_by(|one, other| one.0.total_cmp(&other.0))?;
    (found.0 <= REACH_KM).then_some((found.1.name, found.1.country))
}

/// Great-circle distance of two points in degrees, by the haversine formula.
fn distance_km(one: (f64, f64), other: (f64, f64)) -> f64 {
    let half = |from: f64, to: f64| ((to - from).to_radians() / 2.0).sin().powi(2);
    let across = one.0.to_radians().cos() * other.0.to_radians().cos() * half(one.1, other.1);
    12_742.0 * (half(one.0, other.0) + across).clamp(0.0, 1.0).sqrt().asin()
}

#[cfg(test)]
mod tests {
    use super::{CITIES, distance_km, nearest};

    #[test]
    fn a_place_is_called_by_the_nearest_city_within_reach() {
        assert_eq!(nearest(37.33874, -121.885_252_5), Some(("San Jose", "US")));
        assert_eq!(nearest(52.5, 13.4), Some(("Berlin", "DE")));
        assert_eq!(nearest(0.0, -160.0), None);
    }

    #[test]
    fn distances_cross_the_date_line() {
        assert!((distance_km((0.0, 179.9), (0.0, -179.9)) - 22.2).abs() < 0.5);
        assert!((distance_km((52.52, 13.405), (48.8566, 2.3522)) - 878.0).abs() < 5.0);
    }

    #[test]
    fn every_line_of_the_table_is_a_city() {
        for line in CITIES.lines() {
            let cells: Vec<&str> = line.split('\t').collect();
            assert_eq!(cells.len(), 4, "{line}");
            assert!(
                cells[1].len() == 2 && cells[2].parse::<f64>().is_ok() && cells[3].parse::<f64>().is_ok(),
                "{line}"
            );
        }
    }
}

//! Cities and countries that are known by name, and how far apart places are.

use std::sync::LazyLock;

/// City, country, latitude, longitude.
const CITIES: &str = include_str!("cities.tsv");
/// A country's two letters and its name.
const COUNTRIES: &str = include_str!("countries.tsv");

/// A city of the table.
#[derive(Clone, Copy, Debug, PartialEq)]
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
    static READ: LazyLock<Vec<City>> = LazyLock::new(|| CITIES.lines().filter_map(city).collect());
    READ.iter().copied()
}

fn city(line: &'static str) -> Option<City> {
    let mut cells = line.split('\t');
    let (name, country) = (cells.next()?, cells.next()?);
    let (latitude, longitude) = (cells.next()?.parse().ok()?, cells.next()?.parse().ok()?);
    Some(City { name, country, latitude, longitude })
}

/// The nearest city of the table, and how far away it is in kilometres.
pub fn nearest(latitude: f64, longitude: f64) -> (City, f64) {
    let away = |city: &City| distance_km((latitude, longitude), (city.latitude, city.longitude));
    let found = cities().map(|city| (city, away(&city))).min_by(|one, other| one.1.total_cmp(&other.1));
    found.expect("the table has cities")
}

/// The name of the country with these two letters, or the letters.
pub fn country_name(letters: &'static str) -> &'static str {
    let found = COUNTRIES.lines().find_map(|line| line.strip_prefix(letters)?.strip_prefix('\t'));
    found.unwrap_or(letters)
}

/// Great-circle distance of two points in degrees, by the haversine formula.
pub fn distance_km(one: (f64, f64), other: (f64, f64)) -> f64 {
    let half = |from: f64, to: f64| ((to - from).to_radians() / 2.0).sin().powi(2);
    let across = one.0.to_radians().cos() * other.0.to_radians().cos() * half(one.1, other.1);
    12_742.0 * (half(one.0, other.0) + across).clamp(0.0, 1.0).sqrt().asin()
}

#[cfg(test)]
mod tests {
    use super::{CITIES, cities, country_name, distance_km};

    #[test]
    fn distances_cross_the_date_line() {
        assert!((distance_km((0.0, 179.9), (0.0, -179.9)) - 22.2).abs() < 0.5);
        assert!((distance_km((52.52, 13.405), (48.8566, 2.3522)) - 878.0).abs() < 5.0);
    }

    #[test]
    fn every_line_of_the_tables_is_read() {
        assert_eq!(cities().count(), CITIES.lines().count());
        for city in cities() {
            assert!(country_name(city.country) != city.country, "{} has no name", city.country);
        }
    }
}

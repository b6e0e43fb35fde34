//! Cities and countries that are known by name.

use std::sync::LazyLock;

use zuno_endpoints::distance_km;

/// City, country, latitude, longitude, GeoNames number, state.
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
    /// Its public GeoNames number.
    pub id: i64,
    /// Its state, province or region.
    pub state: &'static str,
}

impl City {
    /// City, state, country, as a place is written out.
    pub fn whole_name(&self) -> String {
        format!("{}, {}, {}", self.name, self.state, country_name(self.country))
    }
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
    let (id, state) = (cells.next()?.parse().ok()?, cells.next()?);
    Some(City { name, country, latitude, longitude, id, state })
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

#[cfg(test)]
mod tests {
    use super::{CITIES, cities, country_name};

    #[test]
    fn every_line_of_the_tables_is_read() {
        assert_eq!(cities().count(), CITIES.lines().count());
        for city in cities() {
            assert!(country_name(city.country) != city.country, "{} has no name", city.country);
        }
    }
}

//! Cities that sites are in, with what each product calls them.

use serde_json::{Value, json};

use crate::shared::cities::{City, cities, country_name};

/// A city.
#[derive(Debug)]
pub struct Place {
    /// Its name.
    pub city: &'static str,
    /// Two letters of its country.
    country: &'static str,
    /// Letters of its state.
    state: &'static str,
    /// Minutes ahead of UTC, without summer time.
    offset: i32,
    /// Internet access's word for the country, and for the time zone behind it.
    words: (&'static str, &'static str),
}

const fn place(
    city: &'static str,
    (country, state): (&'static str, &'static str),
    offset: i32,
    words: (&'static str, &'static str),
) -> Place {
    Place { city, country, state, offset, words }
}

/// All of them; sites are in each in turn.
pub const PLACES: [Place; 20] = [
    place("San Jose", ("US", "CA"), -480, ("UNITED_STATES", "AMERICA_LOS_ANGELES")),
    place("New York", ("US", "NY"), -300, ("UNITED_STATES", "AMERICA_NEW_YORK")),
    place("Chicago", ("US", "IL"), -360, ("UNITED_STATES", "AMERICA_CHICAGO")),
    place("Dallas", ("US", "TX"), -360, ("UNITED_STATES", "AMERICA_CHICAGO")),
    place("London", ("GB", "ENG"), 0, ("UNITED_KINGDOM", "EUROPE_LONDON")),
    place("Berlin", ("DE", "BE"), 60, ("GERMANY", "EUROPE_BERLIN")),
    place("Paris", ("FR", "IDF"), 60, ("FRANCE", "EUROPE_PARIS")),
    place("Tokyo", ("JP", "13"), 540, ("JAPAN", "ASIA_TOKYO")),
    place("Singapore", ("SG", "01"), 480, ("SINGAPORE", "ASIA_SINGAPORE")),
    place("Mumbai", ("IN", "MH"), 330, ("INDIA", "ASIA_CALCUTTA")),
    place("Sydney", ("AU", "NSW"), 600, ("AUSTRALIA", "AUSTRALIA_SYDNEY")),
    place("Seattle", ("US", "WA"), -480, ("UNITED_STATES", "AMERICA_LOS_ANGELES")),
    place("Atlanta", ("US", "GA"), -300, ("UNITED_STATES", "AMERICA_NEW_YORK")),
    place("Toronto", ("CA", "ON"), -300, ("CANADA", "AMERICA_TORONTO")),
    place("Madrid", ("ES", "MD"), 60, ("SPAIN", "EUROPE_MADRID")),
    place("Milan", ("IT", "25"), 60, ("ITALY", "EUROPE_ROME")),
    place("Amsterdam", ("NL", "NH"), 60, ("NETHERLANDS", "EUROPE_AMSTERDAM")),
    place("Stockholm", ("SE", "AB"), 60, ("SWEDEN", "EUROPE_STOCKHOLM")),
    place("Frankfurt", ("DE", "HE"), 60, ("GERMANY", "EUROPE_BERLIN")),
    place("Dublin", ("IE", "L"), 0, ("IRELAND", "EUROPE_DUBLIN")),
];

impl Place {
    /// Where it is.
    pub fn on_earth(&self) -> Option<City> {
        cities().find(|city| city.country == self.country && city.name.starts_with(self.city))
    }

    /// A site there, as internet access has it.
    pub fn site(&self, name: &str) -> Value {
        let (country, zone) = self.words;
        json!({
            "name": name, "country": country, "tz": format!("{country}_{zone}"), "parentId": "0", "pseudo": false, "profile": "CORPORATE",
            "description": "A site of the company", "ofwEnabled": true, "staticLocationGroups": [],
            "dynamiclocationGroups": [],
        })
    }

    /// A group of connectors there, as private access has it made.
    pub fn connector_group(&self, name: &str) -> Value {
        let (latitude, longitude) =
            self.on_earth().map_or((0.0, 0.0), |city| (city.latitude, city.longitude));
        json!({
            "name": name, "description": "Connectors of the site", "enabled": true, "countryCode": self.country,
            "latitude": latitude.to_string(), "longitude": longitude.to_string(),
            "location": format!("{}, {}", self.city, country_name(self.country)),
        })
    }

    /// Where a device there is, as it is measured: its city, and the state, country and time that belong to it.
    pub fn measured(&self) -> (Value, Value) {
        let city = self.on_earth();
        let state = city.map_or(self.state, |city| city.state);
        let found = json!([{
            "id": city.map_or_else(String::new, |city| city.id.to_string()), "city": self.city, "state": state,
            "country": self.country, "geo_lat": city.map(|city| city.latitude),
            "geo_long": city.map(|city| city.longitude), "geo_detection": "IP",
        }]);
        let rest = json!({
            "state_id": format!("{}-{}", self.country, self.state), "country_id": self.country,
            "country": country_name(self.country), "utc_offset_minutes": self.offset,
        });
        (found, rest)
    }
}

#[cfg(test)]
mod tests {
    use super::PLACES;

    #[test]
    fn every_city_is_on_the_map() {
        let lost: Vec<_> = PLACES.iter().filter(|place| place.on_earth().is_none()).collect();
        assert!(lost.is_empty(), "{lost:?}");
    }
}

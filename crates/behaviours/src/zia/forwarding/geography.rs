//! Where an address probably is: the registry that hands it out, and a city of that part of the world.
//!
//! The cloud asks a commercial base; what it says of one address cannot be known here, only that it says something
//! plausible. Cities carry their public GeoNames numbers.

use std::net::IpAddr;

/// A city that stands for a part of the world.
#[derive(Debug, PartialEq)]
pub struct City {
    /// Its GeoNames number.
    pub id: i64,
    /// City, region, country.
    pub name: &'static str,
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
}

impl City {
    /// Degrees north and east.
    pub fn place(&self) -> (f64, f64) {
        (self.latitude, self.longitude)
    }
}

/// The middle of the United States, which geographic bases answer when they know the country alone.
const NORTH_AMERICA: City =
    City { id: 4_269_447, name: "Cheney, Kansas, United States", latitude: 37.6326, longitude: -97.7725 };
const EUROPE: City =
    City { id: 2_925_533, name: "Frankfurt am Main, Hesse, Germany", latitude: 50.1155, longitude: 8.6842 };
const ASIA: City =
    City { id: 1_850_147, name: "Tokyo, Tokyo, Japan", latitude: 35.6895, longitude: 139.6917 };
const LATIN_AMERICA: City =
    City { id: 3_448_439, name: "Sao Paulo, Sao Paulo, Brazil", latitude: -23.5475, longitude: -46.6361 };
const AFRICA: City =
    City { id: 993_800, name: "Johannesburg, Gauteng, South Africa", latitude: -26.2023, longitude: 28.0436 };

/// First octets by registry, as the number registry publishes them; the rest is North America's.
const AFRINIC: &[u8] = &[41, 102, 105, 154, 196, 197];
const LACNIC: &[u8] = &[177, 179, 181, 186, 187, 189, 190, 191, 200, 201];
const APNIC: &[u8] = &[
    1, 14, 27, 36, 39, 42, 43, 49, 58, 59, 60, 61, 101, 103, 106, 110, 111, 112, 113, 114, 115, 116, 117,
    118, 119, 120, 121, 122, 123, 124, 125, 126, 133, 150, 153, 163, 171, 175, 180, 182, 183, 202, 203, 210,
    211, 218, 219, 220, 221, 222, 223,
];
const RIPE: &[u8] = &[
    2, 5, 31, 37, 46, 51, 53, 57, 62, 77, 78, 79, 80, 81, 82, 83, 84, 85, 86, 87, 88, 89, 90, 91, 92, 93, 94,
    95, 109, 141, 145, 151, 176, 178, 185, 188, 193, 194, 195, 212, 213, 217,
];

/// The city that stands for the part of the world an address is handed out in.
pub fn city_of(address: IpAddr) -> &'static City {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            let first = v4.octets()[0];
            let parts = [(AFRINIC, &AFRICA), (LACNIC, &LATIN_AMERICA), (APNIC, &ASIA), (RIPE, &EUROPE)];
            parts.iter().find(|(octets, _)| octets.contains(&first)).map_or(&NORTH_AMERICA, |(_, city)| city)
        }
        IpAddr::V6(v6) => match v6.segments()[0] >> 4 {
            0x240..=0x24f => &ASIA,
            0x280..=0x28f => &LATIN_AMERICA,
            0x2a0..=0x2af => &EUROPE,
            0x2c0..=0x2cf => &AFRICA,
            _ => &NORTH_AMERICA,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::{AFRICA, ASIA, EUROPE, LATIN_AMERICA, NORTH_AMERICA, city_of};

    #[test]
    fn an_address_is_placed_where_its_registry_is() {
        for (address, city) in [
            ("8.8.8.8", &NORTH_AMERICA),
            ("193.0.6.139", &EUROPE),
            ("203.0.113.7", &ASIA),
            ("200.3.14.10", &LATIN_AMERICA),
            ("196.216.2.6", &AFRICA),
            ("2001:db8::1", &NORTH_AMERICA),
            ("2a02:26f0::1", &EUROPE),
            ("::ffff:1.1.1.1", &ASIA),
        ] {
            assert_eq!(city_of(address.parse().unwrap()), city, "{address}");
        }
    }
}

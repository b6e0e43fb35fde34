//! A fleet to measure: people in three cities, one device that is never on, one that always is.

use zuno_telemetry::{
    Application, Device, Fleet, Geolocation, KnownDevice, Memory, Named, Pace, Presence, Probe, Seed, User,
};

/// Monday 2023-11-13, 00:00 UTC.
pub const MONDAY: i64 = 1_699_833_600;

pub const ALWAYS: i64 = 1;
pub const NEVER: i64 = 2;

fn place(id: &str, city: &str, state: (&str, &str), country: (&str, &str), offset: i32) -> Geolocation {
    Geolocation {
        id: id.to_owned(),
        city: city.to_owned(),
        state_id: state.0.to_owned(),
        state: state.1.to_owned(),
        country_id: country.0.to_owned(),
        country: country.1.to_owned(),
        latitude: 37.5,
        longitude: -121.25,
        utc_offset_minutes: offset,
    }
}

pub fn fleet(tenant: &str) -> Fleet {
    let places = [
        place("US-CA-SJC", "San Jose", ("US-CA", "California"), ("US", "United States"), -480),
        place("US-NY-NYC", "New York", ("US-NY", "New York"), ("US", "United States"), -300),
        place("DE-BE-BER", "Berlin", ("DE-BE", "Berlin"), ("DE", "Germany"), 60),
    ];
    let devices = (1..=12).map(|id| Device {
        id,
        hostname: format!("LAPTOP-{id:04}"),
        // Devices 11 and 12 are second devices of users 5 and 6.
        owner: {
            let user = if id > 10 { id - 6 } else { id };
            User { id: 500 + user, name: format!("User {user}"), email: format!("user{user}@acme.example") }
        },
        location: (id % 2 == 0).then(|| Named { id: 900 + id % 3, name: format!("Site {}", id % 3) }),
        department: Some(Named { id: 38_745_231_567 + id % 2, name: format!("Department {}", id % 2) }),
        groups: vec![700 + id % 4],
        location_groups: if id % 2 == 0 { vec![800] } else { Vec::new() },
        system: 3,
        geolocation: places[(id % 3) as usize].clone(),
        presence: match id {
            ALWAYS => Presence::Always,
            NEVER => Presence::Never,
            9 => Presence::Hours { from: 22, to: 6 },
            _ => Presence::Hours { from: 8, to: 18 },
        },
        enrolled: MONDAY - 60 * 86_400,
        known: KnownDevice::default(),
    });
    let application = |id: i64, name: &str, ms, meetings| Application {
        id,
        name: name.to_owned(),
        page_fetch_ms: ms,
        web_probes: vec![Probe { id: id * 10, name: format!("{name} Login Page Probe"), ..Probe::default() }],
        path_probes: vec![Probe { id: id * 10 + 1, name: format!("{name} Path Probe"), ..Probe::default() }],
        meetings,
        since: MONDAY - 60 * 86_400,
    };
    Fleet {
        seed: Seed::of(tenant),
        since: MONDAY - 60 * 86_400,
        devices: devices.collect(),
        applications: vec![
            application(1, "SharePoint", 1400.0, false),
            application(2, "Teams", 900.0, true),
            application(3, "Intranet", 150.0, false),
        ],
        pace: Pace::Real,
        memory: Memory::default(),
    }
}

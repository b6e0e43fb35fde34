//! Who is measured: the devices with their owners and places, and the applications that they probe.

use zuno_model::Time;

use crate::{memory::Memory, pace::Pace, probe::Probe, random::Seed};

/// Everything that a tenant's measurements depend on, apart from time.
#[derive(Clone, Debug)]
pub struct Fleet {
    /// What sets this tenant's measurements apart from another's.
    pub seed: Seed,
    /// When measuring began, epoch seconds. A baseline needs a week, so scores start seven days later (documented).
    pub since: Time,
    /// The devices, in listing order; ids are unique.
    pub devices: Vec<Device>,
    /// The applications, in listing order; ids are unique.
    pub applications: Vec<Application>,
    /// How fast its deep traces take their course.
    pub pace: Pace,
    /// What it remembers of what was reckoned of it.
    pub memory: Memory,
}

/// One device that reports.
#[derive(Clone, Debug)]
pub struct Device {
    /// Its id.
    pub id: i64,
    /// Its host name, as in `LAPTOP-DQG97O6G`.
    pub hostname: String,
    /// Whose it is; devices with the same user id belong to one user.
    pub owner: User,
    /// The company's site it is at, if it is at one.
    pub location: Option<Named>,
    /// The owner's department.
    pub department: Option<Named>,
    /// Ids of the owner's groups.
    pub groups: Vec<i64>,
    /// Ids of the groups that its site belongs to.
    pub location_groups: Vec<i64>,
    /// Number of its operating system, as criteria of probes name it; 0 for one that they cannot name.
    pub system: i64,
    /// Where on earth it is.
    pub geolocation: Geolocation,
    /// When it is switched on.
    pub presence: Presence,
    /// When it enrolled, epoch seconds: it reported nothing before.
    pub enrolled: Time,
    /// What another product already says of it; the rest is drawn.
    pub known: KnownDevice,
}

/// The person at a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Its id.
    pub id: i64,
    /// Display name.
    pub name: String,
    /// Address, which is also the sign-in name.
    pub email: String,
}

/// A location or department.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Named {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
}

/// A city, and the state and country it is in.
#[derive(Clone, Debug, PartialEq)]
pub struct Geolocation {
    /// Id of the city.
    pub id: String,
    /// Name of the city.
    pub city: String,
    /// Id of the state, as in `US-CA`.
    pub state_id: String,
    /// Name of the state or region.
    pub state: String,
    /// Id of the country: two letters, as in `US`.
    pub country_id: String,
    /// Name of the country.
    pub country: String,
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// Local time minus UTC, in minutes; the caller settles summer time.
    pub utc_offset_minutes: i32,
}

impl Geolocation {
    /// Whether an id names this city, its state or its country.
    pub fn is_in(&self, id: &str) -> bool {
        [&self.id, &self.state_id, &self.country_id].into_iter().any(|own| own == id)
    }
}

/// When a device is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// Day and night.
    Always,
    /// Not at all.
    Never,
    /// About from one local hour to another; `to` at or before `from` runs past midnight. On few weekends.
    Hours {
        /// Local hour it is switched on at, 0 to 23.
        from: u8,
        /// Local hour it is switched off at, 0 to 24.
        to: u8,
    },
}

/// What is known of a device already, so that two products do not contradict each other.
#[derive(Clone, Debug, Default)]
pub struct KnownDevice {
    /// Maker, as in `LENOVO`.
    pub maker: Option<String>,
    /// Model, as in `20WNS1HM01`.
    pub model: Option<String>,
    /// Operating system, as in `Microsoft Windows 10 Pro;64 bit`.
    pub os: Option<String>,
    /// Serial number.
    pub serial: Option<String>,
    /// Hardware address, as in `00:1a:2b:3c:4d:5e`.
    pub mac: Option<String>,
    /// Whether its network is Wi-Fi.
    pub wireless: Option<bool>,
    /// Address of its next hop.
    pub gateway: Option<String>,
    /// Hardware address of the access point that it uses as a rule.
    pub access_point: Option<String>,
    /// Version of the client.
    pub client_version: Option<String>,
}

/// An application that every device probes.
#[derive(Clone, Debug)]
pub struct Application {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// What a page takes to fetch on a good day at an average place, in milliseconds; 150 to 2,500 is usual.
    pub page_fetch_ms: f64,
    /// The probes that fetch its page; without one it has no score.
    pub web_probes: Vec<Probe>,
    /// The probes that trace the way to it.
    pub path_probes: Vec<Probe>,
    /// Whether it is for meetings, and so has call quality.
    pub meetings: bool,
    /// When it began to be measured, epoch seconds; as long as the fleet when that is later.
    pub since: Time,
}

/// Which devices a question is about; an empty list asks for all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// Ids of locations.
    pub locations: Vec<i64>,
    /// Ids of departments.
    pub departments: Vec<i64>,
    /// Ids of groups of locations.
    pub location_groups: Vec<i64>,
    /// Ids of users.
    pub users: Vec<i64>,
    /// Ids of devices.
    pub devices: Vec<i64>,
    /// Ids of cities, states or countries.
    pub geolocations: Vec<String>,
    /// Ids of locations to leave out.
    pub exclude_locations: Vec<i64>,
    /// Ids of departments to leave out.
    pub exclude_departments: Vec<i64>,
    /// Ids of cities, states or countries to leave out.
    pub exclude_geolocations: Vec<String>,
}

impl Scope {
    /// Whether it takes every device.
    pub fn is_everything(&self) -> bool {
        *self == Scope::default()
    }

    /// Whether a device is asked for.
    pub fn takes(&self, device: &Device) -> bool {
        let listed =
            |ids: &[i64], of: &Option<Named>| of.as_ref().is_some_and(|named| ids.contains(&named.id));
        let at = |ids: &[String]| ids.iter().any(|id| device.geolocation.is_in(id));
        (self.locations.is_empty() || listed(&self.locations, &device.location))
            && (self.departments.is_empty() || listed(&self.departments, &device.department))
            && (self.users.is_empty() || self.users.contains(&device.owner.id))
            && (self.devices.is_empty() || self.devices.contains(&device.id))
            && (self.location_groups.is_empty()
                || device.location_groups.iter().any(|id| self.location_groups.contains(id)))
            && (self.geolocations.is_empty() || at(&self.geolocations))
            && !listed(&self.exclude_locations, &device.location)
            && !listed(&self.exclude_departments, &device.department)
            && !at(&self.exclude_geolocations)
    }
}

impl Fleet {
    /// The device with this id.
    pub fn device(&self, id: i64) -> Option<&Device> {
        self.devices.iter().find(|device| device.id == id)
    }

    /// The application with this id.
    pub fn application(&self, id: i64) -> Option<&Application> {
        self.applications.iter().find(|application| application.id == id)
    }

    /// A device and an application, where both exist.
    pub(crate) fn pair(&self, device: i64, application: i64) -> Option<(&Device, &Application)> {
        Some((self.device(device)?, self.application(application)?))
    }
}

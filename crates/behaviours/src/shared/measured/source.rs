//! The records that describe a fleet, read as the telemetry wants them.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use serde_json::Value;
use zuno_catalogue::Members;
use zuno_engine::{Context, Stored, at_path};
use zuno_model::{Fault, Id, Record, Time};
use zuno_telemetry::{
    Application, Criteria, Device, Fleet, Geolocation, KnownDevice, Memory, Named, Pace, Presence, Probe,
    Seed, Selection, Span, User,
};

use super::fleets::Fleets;
use super::members::{SelectionMembers, Source};

/// A fleet has been measured for a month when its tenant is made, so that every score has its baseline.
const MEASURED_BEFORE: Time = 30 * 86_400;

/// Which devices a question is about, as far as its path says.
#[derive(Clone, Copy)]
pub enum Only {
    /// All of them.
    Everything,
    /// This one.
    Device(i64),
    /// Those of this user.
    User(i64),
}

impl Only {
    /// As much of a fleet.
    fn of(self, fleet: &Fleet) -> Fleet {
        let asked = |device: &&Device| match self {
            Only::Everything => true,
            Only::Device(id) => device.id == id,
            Only::User(id) => device.owner.id == id,
        };
        Fleet {
            seed: fleet.seed,
            since: fleet.since,
            devices: fleet.devices.iter().filter(asked).cloned().collect(),
            applications: fleet.applications.clone(),
            pace: fleet.pace,
            memory: Memory::default(),
        }
    }
}

impl Source {
    /// The fleet, or as much of it as a question is about; its applications are always there.
    ///
    /// # Errors
    /// The store failed.
    pub fn fleet(&self, cx: &Context<'_>, only: Only) -> Result<Arc<Fleet>, Fault> {
        let read = |only| Ok(Fleet { applications: self.applications(cx)?, ..self.devices(cx, only)? });
        // What this very transaction has changed is known to nobody else yet.
        let changed = self.kinds().iter().any(|kind| cx.changed().contains(kind));
        let Some(fleets) = cx.given::<Fleets>().ok().filter(|_| !changed) else {
            return read(only).map(Arc::new);
        };
        let (tenant, seen) = (cx.tenant().id, Fleets::seen(cx)?);
        match (fleets.held(tenant, &seen), only) {
            (Some(held), Only::Everything) => Ok(held),
            (Some(held), only) => Ok(Arc::new(only.of(&held))),
            (None, Only::Everything) => {
                let fleet = Arc::new(Fleet { memory: Memory::keeping(), ..read(only)? });
                fleets.hold(tenant, seen, &fleet);
                Ok(fleet)
            }
            (None, only) => read(only).map(Arc::new),
        }
    }

    /// The kinds that describe it.
    fn kinds(&self) -> [&str; 6] {
        let departments = self.departments.as_deref().unwrap_or_default();
        let of = (&self.device.kind, &self.site.kind, &self.application.kind, &self.probe.kind);
        [of.0, of.1, of.2, of.3, &self.people, departments]
    }

    /// The devices alone.
    ///
    /// # Errors
    /// The store failed.
    pub fn devices(&self, cx: &Context<'_>, only: Only) -> Result<Fleet, Fault> {
        let tenant = cx.tenant();
        let since = tenant.created - MEASURED_BEFORE;
        let kind = &self.device.kind;
        let stored = match only {
            Only::Everything => cx.all(kind, None)?,
            Only::Device(id) => cx.get(kind, &Id::from(id))?.into_iter().collect(),
            Only::User(id) => cx.pointing(kind, &self.device.owner, &self.people, &Id::from(id))?,
        };
        let reader = Reader { source: self, cx, named: RefCell::default() };
        let devices = stored.iter().map(|stored| reader.device(stored, since));
        Ok(Fleet {
            seed: Seed::of(&tenant.vanity),
            since,
            devices: devices.collect::<Result<_, _>>()?,
            applications: Vec::new(),
            pace: cx.given::<Pace>().copied().unwrap_or_default(),
            memory: Memory::default(),
        })
    }

    fn applications(&self, cx: &Context<'_>) -> Result<Vec<Application>, Fault> {
        let mut applications = Vec::new();
        let mut places = HashMap::new();
        for stored in cx.all(&self.application.kind, None)? {
            let (record, of) = (&stored.record, &self.application);
            places.insert(stored.id.0.clone(), (applications.len(), span(record, &of.on, &of.off)));
            applications.push(Application {
                id: number(&stored.id),
                name: text(record, &of.name),
                page_fetch_ms: record.get(&of.page_fetch).and_then(Value::as_f64).unwrap_or(1000.0),
                web_probes: Vec::new(),
                path_probes: Vec::new(),
                meetings: record.flag(&of.meetings),
                since: time(record, &of.since).unwrap_or(Time::MIN),
            });
        }
        for stored in cx.all(&self.probe.kind, None)? {
            let (record, of) = (&stored.record, &self.probe);
            let Some((place, runs)) =
                record.get(&of.application).and_then(Id::from_value).and_then(|id| places.get(&id.0))
            else {
                continue;
            };
            let ends = Span { from: None, to: time(record, &of.until).filter(|at| *at != 0) };
            let probe = Probe {
                id: number(&stored.id),
                name: text(record, &of.name),
                runs: runs.and(span(record, &of.on, &of.off)).and(ends),
                on: Criteria { only: of.only.read(record), not: of.not.read(record) },
            };
            let application = &mut applications[*place];
            match text(record, &of.r#type) == of.page {
                true => application.web_probes.push(probe),
                false => application.path_probes.push(probe),
            }
        }
        Ok(applications)
    }
}

impl SelectionMembers {
    fn read(&self, record: &Record) -> Selection {
        let texts = |member: &str| {
            let items = record.items(member).iter();
            items.filter_map(|item| Id::from_value(item.get("id").unwrap_or(item)))
        };
        let numbers = |member: &str| texts(member).map(|id| number(&id)).collect();
        Selection {
            devices: numbers(&self.devices),
            users: numbers(&self.users),
            groups: numbers(&self.groups),
            departments: numbers(&self.departments),
            locations: numbers(&self.locations),
            location_groups: numbers(&self.location_groups),
            places: texts(&self.places).map(|id| id.0).collect(),
            systems: numbers(&self.systems),
        }
    }
}

/// Reads devices; who or what many of them name is looked up once.
struct Reader<'a, 'c> {
    source: &'a Source,
    cx: &'a Context<'c>,
    named: RefCell<HashMap<(String, Id), Option<Record>>>,
}

impl Reader<'_, '_> {
    fn record(&self, kind: &str, id: &Id) -> Result<Option<Record>, Fault> {
        let key = (kind.to_owned(), id.clone());
        if let Some(known) = self.named.borrow().get(&key) {
            return Ok(known.clone());
        }
        let found = self.cx.get(kind, id)?.map(|stored| stored.record);
        self.named.borrow_mut().insert(key, found.clone());
        Ok(found)
    }

    fn device(&self, stored: &Stored, enrolled: Time) -> Result<Device, Fault> {
        let (record, of, person) = (&stored.record, &self.source.device, &self.source.person);
        let owner = record.get(&of.owner).and_then(Id::from_value).unwrap_or_else(|| Id("0".into()));
        let user = self.record(&self.source.people, &owner)?.unwrap_or_default();
        let (location, location_groups) = self.site(record)?;
        let (maker, model) = (some(record, &of.maker), some(record, &of.model));
        let whole = whole_system(&text(record, &of.name), maker.as_deref(), model.as_deref());
        let os = whole.or_else(|| some(record, &of.system));
        Ok(Device {
            id: number(&stored.id),
            hostname: text(record, &of.hostname),
            owner: User {
                id: number(&owner),
                name: text(&user, &person.name),
                email: text(&user, &person.email),
            },
            location,
            department: self.department(&user)?,
            groups: ids(user.get(&person.groups)),
            location_groups,
            system: os.as_deref().map_or(0, system),
            geolocation: self.place(record),
            presence: presence(&text(record, &of.presence)),
            enrolled,
            known: KnownDevice {
                os,
                serial: some(record, &of.serial),
                mac: some(record, &of.mac),
                wireless: some(record, &of.network).map(|network| network == of.wireless),
                gateway: some(record, &of.gateway),
                access_point: some(record, &of.access_point).map(|address| address.to_lowercase()),
                client_version: some(record, &of.client),
                maker,
                model,
            },
        })
    }

    fn site(&self, record: &Record) -> Result<(Option<Named>, Vec<i64>), Fault> {
        let of = &self.source.site;
        let Some(id) = at_path(record, &self.source.device.site).and_then(Id::from_value) else {
            return Ok((None, Vec::new()));
        };
        let Some(site) = self.record(&of.kind, &id)? else { return Ok((None, Vec::new())) };
        let groups = of.groups.iter().flat_map(|member| ids(site.get(member))).collect();
        Ok((Some(Named { id: number(&id), name: text(&site, &of.name) }), groups))
    }

    fn department(&self, user: &Record) -> Result<Option<Named>, Fault> {
        let held = user.get(&self.source.person.department).and_then(Id::from_value);
        let (Some(id), Some(kind)) = (held, &self.source.departments) else { return Ok(None) };
        let found = self.record(kind, &id)?;
        Ok(found.map(|record| Named { id: number(&id), name: text(&record, "name") }))
    }

    fn place(&self, record: &Record) -> Geolocation {
        let of = &self.source.device;
        let degrees = |path: &str| at_path(record, path).and_then(Value::as_f64).unwrap_or_default();
        let offset = at_path(record, &of.offset).and_then(Value::as_i64).unwrap_or_default();
        Geolocation {
            id: text(record, &of.city_id),
            city: text(record, &of.city),
            state_id: text(record, &of.state_id),
            state: text(record, &of.state),
            country_id: text(record, &of.country_id),
            country: text(record, &of.country),
            latitude: degrees(&of.latitude),
            longitude: degrees(&of.longitude),
            utc_offset_minutes: i32::try_from(offset).unwrap_or_default(),
        }
    }
}

fn number(id: &Id) -> i64 {
    id.as_str().parse().unwrap_or_default()
}

/// The ids of a list of pointers, or of one.
fn ids(held: Option<&Value>) -> Vec<i64> {
    let items = held
        .map_or(&[] as &[Value], |held| held.as_array().map_or(std::slice::from_ref(held), Vec::as_slice));
    items.iter().filter_map(Id::from_value).map(|id| number(&id)).collect()
}

fn text(record: &Record, path: &str) -> String {
    at_path(record, path).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn some(record: &Record, path: &str) -> Option<String> {
    Some(text(record, path)).filter(|text| !text.is_empty())
}

fn time(record: &Record, member: &str) -> Option<Time> {
    record.number(member)
}

fn span(record: &Record, on: &str, off: &str) -> Span {
    Span { from: time(record, on), to: time(record, off) }
}

/// The system inside `HOST (MAKER MODEL SYSTEM)`.
fn whole_system(name: &str, maker: Option<&str>, model: Option<&str>) -> Option<String> {
    let inside = name.split_once(" (")?.1.strip_suffix(')')?;
    let rest = inside.strip_prefix(maker?)?.trim_start().strip_prefix(model?)?.trim_start();
    Some(rest.to_owned())
}

/// The number of an operating system, as the client connector numbers them (documented there).
fn system(os: &str) -> i64 {
    let os = os.to_lowercase();
    match os {
        _ if os.contains("ios") => 1,
        _ if os.contains("android") => 2,
        _ if os.contains("windows") => 3,
        _ if os.contains("mac") => 4,
        _ => 5,
    }
}

/// `always`, `never`, or local hours such as `8-18`; office hours when not said.
fn presence(said: &str) -> Presence {
    match said {
        "always" => Presence::Always,
        "never" => Presence::Never,
        hours => {
            let hours =
                hours.split_once('-').and_then(|(from, to)| Some((from.parse().ok()?, to.parse().ok()?)));
            let (from, to) = hours.unwrap_or((8, 18));
            Presence::Hours { from, to }
        }
    }
}

#[cfg(test)]
mod tests {
    use zuno_telemetry::Presence;

    use super::{presence, system, whole_system};

    #[test]
    fn the_system_stands_behind_maker_and_model() {
        let name = "ACME-LT-0102 (LENOVO 21HM Microsoft Windows 11 Enterprise;64 bit)";
        let found = whole_system(name, Some("LENOVO"), Some("21HM"));
        assert_eq!(found.as_deref(), Some("Microsoft Windows 11 Enterprise;64 bit"));
        assert_eq!(whole_system("ACME-LT-0102", Some("LENOVO"), Some("21HM")), None);
    }

    #[test]
    fn presence_is_read_from_a_word_or_hours() {
        assert_eq!(presence("always"), Presence::Always);
        assert_eq!(presence("22-6"), Presence::Hours { from: 22, to: 6 });
        assert_eq!(presence(""), Presence::Hours { from: 8, to: 18 });
    }

    #[test]
    fn systems_have_numbers() {
        let systems =
            ["iOS 18", "Android 15", "Microsoft Windows 11 Pro;64 bit", "macOS 15.6.1", "Ubuntu 24.04"];
        assert_eq!(systems.map(system), [1, 2, 3, 4, 5]);
    }
}

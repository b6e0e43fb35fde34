//! Which kinds and members tell of a fleet, as the parameter `fleet` names them.

use serde::Deserialize;
use zuno_engine::Params;

/// The behaviour whose parameter `fleet` describes one.
const DESCRIBED_BY: &str = "measured";

/// Where a fleet is told.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// The devices.
    pub device: DeviceMembers,
    pub(super) person: PersonMembers,
    pub(super) site: SiteMembers,
    /// The applications that they probe.
    pub application: ApplicationMembers,
    pub(super) probe: ProbeMembers,
    #[serde(skip)]
    pub(super) people: String,
    #[serde(skip)]
    pub(super) departments: Option<String>,
}

/// Members of a device, dotted; through a list, the first item that has them counts.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeviceMembers {
    /// The kind.
    pub kind: String,
    pub(super) owner: String,
    pub(super) name: String,
    pub(super) hostname: String,
    pub(super) maker: String,
    pub(super) model: String,
    pub(super) system: String,
    pub(super) serial: String,
    pub(super) client: String,
    pub(super) mac: String,
    pub(super) network: String,
    pub(super) wireless: String,
    pub(super) gateway: String,
    pub(super) access_point: String,
    pub(super) presence: String,
    pub(super) site: String,
    pub(super) city_id: String,
    pub(super) city: String,
    pub(super) latitude: String,
    pub(super) longitude: String,
    pub(super) state: String,
    pub(super) state_id: String,
    pub(super) country: String,
    pub(super) country_id: String,
    pub(super) offset: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PersonMembers {
    pub(super) name: String,
    pub(super) email: String,
    pub(super) department: String,
    pub(super) groups: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SiteMembers {
    pub(super) kind: String,
    pub(super) name: String,
    pub(super) groups: Vec<String>,
}

/// Members of an application.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApplicationMembers {
    /// The kind.
    pub kind: String,
    pub(super) name: String,
    pub(super) page_fetch: String,
    pub(super) meetings: String,
    pub(super) since: String,
    pub(super) on: String,
    pub(super) off: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ProbeMembers {
    pub(super) kind: String,
    pub(super) name: String,
    pub(super) application: String,
    pub(super) r#type: String,
    pub(super) page: String,
    pub(super) on: String,
    pub(super) off: String,
    /// When it ends by itself; 0 for never.
    pub(super) until: String,
    pub(super) only: SelectionMembers,
    pub(super) not: SelectionMembers,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SelectionMembers {
    pub(super) devices: String,
    pub(super) users: String,
    pub(super) groups: String,
    pub(super) departments: String,
    pub(super) locations: String,
    pub(super) location_groups: String,
    pub(super) places: String,
    pub(super) systems: String,
}

impl Source {
    /// What the parameter `fleet` says, or what it says at the kind that it names.
    ///
    /// # Errors
    /// A member or a kind that does not exist.
    pub fn of(params: Params<'_>) -> Result<Source, String> {
        let described = match params.maybe_text("fleet") {
            None => params.part("fleet"),
            Some(kind) => {
                let there = params.resource_of(&kind)?.behaviours.get(DESCRIBED_BY);
                let there = there.ok_or_else(|| params.wrong(format!("`{kind}` describes no fleet")))?;
                let given = there.0.get("fleet");
                params.within(given.ok_or_else(|| params.wrong(format!("`{kind}` describes no fleet")))?)
            }
        };
        let mut source: Source = described.read()?;
        let target = |kind: &str, member: &str| -> Result<Option<String>, String> {
            Ok(params.field_of(kind, member)?.shape.target().map(str::to_owned))
        };
        let people = target(&source.device.kind, &source.device.owner)?;
        source.people = people.ok_or_else(|| params.wrong("`owner` points at no kind"))?;
        source.departments = target(&source.people, &source.person.department)?;
        for (kind, members) in source.named() {
            for member in members {
                params.field_of(kind, member.split('.').next().unwrap_or_default())?;
            }
        }
        Ok(source)
    }

    /// Every member that is named, by its kind.
    fn named(&self) -> [(&str, Vec<&str>); 5] {
        let of = &self.device;
        let device = [
            &of.owner,
            &of.name,
            &of.hostname,
            &of.maker,
            &of.model,
            &of.system,
            &of.serial,
            &of.client,
            &of.mac,
            &of.network,
            &of.gateway,
            &of.access_point,
            &of.presence,
            &of.site,
            &of.city_id,
            &of.city,
            &of.latitude,
            &of.longitude,
            &of.state,
            &of.state_id,
            &of.country,
            &of.country_id,
            &of.offset,
        ];
        let of = &self.person;
        let person = [&of.name, &of.email, &of.department, &of.groups];
        let of = &self.application;
        let application = [&of.name, &of.page_fetch, &of.meetings, &of.since, &of.on, &of.off];
        let of = &self.probe;
        let mut probe = vec![&of.name, &of.application, &of.r#type, &of.on, &of.off, &of.until];
        probe.extend(of.only.all());
        probe.extend(of.not.all());
        let site: Vec<&String> = self.site.groups.iter().chain([&self.site.name]).collect();
        [
            (&self.device.kind, device.into_iter().map(String::as_str).collect()),
            (&self.people, person.into_iter().map(String::as_str).collect()),
            (&self.site.kind, site.into_iter().map(String::as_str).collect()),
            (&self.application.kind, application.into_iter().map(String::as_str).collect()),
            (&self.probe.kind, probe.into_iter().map(String::as_str).collect()),
        ]
    }
}

impl SelectionMembers {
    pub(super) fn all(&self) -> [&String; 8] {
        [
            &self.devices,
            &self.users,
            &self.groups,
            &self.departments,
            &self.locations,
            &self.location_groups,
            &self.places,
            &self.systems,
        ]
    }
}

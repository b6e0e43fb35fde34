//! A company of a size: its sites and departments, people, devices on which the agent runs and that are measured, and
//! connectors; drawn from a seed.
//!
//! A real tenant's people come from an identity provider, and its devices and connectors enrol; no call of the API makes
//! them. So they are added as the sample fleet's were: kept as they are, with nothing of it staged.

mod device;
mod draw;
mod people;
mod places;

use std::ops::Range;

use serde_json::{Value, json};
use zuno_catalogue::handles::{zcc, zdx, zia, zpa};
use zuno_engine::{Context, Stored};
use zuno_model::{Fault, Id, Record};

use self::places::{PLACES, Place};
use crate::zpa::enrolment;

/// Counters of ids, with their first values (as the catalogue's files have them).
const PEOPLE: (&str, i64) = ("zia-person", 68_759_308);
const SITES: (&str, i64) = ("zia-location", 158_933_285);
const AGENTS: (&str, i64) = ("zcc-object", 205_229);
/// Devices that are measured have a series of their own, above those of the sample fleet.
const DEVICES: (&str, i64) = ("zdx-device", 22_000_001);
/// How many connectors stand at a site.
const CONNECTORS: u32 = 2;
/// Where the road begins: the site of those who are at none (seen).
const ROAD: i64 = -3;

/// How large a company is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Devices; each belongs to one of the people in turn.
    pub devices: u32,
    /// People; one at least.
    pub users: u32,
    /// Sites, in cities of the world; one at least.
    pub locations: u32,
    /// What everything is drawn from.
    pub seed: u64,
}

/// A company that is being added.
#[derive(Clone, Debug)]
pub struct Company {
    size: Size,
    /// How many people there were before: names go on from there.
    people_before: u64,
    first_user: i64,
    first_device: i64,
    first_agent: i64,
    departments: Vec<Id>,
    sites: Vec<(i64, &'static Place)>,
}

impl Company {
    /// Adds its sites with their connectors, and its departments where the tenant has none; and sets the numbers aside that
    /// people and devices will have.
    ///
    /// # Errors
    /// A name is taken, the tenant has as many connectors as it may, or the store failed.
    pub fn found(cx: &mut Context<'_>, size: Size) -> Result<Company, Fault> {
        settled(cx, |cx| Company::begun(cx, size))
    }

    fn begun(cx: &mut Context<'_>, size: Size) -> Result<Company, Fault> {
        let mut departments: Vec<Id> =
            cx.all(zia::department::KIND, None)?.into_iter().map(|stored| stored.id).collect();
        if departments.is_empty() {
            for name in people::DEPARTMENTS {
                let id = Id::from(set_aside(cx, PEOPLE, 1)?);
                keep(cx, zia::department::KIND, &id, json!({ "name": name }))?;
                departments.push(id);
            }
        }
        let before = cx.count(zia::location::KIND, None)?;
        let first = set_aside(cx, SITES, size.locations)?;
        let mut sites = Vec::new();
        for nth in 0..size.locations {
            let place = &PLACES[nth as usize % PLACES.len()];
            let (id, number) = (first + i64::from(nth), before + u64::from(nth) + 1);
            let name = format!("{} {number}", place.city);
            keep(cx, zia::location::KIND, &Id::from(id), place.site(&name))?;
            let group = cx.create(zpa::app_connector_group::KIND, "0", &place.connector_group(&name))?;
            enrolment::stand(cx, &group.id, &name, CONNECTORS)?;
            sites.push((id, place));
        }
        Ok(Company {
            size,
            people_before: cx.count(zia::user::KIND, None)?,
            first_user: set_aside(cx, PEOPLE, size.users)?,
            first_device: set_aside(cx, DEVICES, size.devices)?,
            first_agent: set_aside(cx, AGENTS, size.devices)?,
            departments,
            sites,
        })
    }

    /// Adds some of its people, by their numbers from 0 on.
    ///
    /// # Errors
    /// An address is taken, or the store failed.
    pub fn hire(&self, cx: &mut Context<'_>, some: Range<u32>) -> Result<(), Fault> {
        settled(cx, |cx| self.hired(cx, some))
    }

    fn hired(&self, cx: &mut Context<'_>, some: Range<u32>) -> Result<(), Fault> {
        for nth in some.start..some.end.min(self.size.users) {
            let user = self.user(cx, nth);
            let department = &self.departments[nth as usize % self.departments.len()];
            let record = json!({
                "name": user.name, "email": user.email, "department": department.0, "groups": [], "adminUser": false,
                "isNonEditable": false, "pwdLastModifiedTime": 0, "deleted": false, "pilotUser": false,
            });
            keep(cx, zia::user::KIND, &Id::from(self.first_user + i64::from(nth)), record)?;
        }
        Ok(())
    }

    /// Adds some of its devices, by their numbers from 0 on: to what the agent tells of them, and to what is measured.
    ///
    /// # Errors
    /// The store failed.
    pub fn equip(&self, cx: &mut Context<'_>, some: Range<u32>) -> Result<(), Fault> {
        for nth in some.start..some.end.min(self.size.devices) {
            let user = self.user(cx, nth % self.size.users);
            let (site, place) = self.sites[(nth % self.size.users) as usize % self.sites.len()];
            let number = (self.first_device - DEVICES.1).unsigned_abs() + u64::from(nth) + 1;
            let device = device::Device::of(self.size.seed, self.people_before, nth, number);
            let site = if device.at_site() { site } else { ROAD };
            let owner = self.first_user + i64::from(nth % self.size.users);
            let id = Id::from(self.first_device + i64::from(nth));
            keep(cx, zdx::device::KIND, &id, device.measured(owner, &user, site, place))?;
            let agent = Id::from(self.first_agent + i64::from(nth));
            let (company, now) = (cx.tenant().vanity.clone(), cx.now());
            keep(cx, zcc::device::KIND, &agent, device.agent(&company, &user, now))?;
        }
        Ok(())
    }

    /// How many connectors stand at its sites.
    pub fn connectors(&self) -> usize {
        self.sites.len() * CONNECTORS as usize
    }

    fn user(&self, cx: &Context<'_>, nth: u32) -> people::Person {
        people::Person::of(self.size.seed, self.people_before, nth, &cx.tenant().vanity)
    }
}

/// Numbers of a series that nobody else will have: the first of so many.
fn set_aside(cx: &mut Context<'_>, (counter, start): (&str, i64), count: u32) -> Result<i64, Fault> {
    let first = cx.next(counter, start)?;
    let tenant = cx.tenant().id;
    cx.change()?.set_counter(tenant, counter, first + i64::from(count)).map_err(Fault::broken)?;
    Ok(first)
}

/// Does what need not wait for an activation: it is active at once, unless something else waited already.
fn settled<T>(
    cx: &mut Context<'_>,
    work: impl FnOnce(&mut Context<'_>) -> Result<T, Fault>,
) -> Result<T, Fault> {
    const STAGING: &str = "zia";
    let waited = cx.store().is_staged(cx.tenant().id, STAGING).map_err(Fault::broken)?;
    let done = work(cx)?;
    if !waited {
        cx.activate(STAGING)?;
    }
    Ok(done)
}

/// Keeps a record as it is.
fn keep(cx: &mut Context<'_>, kind: &str, id: &Id, record: Value) -> Result<(), Fault> {
    let Value::Object(mut members) = record else { return Ok(()) };
    members.insert("id".into(), id.0.clone().into());
    let resource = cx.resource(kind)?;
    // What the catalogue fills in where a caller says nothing.
    let mut record = Record::new();
    for (name, field) in &resource.fields {
        let default = field.default.as_ref().map(|json| json.0.clone());
        if let Some(value) = members.shift_remove(name).or(default) {
            record.insert(name.clone(), value);
        }
    }
    cx.save(kind, &Stored { id: id.clone(), scope: "0".into(), sort: String::new(), record })
}

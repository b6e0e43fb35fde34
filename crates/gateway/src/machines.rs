//! Simulated machines: they enrol with a provisioning key, or with the address of a provisioning template as cloud and branch
//! connectors do, wait under a code, and come and go.
//!
//! A refusal is the enrolling API's own body, with a sentence for the operator beside it.

use std::sync::Arc;

use serde_json::{Map, Value, json};
use zuno_behaviours::company::{Company, Size};
use zuno_behaviours::zpa::{enrolment, idle_machines, user_codes};
use zuno_behaviours::ztw::enrolment as connectors;
use zuno_catalogue::Members;
use zuno_dialect::Body;
use zuno_engine::{Context, Stored};
use zuno_model::{Fault, Kind, Tenant};

use crate::Cloud;
use crate::respond::{Response, respond};

/// The family whose machines they are.
const FAMILY: &str = "zpa";
/// Customer ids have their low 28 bits free for the tenant's own objects (seen), keys' numbers among them.
const OWN_BITS: i64 = (1 << 28) - 1;
/// How many machines one call may enrol.
const MOST: u64 = 100;

/// Enrols machines: `key`, and if wished `count` and `name`. The key says whose tenant it is; the address of a provisioning
/// template does not, and where several have one of its name, `vanity` says which is meant.
pub fn enrol(cloud: &Arc<Cloud>, body: &Value) -> Response {
    let Some(key) = body.text("key").map(str::to_owned) else {
        return wrong(
            400,
            "give `key`, the text of a provisioning key or the address of a provisioning template",
        );
    };
    let count = match body.get("count") {
        None | Some(Value::Null) => Some(1),
        Some(count) => count.as_u64().filter(|count| (1..=MOST).contains(count)),
    };
    let Some(count) = count.and_then(|count| u32::try_from(count).ok()) else {
        return wrong(400, &format!("`count` is from 1 to {MOST}"));
    };
    let name = body.text("name").filter(|name| !name.is_empty()).map(str::to_owned);
    if let Some(template) = connectors::named(&key) {
        let vanity = body.text("vanity");
        return enrol_connectors(cloud, template, vanity, name, count);
    }
    let own = key.trim().rsplit_once('-').and_then(|(_, own)| own.parse::<i64>().ok());
    let customer = own.map(|own| own & !OWN_BITS);
    let tenants = match cloud.tenants() {
        Ok(tenants) => tenants,
        Err(cause) => return told(cloud, 500, Err(cause.into())),
    };
    let Some(tenant) = tenants.iter().find(|tenant| Some(tenant.customer_id) == customer) else {
        return wrong(404, "no tenant of this server has the key: is it whole, and this server's?");
    };
    let work = move |cx: &mut Context<'_>| {
        let joined = enrolment::enrol(cx, &key, name.as_deref(), count)?;
        let told = joined.iter().map(|(machine, stored)| enrolment::told(cx, machine, stored));
        Ok(Value::Array(told.collect::<Result<_, _>>()?))
    };
    told(cloud, 201, change(cloud, tenant, work))
}

/// Enrols connectors with the provisioning template of this name, of the one tenant that has it or is named.
fn enrol_connectors(
    cloud: &Arc<Cloud>,
    template: String,
    vanity: Option<&str>,
    name: Option<String>,
    count: u32,
) -> Response {
    let mut found = Vec::new();
    let tenants = match cloud.tenants() {
        Ok(tenants) => tenants,
        Err(cause) => return told(cloud, 500, Err(cause.into())),
    };
    for tenant in tenants.iter().filter(|tenant| vanity.is_none_or(|vanity| tenant.vanity == vanity)) {
        let own = match cloud.own(tenant) {
            Ok(own) => own,
            Err(cause) => return told(cloud, 500, Err(cause.into())),
        };
        match cloud.read(&own, |cx| connectors::of_name(cx, &template)) {
            Ok(Some(_)) => found.push(tenant),
            Ok(None) => {}
            Err(fault) => return told(cloud, 500, Err(fault)),
        }
    }
    let tenant = match found.as_slice() {
        [tenant] => tenant,
        [] => return wrong(404, "no tenant of this server has a provisioning template of this name"),
        _ => return wrong(400, "several tenants have a provisioning template of this name: say `vanity`"),
    };
    let work = move |cx: &mut Context<'_>| {
        let joined = connectors::enrol(cx, &template, name.as_deref(), count)?;
        let told = joined.iter().map(|stored| connectors::told(cx, stored));
        Ok(Value::Array(told.collect::<Result<_, _>>()?))
    };
    told(cloud, 201, change(cloud, tenant, work))
}

/// Tells every machine of a tenant.
pub fn list(cloud: &Arc<Cloud>, tenant: &Arc<Tenant>) -> Response {
    let look = |cx: &mut Context<'_>| {
        let found = enrolment::machines(cx)?;
        let told = found.iter().map(|(machine, stored)| enrolment::told(cx, machine, stored));
        let connectors = connectors::machines(cx)?;
        told.chain(connectors.iter().map(|stored| connectors::told(cx, stored))).collect()
    };
    let outcome = cloud.own(tenant).map_err(Fault::from).and_then(|own| cloud.read(&own, look));
    told(cloud, 200, outcome.map(Value::Array))
}

/// A machine starts without a key and shows a code, if `waits` says which sort; or the one that is `named` loses its
/// connection, or has it again, as `connected` says.
pub fn turn(cloud: &Arc<Cloud>, tenant: &Arc<Tenant>, body: &Value) -> Response {
    let text = |name: &str| body.text(name).map(str::to_owned);
    if let Some(association) = text("waits") {
        let work = move |cx: &mut Context<'_>| user_codes::wait(cx, &association);
        return told(cloud, 201, change(cloud, tenant, work));
    }
    let (Some(named), Some(on)) = (text("named"), body.get("connected").and_then(Value::as_bool)) else {
        return wrong(400, "give `named` and `connected`, or `waits`");
    };
    told(cloud, 200, change(cloud, tenant, move |cx| connect(cx, &named, on)))
}

/// Cuts the machine of this name or id off, or connects it again, of whichever sort it is.
fn connect(cx: &mut Context<'_>, named: &str, on: bool) -> Result<Value, Fault> {
    let is = |stored: &Stored| {
        let name = stored.record.get("name").and_then(Value::as_str).unwrap_or_default();
        stored.id.as_str() == named || name.eq_ignore_ascii_case(named)
    };
    let connectors: Vec<Stored> = connectors::machines(cx)?.into_iter().filter(is).collect();
    match connectors.as_slice() {
        [one] if !enrolment::machines(cx)?.iter().any(|(_, stored)| is(stored)) => {
            connectors::connect(cx, one, on)
        }
        [] => enrolment::connect(cx, named, on),
        _ => Err(Fault::said(&Kind("zpa.machine".into()), "name", "several have it; say the id")),
    }
}

/// How many records of a company one transaction adds, so that other writers need not wait long.
const AT_ONCE: u32 = 200;
/// How large a company may be: devices or people, and sites.
const LARGEST: (u64, u64) = (50_000, 500);

/// Gives a tenant a company of a size: `devices`, `users`, `locations` and the `seed` that they are drawn from.
pub fn company(cloud: &Arc<Cloud>, tenant: &Arc<Tenant>, body: &Value) -> Response {
    let number = |name: &str, otherwise: u64, most: u64| match body.get(name) {
        None | Some(Value::Null) => Ok(otherwise),
        Some(given) => given
            .as_u64()
            .filter(|given| (1..=most).contains(given))
            .ok_or_else(|| format!("`{name}` is from 1 to {most}")),
    };
    let size: Result<Size, String> = (|| {
        let count = |name, otherwise, most| number(name, otherwise, most).map(|count| count as u32);
        Ok(Size {
            devices: count("devices", 100, LARGEST.0)?,
            users: count("users", 40, LARGEST.0)?,
            locations: count("locations", 3, LARGEST.1)?,
            seed: number("seed", 1, u64::from(u32::MAX))?,
        })
    })();
    let size = match size {
        Ok(size) => size,
        Err(why) => return wrong(400, &why),
    };
    told(cloud, 201, founded(cloud, tenant, size))
}

fn founded(cloud: &Cloud, tenant: &Arc<Tenant>, size: Size) -> Result<Value, Fault> {
    let company = Arc::new(change(cloud, tenant, move |cx| Company::found(cx, size))?);
    let parts =
        |count: u32| (0..count).step_by(AT_ONCE as usize).map(|from| from..from.saturating_add(AT_ONCE));
    for some in parts(size.users) {
        let company = Arc::clone(&company);
        change(cloud, tenant, move |cx| company.hire(cx, some.clone()))?;
    }
    for some in parts(size.devices) {
        let company = Arc::clone(&company);
        change(cloud, tenant, move |cx| company.equip(cx, some.clone()))?;
    }
    Ok(json!({
        "devices": size.devices, "users": size.users, "locations": size.locations,
        "connectors": company.connectors(),
    }))
}

impl Cloud {
    /// Does what time has made due: machines that have been cut off for longer than their tenant's schedule says are
    /// deleted, and what was kept of ended tokens is forgotten. Whoever runs the server calls it now and then; moving
    /// the clock does as well.
    pub fn tidy(&self) {
        let tenants = self.tenants().unwrap_or_else(|cause| {
            tracing::error!(%cause, "the tenants cannot be read");
            Vec::new()
        });
        for tenant in tenants {
            if let Err(cause) = self.tidy_tenant(&tenant) {
                tracing::error!(%cause, tenant = %tenant.vanity, "what time has made due could not be done");
            }
        }
    }

    fn tidy_tenant(&self, tenant: &Arc<Tenant>) -> Result<(), Fault> {
        self.forget_revoked(tenant)?;
        self.forget_ended_sessions(tenant)?;
        let own = self.own(tenant)?;
        if self.read(&own, |cx| idle_machines::due(cx))?.is_empty() {
            return Ok(());
        }
        self.write_and_wait(own, idle_machines::delete)
    }
}

/// Carries out a change of a tenant's records.
fn change<T: Send + 'static>(
    cloud: &Cloud,
    tenant: &Arc<Tenant>,
    work: impl FnMut(&mut Context<'_>) -> Result<T, Fault> + Send + 'static,
) -> Result<T, Fault> {
    cloud.write_and_wait(cloud.own(tenant)?, work)
}

fn told(cloud: &Cloud, status: u16, outcome: Result<Value, Fault>) -> Response {
    let fault = match outcome {
        Ok(value) => return respond(status, Some("application/json"), value.to_string()),
        Err(fault) => fault,
    };
    if let Fault::Broken(cause) = &fault {
        tracing::error!(%cause, "a simulated machine failed");
    }
    let dialect = cloud.catalogue().product(FAMILY).map(|family| zuno_dialect::of(family.dialect));
    let answer = dialect.map(|dialect| dialect.fault(&fault, None));
    let status = answer.as_ref().map_or(500, |answer| answer.status);
    let mut members = match answer.map(|answer| answer.body) {
        Some(Body::Json(bytes)) => serde_json::from_slice(&bytes).unwrap_or_default(),
        _ => Map::new(),
    };
    // The enrolling API tells its own host's name (documented).
    members.insert("hostname".into(), json!("localhost"));
    members.insert("error".into(), json!(fault.to_string()));
    respond(status, Some("application/json"), Value::Object(members).to_string())
}

fn wrong(status: u16, text: &str) -> Response {
    respond(status, Some("application/json"), json!({ "error": text }).to_string())
}

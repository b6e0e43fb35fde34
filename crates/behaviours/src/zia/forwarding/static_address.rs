//! `static-address`: a static address is one address, nobody has it twice, it lies somewhere, and it stays while
//! something uses it. Those that no GRE tunnel begins at can be listed alone.
//!
//! Parameters: `address`, `city`; `users`, pairs of a kind and its member that may hold the address.

use std::net::IpAddr;

use serde_json::{Value, json};
use zuno_catalogue::Verb;
use zuno_catalogue::handles::zia::{gre_tunnel, static_ip};
use zuno_engine::{Behaviour, Call, Change, Context, Outcome, Params, same};
use zuno_model::{Fault, Fix, Id, Kind, Link, Record};

use super::duplicate;
use super::geography::city_of;

/// The guarantee for one resource.
struct StaticAddress {
    kind: Kind,
    address: String,
    city: String,
    users: Vec<(String, String)>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let users = params.pairs("users");
    users.iter().try_for_each(|(kind, member)| params.field_of(kind, member).map(drop))?;
    Ok(Box::new(StaticAddress {
        kind: Kind(params.kind()),
        address: params.text("address")?,
        city: params.text("city")?,
        users,
    }))
}

/// The number of a static address of the tenant's, which is that of its GRE tunnel as well.
///
/// # Errors
/// The store failed.
pub fn number_of(cx: &Context<'_>, address: &str) -> Result<Option<Id>, Fault> {
    cx.holder(cx.resource(static_ip::KIND)?, static_ip::IP_ADDRESS, address, "0")
}

impl StaticAddress {
    fn read(&self, text: &str) -> Result<IpAddr, Fault> {
        text.trim()
            .parse()
            .map_err(|_| Fault::said(&self.kind, &self.address, format!("Invalid IP address : {text}")))
    }

    /// Seen, also for an update that repeats the record's own address.
    fn taken(&self, cx: &Context<'_>, text: &str) -> Result<(), Fault> {
        let resource = cx.resource(self.kind.as_str())?;
        if cx.holder(resource, &self.address, text, "0")?.is_none() {
            return Ok(());
        }
        let message = format!(
            "Invalid IP inetAddress : - This IP {text} is already associated with current organization."
        );
        Err(duplicate(message, text))
    }

    fn used(&self, cx: &Context<'_>, change: &Change, text: &str) -> Result<(), Fault> {
        let mut by = Vec::new();
        for (kind, member) in &self.users {
            let noun = cx.resource(kind)?.title();
            for stored in cx.all(kind, None)? {
                if stored.record.get(member).is_some_and(|held| same(held, text)) {
                    let name =
                        stored.record.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
                    by.push(Link { kind: Kind(kind.clone()), id: stored.id, noun: noun.clone(), name });
                }
            }
        }
        match by.is_empty() {
            true => Ok(()),
            false => Err(Fault::InUse { kind: self.kind.clone(), id: change.id.clone(), by }),
        }
    }
}

impl Behaviour for StaticAddress {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let Some(text) = change.new.get(&self.address).and_then(Value::as_str).map(str::to_owned) else {
            return Ok(());
        };
        if change.verb == Verb::Delete {
            return self.used(cx, change, &text);
        }
        let address = self.read(&text)?;
        if change.sent.contains_key(&self.address) {
            self.taken(cx, &text)?;
        }
        let city = city_of(address);
        change.new.insert(self.city.clone(), json!({ "id": city.id, "name": city.name }));
        if change.new.get("geoOverride") != Some(&Value::Bool(true)) {
            change.new.insert("latitude".into(), json!(city.latitude));
            change.new.insert("longitude".into(), json!(city.longitude));
        }
        Ok(())
    }

    fn chooses(&self, cx: &Context<'_>) -> bool {
        cx.flag("availableForGreTunnel")
    }

    fn accepts(&self, cx: &Context<'_>, id: &Id, _: &Record) -> Result<bool, Fault> {
        // A tunnel has the number of the address that it begins at.
        Ok(cx.get(gre_tunnel::KIND, id)?.is_none())
    }

    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let sent = call.body.as_ref().and_then(|body| body.get(&self.address)).and_then(Value::as_str);
        let text = sent.ok_or_else(|| Fault::Invalid {
            kind: self.kind.clone(),
            field: self.address.clone(),
            fix: Fix::Missing,
        })?;
        self.read(text)?;
        self.taken(cx, text)?;
        Ok(Outcome::Text("application/json", "SUCCESS".into(), None))
    }
}

//! `static-address`: a static address is one that a site can have, nobody has it twice, it lies somewhere, and it stays
//! while something uses it. Those that no GRE tunnel begins at can be listed alone.
//!
//! Parameters: `address`, `city`; `users`, the members of other kinds that may hold the address.

use std::net::IpAddr;

use serde_json::{Map, Value, json};
use zuno_catalogue::Members;
use zuno_catalogue::handles::zia::{gre_tunnel, static_ip};
use zuno_engine::{Behaviour, Call, Change, Context, Outcome, Params, Stored, same};
use zuno_model::{Fault, Fix, Id, Kind, Link, Record};

use super::duplicate::duplicate;
use super::geo_override::cut;
use super::geography::city_of;
use crate::shared::cities::nearest;

/// The guarantee for one resource.
struct StaticAddress {
    kind: Kind,
    address: String,
    city: String,
    users: Vec<(String, String)>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let users = params.members("users")?;
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
    cx.holder(cx.resource(static_ip::KIND)?, static_ip::IP_ADDRESS.name, address, "0")
}

/// Whether a site's traffic can come from an address: not from one that stays within a site, or that is no single
/// place at all (that the cloud refuses them in these words is guessed). What documents write with is taken.
fn is_of_a_site(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            let nobody = v4.octets()[0] == 0 || v4.octets()[0] >= 240;
            !(nobody || v4.is_private() || v4.is_loopback() || v4.is_link_local() || v4.is_multicast())
        }
        IpAddr::V6(v6) => {
            let within = v6.is_unique_local() || v6.is_unicast_link_local() || v6.is_loopback();
            !(within || v6.is_unspecified() || v6.is_multicast())
        }
    }
}

/// Notes the texts that a member holds, alone or in a list, as [`same`] compares them.
fn note(held: &Value, texts: &mut Map<String, Value>) {
    match held {
        Value::Array(items) => items.iter().for_each(|item| note(item, texts)),
        Value::String(text) => drop(texts.insert(text.to_lowercase(), Value::Null)),
        _ => {}
    }
}

impl StaticAddress {
    fn read(&self, text: &str) -> Result<IpAddr, Fault> {
        let address = text.trim().parse().ok().filter(|address| is_of_a_site(*address));
        address.ok_or_else(|| Fault::said(&self.kind, &self.address, format!("Invalid IP address : {text}")))
    }

    /// Whether another record has the address; or this one, in an update that does not say whose it is (seen: one with
    /// the address and without the id; clients that send both expect no refusal).
    fn taken(&self, cx: &Context<'_>, text: &str, own: Option<&Id>) -> Result<(), Fault> {
        let resource = cx.resource(self.kind.as_str())?;
        match cx.holder(resource, &self.address, text, "0")? {
            None => return Ok(()),
            Some(holder) if Some(&holder) == own => return Ok(()),
            Some(_) => {}
        }
        let message = format!(
            "Invalid IP inetAddress : - This IP {text} is already associated with current organization."
        );
        Err(duplicate(message, text))
    }
}

impl StaticAddress {
    /// The addresses that some record holds, as members of an object.
    fn assigned(&self, cx: &Context<'_>) -> Result<Value, Fault> {
        let mut assigned = Map::new();
        for (kind, member) in &self.users {
            for user in cx.all(kind, None)? {
                if let Some(held) = user.record.get(member) {
                    note(held, &mut assigned);
                }
            }
        }
        Ok(Value::Object(assigned))
    }

    /// The records that hold an address.
    fn used_by(&self, cx: &Context<'_>, text: &str) -> Result<Vec<Link>, Fault> {
        let mut by = Vec::new();
        for (kind, member) in &self.users {
            let noun = cx.resource(kind)?.title();
            for user in cx.all(kind, None)? {
                if user.record.get(member).is_some_and(|held| same(held, text)) {
                    let name = user.record.text("name").unwrap_or_default().to_owned();
                    by.push(Link { kind: Kind(kind.clone()), id: user.id, noun: noun.clone(), name });
                }
            }
        }
        Ok(by)
    }
}

impl Behaviour for StaticAddress {
    fn before_delete(&self, cx: &mut Context<'_>, stored: &Stored) -> Result<(), Fault> {
        let Some(text) = stored.record.text(&self.address) else { return Ok(()) };
        let by = self.used_by(cx, text)?;
        match by.is_empty() {
            true => Ok(()),
            false => Err(Fault::InUse { kind: self.kind.clone(), id: stored.id.clone(), by }),
        }
    }

    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let Some(text) = change.new.text(&self.address).map(str::to_owned) else {
            return Ok(());
        };
        let address = self.read(&text)?;
        if change.sent.contains_key(&self.address) {
            let named = cx.sent(static_ip::ID.name).and_then(Id::from_value);
            self.taken(cx, &text, named.as_ref().filter(|named| **named == change.id))?;
        }
        let given = static_ip::LATITUDE.of(&change.new).zip(static_ip::LONGITUDE.of(&change.new));
        let overridden = static_ip::GEO_OVERRIDE.of(&change.new);
        let city = match given.filter(|_| overridden) {
            Some((latitude, longitude)) => {
                let city = nearest(latitude, longitude).0;
                json!({ "id": city.id, "name": city.whole_name() })
            }
            None => {
                let city = city_of(address);
                change.new.insert(static_ip::LATITUDE.into(), json!(cut(city.latitude)));
                change.new.insert(static_ip::LONGITUDE.into(), json!(cut(city.longitude)));
                json!({ "id": city.id, "name": city.name })
            }
        };
        change.new.insert(self.city.clone(), city);
        Ok(())
    }

    fn chooses(&self, cx: &Context<'_>) -> bool {
        cx.flag("availableForGreTunnel") || cx.query("assigned").is_some_and(|wanted| !wanted.is_empty())
    }

    fn accepts(&self, cx: &Context<'_>, id: &Id, record: &Record) -> Result<bool, Fault> {
        if cx.query("assigned").is_some_and(|wanted| !wanted.is_empty()) {
            let assigned = cx.once_for_all("assigned static addresses", || self.assigned(cx))?;
            let own = record.text(&self.address).unwrap_or_default().to_lowercase();
            return Ok(assigned.get(&own).is_some() == cx.flag("assigned"));
        }
        // A tunnel has the number of the address that it begins at.
        Ok(cx.get(gre_tunnel::KIND, id)?.is_none())
    }

    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let sent = call.body.as_ref().and_then(|body| body.text(&self.address));
        let text = sent.ok_or_else(|| Fault::Invalid {
            kind: self.kind.clone(),
            field: self.address.clone(),
            fix: Fix::Missing,
        })?;
        self.read(text)?;
        self.taken(cx, text, None)?;
        Ok(Outcome::Text("application/json", "SUCCESS".into(), None))
    }
}

#[cfg(test)]
mod tests {
    use super::is_of_a_site;

    #[test]
    fn no_site_has_an_address_that_stays_within_or_is_nowhere() {
        let wrong = "0.0.0.0 0.1.2.3 10.1.2.3 127.0.0.1 169.254.0.1 172.31.0.1 192.168.0.1 224.0.0.5 240.0.0.1 255.255.255.255 \
                     :: ::1 fe80::1 fd00::1 ff02::1 ::ffff:10.0.0.1";
        for text in wrong.split_whitespace() {
            assert!(!is_of_a_site(text.parse().unwrap()), "{text}");
        }
        for text in ["8.8.8.8", "172.32.0.1", "198.51.100.17", "2001:db8::1", "2a02:26f0::1"] {
            assert!(is_of_a_site(text.parse().unwrap()), "{text}");
        }
    }
}

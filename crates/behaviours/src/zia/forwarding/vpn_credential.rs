//! `vpn-credential`: a credential signs in from an address that the tenant has, and tells which
//! location uses it.
//!
//! Parameters: `type`, `address`, `static` (the kind of the tenant's addresses), `location` (the member), `used_by`
//! (the member of those that use it).

use serde_json::{Value, json};
use zuno_catalogue::{Members, Verb};
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::{Fault, Id, Kind, Record};

/// The guarantee for one resource.
struct VpnCredential {
    kind: Kind,
    how: String,
    address: String,
    addresses: String,
    location: String,
    used_by: (String, String),
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(VpnCredential {
        kind: Kind(params.kind()),
        how: params.text("type")?,
        address: params.text("address")?,
        addresses: params.other("static")?,
        location: params.text("location")?,
        used_by: params.member("used_by")?,
    }))
}

impl VpnCredential {
    fn location_of(&self, cx: &Context<'_>, id: &Id) -> Result<Option<Id>, Fault> {
        let (kind, member) = &self.used_by;
        Ok(cx.pointing(kind, member, self.kind.as_str(), id)?.into_iter().next().map(|stored| stored.id))
    }
}

impl Behaviour for VpnCredential {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        if change.new.get(&self.how) == Some(&json!("IP"))
            && let Some(text) = change.sent.text(&self.address)
            && cx.holder(cx.resource(&self.addresses)?, &self.address, text, "0")?.is_none()
        {
            let words =
                format!("The IP address {text} is not one of the organization's static IP addresses.");
            return Err(Fault::said(&self.kind, &self.address, words));
        }
        Ok(())
    }

    fn on_read(&self, cx: &Context<'_>, _: Verb, id: &Id, record: &mut Record) -> Result<(), Fault> {
        if let Some(location) = self.location_of(cx, id)? {
            record.insert(self.location.clone(), Value::String(location.0));
        }
        Ok(())
    }

    fn on_read_members(&self, _: Verb) -> Option<Vec<&str>> {
        Some(vec![&self.location])
    }

    fn chooses(&self, cx: &Context<'_>) -> bool {
        cx.flag("includeOnlyWithoutLocation") || cx.query("locationId").is_some()
    }

    fn accepts(&self, cx: &Context<'_>, id: &Id, _: &Record) -> Result<bool, Fault> {
        let location = self.location_of(cx, id)?;
        Ok(match cx.query("locationId") {
            Some(wanted) => location.is_some_and(|location| location.as_str() == wanted),
            None => location.is_none(),
        })
    }
}

//! A provisioning template holds its caller's choices; addresses and the location template are filled in when shown.

use serde_json::{Map, Value, json};
use zuno_catalogue::{Verb, handles::ztw::provisioning_url as handle};
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::{Fault, Fix, Id, Kind, Record};

/// The member of the data that names the location template.
const TEMPLATE: &str = "locationTemplate";
/// Members of the data that the caller chooses; all others are the server's.
const CHOSEN: [&str; 6] =
    [TEMPLATE, "cloudProviderType", "formFactor", "releaseChannel", SCALING, "cellEdgeDeploy"];
/// The member of the data that tells how a group grows, and what it holds.
const SCALING: &str = "autoScaleDetails";
const SCALES: &str = "autoScale";

struct ProvisioningUrl {
    templates: String,
}

/// Parameters: `templates`, the kind of the location templates.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(ProvisioningUrl { templates: params.text("templates")? }))
}

fn template_of(record: &Record) -> Option<Id> {
    record.get(handle::PROV_URL_DATA.name)?.get(TEMPLATE)?.get("id").and_then(Id::from_value)
}

/// A name inside a query: everything but unreserved characters as percent codes.
fn encoded(name: &str) -> String {
    name.bytes().fold(String::new(), |mut text, byte| {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                text.push(char::from(byte))
            }
            other => text.push_str(&format!("%{other:02X}")),
        }
        text
    })
}

impl Behaviour for ProvisioningUrl {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        if let Some(Value::Object(data)) = change.new.get_mut(handle::PROV_URL_DATA.name) {
            data.retain(|name, _| CHOSEN.contains(&name.as_str()));
            if let Some(id) = data.get(TEMPLATE).and_then(|link| link.get("id")).and_then(Id::from_value) {
                data.insert(TEMPLATE.into(), json!({ "id": id.as_str() }));
            }
            // Clients that never leave an object out send an empty one (client: go).
            let scales = data.get(SCALING).and_then(|scaling| scaling.get(SCALES)).and_then(Value::as_bool);
            match scales {
                Some(scales) => data.insert(SCALING.into(), json!({ SCALES: scales })),
                None => data.shift_remove(SCALING),
            };
            data.entry("cellEdgeDeploy").or_insert(Value::Bool(false));
        }
        // Kept beside the data as well, where the engine sees that one record points at another.
        let template = template_of(&change.new);
        change.new.shift_remove(handle::TEMPLATE.name);
        if let Some(id) = template {
            if cx.get(&self.templates, &id)?.is_none() {
                let fix = Fix::Unresolved(Kind(self.templates.clone()));
                let field = format!("{}.{TEMPLATE}", handle::PROV_URL_DATA.name);
                return Err(Fault::Invalid { kind: handle::KIND.into(), field, fix });
            }
            change.new.insert(handle::TEMPLATE.into(), Value::String(id.0));
        }
        Ok(())
    }

    /// Every address is a host of the tenant's cloud. The template inside shows as frozen although its own read
    /// does not (seen).
    fn on_read(&self, cx: &Context<'_>, _: Verb, _: &Id, record: &mut Record) -> Result<(), Fault> {
        let tenant = cx.tenant();
        let cloud = &tenant.cloud;
        let name = handle::NAME.of(record).unwrap_or_default();
        let url = format!("connector.{cloud}/api/v1/provUrl?name={}", encoded(name));
        record.insert(handle::PROV_URL.into(), Value::String(url));
        let mut data = Map::new();
        data.insert("zsCloudDomain".into(), json!(cloud));
        data.insert("orgId".into(), json!(tenant.org_id));
        for (member, host) in [
            ("configServer", "ecservice"),
            ("registrationServer", "ecservice"),
            ("apiServer", "connector"),
            ("pacServer", "pac"),
        ] {
            data.insert(member.into(), Value::String(format!("{host}.{cloud}")));
        }
        let template = template_of(record);
        if let Some(Value::Object(chosen)) = record.get(handle::PROV_URL_DATA.name) {
            data.extend(chosen.clone());
        }
        if let Some(stored) = template.map(|id| cx.get(&self.templates, &id)).transpose()?.flatten() {
            let mut shown = cx.show(cx.resource(&self.templates)?, Verb::Read, None, stored)?;
            shown["editable"] = Value::Bool(false);
            data.insert(TEMPLATE.into(), shown);
        }
        record.insert(handle::PROV_URL_DATA.into(), Value::Object(data));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::encoded;

    #[test]
    fn names_are_encoded_inside_the_address() {
        assert_eq!(encoded("AWS-CAN"), "AWS-CAN");
        assert_eq!(encoded("a b/ü"), "a%20b%2F%C3%BC");
    }
}

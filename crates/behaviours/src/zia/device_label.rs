//! `device-label`: in one view a device's name tells its owner and host too: `name (owner) - host` (seen).
//! Parameters: `name`, `owner` (a reference), `host`, and `in`, the view.

use serde_json::Value;
use zuno_catalogue::{Members, Verb};
use zuno_engine::{Behaviour, Context, Params};
use zuno_model::{Fault, Id, Record};

/// The guarantee for one resource.
struct DeviceLabel {
    name: String,
    owner: String,
    owner_kind: String,
    host: String,
    view: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let owner = params.text("owner")?;
    Ok(Box::new(DeviceLabel {
        name: params.text("name")?,
        owner_kind: params.target(&owner)?,
        owner,
        host: params.text("host")?,
        view: params.text("in")?,
    }))
}

impl Behaviour for DeviceLabel {
    fn on_read(&self, cx: &Context<'_>, _: Verb, _: &Id, record: &mut Record) -> Result<(), Fault> {
        if cx.view() != Some(self.view.as_str()) {
            return Ok(());
        }
        let text = |record: &Record, member: &str| record.text(member).unwrap_or_default().to_owned();
        let owner = match record.get(&self.owner).and_then(Id::from_value) {
            Some(id) => cx.get(&self.owner_kind, &id)?.map(|owner| text(&owner.record, "name")),
            None => None,
        };
        let owner = owner.unwrap_or_default();
        let label = format!("{} ({owner}) - {}", text(record, &self.name), text(record, &self.host));
        record.insert(self.name.clone(), Value::String(label));
        Ok(())
    }

    fn on_read_members(&self, _: Verb) -> Option<Vec<&str>> {
        Some(vec![&self.name, &self.owner, &self.host])
    }
}

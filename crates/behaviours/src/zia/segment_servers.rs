//! `segment-servers`: an application segment of private access tells the groups of its servers to whoever asks for them.
//!
//! Parameters: `flag` of the query; `servers`, the groups' ids in private access; `told`, the member that tells them.

use serde_json::{Value, json};
use zuno_catalogue::Verb;
use zuno_catalogue::handles::zpa::server_group;
use zuno_engine::{Behaviour, Context, Params};
use zuno_model::{Fault, Id, Record};

/// The guarantee for the kind.
struct SegmentServers {
    flag: String,
    servers: String,
    told: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let (servers, told) = (params.field("servers")?, params.field("told")?);
    Ok(Box::new(SegmentServers { flag: params.text("flag")?, servers, told }))
}

impl Behaviour for SegmentServers {
    fn on_read_members(&self, _: Verb) -> Option<Vec<&str>> {
        Some(vec![&self.servers, &self.told])
    }

    fn on_read(&self, cx: &Context<'_>, _: Verb, _: &Id, record: &mut Record) -> Result<(), Fault> {
        if !cx.flag(&self.flag) {
            return Ok(());
        }
        let ids = record.get(&self.servers).and_then(Value::as_array).cloned().unwrap_or_default();
        let mut told = Vec::with_capacity(ids.len());
        for id in ids.iter().filter_map(Id::from_value) {
            if let Some(group) = cx.get(server_group::KIND, &id)? {
                // As gateways tell them (seen): the number here is 0.
                let name = group.record.get(server_group::NAME.name);
                told.push(json!({ "id": 0, "name": name, "externalId": id.0 }));
            }
        }
        record.insert(self.told.clone(), Value::Array(told));
        Ok(())
    }
}

//! An entitlement tells how many groups it names.

use serde_json::Value;
use zuno_catalogue::{Catalogue, Resource, Verb};
use zuno_engine::{Behaviour, Context, Params};
use zuno_model::{Fault, Id, Record};

struct CountedGroups {
    count: String,
    groups: String,
}

/// Parameters: `groups`, the list; `count`, the member that tells its length.
pub fn make(params: Params<'_>, _: &Resource, _: &Catalogue) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(CountedGroups { count: params.text("count")?, groups: params.text("groups")? }))
}

impl Behaviour for CountedGroups {
    fn on_read(&self, _: &Context<'_>, _: Verb, _: &Id, record: &mut Record) -> Result<(), Fault> {
        let groups = record.get(&self.groups).and_then(Value::as_array).map_or(0, Vec::len);
        record.insert(self.count.clone(), Value::from(groups));
        Ok(())
    }
}

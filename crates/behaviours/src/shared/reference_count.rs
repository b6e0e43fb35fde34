//! `reference-count`: a member tells how many records point at this one. Parameter: `count`, the member.

use std::collections::BTreeSet;

use serde_json::Value;
use zuno_catalogue::Verb;
use zuno_engine::{Behaviour, Context, Params};
use zuno_model::{Fault, Id, Record};

/// The guarantee for one resource.
struct ReferenceCount {
    kind: String,
    count: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(ReferenceCount { kind: params.kind(), count: params.text("count")? }))
}

impl Behaviour for ReferenceCount {
    fn on_read(&self, cx: &Context<'_>, _: Verb, id: &Id, record: &mut Record) -> Result<(), Fault> {
        let mut holders = BTreeSet::new();
        for (from, field) in cx.catalogue().pointing_at(&self.kind) {
            let found = cx.pointing(&from.kind, field, &self.kind, id)?;
            holders.extend(found.into_iter().map(|stored| (from.kind.as_str(), stored.id.0)));
        }
        record.insert(self.count.clone(), Value::from(holders.len()));
        Ok(())
    }
}

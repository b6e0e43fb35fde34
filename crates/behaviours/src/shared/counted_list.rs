//! `counted-list`: a member tells how long a list of the record is. Parameters: `list`, `count`.

use serde_json::Value;
use zuno_catalogue::Verb;
use zuno_engine::{Behaviour, Context, Params};
use zuno_model::{Fault, Id, Record};

/// The guarantee for one resource.
struct CountedList {
    list: String,
    count: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(CountedList { list: params.text("list")?, count: params.text("count")? }))
}

impl Behaviour for CountedList {
    fn on_read(&self, _: &Context<'_>, _: Verb, _: &Id, record: &mut Record) -> Result<(), Fault> {
        let length = record.get(&self.list).and_then(Value::as_array).map_or(0, Vec::len);
        record.insert(self.count.clone(), Value::from(length));
        Ok(())
    }
}

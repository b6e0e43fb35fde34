//! `allotted`: the values of a list are among those that a singleton lists, and no two records have the same one.
//! They are compared whatever their case. Parameters: `list`; `of`, the singleton's member.

use serde_json::Value;
use zuno_catalogue::Members;
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::{Fault, Kind, Record};

/// The guarantee for one resource.
struct Allotted {
    kind: String,
    list: String,
    of: String,
    member: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let (list, (of, member)) = (params.field("list")?, params.member("of")?);
    Ok(Box::new(Allotted { kind: params.kind(), list, of, member }))
}

fn listed(record: &Record, member: &str) -> Vec<String> {
    let items = record.items(member).iter();
    items.filter_map(Value::as_str).map(|text| text.trim().to_lowercase()).collect()
}

impl Behaviour for Allotted {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let wanted = listed(&change.new, &self.list);
        if wanted.is_empty() {
            return Ok(());
        }
        let known = listed(&cx.only(&self.of)?.record, &self.member);
        let mut taken = Vec::new();
        for other in cx.all(&self.kind, None)?.iter().filter(|other| other.id != change.id) {
            taken.extend(listed(&other.record, &self.list));
        }
        match wanted.iter().find(|value| !known.contains(value) || taken.contains(value)) {
            None => Ok(()),
            Some(value) => {
                let words = format!("`{value}` is not to be had, or another one's");
                Err(Fault::said(&Kind(self.kind.clone()), &self.list, words))
            }
        }
    }
}

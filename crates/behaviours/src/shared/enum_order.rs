//! `enum-order`: lists of words are echoed as they were sent, and told by GET in the catalogue's order, or by alphabet
//! where the catalogue does not list the words (both seen).
//! Parameter: `members`, the lists.

use serde_json::Value;
use zuno_catalogue::Verb;
use zuno_engine::{Behaviour, Context, Params};
use zuno_model::{Fault, Id, Record};

/// The guarantee for one resource.
struct EnumOrder {
    lists: Vec<(String, Vec<String>)>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let words =
        |member: String| params.field_of(&params.kind(), &member).map(|field| (member, field.values.clone()));
    let lists = params.texts("members").into_iter().map(words).collect::<Result<_, _>>()?;
    Ok(Box::new(EnumOrder { lists }))
}

impl Behaviour for EnumOrder {
    fn on_read(&self, _: &Context<'_>, verb: Verb, _: &Id, record: &mut Record) -> Result<(), Fault> {
        if !matches!(verb, Verb::Read | Verb::List) {
            return Ok(());
        }
        for (member, words) in &self.lists {
            if let Some(Value::Array(items)) = record.get_mut(member) {
                let place = |item: &str| words.iter().position(|word| word == item);
                items.sort_by_cached_key(|item| item.as_str().map(|item| (place(item), item.to_owned())));
            }
        }
        Ok(())
    }

    fn on_read_members(&self, verb: Verb) -> Option<Vec<&str>> {
        let sorts = matches!(verb, Verb::Read | Verb::List);
        Some(self.lists.iter().filter(|_| sorts).map(|(member, _)| member.as_str()).collect())
    }
}

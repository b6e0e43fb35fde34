//! `policy-set-member`: a rule is of its set's type, and answers to every name of that type.
//!
//! Parameters: `set` (the member that names the set), `kind` (the sets' kind), `type`, `names` and `aliases`
//! (the sets' member that lists its names), `only_access` (a member that rules of type 1 alone show when read) and
//! `empty_when_created` (members that the answer of a create shows as empty objects).

use serde_json::{Value, json};
use zuno_catalogue::{Catalogue, Resource, Verb};
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::{Fault, Id, Record};

/// The guarantee for the rules of one resource.
pub struct PolicySetMember {
    set: String,
    kind: String,
    policy_type: String,
    names: String,
    aliases: String,
    only_access: Option<String>,
    empty_when_created: Vec<String>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>, _: &Resource, _: &Catalogue) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(PolicySetMember {
        set: params.text("set")?,
        kind: params.text("kind")?,
        policy_type: params.text("type")?,
        names: params.text("names")?,
        aliases: params.text("aliases")?,
        only_access: params.maybe_text("only_access"),
        empty_when_created: params.texts("empty_when_created"),
    }))
}

impl Behaviour for PolicySetMember {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        if change.verb == Verb::Delete {
            return Ok(());
        }
        let id = change.new.get(&self.set).and_then(Id::from_value).unwrap_or_else(|| Id(String::new()));
        let set = cx.need(&self.kind, &id)?;
        for (from, to) in [(&self.policy_type, &self.policy_type), (&self.aliases, &self.names)] {
            if let Some(value) = set.record.get(from) {
                change.new.insert(to.clone(), value.clone());
            }
        }
        Ok(())
    }

    fn on_read(&self, _cx: &Context<'_>, verb: Verb, _id: &Id, record: &mut Record) -> Result<(), Fault> {
        if verb == Verb::Create {
            for member in &self.empty_when_created {
                record.entry(member).or_insert_with(|| json!({}));
            }
        } else if let Some(member) = &self.only_access
            && record.get(&self.policy_type).and_then(Value::as_i64) != Some(1)
        {
            record.insert(member.clone(), Value::Null);
        }
        Ok(())
    }
}

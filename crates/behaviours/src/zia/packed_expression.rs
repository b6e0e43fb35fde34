//! `packed-expression`: a group of workloads tells its conditions a second time, packed, with a number for each tag that the
//! tenant has used.
//!
//! Two bytes each (read from what was seen): an opening bracket, how conditions are joined, then for each condition an
//! opening bracket, how its tags are joined, their numbers and a closing bracket, and a closing bracket. The numbers of
//! brackets and of AND were seen, that of OR is guessed. A tag is what carries it, its key and its value. The cloud packs a
//! group some time after it is made (seen); here it is packed when it is read. Parameter: `numbers`, where they are kept.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use zuno_catalogue::handles::zia::workload_group as member;
use zuno_catalogue::{Members, Verb};
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::{Fault, Id, Record};

const OPEN: u16 = 1;
const OR: u16 = 2;
const AND: u16 = 3;
const CLOSE: u16 = 4;

/// The counter of tags, and the first number that it gives out (seen: none below 32; the sample fleet has 38).
const COUNTER: (&str, i64) = ("zia-workload-tag", 39);

/// The guarantee for the kind.
struct PackedExpression {
    numbers: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(PackedExpression { numbers: params.field("numbers")? }))
}

/// The conditions of a group.
fn containers(group: &Record) -> impl Iterator<Item = &Value> {
    group.get(member::EXPRESSION_JSON.name).into_iter().flat_map(|json| json.items("expressionContainers"))
}

/// The tags of one condition, each as what carries it, its key and its value.
fn tags(container: &Value) -> impl Iterator<Item = String> + '_ {
    let carrier = container.text("tagType").unwrap_or_default();
    let held = container.get("tagContainer").into_iter().flat_map(|within| within.items("tags"));
    held.map(move |tag| {
        let part = |name: &str| tag.text(name).unwrap_or_default();
        format!("{carrier} {} {}", part("key"), part("value"))
    })
}

/// How things are joined.
fn joined(operator: Option<&Value>) -> u16 {
    if operator.and_then(Value::as_str) == Some("OR") { OR } else { AND }
}

/// The conditions, packed; nothing while a tag has no number.
fn packed(group: &Record, numbers: &Map<String, Value>) -> Option<String> {
    let mut all = vec![OPEN, joined(containers(group).next()?.get("operator"))];
    for container in containers(group) {
        all.extend([OPEN, joined(container.pointer("/tagContainer/operator"))]);
        for tag in tags(container) {
            all.push(u16::try_from(numbers.get(&tag)?.as_u64()?).ok()?);
        }
        all.push(CLOSE);
    }
    all.push(CLOSE);
    Some(all.into_iter().flat_map(u16::to_be_bytes).map(char::from).collect())
}

impl PackedExpression {
    fn numbers_of<'r>(&self, group: &'r Record) -> Option<&'r Map<String, Value>> {
        group.get(&self.numbers).and_then(Value::as_object)
    }
}

impl Behaviour for PackedExpression {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let wanted: Vec<String> = containers(&change.new).flat_map(tags).collect();
        let mut known: BTreeMap<String, Value> = BTreeMap::new();
        // As many groups as a tenant may have, each with as many tags as a group may have.
        for stored in cx.all(member::KIND, None)? {
            let theirs = self.numbers_of(&stored.record).into_iter().flatten();
            known.extend(theirs.map(|(tag, number)| (tag.clone(), number.clone())));
        }
        let mut numbers = Map::new();
        for tag in wanted {
            let number = match known.get(&tag) {
                Some(number) => number.clone(),
                None => json!(cx.next(COUNTER.0, COUNTER.1)?),
            };
            known.insert(tag.clone(), number.clone());
            numbers.insert(tag, number);
        }
        change.new.insert(self.numbers.clone(), Value::Object(numbers));
        Ok(())
    }

    fn on_read(&self, _: &Context<'_>, _: Verb, _: &Id, group: &mut Record) -> Result<(), Fault> {
        if let Some(packed) = self.numbers_of(group).and_then(|numbers| packed(group, numbers)) {
            group.insert(member::EXPRESSION.into(), Value::String(packed));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};
    use zuno_model::Record;

    use super::packed;

    #[test]
    fn conditions_are_packed_as_was_seen() {
        let condition = |carrier: &str, key: &str, value: &str| {
            json!({ "tagType": carrier, "operator": "AND",
                "tagContainer": { "tags": [{ "key": key, "value": value }], "operator": "AND" } })
        };
        let containers = json!([
            condition("ATTR", "GroupId", "12345"),
            condition("ENI", "GroupName", "test"),
            condition("SUBNET", "GroupName", "test"),
        ]);
        let group = json!({ "expressionJson": { "expressionContainers": containers } });
        let group: Record = serde_json::from_value(group).expect("an object");
        let numbers =
            json!({ "ATTR GroupId 12345": 34, "ENI GroupName test": 32, "SUBNET GroupName test": 33 });
        let numbers: Map<String, Value> = serde_json::from_value(numbers).expect("an object");
        let seen =
            "\0\u{1}\0\u{3}\0\u{1}\0\u{3}\0\"\0\u{4}\0\u{1}\0\u{3}\0 \0\u{4}\0\u{1}\0\u{3}\0!\0\u{4}\0\u{4}";
        assert_eq!(packed(&group, &numbers).as_deref(), Some(seen));
        assert_eq!(packed(&group, &Map::new()), None);
    }
}

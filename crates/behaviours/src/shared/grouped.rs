//! `grouped`: a list answers its records in groups, by a member that they share, or how many each group has.
//!
//! Filters, search and the operation's `where` hold as in any list. Parameters: `by`; `told`, the members that tell a group, of
//! its first record (`by` when not said); `items`, the member that holds its records, and `count`, the one with their number;
//! `mark` (the member that tells whether the group is `marked`, the one that comes first); `flag` of the query, without which
//! the list is none of groups; and `needs`: for an operation, the members that must be asked for in the query, by a word that
//! they know.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value, json};
use zuno_engine::{Behaviour, Call, Context, ListQuery, Outcome, Params};
use zuno_model::{Fault, Fix, Kind};

use crate::part;

/// The guarantee for one resource.
struct Grouped {
    kind: String,
    by: String,
    told: Vec<String>,
    items: Option<String>,
    count: Option<String>,
    mark: Option<(String, String)>,
    flag: Option<String>,
    needs: BTreeMap<String, Vec<String>>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(made(params)?))
}

fn made(params: Params<'_>) -> Result<Grouped, String> {
    let (by, mut told) = (params.field("by")?, params.fields("told")?);
    if told.is_empty() {
        told.push(by.clone());
    }
    let (items, count) = (params.maybe_text("items"), params.maybe_text("count"));
    if items.is_none() && count.is_none() {
        return Err(params.wrong("a group needs its `items` or their `count`"));
    }
    // Half of the pair is asked for by the other.
    let mark = params.maybe_text("mark").map(|mark| Ok::<_, String>((mark, params.text("marked")?)));
    let needs = params.part("needs");
    let needs = needs.names().map(|name| Ok((name.clone(), needs.fields(name)?)));
    Ok(Grouped {
        kind: params.kind(),
        by,
        told,
        items,
        count,
        mark: mark.transpose()?,
        flag: params.maybe_text("flag"),
        needs: needs.collect::<Result<_, String>>()?,
    })
}

impl Grouped {
    /// Whether a group is the marked one.
    fn is_marked(&self, group: &[Value]) -> bool {
        let word = group.first().and_then(|first| first.get(&self.by)).and_then(Value::as_str);
        self.mark.as_ref().is_some_and(|(_, marked)| word == Some(marked))
    }

    /// The records of a list by their group: the marked one first, the others as their first records come.
    fn groups(&self, records: Vec<Value>) -> Vec<Value> {
        let mut groups: Vec<Vec<Value>> = Vec::new();
        let mut places: HashMap<String, usize> = HashMap::new();
        for record in records {
            let word = record.get(&self.by).map(Value::to_string).unwrap_or_default();
            let place = *places.entry(word).or_insert(groups.len());
            match groups.get_mut(place) {
                Some(group) => group.push(record),
                None => groups.push(vec![record]),
            }
        }
        groups.sort_by_key(|group| !self.is_marked(group));
        groups.into_iter().map(|group| self.told(group)).collect()
    }

    fn told(&self, group: Vec<Value>) -> Value {
        let of_first = |name: &String| Some((name.clone(), group.first()?.get(name)?.clone()));
        let mut told: Map<String, Value> = self.told.iter().filter_map(of_first).collect();
        let (marked, count) = (self.is_marked(&group), group.len());
        told.extend(self.items.clone().map(|items| (items, Value::Array(group))));
        told.extend(self.count.clone().map(|name| (name, json!(count))));
        told.extend(self.mark.clone().map(|(mark, _)| (mark, json!(marked))));
        Value::Object(told)
    }
}

impl Behaviour for Grouped {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        if self.flag.as_ref().is_some_and(|flag| !call.flag(flag)) {
            return cx.list_part(&cx.list_query());
        }
        let resource = cx.resource(&self.kind)?;
        for name in self.needs.get(&cx.operation()?.name).into_iter().flatten() {
            let words = resource.field(name).map(|field| field.values.as_slice()).unwrap_or_default();
            if !call.query(name).is_some_and(|word| words.iter().any(|known| known == word)) {
                let fix = Fix::Said(format!("is asked for by one of {}", words.join(", ")));
                return Err(Fault::Invalid { kind: Kind(self.kind.clone()), field: name.clone(), fix });
            }
        }
        match cx.list_part(&ListQuery { skip: 0, take: None, ..cx.list_query() })? {
            Outcome::Many(page) => Ok(part::of(call, self.groups(page.items))),
            other => Ok(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use zuno_catalogue::Catalogue;
    use zuno_engine::{Asked, Params};

    use super::{Grouped, made};

    fn grouped(given: &Value) -> Grouped {
        let catalogue = Catalogue::compiled();
        let resource = catalogue.resource("zia.cloud_application").expect("it is described");
        made(Params::new("grouped", given, resource, &catalogue, &Asked::default())).expect("parameters")
    }

    #[test]
    fn the_marked_group_comes_first_and_the_others_as_they_come() {
        let grouped = grouped(&json!({"by": "parent", "items": "members", "mark": "first", "marked": "M"}));
        let of = |word: &str| json!({ "parent": word });
        let told = json!([
            {"parent": "M", "members": [of("M")], "first": true},
            {"parent": "Z", "members": [of("Z"), of("Z")], "first": false},
            {"parent": "A", "members": [of("A")], "first": false},
        ]);
        assert_eq!(json!(grouped.groups(["Z", "M", "A", "Z"].map(of).to_vec())), told);
    }

    #[test]
    fn groups_tell_of_their_first_records_and_how_many_there_are() {
        let grouped = grouped(&json!({"by": "parent", "told": ["parent", "name"], "count": "count"}));
        let of = |word: &str, name: &str| json!({ "parent": word, "name": name });
        let told =
            json!([{"parent": "B", "name": "x", "count": 2}, {"parent": "A", "name": "y", "count": 1}]);
        assert_eq!(json!(grouped.groups(vec![of("B", "x"), of("A", "y"), of("B", "z")])), told);
    }
}

//! `counts-by`: a list answers, where a flag of the query asks for it, how many of its records share a member.
//!
//! Filters, search and the operation's `where` hold as in the list itself. Parameters: `flag`; `by`, the member; `told`, the
//! members that tell a group, of its first record; `count`, the member with the number.

use std::collections::HashMap;

use serde_json::{Map, Value, json};
use zuno_engine::{Behaviour, Call, Context, ListQuery, Outcome, Params};
use zuno_model::Fault;

/// The guarantee for one resource.
struct CountsBy {
    flag: String,
    by: String,
    told: Vec<String>,
    count: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let (flag, by) = (params.text("flag")?, params.field("by")?);
    Ok(Box::new(CountsBy { flag, by, told: params.fields("told")?, count: params.text("count")? }))
}

impl CountsBy {
    /// The groups of shown records, as their first ones come.
    fn groups(&self, records: &[Value]) -> Vec<Value> {
        let mut groups: Vec<Map<String, Value>> = Vec::new();
        let mut places: HashMap<String, usize> = HashMap::new();
        let mut counts: Vec<u64> = Vec::new();
        for record in records {
            let word = record.get(&self.by).map(Value::to_string).unwrap_or_default();
            let place = *places.entry(word).or_insert_with(|| {
                let told = self.told.iter();
                groups
                    .push(told.filter_map(|name| Some((name.clone(), record.get(name)?.clone()))).collect());
                counts.push(0);
                groups.len() - 1
            });
            counts[place] += 1;
        }
        for (group, count) in groups.iter_mut().zip(counts) {
            group.insert(self.count.clone(), json!(count));
        }
        groups.into_iter().map(Value::Object).collect()
    }
}

impl Behaviour for CountsBy {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let query = cx.list_query();
        if !call.flag(&self.flag) {
            return cx.list_part(&query);
        }
        let whole = ListQuery { skip: 0, take: None, ..query };
        match cx.list_part(&whole)? {
            Outcome::Many(page) => Ok(Outcome::Value(Value::Array(self.groups(&page.items)))),
            other => Ok(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CountsBy;

    #[test]
    fn groups_come_as_their_first_records_do() {
        let by = CountsBy {
            flag: "g".into(),
            by: "parent".into(),
            told: vec!["parent".into()],
            count: "count".into(),
        };
        let records = [json!({ "parent": "B", "x": 1 }), json!({ "parent": "A" }), json!({ "parent": "B" })];
        let told = [json!({ "parent": "B", "count": 2 }), json!({ "parent": "A", "count": 1 })];
        assert_eq!(by.groups(&records), told);
    }
}

//! `follows-from`: a member follows from another one of the record, be it kept or, where it is not yet, told.
//!
//! Parameters: by the member, `of`, that other one; `words`, by what it says, what the member tells, and `otherwise`; or `behind`,
//! a sign behind which the text stands that the member tells, in lower case; and `unless`, members that a record has for
//! which the rule does not hold.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};
use zuno_catalogue::{Access, Verb};
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::{Fault, Id, Record};

/// The guarantee for one resource.
struct FollowsFrom {
    rules: BTreeMap<String, Rule>,
    /// The members that are told: what is never shown follows as it is kept.
    shown: Vec<String>,
}

/// How one member follows.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    of: String,
    #[serde(default)]
    words: Map<String, Value>,
    #[serde(default)]
    otherwise: Option<Value>,
    #[serde(default)]
    behind: Option<String>,
    #[serde(default)]
    unless: Map<String, Value>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let rules: BTreeMap<String, Rule> = params.read()?;
    for (member, rule) in &rules {
        params.known([member, &rule.of].into_iter().chain(rule.unless.keys()))?;
    }
    let resource = params.resource_of(&params.kind())?;
    let is_shown =
        |member: &&String| resource.field(member).is_none_or(|field| field.access != Access::Hidden);
    let shown = rules.keys().filter(is_shown).cloned().collect();
    Ok(Box::new(FollowsFrom { rules, shown }))
}

impl Rule {
    /// What the member tells, where the rule says so.
    fn told(&self, record: &Record) -> Option<Value> {
        if !self.unless.is_empty() && self.unless.iter().all(|(name, held)| record.get(name) == Some(held)) {
            return None;
        }
        let held = match record.get(&self.of) {
            Some(Value::String(text)) => text.clone(),
            other => other.map(Value::to_string).unwrap_or_default(),
        };
        match &self.behind {
            Some(sign) => held.split_once(sign.as_str()).map(|(_, text)| text.to_lowercase().into()),
            None => self.words.get(&held).or(self.otherwise.as_ref()).cloned(),
        }
    }
}

impl Behaviour for FollowsFrom {
    fn before_write(&self, _: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        for (member, rule) in &self.rules {
            let told = rule.told(&change.new);
            change.new.extend(told.map(|value| (member.clone(), value)));
        }
        Ok(())
    }

    fn on_read(&self, _: &Context<'_>, _: Verb, _: &Id, record: &mut Record) -> Result<(), Fault> {
        for member in &self.shown {
            if !record.contains_key(member) {
                let told = self.rules[member].told(record);
                record.extend(told.map(|value| (member.clone(), value)));
            }
        }
        Ok(())
    }

    fn on_read_members(&self, _: Verb) -> Option<Vec<&str>> {
        let all = self.shown.iter().flat_map(|member| {
            let rule = &self.rules[member];
            [member, &rule.of].into_iter().chain(rule.unless.keys()).map(String::as_str)
        });
        Some(all.collect())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Rule;

    fn told(rule: Value, record: Value) -> Option<Value> {
        let rule: Rule = serde_json::from_value(rule).expect("a rule");
        rule.told(&record.as_object().cloned().unwrap_or_default())
    }

    #[test]
    fn words_and_flags_say_what_follows_and_an_address_its_domain() {
        let sort =
            json!({ "of": "sort", "words": { "A": false }, "otherwise": true, "unless": { "own": false } });
        assert_eq!(told(sort.clone(), json!({ "sort": "A" })), Some(json!(false)));
        assert_eq!(told(sort.clone(), json!({ "sort": "B", "own": true })), Some(json!(true)));
        assert_eq!(told(sort, json!({ "sort": "A", "own": false })), None);
        let flag = json!({ "of": "on", "words": { "true": "ON" }, "otherwise": "OFF" });
        assert_eq!(told(flag.clone(), json!({ "on": true })), Some(json!("ON")));
        assert_eq!(told(flag, json!({})), Some(json!("OFF")));
        let domain = json!({ "of": "login", "behind": "@" });
        assert_eq!(told(domain.clone(), json!({ "login": "ada@Acme.example" })), Some(json!("acme.example")));
        assert_eq!(told(domain, json!({ "login": "ada" })), None);
    }
}

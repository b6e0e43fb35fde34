//! `group-summary`: a set of policy groups tells its groups in their order, and how many rules they have.
//!
//! Parameters: `groups`, their member that names the set, and `rules`, theirs that names the group.

use serde_json::{Value, json};
use zuno_catalogue::{Members, Verb};
use zuno_engine::{Behaviour, Context, Params};
use zuno_model::{Fault, Id, Record};

/// The guarantee for one resource.
struct GroupSummary {
    kind: String,
    groups: (String, String),
    rules: (String, String),
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let (groups, rules) = (params.member("groups")?, params.member("rules")?);
    Ok(Box::new(GroupSummary { kind: params.kind(), groups, rules }))
}

impl Behaviour for GroupSummary {
    fn on_read(&self, cx: &Context<'_>, _verb: Verb, id: &Id, record: &mut Record) -> Result<(), Fault> {
        let reached =
            |scope: &str| cx.scope().for_store().is_none_or(|wanted| scope == wanted || scope == "0");
        let (mut summaries, mut custom) = (Vec::new(), Vec::new());
        let (mut total, mut off) = (0, 0);
        for group in cx.pointing(&self.groups.0, &self.groups.1, &self.kind, id)? {
            if !reached(&group.scope) {
                continue;
            }
            let rules = cx.pointing(&self.rules.0, &self.rules.1, &self.groups.0, &group.id)?;
            total += rules.len();
            off += rules.iter().filter(|rule| rule.record.get("disabled") == Some(&json!("1"))).count();
            let member = |name: &str| group.record.get(name).cloned().unwrap_or(Value::Null);
            let kind = group.record.get("type").cloned().unwrap_or(json!("CUSTOM"));
            if kind == "CUSTOM" {
                custom.push(json!(group.id.0));
            }
            let criteria = group.record.get("groupCriteriaRule");
            summaries.push(json!({
                "id": group.id.0,
                "name": member("name"),
                "type": kind,
                "groupOrder": member("groupOrder"),
                "ruleCount": rules.len(),
                "groupCriteriaCount": criteria.map_or(0, |rule| rule.items("conditions").len()),
            }));
        }
        for (name, count) in [
            ("groupCountExcludingGlobal", summaries.len().saturating_sub(1)),
            ("totalPolicyGroups", summaries.len()),
            ("totalRules", total),
            ("enabledRules", total - off),
            ("disabledRules", off),
        ] {
            record.insert(name.to_owned(), json!(count));
        }
        record.insert("customPolicyGroupGids".into(), Value::Array(custom));
        record.insert("policyGroupSummaryList".into(), Value::Array(summaries));
        Ok(())
    }
}

//! `subcloud`: only a sub-cloud's own data centers are excluded from it, and whether one is the last of its country can
//! be asked beforehand.

use serde_json::{Map, Value, json};
use zuno_catalogue::handles::zia::subcloud;
use zuno_catalogue::{Members, Verb};
use zuno_engine::{Behaviour, Call, Change, Context, Outcome, same};
use zuno_model::{Fault, Id, Kind, Record};

/// The guarantee.
#[derive(Default)]
pub struct Subcloud;

fn refusal(member: &str, words: impl Into<String>) -> Fault {
    Fault::said(&Kind(subcloud::KIND.into()), member, words)
}

/// Number, name and country of its data centers.
fn members(record: &Record) -> Vec<(i64, String, String)> {
    let dcs = subcloud::DCS.of(record);
    let member = |dc: &Value| {
        let text = |name: &str| dc.text(name).unwrap_or_default().to_owned();
        Some((dc.number("id")?, text("name"), text("country")))
    };
    dcs.iter().filter_map(member).collect()
}

/// The numbers of the data centers of a sub-cloud that is named, or numbered.
///
/// # Errors
/// The store failed, or there is no such sub-cloud.
pub fn members_of(cx: &Context<'_>, named: &str) -> Result<Vec<i64>, Fault> {
    let is = |record: &Record| record.get(subcloud::NAME.name).is_some_and(|name| same(name, named));
    let mut all = cx.all(subcloud::KIND, None)?.into_iter();
    let found = all.find(|stored| stored.id.as_str() == named || is(&stored.record));
    let words = || refusal(subcloud::NAME.name, format!("There is no sub-cloud {named}."));
    Ok(members(&found.ok_or_else(words)?.record).into_iter().map(|(number, ..)| number).collect())
}

/// An exclusion as it is kept: with what the server knows of it.
fn exclusion(cx: &Context<'_>, sent: &Value, record: &Record) -> Result<Value, Fault> {
    let number = sent.get("datacenter").and_then(|datacenter| datacenter.number("id"));
    let found = members(record).into_iter().find(|(id, ..)| Some(*id) == number);
    let (id, name, country) = found.ok_or_else(|| {
        let number = number.map_or_else(|| "without a number".to_owned(), |number| number.to_string());
        refusal(subcloud::EXCLUSIONS.name, format!("The data center {number} is none of the sub-cloud's."))
    })?;
    let time = |member: &str| sent.number(member);
    let (start, end) = (time("startTime").unwrap_or(cx.now()), time("endTime"));
    let end = end.filter(|end| *end > start);
    let end =
        end.ok_or_else(|| refusal(subcloud::EXCLUSIONS.name, "endTime must be later than startTime"))?;
    let actor = cx.actor();
    Ok(json!({
        "datacenter": {"id": id, "name": name}, "country": country, "disabledByOps": false,
        "createTime": time("createTime").unwrap_or(cx.now()), "startTime": start, "endTime": end,
        "lastModifiedTime": cx.now(), "lastModifiedUser": {"id": actor.number, "name": actor.name},
    }))
}

impl Behaviour for Subcloud {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        if !change.sent.contains_key(subcloud::EXCLUSIONS.name) {
            return Ok(());
        }
        let sent = subcloud::EXCLUSIONS.of(&change.sent);
        let kept = sent.iter().map(|one| exclusion(cx, one, &change.new)).collect::<Result<_, _>>()?;
        change.new.insert(subcloud::EXCLUSIONS.into(), Value::Array(kept));
        Ok(())
    }

    fn on_read(&self, cx: &Context<'_>, _: Verb, _: &Id, record: &mut Record) -> Result<(), Fault> {
        for one in
            record.get_mut(subcloud::EXCLUSIONS.name).and_then(Value::as_array_mut).into_iter().flatten()
        {
            let over = one.number("endTime").is_some_and(|end| end <= cx.now());
            one["expired"] = over.into();
        }
        Ok(())
    }

    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let stored = cx.reached(subcloud::KIND, &Id(call.param("id").unwrap_or_default().to_owned()))?;
        let asked = call.query_all("dcId").flat_map(|text| text.split(','));
        let asked: Vec<i64> = asked.filter_map(|text| text.trim().parse().ok()).collect();
        if asked.is_empty() {
            return Err(refusal("dcId", "Provide at-least one DC id."));
        }
        Ok(Outcome::Value(last_ones(&members(&stored.record), &asked)))
    }
}

/// For each country of the data centers asked for: which of them lie there, and whether no other one does.
fn last_ones(members: &[(i64, String, String)], asked: &[i64]) -> Value {
    let mut countries: Map<String, Value> = Map::new();
    for (id, _, country) in members.iter().filter(|(id, ..)| asked.contains(id)) {
        let others = members.iter().any(|(other, _, there)| there == country && !asked.contains(other));
        let told = countries
            .entry(country.clone())
            .or_insert_with(|| json!({"country": country, "dcIds": [], "lastDCExclusion": !others}));
        if let Some(ids) = told["dcIds"].as_array_mut() {
            ids.push(json!(id));
        }
    }
    Value::Array(countries.into_iter().map(|(_, told)| told).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::last_ones;

    #[test]
    fn the_last_of_a_country_is_told() {
        let member = |id, country: &str| (id, format!("DC{id}"), country.to_owned());
        let members = [member(1, "CANADA"), member(2, "UNITED_STATES"), member(3, "UNITED_STATES")];
        assert_eq!(
            last_ones(&members, &[1, 2, 9]),
            json!([
                {"country": "CANADA", "dcIds": [1], "lastDCExclusion": true},
                {"country": "UNITED_STATES", "dcIds": [2], "lastDCExclusion": false}
            ])
        );
        assert_eq!(last_ones(&members, &[3, 2])[0]["lastDCExclusion"], true);
    }
}

//! `weighted-balance`: a segment spreads its traffic over its server groups by weights, kept beside them.
//!
//! Weights run from 0 to 1000 and are 0 when nobody set one; a passive group waits for others to fail (documented).
//! When no active group with a weight is left, the spreading ends.

use serde_json::{Map, Value, json};
use zuno_catalogue::handles::zpa::{application_segment as segment, server_group};
use zuno_catalogue::{Members, Method, Verb};
use zuno_engine::{Behaviour, Call, Change, Context, Outcome};
use zuno_model::{Fault, Fix, Id, Kind, Record};

/// The member of the operations' bodies that lists the groups with their weights.
const MAPPINGS: &str = "applicationToServerGroupMappings";

/// The guarantee for one resource.
#[derive(Default)]
pub struct WeightedBalance;

fn whole(value: Option<&Value>) -> Option<i64> {
    value.and_then(|value| value.as_i64().or_else(|| value.as_str()?.trim().parse().ok()))
}

impl WeightedBalance {
    fn wrong(&self, fix: Fix) -> Fault {
        Fault::Invalid { kind: Kind(segment::KIND.into()), field: MAPPINGS.into(), fix }
    }

    fn ids(&self, record: &Record) -> Vec<Id> {
        segment::SERVER_GROUPS.of(record).map(Id::from).collect()
    }

    /// The weight of a group, and whether it waits.
    fn weight(&self, record: &Record, group: &Id) -> (i64, bool) {
        let kept =
            record.get(segment::SERVER_GROUP_WEIGHTS.name).and_then(|weights| weights.get(group.as_str()));
        let passive = kept.is_some_and(|kept| kept.flag("passive"));
        (whole(kept.and_then(|kept| kept.get("weight"))).unwrap_or(0), passive)
    }

    fn told(&self, cx: &Context<'_>, id: &Id, record: &Record) -> Result<Value, Fault> {
        let mut mappings = Vec::new();
        for group in self.ids(record) {
            let (weight, passive) = self.weight(record, &group);
            let named =
                cx.get(server_group::KIND, &group)?.and_then(|stored| stored.record.get("name").cloned());
            mappings.push(
                json!({ "id": group.0, "weight": weight.to_string(), "passive": passive, "name": named }),
            );
        }
        let on = record.get(segment::WEIGHTED_LOAD_BALANCING.name).cloned().unwrap_or(json!(false));
        Ok(json!({ "applicationId": id.0, "weightedLoadBalancing": on, MAPPINGS: mappings }))
    }

    fn set(&self, record: &mut Record, body: &Value) -> Result<(), Fault> {
        let groups = self.ids(record);
        let mut weights = Map::new();
        for mapping in body.items(MAPPINGS).iter() {
            let id = mapping.get("id").and_then(Id::from_value).filter(|id| groups.contains(id));
            let id = id.ok_or_else(|| self.wrong(Fix::Unresolved(Kind(server_group::KIND.into()))))?;
            let weight = match mapping.get("weight") {
                None | Some(Value::Null) => 0,
                given => whole(given).unwrap_or(-1),
            };
            if !(0..=1000).contains(&weight) {
                return Err(self.wrong(Fix::Range { min: Some(0), max: Some(1000) }));
            }
            let passive = mapping.flag("passive");
            weights.insert(id.0, json!({ "weight": weight, "passive": passive }));
        }
        record.insert(segment::SERVER_GROUP_WEIGHTS.into(), Value::Object(weights));
        if let Some(on) = body.get("weightedLoadBalancing").and_then(Value::as_bool) {
            record.insert(segment::WEIGHTED_LOAD_BALANCING.into(), json!(on));
        }
        Ok(())
    }
}

impl Behaviour for WeightedBalance {
    fn before_write(&self, _cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        if change.verb != Verb::Update
            || change.new.get(segment::WEIGHTED_LOAD_BALANCING.name) != Some(&json!(true))
        {
            return Ok(());
        }
        let active = |group: &Id| matches!(self.weight(&change.new, group), (1.., false));
        if !self.ids(&change.new).iter().any(active) {
            change.new.insert(segment::WEIGHTED_LOAD_BALANCING.into(), json!(false));
        }
        Ok(())
    }

    fn on_read(&self, cx: &Context<'_>, verb: Verb, _id: &Id, record: &mut Record) -> Result<(), Fault> {
        let weights = record.get(segment::SERVER_GROUP_WEIGHTS.name).and_then(Value::as_object);
        let any = weights.is_some_and(|weights| !weights.is_empty());
        if verb != Verb::Read || !any {
            return Ok(());
        }
        let resource = cx.resource(server_group::KIND)?;
        let mut shown = Vec::new();
        for group in self.ids(record) {
            let Some(mut stored) = cx.get(server_group::KIND, &group)? else { continue };
            let (weight, passive) = self.weight(record, &group);
            stored.record.insert("weight".into(), json!(weight));
            stored.record.insert("passive".into(), json!(passive));
            shown.push(cx.show(resource, verb, Some("in_segment"), stored)?);
        }
        record.insert(segment::SERVER_GROUPS.into(), Value::Array(shown));
        Ok(())
    }

    fn on_read_members(&self, verb: Verb) -> Option<Vec<&str>> {
        (verb != Verb::Read).then(Vec::new)
    }

    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let mut segment = cx.named(segment::KIND)?;
        if cx.operation()?.method == Method::Get {
            return Ok(Outcome::Value(self.told(cx, &segment.id, &segment.record)?));
        }
        self.set(&mut segment.record, call.body.as_ref().unwrap_or(&Value::Null))?;
        segment.record.insert("modifiedTime".into(), json!(cx.now()));
        cx.save(segment::KIND, &segment)?;
        Ok(Outcome::Done)
    }
}

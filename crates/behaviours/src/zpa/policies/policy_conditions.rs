//! `policy-conditions`: a rule's conditions are kept one operand a value, each with its own id, and name what exists.
//!
//! Callers send operands in two forms: one value each, or lists of values; the second is spread into the first when
//! it is kept and never comes back (seen). Every write makes new conditions and operands, whose ids come from one
//! counter of their own (seen). Which action and which operands a policy type knows, and what an operand's two
//! sides name, is data: parameters `types` and `operands`, or `like`, another kind whose parameters hold here too.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::{Map, Value, json};
use zuno_catalogue::{Members, Verb};
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::{Fault, Fix, Id, Kind, Record};
use zuno_store::Pointer;

/// The first id of the counter that conditions and operands share (seen).
const FIRST_ID: i64 = 46_277_375;

/// The guarantee for the rules of one resource.
pub struct PolicyConditions {
    kind: Kind,
    conditions: String,
    policy_type: String,
    action: String,
    types: HashMap<i64, PolicyType>,
    operands: BTreeMap<String, Sides>,
    spellings: HashMap<String, String>,
}

/// What rules of one type may say.
struct PolicyType {
    actions: Vec<String>,
    operands: Vec<String>,
}

/// What the two sides of an operand name.
#[derive(Default)]
struct Sides {
    lhs: Option<Side>,
    rhs: Option<Side>,
    /// What is named may go while the operand stays (seen for mirrored groups).
    dangling: bool,
    /// The left side is one of these words.
    words: Vec<String>,
}

/// The kind that one side names, by id or by another member.
struct Side {
    kind: String,
    by: Option<String>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    if let Some(kind) = params.maybe_text("like") {
        return make(params.as_of(&kind)?);
    }
    let mut types = HashMap::new();
    for part in params.parts("types") {
        let number = part.number("number").ok_or("each of `types` needs `number`")?;
        types.insert(number, PolicyType { actions: part.texts("actions"), operands: part.texts("operands") });
    }
    let mut operands = BTreeMap::new();
    for (word, given) in params.part("operands").each() {
        let part = params.within(given);
        // Kinds that are not described yet cannot be checked.
        let side = |name: &str, by: Option<String>| {
            part.maybe_text(name)
                .filter(|kind| params.catalogue.resource(kind).is_some())
                .map(|kind| Side { kind, by })
        };
        let sides = Sides {
            lhs: side("lhs", part.maybe_text("by")),
            rhs: side("rhs", None),
            dangling: part.flag("dangling"),
            words: part.texts("words"),
        };
        operands.insert(word.clone(), sides);
    }
    let spellings = params.part("spellings").each();
    let spellings = spellings.filter_map(|(from, to)| Some((from.clone(), to.as_str()?.to_owned())));
    Ok(Box::new(PolicyConditions {
        kind: Kind(params.kind()),
        conditions: params.text("conditions")?,
        policy_type: params.text("type")?,
        action: params.text("action")?,
        types,
        operands,
        spellings: spellings.collect(),
    }))
}

/// One operand as it is kept.
struct Operand {
    object_type: String,
    lhs: String,
    rhs: String,
}

impl PolicyConditions {
    fn wrong(&self, fix: Fix) -> Fault {
        Fault::Invalid { kind: self.kind.clone(), field: self.conditions.clone(), fix }
    }

    fn said(&self, words: impl Into<String>) -> Fault {
        self.wrong(Fix::Said(words.into()))
    }

    fn action(&self, change: &mut Change, rules: &PolicyType) -> Result<(), Fault> {
        let Some(word) = change.new.text(&self.action) else { return Ok(()) };
        let word = self.spellings.get(word).map_or(word, String::as_str).to_owned();
        if !rules.actions.contains(&word) {
            let known = self.types.values().any(|other| other.actions.contains(&word));
            let fix = match known {
                true => Fix::Said(format!("`{word}` is no action of this policy type")),
                false => Fix::Enum(rules.actions.clone()),
            };
            return Err(Fault::Invalid { kind: self.kind.clone(), field: self.action.clone(), fix });
        }
        change.new.insert(self.action.clone(), Value::String(word));
        Ok(())
    }

    /// The operands of one condition, a value each.
    fn spread(&self, given: &Map<String, Value>, rules: &PolicyType) -> Result<Vec<Operand>, Fault> {
        let mut spread = Vec::new();
        for operand in given.items("operands").iter() {
            let text = |name: &str| operand.text(name);
            let Some(word) = text("objectType") else { return Err(self.said("an operand needs objectType")) };
            let object_type = self.spellings.get(word).map_or(word, String::as_str).to_owned();
            if !self.operands.contains_key(&object_type) {
                return Err(self.wrong(Fix::Enum(self.operands.keys().cloned().collect())));
            }
            if !rules.operands.contains(&object_type) {
                return Err(self.said(format!("`{object_type}` is no operand of this policy type")));
            }
            let values = operand.get("values").and_then(Value::as_array);
            let entries = operand.get("entryValues").and_then(Value::as_array);
            let mut pairs: Vec<(Option<&str>, Option<&str>)> = Vec::new();
            pairs.extend(values.into_iter().flatten().map(|value| (None, value.as_str())));
            pairs.extend(entries.into_iter().flatten().map(|entry| {
                let side = |name: &str| entry.text(name);
                (side("lhs"), side("rhs"))
            }));
            if values.is_none() && entries.is_none() {
                pairs.push((text("lhs"), text("rhs")));
            }
            for (lhs, rhs) in pairs {
                let Some(rhs) = rhs.filter(|rhs| !rhs.is_empty()) else {
                    return Err(self.said("an operand needs rhs"));
                };
                let lhs = lhs.filter(|lhs| !lhs.is_empty()).unwrap_or("id").to_owned();
                spread.push(Operand { object_type: object_type.clone(), lhs, rhs: rhs.to_owned() });
            }
        }
        Ok(spread)
    }

    /// What both sides name exists, unless the operand stood there before.
    fn check(
        &self,
        cx: &Context<'_>,
        operand: &Operand,
        known: &HashSet<(String, String, String)>,
    ) -> Result<(), Fault> {
        let sides = (operand.object_type.clone(), operand.lhs.clone(), operand.rhs.clone());
        let held = known.contains(&sides);
        let Some(sides) = self.operands.get(&operand.object_type).filter(|_| !held) else { return Ok(()) };
        if !sides.words.is_empty() && !sides.words.contains(&operand.lhs) {
            return Err(self.said(format!("`{}` is no {} value", operand.lhs, operand.object_type)));
        }
        for (side, value) in [(&sides.lhs, &operand.lhs), (&sides.rhs, &operand.rhs)] {
            let Some(side) = side else { continue };
            if self.named(cx, side, value)?.is_none() {
                return Err(self.wrong(Fix::Unresolved(Kind(side.kind.clone()))));
            }
        }
        Ok(())
    }

    fn named(&self, cx: &Context<'_>, side: &Side, value: &str) -> Result<Option<Record>, Fault> {
        let Some(by) = &side.by else {
            return Ok(cx.get(&side.kind, &Id(value.to_owned()))?.map(|stored| stored.record));
        };
        let all = cx.all(&side.kind, None)?;
        let has = |record: &Record| record.text(by) == Some(value);
        Ok(all.into_iter().map(|stored| stored.record).find(has))
    }

    /// The pointers that a kept operand holds.
    fn targets<'o>(&'o self, operand: &'o Value) -> impl Iterator<Item = (&'o str, &'o str)> {
        let word = operand.text("objectType").unwrap_or_default();
        let sides = self.operands.get(word).filter(|sides| !sides.dangling);
        let pairs = sides.map(|sides| [(sides.lhs.as_ref(), "lhs"), (sides.rhs.as_ref(), "rhs")]);
        pairs.into_iter().flatten().filter_map(move |(side, name)| {
            let side = side.filter(|side| side.by.is_none())?;
            Some((side.kind.as_str(), operand.text(name)?))
        })
    }

    /// What an operand shows beside its two sides: in the answer of a create the name of the identity provider, when
    /// read that provider's id and name (seen), for all others the name of what it names (seen for client types).
    fn decorate(&self, cx: &Context<'_>, verb: Verb, operand: &mut Map<String, Value>) -> Result<(), Fault> {
        let text = |name: &str| operand.text(name).map(str::to_owned);
        let (Some(word), Some(lhs), Some(rhs)) = (text("objectType"), text("lhs"), text("rhs")) else {
            return Ok(());
        };
        let Some(sides) = self.operands.get(&word) else { return Ok(()) };
        let created = verb == Verb::Create;
        let name_of = |record: &Record| record.get("name").cloned().unwrap_or(Value::Null);
        if let Some(side) = &sides.lhs {
            let Some(record) = self.named(cx, side, &lhs)? else { return Ok(()) };
            if sides.rhs.is_some() {
                if created {
                    operand.insert("name".into(), name_of(&record));
                } else {
                    operand.insert("idpId".into(), Value::String(lhs));
                    operand.insert("idpName".into(), name_of(&record));
                }
                return Ok(());
            }
            operand.insert("name".into(), name_of(&record));
            if let Some(idp) = record.get("idpId").and_then(Id::from_value)
                && !created
                && let Some(owner) = cx.get("zpa.idp", &idp)?
            {
                operand.insert("idpId".into(), Value::String(idp.0));
                operand.insert("idpName".into(), name_of(&owner.record));
            }
        } else if let Some(side) = &sides.rhs {
            if let Some(record) = self.named(cx, side, &rhs)? {
                operand.insert("name".into(), name_of(&record));
            }
        } else if !created && lhs == "id" {
            operand.insert("name".into(), Value::String(rhs));
        }
        Ok(())
    }
}

impl Behaviour for PolicyConditions {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let number = change.new.number(&self.policy_type).unwrap_or_default();
        let Some(rules) = self.types.get(&number) else { return Ok(()) };
        self.action(change, rules)?;
        let known: HashSet<(String, String, String)> = change
            .old
            .iter()
            .flat_map(|old| operands(old, &self.conditions))
            .map(|operand| {
                let text = |name: &str| operand.text(name).unwrap_or_default().to_owned();
                (text("objectType"), text("lhs"), text("rhs"))
            })
            .collect();
        let Some(Value::Array(given)) = change.new.shift_remove(&self.conditions) else { return Ok(()) };
        let (now, actor) = (cx.now(), cx.actor().number.to_string());
        let stamps = |id: i64| {
            let stamps = json!({
                "id": id.to_string(), "modifiedTime": now, "creationTime": now, "modifiedBy": actor,
            });
            match stamps {
                Value::Object(stamps) => stamps,
                _ => Map::new(),
            }
        };
        let mut kept = Vec::with_capacity(given.len());
        for condition in given.iter().filter_map(Value::as_object) {
            let spread = self.spread(condition, rules)?;
            let id = cx.next("condition", FIRST_ID)?;
            let mut made = stamps(id);
            for (name, default) in [("operator", json!("OR")), ("negated", json!(false))] {
                made.insert(name.into(), condition.get(name).cloned().unwrap_or(default));
            }
            let mut members = Vec::with_capacity(spread.len());
            for operand in spread {
                self.check(cx, &operand, &known)?;
                let mut member = stamps(cx.next("condition", FIRST_ID)?);
                member.insert("objectType".into(), operand.object_type.into());
                member.insert("lhs".into(), operand.lhs.into());
                member.insert("rhs".into(), operand.rhs.into());
                member.insert("conditionId".into(), id.to_string().into());
                members.push(Value::Object(member));
            }
            made.insert("operands".into(), Value::Array(members));
            made.insert("ruleGid".into(), change.id.0.clone().into());
            kept.push(Value::Object(made));
        }
        change.new.insert(self.conditions.clone(), Value::Array(kept));
        Ok(())
    }

    fn on_read(&self, cx: &Context<'_>, verb: Verb, _id: &Id, record: &mut Record) -> Result<(), Fault> {
        let conditions = record.get_mut(&self.conditions).and_then(Value::as_array_mut);
        for condition in conditions.into_iter().flatten() {
            let operands = condition.get_mut("operands").and_then(Value::as_array_mut);
            for operand in operands.into_iter().flatten().filter_map(Value::as_object_mut) {
                self.decorate(cx, verb, operand)?;
            }
        }
        Ok(())
    }

    fn on_read_members(&self, _: Verb) -> Option<Vec<&str>> {
        Some(vec![&self.conditions])
    }

    fn pointers(&self, record: &Record, found: &mut Vec<Pointer>) {
        for operand in operands(record, &self.conditions) {
            for (kind, id) in self.targets(operand) {
                let (field, kind, id) = (self.conditions.clone(), kind.to_owned(), Id(id.to_owned()));
                found.push(Pointer { field, kind, id });
            }
        }
    }

    fn detach(&self, record: &mut Record, kind: &str, id: &Id) {
        let conditions = record.get_mut(&self.conditions).and_then(Value::as_array_mut);
        for condition in conditions.into_iter().flatten() {
            if let Some(operands) = condition.get_mut("operands").and_then(Value::as_array_mut) {
                operands.retain(|operand| !self.targets(operand).any(|found| found == (kind, id.as_str())));
            }
        }
    }
}

/// Every operand of a record's conditions.
fn operands<'r>(record: &'r Record, conditions: &str) -> impl Iterator<Item = &'r Value> {
    let conditions = record.items(conditions).iter();
    conditions.filter_map(|condition| condition.get("operands")).filter_map(Value::as_array).flatten()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use zuno_catalogue::Catalogue;
    use zuno_engine::{Asked, Behaviour, Params};
    use zuno_model::{Id, Record};

    fn bound() -> Box<dyn Behaviour> {
        let catalogue = Catalogue::compiled();
        let resource = catalogue.resource("zpa.policy_rule").expect("described");
        let given = &resource.behaviours["policy-conditions"].0;
        super::make(Params::new("policy-conditions", given, resource, &catalogue, &Asked::default()))
            .expect("bound")
    }

    fn rule() -> Record {
        let operand = |word: &str, lhs: &str, rhs: &str| json!({"objectType": word, "lhs": lhs, "rhs": rhs});
        let operands =
            [operand("APP", "id", "5"), operand("APP_GROUP", "id", "5"), operand("SCIM_GROUP", "8", "9")];
        match json!({"conditions": [{"operator": "OR", "operands": operands}]}) {
            Value::Object(record) => record,
            _ => Record::new(),
        }
    }

    #[test]
    fn a_mirrored_group_may_go_while_an_application_may_not() {
        let mut found = Vec::new();
        bound().pointers(&rule(), &mut found);
        let found: Vec<(&str, &str)> =
            found.iter().map(|pointer| (pointer.kind.as_str(), pointer.id.as_str())).collect();
        assert_eq!(found, [("zpa.application_segment", "5"), ("zpa.segment_group", "5")]);
    }

    #[test]
    fn detaching_takes_the_operand_of_that_kind_alone() {
        let mut record = rule();
        bound().detach(&mut record, "zpa.application_segment", &Id("5".into()));
        let left: Vec<&Value> =
            super::operands(&record, "conditions").map(|operand| &operand["objectType"]).collect();
        assert_eq!(left, [&json!("APP_GROUP"), &json!("SCIM_GROUP")]);
    }
}

//! `datacenter-exclusion`: a data center in service is excluded once at a time, and for 14 days at most.
//!
//! IPsec tunnels alone follow an exclusion (client: python), so virtual addresses for GRE stay recommended.

use serde_json::{Value, json};
use zuno_catalogue::Verb;
use zuno_catalogue::handles::zia::dc_exclusion;
use zuno_engine::{Behaviour, Call, Change, Context, Outcome, Params};
use zuno_model::{Fault, Id, Kind, Record, Time};

use super::duplicate::duplicate;
use super::sites::centres;

/// The longest exclusion, in seconds (documented).
const LONGEST: Time = 14 * 86_400;

/// The guarantee.
struct DatacenterExclusion;

/// Makes it.
pub fn make(_: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(DatacenterExclusion))
}

fn refusal(member: &str, words: impl Into<String>) -> Fault {
    Fault::said(&Kind(dc_exclusion::KIND.into()), member, words)
}

fn at(record: &Record, member: &str) -> Time {
    record.get(member).and_then(Value::as_i64).unwrap_or_default()
}

/// The name of a data center in service; another one cannot be excluded (seen: the first of all data centers, which
/// listens nowhere, was refused, though not in which words).
fn name(cx: &Context<'_>, number: i64) -> Result<String, Fault> {
    let found = centres(cx)?.into_iter().find(|centre| centre.id == number);
    let words = || refusal(dc_exclusion::DCID, format!("The data center {number} is not in service."));
    Ok(found.ok_or_else(words)?.name)
}

impl Behaviour for DatacenterExclusion {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        if change.verb == Verb::Delete {
            return Ok(());
        }
        let number = at(&change.new, dc_exclusion::DCID);
        let name = name(cx, number)?;
        if change.verb == Verb::Create {
            change.id = Id(number.to_string());
            if cx.get(dc_exclusion::KIND, &change.id)?.is_some() {
                return Err(duplicate(format!("The data center {name} is excluded already."), &name));
            }
        }
        let (start, end) =
            (at(&change.new, dc_exclusion::START_TIME), at(&change.new, dc_exclusion::END_TIME));
        if end - start > LONGEST {
            return Err(refusal(dc_exclusion::END_TIME, "A data center can be excluded for 14 days at most"));
        }
        change.new.insert(dc_exclusion::DC_NAME.into(), json!({"id": number, "name": name}));
        Ok(())
    }

    fn on_read(&self, cx: &Context<'_>, _: Verb, _: &Id, record: &mut Record) -> Result<(), Fault> {
        let over = at(record, dc_exclusion::END_TIME) <= cx.now();
        record.insert(dc_exclusion::EXPIRED.into(), over.into());
        Ok(())
    }

    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let listed = call.body.as_ref().and_then(Value::as_array);
        let listed = listed.ok_or_else(|| Fault::Unreadable("an array of exclusions is wanted".into()))?;
        let resource = cx.resource(dc_exclusion::KIND)?;
        let mut shown = Vec::new();
        for item in listed {
            let number = item.get(dc_exclusion::DCID).and_then(Id::from_value);
            let id = number.ok_or_else(|| refusal(dc_exclusion::DCID, "dcid is missing"))?;
            cx.reached(dc_exclusion::KIND, &id)?;
            cx.update(dc_exclusion::KIND, &id, item)?;
            let stored = cx.need(dc_exclusion::KIND, &id)?;
            shown.push(cx.show(resource, Verb::Update, None, stored)?);
        }
        Ok(Outcome::Value(Value::Array(shown)))
    }
}

//! `datacenter-exclusion`: a data center in service is excluded once at a time, and for 14 days at most.
//!
//! IPsec tunnels alone follow an exclusion (client: python), so virtual addresses for GRE stay recommended.

use serde_json::{Value, json};
use zuno_catalogue::Verb;
use zuno_catalogue::handles::zia::dc_exclusion;
use zuno_engine::{Behaviour, Call, Change, Context, Outcome};
use zuno_model::{Fault, Fix, Id, Kind, Record, Time};

use super::duplicate::duplicate;
use super::sites::centres;

/// The longest exclusion, in seconds (documented).
const LONGEST: Time = 14 * 86_400;

/// The guarantee.
#[derive(Default)]
pub struct DatacenterExclusion;

fn refusal(member: &str, words: impl Into<String>) -> Fault {
    Fault::said(&Kind(dc_exclusion::KIND.into()), member, words)
}

/// The name of a data center in service; another one cannot be excluded (seen: the first of all data centers, which
/// listens nowhere, was refused, though not in which words).
fn name(cx: &Context<'_>, number: i64) -> Result<String, Fault> {
    let found = centres(cx)?.into_iter().find(|centre| centre.id == number);
    let words = || refusal(dc_exclusion::DCID.name, format!("The data center {number} is not in service."));
    Ok(found.ok_or_else(words)?.name)
}

impl Behaviour for DatacenterExclusion {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let number = dc_exclusion::DCID.of(&change.new).unwrap_or_default();
        let name = name(cx, number)?;
        if change.verb == Verb::Create {
            change.id = Id(number.to_string());
            if cx.get(dc_exclusion::KIND, &change.id)?.is_some() {
                return Err(duplicate(format!("The data center {name} is excluded already."), &name));
            }
        }
        let (start, end) = (
            dc_exclusion::START_TIME.of(&change.new).unwrap_or_default(),
            dc_exclusion::END_TIME.of(&change.new).unwrap_or_default(),
        );
        // The cloud keeps them as 32 bits: milliseconds cannot be bound (seen).
        for (member, time) in [(dc_exclusion::START_TIME.name, start), (dc_exclusion::END_TIME.name, end)] {
            if i32::try_from(time).is_err() {
                let (kind, fix) = (dc_exclusion::KIND.into(), Fix::Type("seconds since 1970"));
                return Err(Fault::Invalid { kind, field: member.to_owned(), fix });
            }
        }
        if end - start > LONGEST {
            return Err(refusal(
                dc_exclusion::END_TIME.name,
                "A data center can be excluded for 14 days at most",
            ));
        }
        change.new.insert(dc_exclusion::DC_NAME.into(), json!({"id": number, "name": name}));
        Ok(())
    }

    fn on_read(&self, cx: &Context<'_>, _: Verb, _: &Id, record: &mut Record) -> Result<(), Fault> {
        let over = dc_exclusion::END_TIME.of(record).unwrap_or_default() <= cx.now();
        record.insert(dc_exclusion::EXPIRED.into(), over.into());
        Ok(())
    }

    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let listed = call.body.as_ref().and_then(Value::as_array);
        let listed = listed.ok_or_else(|| Fault::Unreadable("an array of exclusions is wanted".into()))?;
        let resource = cx.resource(dc_exclusion::KIND)?;
        let mut shown = Vec::new();
        for item in listed {
            let number = dc_exclusion::DCID.id_of(item);
            let id = number.ok_or_else(|| refusal(dc_exclusion::DCID.name, "dcid is missing"))?;
            cx.reached(dc_exclusion::KIND, &id)?;
            cx.update(dc_exclusion::KIND, &id, item)?;
            let stored = cx.need(dc_exclusion::KIND, &id)?;
            shown.push(cx.show(resource, Verb::Update, None, stored)?);
        }
        Ok(Outcome::Value(Value::Array(shown)))
    }
}

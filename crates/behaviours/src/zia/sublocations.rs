//! `sublocations`: parts belong to one location, and what no part catches belongs to `other`.
//!
//! `other` is made with the first part and goes with the last; rules that named the location name `other` while it
//! is there (documented; that they name the location again afterwards is guessed). A location takes its parts with
//! it. Parameter: `ipv6`, the singleton that says whether a second one, `other6`, is made.

use serde_json::{Value, json};
use zuno_catalogue::handles::zia::location as member;
use zuno_catalogue::{Members, Verb};
use zuno_engine::{Behaviour, Call, Change, Context, Outcome, Params, Stored};
use zuno_model::{Fault, Id, Kind, Record};

/// What a part has from its location and cannot change (documented), or cannot have.
const NOT_ITS_OWN: &[&str] = &[member::VPN_CREDENTIALS.name, member::PORTS.name];
/// What `other` does not take over from its location.
const NOT_TAKEN: &[&str] =
    &[member::IP_ADDRESSES.name, member::VPN_CREDENTIALS.name, member::PORTS.name, member::DESCRIPTION.name];

/// The guarantee for the kind.
struct Sublocations {
    ipv6: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(Sublocations { ipv6: params.other("ipv6")? }))
}

fn parent_of(location: &Record) -> Option<Id> {
    member::PARENT_ID.id_of(location).filter(|parent| parent.as_str() != "0")
}

fn is_on(location: &Record, name: &str) -> bool {
    location.flag(name)
}

fn catches_the_rest(location: &Record) -> bool {
    member::OTHER_SUB_LOCATION.of(location) || member::OTHER6_SUB_LOCATION.of(location)
}

fn parts(cx: &Context<'_>, parent: &Id) -> Result<Vec<Stored>, Fault> {
    cx.pointing(member::KIND, member::PARENT_ID.name, member::KIND, parent)
}

fn refused(field: &str, words: &str) -> Fault {
    Fault::said(&member::KIND.into(), field, words)
}

/// Every rule that names one location names another instead.
fn rename(cx: &mut Context<'_>, from: &Id, to: &Id) -> Result<(), Fault> {
    let catalogue = cx.catalogue();
    let rules =
        catalogue.pointing_at(member::KIND).filter(|(rule, _)| rule.behaviours.contains_key("rule-order"));
    for (rule, field) in rules {
        for mut stored in cx.pointing(&rule.kind, field, member::KIND, from)? {
            if let Some(Value::Array(named)) = stored.record.get_mut(field) {
                for id in named.iter_mut().filter(|id| id.as_str() == Some(from.as_str())) {
                    *id = Value::String(to.0.clone());
                }
            }
            cx.save(&rule.kind, &stored)?;
        }
    }
    Ok(())
}

impl Sublocations {
    /// A part that catches what the others do not, like its location in all but what it is reached by.
    fn make_other(&self, cx: &mut Context<'_>, parent: &Stored, flag: &str, name: &str) -> Result<Id, Fault> {
        let id = Id::from(cx.next("zia-location", 158_933_285)?);
        let mut record = parent.record.clone();
        for taken in NOT_TAKEN {
            record.shift_remove(*taken);
        }
        record.insert(member::ID.into(), json!(id.as_str()));
        record.insert(member::NAME.into(), json!(name));
        record.insert(member::PARENT_ID.into(), json!(parent.id.as_str()));
        record.insert(flag.into(), json!(true));
        for made_elsewhere in [member::EC_LOCATION, member::BC_LOCATION, member::CC_LOCATION] {
            record.shift_remove(made_elsewhere.name);
        }
        let other = Stored { id: id.clone(), scope: parent.scope.clone(), sort: String::new(), record };
        cx.save(member::KIND, &other)?;
        Ok(id)
    }

    fn first_part(&self, cx: &mut Context<'_>, parent: &Id) -> Result<(), Fault> {
        let parent = cx.need(member::KIND, parent)?;
        let other = self.make_other(cx, &parent, member::OTHER_SUB_LOCATION.name, "other")?;
        if is_on(&cx.only(&self.ipv6)?.record, "ipV6Enabled") {
            self.make_other(cx, &parent, member::OTHER6_SUB_LOCATION.name, "other6")?;
        }
        rename(cx, &parent.id, &other)
    }

    /// A location is about to go, and its parts with it, unless something names one of them.
    fn remove_parts(&self, cx: &mut Context<'_>, parent: &Id) -> Result<(), Fault> {
        for part in parts(cx, parent)? {
            if catches_the_rest(&part.record) {
                // What was said of the location was said of this part while it stood.
                rename(cx, &part.id, parent)?;
            } else if let by @ [_, ..] = &cx.referrers(member::KIND, &part.id)?[..] {
                let by = by.to_vec();
                return Err(Fault::InUse { kind: Kind(member::KIND.into()), id: parent.clone(), by });
            }
            cx.remove(member::KIND, &part.id)?;
        }
        Ok(())
    }
}

impl Behaviour for Sublocations {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let Some(parent) = parent_of(&change.new) else { return Ok(()) };
        let Some(parent) = cx.get(member::KIND, &parent)? else { return Ok(()) };
        if parent_of(&parent.record).is_some() || member::PSEUDO.of(&parent.record) {
            return Err(refused(member::PARENT_ID.name, "A sublocation cannot have sublocations of its own"));
        }
        for name in NOT_ITS_OWN {
            change.new.shift_remove(*name);
        }
        if let Some(held) = parent.record.get(member::XFF_FORWARD_ENABLED.name) {
            change.new.insert(member::XFF_FORWARD_ENABLED.into(), held.clone());
        }
        Ok(())
    }

    fn after_write(&self, cx: &mut Context<'_>, change: &Change) -> Result<(), Fault> {
        let Some(parent) = parent_of(&change.new) else { return Ok(()) };
        let is_first = change.verb == Verb::Create
            && !parts(cx, &parent)?.iter().any(|part| catches_the_rest(&part.record));
        if is_first { self.first_part(cx, &parent) } else { Ok(()) }
    }

    fn before_delete(&self, cx: &mut Context<'_>, stored: &Stored) -> Result<(), Fault> {
        match parent_of(&stored.record) {
            None => self.remove_parts(cx, &stored.id),
            Some(_) if catches_the_rest(&stored.record) => {
                Err(Fault::Predefined { kind: member::KIND.into(), id: stored.id.clone(), verb: "deleted" })
            }
            Some(_) => Ok(()),
        }
    }

    fn after_delete(&self, cx: &mut Context<'_>, stored: &Stored) -> Result<(), Fault> {
        let Some(parent) = parent_of(&stored.record) else { return Ok(()) };
        let rest = parts(cx, &parent)?;
        if rest.iter().all(|part| catches_the_rest(&part.record)) {
            for other in rest {
                rename(cx, &other.id, &parent)?;
                cx.remove(member::KIND, &other.id)?;
            }
        }
        Ok(())
    }

    fn on_read(&self, cx: &Context<'_>, _: Verb, id: &Id, record: &mut Record) -> Result<(), Fault> {
        let count = if parent_of(record).is_some() { 0 } else { parts(cx, id)?.len() };
        record.insert(member::CHILD_COUNT.into(), Value::from(count));
        Ok(())
    }

    fn on_read_members(&self, _: Verb) -> Option<Vec<&str>> {
        Some(vec![member::PARENT_ID.name, member::CHILD_COUNT.name])
    }

    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let parent = Id(call.param("locationId").unwrap_or_default().to_owned());
        let rows = parts(cx, &parent)?;
        cx.list(cx.resource(member::KIND)?, None, rows)
    }

    fn chooses(&self, cx: &Context<'_>) -> bool {
        cx.view().is_some() || cx.query("bwEnforced").is_some()
    }

    fn accepts(&self, cx: &Context<'_>, _: &Id, record: &Record) -> Result<bool, Fault> {
        if let Some(wanted) = cx.query("bwEnforced") {
            let limited = [member::UP_BANDWIDTH, member::DN_BANDWIDTH]
                .iter()
                .any(|bandwidth| bandwidth.of(record).is_some_and(|kbps| kbps > 0));
            if limited != wanted.eq_ignore_ascii_case("true") {
                return Ok(false);
            }
        }
        // The short list names locations, and their parts when asked (documented).
        let is_short = cx.view().is_some();
        Ok(match parent_of(record) {
            Some(_) => !is_short || cx.flag("includeSubLocations"),
            None => {
                !cx.query("includeParentLocations").is_some_and(|wanted| wanted.eq_ignore_ascii_case("false"))
            }
        })
    }
}

//! `locations-of-connectors`: connectors' locations are internet access's own, under the same ids, as far as a connector
//! belongs to them or to the whole that they are a part of; no others are changed from here, and what is made here is a
//! connector's.

use std::collections::HashSet;

use serde_json::{Value, json};
use zuno_catalogue::handles::ztw::location as handle;
use zuno_catalogue::{Member, Resource, Verb};
use zuno_engine::{Behaviour, Call, Change, Context, Outcome, Search, Stored, same};
use zuno_model::{Fault, Id, Kind, Record};

/// The members of a location that say a connector belongs to it.
const MARKS: [Member<bool>; 3] = [handle::EC_LOCATION, handle::CC_LOCATION, handle::BC_LOCATION];
/// Members that the short list leaves out (seen).
const LEFT_OUT: [&str; 4] = [
    handle::STATE.name,
    handle::DESCRIPTION.name,
    handle::STATIC_LOCATION_GROUPS.name,
    handle::DYNAMICLOCATION_GROUPS.name,
];

/// The location that every short list has beside the tenant's own, with all the flags of the others (seen).
const CLOUD_BROWSER: &str = "256000110";

/// The guarantee for one resource.
#[derive(Default)]
pub struct LocationsOfConnectors;

fn of_connector(record: &Record) -> bool {
    MARKS.iter().any(|mark| mark.of(record))
}

/// The location that one is a part of.
fn whole_of(record: &Record) -> Option<Id> {
    record.get(handle::PARENT_ID.name).and_then(Id::from_value).filter(|whole| whole.as_str() != "0")
}

/// Whether a location is what the query asks for beside the resource's filters.
fn wanted(call: &Call, record: &Record) -> bool {
    let asked = |name: &str| call.query(name).filter(|value| !value.is_empty());
    let limited = || {
        [handle::UP_BANDWIDTH, handle::DN_BANDWIDTH]
            .iter()
            .any(|bandwidth| bandwidth.of(record).unwrap_or_default() > 0)
    };
    asked("bwEnforced").is_none_or(|_| call.flag("bwEnforced") == limited())
        && asked("groupId").is_none_or(|group| {
            LEFT_OUT.iter().any(|member| record.get(*member).is_some_and(|groups| same(groups, group)))
        })
}

/// The short form: flags as they are, look-ups left out or blank (seen).
fn short(shown: Value) -> Value {
    let Value::Object(mut members) = shown else { return shown };
    members.retain(|name, _| !LEFT_OUT.contains(&name.as_str()));
    let mut blank = |name: &str, value: Value| {
        if members.contains_key(name) {
            members.insert(name.to_owned(), value);
        }
    };
    blank(handle::COUNTRY.name, json!("NONE"));
    blank(handle::PROFILE.name, json!("NONE"));
    blank(handle::IDLE_TIME_IN_MINUTES.name, json!(0));
    Value::Object(members)
}

fn of_connectors(cx: &Context<'_>, call: &Call) -> Result<Vec<Stored>, Fault> {
    let mut found = cx.all(handle::KIND, None)?;
    let own = found.iter().filter(|stored| of_connector(&stored.record));
    let own: HashSet<Id> = own.map(|stored| stored.id.clone()).collect();
    found.retain(|stored| {
        let is_own =
            own.contains(&stored.id) || whole_of(&stored.record).is_some_and(|whole| own.contains(&whole));
        is_own && wanted(call, &stored.record)
    });
    Ok(found)
}

fn one(cx: &Context<'_>) -> Result<Value, Fault> {
    let stored = cx.named(handle::KIND)?;
    reached(cx, &stored.id, &stored.record)?;
    cx.show(cx.resource(handle::KIND)?, Verb::Read, None, stored)
}

/// That a connector belongs to a location, or to its whole.
fn reached(cx: &Context<'_>, id: &Id, record: &Record) -> Result<(), Fault> {
    let whole =
        || Ok::<_, Fault>(whole_of(record).map(|whole| cx.get(handle::KIND, &whole)).transpose()?.flatten());
    if of_connector(record) || whole()?.is_some_and(|whole| of_connector(&whole.record)) {
        return Ok(());
    }
    Err(Fault::NotFound { kind: Kind::from(handle::KIND), id: id.clone() })
}

/// The short list, each part of it unless the query says that it is to be left out.
fn short_list(cx: &Context<'_>, call: &Call) -> Result<Outcome, Fault> {
    let left_out = |name: &str| call.query(name) == Some("false");
    let resource = cx.resource(handle::KIND)?;
    let mut rows = of_connectors(cx, call)?;
    rows.retain(|stored| match whole_of(&stored.record) {
        Some(_) => !left_out("includeSubLocations"),
        None => !left_out("includeParentLocations"),
    });
    let Outcome::Many(mut page) = cx.list(resource, None, rows)? else {
        return Err(Fault::broken("no list"));
    };
    let told = page.items.len() as u64;
    let has_room = call.list_query.take.is_none_or(|take| told < take);
    if has_room
        && page.skip + told == page.total
        && !left_out("includeDefaultLocation")
        && let Some(browser) = cx.get(handle::KIND, &CLOUD_BROWSER.into())?
        && is_asked_for(resource, call, &browser.record)
    {
        page.items.push(cx.show(resource, Verb::List, None, browser)?);
    }
    page.items = page.items.into_iter().map(short).collect();
    Ok(Outcome::Many(page))
}

/// Whether a list that asks for nothing in particular, or for a part of the name, has a location.
fn is_asked_for(resource: &Resource, call: &Call, record: &Record) -> bool {
    let name = handle::NAME.of(record).unwrap_or_default().to_lowercase();
    let named = match &call.list_query.search {
        Some(Search::Text(words)) => name.contains(&words.to_lowercase()),
        _ => true,
    };
    let chosen = |filter: &String| call.query(filter).is_some_and(|value| !value.is_empty());
    named && wanted(call, record) && !resource.filters.keys().any(chosen)
}

impl Behaviour for LocationsOfConnectors {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        if let Some(old) = &change.old {
            return reached(cx, &change.id, old);
        }
        let in_branch = cx.sent(handle::BC_LOCATION.name) == Some(&Value::Bool(true));
        let place = if in_branch { handle::BC_LOCATION } else { handle::CC_LOCATION };
        for mark in [handle::EC_LOCATION, place] {
            change.new.insert(mark.into(), true.into());
        }
        Ok(())
    }

    fn before_delete(&self, cx: &mut Context<'_>, stored: &Stored) -> Result<(), Fault> {
        reached(cx, &stored.id, &stored.record)
    }

    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let resource = cx.resource(handle::KIND)?;
        match cx.operation()?.name.as_str() {
            "list" => cx.list(resource, None, of_connectors(cx, call)?),
            "lite" => short_list(cx, call),
            "sublocations" => {
                let whole = cx.need(handle::KIND, &call.param("id").unwrap_or_default().into())?;
                reached(cx, &whole.id, &whole.record)?;
                let mut parts = cx.pointing(handle::KIND, handle::PARENT_ID.name, handle::KIND, &whole.id)?;
                parts.retain(|stored| wanted(call, &stored.record));
                cx.list(resource, None, parts)
            }
            "read_lite" => Ok(Outcome::One(short(one(cx)?))),
            _ => Ok(Outcome::One(one(cx)?)),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{of_connector, short};

    #[test]
    fn any_mark_makes_a_location_a_connectors() {
        let record = |value: serde_json::Value| value.as_object().cloned().unwrap_or_default();
        assert!(of_connector(&record(json!({"ecLocation": false, "ccLocation": true}))));
        assert!(!of_connector(&record(json!({"ecLocation": false, "name": "HQ"}))));
    }

    #[test]
    fn the_short_form_blanks_look_ups_and_keeps_flags() {
        let shown =
            json!({"id": 1, "country": "CANADA", "state": "BC", "ofwEnabled": true, "idleTimeInMinutes": 5});
        assert_eq!(
            short(shown),
            json!({"id": 1, "country": "NONE", "ofwEnabled": true, "idleTimeInMinutes": 0})
        );
    }
}

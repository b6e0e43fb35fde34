//! Before a record is shown: what its members count, what an answer leaves out, and what it tells in their place.

use std::collections::BTreeSet;

use serde_json::Value;
use zuno_catalogue::{Absent, Field, Resource, Verb};
use zuno_model::{Fault, Id, Record};

use crate::{Context, Stored, list_length};

/// Gives some of a record's members what the answer of a verb tells of them; null is left out.
pub fn settle<'f>(
    cx: &Context<'_>,
    resource: &Resource,
    verb: Verb,
    fields: impl IntoIterator<Item = (&'f String, &'f Field)>,
    stored: &mut Stored,
) -> Result<(), Fault> {
    for (name, field) in fields {
        if let Some(counted) = counted(cx, resource, field, stored)? {
            stored.record.insert(name.clone(), Value::from(counted));
        }
        if let Some(rule) = field.absent.iter().find(|rule| holds(rule, cx, verb, name, &stored.record)) {
            // A member that is not there at all would be told with its default.
            let told = rule.instead.as_ref().map_or(Value::Null, |json| json.0.clone());
            stored.record.insert(name.clone(), told);
        }
    }
    Ok(())
}

fn holds(rule: &Absent, cx: &Context<'_>, verb: Verb, name: &str, record: &Record) -> bool {
    let unless = &rule.unless;
    let carried_out = || cx.operation().is_ok_and(|operation| rule.of.contains(&operation.name));
    (!rule.filled || !cx.as_sent())
        && (rule.verbs.is_empty() || rule.verbs.contains(&verb))
        && (rule.of.is_empty() || carried_out())
        && rule.when.as_ref().is_none_or(|values| {
            record.get(name).is_none_or(|held| values.iter().any(|value| value.0 == *held))
        })
        && (unless.is_empty() || unless.iter().any(|(name, value)| record.get(name) != Some(&value.0)))
        && (!rule.unsent || cx.sent(name).is_none_or(Value::is_null))
        && rule.flag.as_ref().is_none_or(|flag| cx.flag(flag))
}

fn counted(
    cx: &Context<'_>,
    resource: &Resource,
    field: &Field,
    stored: &Stored,
) -> Result<Option<usize>, Fault> {
    Ok(match field.counts.as_deref() {
        None => None,
        Some("referrers") => Some(referrers(cx, resource, &stored.id)?),
        Some(list) => Some(list_length(resource, list, stored.record.get(list))),
    })
}

/// How many records point at this one.
fn referrers(cx: &Context<'_>, resource: &Resource, id: &Id) -> Result<usize, Fault> {
    let mut holders = BTreeSet::new();
    for (from, field) in cx.catalogue().pointing_at(&resource.kind) {
        let found = cx.pointing(&from.kind, field, &resource.kind, id)?;
        holders.extend(found.into_iter().map(|stored| (from.kind.as_str(), stored.id.0)));
    }
    Ok(holders.len())
}

//! Members that a resource keeps sealed: in clear for whoever works with a record, encrypted wherever it is kept.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::{Value, json};
use zuno_catalogue::Catalogue;
use zuno_model::{Fault, Id, Record, TenantId};

/// The one member of the object that stands in a kept record for a value that is sealed.
const SEALED: &str = "$sealed";

/// What seals, given to the engine by [`crate::Engine::with`] as an `Arc<dyn Seal>`.
pub trait Seal: Send + Sync {
    /// Seals some bytes about a place.
    fn seal(&self, about: &str, clear: &[u8]) -> String;

    /// Opens what was sealed about the same place.
    ///
    /// # Errors
    /// Why it cannot be opened, and what to do.
    fn open(&self, about: &str, sealed: &str) -> Result<Vec<u8>, String>;
}

/// The members of each kind that are kept sealed.
#[derive(Debug, Default)]
pub(crate) struct SealedMembers(HashMap<String, Vec<Member>>);

/// A member that is sealed whole, or that holds such members.
#[derive(Debug)]
struct Member {
    name: String,
    within: Option<Vec<Member>>,
}

impl SealedMembers {
    /// Those that the catalogue says.
    pub fn of(catalogue: &Catalogue) -> SealedMembers {
        let mut kinds: HashMap<String, Vec<Member>> = HashMap::new();
        for outline in catalogue.outlines() {
            for name in &outline.sealed {
                let members = kinds.entry(outline.kind.as_str().to_owned()).or_default();
                add(members, name.as_str());
            }
        }
        SealedMembers(kinds)
    }

    /// The members of a kind that are kept sealed, or hold such.
    pub fn of_kind(&self, kind: &str) -> Vec<&str> {
        self.0.get(kind).into_iter().flatten().map(|member| member.name.as_str()).collect()
    }

    /// The kinds that have any, in no order.
    pub fn kinds(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Their dotted names, with their kinds, in one order.
    pub fn names(&self) -> Vec<String> {
        fn add(names: &mut Vec<String>, prefix: &str, members: &[Member]) {
            for member in members {
                let name = format!("{prefix}.{}", member.name);
                match &member.within {
                    Some(within) => add(names, &name, within),
                    None => names.push(name),
                }
            }
        }
        let mut names = Vec::new();
        for (kind, members) in &self.0 {
            add(&mut names, kind, members);
        }
        names.sort_unstable();
        names
    }

    /// A record as it is kept; nothing where it is kept as it is.
    pub fn seal(
        &self,
        seal: Option<&Arc<dyn Seal>>,
        tenant: TenantId,
        kind: &str,
        id: &Id,
        record: &Record,
    ) -> Result<Option<Record>, Fault> {
        let Some(members) = self.0.get(kind) else { return Ok(None) };
        let mut kept = record.clone();
        each(members, &place(tenant, kind, id), &mut kept, &mut |about, value| {
            if value.is_null() {
                return Ok(());
            }
            let seal = seal.ok_or_else(nothing)?;
            let clear = serde_json::to_vec(value).map_err(Fault::broken)?;
            *value = json!({ SEALED: seal.seal(about, &clear) });
            Ok(())
        })?;
        Ok(Some(kept))
    }

    /// Opens a kept record; tells whether a member was there in clear, as from before it was kept sealed.
    pub fn open(
        &self,
        seal: Option<&Arc<dyn Seal>>,
        tenant: TenantId,
        kind: &str,
        id: &Id,
        record: &mut Record,
    ) -> Result<bool, Fault> {
        let Some(members) = self.0.get(kind) else { return Ok(false) };
        let mut in_clear = false;
        each(members, &place(tenant, kind, id), record, &mut |about, value| {
            let Some(sealed) = value.get(SEALED).and_then(Value::as_str) else {
                in_clear |= !value.is_null();
                return Ok(());
            };
            let failed = |why: String| Fault::broken(format!("`{about}` cannot be opened: {why}"));
            let clear = seal.ok_or_else(nothing)?.open(about, sealed).map_err(failed)?;
            *value = serde_json::from_slice(&clear).map_err(Fault::broken)?;
            Ok(())
        })?;
        Ok(in_clear)
    }

    /// Takes the members out of a kept record that are kept sealed; tells how many there were.
    pub fn take_out(&self, kind: &str, record: &mut Record) -> usize {
        self.0.get(kind).map_or(0, |members| take_out(members, record))
    }
}

fn take_out(members: &[Member], record: &mut Record) -> usize {
    let mut count = 0;
    for member in members {
        count += match (&member.within, record.get_mut(&member.name)) {
            (_, None) => 0,
            (None, Some(value)) => {
                let is_told = !value.is_null();
                record.shift_remove(&member.name);
                usize::from(is_told)
            }
            (Some(within), Some(value)) => take_out_inside(within, value),
        };
    }
    count
}

fn take_out_inside(members: &[Member], value: &mut Value) -> usize {
    match value {
        Value::Object(record) => take_out(members, record),
        Value::Array(items) => items.iter_mut().map(|item| take_out_inside(members, item)).sum(),
        _ => 0,
    }
}

fn nothing() -> Fault {
    Fault::broken("the engine was given nothing that seals")
}

/// What a sealed value is bound to, but for its member.
fn place(tenant: TenantId, kind: &str, id: &Id) -> String {
    format!("{} {kind} {id}", tenant.0)
}

/// Adds a member by its dotted name; those within one stand together.
fn add(members: &mut Vec<Member>, name: &str) {
    let Some((first, rest)) = name.split_once('.') else {
        return members.push(Member { name: name.to_owned(), within: None });
    };
    let place = members.iter().position(|member| member.name == first).unwrap_or_else(|| {
        members.push(Member { name: first.to_owned(), within: Some(Vec::new()) });
        members.len() - 1
    });
    add(members[place].within.get_or_insert_default(), rest);
}

fn each(
    members: &[Member],
    prefix: &str,
    record: &mut Record,
    act: &mut dyn FnMut(&str, &mut Value) -> Result<(), Fault>,
) -> Result<(), Fault> {
    for member in members {
        let Some(value) = record.get_mut(&member.name) else { continue };
        let name = format!("{prefix} {}", member.name);
        match &member.within {
            None => act(&name, value)?,
            Some(within) => inside(within, &name, value, act)?,
        }
    }
    Ok(())
}

fn inside(
    members: &[Member],
    prefix: &str,
    value: &mut Value,
    act: &mut dyn FnMut(&str, &mut Value) -> Result<(), Fault>,
) -> Result<(), Fault> {
    match value {
        Value::Object(record) => each(members, prefix, record, act),
        Value::Array(items) => items.iter_mut().try_for_each(|item| inside(members, prefix, item, act)),
        _ => Ok(()),
    }
}

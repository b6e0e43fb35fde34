//! `held-by`: a record tells which records of other kinds point at it, and lists can be narrowed by them.
//!
//! Parameters: `by`, the members that point here; `tells`, the member that tells them, the first alone where it is no list, and
//! `count`, the one with their number: without any there is neither (seen); `unless`, a parameter of the query that leaves both
//! out where it is `false`; `of`, the one that names such a record, whose own are listed; `free`, the flag with which those are
//! listed that none points at, and `free_in`, the operation that lists those alone.

use serde_json::Value;
use zuno_catalogue::{Shape, Verb};
use zuno_engine::{Behaviour, Context, Params};
use zuno_model::{Fault, Id, Record};

/// The guarantee for one resource.
struct HeldBy {
    kind: String,
    by: Vec<(String, String)>,
    tells: Option<(String, bool)>,
    count: Option<String>,
    unless: Option<String>,
    of: Option<String>,
    free: Option<String>,
    free_in: Option<String>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let tells = params.maybe_text("tells").map(|tells| {
        let many = matches!(params.field_of(&params.resource.kind, &tells)?.shape, Shape::List(_));
        Ok::<_, String>((tells, many))
    });
    let (count, free_in) = (params.maybe_text("count"), params.maybe_text("free_in"));
    params.known(&count)?;
    if let Some(name) = free_in.as_ref().filter(|name| !params.resource.operations.contains_key(*name)) {
        return Err(params.wrong(format!("there is no operation `{name}`")));
    }
    Ok(Box::new(HeldBy {
        kind: params.kind(),
        by: params.members("by")?,
        tells: tells.transpose()?,
        count,
        unless: params.maybe_text("unless"),
        of: params.maybe_text("of"),
        free: params.maybe_text("free"),
        free_in,
    }))
}

impl HeldBy {
    /// The records that point at one, each once.
    fn holders(&self, cx: &Context<'_>, id: &Id) -> Result<Vec<Value>, Fault> {
        let mut holders = Vec::new();
        for (kind, member) in &self.by {
            for stored in cx.pointing(kind, member, &self.kind, id)? {
                let holder = Value::String(stored.id.0);
                if !holders.contains(&holder) {
                    holders.push(holder);
                }
            }
        }
        Ok(holders)
    }

    /// The one whose records are listed, if the call names one.
    fn wanted<'c>(&self, cx: &Context<'c>) -> Option<&'c str> {
        cx.query(self.of.as_deref()?)
    }
}

impl Behaviour for HeldBy {
    fn on_read(&self, cx: &Context<'_>, _: Verb, id: &Id, record: &mut Record) -> Result<(), Fault> {
        let hides = |name: &String| cx.query(name).is_some_and(|told| told.eq_ignore_ascii_case("false"));
        if (self.tells.is_none() && self.count.is_none()) || self.unless.as_ref().is_some_and(hides) {
            return Ok(());
        }
        let mut holders = self.holders(cx, id)?;
        if holders.is_empty() {
            return Ok(());
        }
        record.extend(self.count.clone().map(|count| (count, holders.len().into())));
        if let Some((tells, many)) = self.tells.clone() {
            let told = if many { Value::Array(holders) } else { holders.swap_remove(0) };
            record.insert(tells, told);
        }
        Ok(())
    }

    fn on_read_members(&self, _: Verb) -> Option<Vec<&str>> {
        let told = self.tells.iter().map(|(tells, _)| tells).chain(&self.count);
        Some(told.map(String::as_str).collect())
    }

    fn chooses(&self, cx: &Context<'_>) -> bool {
        let free_in = self.free_in.as_ref();
        self.wanted(cx).is_some()
            || self.free.as_ref().is_some_and(|flag| cx.flag(flag))
            || free_in.is_some_and(|name| cx.operation().is_ok_and(|operation| operation.name == *name))
    }

    fn accepts(&self, cx: &Context<'_>, id: &Id, _: &Record) -> Result<bool, Fault> {
        let holders = self.holders(cx, id)?;
        Ok(self.wanted(cx).map_or(holders.is_empty(), |wanted| holders.iter().any(|id| id == wanted)))
    }
}

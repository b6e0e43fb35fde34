//! `scope-order`: scopes are tried in their order, the default one last; it stays as it is, and a scope that still
//! owns objects cannot go.
//!
//! Parameters: `order`, and `last`, the id of the default scope.

use serde_json::Value;
use zuno_catalogue::{Resource, Verb};
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::{Fault, Id, Kind, Link, Record};
use zuno_store::Stretch;

/// The guarantee for the scopes of one resource.
pub struct ScopeOrder {
    kind: String,
    order: String,
    last: Id,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let (order, last) = (params.text("order")?, Id(params.text("last")?));
    Ok(Box::new(ScopeOrder { kind: params.kind(), order, last }))
}

impl ScopeOrder {
    /// One of the objects of each kind that the scope owns.
    fn owned(&self, cx: &Context<'_>, scope: &Id) -> Result<Vec<Link>, Fault> {
        let mut owned = Vec::new();
        let scoped = |resource: &&Resource| resource.scope.as_deref() == Some(self.kind.as_str());
        for resource in cx.catalogue().resources().iter().filter(scoped) {
            let first = Stretch { take: 1, ..Stretch::ALL };
            for stored in cx.stretch(&resource.kind, Some(scope.as_str()), first)? {
                let name = stored.record.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
                owned.push(Link {
                    kind: Kind(resource.kind.clone()),
                    id: stored.id,
                    noun: resource.title(),
                    name,
                });
            }
        }
        Ok(owned)
    }
}

impl Behaviour for ScopeOrder {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let kind = Kind(self.kind.clone());
        if change.id == self.last {
            let verb = if change.verb == Verb::Delete { "deleted" } else { "changed" };
            return Err(Fault::Predefined { kind, id: change.id.clone(), verb });
        }
        match change.verb {
            Verb::Delete => {
                let by = self.owned(cx, &change.id)?;
                if !by.is_empty() {
                    return Err(Fault::InUse { kind, id: change.id.clone(), by });
                }
            }
            Verb::Create => {
                // A new scope is tried after its elders; the default one does not count.
                let elders = cx.count(&self.kind, None)?.saturating_sub(1);
                change.new.insert(self.order.clone(), Value::from(elders + 1));
            }
            _ => {}
        }
        Ok(())
    }

    fn after_write(&self, cx: &mut Context<'_>, change: &Change) -> Result<(), Fault> {
        if change.verb != Verb::Delete {
            return Ok(());
        }
        let scopes = cx.all(&self.kind, None)?;
        for (place, mut stored) in scopes.into_iter().filter(|stored| stored.id != self.last).enumerate() {
            let order = Value::from(place + 1);
            if stored.record.get(&self.order) != Some(&order) {
                stored.record.insert(self.order.clone(), order);
                cx.save(&self.kind, &stored)?;
            }
        }
        Ok(())
    }

    fn on_read(&self, cx: &Context<'_>, _verb: Verb, id: &Id, record: &mut Record) -> Result<(), Fault> {
        if *id == self.last {
            record.insert(self.order.clone(), Value::from(cx.count(&self.kind, None)?));
        }
        Ok(())
    }
}

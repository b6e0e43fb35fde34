//! `scope-order`: scopes are tried in their order, the default one last; it stays as it is, and a scope that still
//! owns objects cannot go.
//!
//! Parameters: `order`, and `last`, the id of the default scope.

use serde_json::Value;
use zuno_catalogue::{Members, Outline, Verb};
use zuno_engine::{Behaviour, Change, Context, Params, Stored};
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
        let of_scope =
            |outline: &&Outline<'_>| outline.scope.as_ref().is_some_and(|scope| scope.as_str() == self.kind);
        for outline in cx.catalogue().outlines().iter().filter(of_scope) {
            let resource = cx.resource(outline.kind.as_str())?;
            let first = Stretch { take: 1, ..Stretch::ALL };
            for stored in cx.stretch(&resource.kind, Some(scope.as_str()), first)? {
                let name = stored.record.text("name").unwrap_or_default().to_owned();
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
            return Err(Fault::Predefined { kind, id: change.id.clone(), verb: "changed" });
        }
        if change.verb == Verb::Create {
            // A new scope is tried after its elders; the default one does not count.
            let elders = cx.count(&self.kind, None)?.saturating_sub(1);
            change.new.insert(self.order.clone(), Value::from(elders + 1));
        }
        Ok(())
    }

    fn before_delete(&self, cx: &mut Context<'_>, stored: &Stored) -> Result<(), Fault> {
        let kind = Kind(self.kind.clone());
        if stored.id == self.last {
            return Err(Fault::Predefined { kind, id: stored.id.clone(), verb: "deleted" });
        }
        match self.owned(cx, &stored.id)? {
            by if by.is_empty() => Ok(()),
            by => Err(Fault::InUse { kind, id: stored.id.clone(), by }),
        }
    }

    fn after_delete(&self, cx: &mut Context<'_>, _: &Stored) -> Result<(), Fault> {
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

//! Behaviours: named guarantees that the catalogue cannot say in a line.

use serde_json::Value;
use zuno_catalogue::{Catalogue, Resource, Verb};
use zuno_model::{Fault, Id, Record};
use zuno_store::Pointer;

use crate::{Call, Context, Outcome, Params, Stored};

/// A change that is about to be kept, or has just been.
#[derive(Debug)]
pub struct Change {
    /// Create, update or delete.
    pub verb: Verb,
    /// The record's id; a behaviour may choose it where the catalogue says `chosen`.
    pub id: Id,
    /// The scope it belongs to.
    pub scope: String,
    /// The record as it was; nothing on create.
    pub old: Option<Record>,
    /// The record as it will be; as it was, on delete.
    pub new: Record,
    /// The members that the caller sent, decoded.
    pub sent: Record,
}

impl Change {
    /// The removal of a record.
    pub fn removal(stored: Stored) -> Change {
        Change {
            verb: Verb::Delete,
            id: stored.id,
            scope: stored.scope,
            new: stored.record.clone(),
            old: Some(stored.record),
            sent: Record::new(),
        }
    }
}

/// A guarantee. Every hook is optional; all of them act through [`Context`] alone.
pub trait Behaviour: Send + Sync {
    /// Before a change is kept: may refuse it, complete it, or change other records.
    ///
    /// # Errors
    /// The refusal.
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let _ = (cx, change);
        Ok(())
    }

    /// After a change is kept, in the same transaction.
    ///
    /// # Errors
    /// The refusal, which drops the change as well.
    fn after_write(&self, cx: &mut Context<'_>, change: &Change) -> Result<(), Fault> {
        let _ = (cx, change);
        Ok(())
    }

    /// Whether the call's query asks for a choice that [`Behaviour::accepts`] makes.
    fn chooses(&self, cx: &Context<'_>) -> bool {
        let _ = cx;
        false
    }

    /// Whether a record belongs to the list that is asked for, beside what the catalogue's filters say.
    ///
    /// # Errors
    /// The store failed.
    fn accepts(&self, cx: &Context<'_>, id: &Id, record: &Record) -> Result<bool, Fault> {
        let _ = (cx, id, record);
        Ok(true)
    }

    /// Records of other scopes that are listed and read from this scope as well; they cannot be changed from it.
    ///
    /// # Errors
    /// The store failed.
    fn shared_from(&self, cx: &Context<'_>, scope: &str) -> Result<Vec<Stored>, Fault> {
        let _ = (cx, scope);
        Ok(Vec::new())
    }

    /// Members that follow from the clock, which the clauses of a search may ask for though no record keeps them.
    fn derived(&self, cx: &Context<'_>, record: &Record) -> Vec<(String, Value)> {
        let _ = (cx, record);
        Vec::new()
    }

    /// Before a record is shown: may complete members that depend on others or on the clock.
    ///
    /// # Errors
    /// The store failed.
    fn on_read(&self, cx: &Context<'_>, verb: Verb, id: &Id, record: &mut Record) -> Result<(), Fault> {
        let _ = (cx, verb, id, record);
        Ok(())
    }

    /// What is said of an id that no record has, where that is not that it is not found.
    fn on_missing(&self, cx: &Context<'_>, id: &Id) -> Option<Fault> {
        let _ = (cx, id);
        None
    }

    /// An operation that names this behaviour with `does`.
    ///
    /// # Errors
    /// The refusal.
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let _ = cx;
        Err(Fault::NotBuilt(call.operation.to_string()))
    }

    /// What a record points at beside what its fields say.
    fn pointers(&self, record: &Record, found: &mut Vec<Pointer>) {
        let _ = (record, found);
    }

    /// Takes such a pointer out of a record.
    fn detach(&self, record: &mut Record, kind: &str, id: &Id) {
        let _ = (record, kind, id);
    }
}

/// Makes a behaviour for one resource from its parameters; the error says which parameter is wrong.
pub type Maker = fn(Params<'_>) -> Result<Box<dyn Behaviour>, String>;

/// The behaviours of one resource, by name, in the order of its file.
pub struct Bound(Vec<(String, Box<dyn Behaviour>)>);

impl Bound {
    /// Binds every behaviour that a resource or one of its operations names.
    ///
    /// # Errors
    /// A name that no maker has, or a parameter that is wrong.
    pub fn bind(
        resource: &Resource,
        catalogue: &Catalogue,
        makers: &[(&str, Maker)],
    ) -> Result<Bound, String> {
        let mut bound: Vec<(String, Box<dyn Behaviour>)> = Vec::new();
        let named = resource.behaviours.iter().map(|(name, params)| (name, &params.0));
        let done = resource.operations.values().filter_map(|operation| operation.does.as_ref());
        for (name, given) in named.chain(done.map(|name| (name, &Value::Null))) {
            if bound.iter().any(|(known, _)| known == name) {
                continue;
            }
            let Some((_, make)) = makers.iter().find(|(known, _)| known == name) else {
                return Err(format!("{}: there is no behaviour `{name}`", resource.kind));
            };
            let behaviour = make(Params { behaviour: name, given, resource, catalogue })
                .map_err(|wrong| format!("{}: {wrong}", resource.kind))?;
            bound.push((name.clone(), behaviour));
        }
        Ok(Bound(bound))
    }

    /// All of them, in order.
    pub fn all(&self) -> impl Iterator<Item = &dyn Behaviour> {
        self.0.iter().map(|(_, behaviour)| behaviour.as_ref())
    }

    /// The one of this name.
    pub fn named(&self, name: &str) -> Option<&dyn Behaviour> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, behaviour)| behaviour.as_ref())
    }
}

//! `minted`: a new record gets a value of its own in one of its members: a random UUID, which it keeps until an operation asks
//! for another, or the next number of a counter.
//!
//! Parameters: `field`, the member; `behind`, a text that stands before the UUID; `counter`, the product's, with its
//! `start`.

use serde_json::Value;
use zuno_catalogue::Verb;
use zuno_engine::{Behaviour, Call, Change, Context, Outcome, Params};
use zuno_model::{Fault, Id, Kind};

/// The guarantee for one resource.
struct Minted {
    kind: String,
    field: String,
    behind: String,
    counter: Option<(String, i64)>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let behind = params.maybe_text("behind").unwrap_or_default();
    let kind = Kind(params.kind());
    let counter = params.maybe_text("counter").map(|name| format!("{}.{name}", kind.product()));
    let counter = counter.map(|name| Ok::<_, String>((name, params.needed_number("start")?))).transpose()?;
    Ok(Box::new(Minted { field: params.field("field")?, behind, counter, kind: kind.0 }))
}

impl Minted {
    fn minted(&self, cx: &mut Context<'_>) -> Result<Value, Fault> {
        Ok(match &self.counter {
            Some((counter, start)) => cx.next(counter, *start)?.into(),
            None => Value::String(format!("{}{}", self.behind, Id::uuid(cx.draw()?))),
        })
    }
}

impl Behaviour for Minted {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        if change.verb == Verb::Create {
            change.new.insert(self.field.clone(), self.minted(cx)?);
        }
        Ok(())
    }

    /// Another one, told as the first was.
    fn on_action(&self, cx: &mut Context<'_>, _: &Call) -> Result<Outcome, Fault> {
        let mut stored = cx.named(&self.kind)?;
        stored.record.insert(self.field.clone(), self.minted(cx)?);
        cx.save(&self.kind, &stored)?;
        Ok(Outcome::One(cx.show(cx.resource(&self.kind)?, Verb::Create, None, stored)?))
    }
}

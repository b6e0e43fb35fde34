//! `minted-guid`: a new record gets a random UUID in one of its members, and keeps it until an operation asks for another.
//!
//! Parameters: `field`, the member; `behind`, a text that stands before the UUID.

use serde_json::Value;
use zuno_catalogue::Verb;
use zuno_engine::{Behaviour, Call, Change, Context, Outcome, Params};
use zuno_model::{Fault, Id};

/// The guarantee for one resource.
struct MintedGuid {
    kind: String,
    field: String,
    behind: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let behind = params.maybe_text("behind").unwrap_or_default();
    let field = params.text("field")?;
    Ok(Box::new(MintedGuid { kind: params.kind(), field, behind }))
}

impl MintedGuid {
    fn minted(&self, cx: &mut Context<'_>) -> Result<Value, Fault> {
        Ok(Value::String(format!("{}{}", self.behind, Id::uuid(cx.draw()?))))
    }
}

impl Behaviour for MintedGuid {
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

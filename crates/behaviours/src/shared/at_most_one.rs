//! `at-most-one`: a scope has one record of the kind at most; reading it needs no id, and making a second is refused.
//!
//! Parameters: `code` and `message` of that refusal, in the product's words.

use zuno_catalogue::Verb;
use zuno_engine::{Behaviour, Call, Change, Context, Outcome, Params};
use zuno_model::{Fault, Id, Kind, Refusal};

/// The guarantee for one resource.
struct AtMostOne {
    kind: String,
    code: String,
    message: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(AtMostOne {
        kind: params.kind(),
        code: params.text("code")?,
        message: params.text("message")?,
    }))
}

impl Behaviour for AtMostOne {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        if change.verb != Verb::Create || cx.count(&self.kind, Some(&change.scope))? == 0 {
            return Ok(());
        }
        let (code, message) = (self.code.clone(), self.message.clone());
        Err(Fault::refused(Refusal::BadRequest, code, message))
    }

    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let resource = cx.resource(&self.kind)?;
        let held = cx.all(&self.kind, call.scope.for_store())?.into_iter().next();
        let nobody =
            || Fault::NotFound { kind: Kind(self.kind.clone()), id: Id::from(cx.tenant().customer_id) };
        let view = cx.view();
        Ok(Outcome::One(cx.show(resource, Verb::Read, view, held.ok_or_else(nobody)?)?))
    }
}

//! `copied`: a copy of a record under another name. One that has a place in an order stands right behind what it is a
//! copy of (guessed).
//!
//! Parameters: `name`, the member that must differ, which the query's parameter of the same name gives; `message`, what is
//! said where it does not.

use serde_json::Value;
use zuno_catalogue::{Access, Members, Verb};
use zuno_engine::{Behaviour, Call, Context, Outcome, Params};
use zuno_model::{Fault, Record, Refusal};

/// The guarantee for one resource.
struct Copied {
    kind: String,
    name: String,
    order: Option<String>,
    message: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let order = params.maybe_text("order").map(|_| params.field("order")).transpose()?;
    Ok(Box::new(Copied {
        kind: params.kind(),
        name: params.field("name")?,
        order,
        message: params.text("message")?,
    }))
}

impl Behaviour for Copied {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let Some(name) = call.query(&self.name).filter(|name| !name.is_empty()) else {
            let message = self.message.clone();
            return Err(Fault::refused(Refusal::BadRequest, "", message));
        };
        let stored = cx.named(&self.kind)?;
        let resource = cx.resource(&self.kind)?;
        let given = |member: &String| {
            resource
                .field(member)
                .is_some_and(|field| !matches!(field.access, Access::Server | Access::Hidden))
        };
        let mut copy: Record = stored.record.into_iter().filter(|(member, _)| given(member)).collect();
        copy.insert(self.name.clone(), Value::from(name));
        if let Some(order) = &self.order
            && let Some(number) = copy.number(order)
        {
            copy.insert(order.clone(), Value::from(number + 1));
        }
        let id = cx.insert(&self.kind, &stored.scope, copy)?.id;
        let copy = cx.need(&self.kind, &id)?;
        Ok(Outcome::One(cx.show(resource, Verb::Create, None, copy)?))
    }
}

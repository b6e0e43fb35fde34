//! `activation`: saved changes wait until one call puts all of them in force, whoever saved them.
//!
//! Every kind whose changes were carried gets a new stamp, a note under [`stamp_key`], so that what is drawn from
//! the records in force can be kept until they change. Parameter: `status`, the member that tells the state.

use serde_json::{Value, json};
use zuno_catalogue::Verb;
use zuno_engine::{Behaviour, Call, Context, Outcome, Params};
use zuno_model::{Fault, Id, Kind, Record};

/// The guarantee for one product.
struct Activation {
    product: String,
    status: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let product = Kind(params.kind()).product().to_owned();
    Ok(Box::new(Activation { product, status: params.text("status")? }))
}

/// The note that holds a kind's stamp.
pub fn stamp_key(kind: &str) -> String {
    format!("in force:{kind}")
}

impl Behaviour for Activation {
    fn on_read(&self, cx: &Context<'_>, _: Verb, _: &Id, record: &mut Record) -> Result<(), Fault> {
        let waits = cx.store().is_staged(cx.tenant().id, &self.product).map_err(Fault::broken)?;
        record.insert(self.status.clone(), Value::from(if waits { "PENDING" } else { "ACTIVE" }));
        Ok(())
    }

    fn on_action(&self, cx: &mut Context<'_>, _: &Call) -> Result<Outcome, Fault> {
        let tenant = cx.tenant().id;
        let mut kinds: Vec<String> = Vec::new();
        for staged in cx.store().staged(tenant, &self.product).map_err(Fault::broken)? {
            if !kinds.contains(&staged.kind) {
                kinds.push(staged.kind);
            }
        }
        for kind in kinds {
            let stamp = cx.draw()?.to_le_bytes();
            cx.change()?.set_note(tenant, &stamp_key(&kind), Some(&stamp)).map_err(Fault::broken)?;
        }
        cx.activate(&self.product)?;
        Ok(Outcome::Value(json!({ self.status.clone(): "ACTIVE" })))
    }
}

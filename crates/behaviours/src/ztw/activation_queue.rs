//! Edits take effect together, once everyone who edits has asked for it, or at once when forced.
//!
//! Who asks while others are editing is queued, and the last of them to ask makes everything take effect (documented:
//! an activation neither overrides others' edits nor can be called back).

use serde_json::{Map, Value, json};
use zuno_catalogue::{Verb, handles::ztw::activation};
use zuno_engine::{Behaviour, Call, Context, Outcome, Params};
use zuno_model::{Fault, Id, Kind, Record};

/// The word for an administrator with edits that wait.
const EDITING: &str = "ADM_EDITING";
const QUEUED: &str = "ADM_ACTV_QUEUED";
const DONE: &str = "ADM_ACTV_DONE";

struct ActivationQueue {
    product: String,
}

/// No parameters; the edits are those of the resource's own product.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(ActivationQueue { product: Kind(params.kind()).product().to_owned() }))
}

/// Puts the caller in the queue; tells whether nobody is editing any more, or it is forced, and then marks all done.
fn queue(standing: &mut Map<String, Value>, me: &str, forced: bool) -> bool {
    standing.insert(me.to_owned(), QUEUED.into());
    let go = forced || standing.values().all(|word| word != EDITING);
    if go {
        standing.values_mut().for_each(|word| *word = DONE.into());
    }
    go
}

impl ActivationQueue {
    /// Where each administrator stands, by sign-in name: as they last asked, or editing again since.
    fn standing(&self, cx: &Context<'_>, record: &Record) -> Result<Map<String, Value>, Fault> {
        let kept = record.get(activation::ADMIN_STATUS_MAP.name).and_then(Value::as_object);
        let mut standing = kept.cloned().unwrap_or_default();
        for editor in cx.editors(&self.product)? {
            standing.insert(editor, EDITING.into());
        }
        Ok(standing)
    }
}

impl Behaviour for ActivationQueue {
    fn on_read(&self, cx: &Context<'_>, _: Verb, _: &Id, record: &mut Record) -> Result<(), Fault> {
        let waits = cx.store().is_staged(cx.tenant().id, &self.product).map_err(Fault::broken)?;
        let edits = if waits { "EDITS_PRESENT" } else { "EDITS_CLEARED" };
        record.insert(activation::ORG_EDIT_STATUS.into(), edits.into());
        let standing = self.standing(cx, record)?;
        if let Some(own) = standing.get(&cx.actor().name) {
            record.insert(activation::ADMIN_ACTIVATE_STATUS.into(), own.clone());
        }
        record.insert(activation::ADMIN_STATUS_MAP.into(), Value::Object(standing));
        Ok(())
    }

    fn on_action(&self, cx: &mut Context<'_>, _: &Call) -> Result<Outcome, Fault> {
        let operation = cx.operation()?.name.as_str();
        let me = cx.actor().name.clone();
        let mut stored = cx.only(activation::KIND)?;
        let mut standing = self.standing(cx, &stored.record)?;
        let leaves = operation == "end_session";
        let go = queue(&mut standing, &me, operation == "force_activate");
        // Who is editing is known without being told here.
        standing.retain(|_, word| word != EDITING);
        stored.record.insert(activation::ADMIN_STATUS_MAP.into(), Value::Object(standing));
        cx.pass_over(&self.product, &me)?;
        if go {
            cx.activate(&self.product)?;
            stored.record.insert(activation::ORG_LAST_ACTIVATE_STATUS.into(), "CAC_ACTV_UI".into());
        }
        cx.save(activation::KIND, &stored)?;
        if leaves {
            return Ok(Outcome::Value(json!({ "status": "ACTIVE" })));
        }
        let shown = cx.show(cx.resource(activation::KIND)?, Verb::Read, None, stored)?;
        Ok(Outcome::One(shown))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Map, Value, json};

    use super::{DONE, EDITING, QUEUED, queue};

    fn map(value: Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap_or_default()
    }

    #[test]
    fn whoever_asks_while_another_edits_waits_for_the_other() {
        let mut standing = map(json!({"ann": EDITING, "bob": EDITING}));
        assert!(!queue(&mut standing, "ann", false));
        assert_eq!(standing, map(json!({"ann": QUEUED, "bob": EDITING})));
        assert!(queue(&mut standing, "bob", false));
        assert_eq!(standing, map(json!({"ann": DONE, "bob": DONE})));
    }

    #[test]
    fn force_waits_for_nobody() {
        let mut standing = map(json!({"bob": EDITING}));
        assert!(queue(&mut standing, "ann", true));
        assert_eq!(standing, map(json!({"ann": DONE, "bob": DONE})));
    }

    proptest! {
        #[test]
        fn once_all_have_asked_it_is_done(order in Just((0..6).collect::<Vec<u8>>()).prop_shuffle()) {
            let mut standing: Map<String, Value> =
                order.iter().map(|who| (who.to_string(), EDITING.into())).collect();
            let told: Vec<bool> = order.iter().map(|who| queue(&mut standing, &who.to_string(), false)).collect();
            let (last, before) = told.split_last().expect("six asked");
            prop_assert!(*last && before.iter().all(|go| !go));
        }
    }
}

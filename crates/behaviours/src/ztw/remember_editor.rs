//! Who has edits that wait: every staged change marks its author as editing.

use serde_json::{Map, Value};
use zuno_catalogue::handles::ztw::activation;
use zuno_engine::{Behaviour, Change, Context, Params, Stored};
use zuno_model::Fault;

/// The word for an administrator with edits that wait.
pub const EDITING: &str = "ADM_EDITING";

struct RememberEditor;

/// No parameters.
pub fn make(_: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(RememberEditor))
}

impl Behaviour for RememberEditor {
    fn after_write(&self, cx: &mut Context<'_>, _: &Change) -> Result<(), Fault> {
        remember(cx)
    }
}

/// Marks the caller as editing.
///
/// # Errors
/// The store failed.
pub fn remember(cx: &mut Context<'_>) -> Result<(), Fault> {
    let mut stored = state(cx)?;
    let me = cx.actor().name.clone();
    standing(&mut stored).insert(me, EDITING.into());
    cx.save(activation::KIND, &stored)
}

/// The tenant's one record of who stands where.
///
/// # Errors
/// The store failed.
pub fn state(cx: &Context<'_>) -> Result<Stored, Fault> {
    let kept = cx.all(activation::KIND, None)?.into_iter().next();
    Ok(kept.unwrap_or_else(|| Stored {
        id: "1".into(),
        scope: "0".into(),
        sort: String::new(),
        record: Map::new(),
    }))
}

/// Where each administrator stands, by sign-in name.
pub fn standing(stored: &mut Stored) -> &mut Map<String, Value> {
    let held = stored.record.entry(activation::ADMIN_STATUS_MAP).or_insert_with(|| Value::Object(Map::new()));
    if !held.is_object() {
        *held = Value::Object(Map::new());
    }
    held.as_object_mut().expect("it has just been made an object")
}

//! How many records one call may list: what is done to each of them keeps all other writers waiting.

use zuno_engine::Context;
use zuno_model::{Fault, Fix, Kind};

/// Refuses more than the operation that is called may list.
///
/// # Errors
/// There are more, or no operation is called.
pub fn few_enough(cx: &Context<'_>, kind: &str, field: &str, listed: usize) -> Result<(), Fault> {
    let most = cx.operation()?.at_most();
    if listed > most {
        return Err(Fault::Invalid { kind: Kind(kind.into()), field: field.into(), fix: Fix::Length(most) });
    }
    Ok(())
}

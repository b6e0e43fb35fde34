//! Behaviours without parameters.

use zuno_engine::{Behaviour, Params};

/// Makes one; a parameter that is given is refused as one that it does not ask for.
///
/// # Errors
/// None.
pub fn make<B: Behaviour + Default + 'static>(_: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(B::default()))
}

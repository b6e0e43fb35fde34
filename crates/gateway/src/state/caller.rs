//! Who holds a token, as it was when last verified.

use std::sync::Arc;

use zuno_model::{Actor, Right, Rights, Tenant};

/// Who holds a token.
#[derive(Debug)]
pub struct Caller {
    /// Whose cloud it is.
    pub tenant: Arc<Tenant>,
    /// The client as audit members name it, and what its roles let it do now.
    pub actor: Arc<Actor>,
    /// The version of the tenant's clients and roles that this was read at.
    pub read_at: u64,
}

impl Caller {
    /// What the caller may do with a product, if anything.
    pub fn right(&self, product: &str) -> Option<&Right> {
        match &self.actor.rights {
            Rights::All => None,
            Rights::Of(products) => products.get(product),
        }
    }
}

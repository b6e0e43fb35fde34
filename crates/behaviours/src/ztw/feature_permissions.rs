//! `feature-permissions`: a caller is told what its own role may see and change.

use serde_json::json;
use zuno_catalogue::handles::ztw::admin_role as role;
use zuno_engine::{Behaviour, Call, Context, Outcome, Params};
use zuno_model::Fault;

struct FeaturePermissions {
    grant: String,
}

/// No parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(FeaturePermissions { grant: params.catalogue.owner(params.resource).grant.clone() }))
}

impl Behaviour for FeaturePermissions {
    fn on_action(&self, cx: &mut Context<'_>, _: &Call) -> Result<Outcome, Fault> {
        let named = cx.actor().roles.get(&self.grant).map(String::as_str).unwrap_or_default();
        let of_name = |name: &str| named.eq_ignore_ascii_case(name);
        let roles = cx.all(role::KIND, None)?;
        let own = roles.iter().find(|stored| role::NAME.of(&stored.record).is_some_and(of_name));
        let told = own.and_then(|stored| stored.record.get(role::FEATURE_PERMISSIONS.name)).cloned();
        Ok(Outcome::Value(told.unwrap_or_else(|| json!({}))))
    }
}

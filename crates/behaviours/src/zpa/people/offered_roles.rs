//! Which roles of private access the identity service offers to API clients, and what each lets do: those that the tenant
//! made, where they were made, and in every microtenant the two that came for APIs (the name of a scope tells role and
//! microtenant: seen; that every microtenant has them is guessed).

use zuno_catalogue::Members;
use zuno_catalogue::handles::zpa::{microtenant, role};
use zuno_engine::Context;
use zuno_model::{Fault, Id, Right};

use super::role_permissions::{self, DEFAULT};

/// The roles that came with the tenant for APIs.
const FOR_APIS: [&str; 2] = ["28", "29"];

/// A role in a microtenant.
pub(crate) struct Offered {
    /// The role's id.
    pub role: String,
    /// Its name.
    pub role_name: String,
    /// The microtenant's id; `0` is Default.
    pub scope: String,
    /// Its name.
    pub scope_name: String,
}

/// All of them, but for the two of Default, which every tenant has.
///
/// # Errors
/// The store failed.
pub(crate) fn offered_roles(cx: &Context<'_>) -> Result<Vec<Offered>, Fault> {
    let microtenants = cx.all(microtenant::KIND, None)?;
    let text = |record: &zuno_model::Record, name: &str| record.text(name).unwrap_or_default().to_owned();
    let mut offered = Vec::new();
    for stored in cx.all(role::KIND, None)? {
        let system = stored.record.get(role::SYSTEM_ROLE.name) == Some(&serde_json::Value::Bool(true));
        let everywhere = system && FOR_APIS.contains(&stored.id.as_str());
        let fits = |scope: &str| match system {
            true => everywhere && scope != DEFAULT,
            false => scope == stored.scope,
        };
        for microtenant in microtenants.iter().filter(|microtenant| fits(microtenant.id.as_str())) {
            offered.push(Offered {
                role: stored.id.0.clone(),
                role_name: text(&stored.record, role::NAME.name),
                scope: microtenant.id.0.clone(),
                scope_name: text(&microtenant.record, microtenant::NAME.name),
            });
        }
    }
    Ok(offered)
}

/// What a role lets do in a microtenant; nothing where there is no such role.
///
/// # Errors
/// The store failed.
pub(crate) fn right_of_role(cx: &Context<'_>, role: &str, scope: &str) -> Result<Option<Right>, Fault> {
    match cx.get(role::KIND, &Id(role.to_owned()))? {
        Some(role) => role_permissions::right(cx, &role, scope),
        None => Ok(None),
    }
}

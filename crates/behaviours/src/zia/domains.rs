//! The domains of an organization, which `own-domain` holds addresses to.

use serde_json::json;
use zuno_catalogue::handles::zia::org_information;
use zuno_engine::Context;
use zuno_model::Fault;

/// Sets the tenant's domains, in the place of those that it had.
///
/// # Errors
/// The store failed.
pub fn set_domains(cx: &mut Context<'_>, domains: &[String]) -> Result<(), Fault> {
    let mut stored = cx.only(org_information::KIND)?;
    stored.record.insert(org_information::DOMAINS.into(), json!(domains));
    cx.save(org_information::KIND, &stored)
}

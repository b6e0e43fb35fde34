//! What an option says of the first tenant counts when it is made. On a folder that has one, an option that says otherwise
//! is refused rather than passed over.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Result, bail};

use super::Behaviour;

/// A tenant as the gateway tells of it.
type Tenant = zuno_gateway::Tenant;

/// Refuses options that the folder's tenants do not suit.
pub fn check(folder: &Path, tenants: &[Arc<Tenant>], options: &Behaviour) -> Result<()> {
    let Some(first) = tenants.first() else { return Ok(()) };
    let shown = folder.display();
    let otherwise = "leave the option out, or name a new folder with --data";
    if let Some(wanted) = &options.vanity
        && !tenants.iter().any(|tenant| tenant.vanity.eq_ignore_ascii_case(wanted))
    {
        bail!(
            "{shown} holds the tenant `{}`, and --vanity `{wanted}` is for the first start of a folder: {otherwise}; on a \
             running server `zuno tenant create {wanted}` makes a second tenant",
            first.vanity
        );
    }
    if let Some(wanted) = options.customer_id
        && !tenants.iter().any(|tenant| tenant.customer_id == wanted)
    {
        bail!(
            "{shown} holds the tenant `{}` with the ZPA customer id {}, and --customer-id {wanted} is for the first start \
             of a folder: {otherwise}",
            first.vanity,
            first.customer_id
        );
    }
    if options.bare && first.sample_fleet {
        bail!(
            "{shown} holds the tenant `{}` with the sample fleet, and --bare is for the first start of a folder: \
             {otherwise}",
            first.vanity
        );
    }
    Ok(())
}

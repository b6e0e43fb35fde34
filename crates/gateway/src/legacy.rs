//! The older sign-ins, each at the hosts of its product.

mod attempts;
mod keys;
mod private_access;
mod sessions;

use std::sync::Arc;

use crate::Cloud;
use crate::entry_point::EntryPoint;
use crate::request::Request;
use crate::respond::{Response, respond};

/// Answers what an entry point's sign-in is asked.
pub async fn answer(cloud: &Arc<Cloud>, request: &Request, entry_point: EntryPoint) -> Response {
    match entry_point {
        EntryPoint::Gateway | EntryPoint::SandboxPortal => respond(404, None, ""),
        EntryPoint::PrivateAccess => private_access::answer(cloud, request),
        EntryPoint::InternetAccess | EntryPoint::Connectors => {
            sessions::answer(cloud, request, entry_point).await
        }
        EntryPoint::ClientConnector => keys::client_connector(cloud, request),
        EntryPoint::DigitalExperience => keys::digital_experience(cloud, request),
    }
}

//! Which lists of rules private access has.

use super::super::rules::types;
use crate::words::Module;

/// The lists, with the modules that they are.
pub(super) const LISTS: [(i64, Module); 10] = [
    (types::FORWARDING, Module::ClientForwarding),
    (types::ISOLATION, Module::IsolationPolicy),
    (types::ACCESS, Module::AccessPolicy),
    (types::TIMEOUT, Module::TimeoutPolicy),
    (types::INSPECTION, Module::InspectionPolicy),
    (types::CAPABILITIES, Module::CapabilitiesPolicy),
    (types::CREDENTIALS, Module::CredentialsPolicy),
    (types::PORTAL, Module::PortalPolicy),
    (types::BROWSER_PROTECTION, Module::BrowserProtection),
    (types::REDIRECTION, Module::RedirectionPolicy),
];

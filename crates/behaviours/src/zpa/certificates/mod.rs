//! Certificates: made for a tenant, read from what callers send, and chained up to a root.

mod enrolment_chain;
mod offline_sign_in;
mod provider_certificates;

use zuno_engine::Maker;

/// By name.
pub(crate) const ALL: &[(&str, Maker)] = &[
    ("enrolment-chain", enrolment_chain::make),
    ("offline-sign-in", offline_sign_in::make),
    ("provider-certificates", provider_certificates::make),
];

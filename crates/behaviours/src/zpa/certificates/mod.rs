//! Certificates: made for a tenant, read from what callers send, and chained up to a root.

mod enrolment_chain;
mod offline_sign_in;
mod provider_certificates;

use zuno_engine::Maker;

use crate::plain;

/// By name.
pub(crate) const ALL: &[(&str, Maker)] = &[
    ("enrolment-chain", plain::make::<enrolment_chain::EnrolmentChain>),
    ("offline-sign-in", plain::make::<offline_sign_in::OfflineSignIn>),
    ("provider-certificates", plain::make::<provider_certificates::ProviderCertificates>),
];

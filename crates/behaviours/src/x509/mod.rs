//! X.509: certificates that follow from a seed, what certificates tell of themselves, and the authorities that a tenant has
//! elsewhere, which are sent a request and answer it with a certificate.

pub mod derived;
pub mod signing;
pub mod told;

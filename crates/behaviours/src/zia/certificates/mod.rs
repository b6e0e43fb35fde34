//! Certificates that sign for the sites whose traffic is inspected.

mod inspection_certificate;
mod intermediate_certificate;
mod request;
mod steps;

use zuno_engine::Maker;

/// By name.
pub(crate) const ALL: &[(&str, Maker)] = &[
    ("inspection-certificate", inspection_certificate::make),
    ("intermediate-certificate", intermediate_certificate::make),
];

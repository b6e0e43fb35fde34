//! Application segments: their names and ports, the applications within them, and whom they are moved, shared and given to.

mod applications_by_type;
mod chosen_tags;
mod domain_entries;
mod given_to_guests;
mod moved_segment;
mod multimatch;
mod port_views;
mod segment_features;
mod segment_reports;
mod sub_applications;
mod weighted_balance;

use zuno_engine::Maker;

use crate::plain;

/// By name.
pub(crate) const ALL: &[(&str, Maker)] = &[
    ("chosen-tags", chosen_tags::make),
    ("domain-entries", plain::make::<domain_entries::DomainEntries>),
    ("given-to-guests", plain::make::<given_to_guests::GivenToGuests>),
    ("moved-segment", moved_segment::make),
    ("multimatch", multimatch::make),
    ("port-views", port_views::make),
    ("segment-features", segment_features::make),
    ("segment-reports", segment_reports::make),
    ("sub-applications", sub_applications::make),
    ("weighted-balance", plain::make::<weighted_balance::WeightedBalance>),
];

//! How traffic is taken to the cloud: the sites it is taken to, the addresses it comes from, and tunnels between them.

mod city_table;
mod datacenter_exclusion;
mod duplicate;
mod geo_override;
mod geography;
mod gre_tunnel;
mod internal_ranges;
mod nearby;
mod published_datacenters;
mod published_vips;
mod sites;
mod static_address;
mod subcloud;

use zuno_engine::Maker;

use crate::plain;

/// By name.
pub const ALL: &[(&str, Maker)] = &[
    ("city-table", city_table::make),
    ("datacenter-exclusion", plain::make::<datacenter_exclusion::DatacenterExclusion>),
    ("geo-override", geo_override::make),
    ("gre-tunnel", plain::make::<gre_tunnel::GreTunnel>),
    ("published-datacenters", published_datacenters::make),
    ("published-vips", plain::make::<published_vips::PublishedVips>),
    ("static-address", static_address::make),
    ("subcloud", plain::make::<subcloud::Subcloud>),
];

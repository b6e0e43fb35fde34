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

/// By name.
pub const ALL: &[(&str, Maker)] = &[
    ("city-table", city_table::make),
    ("datacenter-exclusion", datacenter_exclusion::make),
    ("geo-override", geo_override::make),
    ("gre-tunnel", gre_tunnel::make),
    ("published-datacenters", published_datacenters::make),
    ("published-vips", published_vips::make),
    ("static-address", static_address::make),
    ("subcloud", subcloud::make),
];

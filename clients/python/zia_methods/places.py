"""Where traffic comes from: static addresses, tunnels, locations, and the service's own places."""

import time

from every_method.rows import deleted, does, found, listed, made, plain, read, refused, removed, updated

NOW = int(time.time())
QUAY = {
    "name": "Harbour quay", "description": "the first one", "country": "GERMANY", "tz": "GERMANY_EUROPE_BERLIN",
    "ip_addresses": ["192.0.2.201"], "ofw_enabled": True, "ips_control": True, "xff_forward_enabled": True,
    "auth_required": True, "surrogate_ip": True, "idle_time_in_minutes": 720, "display_time_unit": "MINUTE",
    "profile": "CORPORATE"}
NEIGHBOURS = {
    "name": "Harbour neighbours", "description": "the shipyard",
    "extranet_dns_list": [{
        "name": "resolvers", "primary_dns_server": "192.0.2.53", "secondary_dns_server": "192.0.2.54",
        "use_as_default": True}],
    "extranet_ip_pool_list": [{
        "name": "yard", "ip_start": "192.0.2.64", "ip_end": "192.0.2.95", "use_as_default": True}]}
NODE = {
    "name": "Harbour edge", "status": "ENABLED", "in_production": False, "ip_address": "10.0.0.100",
    "subnet_mask": "255.255.255.0", "default_gateway": "10.0.0.3", "type": "SMLB", "ip_sec_enabled": False,
    "on_demand_support_tunnel_enabled": False, "establish_support_tunnel_enabled": False,
    "load_balancer_ip_address": "10.0.0.50", "deployment_mode": "CLUSTER", "vzen_sku_type": "SMALL"}
CLUSTER = {
    "name": "Harbour edges", "status": "ENABLED", "ip_address": "10.0.1.100", "subnet_mask": "255.255.255.0",
    "default_gateway": "10.0.1.1", "type": "VIP", "ip_sec_enabled": False, "virtual_zen_node_ids": ["$edge"]}

ROWS = [
    plain("traffic_static_ip.check_static_ip", args=["192.0.2.201"]),
    made("address", "traffic_static_ip.add_static_ip", {"ip_address": "192.0.2.201", "comment": "of the quay"}),
    read("traffic_static_ip.get_static_ip", "address"),
    listed("traffic_static_ip.list_static_ips", "address", sent={"query_params": {"ip_address": "192.0.2.201"}}),
    refused("traffic_static_ip.update_static_ip", 409, "DUPLICATE_ITEM", "the SDK sends the address without its id",
            args=["$address"], sent={"comment": "of the whole quay"}),

    found("near", "gre_tunnel.list_vips_recommended", sent={"query_params": {"source_ip": "192.0.2.201"}}),
    plain("gre_tunnel.get_closest_diverse_vip_ids", args=["192.0.2.201"]),
    listed("gre_tunnel.list_vips", sent={"query_params": {"source_ip": "192.0.2.201"}}),
    listed("gre_tunnel.list_vip_group_by_dc", sent={"query_params": {"source_ip": "192.0.2.201"}}),
    listed("gre_tunnel.list_gre_ranges", sent={"query_params": {"static_ip": "192.0.2.201", "limit": 2}}),
    made("tunnel", "gre_tunnel.add_gre_tunnel", {
        "source_ip": "192.0.2.201", "comment": "to the nearest", "ip_unnumbered": True}),
    read("gre_tunnel.get_gre_tunnel", "tunnel"),
    listed("gre_tunnel.list_gre_tunnels", "tunnel"),
    listed("gre_tunnel.get_ip_gre_tunnel_info"),
    updated("gre_tunnel.update_gre_tunnel", "tunnel", {
        "source_ip": "192.0.2.201", "comment": "still to the nearest", "ip_unnumbered": True}),

    made("credential", "traffic_vpn_credentials.add_vpn_credential", {
        "type": "UFQDN", "fqdn": "quay@acme.example", "pre_shared_key": "only-for-this-run", "comments": "for the quay"},
         hidden=("pre_shared_key",)),
    read("traffic_vpn_credentials.get_vpn_credential", "credential"),
    listed("traffic_vpn_credentials.list_vpn_credentials", "credential", sent={"query_params": {
        "type": "UFQDN", "include_only_without_location": True}}),
    updated("traffic_vpn_credentials.update_vpn_credential", "credential", {
        "type": "UFQDN", "fqdn": "quay@acme.example", "pre_shared_key": "only-for-this-run-2", "comments": "of the quay"},
            hidden=("pre_shared_key",)),
    made("another credential", "traffic_vpn_credentials.add_vpn_credential", {
        "type": "UFQDN", "fqdn": "mole@acme.example", "pre_shared_key": "only-for-this-run"}, hidden=("pre_shared_key",)),
    removed("traffic_vpn_credentials.bulk_delete_vpn_credentials", "another credential",
            args=[lambda look: [look("another credential")]]),

    made("quay", "locations.add_location", {
        **QUAY, "vpn_credentials": [{"id": "$credential", "type": "UFQDN"}]}),
    read("locations.get_location", "quay"),
    listed("locations.list_locations", "quay", sent={"query_params": {"search": "Harbour", "page": 1, "page_size": 10}}),
    listed("locations.list_locations_lite", "quay"),
    updated("locations.update_location", "quay", {
        **QUAY, "description": "the first and oldest", "vpn_credentials": [{"id": "$credential", "type": "UFQDN"}]}),
    made("berth", "locations.add_location", {
        "name": "Harbour berth", "parent_id": "$quay", "ip_addresses": ["10.20.0.0-10.20.0.255"], "country": "GERMANY",
        "tz": "GERMANY_EUROPE_BERLIN", "up_bandwidth": 10000, "dn_bandwidth": 10000, "profile": "GUESTWIFI"}),
    listed("locations.list_sub_locations", "berth", args=["$quay"]),
    removed("locations.bulk_delete_locations", "berth", args=[lambda look: [look("berth")]]),
    found("places", "locations.list_location_groups"),
    read("locations.get_location_group", "places"),
    listed("locations.list_location_groups_lite", "places"),
    does("locations.list_location_groups_count", check=lambda value, look: value >= 1),
    does("locations.list_region_geo_coordinates", args=[53.55, 9.99],
         check=lambda value, look: value.country_code == "DE"),
    does("locations.get_geo_by_ip", args=["192.0.2.201"], check=lambda value, look: value.city_name),
    listed("locations.list_cities_by_name", sent={"query_params": {"prefix": "San Jose"}}, check=lambda value, look: value),
    refused("locations.get_supported_countries", 404, None, "the cloud does not know the path, although it is documented"),

    found("datacenter", "traffic_datacenters.list_datacenters", where=lambda each: each.name == "SJC4"),
    does("traffic_datacenters.add_dc_exclusion", sent={
        "dcid": "$datacenter", "start_time": NOW + 3600, "end_time": NOW + 7200, "description": "while it is moved"}),
    listed("traffic_datacenters.list_dc_exclusions", check=lambda value, look: value),
    does("traffic_datacenters.update_dc_exclusion", args=["$datacenter"], sent={
        "start_time": NOW + 3600, "end_time": NOW + 9000, "description": "while it is moved twice"}),
    does("traffic_datacenters.delete_dc_exclusion", args=["$datacenter"]),

    found("subcloud", "sub_clouds.list_sub_clouds"),
    does("sub_clouds.update_sub_clouds", args=["$subcloud"], sent={"exclusions": []}),
    does("sub_clouds.get_sub_cloud_last_dc_in_country", args=["$subcloud"], sent={"query_params": {"dc_id": [1]}}),

    made("neighbours", "traffic_extranet.add_extranet", NEIGHBOURS),
    read("traffic_extranet.get_extranet", "neighbours"),
    listed("traffic_extranet.list_extranets", "neighbours", sent={"query_params": {"search": "Harbour"}}),
    updated("traffic_extranet.update_extranet", "neighbours", {**NEIGHBOURS, "description": "both shipyards"}),
    deleted("traffic_extranet.delete_extranet", "neighbours"),

    does("ipv6_config.get_ipv6_config"),
    listed("ipv6_config.list_dns64_prefix"),
    listed("ipv6_config.list_nat64_prefix"),

    made("edge", "vzen_nodes.add_zen_node", NODE),
    read("vzen_nodes.get_zen_node", "edge"),
    listed("vzen_nodes.list_zen_nodes", "edge"),
    updated("vzen_nodes.update_zen_node", "edge", {**NODE, "default_gateway": "10.0.0.4"}),
    made("edges", "vzen_clusters.add_vzen_cluster", CLUSTER),
    read("vzen_clusters.get_vzen_cluster", "edges"),
    listed("vzen_clusters.list_vzen_clusters", "edges"),
    updated("vzen_clusters.update_vzen_cluster", "edges", {**CLUSTER, "default_gateway": "10.0.1.2"}),
    deleted("vzen_clusters.delete_vzen_cluster", "edges"),
    deleted("vzen_nodes.delete_zen_node", "edge"),
]

AFTER = [
    deleted("locations.delete_location", "quay"),
    deleted("traffic_vpn_credentials.delete_vpn_credential", "credential"),
    deleted("gre_tunnel.delete_gre_tunnel", "tunnel"),
    deleted("traffic_static_ip.delete_static_ip", "address"),
]

"""What rules name: groups of addresses, pools, services."""

from every_method.rows import broken, does, listed, made, removed

RECEIVERS = {
    "name": "Harbour receivers", "description": "stores", "type": "DSTN_IP",
    "addresses": ["203.0.113.0/25", "203.0.113.131"]}

ROWS = [
    made("receivers", "ip_destination_groups.add_ip_destination_group", RECEIVERS),
    listed("ip_destination_groups.list_ip_destination_groups", "receivers"),
    listed("ip_destination_groups.list_ip_destination_groups_lite", "receivers"),
    does("ip_destination_groups.update_ip_destination_group", args=["$receivers"], sent={
        **RECEIVERS, "description": "all stores"}, check=lambda value, look: value.description == "all stores"),
    made("senders", "ip_source_groups.add_ip_source_group", {
        "name": "Harbour senders", "description": "cranes", "ip_addresses": ["198.51.100.0/24", "192.0.2.1"]}),
    listed("ip_source_groups.list_ip_source_groups", "senders", sent={"query_params": {"search": "Harbour"}}),
    listed("ip_source_groups.list_ip_source_groups_lite", "senders"),
    made("pool", "ip_groups.add_ip_group", {
        "name": "Harbour pool", "description": "of addresses", "ip_addresses": ["198.51.100.0/24"]}),
    listed("ip_groups.list_ip_groups", "pool", sent={"query_params": {"search": "Harbour"}}),
    listed("ip_groups.list_ip_groups_lite", "pool"),
    made("winch", "nw_service.add_network_service", {
        "name": "Harbour winch", "description": "pulls", "ports": [("dest", "tcp", "3389"), ("dest", "udp", "90", "99")]},
         hidden=("ports",), like={"dest_tcp_ports": [{"start": 3389}], "dest_udp_ports": [{"start": 90, "end": 99}]}),
    listed("nw_service.list_network_services", "winch", sent={"query_params": {"search": "Harbour"}}),
    does("nw_service.update_network_service", args=["$winch"], sent={
        "name": "Harbour winch", "description": "pulls more", "ports": [("dest", "tcp", "3390")]}),
    listed("nw_service_groups.list_network_svc_groups"),
    broken("workload_groups.list_groups", "CommonBlocks",
           why="the SDK's reader of groups names a type that it does not have"),
]

AFTER = [
    removed("nw_service.delete_network_service", "winch", args=["$winch"]),
    removed("ip_groups.delete_ip_group", "pool", args=["$pool"]),
    removed("ip_source_groups.delete_ip_source_group", "senders", args=["$senders"]),
    removed("ip_destination_groups.delete_ip_destination_group", "receivers", args=["$receivers"]),
]

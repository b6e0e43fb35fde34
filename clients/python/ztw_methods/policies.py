"""Where connectors send traffic: gateways and forwarding rules."""

from every_method.rows import does, listed, made, removed

RULE = {
    "name": "Harbour direct", "description": "goes out by itself", "order": 1, "rank": 7, "enabled": True,
    "forward_method": "DIRECT", "src_ips": ["192.0.2.0/24"], "dest_addresses": ["203.0.113.0/28"],
    "ec_groups": ["$connectors"], "src_ip_groups": ["$senders"], "dest_ip_groups": ["$receivers"],
    "nw_services": ["$winch"]}

ROWS = [
    made("gateway", "forwarding_gateways.add_gateway", {
        "name": "Harbour gateway", "description": "to internet access", "type": "ZIA", "fail_closed": True,
        "primary_type": "AUTO", "secondary_type": "AUTO"}),
    listed("forwarding_gateways.list_gateways", "gateway"),
    listed("forwarding_gateways.list_gateway_lite", "gateway"),
    removed("forwarding_gateways.delete_gateway", "gateway", args=["$gateway"]),
    made("rule", "forwarding_rules.add_rule", RULE),
    listed("forwarding_rules.list_rules", "rule", sent={"query_params": {"search": "harbour"}}),
    does("forwarding_rules.update_rule", args=["$rule"], sent={**RULE, "description": "goes out alone"},
         check=lambda value, look: value.description == "goes out alone"),
    removed("forwarding_rules.delete_rule", "rule", args=["$rule"]),
]

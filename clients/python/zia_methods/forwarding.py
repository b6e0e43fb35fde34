"""Where traffic goes: forwarding rules, gateways to private access, proxies, PAC files, shares of bandwidth."""

from every_method.rows import deleted, does, listed, made, read, removed, updated

DIRECT = {
    "name": "Harbour direct", "description": "goes out by itself", "order": 1, "rank": 7, "enabled": True,
    "type": "FORWARDING", "forward_method": "DIRECT", "src_ips": ["192.0.2.0/24"], "dest_addresses": ["203.0.113.0/28"],
    "groups": ["$crew"], "departments": ["$office"], "labels": ["$label"], "locations": ["$quay"],
    "src_ip_groups": ["$senders"], "dest_ip_groups": ["$receivers"], "nw_services": ["$winch"]}
GATEWAY = {
    "name": "Harbour gateway", "description": "to the inner harbour",
    "zpa_server_group": {"name": "SIPA", "external_id": "216196257331282020"},
    "zpa_app_segments": [{"name": "docs.example.com", "external_id": "216196257331282027"}]}
PROXY = {
    "name": "Harbour proxy", "description": "of the shipyard", "type": "PROXYCHAIN", "address": "192.0.2.80", "port": 3128,
    "insert_xau_header": True, "base64_encode_xau_header": True}
SHARE = {
    "name": "Harbour share", "description": "of the wire", "order": 1, "rank": 7, "enabled": True, "max_bandwidth": 80,
    "min_bandwidth": 20, "bandwidth_class_ids": ["$films"], "protocols": ["WEBSOCKETSSL_RULE"], "labels": ["$label"],
    "locations": ["$quay"]}
FILMS = {
    "name": "Harbour films", "urls": ["films.harbour.example"], "url_categories": ["ADULT_THEMES"],
    "web_applications": ["ACADEMICGPT"]}
SCRIPT = 'function FindProxyForURL(url, host) { return "DIRECT"; }'
OTHER_SCRIPT = 'function FindProxyForURL(url, host) { return "PROXY ${GATEWAY}:80; DIRECT"; }'

ROWS = [
    made("direct", "forwarding_control.add_rule", DIRECT),
    read("forwarding_control.get_rule", "direct"),
    listed("forwarding_control.list_rules", "direct", sent={"query_params": {"search": "harbour"}}),
    updated("forwarding_control.update_rule", "direct", {**DIRECT, "description": "goes out alone"}),
    deleted("forwarding_control.delete_rule", "direct"),
    made("gateway", "zpa_gateway.add_gateway", GATEWAY),
    read("zpa_gateway.get_gateway", "gateway"),
    listed("zpa_gateway.list_gateways", "gateway", sent={"query_params": {"search": "Harbour"}}),
    updated("zpa_gateway.update_gateway", "gateway", {**GATEWAY, "description": "to the outer harbour"}),
    deleted("zpa_gateway.delete_gateway", "gateway"),
    made("proxy", "proxies.add_proxy", PROXY),
    read("proxies.get_proxy", "proxy"),
    listed("proxies.list_proxies", "proxy", sent={"query_params": {"search": "Harbour"}}),
    listed("proxies.list_proxies_lite", "proxy"),
    updated("proxies.update_proxy", "proxy", {**PROXY, "port": 3129}),
    deleted("proxies.delete_proxy", "proxy"),
    listed("proxies.list_proxy_gateways"),
    listed("proxies.list_proxy_gateway_lite"),
    listed("dedicated_ip_gateways.list_dedicated_ip_gw_lite"),

    made("films", "bandwidth_classes.add_class", FILMS),
    read("bandwidth_classes.get_class", "films"),
    listed("bandwidth_classes.list_classes", "films", sent={"query_params": {"search": "harbour"}}),
    listed("bandwidth_classes.list_classes_lite", "films"),
    updated("bandwidth_classes.update_class", "films", {**FILMS, "urls": ["films2.harbour.example"]}),
    made("share", "bandwidth_control_rules.add_rule", SHARE),
    read("bandwidth_control_rules.get_rule", "share"),
    listed("bandwidth_control_rules.list_rules", "share"),
    listed("bandwidth_control_rules.list_rules_lite", "share"),
    updated("bandwidth_control_rules.update_rule", "share", {**SHARE, "max_bandwidth": 90}),
    deleted("bandwidth_control_rules.delete_rule", "share"),
    deleted("bandwidth_classes.delete_class", "films"),

    does("pac_files.validate_pac_file", args=[SCRIPT], check=lambda value, look: value.success and value.error_count == 0),
    made("script", "pac_files.add_pac_file", {
        "name": "harbour.pac", "description": "ways out", "domain": "acme.example", "pac_commit_message": "first",
        "pac_verification_status": "VERIFY_NOERR", "pac_version_status": "DEPLOYED", "pac_content": SCRIPT}),
    read("pac_files.get_pac_file_version", "script", args=["$script", 1]),
    listed("pac_files.get_pac_file", "script", args=["$script"]),
    listed("pac_files.list_pac_files", "script", sent={"query_params": {"search": "harbour"}}),
    does("pac_files.clone_pac_file", args=["$script", "1", OTHER_SCRIPT, "STAGE"],
         check=lambda value, look: str(value.pac_version) == "2"),
    does("pac_files.update_pac_file", args=["$script", 2, "DEPLOY"]),
    does("pac_files.get_pac_file_version", args=["$script", 2],
         check=lambda value, look: value.pac_version_status == "DEPLOYED" and value.pac_content == OTHER_SCRIPT),
    removed("pac_files.delete_pac_file", "script", args=["$script"]),
]

"""The firewall: its objects, and the rules of its four policies and of traffic capture."""

import os
import tempfile

from every_method.rows import deleted, does, found, listed, made, plain, read, updated

FOLDER = tempfile.TemporaryDirectory()  # for the method that writes a file
SIGNATURE = {
    "name": "Harbour signature", "description": "doors that are tried",
    "rule_text": 'alert http any any -> any any (msg:"door"; content:"/admin"; http_uri; nocase; sid:1000010; rev:1;)',
    "category": {"id": "$sort"}, "enabled": True}
RESOLVER = {
    "name": "Harbour resolver", "primary_ip_or_fqdn": "192.0.2.53", "secondary_ip_or_fqdn": "192.0.2.54",
    "failure_behavior": "FAIL_RET_ERR", "protocols": ["TCP", "UDP", "DOH"], "primary_ports": ["53", "53", "443"],
    "secondary_ports": ["53", "53", "443"]}
WHERE = {
    "order": 1, "rank": 7, "enabled": True, "src_ips": ["192.0.2.0/24", "198.51.100.7"], "dest_countries": ["COUNTRY_CA"],
    "groups": ["$crew"], "departments": ["$office"], "labels": ["$label"], "locations": ["$quay"],
    "time_windows": ["$working hours"], "src_ip_groups": ["$senders"], "dest_ip_groups": ["$receivers"]}
RULE = {
    **WHERE, "name": "Harbour cranes", "description": "may be driven", "action": "ALLOW", "enable_full_logging": True,
    "dest_addresses": ["203.0.113.0-203.0.113.255", "crane.harbour.example", "*.harbour.example"],
    "dest_ip_categories": ["BOTNET", "MALWARE_SITE", "PHISHING", "SUSPICIOUS_DESTINATION"],
    "nw_services": ["$winch"], "nw_service_groups": ["$winches"],
    "nw_application_groups": ["$protocols"], "device_trust_levels": ["LOW_TRUST", "HIGH_TRUST"],
    "exclude_src_countries": True, "source_countries": ["COUNTRY_AD", "COUNTRY_AE"]}
NAMES = {
    **WHERE, "name": "Harbour names", "description": "are looked up", "action": "REDIR_REQ", "redirect_ip": "192.0.2.53",
    "dest_ip_categories": ["BOTNET"], "res_categories": ["MALWARE_SITE"]}
PREVENTION = {
    **WHERE, "name": "Harbour watch", "description": "nobody breaks in", "action": "BLOCK_DROP",
    "enable_full_logging": True, "capture_pcap": False, "nw_services": ["$winch"]}
REDIRECTION = {
    **WHERE, "name": "Harbour detour", "description": "to the other quay", "redirect_ip": "192.0.2.77",
    "redirect_port": 8443, "nw_services": ["$winch"]}
CAPTURE = {
    **WHERE, "name": "Harbour camera", "description": "at the gate", "action": "CAPTURE",
    "txn_size_limit": "THIRTY_TWO_MB", "txn_sampling": "TEN_PERCENT", "nw_services": ["$winch"]}

ROWS = [
    made("senders", "cloud_firewall.add_ip_source_group", {
        "name": "Harbour senders", "description": "cranes", "ip_addresses": ["192.0.2.1", "192.0.2.2"]}),
    read("cloud_firewall.get_ip_source_group", "senders"),
    listed("cloud_firewall.list_ip_source_groups", "senders", sent={"query_params": {"search": "Harbour"}}),
    listed("cloud_firewall.list_ip_source_groups_lite", "senders"),
    listed("cloud_firewall.list_ipv6_source_groups"),
    listed("cloud_firewall.list_ipv6_source_groups_lite"),
    updated("cloud_firewall.update_ip_source_group", "senders", {
        "name": "Harbour senders", "description": "all cranes", "ip_addresses": ["192.0.2.1", "192.0.2.2", "192.0.2.4"]}),
    made("receivers", "cloud_firewall.add_ip_destination_group", {
        "name": "Harbour receivers", "description": "stores", "type": "DSTN_IP",
        "addresses": ["203.0.113.1", "203.0.113.2"]}),
    read("cloud_firewall.get_ip_destination_group", "receivers"),
    listed("cloud_firewall.list_ip_destination_groups", "receivers"),
    listed("cloud_firewall.list_ip_destination_groups_lite", "receivers"),
    listed("cloud_firewall.list_ipv6_destination_groups"),
    listed("cloud_firewall.list_ipv6_destination_groups_lite"),
    updated("cloud_firewall.update_ip_destination_group", "receivers", {
        "name": "Harbour receivers", "description": "all stores", "type": "DSTN_IP", "addresses": ["203.0.113.1"]}),
    found("protocol", "cloud_firewall.list_network_apps", sent={"query_params": {"search": "http"}}),
    read("cloud_firewall.get_network_app", "protocol"),
    made("protocols", "cloud_firewall.add_network_app_group", {
        "name": "Harbour protocols", "description": "of cranes", "network_applications": ["$protocol"]}),
    read("cloud_firewall.get_network_app_group", "protocols"),
    listed("cloud_firewall.list_network_app_groups", "protocols", sent={"query_params": {"search": "Harbour"}}),
    updated("cloud_firewall.update_network_app_group", "protocols", {
        "name": "Harbour protocols", "description": "of all cranes", "network_applications": ["$protocol"]}),
    made("winch", "cloud_firewall.add_network_service", {
        "name": "Harbour winch", "description": "pulls", "ports": [
            ("dest", "tcp", "3389"), ("dest", "udp", "3390", "3399"), ("src", "tcp", "1024", "65535")]},
         hidden=("ports",), like={
             "dest_tcp_ports": [{"start": 3389}], "dest_udp_ports": [{"start": 3390, "end": 3399}],
             "src_tcp_ports": [{"start": 1024, "end": 65535}]}),
    read("cloud_firewall.get_network_service", "winch"),
    listed("cloud_firewall.list_network_services", "winch", sent={"query_params": {"search": "Harbour"}}),
    listed("cloud_firewall.list_network_services_lite", "winch"),
    updated("cloud_firewall.update_network_service", "winch", {
        "name": "Harbour winch", "description": "pulls more", "ports": [("dest", "tcp", "3389", "3390")]},
            hidden=("ports",), like={"dest_tcp_ports": [{"start": 3389, "end": 3390}]}),
    made("winches", "cloud_firewall.add_network_svc_group", {
        "name": "Harbour winches", "description": "pull", "service_ids": ["$winch"]}),
    read("cloud_firewall.get_network_svc_group", "winches"),
    listed("cloud_firewall.list_network_svc_groups", "winches", sent={"query_params": {"search": "Harbour"}}),
    listed("cloud_firewall.list_network_svc_groups_lite", "winches"),
    updated("cloud_firewall.update_network_svc_group", "winches", {
        "name": "Harbour winches", "description": "pull more", "service_ids": ["$winch"]}),

    made("rule", "cloud_firewall_rules.add_rule", RULE),
    read("cloud_firewall_rules.get_rule", "rule"),
    listed("cloud_firewall_rules.list_rules", "rule", sent={"query_params": {"rule_name": "Harbour cranes"}}),
    updated("cloud_firewall_rules.update_rule", "rule", {**RULE, "action": "BLOCK_DROP", "enabled": False},
            kept_back="the SDK loses labels"),
    deleted("cloud_firewall_rules.delete_rule", "rule"),
    made("names", "cloud_firewall_dns.add_rule", NAMES),
    read("cloud_firewall_dns.get_rule", "names"),
    listed("cloud_firewall_dns.list_rules", "names", sent={"query_params": {"search": "harbour"}}),
    updated("cloud_firewall_dns.update_rule", "names", {**NAMES, "redirect_ip": "192.0.2.54"}),
    deleted("cloud_firewall_dns.delete_rule", "names"),
    made("watch", "cloud_firewall_ips.add_rule", PREVENTION),
    read("cloud_firewall_ips.get_rule", "watch"),
    listed("cloud_firewall_ips.list_rules", "watch"),
    updated("cloud_firewall_ips.update_rule", "watch", {**PREVENTION, "action": "ALLOW"}),
    deleted("cloud_firewall_ips.delete_rule", "watch"),
    made("detour", "nat_control_policy.add_rule", REDIRECTION),
    read("nat_control_policy.get_rule", "detour"),
    listed("nat_control_policy.list_rules", "detour"),
    updated("nat_control_policy.update_rule", "detour", {**REDIRECTION, "redirect_port": 8444}),
    deleted("nat_control_policy.delete_rule", "detour"),
    # The SDK reads a rule's services as texts.
    made("camera", "traffic_capture.add_rule", CAPTURE, hidden=("nw_services",)),
    read("traffic_capture.get_rule", "camera"),
    listed("traffic_capture.list_rules", "camera"),
    updated("traffic_capture.update_rule", "camera", {**CAPTURE, "description": "at both gates"}, hidden=("nw_services",),
            kept_back="it is not read"),
    does("traffic_capture.list_traffic_capture_rule_order", check=lambda value, look: value["maxOrderConfigured"] >= 1),
    listed("traffic_capture.traffic_capture_rule_count"),
    listed("traffic_capture.list_rule_labels"),
    deleted("traffic_capture.delete_rule", "camera"),

    made("resolver", "dns_gatways.add_dns_gateway", RESOLVER),
    read("dns_gatways.get_dns_gateways", "resolver"),
    listed("dns_gatways.list_dns_gateways", "resolver", sent={"query_params": {"search": "harbour"}}),
    updated("dns_gatways.update_dns_gateway", "resolver", {**RESOLVER, "primary_ip_or_fqdn": "192.0.2.55"}),
    deleted("dns_gatways.delete_dns_gateway", "resolver"),
    made("lookups", "dns_application_groups.add_group", {
        "name": "Harbour lookups", "description": "of names", "dns_applications": ["$protocol"]},
         shown={"dns_applications": "applications"}),
    read("dns_application_groups.get_group", "lookups"),
    listed("dns_application_groups.list_groups", "lookups"),
    updated("dns_application_groups.update_group", "lookups", {
        "name": "Harbour lookups", "description": "of all names", "dns_applications": ["$protocol"]},
            shown={"dns_applications": "applications"}),
    deleted("dns_application_groups.delete_group", "lookups"),

    found("sort", "ips_categories.list_categories", sent={"query_params": {"page": 1, "page_size": 50}}),
    does("ips_signature_rules.validate_ips_signature_rule", args=[SIGNATURE["rule_text"]],
         check=lambda value, look: value.status == 0),
    made("signature", "ips_signature_rules.add_ips_signature_rule", SIGNATURE),
    read("ips_signature_rules.get_ips_signature_rule", "signature"),
    listed("ips_signature_rules.list_ips_signature_rules", "signature"),
    updated("ips_signature_rules.update_ips_signature_rule", "signature", {**SIGNATURE, "description": "all doors"}),
    plain("ips_signature_rules.export_custom_ips_signatures", args=[os.path.join(FOLDER.name, "signatures.csv")],
          check=lambda value, look: value),
    deleted("ips_signature_rules.delete_ips_signature_rule", "signature"),
]

AFTER = [
    deleted("cloud_firewall.delete_network_svc_group", "winches"),
    deleted("cloud_firewall.delete_network_service", "winch"),
    deleted("cloud_firewall.delete_network_app_group", "protocols"),
    deleted("cloud_firewall.delete_ip_destination_group", "receivers"),
    deleted("cloud_firewall.delete_ip_source_group", "senders"),
]

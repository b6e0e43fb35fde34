"""What the agent does: profiles, trusted networks, and what bypasses it."""

from every_method.rows import does, found, listed

NETWORK = {
    "active": True, "network_name": "Harbour network", "dns_servers": "10.11.12.13, 10.11.12.14",
    "dns_search_domains": "one.harbour.example, two.harbour.example", "hostnames": "", "trusted_subnets": "",
    "trusted_gateways": "", "trusted_dhcp_servers": ""}


def called(name, attribute="name"):
    return lambda each: getattr(each, attribute) == name


ROWS = [
    does("trusted_networks.add_trusted_network", sent=NETWORK),
    # The answer tells nothing of what was made; the list does.
    found("network", "trusted_networks.list_by_company", where=called("Harbour network", "network_name"), sent={
        "query_params": {"search": "Harbour"}}),
    does("trusted_networks.update_trusted_network", sent={**NETWORK, "id": "$network", "dns_servers": "10.11.12.15"}),
    found("network", "trusted_networks.list_by_company", where=lambda each: each.dns_servers == "10.11.12.15"),
    does("trusted_networks.delete_trusted_network", args=["$network"]),

    does("forwarding_profile.update_forwarding_profile", sent={
        "name": "Harbour forwarding", "active": 1, "hostname": "server.harbour.example",
        "resolved_ips_for_hostname": "192.0.2.1", "forwarding_profile_actions": [{"network_type": 1, "action_type": 1}]}),
    found("forwarding", "forwarding_profile.list_by_company", where=called("Harbour forwarding"), sent={
        "query_params": {"search": "Harbour"}}),
    does("forwarding_profile.delete_forwarding_profile", args=["$forwarding"]),
    found("fail open", "fail_open_policy.list_by_company"),
    does("fail_open_policy.update_failopen_policy", sent={
        "id": "$fail open", "active": "1", "captive_portal_web_sec_disable_minutes": "10",
        "enable_captive_portal_detection": "1", "enable_fail_open": "1", "tunnel_failure_retry_count": "25"}),

    found("profile", "application_profiles.get_application_profiles", sent={"query_params": {"page_size": "10"}}),
    does("application_profiles.get_application_profile", args=["$profile"]),
    does("application_profiles.update_application_profile", args=["$profile"], sent={
        "enforce_split_dns": 1, "custom_dns": "192.0.2.53,192.0.2.54"}),
    found("policy", "web_policy.list_by_company", sent={"query_params": {"device_type": "windows"}}),
    does("web_policy.web_policy_edit", sent={
        "name": "Harbour policy", "device_type": 3, "rule_order": 1, "active": "1", "description": "of the port",
        "log_mode": -1, "log_level": 0, "log_file_size": 100, "reauth_period": 8}),
    does("web_policy.activate_web_policy", sent={"device_type": "windows", "policy_id": "1"}),
    does("web_policy.delete_web_policy", args=["1"]),

    found("own", "custom_ip_base_apps.get_custom_ip_base_apps"),
    does("custom_ip_base_apps.get_custom_ip_base_app", args=["$own"]),
    found("vendor's", "predefined_ip_based_apps.get_predefined_ip_based_apps"),
    does("predefined_ip_based_apps.get_predefined_ip_based_app", args=["$vendor's"]),
    found("process", "process_based_apps.get_process_based_apps"),
    does("process_based_apps.get_process_based_app", args=["$process"]),
    listed("web_app_service.list_by_company"),
]

"""What a tenant is born with and what follows from its licences: read, hardly ever written."""

from every_method.rows import does, found, listed, made, deleted, read, updated

ROWS = [
    does("customer_controller.get_auth_domains", check=lambda value, look: value["authDomains"]),
    does("stepup_auth_level.get_step_up_auth_levels"),
    does("workload_tag_group.get_workload_tag_group_summary"),
    listed("customer_dr_tool.list_latest_dr_tool_versions"),
    listed("npn_client_controller.list_vpn_connected_users"),
    does("one_identity.list_iamidpmappings"),

    found("release", "customer_version_profile.list_version_profiles", where=lambda each: each.name == "New Release"),
    does("customer_version_profile.update_version_profile", args=("$release", False)),
    does("customer_version_profile.get_associated_version_profile",
         check=lambda value, look: value.id == look("release")),
    found("default release", "customer_version_profile.list_version_profiles",
          where=lambda each: each.name == "Default"),
    does("customer_version_profile.update_version_profile", args=("$default release", True)),

    made("microtenant", "microtenants.add_microtenant", {
        "name": "Harbour subsidiary", "description": "a company of its own", "enabled": True,
        "privileged_approvals_enabled": True}),
    read("microtenants.get_microtenant", "microtenant"),
    listed("microtenants.list_microtenants", "microtenant"),
    listed("microtenants.get_microtenant_summary", "microtenant"),
    does("microtenants.get_microtenant_search", sent={
        "filter_by": [{"filter_name": "name", "operator": "LIKE", "values": ["Harbour"]}],
        "page_by": {"page": 1, "page_size": 20}, "sort_by": {"sort_name": "name", "sort_order": "ASC"}}),
    updated("microtenants.update_microtenant", "microtenant", {
        "name": "Harbour subsidiary", "description": "bought in spring", "enabled": True,
        "privileged_approvals_enabled": True}),
]

AFTER = [
    deleted("microtenants.delete_microtenant", "microtenant"),
]

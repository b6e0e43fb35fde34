"""Protection of data on devices: applications, printers and drives, their groups, and the rules."""

from every_method.rows import deleted, does, found, listed, made, read, removed, updated

PRINTER = {
    "name": "Harbour printer", "description": "of the office", "channel": "PRINTING",
    "printer": {"unc": "//print.harbour.example/first", "ip_address": "192.0.2.90"}}
KINDS = {"name": "Harbour printers", "description": "all of them", "channel": "PRINTING"}
PAPER = {
    "name": "Harbour paper", "description": "is not printed", "state": "ENABLED", "order": 1, "rank": 7, "action": "BLOCK",
    "device_trust_levels": ["ANY"], "severity": "RULE_SEVERITY_HIGH", "data_transfer_method": "PRINTING",
    "dlp_engines": [{"id": "$engine"}]}
OWN = {
    "name": "Harbour app", "description": "of the cranes", "channel": "APPLICATION_FILE_ACCESS",
    "application": {"os_type": "EPTDLP_RESOURCE_APP_OS_WINDOWS_OS", "file_name": "crane.exe", "digitally_signed": True}}

ROWS = [
    found("program", "endpoint_applications.list_applications"),
    listed("endpoint_applications.list_applications_lite"),
    does("endpoint_applications.get_application_count"),
    does("endpoint_applications.get_cloud_apps_count"),
    listed("endpoint_applications.get_application_policies", sent={"query_params": {"resourceId": [1]}}),
    listed("endpoint_applications.list_categories_with_non_empty_apps", check=lambda value, look: "BUSINESS" in value),
    made("crane", "endpoint_custom_apps.add_custom_app", OWN),
    does("endpoint_custom_apps.list_custom_apps"),
    does("endpoint_custom_apps.get_custom_app", args=["$crane"]),
    does("endpoint_custom_apps.update_custom_app", args=["$crane"], sent={**OWN, "description": "of all cranes"}),
    removed("endpoint_custom_apps.delete_custom_app", "crane", args=["$crane"]),
    made("crane apps", "endpoint_application_groups.add_group", {
        "name": "Harbour apps", "description": "of the cranes", "channel": "APPLICATION_FILE_ACCESS",
        "resources": [{"app_id": "90001"}]}, hidden=("resources",)),
    listed("endpoint_application_groups.list_groups", check=lambda value, look: any(
        group.name == "Harbour apps" and group.end_point_applications for group in value)),
    does("endpoint_application_groups.update_group", args=["$crane apps"], sent={
        "name": "Harbour apps", "description": "of all cranes"}),
    does("endpoint_application_groups.update_application_group_resources", args=["$crane apps"], sent={
        "resources_to_be_added": [lambda look: look("program.resource_id")], "resources_to_be_deleted": []}),
    listed("endpoint_application_groups.get_application_group_policies", sent={
        "query_params": {"resourceId": ["$crane apps"]}}),
    removed("endpoint_application_groups.delete_group", "crane apps", args=["$crane apps"]),

    made("printer", "dlp_endpoint_resource.add_resource", PRINTER),
    read("dlp_endpoint_resource.get_resource_by_channel", "printer", args=["PRINTING", "$printer"]),
    listed("dlp_endpoint_resource.list_resources_by_channel", "printer", args=["PRINTING"]),
    updated("dlp_endpoint_resource.update_resource", "printer", {**PRINTER, "description": "of both offices"}),
    made("printers", "endpoint_dlp_resource_groups.add_group", KINDS),
    listed("endpoint_dlp_resource_groups.list_resource_group_tags", "printers", args=["PRINTING"]),
    does("endpoint_dlp_resource_groups.update_dlp_resources_by_tag", args=["$printers"], sent={
        "resources_to_be_added": ["$printer"], "resources_to_be_deleted": []}),
    listed("endpoint_dlp_resource_groups.get_resource_group_tags", "printers", args=["$printer"]),
    listed("endpoint_dlp_resource_groups.get_dlp_resources_by_tag", "printer", args=["$printers"]),
    does("endpoint_dlp_resource_groups.update_group", args=["$printers"], sent={**KINDS, "description": "each of them"}),
    removed("endpoint_dlp_resource_groups.delete_group", "printers", args=["$printers"]),
    deleted("dlp_endpoint_resource.delete_resource", "printer"),

    listed("endpoint_dlp_rules.list_file_type_categories", sent={"query_params": {"external": True}}),
    made("paper", "endpoint_dlp_rules.add_rule", PAPER),
    read("endpoint_dlp_rules.get_rule", "paper"),
    listed("endpoint_dlp_rules.list_rules", "paper"),
    updated("endpoint_dlp_rules.update_rule", "paper", {**PAPER, "action": "ALLOW"}),
    made("draft", "endpoint_dlp_sub_rules.add_sub_rule", {
        **PAPER, "name": "Harbour drafts"}, args=["$paper"]),
    does("endpoint_dlp_sub_rules.update_sub_rule", args=["$paper", "$draft"], sent={
        **PAPER, "name": "Harbour drafts", "description": "are"}),
    removed("endpoint_dlp_sub_rules.delete_sub_rule", "draft", args=["$paper", "$draft"]),
    deleted("endpoint_dlp_rules.delete_rule", "paper"),
]

"""The company's own: administrators, entitlements, privacy."""

from every_method.rows import does, listed, plain, refused

SILENT = "the cloud knows no such path, although it is documented"

ROWS = [
    listed("company.get_company_info"),
    listed("admin_user.list_admin_users", sent={"query_params": {"user_type": "1", "page": 1, "page_size": 10}}),
    listed("admin_user.list_admin_roles", check=lambda value, look: value),
    does("admin_user.get_admin_user_sync_info", check=lambda value, look: value.company_id),
    refused("admin_user.sync_zia_zdx_admin_users", 404, None, SILENT),
    refused("admin_user.sync_zpa_admin_users", 404, None, SILENT),
    listed("entitlements.get_zdx_group_entitlements"),
    listed("entitlements.get_zpa_group_entitlements"),
    refused("entitlements.update_zdx_group_entitlement", 404, None, SILENT),
    refused("entitlements.update_zpa_group_entitlement", 404, None, SILENT),
    plain("web_privacy.get_web_privacy", check=lambda value, look: value),
    does("web_privacy.set_web_privacy_info", sent={
        "active": "1", "collect_user_info": "1", "collect_machine_hostname": "1", "collect_zdx_location": "1",
        "enable_packet_capture": "1", "disable_crashlytics": "1", "override_t2_protocol_setting": "1",
        "restrict_remote_packet_capture": "0", "grant_access_to_zscaler_log_folder": "0",
        "export_logs_for_non_admin": "1", "enable_auto_log_snippet": "0"}),
]

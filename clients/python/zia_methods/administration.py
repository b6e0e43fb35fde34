"""The tenant's own: activation, administrators and roles, alerts, and what holds for everybody."""

import time

from every_method.rows import deleted, does, found, kept, listed, made, read, refused, removed, updated

ALL = ["CRITICAL", "MAJOR", "INFO", "MINOR", "DEBUG"]
ROLE = {
    "name": "Harbour auditor", "policy_access": "READ_ONLY", "dashboard_access": "READ_ONLY", "report_access": "NONE",
    "analysis_access": "READ_ONLY", "username_access": "READ_ONLY", "device_info_access": "READ_ONLY",
    "admin_acct_access": "NONE", "alerting_access": "READ_ONLY", "role_type": "ORG_ADMIN", "logs_limit": "UNRESTRICTED",
    "is_auditor": False, "report_time_duration": -1, "feature_permissions": {"FIREWALL_CONTROL": "READ_ONLY"}}
ALERT = {
    "description": "Harbour alerts", "email": "alerts@acme.example", "pt0_severities": ["CRITICAL"],
    "secure_severities": ALL, "manage_severities": ["CRITICAL", "MAJOR"], "comply_severities": ALL,
    "system_severities": ["CRITICAL"]}

ZIDENTITY = "passwords are ZIdentity's affair"

ROWS = [
    does("activate.status", check=lambda value, look: value.status in ("ACTIVE", "PENDING")),
    does("activate.activate", check=lambda value, look: value.status == "ACTIVE"),
    found("licence", "activate.get_eusa_status"),
    does("activate.update_eusa_status", args=["$licence"], sent={
        "version": lambda look: {"id": 1}, "accepted_status": True}),

    does("organization_information.get_organization_information", check=lambda value, look: value.name),
    does("organization_information.get_org_info_lite"),
    # The answer is a list, of which the SDK makes one subscription without members.
    does("organization_information.get_subscriptions", check=lambda value, look: value.id is None),
    does("advanced_settings.get_advanced_settings"),
    kept("advanced_settings.update_advanced_settings", {"enable_office365": True, "ui_session_timeout": 7200},
         by="get_advanced_settings"),
    does("remote_assistance.get_remote_assistance"),
    kept("remote_assistance.update_remote_assistance", {
        "view_only_until": lambda look: int(time.time() + 86400) * 1000, "username_obfuscated": True,
        "device_info_obfuscate": False}, by="get_remote_assistance"),
    does("authentication_settings.get_authentication_settings"),
    does("authentication_settings.get_authentication_settings_lite"),
    kept("authentication_settings.update_authentication_settings", {
        "org_auth_type": "ANY", "auth_frequency": "DAILY_COOKIE"}, by="get_authentication_settings"),
    does("authentication_settings.add_urls_to_exempt_list", args=[["login.harbour.example"]],
         check=lambda value, look: "login.harbour.example" in value),
    does("authentication_settings.get_exempted_urls", check=lambda value, look: "login.harbour.example" in value),
    does("authentication_settings.delete_urls_from_exempt_list", args=[["login.harbour.example"]],
         check=lambda value, look: "login.harbour.example" not in value),

    # Features are words in capitals, which the SDK turns into others; whether it is an auditor's is told when it is.
    made("role", "admin_roles.add_role", ROLE, hidden=("feature_permissions", "is_auditor")),
    read("admin_roles.get_role", "role"),
    does("admin_roles.get_role", args=["$role"], check=lambda value, look: value.feature_permissions),
    listed("admin_roles.list_roles", "role"),
    updated("admin_roles.update_role", "role", {**ROLE, "report_access": "READ_ONLY"},
            hidden=("feature_permissions", "is_auditor"), kept_back="the SDK loses the limit of logs"),
    refused("admin_roles.get_password_expiry_settings", 403, "INVALID_OPERATION", ZIDENTITY),
    refused("admin_roles.update_password_expiry_settings", 403, "INVALID_OPERATION", ZIDENTITY, sent={
        "password_expiration_enabled": True, "password_expiry_days": 90}),
    made("administrator", "admin_users.add_admin_user", {
        "name": "Ada Mole", "login_name": "ada.mole@acme.example", "email": "ada.mole@acme.example",
        "password": "Only-for-this-run-1", "role_id": "$role", "admin_scope_type": "DEPARTMENT",
        "scope_entity_ids": ["$office"], "comments": "looks only", "is_password_login_allowed": True},
         hidden=("password", "name", "role_id", "admin_scope_type"),
         like={"user_name": "Ada Mole", "role": {"id": "$role"}}),
    read("admin_users.get_admin_user", "administrator"),
    listed("admin_users.list_admin_users", "administrator", sent={"query_params": {"search": "Mole"}}),
    updated("admin_users.update_admin_user", "administrator", {
        "user_name": "Ada Mole", "login_name": "ada.mole@acme.example", "email": "ada.mole@acme.example",
        "role_id": "$role", "comments": "looks twice", "is_password_login_allowed": True}, hidden=("role_id",)),
    made("helper", "admin_users.add_admin_user", {
        "name": "Bo Mole", "login_name": "bo.mole@acme.example", "email": "bo.mole@acme.example",
        "password": "Only-for-this-run-2", "role_id": "$role"}, hidden=("password", "name", "role_id")),
    removed("admin_users.convert_to_user", "helper", args=["$helper"], sent={
        "name": "Bo Mole", "email": "bo.mole@acme.example", "groups": [{"id": 21000201}],
        "department": {"id": 21000101}, "password": "Only-for-this-run-3"}),
    deleted("admin_users.delete_admin_user", "administrator"),
    deleted("admin_roles.delete_role", "role"),

    made("alerts", "alert_subscriptions.add_alert_subscription", ALERT),
    read("alert_subscriptions.get_alert_subscription", "alerts"),
    listed("alert_subscriptions.list_alert_subscriptions", "alerts"),
    updated("alert_subscriptions.update_alert_subscription", "alerts", {**ALERT, "description": "Harbour alarms"}),
    deleted("alert_subscriptions.delete_alert_subscription", "alerts"),

    does("end_user_notification.get_eun_settings"),
    kept("end_user_notification.update_eun_settings", {
        "aup_frequency": "NEVER", "aup_day_offset": 0, "display_reason": True, "display_comp_name": True,
        "display_comp_logo": False, "notification_type": "DEFAULT", "caution_again_after": 300,
        "org_policy_link": "https://policy.harbour.example"}, by="get_eun_settings"),
    listed("end_user_notification_templates.list_eun_templates_by_product", args=["ZCC", "DNS"]),
    does("end_user_notification_templates.get_eun_feature_enablement_status", args=["ZCC"],
         check=lambda value, look: value.firewall_filtering_status),
    listed("end_user_notification_templates.list_user_confirmation_by_policy", args=["INLINE"]),
    listed("end_user_notification_templates.list_global_default_templates"),
    does("end_user_notification_templates.get_notification_enablement_status", args=["ZCC"]),
]

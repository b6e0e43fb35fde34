"""Privileged remote access: portals, consoles, the credentials behind them, and approvals for a while."""

from every_method.fixtures import in_hours, ssh_key
from every_method.rows import deleted, does, found, listed, made, read, updated

HOURS = {"start_time": "09:00", "end_time": "17:00", "days": ["MON", "TUE"], "time_zone": "UTC",
         "start_time_cron": "0 0 9 ? * MON,TUE", "end_time_cron": "0 0 17 ? * MON,TUE"}
APPROVAL = {"email_ids": ["pilot@harbour.example"], "application_ids": ["$Crane"], "working_hours": HOURS}

ROWS = [
    made("portal", "pra_portal.add_portal", {
        "name": "Harbour bridge", "description": "for pilots", "enabled": True, "domain": "bridge.harbour.example",
        "certificate_id": "$certificate", "user_notification": "Mind the gap", "user_notification_enabled": True}),
    read("pra_portal.get_portal", "portal"),
    listed("pra_portal.list_portals", "portal"),
    updated("pra_portal.update_portal", "portal", {
        "name": "Harbour bridge", "description": "for masters", "enabled": True, "domain": "bridge.harbour.example",
        "certificate_id": "$certificate"}),

    found("crane app", "app_segment_by_type.get_segments_by_type", args=["SECURE_REMOTE_ACCESS"],
          where=lambda each: each.domain == "crane.harbour.example"),
    made("console", "pra_console.add_console", {
        "name": "Crane console", "description": "in the cabin", "enabled": True, "pra_application_id": "$crane app",
        "pra_portal_ids": ["$portal"]}, hidden=("pra_application_id",)),
    read("pra_console.get_console", "console"),
    listed("pra_console.list_consoles", "console"),
    does("pra_console.get_console_portal", args=["$portal"]),
    updated("pra_console.update_console", "console", {
        "name": "Crane console", "description": "on the ground", "enabled": True, "pra_application_id": "$crane app",
        "pra_portal_ids": ["$portal"]}, hidden=("pra_application_id",)),
    does("pra_console.add_bulk_console", args=[[
        {"name": "Crane console 2", "pra_application_id": "$crane app", "pra_portal_ids": ["$portal"]},
        {"name": "Crane console 3", "pra_application_id": "$crane app", "pra_portal_ids": ["$portal"]}]],
         check=lambda value, look: [each.name for each in value] == ["Crane console 2", "Crane console 3"]),
    found("second console", "pra_console.list_consoles", where=lambda each: each.name == "Crane console 2"),
    deleted("pra_console.delete_console", "second console"),
    found("third console", "pra_console.list_consoles", where=lambda each: each.name == "Crane console 3"),
    deleted("pra_console.delete_console", "third console"),

    made("credential", "pra_credential.add_credential", {
        "name": "Crane driver", "description": "shared", "credential_type": "USERNAME_PASSWORD",
        "user_name": "driver", "user_domain": "harbour.example", "password": "only-for-this-run-1A"},
         hidden=("password",)),
    read("pra_credential.get_credential", "credential"),
    listed("pra_credential.list_credentials", "credential"),
    updated("pra_credential.update_credential", "credential", {
        "name": "Crane driver", "description": "of the night", "credential_type": "USERNAME_PASSWORD",
        "user_name": "night", "password": "only-for-this-run-2B"}, hidden=("password",)),
    made("key credential", "pra_credential.add_credential", {
        "name": "Crane maker", "credential_type": "SSH_KEY", "user_name": "maker", "private_key": ssh_key()},
         hidden=("private_key",)),
    made("moved credential", "pra_credential.add_credential", {
        "name": "Crane owner", "credential_type": "PASSWORD", "password": "only-for-this-run-3C"},
         hidden=("password",)),
    does("pra_credential.credential_move", args=["$moved credential"], sent={
        "query_params": {"target_microtenant_id": "$microtenant"}}),
    deleted("pra_credential.delete_credential", "moved credential", sent={"microtenant_id": "$microtenant"}),
    made("pool", "pra_credential_pool.add_credential_pool", {
        "name": "Crane drivers", "credential_type": "USERNAME_PASSWORD", "credential_ids": ["$credential"]}),
    read("pra_credential_pool.get_credential_pool", "pool"),
    listed("pra_credential_pool.list_credential_pool", "pool"),
    listed("pra_credential_pool.get_credential_pool_info", args=["$pool"]),
    updated("pra_credential_pool.update_credential_pool", "pool", {
        "name": "Night drivers", "credential_type": "USERNAME_PASSWORD", "credential_ids": ["$credential"]}),

    made("approval", "pra_approval.add_approval", {
        **APPROVAL, "start_time": in_hours(1), "end_time": in_hours(48)}, hidden=("start_time", "end_time")),
    read("pra_approval.get_approval", "approval"),
    listed("pra_approval.list_approval", "approval"),
    updated("pra_approval.update_approval", "approval", {
        **APPROVAL, "start_time": in_hours(2), "end_time": in_hours(72)}, hidden=("start_time", "end_time")),
    does("pra_approval.expired_approval"),
    deleted("pra_approval.delete_approval", "approval"),
]

AFTER = [
    deleted("pra_credential_pool.delete_credential_pool", "pool"),
    deleted("pra_credential.delete_credential", "credential"),
    deleted("pra_credential.delete_credential", "key credential"),
    deleted("pra_console.delete_console", "console"),
    deleted("pra_portal.delete_portal", "portal"),
]

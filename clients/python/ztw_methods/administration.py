"""Activation, administrators, their roles, and keys of the API."""

from every_method.rows import deleted, does, listed, made, read, refused, removed, updated

ROLE = {
    "name": "Harbour warden", "alerting_access": "READ_ONLY", "analysis_access": "NONE", "device_info_access": "NONE",
    "featurePermissions": {"EDGE_CONNECTOR_FORWARDING": "READ_ONLY"}}

ROWS = [
    does("activate.get_status", check=lambda value, look: value.org_edit_status),
    does("activate.activate"),
    does("activate.activate", args=[True]),
    # Features are words in capitals, which the SDK leaves alone below the member's own name and nowhere else.
    made("role", "admin_roles.add_role", ROLE, hidden=("featurePermissions",)),
    listed("admin_roles.list_roles", "role"),
    does("admin_roles.update_role", args=["$role"], sent={**ROLE, "name": "Harbour wardens"},
         check=lambda value, look: value.name == "Harbour wardens"),
    made("warden", "admin_users.add_admin", {
        "user_name": "Ada Mole", "login_name": "ada.mole@acme.example", "email": "ada.mole@acme.example",
        "role": {"id": "$role"}, "password": "Only-for-this-run-1", "comments": "looks only"}, hidden=("password",)),
    read("admin_users.get_admin", "warden"),
    listed("admin_users.list_admins", "warden", sent={"query_params": {"search": "Mole"}}),
    updated("admin_users.update_admin", "warden", {
        "user_name": "Ada Mole", "login_name": "ada.mole@acme.example", "email": "ada.mole@acme.example",
        "role": {"id": "$role"}, "password": "Only-for-this-run-1", "comments": "looks twice"}, hidden=("password",),
            kept_back="passwords are not read"),
    does("admin_users.change_password", args=["ada.mole@acme.example", "Only-for-this-run-1", "Only-for-this-run-2"]),
    deleted("admin_users.delete_admin", "warden"),
    removed("admin_roles.delete_role", "role", args=["$role"]),
    # Keys are made in the console alone.
    listed("api_keys.list_api_keys", sent={"query_params": {"include_partner_keys": True}}),
    refused("api_keys.regenerate_api_key", 404, "RESOURCE_NOT_FOUND", "there is none", args=["1"]),
]

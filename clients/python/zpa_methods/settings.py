"""The tenant's own: administrators, roles, keys, log receivers, domains, address ranges and switches."""

import os
import tempfile

from every_method.fixtures import self_signed
from every_method.rows import deleted, does, found, listed, made, plain, read, removed, updated

FOLDER = tempfile.TemporaryDirectory()  # for the two methods that write a file
SIGNING, SIGNING_KEY = self_signed("offline.harbour.example")


def first_class(look):
    """The id of the first class that the area covers."""
    return look("area.class_permissions")[0].class_type.id


ROWS = [
    found("area", "role_controller.list_permission_groups"),
    made("role", "role_controller.add_role", {
        "name": "Harbour auditor", "description": "looks only", "class_permission_groups": [
            {"id": "$area", "name": "$area.name", "class_permissions": [
                {"permission": {"type": "VIEW_ONLY"}, "class_type": lambda look: {"id": first_class(look)}}]}]},
         hidden=("class_permission_groups",)),
    read("role_controller.get_role", "role"),
    listed("role_controller.list_roles", "role"),
    updated("role_controller.update_role", "role", {"name": "Harbour auditor", "description": "looks twice"}),
    made("administrator", "administrator_controller.add_administrator", {
        "username": "auditor@acme.zslogin.net", "display_name": "Ada Quay", "email": "auditor@acme.zslogin.net",
        "phone_number": "+49 40 123456", "password": "Only-for-this-run-1", "role_id": "$role", "is_enabled": True},
         hidden=("password", "role_id")),
    read("administrator_controller.get_administrator", "administrator"),
    listed("administrator_controller.list_administrators", "administrator"),
    updated("administrator_controller.update_administrator", "administrator", {
        "username": "auditor@acme.zslogin.net", "display_name": "Ada Mole", "email": "auditor@acme.zslogin.net",
        "phone_number": "+49 40 654321", "role_id": "$role"}, hidden=("role_id",)),
    deleted("administrator_controller.delete_administrator", "administrator"),
    made("api key", "api_keys.add_api_key", {
        "name": "Harbour robot", "enabled": True, "role_id": "$role", "token_expiry_time_in_sec": "1800"}),
    read("api_keys.get_api_key", "api key"),
    listed("api_keys.list_api_keys", "api key"),
    updated("api_keys.update_api_key", "api key", {
        "name": "Harbour robot", "enabled": False, "role_id": "$role", "token_expiry_time_in_sec": "3600"}),
    deleted("api_keys.delete_api_key", "api key"),
    deleted("role_controller.delete_role", "role"),
    does("admin_sso_controller.get_sso_controller", check=lambda value, look: value["ssologinonly"] is False),
    does("admin_sso_controller.update_sso_controller", sent={"ssologinonly": True}),
    does("admin_sso_controller.get_sso_controller", check=lambda value, look: value["ssologinonly"] is True),
    does("admin_sso_controller.update_sso_controller", sent={"ssologinonly": False}),

    plain("lss.get_client_types", check=lambda value, look: value["web_browser"] == "zpn_client_type_exporter"),
    plain("lss.get_all_log_formats", check=lambda value, look: "csv" in value["zpn_trans_log"]),
    plain("lss.get_all_log_formats", args=["zpn_trans_log"], check=lambda value, look: value),
    plain("lss.get_status_codes", check=lambda value, look: value),
    made("receiver", "lss.add_lss_config", {
        "lss_host": "logs.harbour.example", "lss_port": "1514", "name": "Harbour logs",
        "source_log_type": "user_activity", "app_connector_group_ids": ["$connectors"],
        "policy_rules": [("app", ["$rules' segment"])]},
         hidden=("lss_host", "lss_port", "name", "source_log_type", "app_connector_group_ids", "policy_rules"),
         like={"config": {"lss_host": "logs.harbour.example", "lss_port": "1514", "name": "Harbour logs",
                          "source_log_type": "zpn_trans_log"}}),
    read("lss.get_config", "receiver"),
    listed("lss.list_configs", "receiver"),
    updated("lss.update_lss_config", "receiver", {
        "lss_host": "logs2.harbour.example", "lss_port": "1515", "name": "Harbour logs", "use_tls": True,
        "source_log_type": "user_activity", "app_connector_group_ids": ["$connectors"]},
            hidden=("lss_host", "lss_port", "name", "source_log_type", "app_connector_group_ids", "use_tls"),
            like={"config": {"lss_host": "logs2.harbour.example", "lss_port": "1515", "use_tls": True}}),
    deleted("lss.delete_lss_config", "receiver"),

    does("customer_domain.add_update_domain", args=["SEARCH_SUFFIX", [
        {"domain": "harbour.example", "capture": True, "name": "Harbour"}]]),
    does("customer_domain.list_domains", args=["SEARCH_SUFFIX"]),
    does("customer_domain.add_update_domain", args=["SEARCH_SUFFIX", []]),

    made("range", "c2c_ip_ranges.add_ip_range", {
        "name": "Harbour range", "description": "of the pilots", "enabled": True, "ip_range_begin": "192.0.2.1",
        "ip_range_end": "192.0.2.254", "location": "Hamburg", "country_code": "DE"}),
    read("c2c_ip_ranges.get_ip_range", "range"),
    listed("c2c_ip_ranges.list_ip_ranges", "range"),
    does("c2c_ip_ranges.get_ip_range_search", sent={
        "filter_by": [{"filter_name": "name", "operator": "LIKE", "values": ["Harbour"]}],
        "page_by": {"page": 1, "page_size": 20}, "sort_by": {"sort_name": "name", "sort_order": "ASC"}}),
    updated("c2c_ip_ranges.update_ip_range", "range", {
        "name": "Harbour range", "description": "of the masters", "enabled": False, "ip_range_begin": "192.0.2.1",
        "ip_range_end": "192.0.2.127", "location": "Hamburg", "country_code": "DE"}),
    deleted("c2c_ip_ranges.delete_ip_range", "range"),

    made("client setting", "client_settings.add_client_setting", {
        "name": "Harbour clients", "enrollment_cert_id": "$connector certificate",
        "client_certificate_type": "ZAPP_CLIENT"}),
    listed("client_settings.get_client_settings", sent={"query_params": {"type": "ZAPP_CLIENT"}}),
    listed("client_settings.get_all_client_settings", "client setting"),
    removed("client_settings.delete_client_setting", "client setting", args=[]),

    made("override", "config_override_controller.add_config_override", {
        "target_type": "feature_flag", "config_key": "config.feature.cors_enabled", "config_value": "true"}),
    read("config_override_controller.get_config_override", "override"),
    listed("config_override_controller.list_config_overrides", "override"),
    updated("config_override_controller.update_config_override", "override", {
        "target_type": "feature_flag", "config_key": "config.feature.cors_enabled", "config_value": "false"}),

    does("zia_customer_config.check_zia_cloud_config"),
    does("zia_customer_config.add_zia_cloud_service_config", sent={
        "zia_cloud_domain": "zscaler", "zia_username": "admin@harbour.example", "zia_password": "only-for-this-run",
        "zia_cloud_service_api_key": "only-for-this-run", "zia_sandbox_api_token": "only-for-this-run"}),
    does("zia_customer_config.get_zia_cloud_service_config"),
    does("zia_customer_config.check_zia_cloud_config", check=lambda value, look: value),
    does("zia_customer_config.update_session_termination_on_reauth", sent={"session_termination_on_reauth": True}),
    does("zia_customer_config.get_session_termination_on_reauth",
         check=lambda value, look: value.session_termination_on_reauth is True),
    does("zia_customer_config.update_session_termination_on_reauth", sent={"session_termination_on_reauth": False}),

    made("continuity", "business_continuity.add_business_continuity_setting", {
        "offline_domain": "offline.harbour.example", "sitesp_signing_certificate": SIGNING,
        "sitesp_signing_private_key": SIGNING_KEY}, hidden=("sitesp_signing_private_key",)),
    read("business_continuity.get_business_continuity_setting", "continuity"),
    listed("business_continuity.list_business_continuity_settings", "continuity"),
    plain("business_continuity.get_business_continuity_setting_certificate", args=[os.path.join(FOLDER.name, "a.crt")]),
    plain("business_continuity.get_business_continuity_setting_metadata", args=[os.path.join(FOLDER.name, "b.xml")]),
    updated("business_continuity.update_business_continuity_setting", "continuity", {
        "offline_domain": "offline.harbour.example", "new_user_support": True}),
    deleted("business_continuity.delete_business_continuity_setting", "continuity"),

    made("invitation", "tenant_federation_provisioning.add_tenant_federation", {"notes": "for the sister port"}),
    listed("tenant_federation_provisioning.list_tenant_federations", "invitation"),
    listed("tenant_federation_provisioning.list_tenant_federations_partners"),
    does("tenant_federation_provisioning.update_tenant_federation", args=["$invitation"], sent={"notes": "not yet"}),
    deleted("tenant_federation_provisioning.delete_tenant_federation", "invitation"),
]

LASTING = {"override": "a feature's switch can be set otherwise and not be deleted"}

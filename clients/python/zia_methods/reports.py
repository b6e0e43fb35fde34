"""Reports, audits and exports, and what is done together with other vendors."""

import time

from zscaler import ZscalerClient

from every_method.rows import does, found, listed, outside, plain, refused

LICENCE = "the tenant has no licence for it"
GOVERNANCE = "the product for it is not set up, so that the cloud knows no such path"


def nothing(value, look):
    return value is None


def start(look):
    """Starts a report of what administrators did in the last hour, as the SDK's own method means to."""
    now = int(time.time()) * 1000
    with ZscalerClient({}) as client:
        requests = client.get_request_executor()
        request, _ = requests.create_request(
            "POST", "/zia/api/v1/auditlogEntryReport", {"startTime": now - 3600_000, "endTime": now})
        error = requests.execute(request)[1]
    if error is not None:
        raise error


ROWS = [
    # A stray quote in the path of these two; what is not found, they make None of.
    plain("audit_logs.create", args=["1627221600000", "1627271676622"], check=nothing),
    plain("audit_logs.cancel", check=nothing),
    outside("start a report", start),
    plain("audit_logs.get_status", check=lambda value, look: value["status"] in ("INIT", "EXECUTING", "COMPLETE")),
    # The cloud sends a file, and the SDK asks for JSON alone.
    plain("audit_logs.get_report", check=nothing),
    listed("system_audit.get_config_audit"),
    plain("policy_export.policy_export", args=[["FIREWALL", "URL_FILTERING"]],
          check=lambda value, look: value[2] is None and value[0].startswith(b"PK")),
    refused("iot_report.get_device_types", 403, "NOT_SUBSCRIBED", LICENCE),
    refused("iot_report.get_categories", 403, "NOT_SUBSCRIBED", LICENCE),
    refused("iot_report.get_classifications", 403, "NOT_SUBSCRIBED", LICENCE),
    refused("iot_report.get_device_list", 403, "NOT_SUBSCRIBED", LICENCE),
    refused("apptotal.search_app", 404, None, GOVERNANCE, args=["drive"]),
    refused("apptotal.get_app", 404, None, GOVERNANCE, args=["12345"]),
    refused("apptotal.scan_app", 404, None, GOVERNANCE, args=["12345"]),
    refused("apptotal.app_views", 404, None, GOVERNANCE, args=["1"]),

    found("hub", "azure_integration.list_azures_virtual_hubs"),
    does("azure_integration.start_azure_virtual_hub_sync", sent={"id": "$hub"},
         check=lambda value, look: value.hub_status == "SYNCED"),
    listed("azure_integration.list_azures_virtual_hub_sync", "hub"),
    does("azure_integration.add_azures_tunnel_configuration", sent={"id": "$hub", "zs_ip_address": "192.0.2.60"}),
    does("azure_integration.start_azure_refresh_connection_status", sent={"id": "$hub"}),
    listed("azure_integration.list_azures_tunnel_configuration", "hub"),
    listed("azure_integration.list_azure_refresh_connection_status", "hub"),
    does("azure_integration.delete_azure", args=["$hub"]),
    listed("azure_integration.list_azures_un_configure_tunnel_status", "hub"),
    listed("partner_integrations.list_integration_partners", check=lambda value, look: value),
    refused("partner_integrations.list_crowdstrike_whitelisted_base_urls", 403, "NOT_SUBSCRIBED", LICENCE),
    refused("partner_integrations.list_crowdstrike_endpoints", 403, "NOT_SUBSCRIBED", LICENCE),
    refused("partner_integrations.accepts_crowdstrike_endpoint_list", 403, "NOT_SUBSCRIBED", LICENCE),
    refused("partner_integrations.add_defender_endpoints", 403, "NOT_SUBSCRIBED", LICENCE),
    listed("partner_integrations.get_md5_hash_report", args=["44d88612fea8a8f36de82e1278abb02f"]),
    listed("smpc_instance.list_smpc_instances"),
    does("smpc_instance.update_smpc_instance", args=[21000995], sent={"zscm_isolation_enabled_api_flag": True}),
]

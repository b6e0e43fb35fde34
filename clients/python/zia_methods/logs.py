"""Logs that are streamed away, and who is told when something is odd."""

from every_method.rows import deleted, does, listed, made, read, removed, updated

FEED = {
    "name": "Harbour feed", "feed_status": "ENABLED", "nss_log_type": "WEBLOG", "nss_feed_type": "JSON",
    "feed_output_format": '\\{ "sourcetype" : "zscalernss-web" \\}', "user_obfuscation": "DISABLED", "time_zone": "GMT",
    "eps_rate_limit": 0, "json_array_toggle": True, "siem_type": "SPLUNK", "max_batch_size": 524288,
    "connection_url": "https://logs.harbour.example:8088", "connection_headers": ["Authorization:only-for-this-run"],
    "nss_type": "NSS_FOR_WEB"}
SERVER = {"name": "Harbour logger", "status": "ENABLED", "type": "NSS_FOR_FIREWALL"}
ODDITY = {
    "alert_name": "PHISHING", "severity": "MAJOR", "status": "ENABLED", "interval": "INTERVAL_15_MINUTES",
    "occurrence": "OCCURRENCE_5", "scope": "ORGANIZATION"}

ROWS = [
    # The SDK sends the address under a name that the cloud does not know and passes over.
    made("feed", "cloud_nss.add_nss_feed", FEED, hidden=("connection_url",)),
    read("cloud_nss.get_nss_feed", "feed"),
    listed("cloud_nss.list_nss_feed", "feed", sent={"query_params": {"feed_type": "JSON"}}),
    updated("cloud_nss.update_nss_feed", "feed", {**FEED, "feed_status": "DISABLED"}, hidden=("connection_url",)),
    listed("cloud_nss.list_feed_output", sent={"query_params": {"type": "WEBLOG", "field_format": "CUSTOM"}}),
    does("cloud_nss.test_connectivity", args=["$feed"]),
    # It sends no format.
    does("cloud_nss.validate_feed_format", args=["WEBLOG"], check=lambda value, look: value["status"] == 1),
    deleted("cloud_nss.delete_feed", "feed"),
    made("logger", "nss_servers.add_nss_server", SERVER),
    read("nss_servers.get_nss_server", "logger"),
    listed("nss_servers.list_nss_servers", "logger", sent={"query_params": {"type": "NSS_FOR_FIREWALL"}}),
    updated("nss_servers.update_nss_server", "logger", {**SERVER, "status": "DISABLED"}),
    deleted("nss_servers.delete_nss_server", "logger"),
    listed("nss_collectors.list_collectors"),

    made("oddity", "security_ueba_alerts.add_alert_definition", ODDITY),
    read("security_ueba_alerts.get_alert_definition", "oddity"),
    listed("security_ueba_alerts.list_alert_definitions", "oddity"),
    updated("security_ueba_alerts.update_alert_definition", "oddity", {**ODDITY, "status": "DISABLED"}),
    deleted("security_ueba_alerts.delete_alert_definition", "oddity"),
    made("bell", "security_ueba_alerts.add_alert_rule_configuration", {"alert_name": "Harbour bell"}),
    listed("security_ueba_alerts.list_alert_rule_configurations_rules"),
    listed("security_ueba_alerts.list_alert_rule_configurations_rules_rulestatus"),
    listed("security_ueba_alerts.list_alert_rule_configurations_ueba_rules"),
    listed("security_ueba_alerts.list_alert_rule_configurations_webhooks"),
    does("security_ueba_alerts.update_alert_rule_configuration", args=["$bell"], sent={"alert_name": "Harbour bells"}),
    removed("security_ueba_alerts.delete_alert_rule_configuration", "bell", args=["$bell"]),
]

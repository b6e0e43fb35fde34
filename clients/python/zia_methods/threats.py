"""Protection from threats: advanced ones, malware, mobile ones, the sandbox, FTP."""

import tempfile

from every_method.rows import broken, deleted, does, found, kept, listed, made, read, updated

SUSPECT = tempfile.NamedTemporaryFile(suffix=".txt")
SUSPECT.write(b"nothing to see here")
SUSPECT.flush()
HASH = "35e38d023b253c0cd9bd3e16afc362a7"
NO_TOKEN = "the portal's token is made up here, and the SDK takes the portal's refusal for one of its own token"
EICAR = "44d88612fea8a8f36de82e1278abb02f"
SANDBOX = {
    "name": "Harbour sandbox", "description": "dig first", "order": 1, "rank": 7, "enabled": True,
    "ba_rule_action": "BLOCK", "first_time_enable": True, "first_time_operation": "QUARANTINE", "ml_action_enabled": True,
    "by_threat_score": 50, "file_types": ["FTCATEGORY_MS_WORD"], "protocols": ["HTTP_RULE", "HTTPS_RULE"],
    "ba_policy_categories": ["ADWARE_BLOCK", "BOTMAL_BLOCK"], "url_categories": ["OTHER_ADULT_MATERIAL"],
    "groups": ["$crew"], "labels": ["$label"], "locations": ["$quay"]}

ROWS = [
    does("atp_policy.get_atp_settings"),
    kept("atp_policy.update_atp_settings", {
        "risk_tolerance": 40, "cmd_ctl_server_blocked": True, "malware_sites_blocked": True,
        "ssh_tunnelling_blocked": True},
         by="get_atp_settings"),
    does("atp_policy.update_atp_security_exceptions", args=[["trusted.harbour.example"]]),
    does("atp_policy.get_atp_security_exceptions", check=lambda value, look: value == ["trusted.harbour.example"]),
    does("atp_policy.update_atp_security_exceptions", args=[[]]),
    does("atp_policy.add_atp_malicious_urls", args=[["pirates.example"]],
         check=lambda value, look: "pirates.example" in value),
    does("atp_policy.get_atp_malicious_urls", check=lambda value, look: "pirates.example" in value),
    does("atp_policy.delete_atp_malicious_urls", args=[["pirates.example"]],
         check=lambda value, look: "pirates.example" not in value),
    does("malware_protection_policy.get_atp_malware_policy"),
    does("malware_protection_policy.update_atp_malware_policy", args=[True, True], check=lambda value, look: value == {
        "block_unscannable_files": True, "block_password_protected_archive_files": True}),
    does("malware_protection_policy.get_atp_malware_inspection"),
    does("malware_protection_policy.update_atp_malware_inspection", args=[True, True], check=lambda value, look: value == {
        "inspect_inbound": True, "inspect_outbound": True}),
    # The SDK looks for two of the three under names of the other call.
    does("malware_protection_policy.update_atp_malware_protocols", args=[True, True, True],
         check=lambda value, look: value["inspect_ftp"] is True),
    does("malware_protection_policy.get_atp_malware_protocols", check=lambda value, look: value == {
        "inspect_http": True, "inspect_ftp_over_http": True, "inspect_ftp": True}),
    found("malware", "malware_protection_policy.get_malware_settings"),
    does("malware_protection_policy.update_malware_settings", args=["$malware."]),
    does("mobile_threat_settings.get_mobile_advanced_settings"),
    kept("mobile_threat_settings.update_mobile_advanced_settings", {
        "block_apps_with_malicious_activity": True, "block_apps_with_known_vulnerabilities": True,
        "block_apps_sending_unencrypted_user_credentials": False}, by="get_mobile_advanced_settings"),
    does("ftp_control_policy.get_ftp_settings"),
    kept("ftp_control_policy.update_ftp_settings", {
        "ftp_over_http_enabled": True, "ftp_enabled": True, "url_categories": ["ADULT_THEMES"],
        "urls": ["files.harbour.example"]}, by="get_ftp_settings"),

    made("sandbox", "sandbox_rules.add_rule", SANDBOX),
    read("sandbox_rules.get_rule", "sandbox"),
    listed("sandbox_rules.list_rules", "sandbox", sent={"query_params": {"search": "harbour"}}),
    updated("sandbox_rules.update_rule", "sandbox", {**SANDBOX, "by_threat_score": 60}),
    deleted("sandbox_rules.delete_rule", "sandbox"),
    does("sandbox.get_quota"),
    does("sandbox.get_report", args=[HASH, "full"],
         check=lambda value, look: value["Full Details"]["Summary"]["Status"] == "CONTENT_NOTFOUND"),
    does("sandbox.get_report", args=[EICAR, "summary"],
         check=lambda value, look: value["Summary"]["Classification"]["Type"] == "MALICIOUS"),
    does("sandbox.get_behavioral_analysis"),
    does("sandbox.add_hash_to_custom_list", args=[[
        {"url": HASH, "url_comment": "", "type": "CUSTOM_FILEHASH_DENY"}]]),
    does("sandbox.get_file_hash_count", check=lambda value, look: value["deniedFileHashesCount"] == 1),
    does("sandbox.add_hash_to_custom_list", args=[[]]),
    broken("sandbox.submit_file", "401 Unauthorized", NO_TOKEN, args=[SUSPECT.name]),
    broken("sandbox.submit_file_for_inspection", "401 Unauthorized", NO_TOKEN, args=[SUSPECT.name]),
]

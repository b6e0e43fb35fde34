"""What is opened and looked into: TLS, types of file, and the tenant's own certificates for it."""

from every_method.fixtures import self_signed
from every_method.rows import deleted, does, listed, made, read, refused, updated

OPEN = {
    "name": "Harbour banks", "description": "stay closed", "order": 1, "rank": 7, "enabled": True,
    "url_categories": ["FINANCE"], "platforms": ["SCAN_IOS", "SCAN_WINDOWS"], "device_trust_levels": ["HIGH_TRUST"],
    "user_agent_types": ["CHROME"], "road_warrior_for_kerberos": False, "groups": ["$crew"], "labels": ["$label"],
    "locations": ["$quay"], "action": {
        "type": "DO_NOT_DECRYPT", "do_not_decrypt_sub_actions": {
            "bypass_other_policies": False, "server_certificates": "ALLOW", "ocsp_check": False,
            "block_ssl_traffic_with_no_sni_enabled": False, "min_tls_version": "SERVER_TLS_1_2"}}}
FILES = {
    "name": "Harbour plans", "description": "are not taken along", "order": 1, "rank": 7, "enabled": True,
    "filtering_action": "BLOCK", "operation": "UPLOAD", "file_types": ["FTCATEGORY_PDF_DOCUMENT"],
    "protocols": ["HTTP_RULE", "HTTPS_RULE"], "min_size": 0, "max_size": 200, "groups": ["$crew"], "labels": ["$label"],
    "locations": ["$quay"]}
CHART = {"name": "Harbour chart", "description": "of the channel", "extension": "hbr"}
AUTHORITY = {"name": "Harbour authority", "description": "signs for us", "type": "CUSTOM_SW", "region": "GLOBAL"}
SIGNED, _ = self_signed("authority.harbour.example")
ASKED = "no certificate was asked for"

ROWS = [
    made("closed", "ssl_inspection_rules.add_rule", OPEN),
    read("ssl_inspection_rules.get_rule", "closed"),
    listed("ssl_inspection_rules.list_rules", "closed", sent={"query_params": {"search": "harbour"}}),
    updated("ssl_inspection_rules.update_rule", "closed", {**OPEN, "description": "stay closed at night"}),
    deleted("ssl_inspection_rules.delete_rule", "closed"),

    made("chart", "custom_file_types.add_custom_file_type", CHART),
    read("custom_file_types.get_custom_file_tytpe", "chart"),
    listed("custom_file_types.list_custom_file_types", "chart", sent={"query_params": {"search": "Harbour"}}),
    updated("custom_file_types.update_custom_file_type", "chart", {**CHART, "description": "of both channels"}),
    does("custom_file_types.get_custom_file_type_count", check=lambda value, look: value >= 1),
    deleted("custom_file_types.delete_custom_file_type", "chart"),
    made("plans", "file_type_control_rule.add_rule", FILES),
    read("file_type_control_rule.get_rule", "plans"),
    listed("file_type_control_rule.list_rules", "plans"),
    updated("file_type_control_rule.update_rule", "plans", {**FILES, "filtering_action": "CAUTION"}),
    deleted("file_type_control_rule.delete_rule", "plans"),
    listed("file_type_control_rule.list_file_type_categories", sent={"query_params": {
        "enums": "ZSCALERDLP", "exclude_custom_file_types": True}}, check=lambda value, look: value),

    made("authority", "intermediate_certificates.add_ca_certificate", AUTHORITY),
    read("intermediate_certificates.get_ca_certificate", "authority"),
    does("intermediate_certificates.get_ca_certificate_lite", args=["$authority"],
         check=lambda value, look: value.name == "Harbour authority"),
    listed("intermediate_certificates.list_ca_certificates", "authority"),
    listed("intermediate_certificates.list_ca_certificates_lite", "authority"),
    listed("intermediate_certificates.list_ready_to_use", check=lambda value, look: value),
    updated("intermediate_certificates.update_ca_certificate", "authority", {**AUTHORITY, "description": "signs for all"}),
    does("intermediate_certificates.generate_key_pair", args=["$authority"]),
    does("intermediate_certificates.download_public_key", args=["$authority"],
         check=lambda value, look: "BEGIN PUBLIC KEY" in value),
    # The SDK cannot say for whom the certificate is asked, and so goes no further.
    refused("intermediate_certificates.generate_csr", 400, "INVALID_INPUT_ARGUMENT", "it names nobody", args=["$authority"]),
    refused("intermediate_certificates.get_show_csr", 400, "INVALID_INPUT_ARGUMENT", ASKED, args=["$authority"]),
    refused("intermediate_certificates.download_csr", 400, "INVALID_INPUT_ARGUMENT", ASKED, args=["$authority"]),
    refused("intermediate_certificates.upload_cert", 400, "INVALID_INPUT_ARGUMENT", ASKED, args=["$authority"], sent={
        "file_input_stream": SIGNED}),
    refused("intermediate_certificates.get_show_cert", 400, "INVALID_INPUT_ARGUMENT", ASKED, args=["$authority"]),
    refused("intermediate_certificates.upload_cert_chain", 415, None, "it sends no file", args=["$authority"]),
    refused("intermediate_certificates.verify_key_attestation", 400, "INVALID_INPUT_ARGUMENT", ASKED,
            args=["$authority"]),
    refused("intermediate_certificates.finalize_cert", 400, "INVALID_INPUT_ARGUMENT", ASKED, args=["$authority"]),
    deleted("intermediate_certificates.delete_ca_certificate", "authority"),
]

"""Protection of data: dictionaries, engines, templates, and the rules for the web and for mail."""

from every_method.rows import deleted, does, found, listed, made, plain, read, updated

WORDS = {
    "name": "Harbour secrets", "description": "of the plan",
    "custom_phrase_match_type": "MATCH_ALL_CUSTOM_PHRASE_PATTERN_DICTIONARY",
    "dictionary_type": "PATTERNS_AND_PHRASES", "phrases": [("PHRASE_COUNT_TYPE_ALL", "deep water")],
    "patterns": [("PATTERN_COUNT_TYPE_UNIQUE", "HBR-[0-9]{4}")]}
ENGINE = {
    "name": "Harbour engine", "description": "of secrets", "custom_dlp_engine": True,
    "engine_expression": lambda look: f"((D{look('words')}.S > 1))"}
TEMPLATE = {
    "name": "Harbour notice", "subject": "Stopped: ${TRANSACTION_ID}", "attach_content": True,
    "plain_text_message": "Stopped: ${TRANSACTION_ID}", "html_message": "<html><body>Stopped</body></html>",
    "tls_enabled": True}
LEAK = {
    "name": "Harbour leak", "description": "no plans abroad", "order": 1, "rank": 0, "enabled": True, "action": "BLOCK",
    "protocols": ["HTTPS_RULE", "HTTP_RULE"], "file_types": ["BITMAP", "JPEG"], "min_size": 0,
    "without_content_inspection": False, "dlp_engines": ["$engine"], "groups": ["$crew"], "departments": ["$office"],
    "labels": ["$label"], "locations": ["$quay"], "severity": "RULE_SEVERITY_HIGH"}
LETTER = {
    "name": "Harbour letters", "description": "no plans by mail", "order": 1, "state": "ENABLED", "action": "BLOCK",
    "severity": "RULE_SEVERITY_HIGH", "dlp_engines": [{"id": "$engine"}], "groups": [{"id": "$crew"}],
    "user_risk_score_levels": ["LOW"]}
PEOPLE = {"name": "Harbour partners", "description": "by mail", "emails": ["mole@partner.example", "pier@partner.example"]}

ROWS = [
    made("words", "dlp_dictionary.add_dict", WORDS, hidden=("phrases", "patterns")),
    read("dlp_dictionary.get_dict", "words"),
    listed("dlp_dictionary.list_dicts", "words", sent={"query_params": {"search": "Harbour"}}),
    listed("dlp_dictionary.list_dicts_lite", "words"),
    updated("dlp_dictionary.update_dict", "words", {**WORDS, "description": "of the whole plan"},
            hidden=("phrases", "patterns"), kept_back="the SDK takes phrases and patterns as pairs"),
    does("dlp_dictionary.validate_dict", args=["HBR-[0-9]{4}"]),
    does("dlp_dictionary.list_dict_predefined_identifiers", args=["CRED_LEAKAGE"], check=lambda value, look: value),
    made("engine", "dlp_engine.add_dlp_engine", ENGINE),
    read("dlp_engine.get_dlp_engines", "engine"),
    listed("dlp_engine.list_dlp_engines", "engine", sent={"query_params": {"search": "harbour"}}),
    listed("dlp_engine.list_dlp_engines_lite", "engine"),
    updated("dlp_engine.update_dlp_engine", "engine", {**ENGINE, "description": "of all secrets"}),
    does("dlp_engine.validate_dlp_expression", args=["((D63.S > 1) AND (D38.S > 0))"]),
    made("notice", "dlp_templates.add_dlp_template", TEMPLATE),
    read("dlp_templates.get_dlp_templates", "notice"),
    listed("dlp_templates.list_dlp_templates", "notice", sent={"query_params": {"search": "harbour"}}),
    updated("dlp_templates.update_dlp_template", "notice", {**TEMPLATE, "attach_content": False}),

    found("icap", "dlp_resources.list_dlp_icap_servers"),
    read("dlp_resources.get_dlp_icap_servers", "icap"),
    listed("dlp_resources.list_dlp_icap_servers_lite", "icap"),
    found("receiver", "dlp_resources.list_dlp_incident_receiver"),
    read("dlp_resources.get_dlp_incident_receiver", "receiver"),
    listed("dlp_resources.list_dlp_incident_receiver_lite", "receiver"),
    found("index", "dlp_resources.list_dlp_idm_profiles"),
    does("dlp_resources.get_dlp_idm_profiles", args=["$index.profile_id"]),
    listed("dlp_resources.list_edm_schemas", check=lambda value, look: value),
    listed("dlp_resources.list_edm_schema_lite", sent={"active_only": True}),
    found("cloud receiver", "cloud_to_cloud_ir.list_cloud_to_cloud_ir"),
    read("cloud_to_cloud_ir.get_cloud_to_cloud_ir", "cloud receiver"),
    listed("cloud_to_cloud_ir.list_cloud_to_cloud_ir_lite", "cloud receiver"),
    does("cloud_to_cloud_ir.list_c2c_count", check=lambda value, look: value >= 1),
    does("cloud_to_cloud_ir.c2c_validate_delete", args=["$cloud receiver"]),

    made("leak", "dlp_web_rules.add_rule", LEAK),
    read("dlp_web_rules.get_rule", "leak"),
    listed("dlp_web_rules.list_rules", "leak", sent={"query_params": {"search": "harbour"}}),
    listed("dlp_web_rules.list_rules_lite", "leak"),
    updated("dlp_web_rules.update_rule", "leak", {**LEAK, "action": "ALLOW"}),
    deleted("dlp_web_rules.delete_rule", "leak"),
    listed("web_dlp_global_options.get_global_options"),
    does("web_dlp_global_options.update_option", sent={
        "exempt_url_encoded_data": True, "enable_inline_dlp_ocr": True}),
    made("partners", "email_profiles.add_email_profile", PEOPLE),
    read("email_profiles.get_email_profile", "partners"),
    listed("email_profiles.list_email_profiles", "partners", sent={"query_params": {"search": "Harbour"}}),
    updated("email_profiles.update_email_profile", "partners", {**PEOPLE, "description": "by letter"}),
    deleted("email_profiles.delete_email_profile", "partners"),
    made("letters", "outbound_email_dlp_rules.add_rule", LETTER),
    read("outbound_email_dlp_rules.get_rule", "letters"),
    listed("outbound_email_dlp_rules.list_rules", "letters"),
    listed("outbound_email_dlp_rules.list_rules_lite", "letters"),
    updated("outbound_email_dlp_rules.update_rule", "letters", {**LETTER, "action": "ALLOW"}),
    plain("outbound_email_dlp_rules.get_actions", sent={"query_params": {"tenantIds": [21000802]}},
          check=lambda value, look: value[2] is None and b"BLOCK" in value[0]),
    deleted("outbound_email_dlp_rules.delete_rule", "letters"),
]

AFTER = [
    deleted("dlp_templates.delete_dlp_template", "notice"),
    deleted("dlp_engine.delete_dlp_engine", "engine"),
    deleted("dlp_dictionary.delete_dict", "words"),
]

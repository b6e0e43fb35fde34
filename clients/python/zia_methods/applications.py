"""Applications in the cloud: which there are, what is thought of them, and the rules for them."""

from every_method.rows import broken, deleted, does, found, listed, made, plain, read, removed, updated

RISK = {
    "profile_name": "Harbour risks", "profile_type": "CLOUD_APPLICATIONS", "status": "SANCTIONED", "risk_index": [1, 2, 3],
    "certifications": ["AICPA", "CCPA"], "password_strength": "GOOD", "poor_items_of_service": "NO",
    "admin_audit_logs": "YES", "data_breach": "NO", "mfa_support": "YES", "ssl_pinned": "NO",
    "data_encryption_in_transit": ["TLSV1_2", "TLSV1_3"], "ssl_cert_key_size": "BITS_2048", "custom_tags": []}
MAIL = {
    "name": "Harbour mail", "description": "reads, and sends nothing", "order": 1, "rank": 7, "enabled": True,
    "type": "WEBMAIL", "actions": ["ALLOW_WEBMAIL_VIEW"], "applications": ["GOOGLE_WEBMAIL", "YAHOO_WEBMAIL"],
    "groups": ["$crew"], "labels": ["$label"]}
TENANTS = {
    "name": "Harbour tenants", "description": "ours alone", "app_type": "GOOGLE",
    "item_type_primary": "TENANT_RESTRICTION_DOMAIN", "item_data_primary": ["harbour.example"],
    "allow_google_consumers": True}
LEAKS = {
    "name": "Harbour tickets", "description": "no cards in tickets", "type": "OFLCASB_DLP_ITSM", "enabled": True,
    "order": 1, "rank": 7, "action": "OFLCASB_DLP_REPORT_INCIDENT", "severity": "RULE_SEVERITY_HIGH",
    "without_content_inspection": False, "components": ["COMPONENT_ITSM_OBJECTS"], "collaboration_scope": ["ANY"],
    "cloud_app_tenant_ids": ["$ticketing.tenant_id"], "labels": ["$label"]}
VIRUSES = {
    "name": "Harbour sources", "type": "OFLCASB_AVP_REPO", "action": "OFLCASB_AVP_REPORT_MALWARE", "enabled": True,
    "order": 1, "cloud_app_tenant_ids": ["$repository.tenant_id"], "labels": ["$label"]}
IDENTIFIED = [{
    "instance_identifier_name": "harbour", "instance_identifier": "harbour.sharepoint.com", "identifier_type": "URL"}]

ROWS = [
    found("application", "shadow_it_report.list_apps", sent={"query_params": {"page_number": 1, "limit": 10}}),
    found("tag", "shadow_it_report.list_custom_tags"),
    does("shadow_it_report.bulk_update", args=["sanctioned"], sent={
        "application_ids": ["$application"], "custom_tag_ids": ["$tag"]}),
    plain("shadow_it_report.export_shadow_it_report", args=["LAST_7_DAYS"], sent={
        "application_category": "FILE_SHARE"}, check=lambda value, look: value[2] is None),
    plain("shadow_it_report.export_shadow_it_csv", args=["Dropbox", "USER", "LAST_7_DAYS"],
          check=lambda value, look: value[2] is None),
    listed("cloud_applications.list_cloud_app_policy", sent={"query_params": {
        "search": "box", "page": 1, "page_size": 50}}, check=lambda value, look: value),
    listed("cloud_applications.list_cloud_app_ssl_policy", sent={"query_params": {"app_class": "WEB_MAIL"}}),
    made("risks", "risk_profiles.add_risk_profile", RISK),
    read("risk_profiles.get_risk_profile", "risks"),
    listed("risk_profiles.list_risk_profiles", "risks", sent={"query_params": {"search": "Harbour"}}),
    listed("risk_profiles.list_risk_profiles_lite", "risks"),
    updated("risk_profiles.update_risk_profile", "risks", {**RISK, "risk_index": [1, 2]}),
    deleted("risk_profiles.delete_risk_profile", "risks"),

    made("instance", "cloud_app_instances.add_cloud_app_instances", {
        "instance_name": "Harbour", "instance_type": "SHAREPOINTONLINE", "instance_identifiers": IDENTIFIED}),
    read("cloud_app_instances.get_cloud_app_instances", "instance"),
    listed("cloud_app_instances.list_cloud_app_instances", "instance", sent={"query_params": {
        "instance_name": "Harbour"}}),
    updated("cloud_app_instances.update_cloud_app_instances", "instance", {
        "instance_name": "Harbours", "instance_type": "SHAREPOINTONLINE", "instance_identifiers": IDENTIFIED}),
    deleted("cloud_app_instances.delete_cloud_app_instances", "instance"),

    made("tenants", "tenancy_restriction_profile.add_restriction_profile", TENANTS),
    read("tenancy_restriction_profile.get_restriction_profile", "tenants"),
    listed("tenancy_restriction_profile.list_restriction_profile", "tenants"),
    updated("tenancy_restriction_profile.update_restriction_profile", "tenants", {**TENANTS, "description": "ours"}),
    broken("tenancy_restriction_profile.list_app_item_count", "Expected a list",
           args=["GOOGLE", "TENANT_RESTRICTION_DOMAIN"], why="it wants a list, and a bare number is documented"),
    deleted("tenancy_restriction_profile.delete_restriction_profile", "tenants"),

    does("cloudappcontrol.get_rule_type_mapping", check=lambda value, look: value),
    does("cloudappcontrol.list_available_actions", args=["WEBMAIL", ["GOOGLE_WEBMAIL"]],
         check=lambda value, look: "ALLOW_WEBMAIL_SEND" in value),
    made("mail", "cloudappcontrol.add_rule", MAIL, args=["WEBMAIL"]),
    read("cloudappcontrol.get_rule", "mail", args=["WEBMAIL", "$mail"]),
    listed("cloudappcontrol.list_rules", "mail", args=["WEBMAIL"]),
    updated("cloudappcontrol.update_rule", "mail", {**MAIL, "description": "reads"}, args=["WEBMAIL", "$mail"]),
    made("more mail", "cloudappcontrol.add_duplicate_rule", {}, args=["WEBMAIL", "$mail", "Harbour mail again"],
         like={**MAIL, "name": "Harbour mail again", "description": "reads", "order": 2}),
    removed("cloudappcontrol.delete_rule", "more mail", args=["WEBMAIL", "$more mail"]),
    deleted("cloudappcontrol.delete_rule", "mail", args=["WEBMAIL", "$mail"]),

    listed("saas_security_api.list_domain_profiles_lite"),
    listed("saas_security_api.list_quarantine_tombstone_lite"),
    listed("saas_security_api.list_casb_email_label_lite"),
    found("ticketing", "saas_security_api.list_casb_tenant_lite"),
    found("repository", "saas_security_api.list_casb_tenant_lite"),
    listed("saas_security_api.list_saas_scan_info"),
    made("leaks", "casb_dlp_rules.add_rule", LEAKS),
    read("casb_dlp_rules.get_rule", "leaks", args=["$leaks", "OFLCASB_DLP_ITSM"]),
    listed("casb_dlp_rules.list_rules", "leaks", args=["OFLCASB_DLP_ITSM"]),
    listed("casb_dlp_rules.list_all_rules", "leaks"),
    updated("casb_dlp_rules.update_rule", "leaks", {**LEAKS, "description": "no cards at all"},
            kept_back="the SDK loses the ids of tenants"),
    deleted("casb_dlp_rules.delete_rule", "leaks", args=["$leaks", "OFLCASB_DLP_ITSM"]),
    made("viruses", "casb_malware_rules.add_rule", VIRUSES),
    read("casb_malware_rules.get_rule", "viruses", args=["$viruses", "OFLCASB_AVP_REPO"]),
    listed("casb_malware_rules.list_rules", "viruses", sent={"query_params": {"rule_type": "OFLCASB_AVP_REPO"}}),
    listed("casb_malware_rules.list_all_rules", "viruses"),
    updated("casb_malware_rules.update_rule", "viruses", {**VIRUSES, "enabled": False}),
    deleted("casb_malware_rules.delete_rule", "viruses", args=["OFLCASB_AVP_REPO", "$viruses"]),
]

"""Web addresses: categories, their filtering, lists of what is always or never let through, and browsers."""

from every_method.rows import deleted, does, kept, listed, made, plain, read, removed, updated

TABLES = {
    "super_category": "USER_DEFINED", "configured_name": "Harbour tables", "description": "of the tides",
    "urls": [".tides.example", "almanac.example"], "keywords": ["ebb"], "db_categorized_urls": [".creditkarma.com"],
    "ip_ranges": ["192.0.2.0/28"], "custom_category": True}
FILTER = {
    "name": "Harbour tables", "description": "look outside", "state": "ENABLED", "order": 1, "rank": 7, "action": "BLOCK",
    "url_categories": ["$tables"], "protocols": ["ANY_RULE"], "request_methods": ["GET", "HEAD", "POST"],
    "device_trust_levels": ["UNKNOWN_DEVICETRUSTLEVEL", "LOW_TRUST"], "user_agent_types": ["CHROME", "FIREFOX"],
    "groups": ["$crew"], "departments": ["$office"], "users": ["$pilot"], "labels": ["$label"], "locations": ["$quay"],
    "time_windows": ["$working hours"], "block_override": False, "enforce_time_validity": False}
HEADERS = {
    "name": "Harbour headers", "description": "of browsers that are old", "http_header_profile_criteria": [
        {"header": "USERAGENT", "user_agent_bitmap": "FIREFOX", "operator": "UAVERSIONLT", "user_agent_version": "120.0"}]}
STAMP = {
    "name": "Harbour stamp", "description": "tells where from",
    "http_header_action_profile_keys": [{"key": "X-Harbour", "value": "quay"}]}
BROWSERS = {
    "plugin_check_frequency": "DAILY", "bypass_plugins": ["ACROBAT", "FLASH"], "bypass_applications": ["OUTLOOKEXP"],
    "blocked_chrome_versions": ["CH100", "CH101"], "bypass_all_browsers": False, "allow_all_browsers": False,
    "enable_warnings": True}

ROWS = [
    made("tables", "url_categories.add_url_category", TABLES),
    read("url_categories.get_category", "tables"),
    listed("url_categories.list_categories", "tables", sent={"query_params": {"custom_only": True}}),
    listed("url_categories.list_categories_lite", "tables"),
    updated("url_categories.update_url_category", "tables", {**TABLES, "urls": [".tides.example"]}),
    does("url_categories.update_url_category", args=["$tables", "ADD_TO_LIST"], sent={
        "configured_name": "Harbour tables", "urls": ["moon.example"]},
         check=lambda value, look: "moon.example" in value.urls),
    does("url_categories.add_urls_to_category", args=["$tables"], sent={
        "configured_name": "Harbour tables", "urls": ["sun.example"]},
         check=lambda value, look: sorted(value.urls) == [".tides.example", "moon.example", "sun.example"]),
    does("url_categories.delete_urls_from_category", args=["$tables"], sent={
        "configured_name": "Harbour tables", "urls": ["sun.example", "moon.example"]},
         check=lambda value, look: value.urls == [".tides.example"]),
    made("endings", "url_categories.add_tld_category", {
        "configured_name": "Harbour endings", "tlds": [".co.uk"], "description": "of the neighbours"},
         shown={"tlds": "urls"}),
    plain("url_categories.get_quota", check=lambda value, look: value["uniqueUrlsProvisioned"] >= 1),
    plain("url_categories.review_domains_post", args=[["www.tides.example"]]),
    plain("url_categories.review_domains_put", args=[["www.tides.example"]]),
    plain("url_categories.lookup", args=[["www.tides.example", "facebook.com"]]),

    made("actions", "http_header_control.add_http_header_action_profile", STAMP),
    listed("http_header_control.list_http_header_action_profiles", "actions"),
    does("http_header_control.update_http_header_action_profile", args=["$actions"], sent={
        **STAMP, "description": "tells it still"}),
    made("headers", "http_header_control.add_http_header_profile", HEADERS),
    listed("http_header_control.list_http_header_profiles", "headers"),
    does("http_header_control.update_http_header_profile", args=["$headers"], sent={
        **HEADERS, "description": "of browsers that are very old"}),

    made("filter", "url_filtering.add_rule", FILTER),
    read("url_filtering.get_rule", "filter"),
    listed("url_filtering.list_rules", "filter", sent={"query_params": {"page": 1, "page_size": 10}}),
    updated("url_filtering.update_rule", "filter", {**FILTER, "description": "look inside", "action": "ALLOW"}),
    deleted("url_filtering.delete_rule", "filter"),
    removed("http_header_control.delete_http_header_profile", "headers", args=["$headers"]),
    removed("http_header_control.delete_http_header_action_profile", "actions", args=["$actions"]),
    does("url_filtering.get_url_and_app_settings"),
    kept("url_filtering.update_url_and_app_settings", {
        "enable_dynamic_content_cat": True, "consider_embedded_sites": True, "enforce_safe_search": False,
        "enable_office365": True, "enable_newly_registered_domains": False}, by="get_url_and_app_settings"),

    does("security_policy_settings.replace_whitelist", args=[["one.harbour.example"]],
         check=lambda value, look: value.whitelist_urls == ["one.harbour.example"]),
    does("security_policy_settings.add_urls_to_whitelist", args=[["two.harbour.example"]]),
    does("security_policy_settings.get_whitelist",
         check=lambda value, look: sorted(value.whitelist_urls) == ["one.harbour.example", "two.harbour.example"]),
    does("security_policy_settings.delete_urls_from_whitelist", args=[["one.harbour.example"]],
         check=lambda value, look: value.whitelist_urls == ["two.harbour.example"]),
    does("security_policy_settings.erase_whitelist"),
    does("security_policy_settings.replace_blacklist", args=[["bad.example"]],
         check=lambda value, look: value.blacklist_urls == ["bad.example"]),
    does("security_policy_settings.add_urls_to_blacklist", args=[["worse.example"]],
         check=lambda value, look: sorted(value.blacklist_urls) == ["bad.example", "worse.example"]),
    does("security_policy_settings.delete_urls_from_blacklist", args=[["bad.example"]]),
    does("security_policy_settings.get_blacklist", check=lambda value, look: value.blacklist_urls == ["worse.example"]),
    does("security_policy_settings.erase_blacklist", check=lambda value, look: not value.blacklist_urls),

    does("browser_control_settings.get_browser_control_settings"),
    kept("browser_control_settings.update_browser_control_settings", BROWSERS, by="get_browser_control_settings"),
    does("secure_browsing.get_browser_control_settings"),
    kept("secure_browsing.update_browser_control_settings", {**BROWSERS, "plugin_check_frequency": "WEEKLY"},
         by="get_browser_control_settings"),
    listed("secure_browsing.get_supported_browser_versions", check=lambda value, look: value),
    does("secure_browsing.update_smart_isolation", sent={
        "enable_smart_browser_isolation": True, "smart_isolation_user_ids": ["$pilot"],
        "smart_isolation_group_ids": ["$crew"], "smart_isolation_profile": {
            "id": "$isolation", "name": "$isolation.name", "url": "$isolation.url"}}),
    # Whom it was for stays as it was until other people are sent.
    does("secure_browsing.update_smart_isolation", sent={
        "enable_smart_browser_isolation": False, "smart_isolation_user_ids": [], "smart_isolation_group_ids": []}),
]

AFTER = [
    deleted("url_categories.delete_category", "endings"),
    deleted("url_categories.delete_category", "tables"),
]

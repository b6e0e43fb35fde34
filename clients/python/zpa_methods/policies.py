"""Policy rules of every type, in both versions of the API, and the groups that rules can be kept in."""

from every_method.rows import deleted, does, found, listed, made, read, updated

# The two ways in which the SDK takes conditions: three parts each, or lists of values.
APP_V1, APP_V2 = ("app", "id", "$rules' segment"), ("app", ["$rules' segment"])
CREW_V1, CREW_V2 = ("scim_group", "$provider", "$crew"), ("scim_group", [("$provider", "$crew")])
BROWSER_V1 = ("client_type", "id", "zpn_client_type_exporter")
BROWSER_V2 = ("client_type", ["zpn_client_type_exporter"])


def rule(policy, word, first, then=None, versions=("", "_v2"), own=(APP_V1, APP_V2), hidden=()):
    """Rows for one type of rule: created, read, changed and removed, in each version that the SDK has. `own` are the
    conditions in the two ways; `first` and `then` what else is sent."""
    rows = []
    for version in versions:
        name = f"{policy} rule{version}"
        conditions = [own[1 if version else 0]]
        rows += [
            made(name, f"policies.add_{word}_rule{version}", {
                "name": f"Harbour {name}", "description": "by the book", **first, "conditions": conditions},
                 hidden=hidden),
            read("policies.get_rule", name, args=[policy, f"${name}"]),
            updated(f"policies.update_{word}_rule{version}", name, {
                "name": f"Harbour {name}", "description": "by the new book", **(then or first),
                "conditions": conditions}, hidden=hidden),
            listed("policies.list_rules", name, args=[policy], sent={"query_params": {"page_size": 500}}),
            deleted("policies.delete_rule", name, args=[policy, f"${name}"]),
        ]
    return rows


def first_of(ids, rules):
    """The ids of all rules, with these in front."""
    return ids + [rule.id for rule in rules if rule.id not in ids]


ROWS = [
    does("policies.get_policy", args=["access"], check=lambda value, look: value["policyType"] == "1"),
    *rule("access", "access", {"action": "ALLOW", "app_connector_group_ids": ["$connectors"]},
          {"action": "DENY", "custom_msg": "Ask the harbour master"}, own=(CREW_V1, CREW_V2)),
    *rule("timeout", "timeout", {"reauth_timeout": "3600", "reauth_idle_timeout": "1200"},
          {"reauth_timeout": "7200", "reauth_idle_timeout": "1200"}, versions=("_v2",)),
    made("timeout rule", "policies.add_timeout_rule", {
        "name": "Harbour timeout", "description": "after an hour", "action": "RE_AUTH", "reauth_timeout": "3600",
        "reauth_idle_timeout": "1200", "conditions": [APP_V1]}),
    read("policies.get_rule", "timeout rule", args=["timeout", "$timeout rule"]),
    updated("policies.update_timeout_rule", "timeout rule", {
        "name": "Harbour timeout", "description": "after two", "action": "RE_AUTH", "reauth_timeout": "7200",
        "reauth_idle_timeout": "1200", "conditions": [APP_V1]}),
    deleted("policies.delete_rule", "timeout rule", args=["timeout", "$timeout rule"]),
    *rule("client_forwarding", "client_forwarding", {"action": "BYPASS"}, {"action": "INTERCEPT"}),
    *rule("isolation", "isolation",
          {"action": "ISOLATE", "zpn_isolation_profile_id": "$isolation rule profile"},
          own=(BROWSER_V1, BROWSER_V2)),
    *rule("inspection", "app_protection", {"action": "INSPECT", "zpn_inspection_profile_id": "$inspection"}),
    *rule("capabilities", "capabilities", {"privileged_capabilities": {"clipboard_copy": True, "record_session": True}},
          versions=("_v2",), hidden=("privileged_capabilities",)),
    *rule("credential", "privileged_credential", {"credential_id": "$key credential"}, versions=("_v2",),
          own=(None, ("console", ["$console"])), hidden=("credential_id",)),
    *rule("redirection", "redirection",
          {"action": "REDIRECT_ALWAYS", "service_edge_group_ids": ["$edges"]}, versions=("_v2",),
          own=(None, ("client_type", ["zpn_client_type_zapp"]))),
    *rule("clientless", "browser_protection", {"action": "MONITOR"}, {"action": "DO_NOT_MONITOR"},
          versions=("_v2",), own=(None, BROWSER_V2)),

    made("first", "policies.add_access_rule_v2", {"name": "Harbour first", "action": "ALLOW", "conditions": [APP_V2]}),
    made("second", "policies.add_access_rule_v2", {"name": "Harbour second", "action": "DENY", "conditions": [APP_V2]}),
    does("policies.get_policy_rule_count", args=["access"], check=lambda value, look: value),
    listed("policies.list_rules_by_appplication_id", "first", args=["access", "$rules' segment"]),
    does("policies.reorder_rule", args=["access", "$second", "1"]),
    does("policies.get_rule", args=["access", "$second"], check=lambda value, look: str(value.rule_order) == "1"),
    listed("policies.list_rules", args=["access"], sent={"query_params": {"page_size": 500}}, keep="access rules"),
    does("policies.bulk_reorder_rules", args=["access", lambda look: first_of(
        [look("first"), look("second")], look("access rules.items"))]),
    does("policies.get_rule", args=["access", "$first"], check=lambda value, look: str(value.rule_order) == "1"),
    does("policies.get_risk_score_values", sent={"query_params": {"exclude_unknown": True}},
         check=lambda value, look: value == ["LOW", "MEDIUM", "HIGH", "CRITICAL"]),
    does("b2b_policy.get_global_policy_rules", args=["216196257331281920"]),
    deleted("policies.delete_rule", "first", args=["access", "$first"]),
    deleted("policies.delete_rule", "second", args=["access", "$second"]),

    does("policy_group_set.list_sets", check=lambda value, look: value),
    found("set", "policy_group_set.list_sets"),
    does("policy_group_set.get_set", args=["$set"]),
    does("policy_group_set.get_set_by_policy_type", args=["ACCESS_POLICY"]),
    does("policy_group_set.get_set_summary", args=["ACCESS_POLICY"]),
    does("policy_group_set.get_set_summary_stats", args=["ACCESS_POLICY"]),
    listed("policy_group_set.list_rules", args=["ACCESS_POLICY"]),
    made("policy group", "policy_group.add_group", {
        "name": "Harbour rules", "description": "those of the port"}, args=["$set"]),
    made("other group", "policy_group.add_group", {"name": "Harbour guests"}, args=["$set"]),
    read("policy_group.get_group", "policy group", args=["$set", "$policy group"]),
    listed("policy_group.list_groups", "policy group", args=["$set"]),
    does("policy_group.search_groups", args=["$set"], sent={
        "page_by": {"page": 1, "page_size": 20}, "sort_by": {"sort_name": "name", "sort_order": "ASC"}}),
    updated("policy_group.update_group", "policy group", {
        "name": "Harbour rules", "description": "those of the whole port"}, args=["$set", "$policy group"]),
    does("policy_group.reorder_group", args=["$set", "$other group", "1"]),
    does("policy_group.get_group", args=["$set", "$policy group"],
         check=lambda value, look: str(value.group_order) == "2"),
    made("grouped rule", "policy_group_rule.add_rule", {
        "name": "Harbour grouped", "action": "ALLOW"}, args=["$set", "$policy group"]),
    made("last rule", "policy_group_rule.add_rule", {
        "name": "Harbour last", "action": "DENY"}, args=["$set", "$policy group"]),
    read("policy_group_rule.get_rule", "grouped rule", args=["$set", "$policy group", "$grouped rule"]),
    listed("policy_group_rule.list_rules", "grouped rule", args=["$set", "$policy group"]),
    does("policy_group_rule.reorder_rule", args=["$set", "$policy group", "$last rule", "1"]),
    does("policy_group_rule.get_rule", args=["$set", "$policy group", "$grouped rule"],
         check=lambda value, look: str(value.rule_order) == "2"),
    deleted("policy_group_rule.delete_rule", "last rule", args=["$set", "$policy group", "$last rule"]),
    deleted("policy_group_rule.delete_rule", "grouped rule", args=["$set", "$policy group", "$grouped rule"]),
    deleted("policy_group.delete_group", "other group", args=["$set", "$other group"]),
    deleted("policy_group.delete_group", "policy group", args=["$set", "$policy group"]),
]

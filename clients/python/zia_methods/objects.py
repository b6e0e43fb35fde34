"""What rules of several kinds name: labels, times, groups of workloads, isolation profiles."""

from every_method.rows import deleted, found, listed, made, read, updated

TIDE = {"name": "Harbour tide", "start_time": 0, "end_time": 720, "days_of_week": ["MON", "TUE"]}
WORKLOADS = {
    "name": "Harbour workloads", "description": "those of the port", "expression_json": {"expression_containers": [
        {"tag_type": "ATTR", "operator": "AND", "tag_container": {
            "tags": [{"key": "GroupName", "value": "quay"}], "operator": "AND"}},
        {"tag_type": "VPC", "operator": "AND", "tag_container": {
            "tags": [{"key": "Vpc-id", "value": "vpc-0a1b2c3d"}], "operator": "AND"}}]}}

ROWS = [
    made("label", "rule_labels.add_label", {"name": "Harbour label", "description": "rules of the port"}),
    read("rule_labels.get_label", "label"),
    listed("rule_labels.list_labels", "label", sent={"query_params": {"search": "Harbour", "page": 1, "page_size": 50}}),
    updated("rule_labels.update_label", "label", {"name": "Harbour label", "description": "all rules of the port"}),
    listed("rule_labels.get_rule_type_label", args=["URL_FILTERING"]),

    made("tide", "time_intervals.add_time_intervals", TIDE),
    read("time_intervals.get_time_intervals", "tide"),
    listed("time_intervals.list_time_intervals", "tide", sent={"query_params": {"search": "tide"}}),
    updated("time_intervals.update_time_intervals", "tide", {**TIDE, "days_of_week": ["SAT", "SUN"]}),
    found("working hours", "cloud_firewall.list_time_windows"),
    listed("cloud_firewall.list_time_windows_lite", "working hours"),

    made("workloads", "workload_groups.add_group", WORKLOADS),
    read("workload_groups.get_group", "workloads"),
    listed("workload_groups.list_groups", "workloads", sent={"query_params": {"page": 1, "page_size": 100}}),
    updated("workload_groups.update_group", "workloads", {**WORKLOADS, "description": "those of the whole port"}),

    found("isolation", "cloud_browser_isolation.list_isolation_profiles"),
]

AFTER = [
    deleted("workload_groups.delete_group", "workloads"),
    deleted("time_intervals.delete_time_intervals", "tide"),
    deleted("rule_labels.delete_label", "label"),
]

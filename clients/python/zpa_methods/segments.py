"""Applications and what they hang on: servers, server groups, segment groups, segments of every kind."""

from every_method.rows import broken, deleted, does, found, listed, made, read, updated

# The rows behind show that what was asked for has been done.
AFTER_204 = "the SDK asks its response for an attribute that it calls otherwise, after the cloud has answered 204"
SEGMENT = {"enabled": True, "segment_group_id": "$group", "server_group_ids": ["$server group"]}


def segment(name, port, **more):
    """A segment with one name and one TCP port."""
    return {"name": name, "domain_names": [f"{name.lower().replace(' ', '-')}.harbour.example"],
            "tcp_port_ranges": [port, port], **SEGMENT, **more}


def application(name, port, protocol, **more):
    """An application within such a segment."""
    return {"domain": f"{name.lower().replace(' ', '-')}.harbour.example", "enabled": True, "application_port": port,
            "application_protocol": protocol, **more}


def of_kind(service, plural, noun, name, port, app, flag):
    """Rows of a service for segments with applications of one kind: all but the delete."""
    config = {"common_apps_dto": {"apps_config": [app]}}
    return [
        made(name, f"{service}.add_segment_{noun}", segment(name, port, **config), hidden=("common_apps_dto",)),
        read(f"{service}.get_segment_{noun}", name),
        listed(f"{service}.{plural}", name),
        updated(f"{service}.update_segment_{noun}", name, segment(name, port, description="by its port", **config),
                hidden=("common_apps_dto",)),
        # The update names the application that is there: it keeps its id instead of being made once more.
        does("app_segment_by_type.get_segments_by_type", args=[flag],
             check=lambda value, look: len([each for each in value if each.app_id == look(name)]) == 1),
    ]


ROWS = [
    made("server", "servers.add_server", {
        "name": "Harbour server", "description": "in the cellar", "address": "10.7.0.4", "enabled": True}),
    read("servers.get_server", "server"),
    listed("servers.list_servers", "server"),
    listed("servers.list_servers_summary", "server"),
    updated("servers.update_server", "server", {
        "name": "Harbour server", "description": "in the attic", "address": "10.7.0.5", "enabled": True}),

    made("server group", "server_groups.add_group", {
        "name": "Harbour servers", "description": "those at the quay", "enabled": True, "dynamic_discovery": False,
        "server_ids": ["$server"], "app_connector_group_ids": ["$connectors"]}),
    read("server_groups.get_group", "server group"),
    listed("server_groups.list_groups", "server group"),
    updated("server_groups.update_group", "server group", {
        "name": "Harbour servers", "description": "those at the pier", "enabled": True, "dynamic_discovery": True,
        "server_ids": [], "app_connector_group_ids": ["$connectors"]}),

    made("group", "segment_groups.add_group", {
        "name": "Harbour", "description": "what ships need", "enabled": True}),
    read("segment_groups.get_group", "group"),
    listed("segment_groups.list_groups", "group"),
    updated("segment_groups.update_group", "group", {"name": "Harbour", "description": "what crews need"}),
    updated("segment_groups.update_group_v2", "group", {
        "name": "Harbour", "description": "all of it", "enabled": True}),

    made("ledger", "application_segment.add_segment", segment(
        "Ledger", "8443", description="day book", health_reporting="ON_ACCESS", icmp_access_type="PING",
        udp_port_ranges=["8443", "8443"], match_style="EXCLUSIVE")),
    read("application_segment.get_segment", "ledger"),
    listed("application_segment.list_segments", "ledger"),
    updated("application_segment.update_segment", "ledger", segment("Ledger", "8444", description="night book")),
    does("application_segment.get_application_segment_mappings", args=["$ledger"]),
    does("application_segment.get_application_segment_count", check=lambda value, look: value),
    does("application_segment.get_current_and_max_limit",
         check=lambda value, look: int(value["currentAppsCount"]) < int(value["maxAppsLimit"])),
    does("application_segment.application_segment_export", check=lambda value, look: "Ledger" in value),
    does("application_segment.get_multimatch_unsupported_references", args=[["ledger.harbour.example"]]),
    does("application_segment.bulk_update_multimatch", sent={
        "application_ids": [lambda look: int(look("ledger"))], "match_style": "INCLUSIVE"}),
    does("application_segment.get_segment", args=["$ledger"],
         check=lambda value, look: value.match_style == "INCLUSIVE"),
    does("application_segment.get_weighted_lb_config", args=["$ledger"]),
    does("application_segment.update_weighted_lb_config", args=["$ledger"], sent={
        "weighted_load_balancing": True,
        "application_to_server_group_mappings": [{"id": "$server group", "weight": "12", "passive": False}]}),
    does("application_segment.get_weighted_lb_config", args=["$ledger"],
         check=lambda value, look: value.weighted_load_balancing is True),

    made("their group", "segment_groups.add_group", {
        "name": "Subsidiary", "enabled": True, "microtenant_id": "$microtenant"}),
    broken("application_segment.app_segment_move", "'status_code'", why=AFTER_204, args=["$ledger"], sent={
        "target_microtenant_id": "$microtenant", "target_segment_group_id": "$their group"}),
    made("partner company", "microtenants.add_microtenant", {"name": "Harbour partner", "enabled": True,
                                                             "privileged_approvals_enabled": True}),
    does("application_segment.get_segment", args=["$ledger"], sent={
        "query_params": {"microtenant_id": "$microtenant"}},
         check=lambda value, look: value.segment_group_name == "Subsidiary"),
    broken("application_segment.app_segment_share", "'status_code'", why=AFTER_204, args=["$ledger"], sent={
        "share_to_microtenants": ["$partner company"], "microtenant_id": "$microtenant"}),
    listed("application_segment.list_segments", "ledger", sent={
        "query_params": {"microtenant_id": "$partner company"}}),
    broken("application_segment.app_segment_share", "'status_code'", why=AFTER_204, args=["$ledger"], sent={
        "share_to_microtenants": [], "microtenant_id": "$microtenant"}),
    deleted("application_segment.delete_segment", "ledger", sent={"microtenant_id": "$microtenant"}),
    deleted("microtenants.delete_microtenant", "partner company"),
    deleted("segment_groups.delete_group", "their group", sent={"microtenant_id": "$microtenant"}),

    made("provisioned", "application_segment.add_segment_provision", {
        "name": "Timetable", "domain_names": ["timetable.harbour.example"], "enabled": True,
        "tcp_port_ranges": ["80", "80"], "segment_group": {"name": "Timetables", "enabled": True},
        "server_group_dtos": [{"name": "Timetables", "enabled": True, "dynamic_discovery": True,
                               "app_connector_groups": [{"id": "$connectors"}]}]},
         hidden=("segment_group", "server_group_dtos")),
    does("application_segment.get_segment", args=["$provisioned"],
         check=lambda value, look: value.segment_group_name == "Timetables"),
    deleted("application_segment.delete_segment", "provisioned"),
    found("made group", "segment_groups.list_groups", where=lambda each: each.name == "Timetables"),
    deleted("segment_groups.delete_group", "made group"),
    found("made servers", "server_groups.list_groups", where=lambda each: each.name == "Timetables"),
    deleted("server_groups.delete_group", "made servers"),

    made("web", "app_segments_ba.add_segment_ba", segment("Web", "443", clientless_app_ids=[
        application("Web", "443", "HTTPS", certificate_id="$certificate")]), hidden=("clientless_app_ids",)),
    read("app_segments_ba.get_segment_ba", "web"),
    listed("app_segments_ba.list_segments_ba", "web"),
    updated("app_segments_ba.update_segment_ba", "web", segment(
        "Web", "443", description="by browser", clientless_app_ids=[
            application("Web", "443", "HTTPS", certificate_id="$certificate")]), hidden=("clientless_app_ids",)),
    deleted("app_segments_ba.delete_segment_ba", "web", sent={"force_delete": True}),
    *of_kind("app_segments_ba_v2", "list_segments_ba", "ba", "Shop", "443",
             application("Shop", "443", "HTTPS", certificate_id="$certificate"), "BROWSER_ACCESS"),
    *of_kind("app_segments_inspection", "list_segment_inspection", "inspection", "Forms", "443",
             application("Forms", "443", "HTTPS", certificate_id="$certificate"), "INSPECT"),
    *of_kind("app_segments_pra", "list_segments_pra", "pra", "Crane", "3389",
             application("Crane", "3389", "RDP", connection_security="ANY"), "SECURE_REMOTE_ACCESS"),
    does("app_segment_by_type.delete_segments_by_type", args=["$Shop", "BROWSER_ACCESS"]),
    deleted("app_segments_ba_v2.delete_segment_ba", "Shop"),
    deleted("app_segments_inspection.delete_segment_inspection", "Forms", sent={"force_delete": True}),

    made("rules' segment", "application_segment.add_segment", segment("Rules", "22")),
    listed("application_federation.list_applications_host"),
    does("application_federation.update_application", args=["$rules' segment"], sent={"guest_gids": []}),
]

AFTER = [
    deleted("application_segment.delete_segment", "rules' segment"),
    deleted("app_segments_pra.delete_segment_pra", "Crane", sent={"force_delete": True}),
    deleted("segment_groups.delete_group", "group"),
    deleted("server_groups.delete_group", "server group"),
    deleted("servers.delete_server", "server"),
]

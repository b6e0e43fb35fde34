"""Where machines stand and how they come: groups, provisioning keys, app connectors, service edges, private clouds.

Machines enrol; no call makes one. So the server is told to simulate some, as `zuno sim` does.
"""

from .machine_room import enrol, wait
from every_method.rows import broken, deleted, does, found, listed, made, outside, read, refused, removed, updated

ONE_SCHEDULE = "a tenant has one schedule of a sort; where it is there, it is changed"


def as_it_was(schedule):
    """What a schedule said when it was found."""
    return {each: f"${schedule}.{each}" for each in ("frequency", "frequency_interval", "enabled", "delete_disabled")}


HAMBURG = {"latitude": "53.5507", "longitude": "9.9930", "location": "Hamburg, Germany", "country_code": "DE"}

ROWS = [
    found("connector certificate", "enrollment_certificates.get_enrolment_by_name", args=["Connector"]),
    made("connectors", "app_connector_groups.add_connector_group", {
        "name": "Harbour connectors", "description": "two in the office", "enabled": True, **HAMBURG,
        "upgrade_day": "MONDAY", "upgrade_time_in_secs": "3600", "override_version_profile": True,
        "version_profile_id": "0", "dns_query_type": "IPV4"}),
    read("app_connector_groups.get_connector_group", "connectors"),
    listed("app_connector_groups.list_connector_groups", "connectors"),
    listed("app_connector_groups.list_connector_groups_summary", "connectors"),
    read("app_connector_groups.get_connector_group_sg", "connectors"),
    updated("app_connector_groups.update_connector_group", "connectors", {
        "name": "Harbour connectors", "description": "three in the office", "enabled": True, **HAMBURG,
        "upgrade_day": "TUESDAY"}),

    made("key", "provisioning.add_provisioning_key", {
        "name": "Harbour key", "max_usage": 5, "enrollment_cert_id": "$connector certificate",
        "component_id": "$connectors"}, args=["connector"], shown={"component_id": "zcomponent_id"}),
    read("provisioning.get_provisioning_key", "key", args=["$key", "connector"]),
    listed("provisioning.list_provisioning_keys", "key", args=["connector"]),
    broken("provisioning.get_provisioning_key_by_zcomponent", "404", args=["$connectors", "connector"],
           why="the SDK leaves out a slash: …/CONNECTOR_GRPzcomponent/…"),
    updated("provisioning.update_provisioning_key", "key", {
        "name": "Harbour key", "max_usage": 9, "zcomponent_id": "$connectors",
        "enrollment_cert_id": "$connector certificate"}, args=["$key", "connector"]),

    outside("enrol three connectors", lambda look: enrol(look("key.provisioning_key"), 3, "quay")),
    found("crane", "app_connectors.list_connectors", where=lambda each: each.name == "quay-1"),
    found("shed", "app_connectors.list_connectors", where=lambda each: each.name == "quay-2"),
    found("gate", "app_connectors.list_connectors", where=lambda each: each.name == "quay-3"),
    read("app_connectors.get_connector", "crane"),
    does("app_connectors.update_connector", args=["$crane"], sent={
        "name": "crane", "description": "in the crane", "enabled": False, "app_connector_group_id": "$connectors"}),
    does("app_connectors.get_connector", args=["$crane"], check=lambda value, look: (
        value.name, value.description, value.enabled) == ("crane", "in the crane", False)),
    deleted("app_connectors.delete_connector", "crane"),
    removed("app_connectors.bulk_delete_connectors", "shed", "gate", args=[["$shed", "$gate"]]),
    deleted("provisioning.delete_provisioning_key", "key", args=["$key", "connector"]),

    refused("app_connector_schedule.add_connector_schedule", 400, "resource.already.exist", why=ONE_SCHEDULE, sent={
        "frequency": "days", "frequency_interval": "5", "enabled": True, "delete_disabled": True}),
    found("clearing", "app_connector_schedule.get_connector_schedule"),
    does("app_connector_schedule.update_connector_schedule", args=["$clearing"], sent={
        "frequency": "days", "frequency_interval": "7", "enabled": False, "delete_disabled": True}),
    does("app_connector_schedule.get_connector_schedule", check=lambda value, look: (
        str(value.frequency_interval), value.enabled) == ("7", False)),
    does("app_connector_schedule.update_connector_schedule", args=["$clearing"], sent=as_it_was("clearing")),
    refused("service_edge_schedule.add_service_edge_schedule", 400, "resource.already.exist", why=ONE_SCHEDULE, args=[{
        "frequency": "days", "frequency_interval": "5", "enabled": True, "delete_disabled": True}]),
    found("edge clearing", "service_edge_schedule.get_service_edge_schedule"),
    does("service_edge_schedule.update_service_edge_schedule", args=["$edge clearing", {
        "frequency": "days", "frequency_interval": "14", "enabled": False, "delete_disabled": True}]),
    does("service_edge_schedule.get_service_edge_schedule", check=lambda value, look: (
        str(value.frequency_interval), value.enabled) == ("14", False)),
    does("service_edge_schedule.update_service_edge_schedule", args=["$edge clearing", as_it_was("edge clearing")]),

    found("edge certificate", "enrollment_certificates.get_enrolment_by_name", args=["Service Edge"]),
    made("edges", "service_edge_group.add_service_edge_group", {
        "name": "Harbour edges", "description": "by the sea", "enabled": True, **HAMBURG, "is_public": "FALSE",
        "trusted_network_ids": ["$office"], "grace_distance_enabled": True, "grace_distance_value": "12",
        "grace_distance_value_unit": "KMS"}),
    read("service_edge_group.get_service_edge_group", "edges"),
    listed("service_edge_group.list_service_edge_groups", "edges"),
    updated("service_edge_group.update_service_edge_group", "edges", {
        "name": "Harbour edges", "description": "by the river", "enabled": True, **HAMBURG,
        "trusted_network_ids": []}),
    made("edge key", "provisioning.add_provisioning_key", {
        "name": "Harbour edge key", "max_usage": 5, "enrollment_cert_id": "$edge certificate",
        "component_id": "$edges"}, args=["service_edge"], shown={"component_id": "zcomponent_id"}),
    outside("enrol three service edges", lambda look: enrol(look("edge key.provisioning_key"), 3, "pier")),
    found("pier", "service_edges.list_service_edges", where=lambda each: each.name == "pier-1"),
    found("mole", "service_edges.list_service_edges", where=lambda each: each.name == "pier-2"),
    found("dike", "service_edges.list_service_edges", where=lambda each: each.name == "pier-3"),
    read("service_edges.get_service_edge", "pier"),
    does("service_edges.update_service_edge", args=["$pier"], sent={
        "name": "pier", "description": "on the pier", "enabled": False, "service_edge_group_id": "$edges"}),
    does("service_edges.get_service_edge", args=["$pier"], check=lambda value, look: (
        value.name, value.enabled) == ("pier", False)),
    deleted("service_edges.delete_service_edge", "pier"),
    removed("service_edges.bulk_delete_service_edges", "mole", "dike", args=[["$mole", "$dike"]]),
    deleted("provisioning.delete_provisioning_key", "edge key", args=["$edge key", "service_edge"]),

    made("private cloud", "private_cloud.add_private_cloud", {
        "name": "Harbour island", "description": "on its own when cut off", "enabled": True}),
    read("private_cloud.get_private_cloud", "private cloud"),
    listed("private_cloud.list_private_clouds", "private cloud"),
    updated("private_cloud.update_private_cloud", "private cloud", {
        "name": "Harbour island", "description": "an island", "enabled": False}),
    made("controllers", "private_cloud_group.add_cloud_group", {
        "name": "Harbour controllers", "description": "in the tower", "enabled": True, **HAMBURG,
        "site_id": "$private cloud"}),
    read("private_cloud_group.get_cloud_group", "controllers"),
    listed("private_cloud_group.list_cloud_groups", "controllers"),
    listed("private_cloud_group.list_private_cloud_group_summary", "controllers"),
    updated("private_cloud_group.update_cloud_group", "controllers", {
        "name": "Harbour controllers", "description": "in the cellar", "enabled": True, **HAMBURG,
        "site_id": "$private cloud"}),
    # A machine without a key shows a code, and joins the group for which the code is confirmed.
    outside("start a controller without a key", lambda look: wait("SITE_CONTROLLER_GRP", "code")),
    does("oauth2_user_code.add_provisioning_key", args=["site_controller_group"], sent={
        "user_codes": ["$code.code"], "component_group_id": "$controllers"}),
    does("oauth2_user_code.verify_oauth2_user_code", args=["site_controller_group"], sent={
        "user_codes": ["$code.code"], "component_group_id": "$controllers"}),
    found("tower", "private_cloud_controller.list_cloud_controllers",
          where=lambda each: each.private_cloud_controller_group_name == "Harbour controllers"),
    read("private_cloud_controller.get_cloud_controller", "tower"),
    does("private_cloud_controller.update_cloud_controller", args=["$tower"], sent={
        "name": "tower", "description": "in the tower", "enabled": True}),
    does("private_cloud_controller.restart_private_controller", args=["$tower"]),
    deleted("private_cloud_controller.delete_cloud_controller", "tower"),
    deleted("private_cloud_group.delete_cloud_group", "controllers"),
    deleted("private_cloud.delete_private_cloud", "private cloud"),

    found("branches", "branch_connector_group.list_branch_connector_groups"),
    listed("branch_connector_group.list_branch_connector_group_summary", "branches"),
    does("branch_connectors.list_branch_connectors", check=lambda value, look: value),
    found("cloud connectors", "cloud_connector_groups.list_cloud_connector_groups"),
    read("cloud_connector_groups.get_cloud_connector_groups", "cloud connectors"),
    listed("cloud_connector_groups.list_cloud_connector_group_summary", "cloud connectors"),
    does("cloud_connector_controller.list_cloud_connectors", check=lambda value, look: value),
    found("partner", "extranet_resource.list_extranet_resources_partner"),
    does("location_controller.get_location_summary", check=lambda value, look: value),
    does("location_controller.get_location_extranet_resource", args=["$partner"]),
    does("location_controller.get_location_group_extranet_resource", args=["$partner"]),
]

AFTER = [
    deleted("service_edge_group.delete_service_edge_group", "edges"),
    deleted("app_connector_groups.delete_connector_group", "connectors"),
]

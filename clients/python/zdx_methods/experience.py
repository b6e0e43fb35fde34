"""What was measured: applications, devices, people, places, alerts."""

from every_method.rows import does, found, listed, refused

DAY = {"query_params": {"since": 24}}
QUIET = "nothing was wrong for long enough"
PROBED = ["$device", "$app"]


def first(name, members):
    """The id of the first of what a list of the SDK's wraps."""
    return lambda look: getattr(look(f"{name}."), members)[0].id


ROWS = [
    listed("admin.list_departments", sent={"query_params": {"search": "Engineering"}},
           check=lambda value, look: [each.name for each in value] == ["Engineering"]),
    listed("admin.list_locations", check=lambda value, look: value),
    found("app", "apps.list_apps", sent=DAY),
    does("apps.get_app", args=["$app"], sent=DAY, check=lambda value, look: value[0].id == look("app")),
    does("apps.get_app_score", args=["$app"], sent=DAY),
    does("apps.get_app_metrics", args=["$app"], sent={"query_params": {"since": 24, "metric_name": "dns"}}),
    found("users of it", "apps.list_app_users", args=["$app"], sent=DAY),
    does("apps.get_app_user", args=["$app", first("users of it", "users")], sent=DAY),
    found("people", "users.list_users", sent=DAY),
    does("users.get_user", args=[first("people", "users")], check=lambda value, look: value[0].name),
    found("machines", "devices.list_devices", sent=DAY),
    found("device", "devices.get_device", args=[first("machines", "devices")], sent=DAY),
    does("devices.get_device_apps", args=["$device"], sent=DAY),
    does("devices.get_device_app", args=PROBED, sent=DAY),
    found("web probe", "devices.get_web_probes", args=PROBED),
    does("devices.get_web_probe", args=[*PROBED, "$web probe"]),
    found("path probe", "devices.list_cloudpath_probes", args=PROBED),
    does("devices.get_cloudpath_probe", args=[*PROBED, "$path probe"]),
    does("devices.get_cloudpath", args=[*PROBED, "$path probe"]),
    does("devices.get_call_quality_metrics", args=PROBED),
    does("devices.get_events", args=["$device"]),
    does("devices.get_health_metrics", args=["$device"]),
    listed("devices.list_geolocations", check=lambda value, look: value),
    does("alerts.list_ongoing", sent=DAY),
    does("alerts.list_historical", sent=DAY),
    refused("alerts.get_alert", 404, "RESOURCE_NOT_FOUND", QUIET, args=["7473160764821179371"]),
    refused("alerts.list_affected_devices", 404, "RESOURCE_NOT_FOUND", QUIET, args=["7473160764821179371"]),
    refused("snapshot.share_snapshot", 400, "INVALID_INPUT_ARGUMENT", QUIET, sent={
        "name": "Harbour picture", "alert_id": "7473160764821179371"}),
    found("software", "inventory.list_softwares", sent=DAY, where=lambda each: each.software_name == "Google Chrome"),
    listed("inventory.list_software_keys", args=["$software.software_key"], sent=DAY,
           check=lambda value, look: value),
]

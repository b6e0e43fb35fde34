"""The devices that people carry, and what is known of their trust."""

from every_method.rows import does, found, listed, read

ROWS = [
    found("systems", "device_groups.list_device_groups"),
    listed("device_groups.list_device_groups_devices"),
    listed("device_groups.list_device_groups_devices_lite"),
    listed("device_management.list_device_groups", "systems", sent={"query_params": {
        "include_device_info": True, "include_pseudo_groups": False}}),
    found("laptop", "device_management.list_devices", sent={"query_params": {"page": 1, "page_size": 100}}),
    listed("device_management.list_device_lite", "laptop"),
    found("registered", "devices.list_devices"),
    read("devices.get_device", "registered"),
    does("devices.add_device", sent={"name": "harbour-kiosk"}),
    listed("adaptive_access_profiles.list_adaptive_access_profiles"),
    listed("adaptive_access_profiles.list_adaptive_access_profiles_profiles_rules"),
]

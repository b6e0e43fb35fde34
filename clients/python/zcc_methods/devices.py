"""Devices: what they are, their passwords, and their removal."""

import os
import tempfile

from every_method.rows import does, found, plain

FOLDER = tempfile.TemporaryDirectory()  # for the methods that write files


def file(name):
    return os.path.join(FOLDER.name, name)


def written(value, look):
    return os.path.getsize(value) > 0


def used(device):
    return device.registration_state == "Registered"


ROWS = [
    plain("devices.download_devices", check=written, sent={
        "query_params": {"os_types": ["windows"], "registration_types": ["registered"]}, "filename": file("devices.csv")}),
    plain("devices.download_service_status", check=written, sent={
        "query_params": {"os_types": ["windows", "macos"]}, "filename": file("services.csv")}),
    plain("devices.download_disable_reasons", check=written, sent={
        "query_params": {"os_types": ["windows"], "start_date": "2024-01-01", "end_date": "2024-01-31",
                         "time_zone": "UTC"}, "filename": file("reasons.csv")}),
    found("laptop", "devices.list_devices", where=used, sent={
        "query_params": {"os_type": "windows", "page": 1, "page_size": 10}}),
    found("other", "devices.list_devices", where=used, sent={"query_params": {"os_type": "macos"}}),
    does("devices.get_device_details", sent={"query_params": {"udid": "$laptop.udid"}},
         check=lambda value, look: value),
    does("secrets.get_otp", sent={"query_params": {"device_id": "$laptop.udid"}}, check=lambda value, look: value.otp),
    does("secrets.get_passwords", sent={"query_params": {"username": "$laptop.user", "os_type": "windows"}}),
    does("devices.get_device_cleanup_info"),
    does("devices.update_device_cleanup_info", sent={"active": 1, "force_remove_type": 1, "device_exceed_limit": 15},
         check=lambda value, look: value.device_exceed_limit == "15"),
    # How many were removed is told, and the SDK does not read it; the device tells.
    does("devices.remove_devices", sent={"os_type": "windows", "udids": ["$laptop.udid"]}),
    does("devices.list_devices", sent={"query_params": {"os_type": "windows"}}, check=lambda value, look: next(
        each for each in value if each.udid == look("laptop.udid")).registration_state == "Remove pending"),
    does("devices.force_remove_devices", sent={"os_type": "macos", "udids": ["$other.udid"]}),
    does("devices.list_devices", sent={"query_params": {"os_type": "macos"}}, check=lambda value, look: all(
        each.udid != look("other.udid") or each.registration_state == "Removed" for each in value)),
    does("devices.remove_machine_tunnel", sent={"host_names": ["FXJ14JLFQW"]}),
]

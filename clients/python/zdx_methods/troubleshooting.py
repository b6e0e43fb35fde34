"""Deep traces of a device, and the analysis of why an application is slow there."""

import time

from every_method.rows import does, listed, made, removed

NOW = int(time.time())
TRACED = ["$device", "$trace"]

ROWS = [
    made("trace", "troubleshooting.start_deeptrace", args=["$device"], sent={
        "session_name": "Harbour trace", "app_id": "$app", "web_probe_id": "$web probe",
        "cloudpath_probe_id": "$path probe", "session_length_minutes": 5, "probe_device": True}),
    listed("troubleshooting.list_deeptraces", "trace", args=["$device"]),
    does("troubleshooting.get_deeptrace", args=TRACED),
    does("troubleshooting.list_top_processes", args=TRACED),
    does("troubleshooting.get_deeptrace_webprobe_metrics", args=TRACED),
    does("troubleshooting.get_deeptrace_cloudpath_metrics", args=TRACED),
    does("troubleshooting.get_deeptrace_cloudpath", args=TRACED),
    does("troubleshooting.get_deeptrace_health_metrics", args=TRACED),
    does("troubleshooting.get_deeptrace_events", args=TRACED),
    removed("troubleshooting.delete_deeptrace", "trace", args=TRACED),
    made("analysis", "troubleshooting.start_analysis", {
        "device_id": "$device", "app_id": "$app", "t0": NOW - 7200, "t1": NOW - 3600}),
    does("troubleshooting.get_analysis", args=["$analysis"]),
    removed("troubleshooting.delete_analysis", "analysis", args=["$analysis"]),
]

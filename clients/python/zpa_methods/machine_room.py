"""Simulated machines, by the server's own interface for its operator."""

import os
import types

from operate import operate


def enrol(key, count, name):
    """Enrols machines named `name`-1, `name`-2, … with the text of a provisioning key."""
    operate("POST", "/machines", {"key": key, "count": count, "name": name})


def wait(association, name):
    """Starts a machine that shows a code; returns it under `name`."""
    path = f"/tenants/{os.environ['ZSCALER_VANITY_DOMAIN']}/machines"
    return {name: types.SimpleNamespace(**operate("PUT", path, {"waits": association}))}

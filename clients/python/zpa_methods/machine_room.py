"""Simulated machines, by the server's own interface for operators, which is the proxy that the client was led to."""

import json
import os
import types
import urllib.request

DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def _ask(method, path, body):
    request = urllib.request.Request(os.environ["HTTPS_PROXY"].rstrip("/") + path, json.dumps(body).encode(), {
        "Content-Type": "application/json", "x-zuno-operator": "1"}, method=method)
    with DIRECT.open(request) as answer:
        return json.load(answer)


def enrol(key, count, name):
    """Enrols machines named `name`-1, `name`-2, … with the text of a provisioning key."""
    _ask("POST", "/_zuno/machines", {"key": key, "count": count, "name": name})


def wait(association, name):
    """Starts a machine that shows a code; returns it under `name`."""
    path = f"/_zuno/tenants/{os.environ['ZSCALER_VANITY_DOMAIN']}/machines"
    return {name: types.SimpleNamespace(**_ask("PUT", path, {"waits": association}))}

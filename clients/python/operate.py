"""The server's own interface for its operator, straight and with the operator's token."""

import json
import os
import urllib.request

DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def operate(method, path, body=None):
    """An answer's JSON, or None where it is empty."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(os.environ["ZUNO_SERVER"] + "/_zuno" + path, data, {
        "Content-Type": "application/json", "Authorization": "Bearer " + os.environ["ZUNO_OPERATOR_TOKEN"]}, method=method)
    with DIRECT.open(request) as answer:
        text = answer.read()
    return json.loads(text) if text else None

"""Clients of the API, their secrets, and the services that they may call."""

import time

from every_method.rows import deleted, does, found, made, read, updated

ROBOT = {
    "name": "Harbour robot", "description": "lifts", "status": True, "access_token_life_time": 3600,
    "client_authentication": {"auth_type": "SECRET"}}

ROWS = [
    found("services", "resource_servers.list_resource_servers", sent={"query_params": {"limit": 10}}),
    does("resource_servers.get_resource_server", args=[lambda look: look("services.records")[0].id],
         check=lambda value, look: value.id == look("services.records")[0].id),
    made("robot", "api_client.add_api_client", ROBOT),
    read("api_client.get_api_client", "robot"),
    does("api_client.list_api_clients", sent={"query_params": {"limit": 10, "name[like]": "Harbour"}},
         check=lambda value, look: [each.id for each in value.records] == [look("robot")]),
    updated("api_client.update_api_client", "robot", {**ROBOT, "description": "lifts more"}),
    found("secret", "api_client.add_api_client_secret", args=["$robot"], sent={
        "expires_at": lambda look: str(int(time.time()) + 60 * 86400)}),
    does("api_client.get_api_client_secret", args=["$robot"]),
    does("api_client.delete_api_client_secret", args=["$robot", "$secret"]),
    deleted("api_client.delete_api_client", "robot"),
]

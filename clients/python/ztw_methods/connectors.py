"""Connectors: their groups and machines, where they are, and the templates that they start from."""

import types

from zscaler import ZscalerClient

from every_method.rows import deleted, does, found, listed, made, outside, read, removed, updated


TEMPLATE = {
    "template_prefix": "harbour", "xff_forward_enabled": True, "auth_required": False, "caution_enabled": True,
    "ofw_enabled": True}
DATA = {"location_template": {"id": "$template"}, "cloud_provider_type": "AWS", "form_factor": "SMALL"}
START = {
    "name": "Harbour cloud", "desc": "for the port", "prov_url_type": "CLOUD", "prov_url_data": {**DATA, "release_channel": "LATEST"}}
# The SDK's type has no place for the channel.
READABLE = {"prov_url_data": DATA}


def machine(look):
    """Makes a machine of the group, for which the SDK has no method."""
    with ZscalerClient({}) as client:
        requests = client.get_request_executor()
        request, _ = requests.create_request("POST", f"/ztw/api/v1/ecgroup/{look('connectors')}/vm", {
            "name": "Harbour machine", "form_factor": "SMALL"})
        answer, error = requests.execute(request)
    if error is not None:
        raise error
    return {"machine": types.SimpleNamespace(**answer.get_body())}


ROWS = [
    found("place", "location_management.list_locations", sent={"query_params": {"page": 1, "page_size": 100}}),
    read("location_management.get_location", "place"),
    listed("location_management.list_locations_lite", "place"),
    found("connectors", "ec_groups.list_ec_groups"),
    listed("ec_groups.get_ec_group", args=["$connectors"]),
    listed("ec_groups.list_ec_group_lite", "connectors"),
    does("ec_groups.list_ec_instance_lite"),
    outside("make a machine", machine),
    read("ec_groups.get_ec_group_vm", "machine", args=["$connectors", "$machine"]),
    deleted("ec_groups.delete_ec_group_vm", "machine", args=["$connectors", "$machine"]),

    made("template", "location_template.add_location_template", {
        "name": "Harbour template", "description": "for the port", "template": TEMPLATE},
         shown={"description": "desc"}),
    listed("location_template.list_location_templates", "template"),
    listed("location_template.list_template_lite", "template"),
    does("location_template.update_location_template", args=["$template"], sent={
        "name": "Harbour template", "description": "for the whole port", "template": TEMPLATE}),
    made("start", "provisioning_url.add_provisioning_url", START, like=READABLE),
    read("provisioning_url.get_provisioning_url", "start"),
    listed("provisioning_url.list_provisioning_url", "start", sent={"query_params": {"page": 1, "page_size": 100}}),
    updated("provisioning_url.update_provisioning_url", "start", {**START, "desc": "for the whole port"}, like=READABLE,
            kept_back="the SDK loses the template"),
]

AFTER = [
    deleted("provisioning_url.delete_provisioning_url", "start"),
    removed("location_template.delete_location_template", "template", args=["$template"]),
]

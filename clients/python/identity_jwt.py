"""API clients made through the ZIdentity admin API: one that signs in with a private key, one that may only read.

The key pair is made here; only its public half is uploaded.
"""

import re

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from zscaler import ZscalerClient

from expect import done, equal, fail, true

READ_ONLY = re.compile(r"read.?only|view.?only", re.IGNORECASE)


def resources(server, wanted):
    """Grants on the default API: for each product the first role that `wanted` accepts."""
    scopes = []
    for product in ("ZIA", "ZPA"):
        entry = next((each for each in server.service_scopes if each.service.name == product), None)
        scope = entry and next((each for each in entry.scopes if wanted(each.name)), None)
        if scope is None:
            fail("choose a role", f"{product} offers none: {entry and [each.name for each in entry.scopes]}")
        scopes.append({"id": scope.id, "name": scope.name})
    return [{"id": server.id, "name": server.name, "default_api": True, "selected_scopes": scopes}]


key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
private_pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                serialization.NoEncryption()).decode()
public_pem = key.public_key().public_bytes(serialization.Encoding.PEM,
                                           serialization.PublicFormat.SubjectPublicKeyInfo).decode()

with ZscalerClient({}) as admin:
    zid = admin.zid
    server = done("list the resource servers", zid.resource_servers.list_resource_servers()).records[0]

    signer = done("create a client with a public key", zid.api_client.add_api_client(
        name="Harbour signer", description="signs in with a key", status=True, access_token_life_time=3600,
        client_authentication={"auth_type": "PUBKEYCERT",
                               "public_keys": [{"key_name": "harbour", "key_value": public_pem}]},
        client_resources=resources(server, lambda name: not READ_ONLY.search(name))))
    reader = done("create a client that may only read", zid.api_client.add_api_client(
        name="Harbour reader", status=True, access_token_life_time=3600,
        client_authentication={"auth_type": "SECRET"}, client_resources=resources(server, READ_ONLY.search)))
    secret = done("make its secret", zid.api_client.add_api_client_secret(reader.id))
    masked, _, error = zid.api_client.get_api_client_secret(reader.id)
    true("the secret is never shown again", error is None and secret.value not in str(masked), f"{error or masked}")

    with ZscalerClient({"clientId": signer.id, "privateKey": private_pem, "clientSecret": ""}) as client:
        true("list URL filtering rules by key", done("ask", client.zia.url_filtering.list_rules()) is not None)
        true("list segments by key", done("ask", client.zpa.application_segment.list_segments()) is not None)
        group = done("create a segment group by key", client.zpa.segment_groups.add_group(name="By key", enabled=True))
        done("delete it by key", client.zpa.segment_groups.delete_group(group.id))

    with ZscalerClient({"clientId": reader.id, "clientSecret": secret.value}) as client:
        done("the reader lists labels", client.zia.rule_labels.list_labels())
        done("the reader lists segment groups", client.zpa.segment_groups.list_groups())
        for step, answer in (
            ("the reader writes a label", client.zia.rule_labels.add_label(name="Not allowed")),
            ("the reader writes a segment group", client.zpa.segment_groups.add_group(name="No", enabled=True)),
        ):
            equal(f"{step}: refused with 403", getattr(answer[-1], "status_code", None), 403)

    done("delete the signer", zid.api_client.delete_api_client(signer.id))
    done("delete the reader", zid.api_client.delete_api_client(reader.id))

    try:
        with ZscalerClient({"clientId": signer.id, "privateKey": private_pem, "clientSecret": ""}) as client:
            client.zia.rule_labels.list_labels()
    except Exception as error:  # the SDK raises a bare Exception when it gets no token
        true("a deleted client gets no token", "400" in str(error), error)
    else:
        fail("sign in with a deleted client", "it got a token")

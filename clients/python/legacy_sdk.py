"""The older APIs with the SDK's legacy clients: internet access and connectors by session, client connector and digital
experience by token. `zuno run --legacy` and `zuno env --legacy` say with what to sign in.
"""

import requests
from zscaler.oneapi_client import LegacyZCCClient, LegacyZDXClient, LegacyZIAClient, LegacyZTWClient

from expect import done, equal, fail, refused, true

with LegacyZIAClient({}) as client:
    zia = client.zia
    print("ok     sign in to internet access")
    true("list the categories", done("ask", zia.url_categories.list_categories()) is not None)
    label = done("create a rule label", zia.rule_labels.add_label(name="Older pilots", description="by session"))
    read = done("read it", zia.rule_labels.get_label(label.id))
    equal("it is kept", read.name, "Older pilots")
    equal("it waits", done("read the status", zia.activate.status()).status, "PENDING")
    equal("activation answers", done("activate", zia.activate.activate()).status, "ACTIVE")
    refused("a second one of the name", zia.rule_labels.add_label(name="older pilots"), 400, "DUPLICATE_ITEM")
    done("delete it", zia.rule_labels.delete_label(label.id))
    true("the session lasts", zia.validate_session_status())
    first, session = zia.url, {"Cookie": f"JSESSIONID={zia.session_id}"}
    zia.deauthenticate()  # the client itself would go on with the session: it asks whether there is one, and reads any 200 as yes
    late = requests.get(f"{first}/api/v1/ruleLabels", headers=session, timeout=30)
    equal("the session is over", (late.status_code, late.json()["code"]), (401, "SESSION_NOT_VALID"))
    zia.authenticate()
    equal("signing out has activated", done("ask as another session", zia.activate.status()).status, "ACTIVE")

try:
    LegacyZIAClient({"password": "wrong"})
except Exception as error:  # the SDK raises what it read
    true("a wrong password is refused", "INVALID_USERNAME_OR_PASSWORD" in str(error), error)
else:
    fail("sign in with a wrong password", "it was accepted")

with LegacyZTWClient({}) as client:
    ztw = client.ztw
    print("ok     sign in to connectors")
    true("list the groups", done("ask", ztw.ec_groups.list_ec_groups()) is not None)
    group = done("create a group of addresses", ztw.ip_source_groups.add_ip_source_group(
        name="Older quay", description="by session", ip_addresses=["192.0.2.7"]))
    names = [each["name"] for each in done("list them", ztw.ip_source_groups.list_ip_source_groups())]
    true("it is kept", "Older quay" in names, names)
    done("delete it", ztw.ip_source_groups.delete_ip_source_group(group.id))

with LegacyZCCClient({}) as client:
    zcc = client.zcc
    print("ok     sign in to client connector")
    devices = done("list the devices", zcc.devices.list_devices())
    true("there are some", len(devices) > 0)

with LegacyZDXClient({}) as client:
    zdx = client.zdx
    print("ok     sign in to digital experience")
    apps = done("list the applications", zdx.apps.list_apps())
    true("there are some", len(apps) > 0)
    true("the keys are published", zdx.get_jwks()["keys"])
    valid = requests.get(f"{zdx.url}/v1/oauth/validate", headers={"Authorization": f"Bearer {zdx.auth_token}"}, timeout=30)
    equal("the token counts", valid.json(), {"valid": True})

"""zscaler-api-talkers, small clients of the older APIs: each signs in and reads, that of internet access writes as well."""

import os

from zscaler_api_talkers import ClientConnectorTalker, CloudConnectorTalker, ZiaTalker, ZpaTalker

from expect import equal, true

cloud = f"{os.environ['ZIA_CLOUD']}.net"
person = {"username": os.environ["ZIA_USERNAME"], "password": os.environ["ZIA_PASSWORD"], "api_key": os.environ["ZIA_API_KEY"]}
key = os.environ["ZPA_CLIENT_ID"], os.environ["ZPA_CLIENT_SECRET"]

zia = ZiaTalker(cloud, **person)
equal("sign in to internet access", zia.authenticated_session()["authType"], "ADMIN_LOGIN")
true("list the categories", len(zia.list_url_categories()) > 50)
label = zia.add_rule_label(name="Old quay", description="by session")
names = [each["name"] for each in zia.list_rule_labels()]
true("a label is kept", "Old quay" in names, names)
equal("it waits", zia.get_status()["status"], "PENDING")
equal("signing out activates", zia.end_session()["status"], "ACTIVE")
equal("there is no session", "authType" in zia.authenticated_session(), False)

connectors = CloudConnectorTalker(cloud, **person)
equal("sign in to connectors", connectors.authenticated_session()["authType"], "ADMIN_LOGIN")

devices = ClientConnectorTalker(cloud, *key).list_devices()
true("sign in to client connector, list the devices", len(devices) > 0, devices)

zpa = ZpaTalker(int(os.environ["ZPA_CUSTOMER_ID"]), client_id=key[0], client_secret=key[1])
true("sign in to private access, list the servers", "totalPages" in zpa.list_servers())

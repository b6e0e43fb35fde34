"""The older ZPA API with the SDK's legacy client: sign in, list, create, delete, sign out.

The legacy client keeps answers to GET for an hour unless told not to, and it has no call that signs out.
"""

import os

os.environ["ZSCALER_CLIENT_CACHE_ENABLED"] = "false"  # read when the client is made

import requests
from zscaler.oneapi_client import LegacyZPAClient

from expect import done, equal, fail, refused, true

with LegacyZPAClient({"cloud": "PRODUCTION"}) as client:
    zpa = client.zpa
    print("ok     sign in")
    true("list the segments", done("ask", zpa.application_segment.list_segments()) is not None)
    group = done("create a segment group", zpa.segment_groups.add_group(name="Old harbour", enabled=True))
    read = done("read it", zpa.segment_groups.get_group(group.id))
    equal("it is kept", read.name, "Old harbour")
    found = done("search it", zpa.segment_groups.list_groups(query_params={"search": "Old harbour"}))
    equal("search finds it", [each.id for each in found], [group.id])
    done("delete it", zpa.segment_groups.delete_group(group.id))
    refused("it is gone", zpa.segment_groups.get_group(group.id), 400, "resource.not.found")

    bye = requests.post(f"{zpa.baseurl}/signout", headers=zpa.headers, timeout=30)
    equal("sign out", bye.status_code, 200)
    late = requests.get(f"{zpa.baseurl}/mgmtconfig/v1/admin/customers/{zpa.customer_id}/segmentGroup",
                        headers=zpa.headers, timeout=30)
    equal("the signed-out token is refused", late.status_code, 401)

try:
    LegacyZPAClient({"cloud": "PRODUCTION", "clientSecret": "wrong"})
except Exception as error:  # the SDK raises a bare Exception
    true("a wrong secret is refused", "Failed to login" in str(error), error)
else:
    fail("sign in with a wrong secret", "it was accepted")

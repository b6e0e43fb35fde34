#!/bin/sh
# The calls of the OneAPI getting-started page, with curl.
. "$(dirname -- "$0")/../curl.sh"

call 200 "$identity/oauth2/v1/token" --user "$ZSCALER_CLIENT_ID:$ZSCALER_CLIENT_SECRET" \
    --data grant_type=client_credentials --data-urlencode audience=https://api.zscaler.com
holds "token by Basic" 'it["token_type"] == "Bearer" and it["expires_in"] > 0'

call 200 "$identity/oauth2/v1/token" --data grant_type=client_credentials \
    --data-urlencode "client_id=$ZSCALER_CLIENT_ID" --data-urlencode "client_secret=$ZSCALER_CLIENT_SECRET" \
    --data-urlencode audience=https://api.zscaler.com
holds "token by body" 'it["token_type"] == "Bearer" and it["access_token"].count(".") == 2'
bearer="Authorization: Bearer $(pick 'it["access_token"]')"

call 400 "$identity/oauth2/v1/token" --data grant_type=client_credentials --data-urlencode "client_id=$ZSCALER_CLIENT_ID" \
    --data client_secret=wrong --data-urlencode audience=https://api.zscaler.com
holds "a wrong secret is refused" '"error" in it'

call 401 "$api/zia/api/v1/status"
holds "no token, no answer" 'it["detail"] == "unauthorized"'

call 200 "$api/zia/api/v1/urlLookup" --header "$bearer" --json '["viruses.org", "facebook.com", "bbc.com"]'
holds "three URLs looked up" '[(each["url"], each["urlClassifications"]) for each in it] == [
    ("viruses.org", ["MISCELLANEOUS_OR_UNKNOWN"]), ("facebook.com", ["SOCIAL_NETWORKING"]), ("bbc.com", ["NEWS_AND_MEDIA"])]'

call 200 "$api/zpa/mgmtconfig/v1/admin/customers/$customer/application?page=1&pagesize=20" --header "$bearer"
holds "application segments" 'it["totalPages"].isdigit() and isinstance(it.get("list", []), list)'
call 200 "$api/zpa/mgmtconfig/v1/admin/customers/$customer/application?microtenantId=0" --header "$bearer"
holds "application segments of the default microtenant" '"totalPages" in it'

call 200 "$api/zcc/papi/public/v1/getDevices" --header "$bearer"
holds "enrolled devices" 'it[0]["udid"]'
udid=$(pick 'it[0]["udid"]')
call 200 --get "$api/zcc/papi/public/v1/getOtp" --header "$bearer" --data-urlencode "udid=$udid"
holds "one-time password" 'it.get("otp") or it.get("logoutOtp")'
call 200 --get "$api/zcc/papi/public/v1/getOtp" --header "$bearer" --data-urlencode "udid=$udid" --data "_=123456?"
holds "one-time password, cache busted" 'it.get("otp") or it.get("logoutOtp")'

call 200 "$api/ztw/api/v1/ecgroup" --header "$bearer"
holds "connector groups with their machines" 'it[0]["platform"] == "AWS" and it[0]["ecVMs"][0]["ecInstances"]'

call 200 "$api/zdx/v1/devices" --header "$bearer"
holds "measured devices" 'it["devices"][0]["id"]'
device=$(pick 'it["devices"][0]["id"]')
call 200 "$api/zdx/v1/devices/$device/deeptraces" --header "$bearer" \
    --json '{"session_name": "harbour", "session_length_minutes": 5, "probe_device": true}'
holds "deep trace started" 'it["status"] == "not_started" and "trace_id" in it and "expected_time" in it'
trace=$(pick 'it["trace_id"]')
call 200 --request DELETE "$api/zdx/v1/devices/$device/deeptraces/$trace" --header "$bearer"
echo "ok     deep trace stopped, so that the next one may start"

call 200 "$api/ziam/admin/api/v1/users?limit=100&offset=0&loginname=bbb@bbc.com" --header "$bearer"
holds "the user with that login name" 'it["results_total"] == 1 and it["pageSize"] == 100
    and it["records"][0]["loginName"] == "bbb@bbc.com" and it["records"][0]["idp"]["name"] == "okta"'

call 200 --request POST "$api/zia/api/v1/status/activate" --header "$bearer"
holds "ZIA activated" 'it["status"] == "ACTIVE"'
call 200 --request POST "$api/ztw/api/v1/ecAdminActivateStatus/activate" --header "$bearer"
echo "ok     connectors activated"

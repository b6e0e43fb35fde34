#!/bin/sh
# The calls of the ZPA getting-started page, with curl: sign in, list, list a microtenant, sign out.
. "$(dirname -- "$0")/../curl.sh"

call 200 "$legacy/signin" --data-urlencode "client_id=$ZPA_CLIENT_ID" --data-urlencode "client_secret=$ZPA_CLIENT_SECRET"
holds "sign in" 'it["token_type"] == "Bearer" and it["expires_in"].isdigit()'
bearer="Authorization: Bearer $(pick 'it["access_token"]')"

call 200 "$legacy/mgmtconfig/v1/admin/customers/$customer/application?page=1&pagesize=20&search=" --header "$bearer"
holds "application segments" 'it["totalPages"].isdigit()'
call 200 "$legacy/mgmtconfig/v1/admin/customers/$customer/application?microtenantId=0" --header "$bearer"
holds "application segments of the default microtenant" 'it["totalPages"].isdigit()'

call 200 --request POST "$legacy/signout" --header "$bearer" --header "Content-Type: application/json"
echo "ok     sign out"
call 401 "$legacy/mgmtconfig/v1/admin/customers/$customer/application" --header "$bearer"
echo "ok     the signed-out token is refused"
call 401 "$legacy/signin" --data-urlencode "client_id=$ZPA_CLIENT_ID" --data client_secret=wrong
holds "a wrong secret is refused" 'it["id"] == "invalid_client"'

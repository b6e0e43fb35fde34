#!/bin/sh
# What the Go SDK, and Terraform and Pulumi on top of it, send and insist on, repeated by hand with curl.
. "$(dirname -- "$0")/../curl.sh"
admin=${SEED_URL:-https://$ZSCALER_VANITY_DOMAIN-admin.zslogin.net}

call 200 "$identity/oauth2/v1/token" --header "Accept:" --header "User-Agent: zscaler-sdk-go/3.8.26 golang/go1.24 linux/amd64" \
    --data-urlencode audience=https://api.zscaler.com --data-urlencode "client_id=$ZSCALER_CLIENT_ID" \
    --data-urlencode "client_secret=$ZSCALER_CLIENT_SECRET" --data grant_type=client_credentials
holds "token: sorted form, no Accept, a number of seconds" 'isinstance(it["expires_in"], int) and len(it["access_token"]) > 20'
bearer="Authorization: Bearer $(pick 'it["access_token"]')"
json="Content-Type: application/json"
zpa="$api/zpa/mgmtconfig/v1/admin/customers/$customer"

call 200 "$admin/admin/api/v1/users?limit=1000&offset=0" --header "$bearer" --header "$json"
holds "identity on the admin host, content type on GET" 'len(it["records"]) > 0'
call 200 --get "$admin/admin/api/v1/users" --header "$bearer" --data-urlencode "loginname[like]=bbc.com"
holds "bracketed filter" 'all("bbc.com" in each["loginName"] for each in it["records"])'

# ZIA and ZTW creates are taken only under exactly this content type.
type=$(curl --silent --show-error --max-time 30 --output /dev/null --write-out '%{http_code} %{content_type}' \
    "$api/zia/api/v1/ruleLabels" --header "$bearer" --json '{"id": 0, "name": "Go label", "referencedRuleCount": 0}')
[ "$type" = "200 application/json" ] || { echo "FAILED create a label: $type"; exit 1; }
echo "ok     create a label: 200 application/json"
call 200 "$api/zia/api/v1/ruleLabels?pageSize=1000&page=1" --header "$bearer" --header "$json"
holds "list in pages of 1000" '"Go label" in [each["name"] for each in it]'
label=$(pick '[each["id"] for each in it if each["name"] == "Go label"][0]')
call 200 "$api/zia/api/v1/ruleLabels?pageSize=1000&page=2" --header "$bearer" --header "$json"
holds "past the end there is an empty list" 'it == []'
call 204 --request DELETE "$api/zia/api/v1/ruleLabels/$label" --header "$bearer" --header "$json"
echo "ok     delete the label"
call 200 "$api/zia/api/v1/status/activate" --header "$bearer" --json '{"status": "ACTIVE"}'
holds "activate with a body" 'it["status"] == "ACTIVE"'

call 201 "$zpa/segmentGroup" --header "$bearer" --json '{"name": "Go group one", "enabled": true, "policyMigrated": false, "tcpKeepAliveEnabled": "0"}'
holds "create a segment group" 'it["id"].isdigit()'
group=$(pick 'it["id"]')
call 200 "$zpa/segmentGroup?pagesize=500&page=1&search=name%2BEQ%2BGo%20group%20one" --header "$bearer" --header "$json"
holds "search with its operators escaped" '[each["id"] for each in it["list"]] == ["'"$group"'"] and it["totalPages"] == "1"'
call 200 "$zpa/segmentGroup?pagesize=500&page=1&search=name+EQ+Go+group+one" --header "$bearer"
holds "search as the reference writes it" '[each["id"] for each in it["list"]] == ["'"$group"'"]'
call 200 "$zpa/segmentGroup/$group?customerId=$customer" --header "$bearer" --header "$json"
holds "a customer id in the query as well" 'it["name"] == "Go group one"'
call 204 --request DELETE "$zpa/segmentGroup/$group" --header "$bearer" --header "$json"
echo "ok     delete the segment group"
call 400 "$zpa/segmentGroup/$group" --header "$bearer" --header "$json"
holds "its absence has the id that Terraform looks for" 'it["id"] == "resource.not.found"'

call 200 "$legacy/signin" --data-urlencode "client_id=$ZPA_CLIENT_ID" --data-urlencode "client_secret=$ZPA_CLIENT_SECRET"
holds "legacy sign-in: seconds as a string, a decodable token" 'it["expires_in"].isdigit() and it["access_token"].count(".") == 2'

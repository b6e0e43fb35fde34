#!/bin/sh
# The published service endpoints as pollers with curl fetch them: three documents into one plain list, and again only
# what changed.
. "$(dirname -- "$0")/../curl.sh"
site=${SEED_URL:-https://config.zscaler.com}/api/zscaler.net

list=$(mktemp)
trap 'rm -f "$list"' EXIT
for document in hubs/cidr/json/required cenr/json future/json; do
    call 200 --compressed "$site/$document"
    printf %s "$body" | python3 -c '
import json, sys
it = json.load(sys.stdin)
lists = it.get("hubPrefixes") or it.get("prefixes")
cities = [city for continent in it.get("zscaler.net", {}).values() for city in continent.values()]
print("\n".join(lists or [entry["range"] for city in cities for entry in city]))' >>"$list"
done
lines=$(grep -Ec '^[0-9a-f.:]+/[0-9]+$' "$list")
[ "$lines" -gt 1000 ] && [ "$lines" = "$(wc -l <"$list")" ] || { echo "FAILED one list of prefixes: $lines"; exit 1; }
echo "ok     one list of $lines prefixes"

tag=$(curl --silent --show-error --max-time 30 --output /dev/null --write-out '%header{etag}' "$site/cenr/json")
call 304 "$site/cenr/json" --header "If-None-Match: $tag"
echo "ok     the same is not sent again"
call 404 "${site%zscaler.net}zscalerone.net/svpn/json"
echo "ok     what is yet to be published is not there"

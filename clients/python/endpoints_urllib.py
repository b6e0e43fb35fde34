"""The published service endpoints as scripts around the world read them: with the standard library alone, into one list.

Three documents are fetched from the site's current host, held against each other, and merged, families apart.
"""

import ipaddress
import json
import urllib.error
import urllib.request

from expect import equal, true

SITE = "https://config.zscaler.com/api/zscaler.net"


def fetch(path):
    with urllib.request.urlopen(f"{SITE}/{path}", timeout=30) as answer:
        return json.load(answer)


def networks(texts):
    return {ipaddress.ip_network(text.strip(), strict=False) for text in texts if text}


def merged(found):
    return [list(ipaddress.collapse_addresses(net for net in found if net.version == version)) for version in (4, 6)]


document = fetch("cenr/json")
equal("the cloud comes first, and beside it Client Connector's addresses", list(document), ["zscaler.net", "svpnIPs"])
cities = {city.removeprefix("city : "): entries
          for continent in document["zscaler.net"].values() for city, entries in continent.items()}
equal("cities", len(cities), 103)
ranges = networks(entry["range"] for entries in cities.values() for entry in entries)
equal("ranges", len(ranges), 673)
equal("merged, of each family", [len(nets) for nets in merged(ranges)], [244, 48])

future = networks(fetch("future/json")["prefixes"])
true("the future holds the present", all(any(net.version == block.version and net.subnet_of(block) for block in future)
                                         for net in ranges))
svpn = networks(document["svpnIPs"])
true("as it holds Client Connector's addresses", all(any(net.version == block.version and net.subnet_of(block)
                                                         for block in future) for net in svpn))
required, recommended = (networks(fetch(f"hubs/cidr/json/{which}")["hubPrefixes"]) for which in ("required", "recommended"))
true("recommended hubs hold the required ones, in fewer lines",
     len(recommended) < len(required)
     and merged(recommended | required) == merged(recommended))
equal("svpn alone is what stands beside the data centres", networks(fetch("svpn/json")["svpnIPs"]), svpn)

try:
    urllib.request.urlopen(urllib.request.Request(f"{SITE}/cenr/json", method="HEAD"), timeout=30)
    true("a probe with HEAD is refused", False)
except urllib.error.HTTPError as refused:
    equal("a probe with HEAD is refused", refused.code, 405)

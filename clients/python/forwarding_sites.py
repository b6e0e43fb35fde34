"""Where traffic can be taken to: the Python SDK is told of the sites that config.zscaler.com publishes.

The published document is read as any program reads it, through the proxy of the environment.
"""

import json
import os
import ssl
import time
import urllib.request

from zscaler import ZscalerClient

from expect import done, equal, refused, true


def published(cloud, kind):
    trust = ssl.create_default_context(cafile=os.environ.get("SSL_CERT_FILE"))
    with urllib.request.urlopen(f"https://config.zscaler.com/api/{cloud}/{kind}", context=trust) as answer:
        return json.load(answer)


with ZscalerClient({}) as client:
    zia = client.zia

    document = published("zscalerthree.net", "cenr/json")["zscalerthree.net"]
    entries = [entry for cities in document.values() for city in cities.values() for entry in city]
    sites = done("list the virtual addresses", zia.gre_tunnel.list_vips(query_params={"page_size": 1000}))
    told = {address for site in sites for address in site.gre_ips}
    equal("every published address is told of", told, {entry["gre"] for entry in entries} - {""})
    hosts = {entry["hostname"] for entry in entries} - {""}
    true("every proxy is a published one", {site.pac_domain_name for site in sites} - {""} <= hosts)
    connector = set(published("zscalerthree.net", "svpn/json")["svpnIPs"])
    true("Client Connector's addresses are published ones",
         {address for site in sites for address in site.svpn_ips} <= connector)
    names = {each.name.upper() for each in done("list the data centers", zia.traffic_datacenters.list_datacenters())}
    true("every site is a data center", {site.data_center.upper() for site in sites} <= names)

    address = done("add a static address", zia.traffic_static_ip.add_static_ip(ip_address="8.8.4.4", comment="lab"))
    near = done("ask for the nearest", zia.gre_tunnel.list_vips_recommended(query_params={"source_ip": "8.8.4.4"}))
    equal("five are recommended", len(near), 5)
    groups = done("ask by data center", zia.gre_tunnel.list_vip_group_by_dc(query_params={"source_ip": "8.8.4.4"}))
    equal("the same ones", len(groups), 5)
    tunnel = done("add a tunnel", zia.gre_tunnel.add_gre_tunnel(source_ip="8.8.4.4", comment="lab", ip_unnumbered=False))
    true("it ends at published addresses", {tunnel.primary_dest_vip.virtual_ip, tunnel.secondary_dest_vip.virtual_ip} <= told)
    ranges = done("list free ranges", zia.gre_tunnel.list_gre_ranges(
        query_params={"internal_ip_range": "172.17.47.247-172.17.47.240"}))
    equal("ten ranges from there on", len(ranges), 10)
    refused("remove the address", zia.traffic_static_ip.delete_static_ip(address.id), 409, "RESOURCE_IN_USE")
    done("remove the tunnel", zia.gre_tunnel.delete_gre_tunnel(tunnel.id))
    done("remove the address", zia.traffic_static_ip.delete_static_ip(address.id))

    amsterdam = next(each.id for each in zia.traffic_datacenters.list_datacenters()[0] if each.name == "AMS3")
    start = int(time.time())
    excluded = done("exclude a data center", zia.traffic_datacenters.add_dc_exclusion(
        dcid=amsterdam, start_time=start, end_time=start + 86_400, description="works"))
    equal("for a day", excluded[0].expired, False)
    done("take that back", zia.traffic_datacenters.delete_dc_exclusion(amsterdam))
    last = done("ask for the last of a country", zia.sub_clouds.get_sub_cloud_last_dc_in_country(
        31649, query_params={"dc_id": [5313]}))
    true("Canada has no other", last[0].last_dc_exclusion)

#!/usr/bin/env python3
"""The first things that one wants of a tenant's policy for the internet, made with the vendor's Python SDK.

A category of one's own is blocked for the contractors; printers are reached through the firewall; banks stay out of TLS
inspection; card numbers do not leave; then all of it is activated. A second run finds what the first made and changes
nothing. `policy.py remove` takes everything away again.
"""

import sys

from zscaler import ZscalerClient

CATEGORY, GROUP = "Web shops", "Printers"
BLOCK, ALLOW, EXEMPT, CARDS = "No shopping", "Printers", "Banks stay private", "Card numbers"


def done(what, answer):
    """The value of a call; ends the program at an error, with what was attempted."""
    value, _, error = answer
    if error is not None:
        sys.exit(f"{what}: {error}")
    return value


def named(name, things, attribute="name"):
    """The one of them that has this name, or None."""
    return next((each for each in things if getattr(each, attribute) == name), None)


def needed(what, thing):
    if thing is None:
        sys.exit(f"the tenant has no {what}")
    return thing


def make(zia):
    """Makes what is missing; True if anything was."""
    made = []

    def once(what, found, create):
        if found is None:
            made.append(what)
            print(f"+ {what}")
        return done(what, create()) if found is None else found

    contractors = needed("group Contractors", named("Contractors", done(
        "list groups", zia.user_management.list_groups(query_params={"search": "Contractors"}))))
    # The vendor's own engines are known by another name, for people translate theirs.
    pci = needed("engine PCI", named("PCI", done("list engines", zia.dlp_engine.list_dlp_engines()),
                                     "predefined_engine_name"))

    shops = once(f"category {CATEGORY}", named(CATEGORY, done(
        "list categories", zia.url_categories.list_categories(query_params={"custom_only": True})), "configured_name"),
        lambda: zia.url_categories.add_url_category(
            configured_name=CATEGORY, super_category="USER_DEFINED", custom_category=True,
            urls=[".shop.example", "bazaar.example"]))
    once(f"rule {BLOCK}", named(BLOCK, done("list rules", zia.url_filtering.list_rules())),
         lambda: zia.url_filtering.add_rule(
             name=BLOCK, order=1, rank=7, enabled=True, action="BLOCK", protocols=["ANY_RULE"],
             request_methods=["GET", "POST"], url_categories=[shops.id], groups=[contractors.id]))

    printers = once(f"group {GROUP}", named(GROUP, done("list groups", zia.cloud_firewall.list_ip_destination_groups())),
                    lambda: zia.cloud_firewall.add_ip_destination_group(
                        name=GROUP, type="DSTN_IP", addresses=["192.0.2.0/28"]))
    once(f"firewall rule {ALLOW}", named(ALLOW, done("list rules", zia.cloud_firewall_rules.list_rules())),
         lambda: zia.cloud_firewall_rules.add_rule(
             name=ALLOW, order=1, rank=7, enabled=True, action="ALLOW", dest_ip_groups=[printers.id]))

    once(f"inspection rule {EXEMPT}", named(EXEMPT, done("list rules", zia.ssl_inspection_rules.list_rules())),
         lambda: zia.ssl_inspection_rules.add_rule(
             name=EXEMPT, order=1, rank=7, enabled=True, url_categories=["FINANCE"], action={
                 "type": "DO_NOT_DECRYPT", "do_not_decrypt_sub_actions": {
                     "bypass_other_policies": False, "server_certificates": "ALLOW", "ocsp_check": False,
                     "block_ssl_traffic_with_no_sni_enabled": False, "min_tls_version": "SERVER_TLS_1_0"}}))

    once(f"data rule {CARDS}", named(CARDS, done("list rules", zia.dlp_web_rules.list_rules())),
         lambda: zia.dlp_web_rules.add_rule(
             name=CARDS, order=1, rank=7, enabled=True, action="BLOCK", protocols=["ANY_RULE"], dlp_engines=[pci.id]))
    return bool(made)


def remove(zia):
    """Removes what `make` makes, rules before what they name; True if there was anything."""
    removed = []
    for what, things, attribute, name, delete in (
            ("data rule", zia.dlp_web_rules.list_rules, "name", CARDS, zia.dlp_web_rules.delete_rule),
            ("inspection rule", zia.ssl_inspection_rules.list_rules, "name", EXEMPT, zia.ssl_inspection_rules.delete_rule),
            ("firewall rule", zia.cloud_firewall_rules.list_rules, "name", ALLOW, zia.cloud_firewall_rules.delete_rule),
            ("group", zia.cloud_firewall.list_ip_destination_groups, "name", GROUP,
             zia.cloud_firewall.delete_ip_destination_group),
            ("rule", zia.url_filtering.list_rules, "name", BLOCK, zia.url_filtering.delete_rule),
            ("category", zia.url_categories.list_categories, "configured_name", CATEGORY,
             zia.url_categories.delete_category)):
        thing = named(name, done(f"list what {what}s there are", things()), attribute)
        if thing is not None:
            done(f"delete the {what} {name}", delete(thing.id))
            print(f"- {what} {name}")
            removed.append(thing)
    return bool(removed)


def main():
    with ZscalerClient({}) as client:
        changed = (remove if sys.argv[1:] == ["remove"] else make)(client.zia)
        if changed:
            # What was saved is a draft until now.
            print("activated:", done("activate", client.zia.activate.activate()).status)
        else:
            print("nothing to do")


main()

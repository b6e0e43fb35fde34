"""The example examples/internet_access, run as its README says: made and activated, nothing to do the second time, seen
as the cloud tells it, and removed until the tenant is as it was; then the same from the shell, where jq is there."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from zscaler import ZscalerClient

from expect import done, equal, fail

EXAMPLE = Path(__file__).resolve().parents[2] / "examples/internet_access"


def policy(*what):
    """Runs the program; what it prints, line by line."""
    ran = subprocess.run([sys.executable, str(EXAMPLE / "policy.py"), *what], text=True, stdout=subprocess.PIPE,
                         stderr=subprocess.STDOUT)
    if ran.returncode != 0:
        fail(f"policy.py {' '.join(what)}", f"exit status {ran.returncode}:\n{ran.stdout}")
    return ran.stdout.splitlines()


def from_the_shell():
    """Runs policy.sh, with the binary that is tried as its `zuno`."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "zuno").symlink_to(os.environ["ZUNO"])
        ran = subprocess.run([str(EXAMPLE / "policy.sh")], text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                             env={**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"})
    if ran.returncode != 0:
        fail("policy.sh", f"exit status {ran.returncode}:\n{ran.stdout}")


def everything(zia):
    """The ids of all that the tenant has of what the example makes."""
    return {what: sorted(each.id for each in done(f"list {what}", list_all())) for what, list_all in {
        "categories": lambda: zia.url_categories.list_categories(query_params={"custom_only": True}),
        "filtering rules": zia.url_filtering.list_rules,
        "destination groups": zia.cloud_firewall.list_ip_destination_groups,
        "firewall rules": zia.cloud_firewall_rules.list_rules,
        "inspection rules": zia.ssl_inspection_rules.list_rules,
        "data rules": zia.dlp_web_rules.list_rules}.items()}


def first(what, rules):
    """The rule that is tried first."""
    return min((each for each in done(f"list {what}", rules()) if each.order > 0), key=lambda each: each.order)


with ZscalerClient({}) as client:
    zia, before = client.zia, everything(client.zia)
    made = policy()
    equal("six things are made, and activated", [made[-1], len(made)], ["activated: ACTIVE", 7])
    equal("nothing waits", done("read the status", zia.activate.status()).status, "ACTIVE")
    equal("a second run has nothing to do", policy(), ["nothing to do"])

    shops = next(each for each in done("list categories", zia.url_categories.list_categories(
        query_params={"custom_only": True})) if each.configured_name == "Web shops")
    rule = first("filtering rules", zia.url_filtering.list_rules)
    equal("web shops are blocked for the contractors",
          [rule.name, rule.action, rule.url_categories, [each.name for each in rule.groups]],
          ["No shopping", "BLOCK", [shops.id], ["Contractors"]])
    looked = done("look a shop up", zia.url_categories.lookup(["www.shop.example"]))
    equal("a shop is in the category", looked[0]["urlClassifications"], [shops.id])
    rule = first("firewall rules", zia.cloud_firewall_rules.list_rules)
    equal("printers are reached", [rule.name, rule.action, [each.name for each in rule.dest_ip_groups]],
          ["Printers", "ALLOW", ["Printers"]])
    rule = first("inspection rules", zia.ssl_inspection_rules.list_rules)
    equal("banks stay private", [rule.name, rule.action.type, rule.url_categories],
          ["Banks stay private", "DO_NOT_DECRYPT", ["FINANCE"]])
    rule = first("data rules", zia.dlp_web_rules.list_rules)
    equal("card numbers do not leave", [rule.name, rule.action, len(rule.dlp_engines)], ["Card numbers", "BLOCK", 1])

    equal("all of it is removed, and activated", policy("remove")[-1], "activated: ACTIVE")
    equal("the tenant is as it was", everything(zia), before)
    equal("and a second time there is nothing to remove", policy("remove"), ["nothing to do"])

    if shutil.which("jq") and os.environ.get("ZUNO"):
        from_the_shell()
        equal("the shell made the same", policy(), ["nothing to do"])
        equal("and activated it", done("read the status", zia.activate.status()).status, "ACTIVE")
        policy("remove")
        equal("the tenant is as it was again", everything(zia), before)

"""Every method of every service of private access that the SDK has, called once or more.

What is called with what, and what must come of it, stands in the tables of zpa_methods/, one a family. The methods
are found by looking at the SDK: one that no table names is a failure, and so is one that a table names and the SDK
does not have, so that a new release shows what is missing. The tenant should be the script's own (`zuno run`): an
emergency user and the value of a switch stay, since neither can be deleted.
"""

from zscaler import ZscalerClient
from zscaler.api_client import APIClient
from zscaler.zpa.zpa_service import ZPAService

from expect import fail, true
from zpa_methods import FAMILIES
from zpa_methods.judge import Judge


def public_methods(zpa):
    """`service.method` of all that send something; not the two shapers of bodies that every service has from the class
    `APIClient`, which send nothing."""
    services = [name for name, kind in vars(ZPAService).items() if isinstance(kind, property)]
    return {f"{service}.{method}" for service in services for method in dir(type(getattr(zpa, service)))
            if not method.startswith("_") and not hasattr(APIClient, method)
            and callable(getattr(type(getattr(zpa, service)), method))}


with ZscalerClient({}) as client:
    judge = Judge(client.zpa)
    rows = [row for family in FAMILIES for row in family.ROWS]
    # What a family leaves for those after it goes when they are done with it.
    rows += [row for family in reversed(FAMILIES) for row in getattr(family, "AFTER", [])]
    existing, named = public_methods(client.zpa), {row.method for row in rows if row.outcome != "outside"}
    true("the tables name every method", not existing - named, f"not in a table: {sorted(existing - named)}")
    true("and no other", not named - existing, f"not in the SDK: {sorted(named - existing)}")

    for service in {name.partition(".")[0] for name in existing}:
        shaper = getattr(client.zpa, service)
        if (shaper.format_request_body({"rule_order": {"new_order": 1}, "none": None}),
                shaper.form_response_body([{"ruleOrder": 1, "none": None}])) != (
                {"ruleOrder": {"newOrder": 1}}, [{"ruleOrder": 1}]):
            fail(f"shape a body with {service}", "it comes out otherwise")
    for row in rows:
        judge.play(row)
    lasting = [name for family in FAMILIES for name in getattr(family, "LASTING", {})]
    judge.wrong += [f"{name} is still there" for name in judge.left if name not in lasting]
    if judge.wrong:
        fail(f"{len(judge.wrong)} of {len(rows)} rows", "\n".join(["", *judge.wrong]))

    print("rows:", ", ".join(f"{count} {outcome}" for outcome, count in sorted(judge.counts.items())))
    for row in rows:
        if row.outcome in ("refused", "broken"):
            print(f"{row.outcome:<8} {row.method}: {row.why}")
    print(f"ok     {len(named)} methods of {len({name.partition('.')[0] for name in existing})} services")

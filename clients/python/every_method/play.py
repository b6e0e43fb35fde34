"""Plays the tables of one product, and fails for every method of the SDK that they leave out."""

from zscaler.api_client import APIClient

from expect import fail, true
from .judge import Judge


def public_methods(product, service_class):
    """`service.method` of all that send something; not the two shapers of bodies that every service has from the class
    `APIClient`, which send nothing."""
    services = [name for name, kind in vars(service_class).items() if isinstance(kind, property)]
    return {f"{service}.{method}" for service in services for method in dir(type(getattr(product, service)))
            if not method.startswith("_") and not hasattr(APIClient, method)
            and callable(getattr(type(getattr(product, service)), method))}


def play(product, service_class, families, **judging):
    """Calls everything that the families' tables name, on the SDK's object for the product. A method that no table names
    is a failure, and so is one that a table names and the SDK does not have; and so is what is left in the end and no
    family calls lasting."""
    judge = Judge(product, **judging)
    rows = [row for family in families for row in family.ROWS]
    # What a family leaves for those after it goes when they are done with it.
    rows += [row for family in reversed(families) for row in getattr(family, "AFTER", [])]
    existing = public_methods(product, service_class)
    named = {row.method for row in rows if row.outcome != "outside"}
    true("the tables name every method", not existing - named, f"not in a table: {sorted(existing - named)}")
    true("and no other", not named - existing, f"not in the SDK: {sorted(named - existing)}")

    for service in {name.partition(".")[0] for name in existing}:
        shaper = getattr(product, service)
        if (shaper.format_request_body({"rule_order": {"new_order": 1}, "none": None}),
                shaper.form_response_body([{"ruleOrder": 1, "none": None}])) != (
                {"ruleOrder": {"newOrder": 1}}, [{"ruleOrder": 1}]):
            fail(f"shape a body with {service}", "it comes out otherwise")
    for row in rows:
        judge.play(row)
    lasting = [name for family in families for name in getattr(family, "LASTING", {})]
    judge.wrong += [f"{name} is still there" for name in judge.left if name not in lasting]
    if judge.wrong:
        fail(f"{len(judge.wrong)} of {len(rows)} rows", "\n".join(["", *judge.wrong]))

    print("rows:", ", ".join(f"{count} {outcome}" for outcome, count in sorted(judge.counts.items())))
    for row in rows:
        if row.outcome in ("refused", "broken"):
            print(f"{row.outcome:<8} {row.method}: {row.why}")
        if row.kept_back:
            print(f"no echo  {row.method}: {row.kept_back}")
    print(f"ok     {len(named)} methods of {len({name.partition('.')[0] for name in existing})} services")

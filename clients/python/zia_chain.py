"""A URL category, a label and a filtering rule that uses both, saved and then activated with the Python SDK.

A change is a draft until it is activated: the status says PENDING in between.
"""

from zscaler import ZscalerClient

from expect import done, equal, refused, true

with ZscalerClient({}) as client:
    zia = client.zia

    equal("nothing waits at first", done("read the status", zia.activate.status()).status, "ACTIVE")

    category = done("create a URL category", zia.url_categories.add_url_category(
        super_category="USER_DEFINED", configured_name="Tide tables", custom_category=True,
        urls=[".tides.example", "almanac.example"]))
    true("the category has a custom id", category.id.startswith("CUSTOM_"), category.id)
    equal("saving is not activating", done("read the status", zia.activate.status()).status, "PENDING")

    grown = done("add a URL", zia.url_categories.add_urls_to_category(
        category.id, configured_name="Tide tables", urls=["moon.example"]))
    equal("the URL was added", sorted(grown.urls), [".tides.example", "almanac.example", "moon.example"])
    shrunk = done("remove a URL", zia.url_categories.delete_urls_from_category(
        category.id, configured_name="Tide tables", urls=["almanac.example"]))
    equal("the URL was removed", sorted(shrunk.urls), [".tides.example", "moon.example"])

    label = done("create a rule label", zia.rule_labels.add_label(name="Harbour rules", description="for the pilots"))
    rule = done("create a filtering rule", zia.url_filtering.add_rule(
        name="Block tide tables", description="let them look outside", enabled=True, order=1, rank=7,
        action="BLOCK", protocols=["ANY_RULE"], request_methods=["GET", "HEAD", "POST"],
        url_categories=[category.id], labels=[label.id]))
    equal("the rule stands first", rule.order, 1)
    read = done("read the rule", zia.url_filtering.get_rule(rule.id))
    equal("the rule names the category", read.url_categories, [category.id])
    equal("the rule wears the label", [each.id for each in read.labels], [label.id])

    refused("delete the category in use", zia.url_categories.delete_category(category.id), 409, "RESOURCE_IN_USE")
    refused("delete the label in use", zia.rule_labels.delete_label(label.id), 409, "RESOURCE_IN_USE")

    equal("still a draft", done("read the status", zia.activate.status()).status, "PENDING")
    equal("activation answers", done("activate", zia.activate.activate()).status, "ACTIVE")
    equal("nothing waits", done("read the status", zia.activate.status()).status, "ACTIVE")

    answers = done("look three URLs up", zia.url_categories.lookup(["www.tides.example", "facebook.com", "bbc.com"]))
    equal("one answer for each URL", [each["url"] for each in answers], ["www.tides.example", "facebook.com", "bbc.com"])
    equal("our category is the answer", answers[0]["urlClassifications"], [category.id])
    true("the others are known too", all(each["urlClassifications"] for each in answers[1:]), answers)

    done("delete the rule", zia.url_filtering.delete_rule(rule.id))
    done("delete the label", zia.rule_labels.delete_label(label.id))
    done("delete the category", zia.url_categories.delete_category(category.id))
    equal("the clean-up waits too", done("read the status", zia.activate.status()).status, "PENDING")
    done("activate the clean-up", zia.activate.activate())
    refused("the rule is gone", zia.url_filtering.get_rule(rule.id), 404, "RESOURCE_NOT_FOUND")
    names = [each.configured_name for each in done("list the categories", zia.url_categories.list_categories())]
    true("the category is gone", "Tide tables" not in names)

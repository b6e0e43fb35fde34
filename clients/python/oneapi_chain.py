"""The ZPA and ZIA chains with the newer `zscaler-oneapi-sdk-python`, by its low-level clients."""

import os

from zssdk import Session
from zssdk.zscore.exceptions import ClientError

from expect import equal, fail


def say(step, value=None):
    print(f"ok     {step}")
    return value


def refused(step, call, status, code, *mentions, **arguments):
    """The call must raise this status and code, and the error must name each of `mentions`."""
    try:
        call(**arguments)
    except ClientError as error:
        answer = error.response
        got = (answer["ResponseMetadata"]["HTTPStatusCode"],
               answer["Error"].get("Code") or answer["Error"].get("Id"))
        text = str(answer["ResponseMetadata"].get("RawResponseBody"))
        if got[0] not in status or (code not in got and code not in text) or any(m not in text for m in mentions):
            fail(step, f"wanted {status} {code} {mentions}, got {got}: {text}")
        return say(f"{step} (refused: {code})")
    fail(step, "it was allowed")


def session():
    """A session of its own for each API version: the configuration remembers the last version that was asked for."""
    return Session()


customer = {"customerId": int(os.environ.get("ZSCALER_CUSTOMER_ID") or os.environ["ZPA_CUSTOMER_ID"])}

zpa, rules = session().client("zpa"), session().client("zpa", api_version="v2")
connectors = say("create a connector group", zpa.create_app_connector_group(**customer, body={
    "name": "Pier connectors", "enabled": True, "latitude": "53.5507", "longitude": "9.9930",
    "location": "Hamburg, Germany", "countryCode": "DE"}))
servers = say("create a server group", zpa.create_server_group(**customer, body={
    "name": "Pier servers", "enabled": True, "dynamicDiscovery": True, "configSpace": "DEFAULT",
    "appConnectorGroups": [{"id": connectors["id"], "name": connectors["name"]}]}))
group = say("create a segment group", zpa.create_segment_group(**customer, body={"name": "Pier", "enabled": True}))
app = say("create an application segment", zpa.create_application(**customer, body={
    "name": "Pier log", "enabled": True, "domainNames": ["log.pier.example"], "segmentGroupId": str(group["id"]),
    "serverGroups": [{"id": servers["id"], "name": servers["name"], "enabled": True, "configSpace": "DEFAULT"}],
    "tcpPortRanges": [8443, 8443]}))
policy = say("read the access policy", zpa.get_policy_set_by_policy_type(**customer, policyType="ACCESS_POLICY"))


def rule(name, action, kind, value):
    return say(f"add a rule: {name}", rules.add_rule_to_policy_set(**customer, policySetId=policy["id"], body={
        "name": name, "action": action,
        "conditions": [{"operator": "OR", "operands": [{"objectType": kind, "values": [str(value)]}]}]}))


def rules_in_order():
    answer = zpa.get_policy_rules_by_page(**customer, policyType="ACCESS_POLICY", page=1, pagesize=500)
    return [each["name"] for each in answer["list"] if each["name"] in ("Allow pier", "Deny pier")]


allow, deny = rule("Allow pier", "ALLOW", "APP", app["id"]), rule("Deny pier", "DENY", "APP_GROUP", group["id"])
equal("rules are tried in the order of creation", rules_in_order(), ["Allow pier", "Deny pier"])
say("move the second to the top", zpa.re_order_policy_rule(
    **customer, policySetId=policy["id"], ruleId=deny["id"], newOrder=1))
equal("the moved rule is tried first", rules_in_order(), ["Deny pier", "Allow pier"])

segments = [each for page in zpa.get_paginator("list_all_applications").paginate(
    **customer, search="name+EQ+Pier log", PaginationConfig={"PageSize": 20}) for each in page["list"]]
equal("search finds exactly that segment", [each["name"] for each in segments], ["Pier log"])

refused("delete the connector group first", zpa.remove_app_connector_group, (400,), "resource.referenced",
        "Pier servers", **customer, appConnectorGroupId=connectors["id"])
refused("delete the segment before its rule", zpa.remove_application, (400,), "resource.referenced",
        "Allow pier", **customer, applicationId=app["id"])
for each in (allow, deny):
    say("delete a rule", zpa.delete_rule_in_policy_set(**customer, policySetId=policy["id"], ruleId=each["id"]))
say("delete the segment", zpa.remove_application(**customer, applicationId=app["id"]))
say("delete the segment group", zpa.remove_segment_group(**customer, segmentGroupId=group["id"]))
say("delete the server group", zpa.remove_server_group(**customer, groupId=servers["id"]))
say("delete the connector group", zpa.remove_app_connector_group(**customer, appConnectorGroupId=connectors["id"]))
refused("the segment is gone", zpa.get_application, (400,), "resource.not.found", **customer, applicationId=app["id"])

zia = session().client("zia")
say("activate what others left", zia.status_activate())
category = say("create a URL category", zia.create_custom_url_category(body={
    "configuredName": "Lighthouses", "superCategory": "USER_DEFINED", "customCategory": True, "type": "URL_CATEGORY",
    "urls": [".beacon.example"]}))
equal("saving is not activating", zia.get_activation_status()["status"], "PENDING")
grown = say("add a URL", zia.update_url_category(categoryId=category["id"], action="ADD_TO_LIST", body={
    "configuredName": "Lighthouses", "urls": ["lamp.example"]}))
equal("the URL was added", sorted(grown["urls"]), [".beacon.example", "lamp.example"])
label = say("create a rule label", zia.create_rule_label(body={"name": "Pier rules"}))
block = say("create a filtering rule", zia.create_url_filtering_rule(body={
    "name": "Block lighthouses", "state": "ENABLED", "order": 1, "rank": 7, "action": "BLOCK",
    "protocols": ["ANY_RULE"], "requestMethods": ["GET", "POST"], "urlCategories": [category["id"]],
    "labels": [{"id": label["id"]}]}))
refused("delete the label in use", zia.remove_rule_label, (400, 409), "RESOURCE_IN_USE", id=label["id"])
equal("activation answers", zia.status_activate()["status"], "ACTIVE")
equal("nothing waits", zia.get_activation_status()["status"], "ACTIVE")
looked_up = zia.lookup_url_classification(body=["facebook.com"])
equal("look a URL up", looked_up[0]["urlClassifications"], ["SOCIAL_NETWORKING"])
say("delete the rule", zia.remove_url_filtering_rule(id=block["id"]))
say("delete the label", zia.remove_rule_label(id=label["id"]))
say("delete the category", zia.remove_custom_url_category(categoryId=category["id"]))
say("activate the clean-up", zia.status_activate())

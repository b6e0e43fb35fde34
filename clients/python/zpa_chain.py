"""A private application behind access rules, built and taken down with the Python SDK.

Everything hangs on something: connector group <- server group <- segment <- rule, and the segment is in a
segment group. Taking it down in the wrong order must be refused, with an error that names who still needs it.
"""

from zscaler import ZscalerClient

from expect import done, equal, refused, true


def rules_named(zpa, names):
    """Our rules in the order in which the policy tries them."""
    rules = done("list the access rules", zpa.policies.list_rules("access", query_params={"page_size": "500"}))
    return [rule.name for rule in rules if rule.name in names]


with ZscalerClient({}) as client:
    zpa = client.zpa

    connectors = done("create a connector group", zpa.app_connector_groups.add_connector_group(
        name="Harbour connectors", description="two in the harbour office", enabled=True,
        latitude="53.5507", longitude="9.9930", location="Hamburg, Germany", country_code="DE",
        upgrade_day="SUNDAY", upgrade_time_in_secs="66600", override_version_profile=True,
        version_profile_id="0", dns_query_type="IPV4_IPV6"))
    servers = done("create a server group", zpa.server_groups.add_group(
        name="Harbour servers", enabled=True, dynamic_discovery=True, app_connector_group_ids=[connectors.id]))
    group = done("create a segment group", zpa.segment_groups.add_group(name="Harbour", enabled=True))
    app = done("create an application segment", zpa.application_segment.add_segment(
        name="Crane ledger", enabled=True, domain_names=["ledger.harbour.example"],
        segment_group_id=group.id, server_group_ids=[servers.id], tcp_port_ranges=["8443", "8443"]))
    equal("the segment answers with its group", app.segment_group_id, group.id)

    allow = done("allow the segment (v2 conditions)", zpa.policies.add_access_rule_v2(
        name="Allow crane ledger", action="allow",
        conditions=[("app", [app.id]), ("client_type", ["zpn_client_type_zapp"])]))
    deny = done("deny the segment group", zpa.policies.add_access_rule_v2(
        name="Deny harbour", action="deny", conditions=[("app_group", [group.id])]))
    ours = [allow.name, deny.name]
    equal("rules are tried in the order of creation", rules_named(zpa, ours), ours)

    done("move the second rule to the top", zpa.policies.reorder_rule("access", deny.id, "1"))
    equal("the moved rule is tried first", rules_named(zpa, ours), ours[::-1])
    everything = done("list every access rule", zpa.policies.list_rules("access", query_params={"page_size": "500"}))
    movable = [rule.id for rule in everything if not rule.default_rule and rule.id not in (allow.id, deny.id)]
    last = [rule.id for rule in everything if rule.default_rule]
    done("put the whole list in another order", zpa.policies.bulk_reorder_rules(
        "access", [allow.id, deny.id, *movable, *last]))
    equal("the whole list is in that order", rules_named(zpa, ours), ours)
    seen = done("read the rule", zpa.policies.get_rule("access", allow.id))
    equal("the rule keeps its action", seen.action, "ALLOW")

    found = done("search the segment by name", zpa.application_segment.list_segments(
        query_params={"search": "Crane ledger"}))
    equal("search finds exactly that segment", [each.id for each in found], [app.id])
    none = done("search a name nobody has", zpa.application_segment.list_segments(
        query_params={"search": "No such segment"}))
    equal("search finds nothing", none, [])

    done("update the segment", zpa.application_segment.update_segment(
        app.id, name="Crane ledger", enabled=True, domain_names=["ledger.harbour.example"], description="day book",
        segment_group_id=group.id, server_group_ids=[servers.id], tcp_port_ranges=["8443", "8444"]))
    read = done("read the segment", zpa.application_segment.get_segment(app.id))
    equal("the update is kept", (read.description, read.tcp_port_ranges), ("day book", ["8443", "8444"]))

    refused("delete the connector group first", zpa.app_connector_groups.delete_connector_group(connectors.id),
            400, "resource.referenced", "Harbour servers")
    refused("delete the server group next", zpa.server_groups.delete_group(servers.id),
            400, "resource.referenced", "Crane ledger")
    refused("delete the segment group next", zpa.segment_groups.delete_group(group.id),
            400, "resource.referenced", "Crane ledger")
    refused("delete the segment before its rule", zpa.application_segment.delete_segment(app.id),
            400, "resource.referenced", "Allow crane ledger")
    true("nothing was lost", done("read the segment again", zpa.application_segment.get_segment(app.id)))

    done("delete the first rule", zpa.policies.delete_rule("access", allow.id))
    done("delete the second rule", zpa.policies.delete_rule("access", deny.id))
    done("delete the segment", zpa.application_segment.delete_segment(app.id))
    done("delete the segment group", zpa.segment_groups.delete_group(group.id))
    done("delete the server group", zpa.server_groups.delete_group(servers.id))
    done("delete the connector group", zpa.app_connector_groups.delete_connector_group(connectors.id))

    refused("the segment is gone", zpa.application_segment.get_segment(app.id), 400, "resource.not.found")
    refused("the segment group is gone", zpa.segment_groups.get_group(group.id), 400, "resource.not.found")
    refused("the server group is gone", zpa.server_groups.get_group(servers.id), 400, "resource.not.found")
    refused("the connector group is gone", zpa.app_connector_groups.get_connector_group(connectors.id),
            400, "resource.not.found")
    equal("the rules are gone", rules_named(zpa, ours), [])

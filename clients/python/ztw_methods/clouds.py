"""Accounts in public clouds, groups of them, and what is discovered there."""

from every_method.rows import broken, deleted, does, found, listed, made, plain, read, refused, updated

ACCOUNT = {
    "name": "Harbour account", "cloud_type": "AWS", "account_details": {
        "aws_account_id": "123456789012", "aws_role_name": "harbour-role", "cloud_watch_group_arn": "DISABLED",
        "event_bus_name": "harbour-bus", "trouble_shooting_logging": True, "trusted_account_id": "210987654321",
        "trusted_role": "arn:aws:iam::210987654321:role/HarbourRole"}}
GROUP = {
    "name": "Harbour group", "description": "of accounts", "cloud_type": "AWS",
    "public_cloud_accounts": [{"id": "$account"}]}
READER = ("CommonIDNameExternalID", "the SDK's reader of groups names a type that it does not have")


def group(look):
    """The id of the group that holds the account."""
    return look("holder.account_groups")[0].id


def told(value, look):
    """A bare text, beside the answer as it came."""
    return value[0] and not value[2]


ROWS = [
    listed("account_details.list_public_account_details"),
    listed("account_details.list_public_account_details_lite"),
    refused("account_details.get_public_account_details", 404, "RESOURCE_NOT_FOUND", "there is none", args=["1"]),
    does("account_details.update_public_account_status", sent={"account_id_enabled": True, "sub_id_enabled": False}),
    does("account_details.list_public_account_status",
         check=lambda value, look: value["accountIdEnabled"] and not value["subIdEnabled"]),
    plain("public_cloud_info.generate_external_id", check=told, sent={
        "aws_account_id": "123456789012", "aws_role_name": "harbour-role"}),
    plain("public_cloud_info.get_cloud_formation_template", args=["123456789012"], check=told),
    made("account", "public_cloud_info.add_public_cloud_info", ACCOUNT),
    read("public_cloud_info.get_public_cloud_info", "account"),
    listed("public_cloud_info.list_public_cloud_info", "account", sent={"query_params": {"page": 1, "page_size": 100}}),
    listed("public_cloud_info.list_public_cloud_info_lite", "account", sent={"query_params": {"cloud_type": "AWS"}}),
    does("public_cloud_info.get_public_cloud_info_count"),
    updated("public_cloud_info.update_public_cloud_info", "account", {**ACCOUNT, "name": "Harbour accounts"}),
    refused("public_cloud_info.change_state_public_cloud_info", 400, None, "the SDK sends a parameter of the query as body",
            args=["$account"], sent={"query_params": {"enable": False}}),
    broken("account_groups.add_account_group", *READER, sent=GROUP),
    # Made it is, all the same; its account tells of it.
    found("holder", "public_cloud_info.get_public_cloud_info", args=["$account"]),
    broken("account_groups.get_account_group", *READER, args=[group]),
    broken("account_groups.list_account_groups", *READER),
    broken("account_groups.list_account_groups_lite", *READER),
    does("account_groups.get_account_group_count"),
    broken("account_groups.update_account_group", *READER, args=[group], sent={
        **GROUP, "description": "of all accounts"}),
    does("account_groups.delete_account_group", args=[group]),
    does("discovery_service.update_discovery_service_permissions", args=["$account"], sent={
        "discovery_role": "arn:aws:iam::123456789012:role/DiscoveryRole", "external_id": "123456789012"}),
    deleted("public_cloud_info.delete_public_cloud_info", "account"),
    does("discovery_service.get_discovery_settings"),
]

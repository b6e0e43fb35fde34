"""Users, groups, who is in which, and what they may do."""

from every_method.rows import deleted, does, made, read, updated

PILOT = {
    "login_name": "ada.quay@acme.example", "display_name": "Ada Quay", "first_name": "Ada", "last_name": "Quay",
    "primary_email": "ada.quay@acme.example", "secondary_email": "quay@mail.example", "status": True}


def has(name, attribute="records"):
    """A condition: what was made under this name is among the records."""
    return lambda value, look: look(name) in [each.id for each in getattr(value, attribute)]


ROWS = [
    made("pilot", "users.add_user", PILOT),
    read("users.get_user", "pilot"),
    does("users.list_users", sent={"query_params": {"limit": 10, "login_name[like]": "ada.quay"}}, check=has("pilot")),
    updated("users.update_user", "pilot", {**PILOT, "display_name": "Ada Quay-Mole"}),
    made("crew", "groups.add_group", {"name": "Harbour crew", "description": "works at the port"}),
    read("groups.get_group", "crew"),
    does("groups.list_groups", sent={"query_params": {"limit": 10, "name[like]": "Harbour"}}, check=has("crew")),
    updated("groups.update_group", "crew", {"name": "Harbour crew", "description": "works on the water"}),
    does("groups.add_user_to_group", args=["$crew", "$pilot"]),
    does("groups.list_group_users_details", args=["$crew"], check=has("pilot")),
    does("users.list_user_group_details", args=["$pilot"], check=lambda value, look: [each.id for each in value] == [
        look("crew")]),
    does("groups.remove_user_from_group", args=["$crew", "$pilot"]),
    does("groups.add_users_to_group", args=["$crew"], sent={"id": ["$pilot"]}),
    does("groups.list_group_users_details", args=["$crew"], check=has("pilot")),
    does("groups.replace_users_groups", args=["$crew"], sent={"id": []}),
    does("user_entitlement.get_admin_entitlement", args=["$pilot"]),
    does("user_entitlement.get_service_entitlement", args=["$pilot"]),
]

AFTER = [
    deleted("groups.delete_group", "crew"),
    deleted("users.delete_user", "pilot"),
]

"""Who the users are: users, groups, departments."""

from every_method.rows import deleted, does, listed, made, read, removed, updated

ROWS = [
    made("crew", "user_management.add_group", {"name": "Harbour crew", "comments": "works at the port"}),
    read("user_management.get_group", "crew"),
    listed("user_management.list_groups", "crew", sent={"query_params": {"search": "Harbour"}}),
    updated("user_management.update_group", "crew", {"name": "Harbour crew", "comments": "works on the water"}),
    does("user_management.get_group_lite", check=lambda value, look: value.id is None,
         why="the answer is a list, of which the SDK makes one group without members"),
    made("office", "user_management.add_department", {"name": "Harbour office", "comments": "for the papers"}),
    read("user_management.get_department", "office"),
    does("user_management.get_department_lite", args=["$office"], check=lambda value, look: value.name == "Harbour office"),
    listed("user_management.list_departments", "office", sent={"query_params": {"search": "Harbour", "page_size": 100}}),
    updated("user_management.update_department", "office", {"name": "Harbour office", "comments": "for all papers"}),
    made("pilot", "user_management.add_user", {
        "name": "Ada Quay", "email": "ada.quay@acme.example", "password": "Only-for-this-run-1",
        "groups": [{"id": "$crew"}], "department": {"id": "$office", "name": "Harbour office"},
        "comments": "brings them in"},
         hidden=("password",)),
    read("user_management.get_user", "pilot"),
    listed("user_management.list_users", "pilot", sent={"query_params": {"name": "Ada Quay"}}),
    listed("user_management.list_user_references", "pilot", sent={"query_params": {"include_admin_users": True}}),
    updated("user_management.update_user", "pilot", {
        "name": "Ada Quay", "email": "ada.quay@acme.example", "groups": [{"id": "$crew"}],
        "department": {"id": "$office", "name": "Harbour office"}, "comments": "brings them out"}),
    listed("user_management.list_auditors"),
    made("one", "user_management.add_user", {
        "name": "Ben Quay", "email": "ben.quay@acme.example", "password": "Only-for-this-run-1",
        "groups": [{"id": "$crew"}], "department": {"id": "$office"}}, hidden=("password",)),
    made("other", "user_management.add_user", {
        "name": "Cho Quay", "email": "cho.quay@acme.example", "password": "Only-for-this-run-1",
        "groups": [{"id": "$crew"}], "department": {"id": "$office"}}, hidden=("password",)),
    removed("user_management.bulk_delete_users", "one", "other", args=[lambda look: [look("one"), look("other")]]),
]

AFTER = [
    deleted("user_management.delete_user", "pilot"),
    deleted("user_management.delete_department", "office"),
    deleted("user_management.delete_group", "crew"),
]

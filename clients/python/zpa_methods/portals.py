"""User portals, the links that they show, and the terms of use that their users accept."""

from every_method.rows import broken, deleted, does, found, listed, made, read, updated

ROWS = [
    made("user portal", "user_portal_controller.add_user_portal", {
        "name": "Harbour portal", "description": "for crews", "enabled": True, "domain": "crews.harbour.example",
        "certificate_id": "$certificate", "user_notification": "Ahoy", "user_notification_enabled": True}),
    read("user_portal_controller.get_user_portal", "user portal"),
    listed("user_portal_controller.list_user_portals", "user portal"),
    updated("user_portal_controller.update_user_portal", "user portal", {
        "name": "Harbour portal", "description": "for all crews", "enabled": True, "domain": "crews.harbour.example",
        "certificate_id": "$certificate"}),

    made("link", "user_portal_link.add_portal_link", {
        "name": "Tides", "description": "today's", "enabled": True, "link": "tides.harbour.example",
        "protocol": "https://", "user_portal_link_ids": ["$user portal"]}, hidden=("user_portal_link_ids",)),
    read("user_portal_link.get_portal_link", "link"),
    listed("user_portal_link.list_portal_link", "link"),
    updated("user_portal_link.update_portal_link", "link", {
        "name": "Tides", "description": "tomorrow's", "enabled": True, "link": "tides.harbour.example",
        "protocol": "https://", "user_portal_link_ids": ["$user portal"]}, hidden=("user_portal_link_ids",)),
    does("user_portal_link.get_user_portal_link", args=["$user portal"]),
    broken("user_portal_link.add_bulk_portal_links", "string indices",
           why="the answer is one wrapper of all the links (documented), which the SDK takes for a list; they are made",
           args=[[
        {"name": "Winds", "link": "winds.harbour.example", "protocol": "https://"},
        {"name": "Waves", "link": "waves.harbour.example", "protocol": "https://"}], ["$user portal"]]),
    found("winds", "user_portal_link.list_portal_link", where=lambda each: each.name == "Winds"),
    deleted("user_portal_link.delete_portal_link", "winds"),
    found("waves", "user_portal_link.list_portal_link", where=lambda each: each.name == "Waves"),
    deleted("user_portal_link.delete_portal_link", "waves"),
    deleted("user_portal_link.delete_portal_link", "link"),

    made("terms", "user_portal_aup.add_user_portal_aup", {
        "name": "Harbour terms", "description": "short ones", "aup": "Be kind.", "email": "law@harbour.example",
        "phone_num": "+49 40 123456", "enabled": False}),
    read("user_portal_aup.get_user_portal_aup", "terms"),
    listed("user_portal_aup.list_user_portal_aup", "terms"),
    updated("user_portal_aup.update_user_portal_aup", "terms", {
        "name": "Harbour terms", "aup": "Be kind and brief.", "email": "law@harbour.example", "enabled": False}),
    deleted("user_portal_aup.delete_user_portal_aup", "terms"),
]

AFTER = [
    deleted("user_portal_controller.delete_user_portal", "user portal"),
]

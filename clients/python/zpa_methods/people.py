"""Who the users are: identity providers, what they tell of users, and the devices that they use."""

from every_method.rows import deleted, does, found, listed, made, read, updated

ROWS = [
    found("provider", "idp.list_idps", where=lambda each: "USER" in each.sso_type),
    read("idp.get_idp", "provider"),

    made("email", "saml_attributes.add_saml_attribute", {
        "name": "Harbour_Email", "saml_name": "harbourEmail", "idp_id": "$provider", "user_attribute": False}),
    read("saml_attributes.get_saml_attribute", "email"),
    listed("saml_attributes.list_saml_attributes", "email", sent={"query_params": {"page_size": 500}}),
    listed("saml_attributes.list_saml_attributes_by_idp", "email", args=["$provider"]),
    updated("saml_attributes.update_saml_attribute", "email", {
        "name": "Harbour_Mail", "saml_name": "harbourMail", "idp_id": "$provider", "user_attribute": False}),
    deleted("saml_attributes.delete_saml_attribute", "email"),
    found("department", "saml_attributes.list_saml_attributes_by_idp", args=["$provider"]),

    found("presence", "scim_attributes.list_scim_attributes", args=["$provider"],
          where=lambda each: each.name == "active"),
    read("scim_attributes.get_scim_attribute", "presence", args=["$provider", "$presence"]),
    does("scim_attributes.get_scim_values", args=["$provider", "$presence"],
         check=lambda value, look: all(isinstance(each, str) for each in value)),
    found("crew", "scim_groups.list_scim_groups", args=["$provider"]),
    read("scim_groups.get_scim_group", "crew"),

    found("kiosks", "machine_groups.list_machine_groups"),
    read("machine_groups.get_group", "kiosks"),
    listed("machine_groups.list_machine_group_summary", "kiosks"),
    found("encrypted disk", "posture_profiles.list_posture_profiles"),
    read("posture_profiles.get_profile", "encrypted disk"),
    found("office", "trusted_networks.list_trusted_networks"),
    read("trusted_networks.get_network", "office"),

    found("managed browser", "managed_browser_profile.list_managed_browser_profiles"),
    found("measured", "browser_protection.list_browser_protection_profile"),
    does("browser_protection.update_browser_protection_profile", args=["$measured"]),
    listed("browser_protection.list_active_browser_protection_profile", "measured"),

    # This list is paged by cursors, under `items`, where the SDK does not look: it finds none, whoever there is.
    made("warden", "emergency_access.add_user", {
        "first_name": "Ada", "last_name": "Quay", "email_id": "ada.quay@harbour.example"}),
    read("emergency_access.get_user", "warden"),
    does("emergency_access.list_users", check=lambda value, look: value == []),
    updated("emergency_access.update_user", "warden", {"first_name": "Ada", "last_name": "Mole"}),
    does("emergency_access.deactivate_user", args=["$warden"]),
    does("emergency_access.activate_user", args=["$warden"], sent={"send_email": True}),
]

LASTING = {"warden": "an emergency user can be shut out and not be deleted"}

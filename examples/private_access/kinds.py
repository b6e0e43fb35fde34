"""The types of resources: which methods of the SDK make, read, change and remove one, and how its answers differ from
what is sent. A type whose methods are named alike and whose answers repeat what was sent is one line."""

import json
from dataclasses import dataclass, field


class Exactly(dict):
    """What a read tells of a member that must hold nothing besides what is wanted."""


@dataclass(frozen=True)
class Kind:
    service: str
    noun: str = ""
    plural: str = ""
    methods: dict = field(default_factory=dict)   # where a method is not called add_NOUN, get_NOUN, update_NOUN, …
    place: tuple = ()      # what reads, deletes and lists name before the id: the policy of a rule
    behind: tuple = ()     # attributes that every method takes by place, behind the id
    paged: bool = True     # lists take a page size
    name: str = "name"     # what it is recognised by when it is imported
    unread: tuple = ()     # attributes that no read tells: secrets, and what is given in other words
    told: dict = field(default_factory=dict)      # where a read tells an attribute otherwise: its member, or a function
    objects: dict = field(default_factory=dict)   # attributes of a create, and the objects that an update has instead

    def method(self, zpa, verb):
        names = {"list": f"list_{self.plural or self.noun + 's'}", **self.methods}
        return getattr(getattr(zpa, self.service), names.get(verb, f"{verb}_{self.noun}"))


def rule(policy, word, **more):
    """Rules of one policy: made and changed by methods of their own, read and removed by those of all."""
    return Kind("policies", place=(policy,), methods={
        "add": f"add_{word}_rule_v2", "update": f"update_{word}_rule_v2", "get": "get_rule", "delete": "delete_rule",
        "list": "list_rules"}, **more)


def segment(service, suffix, plural, member):
    """Segments with applications of one kind, which reads tell as a list under `member`."""
    return Kind(service, f"segment_{suffix}", plural, told={
        "common_apps_dto": lambda body: {"appsConfig": body.get(member, [])}})


KINDS = {
    "microtenant": Kind("microtenants", "microtenant"),
    "saml_attribute": Kind("saml_attributes", "saml_attribute"),
    "role": Kind("role_controller", "role", told={"class_permission_groups": lambda body: [
        each for each in body["classPermissionGroups"] if not each["hidden"]]}),
    "administrator": Kind("administrator_controller", "administrator", name="username", unread=("password",)),
    "api_key": Kind("api_keys", "api_key"),

    "app_connector_group": Kind("app_connector_groups", "connector_group"),
    "service_edge_group": Kind("service_edge_group", "service_edge_group"),
    "provisioning_key": Kind("provisioning", "provisioning_key", behind=("key_type",),
                             told={"component_id": "zcomponentId"}),
    "private_cloud": Kind("private_cloud", "private_cloud"),
    "private_cloud_group": Kind("private_cloud_group", "cloud_group"),
    "enrollment_cert": Kind("enrollment_certificates", told={"root_certificate_id": "parentCertId"}, methods={
        "add": "generate_self_signed", "get": "get_enrolment", "list": "list_enrolment", "update": "update_enrollment",
        "delete": "delete_enrollment_certificate"}),
    "certificate": Kind("certificates", "certificate", unread=("cert_blob",)),
    "lss_config": Kind("lss", "lss_config", unread=("source_log_type", "policy_rules"), methods={
        "get": "get_config", "list": "list_configs"}, told={
            "app_connector_group_ids": lambda body: [each["id"] for each in body.get("connectorGroups", [])],
            **{key: lambda body, key=key: body["config"].get(key) for key in ("name", "enabled")},
            "lss_host": lambda body: body["config"]["lssHost"], "lss_port": lambda body: body["config"]["lssPort"],
            "use_tls": lambda body: body["config"]["useTls"]}),

    "server": Kind("servers", "server"),
    "server_group": Kind("server_groups", "group"),
    "segment_group": Kind("segment_groups", "group"),
    "application_segment": Kind("application_segment", "segment"),
    "browser_segment": segment("app_segments_ba_v2", "ba", "segments_ba", "clientlessApps"),
    "inspected_segment": segment("app_segments_inspection", "inspection", "segment_inspection", "inspectionApps"),
    "console_segment": segment("app_segments_pra", "pra", "segments_pra", "praApps"),

    "pra_portal": Kind("pra_portal", "portal"),
    "pra_console": Kind("pra_console", "console"),
    "pra_credential": Kind("pra_credential", "credential", unread=("password", "private_key", "passphrase")),
    "pra_credential_pool": Kind("pra_credential_pool", "credential_pool", "credential_pool"),
    "user_portal": Kind("user_portal_controller", "user_portal"),
    "user_portal_link": Kind("user_portal_link", "portal_link", "portal_link", told={
        "user_portal_link_ids": lambda body: [each["id"] for each in body["userPortals"]]}),
    "user_portal_terms": Kind("user_portal_aup", "user_portal_aup", "user_portal_aup"),

    "isolation_banner": Kind("cbi_banner", "cbi_banner", paged=False),
    "isolation_root": Kind("cbi_certificate", "cbi_certificate", paged=False),
    "isolation_profile": Kind("cbi_profile", "cbi_profile", paged=False, objects={
        "banner_id": "banner", "region_ids": "regions", "certificate_ids": "certificates"}),
    "inspection_control": Kind("app_protection", "custom_control", told={
        "rules": lambda body: json.loads(body["controlRuleJson"])}),
    "inspection_profile": Kind("app_protection", "profile"),

    "access_rule": rule("access", "access"),
    "timeout_rule": rule("timeout", "timeout"),
    "forwarding_rule": rule("client_forwarding", "client_forwarding"),
    "isolation_rule": rule("isolation", "isolation"),
    "inspection_rule": rule("inspection", "app_protection"),
    "redirection_rule": rule("redirection", "redirection"),
    "credential_rule": rule("credential", "privileged_credential"),
    "capabilities_rule": rule("capabilities", "capabilities", told={
        "privileged_capabilities": lambda body: Exactly(
            {word.lower(): True for word in body["privilegedCapabilities"]["capabilities"]})}),
}

# What is looked up by name and not managed here.
FOUND = {
    "idp": "idp.list_idps",
    "scim_group": "scim_groups.list_scim_groups",
    "trusted_network": "trusted_networks.list_trusted_networks",
    "enrollment_cert": "enrollment_certificates.list_enrolment",
    "isolation_region": "cbi_region.list_cbi_regions",
    "isolation_rule_profile": "cbi_zpa_profile.list_isolation_profiles",
    "console_application": "app_segment_by_type.get_segments_by_type",
    "permission_group": "role_controller.list_permission_groups",
}

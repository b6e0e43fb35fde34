"""Privileged access and user portals through the Python SDK: made, read, refused while in use, taken down."""

import time

from zscaler import ZscalerClient

from expect import done, equal, refused, true


def clock(days):
    """A moment some days from now, as the SDK wants to be told it."""
    return time.strftime("%a, %d %b %Y %H:%M:%S UTC", time.gmtime(time.time() + days * 86400))


with ZscalerClient({}) as client:
    zpa = client.zpa

    credential = done("make a credential", zpa.pra_credential.add_credential(
        name="jump admin", credential_type="USERNAME_PASSWORD", user_name="admin", password="only for this run"))
    equal("it shows no password", getattr(credential, "password", None), None)
    pool = done("make a pool", zpa.pra_credential_pool.add_credential_pool(
        name="jump admins", credential_type="USERNAME_PASSWORD", credential_ids=[credential.id]))
    inside = done("list what is in it", zpa.pra_credential_pool.get_credential_pool_info(pool.id))
    equal("the credential is", [each.id for each in inside], [credential.id])
    refused("delete a credential that a pool holds", zpa.pra_credential.delete_credential(credential.id),
            400, "resource.referenced", "jump admins")

    certificate = done("list certificates", zpa.certificates.list_issued_certificates())[0]
    portal = done("make a privileged portal", zpa.pra_portal.add_portal(
        name="jump portal", enabled=True, domain="jump.portal.example", certificate_id=certificate.id))
    equal("it knows its certificate", done("read it", zpa.pra_portal.get_portal(portal.id)).certificate_name,
          certificate.name)
    group = done("make a segment group", zpa.segment_groups.add_group(name="jump hosts", enabled=True))
    made = zpa.app_segments_pra.add_segment_pra(
        name="jump host", enabled=True, domain_names=["jump.host.example"], segment_group_id=group.id,
        server_group_ids=[], tcp_port_ranges=["3389", "3389"], common_apps_dto={"apps_config": [{
            "enabled": True, "app_types": ["SECURE_REMOTE_ACCESS"], "application_port": "3389",
            "application_protocol": "RDP", "connection_security": "ANY", "domain": "jump.host.example"}]})
    segment = done("make a segment with a machine", made)
    machine = made[1].get_body()["commonAppsDto"]["appsConfig"][0]["praAppId"]
    console = done("make a console", zpa.pra_console.add_console(
        name="jump", enabled=True, pra_application_id=machine, pra_portal_ids=[portal.id]))
    done("rename it", zpa.pra_console.update_console(
        console.id, name="jump again", enabled=True, pra_application_id=machine, pra_portal_ids=[portal.id]))
    listed = done("list consoles", zpa.pra_console.list_consoles())
    true("it is listed", any(each.id == console.id and each.name == "jump again" for each in listed), listed)
    refused("delete a portal that shows a console", zpa.pra_portal.delete_portal(portal.id),
            400, "resource.referenced", "jump again")

    approval = done("approve someone", zpa.pra_approval.add_approval(
        email_ids=["ada@vendor.example"], application_ids=[segment.id], start_time=clock(1), end_time=clock(30)))
    equal("it is to come", approval.status, "FUTURE")
    refused("delete what is approved", zpa.application_segment.delete_segment(segment.id), 400, "resource.referenced")

    page = done("make a user portal", zpa.user_portal_controller.add_user_portal(
        name="jump page", enabled=True, managed_by_zs=True, ext_label="jump", ext_domain="portal.example"))
    equal("its address is made for it", page.domain, "jump-portal-example.p.zscalerportal.net")
    link = done("make a link", zpa.user_portal_link.add_portal_link(
        name="jump notes", link="notes.portal.example", protocol="https://", enabled=True, user_portal_ids=[page.id]))
    text = done("make a use text", zpa.user_portal_aup.add_user_portal_aup(name="jump rules", enabled=True, aup="Be kind."))
    true("authentication levels", done("list them", zpa.stepup_auth_level.get_step_up_auth_levels()), "none")
    person = done("let an emergency user in", zpa.emergency_access.add_user(
        email_id=f"{page.id}@vendor.example", first_name="Ada", last_name="Byron"))
    done("shut the user out", zpa.emergency_access.deactivate_user(person.user_id))
    equal("the user is out", done("read the user", zpa.emergency_access.get_user(person.user_id)).user_status,
          "Deprovisioned")

    done("delete the text", zpa.user_portal_aup.delete_user_portal_aup(text.id))
    done("delete the link", zpa.user_portal_link.delete_portal_link(link.id))
    done("delete the user portal", zpa.user_portal_controller.delete_user_portal(page.id))
    done("delete the approval", zpa.pra_approval.delete_approval(approval.id))
    done("delete the console", zpa.pra_console.delete_console(console.id))
    done("delete the privileged portal", zpa.pra_portal.delete_portal(portal.id))
    done("delete the segment", zpa.application_segment.delete_segment(segment.id))
    done("delete the group", zpa.segment_groups.delete_group(group.id))
    done("delete the pool", zpa.pra_credential_pool.delete_credential_pool(pool.id))
    done("delete the credential", zpa.pra_credential.delete_credential(credential.id))

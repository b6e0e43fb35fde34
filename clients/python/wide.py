"""One call at least on every family that the first release serves, through the Python SDK."""

from zscaler import ZscalerClient

from expect import done, equal, fail, true


def some(step, answer):
    """A list that must not be empty."""
    items = done(step, answer)
    true(f"{step}: there are some", bool(items), "the list is empty")
    return items


with ZscalerClient({}) as client:
    zcc, zdx, ztw, zid, zia, zpa = client.zcc, client.zdx, client.ztw, client.zid, client.zia, client.zpa

    device = some("ZCC devices", zcc.devices.list_devices(query_params={"page_size": 10}))[0]
    true("a ZCC device has a udid", device.udid)
    otp = done("ZCC one-time passwords", zcc.secrets.get_otp(query_params={"udid": device.udid}))
    true("a password to log out", otp.otp or otp.logout_otp, "neither otp nor logoutOtp")
    system = {1: "ios", 2: "android", 3: "windows", 4: "macos", 5: "linux"}[int(device.type)]
    done("ZCC passwords", zcc.secrets.get_passwords(query_params={"username": device.user, "os_type": system}))
    done("ZCC trusted networks", zcc.trusted_networks.list_by_company())

    page = done("ZDX devices", zdx.devices.list_devices(query_params={"since": 2}))[0]
    true("ZDX has devices", page.devices, "the list is empty")
    device_id = page.devices[0].id
    done("one ZDX device", zdx.devices.get_device(str(device_id)))
    answer = zdx.troubleshooting.start_deeptrace(
        str(device_id), session_name="harbour", session_length_minutes=5, probe_device=True)
    done("start a deep trace", answer)
    trace = answer[1].get_body()  # the SDK's own type for this answer has no place for the id
    equal("the trace has not started", trace["status"], "not_started")
    trace_id = str(trace["trace_id"])
    listed = done("list deep traces", zdx.troubleshooting.list_deeptraces(str(device_id)))
    true("the trace is listed", any(str(each.trace_id) == trace_id for each in listed), listed)
    done("read the trace", zdx.troubleshooting.get_deeptrace(str(device_id), trace_id))
    done("delete the trace", zdx.troubleshooting.delete_deeptrace(str(device_id), trace_id))

    group = some("connector groups", ztw.ec_groups.list_ec_groups())[0]
    done("one connector group", ztw.ec_groups.get_ec_group(str(group.id)))
    some("connector locations", ztw.location_management.list_locations())
    done("connector activation status", ztw.activate.get_status())
    done("activate the connectors", ztw.activate.activate())

    true("identity users", done("list users", zid.users.list_users(query_params={"limit": 5})).records)
    true("identity groups", done("list groups", zid.groups.list_groups()).records)
    true("API clients", done("list API clients", zid.api_client.list_api_clients()).records)
    true("resource servers", done("list resource servers", zid.resource_servers.list_resource_servers()).records)

    some("ZIA users", zia.user_management.list_users())
    some("ZIA groups", zia.user_management.list_groups())
    some("ZIA departments", zia.user_management.list_departments())
    some("ZIA categories", zia.url_categories.list_categories())
    quota = zia.url_categories.get_quota()  # this one call answers no triple
    true("URL quota", isinstance(quota, dict) and "uniqueUrlsProvisioned" in quota, quota)
    address = done("reserve a static IP", zia.traffic_static_ip.add_static_ip(
        ip_address="203.0.113.7", comment="harbour office", geo_override=True, latitude=53.55, longitude=9.99,
        routable_ip=True))
    true("the static IP is listed", any(
        each.ip_address == "203.0.113.7" for each in some("static IPs", zia.traffic_static_ip.list_static_ips())))
    office = done("create a location", zia.locations.add_location(
        name="Harbour office", country="GERMANY", tz="GERMANY_EUROPE_BERLIN", ip_addresses=["203.0.113.7"]))
    quay = done("create a sublocation", zia.locations.add_location(
        name="Quay", parent_id=office.id, country="GERMANY", tz="GERMANY_EUROPE_BERLIN",
        ip_addresses=["10.20.0.0-10.20.0.255"]))
    below = some("sublocations", zia.locations.list_sub_locations(office.id))
    true("the quay is one of them", quay.id in [each.id for each in below])
    some("locations", zia.locations.list_locations())
    done("delete the sublocation", zia.locations.delete_location(quay.id))
    done("delete the location", zia.locations.delete_location(office.id))
    done("release the static IP", zia.traffic_static_ip.delete_static_ip(address.id))
    done("activate", zia.activate.activate())

    idps = some("identity providers", zpa.idp.list_idps())
    done("SCIM groups", zpa.scim_groups.list_scim_groups(idps[0].id))
    done("SCIM attributes", zpa.scim_attributes.list_scim_attributes(idps[0].id))
    certificates = some("enrolment certificates", zpa.enrollment_certificates.list_enrolment())
    connector = next((each for each in certificates if each.name == "Connector"), None)
    if connector is None:
        fail("find the connector certificate", [each.name for each in certificates])
    site = done("create a connector group", zpa.app_connector_groups.add_connector_group(
        name="Wide connectors", enabled=True, latitude="53.55", longitude="9.99", location="Hamburg, Germany",
        country_code="DE", enrollment_cert_id=connector.id))
    key = done("create a provisioning key", zpa.provisioning.add_provisioning_key(
        key_type="connector", name="Wide key", max_usage=2, enrollment_cert_id=connector.id,
        component_id=site.id))
    true("the key is listed", any(each.id == key.id for each in some(
        "provisioning keys", zpa.provisioning.list_provisioning_keys("connector"))))
    done("delete the key", zpa.provisioning.delete_provisioning_key(key.id, "connector"))
    done("delete the connector group", zpa.app_connector_groups.delete_connector_group(site.id))
    done("microtenants", zpa.microtenants.list_microtenants())

"""pyzscaler, which knows the older APIs alone: each of its clients signs in, reads, and where it can writes."""

from pyzscaler import ZCC, ZCON, ZDX, ZIA, ZPA
from restfly.errors import BadRequestError

from expect import equal, fail, true

with ZIA() as zia:
    equal("sign in to internet access", zia.session.status().auth_type, "ADMIN_LOGIN")
    true("list the categories", len(zia.url_categories.list_categories()) > 50)
    label = zia.labels.add_label("Old harbour", description="by session")
    equal("a label is kept", zia.labels.get_label(label.id).name, "Old harbour")
    equal("it waits", zia.config.status(), "PENDING")
    equal("activation answers", zia.config.activate(), "ACTIVE")
    found = [each for each in zia.labels.list_labels() if each.name == "Old harbour"]
    equal("the list has it", [each.id for each in found], [label.id])
    renamed = zia.labels.update_label(label.id, name="New harbour")
    equal("it is renamed", renamed.name, "New harbour")
    equal("delete it", zia.labels.delete_label(label.id), 204)
    answers = zia.url_categories.lookup(["facebook.com"])
    true("look a URL up", answers[0].url_classifications, answers)
print("ok     sign out")

try:
    ZIA(password="wrong")
except BadRequestError as error:
    true("a wrong password is refused", "INVALID_USERNAME_OR_PASSWORD" in str(error), error)
else:
    fail("sign in with a wrong password", "it was accepted")

zcon = ZCON()
true("sign in to connectors, list the groups", zcon.connectors.list_groups() is not None)
true("list the locations", zcon.locations.list_locations() is not None)

with ZCC() as zcc:
    true("sign in to client connector, list the devices", len(zcc.devices.list_devices()) > 0)

with ZDX() as zdx:
    equal("sign in to digital experience", zdx.session.validate_token().valid, True)
    true("the keys are published", zdx.session.get_jwks()["keys"])
    true("list the applications", len(list(zdx.apps.list_apps())) > 0)

with ZPA() as zpa:
    group = zpa.segment_groups.add_group("Old quay", True)
    equal("sign in to private access, create a group", zpa.segment_groups.get_group(group.id).name, "Old quay")
    zpa.segment_groups.delete_group(group.id)

"""zs-config takes a tenant's configuration into a database of its own; the second time nothing has changed.

What it makes in between through its own client is the one thing that the import finds new, and finds gone after.
"""

import os
import tempfile

# Read when the modules are imported: a database of this run alone, in plain SQLite.
folder = tempfile.TemporaryDirectory()
os.environ["ZSCALER_DB_URL"] = f"sqlite:///{folder.name}/zs.db"
os.environ["HOME"] = folder.name

from db import models
from db.database import get_session, init_db
from lib.auth import ZscalerAuth
from lib.zia_client import ZIAClient
from lib.zpa_client import ZPAClient
from services.zia_import_service import ZIAImportService
from services.zpa_import_service import ZPAImportService

from expect import equal, true

vanity, customer = os.environ["ZSCALER_VANITY_DOMAIN"], os.environ["ZSCALER_CUSTOMER_ID"]
base = f"https://{vanity}.zslogin.net"
auth = ZscalerAuth(base, os.environ["ZSCALER_CLIENT_ID"], os.environ["ZSCALER_CLIENT_SECRET"])
init_db()
with get_session() as session:
    tenant = models.TenantConfig(name=vanity, zidentity_base_url=base, client_id=auth.client_id, client_secret_enc="-",
                                 zpa_customer_id=customer)
    session.add(tenant)
    session.flush()
    tenant_id = tenant.id


def run(service, what, kinds=None):
    """One import: how many records were read, changed and gone. Nothing may be left out."""
    log = service.run(resource_types=kinds)
    with get_session() as session:
        log = session.get(models.SyncLog, log.id)
        said = log.error_message or ""
        true(f"{what}: all was read", not said, said)
        return log.resources_synced, log.resources_updated, log.resources_deleted


zpa, zia = ZPAClient(auth, customer), ZIAClient(auth)
for service, kind, made, remove in (
    (ZPAImportService(zpa, tenant_id), "segment_group", lambda: zpa.create_segment_group("zs-config's harbour"),
     zpa.delete_segment_group),
    (ZIAImportService(zia, tenant_id), "rule_label", lambda: zia.create_rule_label({"name": "zs-config's label"}),
     zia.delete_rule_label),
):
    name = type(service).__name__
    read, _, _ = run(service, f"{name}, first")
    true(f"{name}: there was something to read", read > 20, read)
    equal(f"{name}: the second import finds no change", run(service, f"{name}, second"), (read, 0, 0))
    few, _, _ = run(service, f"{name}, of one kind", [kind])
    record = made()
    equal(f"{name}: a record more", run(service, f"{name}, third", [kind]), (few + 1, 0, 0))
    remove(str(record["id"]))
    equal(f"{name}: and gone again", run(service, f"{name}, fourth", [kind]), (few, 0, 1))

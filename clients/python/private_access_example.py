"""The example examples/private_access, run as its README says: made, planned empty, changed in ten places, planned as
exactly those, taken over into a fresh state, and removed until the tenant is as it was."""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from zscaler import ZscalerClient

from expect import equal, fail

EXAMPLE = Path(__file__).resolve().parents[2] / "examples/private_access"
sys.path.insert(0, str(EXAMPLE))

from kinds import KINDS  # noqa: E402

# What the plan calls each change, and the words of the file that make it. The last moves a rule before another.
CHANGES = {
    "~ app_connector_group.quay": ("two machines in the harbour office", "three machines"),
    "~ provisioning_key.quay": ("max_usage = 2\nenrollment_cert_id = \"${find.connector}\"",
                                "max_usage = 3\nenrollment_cert_id = \"${find.connector}\""),
    "~ application_segment.ledger": ('"8443", "8443", "9000", "9010"', '"8443", "8444"'),
    "~ pra_credential.driver": ("only-in-this-example-1", "only-in-this-example-3"),
    "~ isolation_profile.guests": ('description = "nothing stays"', 'description = "nothing leaves"'),
    "~ capabilities_rule.crane": ("clipboard_copy = true, ", ""),
    "~ lss_config.access": ('lss_port = "1514"', 'lss_port = "1515"'),
    "- user_portal_link.winds": ('[user_portal_link.winds]\nname = "Winds"\nenabled = true\n'
                                 'link = "winds.harbour.example"\nprotocol = "https://"\n'
                                 'user_portal_link_ids = ["${user_portal.crews}"]\n', ""),
    "+ server.spare": ("[server.backup]",
                       '[server.spare]\nname = "Spare server"\naddress = "10.7.0.6"\n\n[server.backup]'),
    "% access_rule": ("[access_rule.crews]", None),
}


def changed(text):
    for said, (old, new) in CHANGES.items():
        if text.count(old) != 1:
            fail("change the file", f"{old!r} stands {text.count(old)} times in it ({said})")
        if new is not None:
            text = text.replace(old, new)
    first, second, third = (text.index(f"[access_rule.{name}]") for name in ("crews", "cranes", "nobody"))
    return text[:first] + text[second:third] + text[first:second] + text[third:]


def access(folder, what, state, status=0):
    """Runs the program in a folder; what it prints, line by line."""
    done = subprocess.run(
        [sys.executable, str(EXAMPLE / "access.py"), what, "--file", "harbour.toml", "--state", state], cwd=folder,
        text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode != status:
        fail(what, f"exit status {done.returncode}:\n{done.stdout}")
    return done.stdout.splitlines()


def steps(lines):
    return sorted(line for line in lines if line[:2] in ("+ ", "~ ", "- ", "% "))


def everything():
    """The ids of all that the tenant has of every type that the example knows."""
    ids = {}
    with ZscalerClient({}) as client:
        for name, kind in KINDS.items():
            for behind in ("connector", "service_edge") if kind.behind else (None,):
                given = [*kind.place, *([behind] if behind else [])]
                paged = {"query_params": {"page_size": 500}} if kind.paged else {}
                _, response, error = kind.method(client.zpa, "list")(*given, **paged)
                if error is not None:
                    fail(f"list {name}", error)
                body = response.get_body()
                ids[name, behind] = [each["id"] for each in (body.get("list", []) if isinstance(body, dict) else body)]
    return ids


with tempfile.TemporaryDirectory() as name:
    folder = Path(name)
    for path in [*EXAMPLE.glob("*.toml"), *EXAMPLE.glob("*.pem")]:
        shutil.copy(path, folder)
    file, before = folder / "harbour.toml", everything()
    wanted = steps(access(folder, "plan", "state.json", 2))
    kinds = {line[2:].split(".")[0] for line in wanted}
    if len(wanted) < 40 or len(kinds) < 25:
        fail("read the example", f"{len(wanted)} resources of {len(kinds)} types")

    made = steps(access(folder, "apply", "state.json"))
    equal(f"{len(wanted)} resources of {len(kinds)} types are made", made, wanted)
    equal("then nothing is left to do", steps(access(folder, "plan", "state.json")), [])
    file.write_text(changed(file.read_text()))
    equal("ten changes of the file are planned", steps(access(folder, "plan", "state.json", 2)), sorted(CHANGES))
    equal("and done", steps(access(folder, "apply", "state.json")), sorted(CHANGES))
    equal("then nothing is left to do again", steps(access(folder, "plan", "state.json")), [])

    state = json.loads((folder / "state.json").read_text())
    access(folder, "import", "fresh.json")
    fresh = json.loads((folder / "fresh.json").read_text())
    equal("all of it is taken over", {each: held["id"] for each, held in fresh.items()},
          {each: held["id"] for each, held in state.items()})
    equal("and is as the file says", steps(access(folder, "plan", "fresh.json")), [])
    equal("all of it is removed", sorted(line[2:] for line in access(folder, "destroy", "fresh.json")), sorted(state))
    equal("the tenant is as it was", everything(), before)

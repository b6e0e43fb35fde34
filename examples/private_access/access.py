#!/usr/bin/env python3
"""Private access as code: makes a tenant what a file says, and tells first what that would change.

    access.py plan              what is to be made (+), changed (~), removed (-) and put in another order (%);
                                exit status 2 if anything is
    access.py apply             plans, and does it
    access.py import            finds what the file names in the tenant and takes it over
    access.py destroy           removes all that is managed

    --file PATH                 what is wanted (harbour.toml beside this program)
    --state PATH                which ids that has (state.json in the current folder)
"""

import argparse
import copy
import hashlib
import json
import re
import sys
import tomllib
from pathlib import Path

from zscaler import ZscalerClient
from zscaler.helpers import to_lower_camel_case as camel

from kinds import FOUND, KINDS, Exactly

REFERENCE = re.compile(r"\$\{([^}]+)\}")
ALL = {"query_params": {"page_size": 500}}


class Unknown(Exception):
    """A reference to something that has not been made yet."""


def answer(what, triple):
    """The body of an answer, with the SDK's value; ends the program at an error."""
    value, response, error = triple
    if error is not None:
        sys.exit(f"{what}: {error}")
    return value, response.get_body() if response is not None else None


class Tenant:
    """The tenant, what is wanted of it, and the ids of what it has of that."""

    def __init__(self, zpa, path, state):
        self.zpa, self.folder, self.state_path = zpa, path.parent, state
        file = tomllib.loads(path.read_text())
        self.finds = file.pop("find", {})
        self.wanted = {f"{kind}.{name}": attributes for kind, named in file.items()
                       for name, attributes in named.items()}
        unknown = sorted({address.split(".")[0] for address in self.wanted} - KINDS.keys())
        if unknown:
            sys.exit(f"{path}: no such type: {', '.join(unknown)}")
        self.state = json.loads(state.read_text()) if state.exists() else {}
        self.found = {}

    def save(self):
        self.state_path.write_text(json.dumps(self.state, indent=2) + "\n")

    # --- what the file says ---

    def needs(self, address):
        """The addresses that a resource names, those that its lookups wait for among them."""
        named = set(REFERENCE.findall(json.dumps(self.wanted[address])))
        for label in [each for each in named if each.startswith("find.")]:
            named |= set(REFERENCE.findall(json.dumps(self.finds[label[5:]])))
        return {each for each in named if not each.startswith("find.")}

    def order(self):
        """Every address, as in the file, but each behind those that it needs."""
        ordered = {}

        def visit(address, above):
            if address in above:
                sys.exit(f"{address} needs itself")
            if address not in self.wanted:
                sys.exit(f"{above[-1]} names {address}, which the file does not have")
            if address not in ordered:
                for each in sorted(self.needs(address)):
                    visit(each, [*above, address])
                ordered[address] = None

        for address in self.wanted:
            visit(address, [])
        return list(ordered)

    def filled(self, value):
        """A value with ids in place of references, and the contents of files in place of their names."""
        if isinstance(value, dict):
            return {key: self.filled(each) for key, each in value.items()}
        if isinstance(value, list):
            return [self.filled(each) for each in value]
        if isinstance(value, str) and value.startswith("file:"):
            return (self.folder / value[5:]).read_text()
        return REFERENCE.sub(lambda named: self.id(named[1]), value) if isinstance(value, str) else value

    def id(self, address):
        if address.startswith("find."):
            return self.look_up(address[5:])
        if address not in self.state:
            raise Unknown(address)
        return self.state[address]["id"]

    def look_up(self, label):
        if label not in self.found:
            said = self.finds[label]
            service, _, method = FOUND[said["kind"]].partition(".")
            self.filled(said.get("after", ""))
            within = [self.filled(said["within"])] if "within" in said else []
            paged = {} if method == "list_cbi_regions" else copy.deepcopy(ALL)
            listed, _ = answer(label, getattr(getattr(self.zpa, service), method)(*within, **paged))
            match = [each for each in listed if each.name == said["name"]]
            if not match:
                raise Unknown(f"{said['kind']} named {said['name']!r}")
            self.found[label] = str(match[0].id)
        return self.found[label]

    # --- what the tenant says ---

    def read(self, address):
        """The body that a read answers; nothing when the resource is gone."""
        kind, held = KINDS[address.split(".")[0]], self.state[address]
        _, response, error = kind.method(self.zpa, "get")(*kind.place, held["id"], *held["behind"])
        if error is not None:
            if getattr(error, "error_code", None) == "resource.not.found" or getattr(error, "status", None) == 404:
                return None
            sys.exit(f"{address}: {error}")
        return response.get_body()

    def differences(self, address):
        """What of a resource is not as wanted: attribute, what is, what should be. None when it is not there."""
        kind = KINDS[address.split(".")[0]]
        body = self.read(address) if address in self.state else None
        if body is None:
            return None
        changes = []
        for key, wanted in self.wanted[address].items():
            if key in kind.behind:
                continue
            try:
                wanted = self.filled(wanted)
            except Unknown:
                changes.append((key, "", "(known when applied)"))
                continue
            if key in kind.unread:
                kept = self.state[address]["unread"].get(key)
                if kept is not None and kept != digest(wanted):
                    changes.append((key, "(not told)", "(not told)"))
            else:
                got = told(kind, key, body)
                if key == "conditions":
                    wanted, got = operands(wanted), operands_told(got)
                if not same(key, wanted, got):
                    changes.append((key, got, wanted))
        return changes

    def plan(self):
        """The steps, in an order in which they can be taken: sign, address, differences."""
        steps = []
        for address in self.order():
            changes = self.differences(address)
            if changes is None:
                steps.append(("+", address, []))
            elif changes:
                steps.append(("~", address, changes))
        gone = [address for address in reversed(self.state) if address not in self.wanted]
        return steps + [("-", address, []) for address in gone] + self.reorders()

    def listed(self, address):
        """All that the tenant has of the type of a resource, as a list tells it."""
        kind, attributes = KINDS[address.split(".")[0]], self.wanted[address]
        behind = [attributes[key] for key in kind.behind]
        paged = copy.deepcopy(ALL) if kind.paged else {}
        _, body = answer(address, kind.method(self.zpa, "list")(*kind.place, *behind, **paged))
        return body.get("list", []) if isinstance(body, dict) else body

    def reorders(self):
        """Policies whose rules are not tried in the order of the file; new rules come last until they are moved."""
        steps = []
        for name, kind in KINDS.items():
            wanted = [address for address in self.wanted if address.startswith(f"{name}.")]
            if kind.service == "policies" and len(wanted) > 1:
                ids = {self.state[address]["id"]: address for address in wanted if address in self.state}
                got = [ids[each["id"]] for each in self.listed(wanted[0]) if each["id"] in ids]
                got += [address for address in wanted if address not in got]
                if got != wanted:
                    steps.append(("%", name, [("order", got, wanted)]))
        return steps

    def reorder(self, name):
        """Puts the rules of a policy in the order of the file, each in a place where one of them was."""
        wanted = [address for address in self.wanted if address.startswith(f"{name}.")]
        ours = [self.state[address]["id"] for address in wanted]
        places = iter(ours)
        order = [next(places) if each["id"] in ours else each["id"] for each in self.listed(wanted[0])]
        answer(name, self.zpa.policies.bulk_reorder_rules(*KINDS[name].place, order))

    # --- what is done about it ---

    def take(self, sign, address):
        kind = KINDS[address.split(".")[0]]
        if sign in "-%":
            return self.remove(address) if sign == "-" else self.reorder(address)
        sent = self.filled(self.wanted[address])
        if "conditions" in sent:
            sent["conditions"] = [tuple(each) for each in sent["conditions"]]
        behind = [sent.pop(key) for key in kind.behind]
        unread = {key: digest(sent[key]) for key in kind.unread if key in sent}
        if sign == "+":
            value, body = answer(address, kind.method(self.zpa, "add")(*behind, **copy.deepcopy(sent)))
            self.state[address] = {"id": getattr(value, "id", None) or body["id"], "behind": behind}
        else:
            for key, name in kind.objects.items():
                ids = sent.pop(key)
                sent[name] = [{"id": each} for each in ids] if isinstance(ids, list) else {"id": ids}
            id = self.state[address]["id"]
            answer(address, kind.method(self.zpa, "update")(id, *behind, **copy.deepcopy(sent)))
        self.state[address]["unread"] = unread
        self.save()

    def remove(self, address):
        kind, held = KINDS[address.split(".")[0]], self.state[address]
        if self.read(address) is not None:
            answer(address, kind.method(self.zpa, "delete")(*kind.place, held["id"], *held["behind"]))
        del self.state[address]
        self.save()

    def take_over(self):
        """Finds by name what the file says and the state does not hold; yields the addresses."""
        for address in self.order():
            kind, attributes = KINDS[address.split(".")[0]], self.wanted[address]
            if address in self.state:
                continue
            for each in self.listed(address):
                if told(kind, kind.name, each) == attributes[kind.name]:
                    behind = [attributes[key] for key in kind.behind]
                    self.state[address] = {"id": each["id"], "behind": behind, "unread": {}}
                    self.save()
                    yield address


def digest(value):
    """What is kept of a value that no read tells, to see that another is wanted."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def told(kind, key, body):
    """What a read tells of an attribute: a member, the id of an object, or the ids of several."""
    place = kind.told.get(key, camel(key))
    if callable(place):
        return place(body)
    if place in body:
        return body[place]
    if key.endswith("_ids"):
        return [each["id"] for each in body.get(camel(key[:-4] + "s"), [])]
    if key.endswith("_id"):
        return body.get(camel(key[:-3]), {}).get("id")
    return None


def same(key, wanted, got):
    """Whether an attribute is as wanted. Numbers come back as text, members that were not sent are the cloud's own
    affair, and lists have no order, unless they are ports."""
    if isinstance(wanted, dict):
        if not isinstance(got, dict) or isinstance(got, Exactly) and got.keys() != wanted.keys():
            return False
        return all(same(each, value, got.get(each, got.get(camel(each)))) for each, value in wanted.items())
    if isinstance(wanted, list):
        got = got or []
        if key.endswith("_port_ranges"):
            return [str(each) for each in wanted] == [str(each) for each in got]
        return len(wanted) == len(got) and all(any(same("", each, other) for other in got) for each in wanted)
    if isinstance(wanted, bool):
        return str(got).lower() == str(wanted).lower()
    return (got is None and wanted == "") or str(got) == str(wanted)


def operands(conditions):
    """Conditions as the SDK takes them, as a list of type and value."""
    return [[kind.upper(), value[1] if isinstance(value, list) else value] for kind, values in conditions
            for value in values]


def operands_told(conditions):
    return [[operand["objectType"], operand["rhs"]] for condition in conditions or []
            for operand in condition["operands"]]


def show(steps):
    for sign, address, changes in steps:
        print(sign, address)
        for key, got, wanted in changes:
            print(f"    {key}: {json.dumps(got)} -> {json.dumps(wanted)}")
    made, changed, removed, moved = ([step[0] for step in steps].count(sign) for sign in "+~-%")
    print(f"{made} to make, {changed} to change, {removed} to remove, {moved} to reorder")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["plan", "apply", "import", "destroy"])
    parser.add_argument("--file", type=Path, default=Path(__file__).resolve().parent / "harbour.toml")
    parser.add_argument("--state", type=Path, default=Path("state.json"))
    asked = parser.parse_args()
    with ZscalerClient({}) as client:
        tenant = Tenant(client.zpa, asked.file, asked.state)
        if asked.what == "import":
            for address in tenant.take_over():
                print("=", address, tenant.state[address]["id"])
        elif asked.what == "destroy":
            for address in list(reversed(tenant.state)):
                tenant.remove(address)
                print("-", address)
        else:
            steps = tenant.plan()
            show(steps)
            if asked.what == "apply":
                for sign, address, _ in steps:
                    try:
                        tenant.take(sign, address)
                    except Unknown as missing:
                        sys.exit(f"{address}: there is no {missing}")
            elif steps:
                sys.exit(2)


main()

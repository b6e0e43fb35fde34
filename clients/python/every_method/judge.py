"""Carries out the rows of the table and judges what came of each."""

import copy
import inspect
import types

from zscaler.helpers import to_lower_camel_case as camel


IDS = ("id", "user_id", "instance_id", "instanceId", "trace_id", "analysis_id")


class Wrong(Exception):
    """What came of a row is not what must come of it."""


def fail(what, why):
    raise Wrong(f"{what}: {why}")


class Judge:
    """Plays rows in order; knows what has been made, what it should look like, and what is wrong so far."""

    def __init__(self, product, gone, renamed=(), echoes=True):
        """`gone` is the code of what is not found; `renamed` has the pairs of names under which ids are sent and told;
        with `echoes`, what was read is sent back before an update."""
        self.product, self.gone, self.renamed, self.echoes = product, gone, dict(renamed), echoes
        self.things, self.sent, self.readers = {}, {}, {}
        self.counts, self.left, self.wrong = {}, [], []

    def play(self, row):
        """Carries out one row; what is wrong with it joins `wrong`."""
        try:
            if row.outcome == "outside":
                self.things.update(row.check(self.look) or {})
            else:
                getattr(self, f"_{row.outcome}")(row)
            self.counts[row.outcome] = self.counts.get(row.outcome, 0) + 1
        except Exception as wrong:
            said = str(wrong) if isinstance(wrong, Wrong) else repr(wrong)
            self.wrong.append(said if said.startswith(row.method) else f"{row.method}: {said}")

    def look(self, word):
        """What `quay`, `quay.domain`, or, for the whole of it, `quay.` stands for."""
        name, dot, attribute = word.partition(".")
        if name not in self.things:
            raise Wrong(f"no row has made or found {name!r}")
        thing = self.things[name]
        return getattr(thing, attribute) if attribute else thing if dot else _id(thing)

    def _fill(self, value):
        if isinstance(value, str) and value.startswith("$"):
            return self.look(value[1:])
        if isinstance(value, types.FunctionType):
            return value(self.look)
        if isinstance(value, dict):
            return {key: self._fill(each) for key, each in value.items()}
        if isinstance(value, (list, tuple)):
            return type(value)(self._fill(each) for each in value)
        return value

    def _call(self, row):
        service, _, method = row.method.partition(".")
        sent = self._fill(row.sent)
        # The SDK takes pieces out of what it is given.
        answer = getattr(getattr(self.product, service), method)(*self._fill(row.args), **copy.deepcopy(sent))
        return answer, sent

    def _triple(self, row):
        try:
            answer, sent = self._call(row)
        except Wrong as missing:
            fail(row.method, missing)
        except Exception as raised:
            fail(row.method, f"raised {raised!r}")
        value, response, error = answer
        if error is not None:
            fail(row.method, error)
        return value, response.get_body() if response is not None else None, {**sent, **self._fill(row.like)}

    def _made(self, row):
        value, body, sent = self._triple(row)
        if not _id(value):
            # The SDK's own type has no place for the id.
            value = types.SimpleNamespace(**body)
        if not _id(value):
            fail(row.method, f"the answer has no id: {body}")
        self._compare(row, sent, value, body, whole=False)
        self.things[row.name], self.sent[row.name] = value, (row, sent)
        self.left.append(row.name)

    def _read(self, row):
        value, body, _ = self._triple(row)
        if row.name in self.sent:
            origin, sent = self.sent[row.name]
            self._compare(origin, sent, value, body, whole=True)
            self.things[row.name] = value
            self.readers[row.name] = row
        elif str(_id(value)) != str(self.look(row.name)):
            fail(row.method, f"wanted {self.look(row.name)}, got {value}")

    def _echo(self, row):
        """Sends back what was read, as people do who change one member of it: it must be taken, and change nothing."""
        service, _, method = row.method.partition(".")
        update = getattr(getattr(self.product, service), method)
        args = self._fill(row.args)
        given = {"id", *list(inspect.signature(update).parameters)[:len(args)]}
        body = {key: value for key, value in self.things[row.name].as_dict().items() if key not in given}
        error = update(*args, **body)[-1]
        if error is not None:
            fail(f"{row.method} of what was read", error)
        self._read(self.readers[row.name])

    def _updated(self, row):
        if self.echoes and not row.kept_back and row.name in self.readers:
            self._echo(row)
        _, _, sent = self._triple(row)
        self.sent[row.name] = (row, sent)
        if row.name in self.readers:
            self._read(self.readers[row.name])

    def _listed(self, row):
        value, body, _ = self._triple(row)
        if not isinstance(value, list):
            fail(row.method, f"no list: {value}")
        if row.name:
            told = [str(_id(each)) for each in [*value, *(body.get("list", []) if isinstance(body, dict) else body)]]
            if str(self.look(row.name)) not in told:
                fail(row.method, f"{row.name} ({self.look(row.name)}) is not listed: {told}")
        if row.keep:
            self.things[row.keep] = types.SimpleNamespace(items=value)
        self._hold(row, value)

    def _found(self, row):
        value, _, _ = self._triple(row)
        match = [each for each in (value if isinstance(value, list) else [value])
                 if row.check is None or row.check(each)]
        if not match:
            fail(row.method, f"there is no {row.name} in {value}")
        self.things[row.name] = match[0]

    def _deleted(self, row):
        self._triple(row)
        if row.name in self.left:
            self.left.remove(row.name)
        if row.name in self.readers:
            value, _, error = self._call(self.readers[row.name])[0]
            if getattr(error, "error_code", None) != self.gone:
                fail(row.method, f"reading it again should not find it: {error or value}")

    def _removed(self, row):
        self._triple(row)
        self.left = [name for name in self.left if name not in row.name.split(", ")]

    def _kept(self, row):
        _, _, sent = self._triple(row)
        service = row.method.partition(".")[0]
        value, response, error = getattr(getattr(self.product, service), row.by)()
        if error is not None:
            fail(f"{service}.{row.by}", error)
        self._compare(row, sent, value, response.get_body(), whole=True)

    def _does(self, row):
        self._hold(row, self._triple(row)[0])

    def _plain(self, row):
        try:
            value, _ = self._call(row)
        except Exception as raised:
            fail(row.method, f"raised {raised!r}")
        self._hold(row, value)

    def _hold(self, row, value):
        if row.check is not None and not row.check(value, self.look):
            fail(row.method, f"not what it should be: {value}")

    def _refused(self, row):
        error = self._call(row)[0][-1]
        got = (getattr(error, "status_code", None), getattr(error, "error_code", None))
        if got != row.error or row.says not in str(error):
            fail(row.method, f"wanted {row.error} {row.says} ({row.why}), got {error!r}")

    def _broken(self, row):
        try:
            error = self._call(row)[0][-1]
        except Exception as raised:
            error = raised
        if error is None or row.says not in f"{type(error).__name__}: {error}":
            fail(row.method, f"wanted an error with {row.says!r} ({row.why}), got {error!r}")

    def _told(self, key, value, body):
        """What an answer says of `key`: the model's attribute, or else the member of the body; ids of linked objects."""
        if key == "enabled" and "enabled" not in body and ("state" in body or "status" in body):
            return body.get("state", body.get("status")) == "ENABLED"
        member = self.renamed.get(key, camel(key))
        if key.endswith("_ids") and camel(key) not in body:
            linked = body.get(member if key in self.renamed else camel(key[:-4] + "s"))
            return None if linked is None else [each["id"] for each in linked]
        got = getattr(value, key, None)
        return body.get(member) if got is None or got == [] else got

    def _compare(self, row, sent, value, body, whole):
        """Fails unless what was sent is told again: all of it if `whole`, else what the answer holds of it."""
        for key, wanted in sent.items():
            if key in row.hidden or wanted is None:
                continue
            got = self._told(row.shown.get(key, key), value, body if isinstance(body, dict) else {})
            if got is None and (not whole or wanted in ([], "")):
                continue
            if key == "conditions":
                # The SDK's model of the second version has no place for the sides in which operands are told.
                wanted, got = _operands_sent(wanted), _operands_told(body.get("conditions"))
            if not _same(wanted, got):
                fail(row.method, f"{row.name}: {key} should be {wanted!r}, is {got!r}\n{body}")


def _id(item):
    """The id of an object of the SDK's or of a body's member; some have theirs under another name."""
    members = item if isinstance(item, dict) else vars(item)
    return next((members[name] for name in IDS if members.get(name) is not None), None)


def _same(wanted, got):
    """Whether what is told is what was sent; an object that is told for an id is the one with that id."""
    if isinstance(wanted, bool):
        return str(got).lower() in (str(wanted).lower(), str(int(wanted)))
    if isinstance(wanted, dict):
        view = got if isinstance(got, dict) else vars(got) if hasattr(got, "__dict__") else {}
        return all(_same(each, view.get(key, view.get(camel(key)))) for key, each in wanted.items())
    if isinstance(wanted, (list, tuple)):
        return isinstance(got, (list, tuple)) and len(wanted) == len(got) and all(
            any(_same(each, other) for other in got) for each in wanted)
    if isinstance(got, dict) or hasattr(got, "__dict__"):
        got = _id(got)
    return str(wanted) == str(got)


def _operands_sent(conditions):
    """Conditions as the SDK takes them, as a sorted list of (type, value)."""
    flat = []
    for condition in conditions:
        if condition[0].upper() in ("AND", "OR"):
            condition = condition[1]
        kind, *rest = condition
        if len(rest) == 2:
            flat.append((kind.upper(), str(rest[1])))
        else:
            flat += [(kind.upper(), str(each[1] if isinstance(each, (list, tuple)) else each)) for each in rest[0]]
    return sorted(flat)


def _operands_told(conditions):
    return sorted((operand["objectType"], str(operand["rhs"]))
                  for condition in conditions or [] for operand in condition["operands"])

"""What a row of the table says: one method of the SDK, what it is given, and what must come of it.

In arguments `"$quay"` stands for the id of what a row has made or found under the name `quay`, `"$quay.domain"` for
another of its attributes, and a function for what it returns when it is given such a lookup.
"""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Row:
    """One call. `outcome` says how it is judged; the other members are what the judge needs."""
    outcome: str
    method: str
    name: str = ""
    args: tuple = ()
    sent: dict = field(default_factory=dict)
    like: dict = field(default_factory=dict)   # what must come back besides; all of it, where a model is sent
    hidden: tuple = ()          # what is sent and never told again: secrets, hints
    shown: dict = field(default_factory=dict)  # where something comes back under another name
    check: Any = None           # a condition on the value; given the lookup too
    keep: str = ""              # for lists: the name under which the whole list is remembered, as its `items`
    kept_back: str = ""         # for updates: why what was read is not sent back before
    by: str = ""                # for settings: the method that reads them
    why: str = ""
    error: tuple = ()           # for refusals: status and code
    says: str = ""              # words that the error must hold


def made(name, method, sent, args=(), **more):
    """Creates something and remembers it as `name`. What the answer tells of it must be what was sent."""
    return Row("made", method, name, tuple(args), sent, **more)


def read(method, name, args=None, **more):
    """Reads `name`. Everything that was sent last must come back."""
    return Row("read", method, name, (f"${name}",) if args is None else tuple(args), **more)


def updated(method, name, sent, args=None, **more):
    """Changes `name`, and reads it again in the way in which it was read before. Where the product's script has it so,
    what was read is sent back first, unless it says why it is `kept_back`."""
    return Row("updated", method, name, (f"${name}",) if args is None else tuple(args), sent, **more)


def kept(method, sent, by, args=(), **more):
    """Changes settings, of which there is one record; read again with the service's method `by`, they are what was sent."""
    return Row("kept", method, "", tuple(args), sent, by=by, **more)


def listed(method, name="", args=(), sent=None, **more):
    """Lists. With a `name`, that must be among them; without, the list may be empty."""
    return Row("listed", method, name, tuple(args), sent or {}, **more)


def found(name, method, args=(), sent=None, where=None, **more):
    """Remembers as `name` what is answered, or the first of a list for which `where` holds; there must be one."""
    return Row("found", method, name, tuple(args), sent or {}, check=where, **more)


def deleted(method, name, args=None, sent=None, **more):
    """Removes `name`; reading it again must not find it."""
    return Row("deleted", method, name, (f"${name}",) if args is None else tuple(args), sent or {}, **more)


def removed(method, *names, args, **more):
    """Removes several at once."""
    return Row("removed", method, ", ".join(names), tuple(args), **more)


def does(method, args=(), sent=None, check=None, **more):
    """Calls, with no error; `check` is a condition on the value."""
    return Row("does", method, "", tuple(args), sent or {}, check=check, **more)


def plain(method, args=(), sent=None, check=None, **more):
    """Calls a method that answers a bare value instead of the usual (value, response, error)."""
    return Row("plain", method, "", tuple(args), sent or {}, check=check, **more)


def refused(method, status, code, why, args=(), sent=None, **more):
    """The cloud refuses: with this status and code, and for this reason."""
    return Row("refused", method, "", tuple(args), sent or {}, error=(status, code), why=why, **more)


def broken(method, says, why, args=(), sent=None, **more):
    """The SDK itself fails, whatever the cloud does: the error or exception holds these words."""
    return Row("broken", method, "", tuple(args), sent or {}, says=says, why=why, **more)


def outside(what, act):
    """Something that no method can do, like a machine that enrols. `act` is given the lookup; it may return objects to
    remember by name."""
    return Row("outside", what, check=act)

"""Says what each call was for, and stops at the first surprise."""

import sys


def fail(step, why):
    """End the script: what was attempted, and what came instead."""
    sys.exit(f"FAILED {step}: {why}")


def done(step, answer):
    """The value of an SDK call, which answers (value, response, error)."""
    value, error = answer[0], answer[-1]
    if error is not None:
        fail(step, error)
    print(f"ok     {step}")
    return value


def refused(step, answer, status, code, *mentions):
    """The call must be refused with this status and code, and its error must name each of `mentions`."""
    error = answer[-1]
    if error is None:
        fail(step, "it was allowed")
    if getattr(error, "status_code", None) != status or error.error_code != code:
        fail(step, f"wanted {status} {code}, got {error!r}")
    for word in mentions:
        if str(word) not in str(error):
            fail(step, f"the error does not name {word!r}: {error}")
    print(f"ok     {step} (refused: {code})")


def equal(step, got, wanted):
    if got != wanted:
        fail(step, f"wanted {wanted!r}, got {got!r}")
    print(f"ok     {step}")


def true(step, condition, why=""):
    if not condition:
        fail(step, why or "it does not hold")
    print(f"ok     {step}")

#!/usr/bin/env python3
"""Holds what z3 finds of a list of rules against what zuno found, and the time of either.

    cargo run --release --manifest-path bench/policy/Cargo.toml -- review FOLDER
    ~/.cache/zuno/bench/z3/bin/python bench/policy/review.py FOLDER/review.json [SECONDS]

Traffic is an address, a Boolean for each group and each service, and each rule a formula over these. A rule is never reached
where its own formula and the negation of all before it cannot hold together. What two lists treat otherwise is asked for as one
formula, whose solution says by which pair of rules; that pair is then left out, until there is none. No question takes more than
SECONDS (300), after which "more than" is told and what was found so far is held against zuno's.
"""
import json
import sys
import time

import z3

ADDRESS = z3.BitVec("address", 32)


def formula(rule):
    groups = z3.Or([z3.Bool(f"group {group}") for group in rule["groups"]])
    services = z3.Or([z3.Bool(f"service {service}") for service in rule["services"]])
    nets = z3.Or([z3.And(z3.UGE(ADDRESS, low), z3.ULE(ADDRESS, high)) for low, high in rule["nets"]])
    return z3.And(groups, services, nets)


def shadowed(rules, until):
    """Rules that are met by nothing that those before them leave."""
    solver, found = z3.SolverFor("QF_FD"), []
    for rule in rules:
        own = formula(rule)
        if time.monotonic() > until:
            return found, False
        solver.set("timeout", max(1, int((until - time.monotonic()) * 1000)))
        solver.push()
        solver.add(own)
        result = solver.check()
        if result == z3.unknown:
            return found, False
        if result == z3.unsat:
            found.append(rule["id"])
        solver.pop()
        solver.add(z3.Not(own))
    return found, True


def firsts(solver, rules, side):
    """A Boolean for each rule, that it is the first that is met, and one for none."""
    left, firsts = z3.BoolVal(True), []
    for rule in rules:
        met, first = z3.Bool(f"{side} meets {rule['id']}"), z3.Bool(f"{side} first {rule['id']}")
        none = z3.Bool(f"{side} passes {rule['id']}")
        solver.add(met == formula(rule), first == z3.And(left, met), none == z3.And(left, z3.Not(met)))
        firsts.append((rule["id"], rule["action"], first))
        left = none
    return [*firsts, (900_000, 1, left)]  # behind the last rule, the default blocks


def differences(old, new, until):
    """Pairs of rules that decide the same traffic and do not do the same."""
    solver = z3.SolverFor("QF_FD")
    sides = [firsts(solver, rules, side) for rules, side in [(old, "old"), (new, "new")]]
    does = [[z3.Bool(f"{side} does {action}") for action in range(3)] for side in ("old", "new")]
    for side, own in zip(sides, does):
        for action, told in enumerate(own):
            solver.add(told == z3.Or([first for _, of, first in side if of == action]))
    solver.add(z3.Or([one != other for one, other in zip(*does)]))
    found = []
    while True:
        solver.set("timeout", max(1, int((until - time.monotonic()) * 1000)))
        result = solver.check()
        if result != z3.sat:
            return found, result == z3.unsat
        model = solver.model()
        pair = [next((id, first) for id, _, first in side if z3.is_true(model.eval(first))) for side in sides]
        found.append([id for id, _ in pair])
        solver.add(z3.Not(z3.And([first for _, first in pair])))


def main():
    bound = float(sys.argv[2]) if len(sys.argv) > 2 else 300
    failed = False
    for case in json.load(open(sys.argv[1])):
        # As zuno's own is: what others do on the machine counts for neither.
        start, until = time.process_time(), time.monotonic() + bound
        if "other" in case:
            found, whole = differences(case["rules"], case["other"], until)
        else:
            found, whole = shadowed(case["rules"], until)
        took = time.process_time() - start
        own, z3s = {str(one) for one in case["found"]}, {str(one) for one in found}
        agree = own == z3s if whole else z3s <= own
        failed |= not agree
        print(
            f"{case['what']}: zuno {case['seconds'] * 1e3:.1f} ms, {len(own)} found; "
            f"z3 {'' if whole else 'more than '}{took:.1f} s ({took / case['seconds']:.0f} ×), {len(z3s)} found; "
            + ("the same" if agree and whole else "NOT the same" if not agree else "all of them zuno's too" if z3s else "not compared")
        )
        if not agree:
            print("    zuno alone:", sorted(own - z3s)[:5], "z3 alone:", sorted(z3s - own)[:5])
    sys.exit(failed)


if __name__ == "__main__":
    main()

"""Feed many inputs one after another."""

from __future__ import annotations

from collections import Counter
from random import Random

from tests.fuzz.targets import Finding, Room, Targets, kind_of

SHARES = {"rules": 6, "answers": 10, "reports": 8, "lines": 14, "arguments": 5, "examples": 2, "cases": 2}
"""How often a target comes up; once where nothing is said."""


def feed_many(seed: int, inputs: int, names: list[str]) -> tuple[Counter[str], list[Finding]]:
    """Feed some inputs; return how many of each target, and the findings, one of each kind."""
    random = Random(seed)
    targets = Targets()
    weights = [SHARES.get(name, 1) for name in names]
    fed: Counter[str] = Counter()
    findings: dict[str, Finding] = {}
    with Room() as room:
        for number in range(inputs):
            name = random.choices(names, weights)[0]
            found = room.feed(name, targets.every[name](random))
            fed[name] += 1
            if found is not None:
                findings.setdefault(kind_of(found), found)
            if number % 500 == 499:
                room.renew()
    return fed, list(findings.values())

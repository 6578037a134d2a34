"""Large rules of several shapes: what each makes dear, and what a recommendation then costs.

Run it from the repository's root: `python -m tests.benchmarks.large [SHAPE …]`. Every figure is the CPU time of the
first recommendation in a process of its own, compiling included; the bar holds for a machine that does nothing else.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from advisor.decision import recommend
from advisor.knowledge.load import load_from_source
from advisor.knowledge.model import Rules
from tests.benchmarks.figures import Figure, own_cache, show

WORDS = ("None", "Poor", "Fair", "Good", "Excellent")
KINDS = ("red", "green", "blue", "black")
BAR = 1_000
"""Milliseconds after which a command counts as hanging."""

SHAPES: Mapping[str, Mapping[str, Any]] = {
    "plain": {},
    "dense": {"weights": 40, "choices": 5},
    "musts": {"musts": 0.5},
    "conditions in blocks of three": {"conditions": 0.5, "block": 3, "choices": 5},
    "conditions in blocks of six": {"conditions": 0.5, "block": 6, "choices": 5},
    "gates": {"gates": 0.7, "block": 5, "choices": 5},
    "a bit of everything": {"conditions": 0.3, "gates": 0.4, "musts": 0.3, "kinds": 0.2, "block": 4, "choices": 5},
    "all alike": {"alike": True},
    "two hundred needs": {"needs": 200},
}
ANSWERED = {"nothing answered": 0, "half answered": 2, "all answered": 1}


class Maker:
    """Makes rules of one shape, always the same ones."""

    def __init__(self, **shape: Any) -> None:
        self.dice = random.Random(1)
        self.sizes = {
            "alternatives": 100,
            "criteria": 200,
            "needs": 60,
            "choices": 4,
            "weights": 8,
            "block": 3,
            **shape,
        }
        self.kinds = [self.dice.random() < self._share("kinds") for _ in range(self.sizes["criteria"])]

    def _share(self, what: str) -> float:
        return float(self.sizes.get(what, 0))

    def rules(self) -> dict[str, Any]:
        """Return the whole file as data."""
        return {
            "format": 1,
            "name": "large",
            "version": "1",
            "title": "Large",
            "subject": "things",
            "alternatives": {f"a{at}": {"name": f"Alternative {at}"} for at in range(self.sizes["alternatives"])},
            "criteria": {f"c{at}": self._criterion(at) for at in range(self.sizes["criteria"])},
            "needs": {f"n{at}": self._need(at) for at in range(self.sizes["needs"])},
        }

    def _criterion(self, at: int) -> dict[str, Any]:
        words = KINDS if self.kinds[at] else WORDS
        return {
            "title": f"Criterion {at}",
            **({"kind": "match"} if self.kinds[at] else {}),
            "scale": list(KINDS) if self.kinds[at] else dict(enumerate(WORDS)),
            "ratings": {
                f"a{place}": words[0] if self.sizes.get("alike") else self.dice.choice(words)
                for place in range(self.sizes["alternatives"])
            },
        }

    def _need(self, at: int) -> dict[str, Any]:
        first = at - at % self.sizes["block"]
        mates = [mate for mate in range(first, first + self.sizes["block"]) if mate != at]
        choices = {f"k{place}": self._choice(place, mates) for place in range(self.sizes["choices"])}
        need: dict[str, Any] = {"title": f"Need {at}", "question": "How much?", "choices": choices}
        if at > first and self.dice.random() < self._share("gates"):
            need["applies_when"] = {f"n{first}": ["k1", "k2"]}
        return need

    def _choice(self, place: int, mates: list[int]) -> dict[str, Any]:
        criteria = self.dice.sample(range(self.sizes["criteria"]), self.sizes["weights"]) if place else []
        weights = {f"c{criterion}": self._weight(criterion, mates) for criterion in criteria}
        requires = {}
        if place and self.dice.random() < self._share("musts"):
            requires = {f"c{next(at for at, kind in enumerate(self.kinds) if not kind)}": 1}
        return {"label": f"Choice {place}", "weights": weights, "requires": requires}

    def _weight(self, criterion: int, mates: list[int]) -> dict[str, Any]:
        weight: dict[str, Any] = {"weight": self.dice.randint(1, 10)}
        if self.kinds[criterion]:
            weight["fit"] = {self.dice.choice(KINDS): 4}
        mate = self.dice.choice(mates)
        if mate < self.sizes["needs"] and self.dice.random() < self._share("conditions"):
            weight[self.dice.choice(["when", "unless"])] = {f"n{mate}": ["k1"]}
        return weight


def answers(rules: Rules, every: int) -> dict[str, str]:
    """Answer every so many needs (0: none) that apply."""
    dice = random.Random(3)
    given: dict[str, str] = {}
    for place, need in enumerate(rules.needs):
        if every and not place % every and all(given.get(named) in choices for named, choices in need.applies_when):
            given[need.id] = dice.choice(need.choice_ids)
    return given


def first_time(rules: Rules, given: Mapping[str, str]) -> float:
    """Return the milliseconds of the first recommendation, in a process that remembers nothing."""
    read, write = os.pipe()
    child = os.fork()
    if not child:
        start = time.process_time()
        recommend(rules, given)
        os.write(write, str(1000 * (time.process_time() - start)).encode())
        os._exit(0)
    os.waitpid(child, 0)
    told = os.read(read, 100)
    os.close(read)
    os.close(write)
    return float(told)


def figures(shapes: Mapping[str, Mapping[str, Any]] = SHAPES) -> Iterator[Figure]:
    """Measure every shape."""
    with own_cache() as folder:
        for name, shape in shapes.items():
            path = Path(folder) / "rules.yaml"
            path.write_text(json.dumps(Maker(**shape).rules()), encoding="utf-8")
            rules = load_from_source(path).rules
            for said, every in ANSWERED.items():
                yield Figure(f"{name}: {said}", first_time(rules, answers(rules, every)), "ms", BAR)


def main() -> None:
    """Measure and print."""
    show(figures({name: SHAPES[name] for name in sys.argv[1:]} or SHAPES))


if __name__ == "__main__":
    main()

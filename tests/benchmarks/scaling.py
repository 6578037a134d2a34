"""What growing rules cost: loading, one recommendation, and deciding many profiles.

Run it from the repository's root: `python -m tests.benchmarks.scaling [ALTERNATIVESxCRITERIAxNEEDS …]`. Every figure is
CPU time in one process, the least of a few rounds; the bars hold for the largest rules.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from advisor.decision import recommend
from advisor.decision.batch import Decider
from advisor.knowledge import load_rules
from advisor.knowledge.load import load_from_source
from advisor.knowledge.model import Rules
from tests.benchmarks.figures import Figure, least, own_cache, show
from tests.benchmarks.loading import large_rules

SIZES = ((3, 20, 17), (10, 40, 20), (30, 100, 40), (100, 200, 60))
LOADED = 1_000
"""Milliseconds that loading may take."""
RECOMMENDED = 100
"""Milliseconds that a recommendation may take."""
ROUNDS = 3
SHARES = {1.0: "all answered", 0.7: "70 % answered"}
ENOUGH = 2.0
"""Seconds after which a rate is known well enough."""


def profiles(rules: Rules, number: int, share: float) -> list[dict[str, str]]:
    """Return random answers, always the same ones, each need answered with a probability."""
    dice = random.Random(3)
    return [
        {need.id: dice.choice(need.choice_ids) for need in rules.needs if dice.random() < share} for _ in range(number)
    ]


def rate(rules: Rules, share: float) -> float:
    """Return how many profiles are decided in a second."""
    decider = Decider(rules)
    done = 0
    start = time.process_time()
    for answers in profiles(rules, 2_000, share):
        decider.decide(answers)
        done += 1
        if time.process_time() - start > ENOUGH:
            break
    return done / (time.process_time() - start)


def figures(sizes: Sequence[tuple[int, int, int]] = SIZES) -> Iterator[Figure]:
    """Measure rules of each size."""
    with own_cache() as folder:
        for size in sizes:
            yield from of_size(folder / "rules.yaml", *size)


def of_size(path: Path, alternatives: int, criteria: int, needs: int) -> Iterator[Figure]:
    """Measure rules of one size."""
    size = f"{alternatives} × {criteria} × {needs}"
    path.write_text(large_rules(alternatives, criteria, needs), encoding="utf-8")
    yield Figure(f"{size}: load from text", least(lambda: load_from_source(path), ROUNDS), "ms", LOADED)
    rules = load_rules(path)
    yield Figure(f"{size}: load from the cache", least(lambda: load_rules(path), ROUNDS), "ms", LOADED)
    for share, said in SHARES.items():
        for sensitivity, what in ((False, "recommend"), (True, "recommend with sensitivity")):
            fresh = Fresh(path, profiles(rules, 1, share)[0], sensitivity=sensitivity)
            yield Figure(f"{size}: {what}, {said}", least(fresh.ask, ROUNDS, fresh.load), "ms", RECOMMENDED)
    for share, said in SHARES.items():
        yield Figure(f"{size}: profiles, {said}", rate(rules, share), "/s")


class Fresh:
    """One recommendation from rules that nothing is remembered of."""

    def __init__(self, path: Path, answers: dict[str, str], *, sensitivity: bool) -> None:
        self.path, self.answers, self.sensitivity = path, answers, sensitivity
        self.load()

    def load(self) -> None:
        """Load the rules anew."""
        self.rules = load_rules(self.path)

    def ask(self) -> None:
        """Recommend."""
        recommend(self.rules, self.answers, sensitivity=self.sensitivity)


def main() -> None:
    """Measure and print."""
    sizes = [tuple(map(int, text.split("x"))) for text in sys.argv[1:]]
    show(figures([(size[0], size[1], size[2]) for size in sizes] or SIZES))


if __name__ == "__main__":
    main()

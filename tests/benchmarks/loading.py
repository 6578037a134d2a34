"""What loading rules costs: the shipped ones from their text and from the cache, and very large ones.

Run it from the repository's root: `python -m tests.benchmarks.loading [rounds]`. Prints the least CPU time of a few
rounds in one process, imports apart; the bars are those of the README's figures.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator

from advisor.knowledge import load_rules
from advisor.knowledge.files import rules_path
from advisor.knowledge.load import load_from_source
from tests.benchmarks.figures import Figure, least, own_cache, show

WORDS = ("None", "Poor", "Fair", "Good", "Excellent")
BARS = {"shipped, from the cache": 4, "100 × 200 × 60, from its text": 1000}


def large_rules(
    alternatives: int = 100, criteria: int = 200, needs: int = 60, choices: int = 4, weights: int = 8
) -> str:
    """Return rules of a given size, always the same ones."""
    dice = random.Random(7)
    scale = ", ".join(f'{level}: "{word}"' for level, word in enumerate(WORDS))
    lines = ["format: 1", "name: large", 'version: "2026.11"', "title: Large", "subject: things", "alternatives:"]
    lines += [f"  a{number}: {{name: Alternative {number}}}" for number in range(alternatives)]
    lines.append("criteria:")
    for criterion in range(criteria):
        lines += [
            f"  - id: c{criterion}",
            f"    title: Criterion {criterion}",
            f"    scale: {{{scale}}}",
            "    ratings:",
        ]
        lines += [
            f'      a{number}: {{word: "{dice.choice(WORDS)}", because: "It is so for reason {number}.", '
            f'source: "https://example.org/{number}/{criterion}", checked: 2026-11-22}}'
            for number in range(alternatives)
        ]
    lines.append("needs:")
    for need in range(needs):
        lines += [
            f"  - id: n{need}",
            f"    title: Need {need}",
            "    ordered: true",
            "    question: How much?",
            "    choices:",
        ]
        for choice in range(choices):
            weighed = dice.sample(range(criteria), weights) if choice else []
            asked = ", ".join(f"c{criterion}: {choice}" for criterion in weighed)
            lines.append(f"      - {{id: k{choice}, label: Choice {choice}, weights: {{{asked}}}}}")
    return "\n".join(lines) + "\n"


def figures(rounds: int = 5) -> Iterator[Figure]:
    """Measure in a cache of our own."""
    with own_cache() as folder:
        large = folder / "large.yaml"
        large.write_text(large_rules(), encoding="utf-8")
        load_rules()
        load_rules(large)
        calls: dict[str, Callable[[], object]] = {
            "shipped, from their text": lambda: load_from_source(rules_path()),
            "shipped, from the cache": load_rules,
            "100 × 200 × 60, from its text": lambda: load_from_source(large),
            "100 × 200 × 60, from the cache": lambda: load_rules(large),
        }
        for what, call in calls.items():
            yield Figure(f"rules: {what}", least(call, rounds), "ms", BARS.get(what))


def main(rounds: int = 5) -> None:
    """Measure and print."""
    show(figures(rounds))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

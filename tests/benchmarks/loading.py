"""What loading rules costs: the shipped ones from their text and from the cache, and very large ones.

Run it from the repository's root: `python -m tests.benchmarks.loading [rounds]`. Prints the least CPU time of a few
rounds in one process, imports apart; the bars are those of the README's figures.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

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


def least(call: Callable[[], object], rounds: int) -> float:
    """Return the least CPU time of some calls, in milliseconds."""
    times = []
    for _ in range(rounds):
        start = time.process_time()
        call()
        times.append(time.process_time() - start)
    return 1000 * min(times)


def main(rounds: int = 5) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CACHE_HOME"] = folder
        from advisor.knowledge import load_rules
        from advisor.knowledge.files import rules_path
        from advisor.knowledge.load import load_from_source

        large = Path(folder) / "large.yaml"
        large.write_text(large_rules(), encoding="utf-8")
        load_rules()
        load_rules(large)
        figures = {
            "shipped, from their text": least(lambda: load_from_source(rules_path()), rounds),
            "shipped, from the cache": least(load_rules, rounds),
            "100 × 200 × 60, from its text": least(lambda: load_from_source(large), rounds),
            "100 × 200 × 60, from the cache": least(lambda: load_rules(large), rounds),
        }
    for what, figure in figures.items():
        bar = f"  (bar: {BARS[what]} ms)" if what in BARS else ""
        print(f"{what:<32} {figure:>8.2f} ms{bar}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

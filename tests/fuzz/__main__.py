"""`python -m tests.fuzz --inputs 100000`: feed spoiled inputs for as long as asked; show what was answered badly.

`python -m tests.fuzz --guided 300` lets atheris look for inputs instead, 300 seconds for each reader of files; it is on
PyPI, in no extra of ours: `pip install atheris`.
"""

from __future__ import annotations

import argparse
import pickle
import sys
import time
from collections import Counter
from multiprocessing import get_context
from pathlib import Path


def main() -> int:
    """Feed inputs in a process a core and print what was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0, help="another seed feeds other inputs")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--only", action="append", help="one target; may be repeated")
    parser.add_argument("--keep", help="folder for the inputs that were answered badly")
    parser.add_argument(
        "--guided", type=int, metavar="SECONDS", help="let atheris look for new paths through each reader"
    )
    chosen = parser.parse_args()
    if chosen.guided is not None:
        from tests.fuzz.guided import guide

        return guide(chosen.guided, chosen.only, chosen.keep)
    return feed(chosen)


def feed(chosen: argparse.Namespace) -> int:
    """Feed as many inputs as asked; return 1 when one was answered badly."""
    from tests.fuzz.feeding import feed_many
    from tests.fuzz.targets import Targets, sequence, shown

    began = time.monotonic()
    names = sequence(chosen.only, Targets())
    share = -(-chosen.inputs // chosen.processes)
    jobs = [(chosen.seed * 1000 + number, share, names) for number in range(chosen.processes)]
    with get_context("spawn").Pool(chosen.processes) as pool:
        results = pool.starmap(feed_many, jobs)
    fed = sum((result[0] for result in results), Counter[str]())
    findings = [finding for result in results for finding in result[1]]
    for number, finding in enumerate(findings):
        print(f"== {finding.target}: {finding.complaint}\n{shown(finding.input)}\n{finding.found.err[-800:]}")
        if chosen.keep:
            Path(chosen.keep, f"{finding.target}-{number}.pickle").write_bytes(pickle.dumps(finding.input))
    print(f"{fed.total():,} inputs in {time.monotonic() - began:.0f} s: {dict(fed)}; {len(findings)} kinds of findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())

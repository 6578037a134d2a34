"""All benchmarks, or those named: `python -m tests.benchmarks [NAME…]`, from the repository's root.

Prints every figure as it comes, with its bar and whether it was met, and in the end what was missed. The exit code is 1
when a bar was missed, 2 for a name that is none. A minute or two each; on a machine that does nothing else.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.benchmarks import batch, loading, scaling, scan, startup
from tests.benchmarks.figures import Figure, show


def scans() -> Iterator[Figure]:
    """Measure the scan on generated trees."""
    with tempfile.TemporaryDirectory() as folder:
        for parts in scan.PARTS:
            for figure in scan.figures(scan.generate(Path(folder) / f"{parts * 7}-files", parts), scan.ROUNDS):
                yield figure._replace(what=f"{parts * 7:,} files: {figure.what}")


BENCHMARKS: dict[str, Callable[[], Iterator[Figure]]] = {
    "startup": startup.figures,
    "scan": scans,
    "loading": loading.figures,
    "batch": batch.figures,
    "scaling": scaling.figures,
}


def main(names: list[str]) -> int:
    """Run benchmarks; return the exit code."""
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        print(f"unknown: {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}", file=sys.stderr)
        return 2
    seen: list[Figure] = []

    def measured() -> Iterator[Figure]:
        for name in names or BENCHMARKS:
            for figure in BENCHMARKS[name]():
                seen.append(figure)
                yield figure

    if show(measured()):
        return 0
    print("\nmissed:")
    show(figure for figure in seen if figure.missed)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

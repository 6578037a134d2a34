"""Figures with their bars, and how all benchmarks print them."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple


class Figure(NamedTuple):
    """One measured figure."""

    what: str
    value: float
    unit: str  #: "ms", "×", "/s", "MiB"
    bar: float | None = None
    at_least: bool = False  #: the bar is to be reached, rather than kept below

    @property
    def missed(self) -> bool:
        """Whether the figure is on the wrong side of its bar."""
        return self.bar is not None and (self.value < self.bar if self.at_least else self.value > self.bar)


def written(number: float) -> str:
    """Return a number with as many digits as it is worth."""
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"  # three digits of a measurement


def show(figures: Iterable[Figure]) -> bool:
    """Print figures as they come, with their bars; return whether every bar was met."""
    met = True
    for figure in figures:
        line = f"{figure.what:<58} {written(figure.value):>10} {figure.unit:<4}"
        if figure.bar is not None:
            sign = "≥" if figure.at_least else "≤"
            line += f"  bar {sign} {written(figure.bar):<8} {'MISSED' if figure.missed else 'met'}"
        print(line.rstrip(), flush=True)
        met = met and not figure.missed
    return met


def least(call: Callable[[], object], rounds: int, before: Callable[[], object] = lambda: None) -> float:
    """Return the least CPU time of some calls, in milliseconds; what goes before each is not timed."""
    times = []
    for _ in range(rounds):
        before()
        start = time.process_time()
        call()
        times.append(time.process_time() - start)
    return 1000 * min(times)


@contextmanager
def own_cache() -> Iterator[Path]:
    """Give a folder that goes again, in which everything is cached meanwhile."""
    before = os.environ.get("XDG_CACHE_HOME")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CACHE_HOME"] = folder
        try:
            yield Path(folder)
        finally:
            del os.environ["XDG_CACHE_HOME"]
            if before is not None:
                os.environ["XDG_CACHE_HOME"] = before

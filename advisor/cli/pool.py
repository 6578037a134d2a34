"""Deciding lines on several cores, in order, with memory that does not grow with the input."""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Callable, Iterator
from multiprocessing import get_context
from typing import Any

from advisor.cli.lines import Line, decider

AHEAD = 4
"""Chunks handed out for each process before the oldest is awaited."""

Chunk = list[tuple[int, bytes]]

_decide: Callable[[Chunk], list[Line]]


def in_order(rules: str | None, fields: str, source: Iterator[Chunk], processes: int) -> Iterator[list[Line]]:
    """Yield the decided chunks of a source in its order."""
    decider(rules, fields)  # bad rules are refused here, once, rather than by every process
    with get_context("spawn").Pool(processes, initializer=prepare, initargs=(rules, fields)) as pool:
        waiting: deque[Any] = deque()
        for chunk in source:
            waiting.append(pool.apply_async(work, (chunk,)))
            if len(waiting) >= processes * AHEAD:
                yield waiting.popleft().get()
        while waiting:
            yield waiting.popleft().get()


def prepare(rules: str | None, fields: str) -> None:
    """Make one process ready; an interrupt is for the one that reads and writes."""
    global _decide  # noqa: PLW0603  # a worker is one process with one task
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _decide = decider(rules, fields)


def work(chunk: Chunk) -> list[Line]:
    """Decide one chunk in a worker."""
    return _decide(chunk)

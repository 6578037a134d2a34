"""Deciding lines on several cores, in order, with memory that does not grow with the input."""

from __future__ import annotations

import signal
import sys
from collections import deque
from collections.abc import Callable, Iterator
from functools import partial
from multiprocessing import get_context
from typing import Any

from advisor.cli.lines import Chunk, Results, decider
from advisor.cli.output import silence

AHEAD = 4
"""Chunks handed out for each process before the oldest is awaited."""

_decide: Callable[[Chunk], Results]


def in_order(
    rules: str | None, fields: str, source: Iterator[Chunk], processes: int, *, strict: bool
) -> Iterator[Results]:
    """Yield the decided chunks of a source in its order."""
    decider(rules, fields)  # bad rules are refused here, once, rather than by every process
    ready = partial(decider, rules, fields, strict=strict)
    with get_context("spawn").Pool(processes, initializer=prepare, initargs=(ready,)) as pool:
        waiting: deque[Any] = deque()
        for chunk in source:
            waiting.append(pool.apply_async(work, (chunk,)))
            if len(waiting) >= processes * AHEAD:
                yield waiting.popleft().get()
        while waiting:
            yield waiting.popleft().get()


def prepare(decide: partial[Callable[[Chunk], Results]]) -> None:
    """Make one process ready; interrupts, and telling what went wrong, are for the one that reads and writes."""
    global _decide  # noqa: PLW0603  # a worker is one process with one task
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    silence(sys.stderr)
    _decide = decide()


def work(chunk: Chunk) -> Results:
    """Decide one chunk in a worker."""
    return _decide(chunk)

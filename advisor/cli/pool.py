"""Deciding lines on several cores, in order, with memory that does not grow with the input."""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing import get_context

from advisor.cli.lines import Chunk, Results, decider
from advisor.errors import AdvisorError

AHEAD = 4
"""Chunks handed out for each process before the oldest is awaited."""

_decide: Callable[[Chunk], Results]


def in_order(
    rules: str | None, fields: str, source: Iterator[Chunk], processes: int, *, strict: bool
) -> Iterator[Results]:
    """Yield the decided chunks of a source in its order."""
    decider(rules, fields)  # bad rules are refused here, once, rather than by every process
    # An executor, not a pool: it ends without waiting for ever, and tells when one of its processes was killed.
    ready = partial(decider, rules, fields, strict=strict)
    executor = ProcessPoolExecutor(processes, get_context("spawn"), initializer=prepare, initargs=(ready,))
    try:
        waiting: deque[Future[Results]] = deque()
        for chunk in source:
            waiting.append(executor.submit(work, chunk))
            if len(waiting) >= processes * AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenProcessPool as error:
        raise AdvisorError("one of the processes was ended from outside", "try again, with fewer --jobs") from error
    finally:
        executor.shutdown(cancel_futures=True)


def prepare(decide: partial[Callable[[Chunk], Results]]) -> None:
    """Make one process ready; an interrupt is for the one that reads and writes."""
    global _decide  # noqa: PLW0603  # a worker is one process with one task
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _decide = decide()


def work(chunk: Chunk) -> Results:
    """Decide one chunk in a worker."""
    return _decide(chunk)

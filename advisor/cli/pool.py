"""Deciding lines on several cores, in order, with memory that does not grow with the input.

The processes are copies of this one, made once the rules are compiled, so that they start with all that this costs.
They are ours alone: each reads chunks from its pipe and ends with it, so that none outlives the one that started it,
however that one ends; and each has a session of its own, so that no interrupt reaches it halfway.
"""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Iterator
from contextlib import suppress
from select import select
from signal import SIGKILL
from typing import Any, BinaryIO, NamedTuple, NoReturn

from advisor.cli.lines import Chunk, Decide, Results, decider

AHEAD = 4
"""Chunks handed out for each process before the oldest is awaited."""


def _handed(source: BinaryIO) -> Any:
    """Read what came through a pipe: its other end was never anybody's but this process's and its copies'."""
    return pickle.load(source)  # noqa: S301  # what can be written there was made by this very program


class Worker(NamedTuple):
    """A process that decides one chunk at a time."""

    process: int
    sink: BinaryIO  #: takes chunks
    source: BinaryIO  #: gives what became of them

    def hand(self, chunk: Chunk) -> None:
        """Hand over a chunk: never blocks for long, as long as the last one's results were taken."""
        pickle.dump(chunk, self.sink)
        self.sink.flush()

    def results(self) -> Results:
        """Wait for what became of the chunk."""
        results: Results = _handed(self.source)
        return results

    def close(self) -> None:
        """Close this process's ends of the pipes; what was not handed over is dropped."""
        for end in (self.sink, self.source):
            with suppress(BrokenPipeError):
                end.close()


def in_order(
    rules: str | None, fields: str, source: Iterator[Chunk], processes: int, *, strict: bool
) -> Iterator[Results]:
    """Yield the decided chunks of a source in its order."""
    decide = decider(rules, fields, strict=strict)
    workers: list[Worker] = []
    free: list[Worker] = []
    busy: dict[Worker, int] = {}
    decided: dict[int, Results] = {}
    told = 0
    try:
        for place, chunk in enumerate(source):
            while place - told >= processes * AHEAD or (not free and len(workers) == processes):
                _collect(busy, free, decided)
                while told in decided:
                    yield decided.pop(told)
                    told += 1
            if not free:  # no more than there are chunks: hundreds would be started for a few lines
                workers.append(_started(decide, workers))
                free.append(workers[-1])
            worker = free.pop()
            worker.hand(chunk)
            busy[worker] = place
        while busy:
            _collect(busy, free, decided)
            while told in decided:
                yield decided.pop(told)
                told += 1
    finally:
        for worker in workers:
            os.kill(worker.process, SIGKILL)
        for worker in workers:
            os.waitpid(worker.process, 0)
            worker.close()


def _collect(busy: dict[Worker, int], free: list[Worker], decided: dict[int, Results]) -> None:
    """Wait until a chunk is decided; take the results of all that are."""
    by_pipe = {worker.source: worker for worker in busy}
    for pipe in select(list(by_pipe), [], [])[0]:
        worker = by_pipe[pipe]
        decided[busy.pop(worker)] = worker.results()
        free.append(worker)


def _started(decide: Decide, others: list[Worker]) -> Worker:
    """Start a process that decides chunks: a copy of this one, which has no other threads."""
    chunks_out, chunks_in = os.pipe()
    results_out, results_in = os.pipe()
    process = os.fork()
    if not process:
        os.setsid()
        for end in (chunks_in, results_out):
            os.close(end)
        for other in others:  # else they would not end with the one that started them
            os.close(other.sink.fileno())
        _work(decide, os.fdopen(chunks_out, "rb"), os.fdopen(results_in, "wb"))
    for end in (chunks_out, results_in):
        os.close(end)
    return Worker(process, os.fdopen(chunks_in, "wb"), os.fdopen(results_out, "rb"))


def _work(decide: Decide, source: BinaryIO, sink: BinaryIO) -> NoReturn:
    """Decide chunks until there are no more, or nobody wants the results any more."""
    try:
        while True:
            pickle.dump(decide(_handed(source)), sink)
            sink.flush()
    except (EOFError, BrokenPipeError, pickle.UnpicklingError):
        os._exit(0)
    except BaseException:  # whatever it is, what is written further up is not for a copy to go on with
        sys.excepthook(*sys.exc_info())
        os._exit(3)

"""Deciding lines on several cores, in order, with memory that does not grow with the input.

The processes are ours alone: each reads chunks from its stdin and ends with it, so that none outlives the one that
started it, however that one ends; and each has a session of its own, so that no interrupt reaches it halfway.
"""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue
from typing import IO, cast

from advisor.cli.lines import Chunk, Results, decider

AHEAD = 4
"""Chunks handed out for each process before the oldest is awaited."""

WORK = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from advisor.cli.pool import work; work(sys.argv[2])"

Worker = subprocess.Popen[bytes]


def in_order(
    rules: str | None, fields: str, source: Iterator[Chunk], processes: int, *, strict: bool
) -> Iterator[Results]:
    """Yield the decided chunks of a source in its order."""
    decider(rules, fields)  # bad rules are refused here, once, rather than by every process
    workers: list[Worker] = []
    free: SimpleQueue[Worker] = SimpleQueue()

    def decided(chunk: Chunk) -> Results:
        worker = free.get()
        try:
            return exchanged(worker, chunk)
        finally:
            free.put(worker)

    threads = ThreadPoolExecutor(processes)
    waiting: deque[Future[Results]] = deque()
    try:
        for chunk in source:
            if len(workers) < processes:  # no more than there are chunks: hundreds would be started for a few lines
                workers.append(started(rules, fields, strict=strict))
                free.put(workers[-1])
            waiting.append(threads.submit(decided, chunk))
            while waiting and (len(waiting) >= processes * AHEAD or waiting[0].done()):
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        for worker in workers:
            worker.kill()
        threads.shutdown(wait=False, cancel_futures=True)
        for worker in workers:
            worker.wait()


def started(rules: str | None, fields: str, *, strict: bool) -> Worker:
    """Start a process that decides chunks."""
    command = [sys.executable, "-c", WORK, json.dumps(sys.path), json.dumps([rules, fields, strict])]
    return subprocess.Popen(  # noqa: S603  # this Python and our own code
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    )


def exchanged(worker: Worker, chunk: Chunk) -> Results:
    """Let a process decide a chunk."""
    sink, source = cast("IO[bytes]", worker.stdin), cast("IO[bytes]", worker.stdout)
    pickle.dump(chunk, sink)
    sink.flush()
    return cast("Results", pickle.load(source))  # noqa: S301  # from a process of our own


def work(settings: str) -> None:
    """Decide chunks from stdin until it ends, or nobody wants the results any more."""
    rules, fields, strict = json.loads(settings)
    decide = decider(rules, fields, strict=strict)
    try:
        while True:
            pickle.dump(decide(pickle.load(sys.stdin.buffer)), sys.stdout.buffer)  # noqa: S301  # as above
            sys.stdout.buffer.flush()
    except (EOFError, BrokenPipeError, pickle.UnpicklingError):
        sys.stdout = None  # nothing is left to be flushed

"""Run one command line in this process and say what is wrong with how it went."""

from __future__ import annotations

import io
import os
import re
import signal
import sys
import time
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NamedTuple

from advisor.cli.app import run

DOCUMENTED = (0, 1, 2, 130)
LONGEST_RUN = 1.0
"""Seconds of this process: other work on the machine does not count as a hang."""
LONGEST_WAIT = 20
"""Seconds on the clock, for what waits without working."""
STEERING = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))
JOINER = "\u200d"


class Hung(BaseException):
    """Not an Exception, so that no handler of the program takes it for an error of its own."""


class Outcome(NamedTuple):
    """How a command line went."""

    code: int
    out: str
    err: str
    seconds: float


def outcome(arguments: Sequence[str], stdin: bytes = b"", environment: Mapping[str, str] | None = None) -> Outcome:
    """Run a command line with captured streams and a stdin that has just these bytes."""
    with _streams(stdin) as (out, err), _variables(environment or {}), _no_longer_than(LONGEST_WAIT):
        began = time.process_time()
        try:
            code = run(list(arguments))
        except SystemExit as left:
            code = left.code if isinstance(left.code, int) else int(left.code is not None)
        seconds = time.process_time() - began
        written = [stream.buffer.getvalue().decode("utf-8", "surrogateescape") for stream in (out, err)]
    return Outcome(code, *written, seconds)


def complaints(arguments: Sequence[str], found: Outcome, *, colour: bool = False) -> Iterator[str]:
    """Say what is wrong with how a command line went; nothing when all is well."""
    batch = "batch" in arguments
    if found.code not in DOCUMENTED:
        yield f"exit code {found.code}"
    if "Traceback" in found.err:
        yield "a traceback"
    errors = len(re.findall(r"^error: ", found.err, re.MULTILINE))
    if found.code == 2 and errors != 1 and not batch and "Usage: " not in found.err:
        yield f"{errors} messages with exit code 2"
    if found.code == 0 and errors:
        yield "an error, but exit code 0"
    if found.seconds > LONGEST_RUN:
        yield f"took {found.seconds:.1f} s"
    for name, text in (("stdout", found.out), ("stderr", found.err)):
        steering = sorted({ascii(sign) for sign in text if steers(sign)})
        if steering and not colour:
            yield f"{name} holds {', '.join(steering[:5])}"


def steers(sign: str) -> bool:
    """Tell whether a terminal or a reader could be misled by a character."""
    return sign not in "\n\t" + JOINER and unicodedata.category(sign) in STEERING


def left_behind(folder: Path, expected: Sequence[str]) -> list[str]:
    """Return the files of a folder that nobody asked for."""
    return sorted(entry.name for entry in os.scandir(folder) if entry.name not in expected)


def unasked(strays: Sequence[str], arguments: Sequence[str], code: int) -> list[str]:
    """Return those of the new files that should not be there: all after a refusal, hidden ones that nobody named."""
    return [name for name in strays if code != 0 or (name.startswith(".") and name not in arguments)]


class _Captured(io.TextIOWrapper):
    """A stream to memory that, as the real ones do, takes what it cannot encode as escapes."""

    buffer: io.BytesIO

    def __init__(self, data: bytes = b"") -> None:
        super().__init__(io.BytesIO(data), encoding="utf-8", errors="surrogateescape", write_through=True)


@contextmanager
def _streams(stdin: bytes) -> Iterator[tuple[_Captured, _Captured]]:
    kept = sys.stdin, sys.stdout, sys.stderr
    out, err = _Captured(), _Captured()
    sys.stdin, sys.stdout, sys.stderr = _Captured(stdin), out, err
    try:
        yield out, err
    finally:
        sys.stdin, sys.stdout, sys.stderr = kept


@contextmanager
def _variables(changes: Mapping[str, str]) -> Iterator[None]:
    kept = {name: os.environ.get(name) for name in changes}
    os.environ.update(changes)
    try:
        yield
    finally:
        for name, value in kept.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextmanager
def _no_longer_than(seconds: float) -> Iterator[None]:
    def hung(_number: int, _frame: FrameType | None) -> None:
        raise Hung

    before = signal.signal(signal.SIGALRM, hung)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)

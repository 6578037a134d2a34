"""`advisor batch`: JSON Lines in, JSON Lines out, in order."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BufferedReader, FileIO
from itertools import islice
from stat import S_ISFIFO
from typing import Annotated, BinaryIO

import typer

from advisor.cli.completing import one_of
from advisor.cli.endings import unwound_when_stopped
from advisor.cli.frame import Command, new_app
from advisor.cli.inputs import RulesOption
from advisor.cli.lines import FIELDS, LONGEST_LINE, Chunk, Results, decider
from advisor.cli.output import ReaderLeftError, is_terminal, printable, tell
from advisor.errors import AdvisorError, did_you_mean
from advisor.knowledge.files import open_input

CHUNK = 2_000
"""Lines that are decided, and with `--jobs` sent to another process, at once: memory does not grow with the input."""
BUFFER = 1 << 18
"""Bytes read at once; a file without line ends is then passed over as fast as the disk gives it."""
RARELY = 50_000
"""Objects made before garbage is looked for."""
BAD_LINES = 2
MOST_JOBS = 256

app = new_app()


@app.command(cls=Command)
def batch(
    *,
    source: Annotated[str, typer.Argument(metavar="[FILE]", help="JSON Lines; - reads stdin, as when left out.")] = "-",
    fields: Annotated[
        str,
        typer.Option(
            "--fields",
            metavar="|".join(FIELDS),
            help="Winners and state; winners only, for speed; or the full record of recommend.",
            autocompletion=one_of(FIELDS),
        ),
    ] = FIELDS[0],
    jobs: Annotated[str, typer.Option("--jobs", metavar="N", help="Processes to decide with.")] = "1",
    strict: Annotated[bool, typer.Option("--strict", help="Stop at the first bad line.")] = False,
    rules: RulesOption = None,
) -> None:
    """Decide many projects: one JSON object of answers a line in, one result a line out, in the same order.

    A line reads like {"async": "must", "scale": ["medium", "large"]}. A bad line becomes an error object in its place,
    is told on stderr, and makes the exit code 2 in the end; --strict stops at it. Blank lines are passed over.
    """
    if fields not in FIELDS:
        raise AdvisorError(f'--fields: unknown fields "{fields}"', did_you_mean(fields, FIELDS))
    processes = number_of_jobs(jobs)
    if sys.stdout is None:
        raise AdvisorError("the results cannot be shown: stdout is closed", "send them to a file with >FILE")
    with unwound_when_stopped(), opened(source) as stream:
        bad = run(stream, sys.stdout.buffer, rules, fields, processes=processes, strict=strict, size=size_of(stream))
    raise typer.Exit(BAD_LINES if bad else 0)


def number_of_jobs(text: str) -> int:
    """Return how many processes were asked for."""
    if not text.isdecimal() or not 1 <= int(text) <= MOST_JOBS:
        raise AdvisorError(
            f'--jobs "{text}" is not a whole number from 1 to 256', f"this machine has {os.cpu_count()} cores"
        )
    return int(text)


@contextmanager
def opened(source: str) -> Iterator[BinaryIO]:
    """Open the input; bytes, so that one bad line does not end the reading."""
    if source == "-":
        if sys.stdin is None:
            raise AdvisorError("stdin cannot be read: it is closed", "give a file of JSON Lines")
        yield sys.stdin.buffer
        return
    try:
        stream = BufferedReader(FileIO(open_input(source)), BUFFER)
    except (OSError, ValueError) as error:
        raise AdvisorError(
            f"{source}: {getattr(error, 'strerror', None) or error}", "give a file of JSON Lines"
        ) from error
    with stream:
        if not stream.peek(1) and S_ISFIFO(os.fstat(stream.fileno()).st_mode):
            raise AdvisorError(
                f"{source}: nobody writes to this pipe", "start the writer first, or use - and a shell pipe"
            )
        yield stream


def size_of(stream: BinaryIO) -> int:
    """Return the bytes of a regular file, else 0."""
    try:
        return os.fstat(stream.fileno()).st_size
    except (OSError, ValueError):
        return 0


def run(
    stream: BinaryIO, sink: BinaryIO, rules: str | None, fields: str, *, processes: int, strict: bool, size: int
) -> int:
    """Decide every line of a stream; return how many were bad.

    Raises:
        AdvisorError: with `strict`, the first bad line; or the results cannot be written.
        ReaderLeftError: whoever reads the results has closed the pipe.
    """
    bad = 0
    progress = show_progress(size)
    # What is remembered is no garbage: looking through it over and over takes a tenth of the time.
    gc.set_threshold(RARELY)
    for results in decided(chunks(stream), rules, fields, processes, strict=strict):
        write(sink, results.text)
        for number, message in results.wrong:
            if strict:
                raise AdvisorError(f"line {number}: {message}", "leave out --strict to go on after bad lines")
            tell(f"line {number}: {printable(message)}")
        bad += len(results.wrong)
        progress(results)
    return bad


def write(sink: BinaryIO, data: bytes) -> None:
    """Write results through to the reader."""
    try:
        sink.write(data)
        sink.flush()
    except BrokenPipeError as error:
        raise ReaderLeftError from error
    except OSError as error:
        raise AdvisorError(f"the results cannot be written: {error.strerror or error}") from error


def chunks(stream: BinaryIO) -> Iterator[Chunk]:
    """Cut a stream into numbered lines, a chunk at a time; a line that is too long is cut, and refused later."""
    numbered = enumerate(iter(lambda: bounded_line(stream), b""), start=1)
    while chunk := list(islice(numbered, CHUNK)):
        yield chunk


def bounded_line(stream: BinaryIO) -> bytes:
    """Read one line, but keep no more of it than shows that it is too long."""
    line = stream.readline(LONGEST_LINE + 1)
    if len(line) > LONGEST_LINE and not line.endswith(b"\n"):
        while rest := stream.readline(LONGEST_LINE):
            if rest.endswith(b"\n"):
                break
    return line


def decided(
    source: Iterator[Chunk], rules: str | None, fields: str, processes: int, *, strict: bool
) -> Iterator[Results]:
    """Decide chunk after chunk, in order, here or in other processes."""
    if processes == 1:
        yield from map(decider(rules, fields, strict=strict), source)
        return
    from advisor.cli.pool import in_order

    yield from in_order(rules, fields, source, processes, strict=strict)


def show_progress(size: int) -> Callable[[Results], None]:
    """Return a function that tells on stderr, when it is a terminal, how far the work is."""
    if not is_terminal(sys.stderr) or is_terminal(sys.stdout):
        return lambda _results: None
    from time import monotonic

    done = read = 0
    last = monotonic()

    def progress(results: Results) -> None:
        nonlocal done, read, last
        done += results.lines
        read += results.size
        if monotonic() - last > 0.2:  # noqa: PLR2004  # five times a second is enough for an eye
            last = monotonic()
            share = f" ({read * 100 // size} %)" if size else ""
            tell(f"\r{done:,} lines{share}", end="")

    return progress

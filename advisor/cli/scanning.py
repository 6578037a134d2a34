"""What `advisor scan` does, without the parser of command lines: importing Typer takes longer than a small scan."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import NamedTuple

from advisor.cli.endings import unwound_when_stopped
from advisor.cli.output import is_terminal, known_format, look_for, say, tell

FORMATS = ("text", "json")
PROGRESS_AFTER = 0.5
"""Seconds before progress is worth showing."""

SWITCHES = ("--each", "--detail", "--plain", "--no-color")


class Request(NamedTuple):
    """What a command line asks for."""

    directory: str = "."
    each: bool = False  #: tell the projects of the folder apart
    output_format: str = FORMATS[0]
    detail: bool = False
    plain: bool = False
    no_color: bool = False


def plainly_asked(arguments: list[str]) -> Request | None:
    """Return what a command line asks for that needs no parser; None for any other, mistakes and help among them."""
    if arguments[:1] != ["scan"] or "_ADVISOR_COMPLETE" in os.environ:
        return None
    directory, output_format, switched = None, FORMATS[0], set()
    rest = iter(arguments[1:])
    for word in rest:
        if word in SWITCHES:
            switched.add(word)
        elif word == "--format" or word.startswith("--format="):
            output_format = next(rest, "") if word == "--format" else word.removeprefix("--format=")
            if output_format not in FORMATS:
                return None
        elif not word or word.startswith("-") or directory is not None:
            return None
        else:
            directory = word
    each, detail, plain, no_color = (switch in switched for switch in SWITCHES)
    return Request(directory or ".", each, output_format, detail, plain, no_color)


def show(request: Request) -> None:
    """Scan the folder and write what was found to stdout.

    Raises:
        AdvisorError: the format is unknown, or the folder cannot be scanned.
    """
    directory, each = request.directory, request.each
    known_format(request.output_format, FORMATS)
    from advisor.codebase import scan, scan_each

    progress = show_progress() if is_terminal(sys.stderr) else None
    with unwound_when_stopped():
        scans = scan_each(directory, progress=progress) if each else {directory: scan(directory, progress=progress)}
    if progress is not None:
        tell("\r\x1b[K", end="")
    if request.output_format == "json":
        import json

        records = {name: found.as_json() for name, found in scans.items()}
        document = {"schema_version": "1.0", "projects": list(records.values())} if each else records[directory]
        say(json.dumps(document, ensure_ascii=False, indent=2))
        return
    from pathlib import Path

    from advisor.report.scan import render_scans

    look = look_for(sys.stdout, plain=request.plain, no_color=request.no_color, detail=request.detail)
    named = {name: found._replace(root=str(Path(directory) / found.root)) for name, found in scans.items()}
    say(render_scans(named, look), end="", colored=look.color)


def show_progress() -> Callable[[int, int], None]:
    """Return a function that tells how far a long scan is, on one line of stderr."""
    from time import monotonic

    began = monotonic()
    shown = 0.0

    def progress(done: int, total: int) -> None:
        nonlocal shown
        now = monotonic()
        if now - began > PROGRESS_AFTER and now - shown > PROGRESS_AFTER / 5:
            shown = now
            tell(f"\rreading: {done:,} of {total:,} files", end="")

    return progress

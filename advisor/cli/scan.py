"""`advisor scan`: what a code base uses, with file and line."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from advisor.cli.frame import Command, new_app
from advisor.cli.inputs import NoColorOption, PlainOption
from advisor.cli.output import is_terminal, look_for, say, tell
from advisor.errors import AdvisorError, did_you_mean

FORMATS = ("text", "json")
PROGRESS_AFTER = 0.5
"""Seconds before progress is worth showing."""

app = new_app()


@app.command(cls=Command)
def scan(
    *,
    directory: Annotated[str, typer.Argument(metavar="[DIR]", help="The folder; the current one when left out.")] = ".",
    each: Annotated[bool, typer.Option("--each", help="Tell the projects of a folder apart.")] = False,
    output_format: Annotated[str, typer.Option("--format", metavar="|".join(FORMATS), help="Format.")] = "text",
    detail: Annotated[bool, typer.Option("--detail", help="Every line of evidence.")] = False,
    plain: PlainOption = False,
    no_color: NoColorOption = False,
) -> None:
    """Read a code base: its framework, what it uses of it, and the answers that follow. Nothing of it is run.

    Examples:  advisor scan   |   advisor scan ~/src/shop --format json   |   advisor scan --each monorepo
    """
    if output_format not in FORMATS:
        raise AdvisorError(f'--format: unknown format "{output_format}"', did_you_mean(output_format, FORMATS))
    from advisor.codebase import scan as read
    from advisor.codebase import scan_each

    progress = show_progress() if is_terminal(sys.stderr) else None
    folder = Path(directory)
    scans = scan_each(folder, progress=progress) if each else {directory: read(folder, progress=progress)}
    if progress is not None:
        tell("\r\x1b[K", end="")
    if output_format == "json":
        import json

        records = {name: found.as_json() for name, found in scans.items()}
        document = {"schema_version": "1.0", "projects": list(records.values())} if each else records[directory]
        say(json.dumps(document, ensure_ascii=False, indent=2))
        return
    from advisor.report.scan import render_scans

    look = look_for(sys.stdout, plain=plain, no_color=no_color, detail=detail)
    text = render_scans(
        {name: found._replace(root=str(folder / found.root)) for name, found in scans.items()},
        look,
    )
    say(text, end="", colored=look.color)


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

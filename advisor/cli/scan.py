"""`advisor scan`: what a code base uses, with file and line."""

from __future__ import annotations

from typing import Annotated

import typer

from advisor.cli.completing import one_of
from advisor.cli.frame import Command, new_app
from advisor.cli.inputs import NoColorOption, PlainOption
from advisor.cli.scanning import FORMATS, Request, show

app = new_app()


@app.command(cls=Command)
def scan(
    *,
    directory: Annotated[str, typer.Argument(metavar="[DIR]", help="The folder; the current one when left out.")] = ".",
    each: Annotated[bool, typer.Option("--each", help="Tell the projects of a folder apart.")] = False,
    output_format: Annotated[
        str, typer.Option("--format", metavar="|".join(FORMATS), help="Format.", autocompletion=one_of(FORMATS))
    ] = "text",
    detail: Annotated[bool, typer.Option("--detail", help="Every line of evidence.")] = False,
    plain: PlainOption = False,
    no_color: NoColorOption = False,
) -> None:
    """Read a code base: its framework, what it uses of it, and the answers that follow. Nothing of it is run.

    Examples:  advisor scan   |   advisor scan ~/src/shop --format json   |   advisor scan --each monorepo
    """
    show(Request(directory, each, output_format, detail, plain, no_color))

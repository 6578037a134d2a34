"""`advisor schema`: the JSON Schema of what `--format json` prints."""

from __future__ import annotations

from typing import Annotated

import typer

from advisor.cli.completing import one_of
from advisor.cli.frame import Command, new_app
from advisor.cli.output import say
from advisor.report.schema import DOCUMENTS, schema_text

app = new_app()


@app.command(cls=Command)
def schema(
    document: Annotated[
        str | None,
        typer.Argument(
            metavar="[DOCUMENT]",
            help=f"One document's schema: {', '.join(DOCUMENTS)}.",
            autocompletion=one_of(DOCUMENTS),
        ),
    ] = None,
) -> None:
    """Print the JSON Schema of the JSON output."""
    say(schema_text(document), end="")

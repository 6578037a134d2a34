"""`advisor schema`: the JSON Schema of what `--format json` prints."""

from __future__ import annotations

from typing import Annotated

import typer

from advisor.cli.frame import Command, new_app
from advisor.cli.output import say

app = new_app()


@app.command(cls=Command)
def schema(
    document: Annotated[
        str | None, typer.Argument(metavar="[DOCUMENT]", help="One document's schema: recommend, scan, needs or batch.")
    ] = None,
) -> None:
    """Print the JSON Schema of the JSON output."""
    from advisor.report.schema import schema_text

    say(schema_text(document), end="")

"""`advisor diff`: what moved between two answers files, reports or rules files."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from advisor.cli.completing import one_of
from advisor.cli.frame import Command, new_app
from advisor.cli.inputs import NoColorOption, PlainOption
from advisor.cli.output import known_format, look_for, say
from advisor.errors import AdvisorError

if TYPE_CHECKING:
    from advisor.decision.answers import Answers
    from advisor.knowledge.model import Rules

FORMATS = ("text", "json")

app = new_app()


@app.command(cls=Command)
def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help="Answers file or JSON report; with --rules a rules file.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The same, newer.")],
    *,
    rules: Annotated[bool, typer.Option("--rules", help="Compare two rules files, and how their cases move.")] = False,
    answers: Annotated[
        str | None, typer.Option("--answers", metavar="FILE", help="With --rules: what moves for these answers.")
    ] = None,
    detail: Annotated[bool, typer.Option("--detail", help="Show every move.")] = False,
    output_format: Annotated[
        str, typer.Option("--format", metavar="|".join(FORMATS), help="Format.", autocompletion=one_of(FORMATS))
    ] = "text",
    plain: PlainOption = False,
    no_color: NoColorOption = False,
) -> None:
    """Say what moved, through which answers and criteria, and whether the pick changed.

    Examples:  advisor diff before.yaml after.yaml   |   advisor diff --rules old.yaml new.yaml
    """
    known_format(output_format, FORMATS)
    if rules:
        from advisor.cli.rules import diff_rules

        diff_rules(old, new, answers=answers, output_format=output_format)
        return
    if answers is not None:
        raise AdvisorError("--answers goes with --rules", "name two answers files or reports as OLD and NEW")
    from advisor.decision import recommend
    from advisor.decision.diff import difference
    from advisor.knowledge import load_rules

    if old == new == "-":
        raise AdvisorError("stdin can be read once only", "give a file for OLD or NEW")
    loaded = load_rules()
    given = [_answers(path, loaded) for path in (old, new)]
    found = difference(*(recommend(loaded, answers, sensitivity=False) for answers in given))
    if output_format == "json":
        import json

        from advisor.report.diff import diff_record

        say(json.dumps(diff_record(found), ensure_ascii=False, indent=2))
        return
    from advisor.report.diff import render_diff

    look = look_for(sys.stdout, plain=plain, no_color=no_color, detail=detail)
    say(render_diff(found, look), end="", colored=look.color)


def _answers(path: str, rules: Rules) -> Answers:
    """Read one side; a need that these rules do not know may well be one of other rules."""
    from advisor.interview.answers_file import read_answers
    from advisor.knowledge.files import VARIABLE

    try:
        return read_answers(path, rules)
    except AdvisorError as error:
        if "unknown need" not in error.message:
            raise
        hint = f"{error.hint}; if it was made with other rules than {rules.name}, name them: {VARIABLE}=FILE"
        raise AdvisorError(error.message, hint) from error

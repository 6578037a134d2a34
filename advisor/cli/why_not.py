"""`advisor why-not`: what keeps an alternative from being the pick, and what would change it."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from advisor.cli.completing import frameworks, one_of
from advisor.cli.frame import Command, new_app
from advisor.cli.inputs import (
    OUTPUT,
    AnswersOption,
    CodebaseOption,
    NoColorOption,
    PlainOption,
    RulesOption,
    SetOption,
    gather,
    with_need_flags,
)
from advisor.cli.output import known_format, look_for, say
from advisor.decision.why_not import why_not as explain
from advisor.knowledge import load_rules

FORMATS = ("text", "json")
RESERVED = frozenset({"set", "answers", "codebase", "rules", "format", "detail", "plain", "no-color", "help"})

FrameworkArgument = Annotated[str, typer.Argument(metavar="FRAMEWORK", help="Which one.", autocompletion=frameworks)]
FormatOption = Annotated[
    str,
    typer.Option(
        "--format",
        metavar="|".join(FORMATS),
        help="Format.",
        rich_help_panel=OUTPUT,
        autocompletion=one_of(FORMATS),
    ),
]
DetailOption = Annotated[bool, typer.Option("--detail", help="Show every change found.", rich_help_panel=OUTPUT)]


def build(rules_path: str | None) -> typer.Typer:
    """Return the command with one flag for every need of the rules."""
    rules = load_rules(rules_path)

    def why_not(
        alternative: FrameworkArgument,
        *,
        flags: dict[str, str],
        settings: SetOption = None,
        answers: AnswersOption = None,
        codebase: CodebaseOption = None,
        rules_file: RulesOption = None,  # noqa: ARG001  # read before parsing: it decides which flags there are
        output_format: FormatOption = "text",
        detail: DetailOption = False,
        plain: PlainOption = False,
        no_color: NoColorOption = False,
    ) -> None:
        """Explain why a framework is not the pick: what rules it out, where it loses, what would make it win.

        Takes the same answers as `advisor recommend`.
        """
        known_format(output_format, FORMATS)
        gathered = gather(rules, flags=flags, settings=settings, answers_file=answers, codebase=codebase)
        found = explain(rules, gathered.answers, alternative)
        if output_format == "json":
            import json

            from advisor.report.why_not import why_not_record

            say(json.dumps(why_not_record(found), ensure_ascii=False, indent=2))
            return
        from advisor.report.why_not import render_why_not

        look = look_for(sys.stdout, plain=plain, no_color=no_color, detail=detail)
        say(render_why_not(found, look), end="", colored=look.color)

    app = new_app()
    app.command(cls=Command, name="why-not")(with_need_flags(rules, why_not, RESERVED))
    return app

"""`advisor compare`: the comparison table, with sources."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from advisor.cli.completing import frameworks, one_of
from advisor.cli.frame import Command, new_app
from advisor.cli.inputs import NoColorOption, PlainOption, RulesOption
from advisor.cli.output import known_format, look_for, say
from advisor.errors import AdvisorError, did_you_mean
from advisor.knowledge import load_rules
from advisor.knowledge.model import Rules

FORMATS = ("text", "json")

app = new_app()


@app.command(cls=Command)
def compare(
    *,
    alternatives: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FRAMEWORK]...", help="Which to compare; all when none is named.", autocompletion=frameworks
        ),
    ] = None,
    evidence: Annotated[
        bool, typer.Option("--evidence", help="Reason, source, date and test of every rating.")
    ] = False,
    output_format: Annotated[
        str, typer.Option("--format", metavar="|".join(FORMATS), help="Format.", autocompletion=one_of(FORMATS))
    ] = "text",
    plain: PlainOption = False,
    no_color: NoColorOption = False,
    rules: RulesOption = None,
) -> None:
    """Show how the frameworks are rated on every criterion.

    Examples:  advisor compare   |   advisor compare --evidence
    """
    loaded = load_rules(rules)
    named = chosen(loaded, alternatives or [])
    known_format(output_format, FORMATS)
    if output_format == "json":
        import json

        from advisor.report.compare import compare_record

        say(json.dumps(compare_record(loaded, named), ensure_ascii=False, indent=2))
        return
    from advisor.report.compare import render_compare

    look = look_for(sys.stdout, plain=plain, no_color=no_color)
    say(render_compare(loaded, named, look, evidence=evidence), end="", colored=look.color)


def chosen(rules: Rules, named: list[str]) -> list[str]:
    """Return the alternatives to show, in the order named.

    Raises:
        AdvisorError: one that the rules do not know, or one that is named twice.
    """
    known = [alternative.id for alternative in rules.alternatives]
    for name in named:
        if name not in known:
            raise AdvisorError(f'unknown framework "{name}"', did_you_mean(name, known))
    twice = [name for name in dict.fromkeys(named) if named.count(name) > 1]
    if twice:
        others = [name for name in known if name not in named]
        raise AdvisorError(f'"{twice[0]}" is named twice', f"compare it with: {', '.join(others)}" if others else None)
    return named or known

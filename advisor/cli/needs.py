"""`advisor needs`: the questions and their choices, for scripts, agents and people."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from advisor.cli.completing import one_of
from advisor.cli.frame import Command, new_app
from advisor.cli.inputs import RulesOption
from advisor.cli.output import columns, known_format, say
from advisor.knowledge import load_rules
from advisor.knowledge.model import Need, Rules

FORMATS = ("text", "json")

app = new_app()


@app.command(cls=Command)
def needs(
    output_format: Annotated[
        str, typer.Option("--format", metavar="|".join(FORMATS), help="Format.", autocompletion=one_of(FORMATS))
    ] = "text",
    rules: RulesOption = None,
) -> None:
    """List every need: its id (also its flag), its question, its choices and when to choose each."""
    known_format(output_format, FORMATS)
    loaded = load_rules(rules)
    say(to_json(loaded) if output_format == "json" else to_text(loaded, columns()))


def to_json(rules: Rules) -> str:
    """Return the needs as one JSON document."""
    import json

    return json.dumps({"needs": [record(need) for need in rules.needs]}, ensure_ascii=False, indent=2)


def record(need: Need) -> dict[str, Any]:
    """Return one need as JSON data."""
    return {
        "id": need.id,
        "question": need.question,
        "choices": [{"id": choice.id, "label": choice.label, "choose_if": choice.choose_if} for choice in need.choices],
        "applies_when": {on: list(choices) for on, choices in need.applies_when} or None,
    }


def to_text(rules: Rules, width: int) -> str:
    """Return the needs as text, wrapped to a width."""
    from textwrap import fill

    lines: list[str] = []
    for need in rules.needs:
        lines += ["", f"--{need.id}", fill(need.question, width, initial_indent="  ", subsequent_indent="  ")]
        if need.applies_when:
            when = " and ".join(f"{on} is {' or '.join(choices)}" for on, choices in need.applies_when)
            lines.append(fill(f"Only when {when}.", width, initial_indent="  ", subsequent_indent="  "))
        for choice in need.choices:
            lines.append(
                fill(f"{choice.id}: {choice.choose_if}", width, initial_indent="    ", subsequent_indent="      ")
            )
    return "\n".join(lines[1:])

"""`advisor verify`: does today's knowledge still give a report's advice?"""

from __future__ import annotations

from typing import Annotated

import typer

from advisor.cli.frame import Command, new_app
from advisor.cli.inputs import RulesOption
from advisor.cli.output import printable, say
from advisor.knowledge import load_rules
from advisor.report.replay import Verification, read_report
from advisor.report.replay import verify as verify_report
from advisor.report.wording import names_of, plural

PICK_CHANGED = 1

app = new_app()


@app.command(cls=Command)
def verify(
    report: Annotated[
        str, typer.Argument(metavar="REPORT.json", help="A report made with --format json; - reads stdin.")
    ],
    *,
    rules_file: RulesOption = None,
) -> None:
    """Say whether today's rules still give a report's advice, and what moved; exit 1 when the pick changed.

    Example:  advisor verify docs/decisions/framework.json
    """
    found = verify_report(read_report(report), load_rules(rules_file))
    say(printable(told(found)))
    raise typer.Exit(0 if found.holds else PICK_CHANGED)


def told(found: Verification) -> str:
    """Return the outcome and everything that moved, a line each."""
    rules = found.today.rules
    pick = names_of(rules, found.after) or "none"
    if found.holds:
        first = f"The advice holds: {pick}."
    else:
        known = {alternative.id for alternative in rules.alternatives}
        before = ", ".join(names_of(rules, [who]) if who in known else who for who in found.before) or "none"
        first = f"The pick changed: it was {before} and is {pick}."
    if not found.moved:
        return f"{first}\nNothing moved: the same rules and tool give every byte again."
    return "\n".join(
        [first, f"{plural(len(found.moved), 'thing')} moved:", *[f"  {moved.text}" for moved in found.moved]]
    )

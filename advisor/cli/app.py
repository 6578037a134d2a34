"""The command `advisor`: its list of commands, and what is wrong with a line."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from advisor.cli.completing import ASKED, answer, refuse_without_home, serve_first_tab
from advisor.cli.endings import BAD_INPUT, ended, refuse
from advisor.cli.frame import lazy_group, new_app
from advisor.cli.output import say, tell
from advisor.errors import did_you_mean

COMMANDS = {
    "ask": ("ask", "Answer questions in the terminal, as few as settle it."),
    "recommend": ("recommend", "Advice from flags, an answers file or a code base."),
    "why-not": ("why_not", "What keeps a framework from being the pick, and what would change it."),
    "compare": ("compare", "The comparison table, with sources."),
    "diff": ("diff", "What moved between two answers files, reports or rules files."),
    "scan": ("scan", "Read a code base: frameworks, findings with file and line."),
    "examples": ("examples", "Runnable examples: list, show, save."),
    "needs": ("needs", "The questions and their choices, for scripts."),
    "batch": ("batch", "Many projects at once: JSON Lines in, JSON Lines out."),
    "rules": ("rules", "The knowledge base: check, test, show, schema, new."),
    "verify": ("verify", "Does today's knowledge still give this report's advice?"),
    "schema": ("schema", "The JSON Schema of the JSON output."),
}

GROUPS = ("examples", "rules")
"""Those with commands of their own."""

app = new_app(
    add_completion=True,
    cls=lazy_group(COMMANDS),
    help="Choose a Python web framework for reasons you can check.",
    epilog=(
        "Examples:  advisor recommend --async must --docs must   |   advisor recommend --codebase .   |   "
        "advisor compare.   Exit codes: 0 advice given, 1 a gate failed, 2 bad input, 3 our bug, 130 interrupted, "
        "143 terminated."
    ),
)


@app.callback(invoke_without_command=True)
def root(
    context: typer.Context,
    *,
    version: Annotated[bool, typer.Option("--version", help="Show the version and stop.")] = False,
) -> None:
    """Start the interview on a terminal; elsewhere show how to use flags."""
    if version:
        from advisor import __version__

        say(f"advisor {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        start(context)


def start(context: typer.Context) -> None:
    """Begin the interview where a person can answer, else say how to go on without one."""
    from advisor.cli.prompting import may_prompt

    if may_prompt():
        group = context.command
        ask = group.get_command(context, "ask")  # type: ignore[attr-defined]  # the root command is our group
        with ask.make_context("ask", [], parent=context) as inner:
            ask.invoke(inner)
        return
    tell(context.get_help())
    raise typer.Exit(BAD_INPUT)


def run(arguments: list[str]) -> int:
    """Run one command line, or answer a shell about one, and return the exit code."""
    return answer(lambda: parsed([])) if ASKED in os.environ else ended(lambda: call(arguments))


def parsed(arguments: list[str]) -> object:
    """Hand a command line to Typer."""
    refuse_without_home(arguments)
    try:
        return app(arguments, prog_name="advisor", standalone_mode=False)
    finally:
        serve_first_tab(arguments)


def call(arguments: list[str]) -> object:
    """Parse one command line and do what it asks; what Typer finds wrong with it is told."""
    try:
        return parsed(arguments)
    except typer.Abort as error:
        raise KeyboardInterrupt from error
    except typer.TyperException as error:
        return usage_error(error, arguments)


def command_named(arguments: list[str]) -> str:
    """Return the command that a line names, as far as its first words tell."""
    first, second = (*arguments[:2], "", "")[:2]
    if first not in COMMANDS:
        return "advisor"
    return f"advisor {first} {second}" if first in GROUPS and second.isalpha() else f"advisor {first}"


def usage_error(error: typer.TyperException, arguments: list[str]) -> int:
    """Refuse what Typer found wrong with the command line."""
    context = getattr(error, "ctx", None)
    command = getattr(context, "command_path", None) or command_named(arguments)
    possible = getattr(error, "possibilities", None)
    message = error.message if possible else error.format_message()
    hint = did_you_mean(getattr(error, "option_name", ""), possible) if possible else f"see {command} --help"
    if context is not None and getattr(error, "param", None) is not None:
        places = [param.metavar for param in context.command.params if param.param_type_name == "argument"]
        hint = f"{' '.join([command, *places])}; {hint}"
    return refuse(message[:1].lower() + message[1:], hint)

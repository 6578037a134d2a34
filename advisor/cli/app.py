"""The command `advisor`: its list of commands, its one handler of errors, its exit codes."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from advisor.cli.frame import lazy_group, new_app
from advisor.cli.output import ReaderLeftError, printable, say, silence, tell
from advisor.errors import AdvisorError, did_you_mean

INTERRUPTED = 130
BAD_INPUT = 2
OUR_BUG = 3

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

app = new_app(
    add_completion=True,
    cls=lazy_group(COMMANDS),
    help="Choose a Python web framework for reasons you can check.",
    epilog=(
        "Examples:  advisor recommend --async must --docs must   |   advisor recommend --codebase .   |   "
        "advisor compare.   Exit codes: 0 advice given, 1 a gate failed, 2 bad input, 3 our bug, 130 interrupted."
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
    """Run one command line and return its exit code; the only handler of errors."""
    try:
        code = app(arguments, prog_name="advisor", standalone_mode=False)
    except AdvisorError as error:
        return refuse(error.message, error.hint)
    except typer.BadParameter as error:
        return refuse(error.format_message())
    except (typer.Abort, KeyboardInterrupt):
        tell("\ninterrupted")
        return INTERRUPTED
    except ReaderLeftError:
        silence(sys.stdout)
        return 0
    except Exception as error:  # the last line of defence: a bug is told, not dumped
        return usage_error(error) or system_error(error) or bug(error)
    return code if isinstance(code, int) else 0


def usage_error(error: Exception) -> int | None:
    """Refuse what Typer found wrong with the command line; None for any other error."""
    if not isinstance(error, typer.TyperException):
        return None
    command = getattr(getattr(error, "ctx", None), "command_path", "advisor")
    possible = getattr(error, "possibilities", None)
    message = error.message if possible else error.format_message()
    hint = did_you_mean(getattr(error, "option_name", ""), possible) if possible else f"see {command} --help"
    return refuse(message[:1].lower() + message[1:], hint)


def system_error(error: Exception) -> int | None:
    """Tell what the system refused (a name that is too long, a folder that is gone); None for any other error."""
    if not isinstance(error, OSError):
        return None
    where = f"{error.filename}: " if isinstance(error.filename, str) else ""
    return refuse(f"{where}{error.strerror or error}")


def refuse(message: str, hint: str | None = None) -> int:
    """Tell what is wrong with the input and what to do."""
    tell(f"error: {printable(message)}")
    if hint:
        tell(f"hint:  {printable(hint)}")
    return BAD_INPUT


def bug(error: Exception) -> int:
    """Tell about a mistake of ours, with what to paste into a report."""
    import platform
    import traceback

    from advisor import __version__

    where = [
        f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)[-4:]
    ]
    tell(f"advisor made a mistake: {type(error).__name__}: {printable(str(error))}")
    tell("This is our bug. Please report it with these lines:")
    tell(f"  advisor {__version__}, Python {platform.python_version()}, {platform.system()}")
    for line in where:
        tell(f"  {line}")
    return OUR_BUG

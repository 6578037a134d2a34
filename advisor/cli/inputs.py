"""What a command is told about the project: flags > --set > answers file > code base."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from advisor.cli.completing import choices_of, settings
from advisor.cli.endings import unwound_when_stopped
from advisor.decision.answers import Answer, merge, parse_answer
from advisor.errors import AdvisorError
from advisor.knowledge.model import Need, Rules

if TYPE_CHECKING:
    from advisor.codebase import Scan

NEEDS = "Project needs (one choice, or several with commas when you don't know which)"
INPUT = "Where answers come from (a flag beats --set beats a file beats a code base)"
OUTPUT = "What comes out"

RulesOption = Annotated[
    str | None,
    typer.Option("--rules", metavar="FILE", help="Rules file to use (or ADVISOR_RULES).", rich_help_panel=INPUT),
]
SetOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NEED=CHOICE",
        help="An answer by the need's id; may be repeated.",
        rich_help_panel=INPUT,
        autocompletion=settings,
    ),
]
AnswersOption = Annotated[
    str | None,
    typer.Option("--answers", metavar="FILE", help="Answers file, YAML or JSON; - reads stdin.", rich_help_panel=INPUT),
]
CodebaseOption = Annotated[
    str | None,
    typer.Option("--codebase", metavar="DIR", help="Read answers from a code base.", rich_help_panel=INPUT),
]
PlainOption = Annotated[
    bool, typer.Option("--plain", help="Words only: no boxes, bars, signs or colour.", rich_help_panel=OUTPUT)
]
NoColorOption = Annotated[bool, typer.Option("--no-color", help="No colour.", rich_help_panel=OUTPUT)]
NoInputOption = Annotated[bool, typer.Option("--no-input", help="Never prompt.", rich_help_panel=INPUT)]


class Gathered(NamedTuple):
    """Answers from everywhere, merged, and what the code base said beside them."""

    answers: dict[str, Answer]
    figures: tuple[str, ...]  #: what staying or moving means in figures of the code base, one sentence each


def with_need_flags(
    rules: Rules, function: Callable[..., Any], taken: frozenset[str] = frozenset()
) -> Callable[..., Any]:
    """Give a command function one flag for every need of the rules.

    Args:
        rules: the rules whose needs become flags.
        function: takes the flags as keyword `flags`: need id → text as typed, only those given.
        taken: flag names that the command uses itself; needs of that name are reached with --set.

    Returns:
        A function with the same parameters, `flags` replaced by one parameter a need.
    """
    own = inspect.signature(function, eval_str=True)
    flags = {f"need_{number}": need for number, need in enumerate(rules.needs) if need.id not in taken}
    parameters = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=need_option(need))
        for name, need in flags.items()
    ]
    parameters += [
        parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY)
        for name, parameter in own.parameters.items()
        if name != "flags"
    ]

    def command(**values: Any) -> Any:
        given = {need.id: values.pop(name) for name, need in flags.items()}
        return function(flags={need_id: text for need_id, text in given.items() if text is not None}, **values)

    command.__name__ = function.__name__
    command.__doc__ = function.__doc__
    command.__signature__ = own.replace(parameters=parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return command


def need_option(need: Need) -> Any:
    """Return the annotation of a need's flag."""
    return Annotated[
        str | None,
        typer.Option(
            f"--{need.id}",
            metavar="|".join(need.choice_ids),
            help=need.title + ".",
            autocompletion=choices_of(need),
            rich_help_panel=NEEDS,
        ),
    ]


def gather(
    rules: Rules,
    *,
    flags: Mapping[str, str],
    settings: list[str] | None = None,
    answers_file: str | None = None,
    codebase: str | None = None,
) -> Gathered:
    """Merge the answers of every source; each keeps its origin.

    Raises:
        AdvisorError: an unknown need or choice, a file that cannot be read, or no such folder.
    """
    scan = scan_codebase(codebase) if codebase is not None else None
    return Gathered(
        merge(
            rules,
            flag_answers(rules, flags),
            set_answers(rules, settings or []),
            file_answers(rules, answers_file),
            scan_answers(rules, scan),
        ),
        figures_of(scan) if scan is not None else (),
    )


def flag_answers(rules: Rules, flags: Mapping[str, str]) -> dict[str, Answer]:
    """Check the answers given as flags."""
    parsed = {need: parse_answer(rules, need, text, origin="flag", where=f"--{need}") for need, text in flags.items()}
    return {need: answer for need, answer in parsed.items() if answer is not None}


def set_answers(rules: Rules, settings: list[str]) -> dict[str, Answer]:
    """Check the answers given as `--set need=choice`."""
    parsed: dict[str, Answer] = {}
    for setting in settings:
        need, equals, text = setting.partition("=")
        if not equals:
            raise AdvisorError(f'--set "{setting}" is not NEED=CHOICE', "for example: --set scale=large")
        answer = parse_answer(rules, need.strip(), text, origin="set", where="--set")
        if answer is not None:
            parsed[need.strip()] = answer
    return parsed


def file_answers(rules: Rules, answers_file: str | None) -> dict[str, Answer]:
    """Read an answers file, or stdin for `-`."""
    if answers_file is None:
        return {}
    from advisor.interview.answers_file import read_answers

    return read_answers(answers_file, rules)


def scan_codebase(folder: str) -> Scan:
    """Read a code base; nothing in it is imported or run."""
    from advisor.codebase import scan

    with unwound_when_stopped():
        return scan(Path(folder))


def figures_of(scan: Scan) -> tuple[str, ...]:
    """Say what moving would cost this code base, and which of its parts a second framework would serve better."""
    parts = [f"{part.path}: {part.count} × {part.what}" for part in scan.move.parts]
    return (*scan.move.sentences, *parts)


def scan_answers(rules: Rules, scan: Scan | None) -> dict[str, Answer]:
    """Turn findings into answers; a choice that these rules do not have is not an answer here."""
    if scan is None:
        return {}
    known = {need.id: need.choice_ids for need in rules.needs}
    return {
        need: Answer(tuple(choice for choice in known[need] if choice in choices), "scan", tuple(evidence))
        for need, (choices, evidence) in scan.answers.items()
        if need in known and set(choices) <= set(known[need])
    }

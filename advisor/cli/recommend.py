"""`advisor recommend`: advice without questions."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Annotated, NamedTuple

import typer

from advisor.cli.completing import frameworks, one_of
from advisor.cli.endings import unwound_when_stopped
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
from advisor.cli.output import known_format, look_for, printable, say, tell
from advisor.decision import recommend as decide
from advisor.decision.recommendation import Recommendation
from advisor.errors import NO_NAME, AdvisorError, did_you_mean
from advisor.knowledge import load_rules
from advisor.knowledge.model import Rules
from advisor.report.formats import FORMATS, format_of
from advisor.report.formats import render as render_format
from advisor.report.look import Look
from advisor.report.options import ReportOptions

TEXT = "text"
GATE_FAILED = 1
GATES = ("open", "tie", "close")
GATE = "Gates for scripts and CI (exit 1)"
REPORT = "What a report says about itself"
RESERVED = frozenset(
    {"set", "answers", "codebase", "rules", "from", "format", "output", "force", "detail", "plain", "no-color"}
    | {"expect", "fail-on", "date", "title", "project", "author", "status", "help"}
)
"""Flags of the command itself; a rules author's need of that name is reached with --set."""

ReportOption = Annotated[
    str | None,
    typer.Option("--from", metavar="REPORT.json", help="Replay a JSON report.", rich_help_panel="Input"),
]
FormatOption = Annotated[
    list[str] | None,
    typer.Option(
        "--format",
        metavar="|".join(FORMATS),
        help="Format; may be repeated, one for each --output.",
        autocompletion=one_of((TEXT, *FORMATS)),
        rich_help_panel=OUTPUT,
    ),
]
OutputOption = Annotated[
    list[str] | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="Write to a file; its ending chooses the format.",
        rich_help_panel=OUTPUT,
    ),
]
ForceOption = Annotated[bool, typer.Option("--force", help="Overwrite files.", rich_help_panel=OUTPUT)]
DetailOption = Annotated[bool, typer.Option("--detail", help="Show all that was computed.", rich_help_panel=OUTPUT)]
ExpectOption = Annotated[
    str | None,
    typer.Option(
        "--expect",
        metavar="FRAMEWORK",
        help="Fail unless this one is the pick.",
        autocompletion=frameworks,
        rich_help_panel=GATE,
    ),
]
FailOnOption = Annotated[
    list[str] | None,
    typer.Option(
        "--fail-on",
        metavar="|".join(GATES),
        autocompletion=one_of(GATES),
        help="Fail on such a verdict; may be repeated.",
        rich_help_panel=GATE,
    ),
]
DateOption = Annotated[
    str | None,
    typer.Option("--date", metavar="YYYY-MM-DD", help="Date shown (or SOURCE_DATE_EPOCH).", rich_help_panel=REPORT),
]
TitleOption = Annotated[str | None, typer.Option("--title", help="Title.", rich_help_panel=REPORT)]
ProjectOption = Annotated[str | None, typer.Option("--project", help="Project's name.", rich_help_panel=REPORT)]
AuthorOption = Annotated[str | None, typer.Option("--author", help="Who decides.", rich_help_panel=REPORT)]
StatusOption = Annotated[str | None, typer.Option("--status", help="Status of the record.", rich_help_panel=REPORT)]


def format_names() -> tuple[str, ...]:
    """Return every format: text for people, and those that can be kept."""
    return (TEXT, *FORMATS)


class Target(NamedTuple):
    """One output: a format, and a file or None for stdout."""

    format: str
    path: str | None


def build(rules_path: str | None) -> typer.Typer:
    """Return the command with one flag for every need of the rules."""
    rules = load_rules(rules_path)

    def recommend(
        *,
        flags: dict[str, str],
        settings: SetOption = None,
        answers: AnswersOption = None,
        codebase: CodebaseOption = None,
        rules_file: RulesOption = None,  # noqa: ARG001  # read before parsing: it decides which flags there are
        report: ReportOption = None,
        formats: FormatOption = None,
        outputs: OutputOption = None,
        force: ForceOption = False,
        detail: DetailOption = False,
        plain: PlainOption = False,
        no_color: NoColorOption = False,
        expect: ExpectOption = None,
        fail_on: FailOnOption = None,
        date: DateOption = None,
        title: TitleOption = None,
        project: ProjectOption = None,
        author: AuthorOption = None,
        status: StatusOption = None,
    ) -> None:
        """Advice for the needs you give; what you leave out stays open.

        Examples:  advisor recommend --async must --docs must --scale large   |   advisor recommend --codebase . --pain
        some   |   advisor recommend --answers project.yaml --output decision.md
        """
        targets = plan_outputs(formats or [], outputs or [])
        check_targets(targets, force=force)
        gates = check_gates(rules, expect, fail_on or [])
        options = report_options(
            date=date, title=title, project=project, author=author, status=status, rules_file=rules_path
        )
        if report is not None:
            result, options = replayed(rules, report, options, given=bool(flags or settings or answers or codebase))
        else:
            gathered = gather(rules, flags=flags, settings=settings, answers_file=answers, codebase=codebase)
            result = with_figures(decide(rules, gathered.answers), gathered.figures)
        look = look_for(sys.stdout, plain=plain, no_color=no_color, detail=detail, rules_file=rules_path)
        for target in targets:
            deliver(result, target, options, look, force=force)
        raise typer.Exit(gate(result, expect, gates))

    app = new_app()
    app.command(cls=Command)(with_need_flags(rules, recommend, RESERVED))
    return app


def plan_outputs(formats: Sequence[str], outputs: Sequence[str]) -> list[Target]:
    """Pair formats with files; a file alone chooses its format by its ending, a format alone goes to stdout.

    Raises:
        AdvisorError: an unknown format, an ending that tells nothing, or numbers that do not pair up.
    """
    for name in formats:
        known_format(name, format_names())
    if not outputs:
        if len(formats) > 1:
            raise AdvisorError("several formats need a file each", "add one --output for every --format")
        return [Target(formats[0] if formats else TEXT, None)]
    if formats and len(formats) != len(outputs):
        raise AdvisorError(
            f"{len(formats)} --format and {len(outputs)} --output do not pair up",
            "give one --format for every --output, or none to go by the files' endings",
        )
    if len({os.path.realpath(path) for path in outputs}) < len(outputs):
        raise AdvisorError("--output names the same file twice", "give each format its own file")
    chosen = formats or [format_by_ending(path) for path in outputs]
    return [Target(name, None if path == "-" else path) for name, path in zip(chosen, outputs, strict=True)]


def check_targets(targets: Sequence[Target], *, force: bool) -> None:
    """Refuse a file that cannot be written before any other is."""
    files = [target.path for target in targets if target.path is not None]
    if files:
        from advisor.report.writing import refuse_unwritable

        for path in files:
            refuse_unwritable(path, force=force)


def format_by_ending(path: str) -> str:
    """Return the format that a file's name asks for."""
    if path == "-":
        return TEXT
    if path.endswith(".txt"):
        return TEXT
    name = format_of(path)
    if name is None:
        raise AdvisorError(
            f"--output {path or NO_NAME}: the ending does not tell a format",
            f"add --format ({'|'.join(format_names())})",
        )
    return name


def check_gates(rules: Rules, expect: str | None, fail_on: Sequence[str]) -> set[str]:
    """Check `--expect` and `--fail-on` before anything is decided; return the states to fail on."""
    known = [alternative.id for alternative in rules.alternatives]
    if expect is not None and expect not in known:
        raise AdvisorError(f'--expect: unknown framework "{expect}"', did_you_mean(expect, known))
    gates = {word.strip() for words in fail_on for word in words.split(",")}
    for word in sorted(gates):
        if word not in GATES:
            raise AdvisorError(f'--fail-on: "{word}" is not a gate', did_you_mean(word, GATES))
    return gates


def report_options(*, date: str | None, **texts: str | None) -> ReportOptions:
    """Collect what a report says about itself; the date comes from `--date` or SOURCE_DATE_EPOCH, never the clock."""
    from advisor.cli.dates import report_date

    return ReportOptions(date=report_date(date), **{name: text for name, text in texts.items() if text is not None})


def replayed(rules: Rules, report: str, options: ReportOptions, *, given: bool) -> tuple[Recommendation, ReportOptions]:
    """Decide again what a JSON report decided."""
    from advisor.report.replay import answers_of, read_report

    if given:
        raise AdvisorError(
            "--from replays a report; it takes no other answers", "leave out the needs, --set, --answers and --codebase"
        )
    record = read_report(report)
    kept = record.options._replace(**{k: v for k, v in options._asdict().items() if v is not None})
    return with_figures(decide(rules, answers_of(record, rules)), record.figures), kept


def with_figures(result: Recommendation, figures: tuple[str, ...]) -> Recommendation:
    """Say the advice on the code that exists in figures of the code base it was read from."""
    if result.legacy is None or not figures:
        return result
    return result._replace(legacy=result.legacy._replace(figures=figures))


def deliver(result: Recommendation, target: Target, options: ReportOptions, look: Look, *, force: bool) -> None:
    """Render one format and put it where it goes."""
    text = render(result, target, options, look)
    if target.path is None:
        say(text, end="", colored=target.format == TEXT and look.color)
        return
    from advisor.report.writing import write_output

    with unwound_when_stopped():
        write_output(target.path, text, force=force)
    tell(f"wrote {printable(target.path)}")


def render(result: Recommendation, target: Target, options: ReportOptions, look: Look) -> str:
    """Return the result in a format; text fits the screen, or 80 columns without colour in a file."""
    if target.format != TEXT:
        return render_format(target.format, result, options)
    from advisor.report.text import render_text

    return render_text(result, look if target.path is None else look._replace(width=80, color=False))


def gate(result: Recommendation, expect: str | None, gates: set[str]) -> int:
    """Return the exit code that the gates ask for, and say which one failed."""
    verdict = result.verdict
    failed: list[str] = []
    if expect is not None and verdict.winners != (expect,):
        picked = ", ".join(verdict.winners) or "none"
        failed.append(f"expected {expect}, the pick is {picked}")
    if "open" in gates and verdict.state in ("open", "leaning"):
        failed.append(f"the verdict is {verdict.state}")
    if "tie" in gates and len(verdict.winners) > 1:
        failed.append(f"{', '.join(verdict.winners)} tie")
    if "close" in gates and verdict.firmness in ("close", "tie"):
        failed.append(f"the verdict is {verdict.firmness}")
    for reason in failed:
        tell(f"gate failed: {reason}")
    return GATE_FAILED if failed else 0

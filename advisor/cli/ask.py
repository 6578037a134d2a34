"""`advisor ask`: the interview on a terminal."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Annotated

import typer

from advisor.cli.endings import unwound_when_stopped
from advisor.cli.frame import Command, new_app
from advisor.cli.inputs import (
    AnswersOption,
    CodebaseOption,
    NoColorOption,
    NoInputOption,
    PlainOption,
    RulesOption,
    SetOption,
    scan_answers,
    scan_codebase,
    set_answers,
)
from advisor.cli.output import look_for, say, screen_for, tell
from advisor.cli.prompting import may_prompt, switched_on
from advisor.decision.answers import Answer, Answers, in_file_order, merge
from advisor.errors import AdvisorError
from advisor.interview.answers_file import Kept, read_kept
from advisor.knowledge.model import Rules
from advisor.placing import at_home

if TYPE_CHECKING:
    from advisor.codebase import Scan
    from advisor.decision.recommendation import Recommendation
    from advisor.interview.screen import Style
    from advisor.interview.state import CodebaseOffer
    from advisor.interview.terminal import Keeper

SIGNS_OF_A_PROJECT = ("pyproject.toml", "requirements.txt", "manage.py", "setup.py", "setup.cfg", "Pipfile")

app = new_app()


@app.command(cls=Command)
def ask(
    *,
    answers: AnswersOption = None,
    save: Annotated[
        str | None, typer.Option("--save", metavar="FILE", help="Keep the answers in a file, after every one.")
    ] = None,
    codebase: CodebaseOption = None,
    settings: SetOption = None,
    ask_all: Annotated[bool, typer.Option("--all", help="Ask also what cannot change the result.")] = False,
    rules_file: RulesOption = None,
    plain: PlainOption = False,
    no_color: NoColorOption = False,
    no_input: NoInputOption = False,
) -> None:
    """Answer questions in the terminal, as few as settle it.

    Only what can still change the advice is asked. Type ? at a question for help, why for its reason, back to return.
    The advice goes to stdout, everything else to stderr. Leaving early (quit, Ctrl-D, Ctrl-C) exits with 130 and
    tells how to go on.
    """
    from advisor.knowledge import load_rules

    rules = load_rules(rules_file)
    scan = scan_codebase(codebase) if codebase is not None else None
    kept = kept_in(rules, answers)
    given = merge(rules, set_answers(rules, settings or []), kept.answers, scan_answers(rules, scan))
    if not may_prompt(no_input=no_input):
        raise not_here(rules, given, rules_file, no_input=no_input)
    keeper = keeper_for(rules, save, answers)
    offer = None if codebase is not None or answers is not None else offer_from(rules, Path.cwd())
    known = Kept(given, kept.left_open)
    with unwound_when_stopped():
        code = hold(rules, known, offer, keeper, rules_file, ask_all=ask_all, plain=plain, no_color=no_color)
    raise typer.Exit(code)


def kept_in(rules: Rules, answers: str | None) -> Kept:
    """Read the answers file, if there is one."""
    if answers is None:
        return Kept({}, frozenset())
    return read_kept(answers, rules)


def hold(
    rules: Rules,
    known: Kept,
    offer: CodebaseOffer | None,
    keeper: Keeper,
    rules_file: str | None,
    *,
    ask_all: bool,
    plain: bool,
    no_color: bool,
) -> int:
    """Hold the conversation on this terminal and return its exit code."""
    from advisor.interview.screen import Style
    from advisor.interview.state import Setup
    from advisor.interview.terminal import Doors, converse, left_behind, line_reader

    def style() -> Style:
        screen = screen_for(sys.stderr, plain=plain, no_color=no_color)
        return Style(screen.width, plain=screen.plain, bold=screen.color)

    doors = Doors(
        style=style,
        tell=tell,
        ask=line_reader(),
        show_advice=lambda outlook: show_advice(
            rules, outlook.answers, plain=plain, no_color=no_color, rules_file=rules_file
        ),
        export=lambda path, answers: export(rules, path, answers, rules_file),
        save_examples=lambda folder, answers: save_examples(rules, folder, answers),
        again=lambda answers: command_line(rules, answers, rules_file),
        resume=lambda path: resume_line(path, rules_file, save=keeper.chosen),
    )
    return converse(
        Setup(rules, outlook),
        doors,
        keeper,
        answers=known.answers,
        left_open=known.left_open,
        offer=offer,
        ask_all=ask_all,
        left=None if keeper.path or keeper.folder is None else left_behind(keeper.folder, time.time()),
    )


def outlook(rules: Rules, answers: Answers) -> Recommendation:
    """Return what the answers so far come to; what-if is left for the end."""
    from advisor.decision import recommend

    return recommend(rules, answers, sensitivity=False)


def not_here(rules: Rules, given: Answers, rules_file: str | None, *, no_input: bool) -> AdvisorError:
    """Return the error that takes the place of a question: what to run instead, and what is still missing."""
    from advisor.interview.conversation import begin
    from advisor.interview.state import Setup, in_effect, open_needs

    state, _ = begin(Setup(rules, outlook), given)
    line = command_line(rules, in_effect(rules, given), rules_file)
    missing = [rules.need(need_id) for need_id in open_needs(state)]
    hint = [f"use flags:  {line}"]
    if missing:
        hint.append("still missing, in the order in which they matter (leave out what you don't know):")
        hint += [f"  {flag(need.id)}{'|'.join(need.choice_ids)}" for need in missing]
    else:
        hint.append("nothing is missing: no other answer can change the advice")
    return AdvisorError(f"questions need a terminal, but {why_not_here(no_input=no_input)}", "\n".join(hint))


def why_not_here(*, no_input: bool) -> str:
    """Say what forbids a prompt."""
    if no_input:
        return "--no-input was given"
    for variable in ("ADVISOR_NO_INPUT", "CI"):
        if switched_on(variable):
            return f"{variable} is set"
    from advisor.cli.output import is_terminal

    return f"{'stderr' if is_terminal(sys.stdin) else 'stdin'} is not one"


def keeper_for(rules: Rules, save: str | None, answers: str | None) -> Keeper:
    """Return where the answers are kept: the file asked for, the interrupted session gone on with, or a new one."""
    from advisor.interview.terminal import Keeper, state_folder

    folder = state_folder()
    if save is not None:
        path = Path(save)
        if path.exists() and (answers is None or not same_file(path, Path(answers))):
            hint = f"go on with it: --answers {save} --save {save}, or choose another name"
            raise AdvisorError(f"--save {save}: the file exists already", hint)
        if path.exists() and not path.is_file():
            raise AdvisorError(f"--save {save}: is not a regular file", "name a file")
        if not path.parent.is_dir():
            raise AdvisorError(f"--save {save}: there is no folder {path.parent}", "make it first")
        if not os.access(path.parent, os.W_OK):
            raise AdvisorError(f"--save {save}: nothing may be written in {path.parent}", "choose another folder")
        return Keeper(rules, folder, path=path, chosen=True, holds=path.exists())
    resumed = Path(answers) if answers is not None and answers != "-" else None
    if resumed is not None and folder is not None and resumed.absolute().parent == folder.absolute():
        return Keeper(rules, folder, path=resumed, holds=True)
    return Keeper(rules, folder)


def same_file(one: Path, other: Path) -> bool:
    """Tell whether two names mean the same file."""
    return other.exists() and one.samefile(other)


def offer_from(rules: Rules, folder: Path) -> CodebaseOffer | None:
    """Read the folder when it looks like a project, and return what could be taken from it."""
    if not any((folder / sign).is_file() for sign in SIGNS_OF_A_PROJECT):
        return None
    from advisor.interview.state import CodebaseOffer

    try:
        scan = scan_codebase(str(folder))
    except AdvisorError:
        return None
    answers = scan_answers(rules, scan)
    return CodebaseOffer(seen(scan), in_file_order(rules, answers)) if answers and scan.primary else None


def seen(scan: Scan) -> str:
    """Say in one clause what a scan saw: the framework, a file of it, and its commonest traces."""
    use = scan.primary
    if use is None:
        return "Python here"
    counted = sorted(
        (
            (fact.count, name.replace("_", " "))
            for name, fact in scan.facts.items()
            if fact.count and name.endswith("s")
        ),
        reverse=True,
    )
    traces = [use.evidence[0].path] if use.evidence else []
    traces += [f"{count} {name if count > 1 else name.removesuffix('s')}" for count, name in counted[:2]]
    return f"{use.name} here" + (f": {', '.join(traces)}" if traces else "")


def show_advice(
    rules: Rules, answers: Mapping[str, Answer], *, plain: bool, no_color: bool, rules_file: str | None
) -> None:
    """Write the whole advice to stdout."""
    from advisor.decision import recommend
    from advisor.report.text import render_text

    look = look_for(sys.stdout, plain=plain, no_color=no_color, rules_file=rules_file)
    say(render_text(recommend(rules, answers), look), end="", colored=look.color)


def export(rules: Rules, path: PurePath, answers: Answers, rules_file: str | None) -> str:
    """Write a report in the format that the file's ending asks for."""
    from advisor.cli.recommend import Target, format_by_ending, render, report_options
    from advisor.decision import recommend
    from advisor.report.formats import FORMATS
    from advisor.report.writing import write_output

    target = at_home(path)
    try:
        form = format_by_ending(str(target))
    except AdvisorError:
        endings = [ending for form in FORMATS.values() for ending in form.endings]
        raise AdvisorError(f"{path}: the ending tells the format", f"one of {', '.join([*endings, '.txt'])}") from None
    options = report_options(date=None, title=None, project=None, author=None, status=None, rules_file=rules_file)
    look = look_for(sys.stdout)
    write_output(target, render(recommend(rules, answers), Target(form, str(target)), options, look))
    return f"Report written to {target}."


def save_examples(rules: Rules, folder: PurePath | None, answers: Answers) -> str:
    """Save the examples of the advice, each in a folder of its own."""
    from advisor.cli.examples import files_of, write_all
    from advisor.decision import recommend

    examples = recommend(rules, answers, sensitivity=False).examples
    if not examples:
        return "There are no examples for this advice."
    target = at_home(folder) if folder is not None else Path("advisor-examples")
    homes = [target / example.alternative / example.topic for example in examples]
    pairs = zip(examples, homes, strict=True)
    write_all([file for example, home in pairs for file in files_of(rules, example, home)], force=False)
    return f"Examples written: {', '.join(map(str, homes))}."


def command_line(rules: Rules, answers: Answers, rules_file: str | None) -> str:
    """Return the command that gives the advice for some answers."""
    from shlex import quote

    words = ["advisor recommend"]
    if rules_file is not None:
        words.append(f"--rules {quote(rules_file)}")
    for need_id, answer in in_file_order(rules, answers).items():
        words.append(flag(need_id) + quote(",".join(answer.choices)))
    return " ".join(words)


def resume_line(path: Path, rules_file: str | None, *, save: bool) -> str:
    """Return the command that goes on with an answers file."""
    from shlex import quote

    rules = f" --rules {quote(rules_file)}" if rules_file is not None else ""
    kept = quote(str(path))
    return f"advisor ask{rules} --answers {kept}" + (f" --save {kept}" if save else "")


def flag(need_id: str) -> str:
    """Return how a need is answered on the command line, up to the choice."""
    from advisor.cli.recommend import RESERVED

    return f"--set {need_id}=" if need_id in RESERVED else f"--{need_id} "

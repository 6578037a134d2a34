"""Shell completion: what is offered, by the protocol of each shell and in the shells themselves."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest

from advisor.cli.app import COMMANDS
from advisor.cli.completing import harmless
from advisor.knowledge.model import Rules
from tests.fuzz.judging import Outcome, outcome
from tests.knowledge.tiny import TINY, changed

ROOT = Path(__file__).resolve().parents[2]

UNLIKE_A_USER = ("XDG_CONFIG_HOME", "ZDOTDIR", "PYTHONDONTWRITEBYTECODE")


def in_bash(*words: str) -> list[str]:
    """Return what bash is offered for the last of the words, as it splits them."""
    asked = {
        "_ADVISOR_COMPLETE": "complete_bash",
        "_ADVISOR_SPLIT": "",
        "COMP_WORDS": "\n".join(("advisor", *words)),
        "COMP_CWORD": str(len(words)),
    }
    found = outcome([], environment=asked)
    assert (found.code, found.err) == (0, "")
    return found.out.split()


def in_a_line(shell: str, line: str) -> Outcome:
    """Return what zsh or fish is told about a line that is being typed."""
    asked = {
        "_ADVISOR_COMPLETE": f"complete_{shell}",
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
        "_TYPER_COMPLETE_ARGS": f"advisor {line}",
    }
    return outcome([], environment=asked)


def test_commands_and_their_subcommands_are_offered() -> None:
    assert in_bash("") == list(COMMANDS)
    assert in_bash("why") == ["why-not"]
    assert in_bash("rules", "s") == ["show", "schema"]


def test_every_need_is_a_flag_and_its_choices_are_offered(shipped: Rules) -> None:
    flags = in_bash("recommend", "--")
    assert flags[: len(shipped.needs)] == [f"--{need.id}" for need in shipped.needs]
    for need in shipped.needs:
        assert in_bash("recommend", f"--{need.id}", "") == list(need.choice_ids)


def test_after_a_comma_the_choices_not_named_yet_are_offered() -> None:
    assert in_bash("recommend", "--scale", "medium,") == ["medium,small", "medium,large"]
    assert in_bash("recommend", "--scale", "medium,l") == ["medium,large"]


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (("recommend", "--format", ""), "text json markdown adr html"),
        (("recommend", "--fail-on", ""), "open tie close"),
        (("recommend", "--expect", "f"), "flask fastapi"),
        (("why-not", ""), "django flask fastapi"),
        (("compare", "flask", ""), "django fastapi"),
        (("compare", "--format", "j"), "json"),
        (("examples", "show", "flask/j"), "flask/json-api"),
        (("examples", "show", "flask/json-api", "--beside", "d"), "django"),
        (("examples", "save", "flask/json-api", ""), ""),
        (("examples", "save", "flask/json-api", "django/js"), "django/json-api"),
        (("examples", "list", "--topic", "web"), "websocket"),
        (("rules", "show", "--format", ""), "yaml json"),
        (("batch", "--fields", ""), "winners winners-only all"),
        (("schema", "batch"), "batch batch-input"),
        (("recommend", "--answers", ""), ""),
        (("recommend", "--set", "asy"), "async=no async=nice async=must"),
    ],
)
def test_words_that_are_known_are_offered_and_files_left_to_the_shell(words: tuple[str, ...], offered: str) -> None:
    assert in_bash(*words) == offered.split()


def test_a_word_that_bash_splits_at_the_equals_sign_is_one_word() -> None:
    assert in_bash("recommend", "--async", "=", "ni") == ["nice"]
    assert in_bash("recommend", "--async", "=") == ["no", "nice", "must"]
    assert in_bash("recommend", "--set", "async", "=", "ni") == ["nice"]
    assert in_bash("recommend", "--set", "async", "=") == ["no", "nice", "must"]
    assert in_bash("recommend", "--set", "async", "=", "no", "--format", "ht") == ["html"]


def test_a_rules_file_decides_what_is_offered(tmp_path: Path) -> None:
    (tmp_path / "tiny.yaml").write_text(TINY, encoding="utf-8")
    own = ("--rules", str(tmp_path / "tiny.yaml"))
    assert in_bash("recommend", *own, "--work", "") == ["wood", "nails"]
    assert in_bash("compare", *own, "") == ["hammer", "saw"]


def test_rules_that_cannot_be_read_are_no_noise_in_the_line() -> None:
    asked = {
        "_ADVISOR_COMPLETE": "complete_bash",
        "COMP_WORDS": "advisor\nwhy-not\n--rules\nnowhere\n",
        "COMP_CWORD": "4",
    }
    found = outcome([], environment=asked)
    assert (found.out, found.err) == ("", "")
    assert in_bash("compare", "--rules", "nowhere", "") == []


def test_zsh_and_fish_are_told_what_a_choice_means() -> None:
    assert '"nice":"Nice to have"' in in_a_line("zsh", "recommend --async ").out
    assert in_a_line("fish", "recommend --async ni").out == "nice\tNice to have\n"
    assert in_a_line("zsh", "recommend --answers ").out == "_files\n"


def test_what_zsh_evaluates_holds_nothing_but_words(tmp_path: Path) -> None:
    spiteful = "a'); touch pwned; (\\$(touch pwned) `touch pwned` \\\"]: b"
    assert not set("'\"$`\\:]") & set(harmless(spiteful))
    own = changed(("label: Wood", f"label: '{spiteful.replace(chr(39), chr(39) * 2)}'"))
    (tmp_path / "own.yaml").write_text(own, encoding="utf-8")
    told = in_a_line("zsh", f"recommend --rules {tmp_path / 'own.yaml'} --work ").out
    assert '"wood":"a’); touch pwned; ((touch pwned) touch pwned  - b"' in told
    for line in ("", "recommend --", "rules ", "examples --", "ask --", "diff --"):
        told = in_a_line("zsh", line).out
        assert re.fullmatch(r"""_arguments '\*: :\(\(("[\w-]+"(:"[^"'$`\\:]*")?\s?)+\)\)'\n""", told), told


class Typing:
    """A shell of one's own on a terminal, with completion installed as a user does."""

    def __init__(self, shell: str, folder: Path) -> None:
        commands = folder / "bin"
        commands.mkdir()
        (commands / "advisor").write_text(f'#!/bin/sh\nexec {sys.executable} -m advisor "$@"\n', encoding="utf-8")
        (commands / "advisor").chmod(0o755)
        self.environment = {
            **{name: value for name, value in os.environ.items() if name not in UNLIKE_A_USER},
            "PATH": f"{commands}:{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "HOME": str(folder),
            "TERM": "dumb" if shell == "bash" else "xterm",
            "INPUTRC": "/dev/null",
        }
        prompt = {
            "bash": (".bashrc", "PS1='READY> '\nbind 'set enable-bracketed-paste off'\n"),
            "zsh": (".zshrc", "PS1='READY> '\nunset zle_bracketed_paste\n"),
            "fish": (
                ".config/fish/config.fish",
                "function fish_prompt; echo -n 'READY> '; end\nset -g fish_greeting\n",
            ),
        }
        name, text = prompt[shell]
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
        self.folder = folder
        self.command = {"bash": ["bash", "--noprofile", "-i"], "zsh": ["zsh", "-d", "-i"], "fish": ["fish", "-P"]}[
            shell
        ]

    def start(self) -> pexpect.spawn[str]:
        shell = pexpect.spawn(
            self.command[0],
            self.command[1:],
            env=self.environment,  # type: ignore[arg-type]
            cwd=str(self.folder),
            encoding="utf-8",
            dimensions=(40, 120),
            timeout=60,
        )
        shell.expect("READY> ")
        return shell


@pytest.fixture(params=[shell for shell in ("bash", "zsh", "fish") if shutil.which(shell)])
def typing(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[pexpect.spawn[str]]:
    """A shell with completion installed by `advisor --install-completion`."""
    session = Typing(request.param, tmp_path)
    first = session.start()
    first.send("advisor --install-completion\r")
    first.expect(f"{request.param} completion installed")
    first.expect("READY> ")
    first.close(force=True)
    second = session.start()
    yield second
    second.close(force=True)


def test_a_shell_completes_commands_choices_and_files(typing: pexpect.spawn[str], tmp_path: Path) -> None:
    (tmp_path / "advanced.yaml").write_text("async: must\n", encoding="utf-8")
    for part in ("advisor recommend --async mu", "--answers advan", "--output advice.md"):
        typing.send(part + ("\t" if part != "--output advice.md" else "\r"))
    typing.expect("wrote advice.md")
    assert (tmp_path / "advice.md").read_text(encoding="utf-8").startswith("# FastAPI")


@pytest.mark.parametrize("position", ["9" * 8, "9" * 20, "-1", "x", "３", ""])
def test_a_position_that_no_line_has_does_not_hold_a_shell_up(position: str) -> None:
    asked = {"_ADVISOR_COMPLETE": "complete_bash", "COMP_WORDS": "advisor\nneeds\n", "COMP_CWORD": position}
    found = outcome([], environment=asked)
    assert found.code in (0, 1)
    assert found.err == ""
    assert found.seconds < 1

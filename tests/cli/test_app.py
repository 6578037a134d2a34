"""The command `advisor`: its frame, its help, its exit codes."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from advisor import __version__
from advisor.cli import app as application
from advisor.cli.app import COMMANDS
from advisor.cli.output import encodable, printable, screen_for
from tests.conftest import Advisor

ROOT = Path(__file__).resolve().parents[2]


def start(*arguments: str, **settings: object) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "advisor", *arguments], cwd=ROOT, **settings)  # type: ignore[call-overload, no-any-return]


def test_the_version_is_printed(advisor: Advisor) -> None:
    assert advisor("--version") == (0, f"advisor {__version__}\n", "")


def test_help_lists_every_command(advisor: Advisor) -> None:
    ran = advisor("--help")
    assert ran.code == 0
    assert all(f"  {name}" in ran.out for name in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("columns", [80, 40])
def test_every_command_has_help_that_fits(advisor: Advisor, command: str, columns: int) -> None:
    ran = advisor(command, "--help", columns=columns)
    assert ran.code == 0
    assert ran.out.startswith(f"Usage: advisor {command}")
    assert "…" not in ran.out


def test_an_unknown_command_is_refused_with_the_nearest(advisor: Advisor) -> None:
    ran = advisor("recomend")
    assert ran == (2, "", 'error: no such command: "recomend"\nhint:  did you mean "recommend"?\n')


def test_without_a_terminal_and_without_a_command_the_help_is_shown(advisor: Advisor) -> None:
    ran = advisor()
    assert ran.code == 2
    assert ran.out == ""
    assert "Usage: advisor" in ran.err


def test_a_bug_of_ours_exits_with_3_and_says_what_to_report(advisor: Advisor, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: object, **_settings: object) -> None:
        raise ZeroDivisionError("\x1b[31mboom")

    monkeypatch.setattr(application, "app", broken)
    ran = advisor("recommend")
    assert ran.code == 3
    assert ran.out == ""
    assert "This is our bug" in ran.err
    assert "\x1b" not in ran.err
    assert "Traceback" not in ran.err


def test_an_interrupt_exits_with_130(advisor: Advisor, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_arguments: object, **_settings: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(application, "app", interrupted)
    assert advisor("recommend").code == 130


def test_a_reader_that_leaves_early_is_no_error() -> None:
    process = start("recommend", "--async", "must", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.close()
    _out, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (0, b"")


def test_a_closed_stdout_is_no_traceback() -> None:
    done = subprocess.run(
        ["sh", "-c", f"{sys.executable} -m advisor recommend --async must >&-"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("error: the result cannot be shown: stdout is closed")


def test_a_full_disk_behind_stdout_is_one_message() -> None:
    done = subprocess.run(
        ["sh", "-c", f"{sys.executable} -m advisor recommend --async must >/dev/full"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert (done.returncode, done.stderr) == (
        2,
        "error: the result cannot be written to stdout: No space left on device\n",
    )


def test_an_interrupt_while_reading_stdin_exits_at_once() -> None:
    process = start(
        "recommend", "--answers", "-", stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdin is not None
    # One byte more than the pipe holds: it is written when somebody has begun to read.
    os.write(process.stdin.fileno(), b"#" * (fcntl.fcntl(process.stdin, fcntl.F_GETPIPE_SZ) + 1))
    process.send_signal(signal.SIGINT)
    _out, err = process.communicate(timeout=10)
    assert process.returncode == 130
    assert b"Traceback" not in err


def test_too_little_memory_is_no_bug_of_ours(advisor: Advisor, monkeypatch: pytest.MonkeyPatch) -> None:
    def call(_arguments: list[str]) -> object:
        raise MemoryError

    monkeypatch.setattr(application, "call", call)
    ran = advisor("recommend", "--async", "must")
    assert (ran.code, ran.err.splitlines()[0]) == (2, "error: there is not enough memory for this")


def test_only_rules_are_offered_by_name(advisor: Advisor) -> None:
    ran = advisor("recommend", "--rules", "nowhere")
    assert (ran.code, ran.err.splitlines()[1]) == (2, "hint:  known: web-frameworks (a path works as well)")


def test_what_was_given_is_not_told_back_in_full(advisor: Advisor, tmp_path: Path) -> None:
    (tmp_path / "answers.yaml").write_text(f"async: {'x' * 900_000}\n", encoding="utf-8")
    ran = advisor("recommend", "--answers", str(tmp_path / "answers.yaml"))
    assert (ran.code, len(ran.err.splitlines())) == (2, 2)
    assert ran.err.startswith(f'error: {tmp_path}/answers.yaml:1: "xxx')
    assert len(ran.err) < 3000


def test_ascii_encodings_get_words_for_signs() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "advisor", "recommend", "--async", "must", "--docs", "must"],
        cwd=ROOT,
        env=os.environ | {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
        capture_output=True,
        check=False,
        timeout=30,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.isascii()
    assert b"\\u" not in done.stdout


class Stream:
    def __init__(self, encoding: str = "utf-8", *, terminal: bool = False) -> None:
        self.encoding = encoding
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal


@pytest.mark.parametrize(
    ("environment", "terminal", "color"),
    [
        ({}, True, True),
        ({}, False, False),
        ({"NO_COLOR": "1"}, True, False),
        ({"NO_COLOR": ""}, True, True),
        ({"FORCE_COLOR": "1"}, False, True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, True, False),
        ({"TERM": "dumb"}, True, False),
        ({"ACCESSIBLE": "1"}, True, False),
    ],
)
def test_colour_follows_the_stream_and_the_environment(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], terminal: bool, color: bool
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert screen_for(Stream(terminal=terminal)).color is color  # type: ignore[arg-type]


def test_foreign_control_characters_are_shown_escaped() -> None:
    assert printable("a\x1b[2Jb\u202ec\n") == "a\\x1b[2Jb\\u202ec\n"


def test_glyphs_become_words_where_the_stream_cannot_carry_them() -> None:
    assert encodable("✅ a → b", Stream("ascii")) == "yes a -> b"  # type: ignore[arg-type]
    assert encodable("✅", Stream("utf-8")) == "✅"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("recommend --async", "advisor recommend"),
        ("rules show --format", "advisor rules show"),
        ("examples --topic", "advisor examples"),
        ("--foo", "advisor"),
    ],
)
def test_the_hint_names_the_help_of_the_command_that_was_meant(line: str, command: str, advisor: Advisor) -> None:
    assert advisor(*line.split()).err.endswith(f"hint:  see {command} --help\n")


def test_an_empty_name_is_shown(advisor: Advisor) -> None:
    for words in (("scan", ""), ("recommend", "--answers", ""), ("recommend", "--output", "")):
        ran = advisor(*words)
        assert (ran.code, ran.out) == (2, "")
        assert '"": ' in ran.err, words

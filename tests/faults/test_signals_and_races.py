"""Interrupts, kills and runs at the same time: quiet exits, and files that are whole or as they were.

`ADVISOR_SWEEP=N` sends each signal to each command at N moments instead of the few that the suite can afford.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pexpect
import pytest

from advisor.placing import WholeFile, _give_name
from tests.conftest import Advisor
from tests.faults.processes import ROOT, start

MOMENTS = int(os.environ.get("ADVISOR_SWEEP", "1"))
LATEST = 0.6
"""Seconds within which the signals of a sweep are spread; the first imports are over at their third."""

COMMANDS = {
    "recommend": "recommend --async must --detail",
    "report": "recommend --async must --output out/advice.html --output out/advice.json --force",
    "scan": "scan --format json .",
    "batch": "batch lines.jsonl",
    "batch in two processes": "batch lines.jsonl --jobs 2",
    "examples": "examples save django/json-api flask/json-api fastapi/json-api out --force",
    "rules": "rules check",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    (tmp_path / "lines.jsonl").write_text('{"async": "must"}\n' * 100_000, encoding="utf-8")
    return tmp_path


def left_half_done(folder: Path) -> list[str]:
    """Return the files that no finished run would have left."""
    return [path.name for path in folder.rglob(".*") if path.is_file()]


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("command", COMMANDS)
def test_a_signal_ends_a_command_quietly_at_any_moment(
    command: str, number: signal.Signals, code: int, folder: Path
) -> None:
    for moment in range(MOMENTS):
        process = start(*COMMANDS[command].split(), folder=folder)
        time.sleep(LATEST * (moment + 1) / (MOMENTS + 1))
        process.send_signal(number)
        _out, err = process.communicate(timeout=60)
        # Before our first line runs, the interpreter has its own ways.
        ours = b"advisor/" in err or not err.startswith((b"Traceback", b"Could not import runpy", b"Fatal Python"))
        # The command may have been faster; by itself the system ends a process without a code of ours.
        assert not ours or process.returncode in (0, code, -number), (moment, err)
        assert not ours or b"Traceback" not in err, err
        assert left_half_done(folder) == []


def test_a_signal_at_a_question_ends_the_session_and_keeps_the_answers(folder: Path) -> None:
    for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
        kept = folder / f"answers-{code}.yaml"
        session = pexpect.spawn(
            sys.executable,
            ["-m", "advisor", "ask", "--save", str(kept)],
            env={**os.environ, "PYTHONPATH": str(ROOT)},  # type: ignore[arg-type]
            cwd=str(folder),
            encoding="utf-8",
            timeout=60,
        )
        session.expect("> ")
        session.sendline("1")
        session.expect("> ")
        session.kill(number)
        session.expect(pexpect.EOF)
        session.close()
        assert (session.exitstatus, session.signalstatus) in ((code, None), (None, number))
        assert "Traceback" not in session.before
        assert "legacy: none" in kept.read_text(encoding="utf-8")


def codes_of_runs(count: int, command: str, folder: Path) -> list[int]:
    """Run a command several times at once; return the exit codes, least first."""
    together = [start(*command.split(), folder=folder) for _ in range(count)]
    for process in together:
        process.communicate(timeout=60)
    return sorted(process.returncode for process in together)


def test_runs_that_write_the_same_file_leave_one_whole_file(folder: Path) -> None:
    command = "recommend --async must --output out/advice.json"
    assert codes_of_runs(3, command, folder) == [0, 2, 2]
    whole = (folder / "out" / "advice.json").read_bytes()
    assert codes_of_runs(2, f"{command} --force", folder) == [0, 0]
    assert (folder / "out" / "advice.json").read_bytes() == whole
    assert [path.name for path in (folder / "out").iterdir()] == ["advice.json"]


@pytest.mark.parametrize("file_systems", ["nameless", "named"])
def test_a_kill_at_any_step_of_a_write_leaves_the_old_file_or_the_new_one(folder: Path, file_systems: str) -> None:
    """Each step of a write that the system sees is the last one once."""
    target = folder / "out" / "r.md"
    for last in range(12):
        target.write_text("old", encoding="utf-8")
        child = os.fork()
        if not child:
            steps = 0

            def dies(event: str, _arguments: object) -> None:
                nonlocal steps
                if event in ("open", "os.link", "os.rename", "os.remove", "os.chmod"):
                    steps += 1
                    if steps > last:  # noqa: B023  # the child has this value for good
                        os.kill(os.getpid(), signal.SIGKILL)

            if file_systems == "named" and hasattr(os, "O_TMPFILE"):
                del os.O_TMPFILE
            from advisor.report.writing import write_output

            sys.addaudithook(dies)
            write_output(target, "new" * 1000, force=True)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        assert target.read_text(encoding="utf-8") in ("old", "new" * 1000)
        if not status:
            break
    assert status == 0
    assert target.read_text(encoding="utf-8") == "new" * 1000


def test_a_writer_that_is_killed_at_replacing_leaves_what_the_next_run_removes(advisor: Advisor, folder: Path) -> None:
    target = folder / "out" / "advice.json"
    target.write_text("old", encoding="utf-8")
    child = os.fork()
    if not child:
        whole = WholeFile(target, b"new")
        whole._hidden = whole._hidden_name()
        _give_name(whole._descriptor, whole._hidden)
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    assert len(list(target.parent.iterdir())) == 2
    assert advisor("recommend", "--async", "must", "--output", str(target), "--force").code == 0
    assert [path.name for path in target.parent.iterdir()] == ["advice.json"]


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGKILL, -signal.SIGKILL), (signal.SIGTERM, 143), (signal.SIGINT, 130)]
)
def test_workers_of_a_run_that_is_stopped_end_without_a_word(number: signal.Signals, code: int, folder: Path) -> None:
    process = start("batch", "lines.jsonl", "--jobs", "2", folder=folder)
    assert process.stdout.readline()
    process.send_signal(number)
    out, err = process.communicate(timeout=60)  # ends when the last worker has closed its streams
    assert process.returncode == code
    assert out
    assert b"Traceback" not in err


INTERRUPTING = """\
import os, signal, sys
left = int(sys.argv.pop(1))
class Finder:
    def find_spec(name, path=None, target=None):
        global left
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.Signals[os.environ["SENT"]])
sys.meta_path.insert(0, Finder)
from advisor.__main__ import main
sys.exit(main())
"""


@pytest.mark.parametrize(("sent", "code"), [("SIGINT", 130), ("SIGTERM", 143)])
@pytest.mark.parametrize("command", ["recommend --async must", "scan ."])
def test_a_signal_at_an_import_is_no_traceback_from_the_third_on(
    command: str, sent: str, code: int, folder: Path
) -> None:
    """The first two are our package and its `__main__`, which takes the signals over before it imports anything."""
    for moment in (3, 4, 6, 20, 40):
        done = subprocess.run(
            [sys.executable, "-c", INTERRUPTING, str(moment), *command.split()],
            env={**os.environ, "PYTHONPATH": str(ROOT), "SENT": sent},
            cwd=folder, capture_output=True, check=False, timeout=60,
        )  # fmt: skip
        # A scan has something to take back by then, and is unwound without a word when it is terminated.
        words = (b"interrupted",) if sent == "SIGINT" else (b"terminated", b"")
        assert (moment, done.returncode) == (moment, code)
        assert done.stderr.strip() in words


def test_who_starts_us_with_signals_ignored_has_them_ignored(folder: Path) -> None:
    def deaf() -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)

    process = start("batch", "lines.jsonl", "--jobs", "2", folder=folder, preexec_fn=deaf)
    assert os.read(process.stdout.fileno(), 1) == b"{"
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out.count(b"\n"), err) == (0, 100_000, b"")

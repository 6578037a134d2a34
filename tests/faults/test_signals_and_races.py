"""Interrupts, kills and runs at the same time: quiet exits, and files that are whole or as they were.

`ADVISOR_SWEEP=N` sends each signal to each command at N moments instead of the few that the suite can afford.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

import pexpect
import pytest

from advisor.placing import ABANDONED, complete_beside
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
        # Before our first function runs, the interpreter has its own ways.
        ours = b", in main\n" in err or not err.startswith((b"Traceback", b"Could not import runpy", b"Fatal Python"))
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


def test_what_a_killed_run_left_is_removed_by_a_later_one(advisor: Advisor, folder: Path) -> None:
    out = folder / "out"
    left = [complete_beside(out / name, b"part") for name in ("advice.json", "[a]*.json", "other.json")]
    for path in left:
        os.utime(path, times=(time.time() - 2 * ABANDONED,) * 2)
    fresh = complete_beside(out / "advice.json", b"somebody is still at it")
    for name in ("advice.json", "[a]*.json"):
        assert advisor("recommend", "--async", "must", "--output", str(out / name)).code == 0
    assert sorted(path.name for path in out.iterdir()) == sorted([fresh.name, left[2].name, "advice.json", "[a]*.json"])


def test_workers_of_a_run_that_is_killed_end_without_a_word(folder: Path) -> None:
    process = start("batch", "lines.jsonl", "--jobs", "2", folder=folder)
    assert process.stdout.readline()
    process.kill()
    out, err = process.communicate(timeout=60)  # ends when the last worker has closed its streams
    assert out
    assert b"Traceback" not in err

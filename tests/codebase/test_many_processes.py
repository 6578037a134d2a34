"""More than one process: the same findings, stopped at once, and none lost when one of them dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from advisor.codebase import gather, scan

from .trees import APP, write


@pytest.fixture
def large(tmp_path: Path) -> Path:
    files = {f"p{number % 17}/m{number}.py": APP if number % 3 else "import os\n" * 50 for number in range(900)}
    return write(tmp_path, files)


@pytest.mark.parametrize("jobs", [2, 3, 7])
def test_any_number_of_processes_finds_the_same(large: Path, jobs: int) -> None:
    assert scan(large, jobs=jobs) == scan(large, jobs=1)


def test_functions_that_register_are_told_by_any_process(large: Path) -> None:
    adding = "from flask import Flask\n\napp = Flask(__name__)\n\n\ndef add(rule):\n    app.add_url_rule(rule)\n"
    uses = {f"p{number}/uses.py": "from adding import add\n\nadd('/one')\n" for number in range(17)}
    found = scan(write(large, {"adding.py": adding, **uses}), jobs=1)
    assert found.facts["routes"].count == 600 + 17
    assert scan(large, jobs=3) == found


def test_progress_never_goes_back_and_ends_with_all(large: Path) -> None:
    told: list[tuple[int, int]] = []
    scan(large, jobs=2, progress=lambda done, total: told.append((done, total)))
    assert told == sorted(told)
    assert told[-1] == (900, 900)


def test_what_a_killed_reader_had_claimed_is_read_again(large: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    forked = gather._fork

    def fork_and_kill(*arguments: object) -> tuple[int, int]:
        child, results = forked(*arguments)  # type: ignore[arg-type]
        os.kill(child, signal.SIGKILL)
        return child, results

    expected = scan(large, jobs=1)
    monkeypatch.setattr(gather, "_fork", fork_and_kill)
    assert scan(large, jobs=3) == expected


def children() -> set[str]:
    """The processes that this one has started and not yet seen end; other tests of this worker may keep some."""
    return set(Path(f"/proc/self/task/{threading.get_native_id()}/children").read_text(encoding="utf-8").split())


def test_no_reader_is_left_behind(large: Path) -> None:
    before = children()
    scan(large, jobs=4)
    assert children() == before


def started(tmp_path: Path) -> subprocess.Popen[bytes]:
    """Start a long scan with two processes, in a group of its own, and let it get going."""
    write(tmp_path, {f"p{number % 40}/m{number}.py": APP * 400 for number in range(3000)})
    program = (
        "import sys, pathlib; from advisor.codebase import scan; print('on', flush=True); "
        "scan(pathlib.Path(sys.argv[1]), jobs=2)"
    )
    running = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    assert running.stdout is not None
    running.stdout.readline()
    time.sleep(0.3)
    return running


def test_an_interrupt_ends_all_processes_at_once(tmp_path: Path) -> None:
    running = started(tmp_path)
    began = time.monotonic()
    os.killpg(running.pid, signal.SIGINT)
    _, errors = running.communicate(timeout=20)
    assert time.monotonic() - began < 5
    assert b"KeyboardInterrupt" in errors
    assert not is_there(running.pid)


def test_a_reader_does_not_outlive_a_scan_that_was_killed(tmp_path: Path) -> None:
    running = started(tmp_path)
    running.kill()
    running.communicate(timeout=20)
    until = time.monotonic() + 5
    while is_there(running.pid) and time.monotonic() < until:
        time.sleep(0.01)
    assert not is_there(running.pid)


def is_there(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True

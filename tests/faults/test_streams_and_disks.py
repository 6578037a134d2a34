"""Closed streams, readers that leave, full disks and folders that may not be written to."""

from __future__ import annotations

import os
import pwd
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Advisor
from tests.faults.processes import ROOT, start
from tests.knowledge.tiny import TINY

COMMANDS = {
    "recommend": "recommend --async must",
    "json": "recommend --async must --format json",
    "why-not": "why-not flask",
    "compare": "compare",
    "diff": "diff a.yaml b.yaml",
    "scan": "scan",
    "examples": "examples list",
    "needs": "needs",
    "batch": "batch lines",
    "rules": "rules show",
    "schema": "schema",
    "verify": "verify r.json",
}


@pytest.fixture
def folder(tmp_path: Path, advisor: Advisor) -> Path:
    (tmp_path / "a.yaml").write_text("async: must\n", encoding="utf-8")
    (tmp_path / "b.yaml").write_text("async: no\n", encoding="utf-8")
    (tmp_path / "lines").write_text('{"async": "must"}\n' * 5000, encoding="utf-8")
    advisor("recommend", "--async", "must", "--output", str(tmp_path / "r.json"))
    return tmp_path


@pytest.mark.parametrize("command", COMMANDS)
def test_a_reader_that_leaves_is_no_error(command: str, folder: Path) -> None:
    process = start(*COMMANDS[command].split(), folder=folder)
    process.stdout.close()
    _out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, b"")


@pytest.mark.parametrize("command", ["json", "batch", "scan"])
def test_a_full_disk_behind_stdout_is_one_message(command: str, folder: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        process = start(*COMMANDS[command].split(), folder=folder, stdout=full)
        _out, err = process.communicate(timeout=60)
    assert process.returncode == 2
    assert err.count(b"error: ") == 1
    assert b"Traceback" not in err


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize("command", ["recommend --answers -", "batch", "verify r.json"])
def test_closed_streams_are_no_traceback(command: str, closed: str, folder: Path) -> None:
    line = f"{sys.executable} -m advisor {command} {closed}"
    done = subprocess.run(
        ["sh", "-c", line], cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode in (0, 2)
    assert b"Traceback" not in done.stderr
    assert b"Exception" not in done.stderr


@pytest.mark.parametrize("command", ["batch", "recommend --answers - --rules tiny.yaml"])
def test_a_stdin_that_does_not_wait_loses_nothing(command: str, folder: Path) -> None:
    (folder / "tiny.yaml").write_text(TINY, encoding="utf-8")
    first, rest = {"batch": (b'{"asy', b'nc": "must"}\n{}\n')}.get(command, (b"work: ", b"wood\n"))
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    process = start(*command.split(), folder=folder, stdin=reading)
    os.close(reading)
    os.write(writing, first)
    time.sleep(1)  # long enough for the process to have found no more than that
    os.write(writing, rest)
    os.close(writing)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, b"")
    assert out.count(b"\n") == 2 if command == "batch" else b"Saw" in out


@pytest.mark.parametrize("command", ["batch lines", "recommend --async must --format html"])
def test_a_stdout_that_does_not_wait_loses_nothing(command: str, folder: Path) -> None:
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    process = start(*command.split(), folder=folder, stdout=writing)
    os.close(writing)
    time.sleep(1)  # the pipe is full by now
    with os.fdopen(reading, "rb") as source:
        out = source.read()
    _out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, b"")
    assert len(out) > 1 << 16
    assert out.endswith(b'"}\n' if command.startswith("batch") else b"</html>\n")


@pytest.fixture
def _homeless(monkeypatch: pytest.MonkeyPatch) -> None:
    """An account of which nothing but its number is known, as in a container that is told to use one."""

    def nobody(number: int) -> object:
        raise KeyError(number)

    for variable in ("HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(pwd, "getpwuid", nobody)


@pytest.mark.usefixtures("_homeless")
@pytest.mark.parametrize("command", [*COMMANDS.values(), "ask", "recommend --async must --output r.md", "--version"])
def test_an_account_without_a_home_is_advised_like_any_other(
    command: str, folder: Path, advisor: Advisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    ran = advisor(*command.split())
    assert ran.code == (2 if command == "ask" else 0), ran.err
    assert not (folder / "~").exists()


@pytest.mark.usefixtures("_homeless")
def test_completion_is_not_installed_where_there_is_no_home(advisor: Advisor) -> None:
    ran = advisor("--install-completion")
    assert (ran.code, ran.err.splitlines()[0]) == (
        2, "error: --install-completion: there is no home folder to install it in",
    )  # fmt: skip


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 16 KiB, where tests may mount one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", str(disk)]
    if os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root may mount a small disk")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_full_disk_leaves_the_old_file_or_none(small_disk: Path, advisor: Advisor) -> None:
    old = small_disk / "old.html"
    old.write_text("old", encoding="utf-8")
    for target, force in ((small_disk / "new.html", False), (old, True)):
        ran = advisor("recommend", "--async", "must", "--output", str(target), *(["--force"] if force else []))
        assert (ran.code, ran.out, ran.err.count("error: ")) == (2, "", 1)
        assert "No space left" in ran.err
    assert [entry.name for entry in small_disk.iterdir()] == ["old.html"]
    assert old.read_text(encoding="utf-8") == "old"


def test_a_full_disk_leaves_no_example(small_disk: Path, advisor: Advisor) -> None:
    (small_disk / "fill").write_bytes(b"x" * 14_000)
    ran = advisor("examples", "save", "django/json-api", str(small_disk / "out"))
    assert (ran.code, ran.err.count("error: ")) == (2, 1)
    assert [path for path in small_disk.rglob("*") if path.is_file()] == [small_disk / "fill"]


def test_a_full_disk_for_the_cache_costs_nothing_but_time(
    small_disk: Path, tmp_path: Path, advisor: Advisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    (small_disk / "fill").write_bytes(b"x" * 16_000)
    monkeypatch.setenv("XDG_CACHE_HOME", str(small_disk))
    (tmp_path / "tiny.yaml").write_text(TINY, encoding="utf-8")
    assert advisor("recommend", "--rules", str(tmp_path / "tiny.yaml"), "--work", "wood").code == 0
    assert [path.name for path in small_disk.rglob("*") if path.is_file()] == ["fill"]


def test_a_folder_that_cannot_be_written_to_is_one_message(advisor: Advisor) -> None:
    for command in (
        ("recommend", "--async", "must", "--output", "/proc/advice.md"),
        ("rules", "new", "/proc/rules.yaml"),
        ("examples", "save", "flask/json-api", "/proc/out"),
        ("ask", "--save", "/proc/answers.yaml"),
    ):
        ran = advisor(*command)
        assert (ran.code, ran.out, ran.err.count("error: ")) == (2, "", 1)

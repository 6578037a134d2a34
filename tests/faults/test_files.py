"""Files that are missing, no files at all, too large, or not text: one message and exit 2, at once."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Advisor
from tests.fuzz.judging import outcome
from tests.knowledge.tiny import TINY

READERS = {
    "rules": ("recommend", "--rules", "{}"),
    "rules check": ("rules", "check", "--rules", "{}"),
    "answers": ("recommend", "--answers", "{}"),
    "report": ("recommend", "--from", "{}"),
    "verify": ("verify", "{}"),
    "diff": ("diff", "{}", "{}"),
    "batch": ("batch", "{}"),
    "cases": ("rules", "test", "--cases", "{}"),
    "codebase": ("recommend", "--codebase", "{}"),
    "scan": ("scan", "{}"),
}


def missing(folder: Path) -> str:
    return str(folder / "nowhere.yaml")


def under_a_file(folder: Path) -> str:
    (folder / "file.yaml").write_text("x", encoding="utf-8")
    return str(folder / "file.yaml" / "inner.yaml")


def too_long(_folder: Path) -> str:
    return "x" * 300 + ".yaml"


def pipe_without_a_writer(folder: Path) -> str:
    os.mkfifo(folder / "pipe.yaml")
    return str(folder / "pipe.yaml")


def loop_of_links(folder: Path) -> str:
    (folder / "loop.yaml").symlink_to(folder / "loop.yaml")
    return str(folder / "loop.yaml")


def endless(_folder: Path) -> str:
    return "/dev/zero"


def sparse_gibibyte(folder: Path) -> str:
    path = folder / "huge.yaml"
    with path.open("wb") as file:
        file.truncate(1 << 30)
    return str(path)


def nul(folder: Path) -> str:
    (folder / "nul.yaml").write_bytes(b"a: \x00b\n")
    return str(folder / "nul.yaml")


def no_utf8(folder: Path) -> str:
    (folder / "latin.yaml").write_bytes("größe: x\n".encode("latin-1"))
    return str(folder / "latin.yaml")


FAULTS = (missing, under_a_file, too_long, pipe_without_a_writer, loop_of_links, sparse_gibibyte, nul, no_utf8)


CASES = [(fault, reader) for fault in FAULTS for reader in READERS if (fault, reader) != (sparse_gibibyte, "batch")]


@pytest.mark.parametrize(("fault", "reader"), CASES, ids=lambda value: getattr(value, "__name__", value))
def test_a_file_that_is_none_is_refused_at_once(fault: Callable[[Path], str], reader: str, tmp_path: Path) -> None:
    path = fault(tmp_path)
    found = outcome([word.replace("{}", path) for word in READERS[reader]])
    assert found.code == 2, found
    assert "Traceback" not in found.err
    assert "error: " in found.err or found.err.startswith("line 1: ")
    assert found.seconds < 1


def test_batch_goes_on_after_a_line_of_a_quarter_of_a_gibibyte(tmp_path: Path) -> None:
    path = tmp_path / "huge.jsonl"
    with path.open("wb") as file:
        file.truncate(1 << 28)
        file.seek(0, os.SEEK_END)
        file.write(b'\n{"async": "must"}\n')
    found = outcome(["batch", str(path)])
    assert found.code == 2, found
    assert found.err.startswith("line 1: longer than ")
    assert [set(json.loads(line)) for line in found.out.splitlines()] == [{"error"}, {"winners", "state"}]
    assert found.seconds < 4


@pytest.mark.parametrize("reader", [name for name in READERS if name != "batch"])
def test_an_endless_device_is_refused_at_once(reader: str) -> None:
    found = outcome([word.replace("{}", "/dev/zero") for word in READERS[reader]])
    assert (found.code, found.err.count("error: ")) == (2, 1)


@pytest.mark.parametrize("reader", [name for name in READERS if name not in ("codebase", "scan", "cases")])
def test_a_folder_is_no_file(reader: str, tmp_path: Path) -> None:
    found = outcome([word.replace("{}", str(tmp_path)) for word in READERS[reader]])
    assert (found.code, found.err.count("error: ")) == (2, 1)


def test_a_pipe_that_somebody_writes_to_is_read(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.write(writing, b"work: wood\n")
    os.close(writing)
    (tmp_path / "tiny.yaml").write_text(TINY, encoding="utf-8")
    found = outcome(["recommend", "--rules", str(tmp_path / "tiny.yaml"), "--answers", f"/dev/fd/{reading}"])
    os.close(reading)
    assert (found.code, found.err) == (0, "")
    assert "Saw" in found.out


@pytest.mark.parametrize("reader", ["answers", "report", "verify", "batch"])
def test_a_device_without_data_is_not_waited_for(reader: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = os.openpty()
    path = os.ttyname(theirs)
    monkeypatch.setattr(os, "isatty", lambda _handle: False)  # a terminal is waited for
    found = outcome([word.replace("{}", path) for word in READERS[reader]])
    os.close(ours)
    os.close(theirs)
    assert found.code == (0 if reader == "batch" else 2)
    assert found.err.count("error: ") == (reader != "batch")


def test_a_code_base_of_pipes_devices_and_links_is_scanned_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.py")
    os.mkfifo(tmp_path / "requirements.txt")
    os.mkfifo(tmp_path / ".gitignore")
    (tmp_path / "zero.py").symlink_to("/dev/zero")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "nul.py").write_bytes(b"from flask import Flask\x00\n\xff\xfe")
    found = outcome(["scan", str(tmp_path)])
    assert (found.code, found.err) == (0, "")


def test_an_output_that_is_no_file_is_refused(advisor: Advisor, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    (tmp_path / "folder.md").mkdir()
    for path in (tmp_path / "pipe.md", tmp_path / "folder.md", tmp_path / "no" / "where.md", tmp_path / ("x" * 300)):
        ran = advisor("recommend", "--async", "must", "--format", "markdown", "--output", str(path), "--force")
        assert (ran.code, ran.out, ran.err.count("error: ")) == (2, "", 1)
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["folder.md", "pipe.md"]


def test_a_working_folder_that_is_gone_is_one_message(
    advisor: Advisor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    ran = advisor("rules", "new", "x.yaml")
    assert (ran.code, ran.err.count("error: ")) == (2, 1)
    assert advisor("scan").code in (0, 2)

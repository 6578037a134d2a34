"""`advisor scan` without Typer: the same command lines mean the same, and end the same."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.cli import scan as command
from advisor.cli.app import run
from advisor.cli.scanning import Request, plainly_asked
from tests.conftest import Advisor

APP = "from flask import Flask\n\napp = Flask(__name__)\n\n\n@app.get('/')\ndef home():\n    return 'here'\n"

words = st.sampled_from(
    ["--each", "--detail", "--plain", "--no-color", "--format", "--format=json", "--format=text", "--format=xml",
     "json", "text", "src", ".", "", "-", "--", "-h", "--help", "--forma", "--each=1", "a b", "--rules"]
)  # fmt: skip


@given(line=st.lists(words, max_size=5))
def test_a_line_that_needs_no_parser_means_what_typer_takes_it_for(line: list[str]) -> None:
    plain = plainly_asked(["scan", *line])
    if plain is None:
        return
    shown: list[Request] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(command, "show", shown.append)
        assert run(["scan", *line]) == 0
    assert shown == [plain]


@pytest.mark.parametrize(
    "line",
    [
        [],
        ["src"],
        ["--each", "src"],
        ["src", "--format", "json"],
        ["--format=json"],
        ["--detail", "--plain", "--no-color"],
    ],
    ids=" ".join,
)
def test_usual_lines_need_no_parser(line: list[str]) -> None:
    assert plainly_asked(["scan", *line]) is not None


@pytest.mark.parametrize("line", ["--help", "-h", "--format", "--format xml", "a b", "--", "-", "--jobs 2"])
def test_mistakes_and_help_are_left_to_the_parser(line: str) -> None:
    assert plainly_asked(["scan", *line.split()]) is None


def test_shell_completion_is_left_to_the_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_ADVISOR_COMPLETE", "complete_bash")
    assert plainly_asked(["scan"]) is None


def start(*arguments: str) -> tuple[int, str, str]:
    ran = subprocess.run([sys.executable, "-m", "advisor", *arguments], capture_output=True, text=True, check=False)
    return ran.returncode, ran.stdout, ran.stderr


@pytest.mark.parametrize("line", [["--format", "json"], ["--plain"]], ids=" ".join)
def test_the_process_ends_as_the_parsed_line_does(advisor: Advisor, tmp_path: Path, line: list[str]) -> None:
    (tmp_path / "app.py").write_text(APP)
    assert start("scan", str(tmp_path), *line) == advisor("scan", str(tmp_path), *line)


def test_a_folder_that_is_not_there_is_refused_in_both_ways(advisor: Advisor, tmp_path: Path) -> None:
    missing = str(tmp_path / "missing")
    assert start("scan", missing) == advisor("scan", missing)
    assert start("scan", missing)[0] == 2


def test_a_reader_that_has_left_is_no_error_of_a_scan(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(APP)
    done = subprocess.run(
        ["sh", "-c", f"{{ {sys.executable} -m advisor scan {tmp_path}; echo $? >&2; }} | true"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == "0\n"
    full = subprocess.run(
        ["sh", "-c", f"{sys.executable} -m advisor scan {tmp_path} >/dev/full"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (full.returncode, full.stderr) == (
        2,
        "error: the result cannot be written to stdout: No space left on device\n",
    )


def test_a_plain_scan_imports_no_parser(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(APP)
    ran = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "advisor", "scan", str(tmp_path), "--format", "json"],
        capture_output=True,
        text=True,
        check=True,
    )
    imported = {line.rpartition("|")[2].strip() for line in ran.stderr.splitlines()}
    assert "advisor.codebase.read" in imported
    assert not imported & {"typer", "click", "rich", "yaml", "dataclasses", "inspect", "pathlib", "advisor.cli.app"}

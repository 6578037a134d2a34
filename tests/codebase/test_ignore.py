"""Ignore files say what git says."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.codebase.ignore import parse_ignore
from advisor.codebase.markers import load_markers
from advisor.codebase.walk import Places, walk

from .trees import write

PATHS = ["a.py", "b/a.py", "b/c/a.py", "build/x.py", "b/build/x.py", "a b.py", "x[1].py", "#h.py", "!k.py"]

CASES = [
    ("a.py\n", {"a.py", "b/a.py", "b/c/a.py"}),
    ("/a.py\n", {"a.py"}),
    ("b/a.py\n", {"b/a.py"}),
    ("build/\n", {"build/x.py", "b/build/x.py"}),
    ("/build\n", {"build/x.py"}),
    ("b/**/a.py\n", {"b/a.py", "b/c/a.py"}),
    ("**/c\n", {"b/c/a.py"}),
    ("b/**\n", {"b/a.py", "b/c/a.py", "b/build/x.py"}),
    ("*.py\n!a.py\n", {"build/x.py", "b/build/x.py", "a b.py", "x[1].py", "#h.py", "!k.py"}),
    ("b/\n!b/a.py\n", {"b/a.py", "b/c/a.py", "b/build/x.py"}),
    ("\\#h.py\n\\!k.py\n", {"#h.py", "!k.py"}),
    ("?.py\n", {"a.py", "b/a.py", "b/c/a.py", "build/x.py", "b/build/x.py"}),
    ("[!a].py\n", {"build/x.py", "b/build/x.py"}),
    ("[a-b].py   \n", {"a.py", "b/a.py", "b/c/a.py"}),
    ("x\\[1\\].py\n", {"x[1].py"}),
    ("# a.py\n\n   \n", set()),
]


def ignored(folder: Path) -> set[str]:
    kept = {file.path for file in walk(str(folder), Places(load_markers().places)).python}
    return set(PATHS) - kept


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_patterns_mean_what_the_manual_says(tmp_path: Path, text: str, expected: set[str]) -> None:
    write(tmp_path, dict.fromkeys(PATHS, "") | {".gitignore": text})
    assert ignored(tmp_path) == expected


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_git_itself_agrees(tmp_path: Path, text: str, expected: set[str]) -> None:
    git = shutil.which("git")
    assert git is not None
    write(tmp_path, dict.fromkeys(PATHS, "") | {".gitignore": text})
    subprocess.run([git, "init", "-q", "."], cwd=tmp_path, check=True)
    listed = subprocess.run(
        [git, "ls-files", "-z", "--others", "--exclude-standard"],
        cwd=tmp_path, check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert set(PATHS) - set(listed.stdout.split("\0")) == expected


def test_a_deeper_file_has_the_last_word(tmp_path: Path) -> None:
    write(tmp_path, dict.fromkeys(PATHS, "") | {".gitignore": "a.py\n", "b/.gitignore": "!a.py\n"})
    assert ignored(tmp_path) == {"a.py"}


@given(st.text(alphabet="ab*?[]!/\\ #-.\n", max_size=30))
@settings(max_examples=200)
def test_no_text_is_too_strange(text: str) -> None:
    rules = parse_ignore(text, "")
    if rules is not None:
        assert rules.says("a/b.py", "b.py", folder=False) in (True, False, None)

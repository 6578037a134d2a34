"""Ignore files say what git says."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import example, given, settings
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
    ("/b/**\n", {"b/a.py", "b/c/a.py", "b/build/x.py"}),
    ("b[!x]a.py\n", set()),
    ("**/b/**/a.py\n", {"b/a.py", "b/c/a.py"}),
    ("*u*l*/\n", {"build/x.py", "b/build/x.py"}),
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


ABOVE = [
    ({".gitignore": "a.py\n"}, {"a.py", "b/a.py", "b/c/a.py"}),
    ({".gitignore": "/a.py\n/in/side/b/a.py\n"}, {"b/a.py"}),
    ({".gitignore": "a.py\n", "in/.gitignore": "!/side/b/a.py\n"}, {"a.py", "b/c/a.py"}),
    ({"in/.gitignore": "build/\n", "in/side/.gitignore": "!/build/\n"}, {"b/build/x.py"}),
    ({".git/info/exclude": "/in/side/a.py\nb/\n", "in/side/.gitignore": "!b/\n"}, {"a.py"}),
]


@pytest.mark.parametrize(("files", "expected"), ABOVE)
def test_rules_above_the_folder_count_up_to_the_top_of_the_repository(
    tmp_path: Path, files: dict[str, str], expected: set[str]
) -> None:
    git = shutil.which("git")
    assert git is not None
    top = tmp_path / "top"
    write(top, {f"in/side/{path}": "" for path in PATHS})
    subprocess.run([git, "init", "-q", "."], cwd=top, check=True)
    write(top, files)
    (tmp_path / ".gitignore").write_text("*.py\n")
    assert ignored(top / "in" / "side") == expected
    listed = subprocess.run(
        [git, "ls-files", "-z", "--others", "--exclude-standard"],
        cwd=top / "in" / "side", check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert set(PATHS) - set(listed.stdout.split("\0")) == expected


def test_rules_above_count_through_a_link_to_the_folder_and_from_inside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {f"top/in/{path}": "" for path in PATHS} | {"top/.git": "gitdir: elsewhere\n"})
    (tmp_path / "top" / ".gitignore").write_text("/in/a.py\n")
    (tmp_path / "link").symlink_to(tmp_path / "top" / "in")
    monkeypatch.chdir(tmp_path / "top" / "in")
    assert ignored(tmp_path / "link") == ignored(Path()) == {"a.py"}


def test_outside_of_a_repository_nothing_above_counts(tmp_path: Path) -> None:
    write(tmp_path, {f"in/{path}": "" for path in PATHS} | {".gitignore": "*.py\n"})
    assert ignored(tmp_path / "in") == set()


@given(st.text(alphabet="ab*?[]!/\\ #-.\n", max_size=30))
@example("[---]")
@settings(max_examples=200)
def test_no_text_is_too_strange(text: str) -> None:
    rules = parse_ignore(text, "")
    if rules is not None:
        assert rules.says("a/b.py", "b.py", folder=False) in (True, False, None)

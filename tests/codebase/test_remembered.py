"""What a scan found is remembered, and never longer than it is true."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.codebase import Scan, Skipped, conclude, remembered, scan
from advisor.codebase.cache import MOST_ENTRIES, keep
from advisor.codebase.walk import Tree

from .projects import PROJECTS, Project
from .trees import APP, write

FILES = {
    "app.py": APP,
    "models.py": "from flask_sqlalchemy import SQLAlchemy\n\ndb = SQLAlchemy()\n\n\nclass A(db.Model): ...\n",
    "templates/home.html": "{% extends 'a.html' %}\n",
    "requirements.txt": "flask==3.1\n",
    "Procfile": "web: gunicorn app:app\n",
    "Dockerfile.web": "FROM python:3.11\n",
    "db/migrations/1.sql": "CREATE TABLE one (a INTEGER);\n",
    ".gitignore": "secret.py\n",
    "secret.py": "from fastapi import FastAPI\n",
}


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache for each test, in which files count as settled however new they are."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(remembered, "RACY", -(10**18))


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The folders that were read rather than remembered."""
    read: list[str] = []
    concluded = conclude.concluded

    def noted(tree: Tree, *rest: Any) -> Scan:
        read.append(tree.root)
        return concluded(tree, *rest)

    monkeypatch.setattr(conclude, "concluded", noted)
    return read


def entries(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "cache" / "framework-advisor").glob("scan-*"))


@pytest.mark.parametrize("project", PROJECTS, ids=lambda project: project.name)
def test_what_is_remembered_is_what_was_found(project: Project, tmp_path: Path, reads: list[str]) -> None:
    folder = project.write(tmp_path / "project")
    first = scan(folder, jobs=1)
    again = scan(folder, jobs=1)
    assert (again, repr(again), again.as_json()) == (first, repr(first), first.as_json())
    assert len(reads) == 1


def test_the_same_folder_by_another_name_is_the_same(
    tmp_path: Path, reads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write(tmp_path / "one", FILES)
    first = scan(folder)
    (tmp_path / "link").symlink_to(folder)
    monkeypatch.chdir(folder)
    assert scan(tmp_path / "link") == scan(".") == first
    assert len(reads) == 1


def test_another_folder_with_the_same_files_is_read(tmp_path: Path, reads: list[str]) -> None:
    scan(write(tmp_path / "one", FILES))
    scan(write(tmp_path / "two", FILES))
    assert len(reads) == 2


def rewritten_at_the_same_time(folder: Path) -> None:
    before = (folder / "app.py").stat()
    (folder / "app.py").write_text(APP.replace("/'", "*'"), encoding="utf-8")
    os.utime(folder / "app.py", ns=(before.st_atime_ns, before.st_mtime_ns))


def replaced_by_another_file(folder: Path) -> None:
    (folder / "new").write_text(APP, encoding="utf-8")
    before = (folder / "app.py").stat()
    os.utime(folder / "new", ns=(before.st_atime_ns, before.st_mtime_ns))
    (folder / "new").replace(folder / "app.py")


def appended(name: str, text: str = "\n") -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_text((folder / name).read_text(encoding="utf-8") + text)


CHANGES: dict[str, Callable[[Path], object]] = {
    "a file is written anew within the same moment": rewritten_at_the_same_time,
    "a file is replaced by one of the same size and time": replaced_by_another_file,
    "a file grows": appended("models.py"),
    "a file is there": lambda folder: (folder / "more.py").write_text(APP),
    "a file is gone": lambda folder: (folder / "models.py").unlink(),
    "a file has another name": lambda folder: (folder / "models.py").rename(folder / "tables.py"),
    "a file lies elsewhere": lambda folder: (
        write(folder / "tests", {"models.py": ""}) and (folder / "models.py").replace(folder / "tests" / "models.py")
    ),
    "a file may not be read": lambda folder: (folder / "app.py").chmod(0),
    "a file became a folder": lambda folder: (folder / "app.py").unlink() or (folder / "app.py").mkdir(),
    "a page says something else": appended("templates/home.html"),
    "a manifest says something else": appended("requirements.txt", "django\n"),
    "it is started differently": appended("Procfile"),
    "a container holds something else": appended("Dockerfile.web", "CMD uvicorn app:app\n"),
    "a container is there": lambda folder: (folder / "Containerfile.jobs").write_text("FROM python:3.11\n"),
    "a script says something else": lambda folder: (folder / "db/migrations/1.sql").write_text("SELECT 1;\n"),
    "a script is there": lambda folder: (folder / "db/migrations/2.sql").write_text("DROP TABLE one;\n"),
    "a script is gone": lambda folder: (folder / "db/migrations/1.sql").unlink(),
    "another file is ignored": appended(".gitignore", "models.py\n"),
    "a file is no longer ignored": lambda folder: (folder / ".gitignore").unlink(),
    "a folder is a package": lambda folder: write(folder / "templates", {"__init__.py": ""}),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_whatever_changes_is_noticed(tmp_path: Path, change: Callable[[Path], object], reads: list[str]) -> None:
    folder = write(tmp_path / "one", FILES)
    scan(folder)
    change(folder)
    after = scan(folder)
    assert len(reads) == 2
    os.environ["ADVISOR_NO_CACHE"] = "1"
    try:
        assert scan(folder) == after
    finally:
        del os.environ["ADVISOR_NO_CACHE"]


def test_a_rule_above_the_folder_is_noticed(tmp_path: Path, reads: list[str]) -> None:
    write(tmp_path, {f"top/in/{name}": text for name, text in FILES.items()} | {"top/.git/HEAD": ""})
    assert scan(tmp_path / "top" / "in").facts["orm"].present
    write(tmp_path, {"top/.gitignore": "models.py\n"})
    assert not scan(tmp_path / "top" / "in").facts["orm"].present
    assert len(reads) == 2


@pytest.mark.parametrize("of", ["markers", "package", "user"])
def test_what_another_edition_or_user_found_is_not_taken(
    tmp_path: Path, of: str, reads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write(tmp_path / "one", FILES)
    scan(folder)
    if of == "markers":
        places, digest = scan.__globals__["_shipped_places"]()
        monkeypatch.setitem(scan.__globals__, "_shipped_places", lambda: (places, bytes(reversed(digest))))
    elif of == "package":
        monkeypatch.setattr(remembered, "_program", list)
    else:
        monkeypatch.setattr(os, "geteuid", lambda: 12345)
    scan(folder)
    assert len(reads) == 2


def test_what_was_changed_just_now_is_not_remembered(
    tmp_path: Path, reads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may change once more without its times telling."""
    monkeypatch.setattr(remembered, "RACY", 2_000_000_000)
    folder = write(tmp_path / "one", FILES)
    scan(folder)
    assert entries(tmp_path) == []
    monkeypatch.setattr("time.time_ns", lambda: (folder / "app.py").stat().st_ctime_ns + 2_100_000_000)
    scan(folder)
    scan(folder)
    assert len(reads) == 2


def test_what_could_not_be_read_for_the_moment_is_read_the_next_time(tmp_path: Path) -> None:
    folder = write(tmp_path / "one", FILES)
    found = scan(folder)
    (entry,) = entries(tmp_path)
    made = remembered.Made(str(entry), b"12345678", settled=True)
    entry.unlink()
    remembered.remember(made, found._replace(skipped=(Skipped("app.py", os.strerror(5).lower()),)))
    assert entries(tmp_path) == []
    remembered.remember(made, found._replace(skipped=(Skipped("app.py", "permission denied"),)))
    assert entries(tmp_path) == [entry]


@pytest.mark.parametrize("data", [b"", ("short",), 7, {"a": 1}, (*"abcdefghij",)])
def test_an_entry_that_something_else_wrote_says_nothing(tmp_path: Path, data: object, reads: list[str]) -> None:
    folder = write(tmp_path / "one", FILES)
    first = scan(folder)
    (entry,) = entries(tmp_path)
    made = bytes.fromhex(entry.read_bytes()[:16].decode())
    keep(str(entry), made, data)
    assert scan(folder) == first
    assert len(reads) == 2


def test_nothing_is_kept_where_nothing_is_to_be_kept(
    tmp_path: Path, reads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ADVISOR_NO_CACHE", "1")
    folder = write(tmp_path / "one", FILES)
    assert scan(folder) == scan(folder)
    assert len(reads) == 2
    assert not (tmp_path / "cache").exists()


def test_a_cache_that_cannot_be_written_costs_only_time(tmp_path: Path, reads: list[str]) -> None:
    (tmp_path / "cache").write_text("a file", encoding="utf-8")
    folder = write(tmp_path / "one", FILES)
    assert scan(folder) == scan(folder)
    assert len(reads) == 2


def test_the_oldest_scans_are_forgotten(tmp_path: Path) -> None:
    folder = tmp_path / "cache" / "framework-advisor"
    folder.mkdir(parents=True)
    for number in range(MOST_ENTRIES + 20):
        old = folder / f"scan-{number}.data"
        old.touch()
        os.utime(old, ns=(number, number))
    (folder / "markers-1.data").touch()
    os.utime(folder / "markers-1.data", ns=(0, 0))
    keep(str(folder / "scan-new.data"), b"12345678", (1,))
    left = {path.name for path in folder.iterdir()}
    assert len(left) == MOST_ENTRIES + 1
    assert {"scan-new.data", "markers-1.data", f"scan-{MOST_ENTRIES + 19}.data"} <= left
    assert "scan-20.data" not in left


NAMES = st.sampled_from(["app.py", "views.py", "tests/test_a.py", "requirements.txt", "templates/a.html", ".gitignore"])
TEXTS = st.sampled_from(
    ["", APP, APP * 2, "import django\n", "flask\n", "{% extends 'b' %}\n", "app.py\n", "views.py\n"]
)


@given(st.lists(st.tuples(NAMES, TEXTS), min_size=1, max_size=6))
@settings(max_examples=60)
def test_after_any_changes_the_answer_is_that_of_a_first_scan(
    tmp_path_factory: pytest.TempPathFactory, edits: list[tuple[str, str]]
) -> None:
    folder = tmp_path_factory.mktemp("edited")
    for name, text in edits:
        write(folder, {name: text})
        found = scan(folder, jobs=1)
        os.environ["ADVISOR_NO_CACHE"] = "1"
        try:
            assert scan(folder, jobs=1) == found
        finally:
            del os.environ["ADVISOR_NO_CACHE"]
    shutil.rmtree(folder)

"""A whole file put in its place in one step, with and without a file system that has nameless files."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path

import pytest

from advisor.placing import ABANDONED, WholeFile, at_home


@pytest.fixture(params=["nameless", "named"], autouse=True)
def _both_ways(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "named":
        monkeypatch.delattr(os, "O_TMPFILE", raising=False)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def left_behind(target: Path) -> Path:
    path = target.with_name(f".{target.name}.0123456789ab.tmp")
    path.write_bytes(b"part")
    return path


def test_a_file_has_no_name_of_its_own_before_it_is_put_and_none_after_it_was_not(tmp_path: Path) -> None:
    with WholeFile(tmp_path / "a", b"text"):
        assert "a" not in names(tmp_path)
    assert names(tmp_path) == []


@pytest.mark.parametrize("replace", [False, True])
def test_a_new_file_is_put_in_its_place(tmp_path: Path, replace: bool) -> None:
    with WholeFile(tmp_path / "a", b"text") as whole:
        whole.put(replace=replace)
    assert (names(tmp_path), (tmp_path / "a").read_bytes()) == (["a"], b"text")


def test_what_is_there_is_replaced_only_when_asked(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    with WholeFile(tmp_path / "a", b"text") as whole, pytest.raises(FileExistsError):
        whole.put(replace=False)
    assert (names(tmp_path), (tmp_path / "a").read_bytes()) == (["a"], b"old")
    with WholeFile(tmp_path / "a", b"text") as whole:
        whole.put(replace=True)
    assert (names(tmp_path), (tmp_path / "a").read_bytes()) == (["a"], b"text")


def test_without_hard_links_a_file_that_is_there_is_kept_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_arguments: object, **_settings: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.delattr(os, "O_TMPFILE", raising=False)
    monkeypatch.setattr(os, "link", refused)
    with WholeFile(tmp_path / "a", b"text") as whole:
        whole.put(replace=False)
    with WholeFile(tmp_path / "a", b"other") as whole, pytest.raises(FileExistsError):
        whole.put(replace=False)
    assert (names(tmp_path), (tmp_path / "a").read_bytes()) == (["a"], b"text")


def test_what_a_killed_writer_left_is_removed_at_once_but_not_what_somebody_is_writing(tmp_path: Path) -> None:
    left = left_behind(tmp_path / "a")
    others = left_behind(tmp_path / "b")
    written = tmp_path / ".a.written.tmp"
    with written.open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        with WholeFile(tmp_path / "a", b"text") as whole:
            whole.put(replace=True)
    assert not left.exists()
    assert names(tmp_path) == sorted(["a", others.name, written.name])


def test_a_name_with_signs_of_patterns_removes_only_its_own(tmp_path: Path) -> None:
    left, others = left_behind(tmp_path / "[ab]*"), left_behind(tmp_path / "a")
    with WholeFile(tmp_path / "[ab]*", b"text"):
        assert not left.exists()
    assert others.exists()


def test_where_files_cannot_be_locked_age_tells_what_was_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_arguments: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(fcntl, "flock", refused)
    left = left_behind(tmp_path / "a")
    with WholeFile(tmp_path / "a", b"text"):
        assert left.exists()
    os.utime(left, times=(time.time() - 2 * ABANDONED,) * 2)
    with WholeFile(tmp_path / "a", b"text"):
        assert not left.exists()


def test_a_folder_that_may_be_written_to_but_not_read_takes_files(tmp_path: Path) -> None:
    tmp_path.chmod(0o333)
    child = os.fork()
    if not child:
        try:
            os.chdir(tmp_path)
            if os.geteuid() == 0:
                os.setuid(65534)  # the superuser may read anything
            for text in (b"old", b"new"):
                with WholeFile(Path("a"), text) as whole:
                    whole.put(replace=True)
            os._exit(0)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    tmp_path.chmod(0o700)
    assert (names(tmp_path), (tmp_path / "a").read_bytes()) == (["a"], b"new")


def test_a_home_that_is_not_known_leaves_the_path_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/somebody")
    assert at_home("~/a") == Path("/home/somebody/a")
    assert at_home("~nobody-of-this-name/a") == Path("~nobody-of-this-name/a")
    assert at_home("./~") == Path("~")

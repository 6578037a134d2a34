"""The cache gives back exactly what was checked, for exactly the bytes it was made from, or nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.knowledge import cache, load_rules
from advisor.knowledge.files import rules_path
from advisor.knowledge.load import load_from_source

from .tiny import TINY, changed, written

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def entry_of(path: Path) -> Path:
    return cache.path_for(path)


def test_a_round_trip_through_json_changes_nothing() -> None:
    rules = load_from_source(rules_path()).rules
    assert cache.from_plain(json.loads(cache.to_text(rules))) == rules


def test_the_second_load_parses_nothing(tmp_path: Path) -> None:
    path = written(tmp_path, TINY)
    first = load_rules(path)
    asked = (
        "import sys; from advisor.knowledge import load_rules; rules = load_rules(sys.argv[1]);"
        "print(rules.name, sorted({'yaml', 'pydantic', 'hashlib'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", asked, str(path)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "tiny []\n"
    assert load_rules(path) == first


def test_nothing_is_kept_where_nothing_is_to_be_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADVISOR_NO_CACHE", "1")
    path = written(tmp_path, TINY)
    assert load_rules(path) == load_rules(path)
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize("what", ["rules", "parent", "examples"])
def test_a_change_of_any_input_is_seen(tmp_path: Path, what: str) -> None:
    written(tmp_path, TINY, "base.yaml")
    path = written(tmp_path, 'format: 1\nname: top\nversion: "1"\nextends: ./base.yaml\n')
    before = load_rules(path)
    assert load_rules(path) == before
    if what == "rules":
        written(tmp_path, 'format: 1\nname: top\nversion: "2"\nextends: ./base.yaml\n')
    elif what == "parent":
        written(tmp_path, changed(("title: Two tools", "title: Both tools")), "base.yaml")
    else:
        written(tmp_path, "topics: {}\nexamples: {}\n", "examples.yaml")
    after = load_rules(path)
    assert after.digest != before.digest
    assert load_rules(path) == after


def test_the_same_bytes_have_the_same_digest_wherever_they_are(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    assert load_rules(written(tmp_path, TINY)).digest == load_rules(written(tmp_path / "other", TINY)).digest


@settings(max_examples=80, derandomize=True)
@given(place=st.floats(0, 1, exclude_max=True), byte=st.integers(0, 255), cut=st.booleans())
def test_a_damaged_entry_is_never_used(tmp_path: Path, place: float, byte: int, *, cut: bool) -> None:
    path = written(tmp_path, TINY)
    sound = load_rules(path)
    entry = entry_of(path)
    content = entry.read_bytes()
    at = int(place * len(content))
    entry.write_bytes(content[:at] if cut else content[:at] + bytes([byte]) + content[at + 1 :])
    assert load_rules(path) == sound
    # Whatever was wrong has been put right, or was no harm (another blank in the first line).
    assert cache.look_up(path) == sound


@pytest.mark.parametrize(
    "junk", [b"", b"{}", b"[]\n[]", b"null\nnull", b"\xff\xfe", b'{"format": 1}\n[]', b"[" * 100_000, b"1" * 10_000]
)
def test_an_entry_that_something_else_wrote_is_ignored(tmp_path: Path, junk: bytes) -> None:
    path = written(tmp_path, TINY)
    sound = load_rules(path)
    entry_of(path).write_bytes(junk)
    assert load_rules(path) == sound


def test_a_pipe_or_a_device_in_place_of_an_entry_is_not_waited_for(tmp_path: Path) -> None:
    path = written(tmp_path, TINY)
    load_rules(path)
    entry_of(path).unlink()
    os.mkfifo(entry_of(path))
    assert load_rules(path).name == "tiny"
    assert entry_of(path).is_file()
    entry_of(path).unlink()
    entry_of(path).symlink_to("/dev/zero")
    assert load_rules(path).name == "tiny"


def test_a_pipe_or_a_link_where_an_entry_is_written_is_neither_waited_for_nor_followed(tmp_path: Path) -> None:
    path = written(tmp_path, TINY)
    load_rules(path)
    entry, precious = entry_of(path), tmp_path / "precious"
    beside = entry.with_name(f"{entry.name}.new")
    precious.write_text("precious", encoding="utf-8")
    for make in (lambda: os.mkfifo(beside), lambda: beside.symlink_to(precious)):
        entry.unlink()
        make()
        assert load_rules(path).name == "tiny"
        assert not os.path.lexists(beside)
        load_rules(path)
        assert entry.is_file()
    assert precious.read_text(encoding="utf-8") == "precious"


def test_an_entry_that_names_another_optional_file_is_ignored(tmp_path: Path) -> None:
    path = written(tmp_path, TINY)
    load_rules(path)
    entry = entry_of(path)
    entry.write_bytes(entry.read_bytes().replace(b"examples.yaml", b"exampIes.yaml", 1))
    assert cache.look_up(path) is None


def test_an_entry_with_a_right_checksum_and_a_wrong_shape_is_ignored(tmp_path: Path) -> None:
    path = written(tmp_path, TINY)
    sound = load_rules(path)
    head, _, _ = entry_of(path).read_bytes().partition(b"\n")
    body = b'["tiny","1","Two tools","tools",[],{}]'
    stated = json.loads(head)
    forged = {**stated, "sum": cache.checksum(stated["inputs"], body)}
    entry_of(path).write_bytes(json.dumps(forged).encode() + b"\n" + body)
    assert load_rules(path) == sound


def test_a_cache_that_cannot_be_written_costs_nothing_but_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, TINY)
    (tmp_path / "a file").write_text("", encoding="utf-8")
    for place in (tmp_path / "a file", Path("/proc/nothing"), Path("/dev/full")):
        monkeypatch.setenv("XDG_CACHE_HOME", str(place))
        assert load_rules(path).name == "tiny"


def test_a_write_that_fails_half_way_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, TINY)

    def full(handle: int, _mode: str) -> object:
        os.write(handle, b"half")
        os.close(handle)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fdopen", full)
    assert load_rules(path).name == "tiny"
    assert list(cache.folder().iterdir()) == []


def test_a_relative_cache_home_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "cache")
    assert cache.folder() == Path("~/.cache/framework-advisor").expanduser()


def test_rules_are_found_by_variable_name_and_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, TINY)
    assert load_rules().name == load_rules("web-frameworks").name == "web-frameworks"
    monkeypatch.setenv("ADVISOR_RULES", str(path))
    assert load_rules().name == load_rules(str(path)).name == load_rules(path).name == "tiny"
    monkeypatch.chdir(tmp_path)
    assert load_rules("rules.yaml").name == "tiny"
    assert os.fspath(rules_path("rules.yaml")) == "rules.yaml"

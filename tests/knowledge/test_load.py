"""A sound file becomes the model that it describes, however it is written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.knowledge import load_rules, nodes
from advisor.knowledge.defects import RulesError
from advisor.knowledge.files import read_file, rules_directory, rules_path
from advisor.knowledge.model import Requirement, Rules, Weight

from .tiny import TINY, changed, written


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def tiny(tmp_path: Path) -> Rules:
    return load_rules(written(tmp_path, TINY))


def test_a_level_follows_from_the_word(tiny: Rules) -> None:
    speed = tiny.criterion("speed")
    assert {name: (rating.word, rating.level) for name, rating in speed.ratings.items()} == {
        "hammer": ("Fast", 4),
        "saw": ("OK", 2),
    }
    assert [(step.level, step.words) for step in speed.scale] == [(0, ("Slow",)), (2, ("Fine", "OK")), (4, ("Fast",))]


def test_the_level_of_a_match_is_the_number_of_its_kind(tiny: Rules) -> None:
    style = tiny.criterion("style")
    assert [rating.level for rating in style.ratings.values()] == [0, 1]
    assert style.word_of(1) == "Quiet"


def test_no_is_a_word_and_not_a_boolean(tiny: Rules) -> None:
    assert tiny.need("haste").choice_ids == ("no", "must")
    smooth = tiny.need("finish").choice("smooth")
    assert smooth.weights[1].when == (("haste", ("no",)),)


def test_weights_and_requirements_keep_their_conditions(tiny: Rules) -> None:
    must = tiny.need("haste").choice("must")
    assert must.weights == (
        Weight("speed", 3, None, (), ()),
        Weight("style", 2, {"Quiet": 4}, (("work", ("wood",)),), ()),
    )
    assert must.requirements == (Requirement("speed", 2, True, "there is no time", (), ()),)


def test_an_unquoted_version_keeps_its_last_digit(tmp_path: Path) -> None:
    assert load_rules(written(tmp_path, changed(('version: "1"', "version: 2026.10")))).version == "2026.10"


def test_a_mapping_by_id_means_the_same_as_a_list(tmp_path: Path, tiny: Rules) -> None:
    data = nodes.plain(nodes.parse(TINY.encode(), "tiny", []))
    for section in ("criteria", "needs", "remedies", "caveats", "splits"):
        data[section] = {entry.pop("id"): entry for entry in data[section]}
    for need in data["needs"].values():
        need["choices"] = {choice.pop("id"): choice for choice in need["choices"]}
    by_id = load_rules(written(tmp_path, json.dumps(data), "by-id.yaml"))
    assert by_id._replace(digest=tiny.digest) == tiny


def test_a_byte_order_mark_and_windows_line_ends_change_nothing(tmp_path: Path, tiny: Rules) -> None:
    path = tmp_path / "windows.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + TINY.replace("\n", "\r\n").encode())
    assert load_rules(path)._replace(digest=tiny.digest) == tiny


def test_aliases_are_read(tmp_path: Path) -> None:
    shared = changed(
        ("weights: {reach: 3}", "weights: &same {reach: 3}"),
        ("weights: {speed: 2}", "weights: *same"),
    )
    wood, nails = load_rules(written(tmp_path, shared)).need("work").choices
    assert wood.weights == nails.weights


def test_the_shipped_rules_lie_beside_their_examples() -> None:
    assert rules_path() == rules_directory() / "web-frameworks.yaml"
    rules = load_rules()
    assert Path(rules.folder) == rules_directory()
    assert all((rules_directory() / file).is_file() for example in rules.examples for file in example.files)


def test_defects_of_the_examples_are_told_with_their_file_and_line(tmp_path: Path) -> None:
    written(tmp_path, "topics: {}\nexamples:\n  axe: {}\n", "examples.yaml")
    with pytest.raises(RulesError) as caught:
        load_rules(written(tmp_path, TINY))
    [defect] = caught.value.defects
    assert (defect.file, defect.line) == (str(tmp_path / "examples.yaml"), 3)
    assert 'unknown alternative "axe"' in defect.message


def test_what_is_read_has_a_limit(tmp_path: Path) -> None:
    assert read_file(written(tmp_path, "a")) == b"a"


LINES = TINY.splitlines(keepends=True)
MUTATION = st.one_of(
    st.tuples(st.just("drop"), st.integers(0, len(LINES) - 1), st.just("")),
    st.tuples(st.just("double"), st.integers(0, len(LINES) - 1), st.just("")),
    st.tuples(st.just("swap"), st.integers(0, len(LINES) - 2), st.just("")),
    st.tuples(st.just("indent"), st.integers(0, len(LINES) - 1), st.sampled_from(["  ", "- ", "\t"])),
    st.tuples(
        st.just("insert"),
        st.integers(0, len(TINY) - 1),
        st.one_of(
            st.sampled_from(
                [
                    "null",
                    "~",
                    "{}",
                    "[]",
                    "[",
                    "}",
                    ": ",
                    "*a",
                    "&a ",
                    "!!str ",
                    "<<: ",
                    "0",
                    "-1",
                    "1e9",
                    "no",
                    "\0",
                    "\x1b",
                ]
            ),
            st.text(max_size=5),
        ),
    ),
    st.tuples(st.just("cut"), st.integers(0, len(TINY) - 1), st.integers(1, 12).map(str)),
)


def mutate(text: str, mutation: tuple[str, int, str]) -> str:
    kind, at, what = mutation
    lines = text.splitlines(keepends=True)
    line = min(at, len(lines) - 1) if lines else 0
    match kind:
        case "drop":
            return "".join(lines[:line] + lines[line + 1 :])
        case "double":
            return "".join(lines[: line + 1] + lines[line : line + 1] + lines[line + 1 :])
        case "swap":
            return "".join(lines[:line] + lines[line + 1 : line + 2] + lines[line : line + 1] + lines[line + 2 :])
        case "indent":
            return "".join(lines[:line] + [what + part for part in lines[line : line + 1]] + lines[line + 1 :])
        case "insert":
            return text[:at] + what + text[at:]
    return text[:at] + text[at + int(what) :]


@settings(max_examples=150, derandomize=True)
@given(mutations=st.lists(MUTATION, min_size=1, max_size=4))
def test_mutated_rules_are_read_or_refused_but_never_break_the_program(
    tmp_path: Path, mutations: list[tuple[str, int, str]]
) -> None:
    text = TINY
    for mutation in mutations:
        text = mutate(text, mutation)
    path = tmp_path / "rules.yaml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    refused: RulesError | None = None
    try:
        load_rules(path)
    except RulesError as error:
        refused = error
    if refused is not None:
        assert refused.defects
        assert refused.message.replace("\n  ", "").isprintable()
        assert all(defect.message and defect.file == str(path) for defect in refused.defects)

"""A report gives its advice again, byte for byte, and tells when today's rules no longer do."""

from __future__ import annotations

import contextlib
import io
import json
import random
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.decision import recommend
from advisor.decision.answers import Answer
from advisor.errors import AdvisorError
from advisor.knowledge import load_rules
from advisor.knowledge.model import Rules
from advisor.report.json_format import to_json
from advisor.report.options import ReportOptions
from advisor.report.replay import LARGEST_REPORT, answers_of, parse_report, read_report, verify

from .made_by_hand import small_rules

OPTIONS = ReportOptions(title="T", project="P", author="A", status="accepted", date="2026-11-22")
GIVEN = {
    "load": Answer(("high",), "scan", ("app/main.py:7 a queue",)),
    "docs": Answer(("no", "must"), "file"),
}


@pytest.fixture(scope="module")
def shipped() -> Rules:
    return load_rules()


def recorded(rules: Rules | None = None, answers: Any = None) -> str:
    return to_json(recommend(rules or small_rules(), GIVEN if answers is None else answers), provenance=OPTIONS)


def edited(**changes: object) -> str:
    return json.dumps({**json.loads(recorded()), **changes})


def random_answers(rules: Rules, seed: int) -> dict[str, Answer]:
    """Answers in many shapes: known, partly known, absent; needs that may not apply are left out."""
    chance = random.Random(seed)
    given: dict[str, Answer] = {}
    for need in rules.needs:
        if need.applies_when or chance.random() < 0.3:
            continue
        size = chance.choice([1, 1, 1, 2])
        choices = chance.sample(need.choice_ids, min(size, len(need.choice_ids)))
        ordered = tuple(choice for choice in need.choice_ids if choice in choices)
        given[need.id] = Answer(ordered, chance.choice(["flag", "set", "file", "scan", "prompt"]), ("a.py:1 x",))
    return given


@pytest.mark.parametrize("seed", range(8))
def test_a_report_of_the_shipped_rules_gives_the_same_bytes_again(shipped: Rules, seed: int) -> None:
    text = recorded(shipped, random_answers(shipped, seed))
    report = parse_report(text)
    again = to_json(recommend(shipped, answers_of(report, shipped)), provenance=report.options)
    assert again == text
    found = verify(report, shipped)
    assert found.holds
    assert found.moved == ()


def test_origins_evidence_and_sets_come_back() -> None:
    report = parse_report(recorded())
    assert answers_of(report, small_rules()) == GIVEN
    assert report.options == OPTIONS


def test_a_report_is_read_from_a_file_and_from_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "r.json"
    file.write_text(recorded(), encoding="utf-8")
    assert read_report(file).winners == ("swift",)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(recorded().encode())))
    assert read_report("-").where == "standard input"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "r.json: not a report: line 1, column 1: Expecting value"),
        (b"\xff", "r.json: not a report: its bytes are not UTF-8"),
        (b"[]", "r.json: not a report: it holds no JSON object"),
        (b"{}", 'r.json: not a report: "schema_version" is missing'),
        (b'{"schema_version": 1}', 'r.json: not a report: "schema_version" is missing'),
        (b'{"schema_version": "2.0"}', 'r.json: written as format "2.0"; this version reads 1.0'),
        (b'{"schema_version": "1.0"}', 'r.json: not a report: "tool" is missing'),
        (b'{"a": 1, "a": 2}', 'r.json: not a report: "a" stands twice in one object'),
        (b"[" * 100_000, "r.json: not a report: it is nested too deeply"),
        (b'{"schema_version": "1.7", "tool": []}', 'r.json: not a report: "tool" holds something other than an object'),
    ],
)
def test_broken_and_foreign_documents_are_refused(data: bytes, message: str) -> None:
    with pytest.raises(AdvisorError) as caught:
        parse_report(data, "r.json")
    assert caught.value.message == message
    assert caught.value.hint


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"tool": {"name": "other", "version": "1"}}, "it was not written by framework-advisor"),
        ({"answers": {"load": {"origin": "flag"}}}, '"choices" is missing'),
        ({"answers": {"load": {"choices": [], "origin": "flag"}}}, "the answer to load has no choices"),
        ({"answers": {"load": {"choices": [1], "origin": "flag"}}}, '"choices" holds something other than text'),
        ({"answers": {"load": {"choices": ["high"], "origin": "fla"}}}, 'did you mean "flag"?'),
        ({"verdict": {"winners": "swift"}}, '"winners" is not a list'),
        ({"ranking": [{"alternative": 1}]}, '"alternative" is not text'),
        ({"ranking": [{"alternative": "a", "score": "9"}]}, '"score" is not a number'),
        ({"report": {"title": 7}}, '"title" is not text'),
    ],
)
def test_a_field_of_the_wrong_shape_is_named(changes: dict[str, object], message: str) -> None:
    with pytest.raises(AdvisorError) as caught:
        parse_report(edited(**changes))
    assert message in caught.value.message


def test_a_file_that_is_missing_a_directory_or_too_large_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AdvisorError, match="No such file"):
        read_report(tmp_path / "no.json")
    with pytest.raises(AdvisorError, match="Is a directory"):
        read_report(tmp_path)
    large = tmp_path / "large.json"
    with large.open("wb") as file:
        file.truncate(LARGEST_REPORT + 1)
    with pytest.raises(AdvisorError, match="larger than 32 MiB"):
        read_report(large)


def test_a_report_that_would_take_long_to_read_is_refused_at_once() -> None:
    with pytest.raises(AdvisorError, match="more than 1,000,000 values"):
        parse_report("[" + "0," * 2_000_001)
    keys = ",".join(f'"{number}":0' for number in range(50_000))
    with pytest.raises(AdvisorError, match='"49999" stands twice'):
        parse_report("{" + keys + ',"49999":1}')


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from(sorted(json.loads(recorded()))), JSON)
def test_any_value_in_any_place_is_read_or_refused_clearly(key: str, value: object) -> None:
    with contextlib.suppress(AdvisorError):
        verify(parse_report(edited(**{key: value})), small_rules())


def test_answers_that_the_rules_do_not_know_are_refused_with_the_place() -> None:
    report = parse_report(edited(answers={"lod": {"choices": ["high"], "origin": "flag"}}), "old.json")
    with pytest.raises(AdvisorError) as caught:
        answers_of(report, small_rules())
    assert caught.value.message == 'old.json: unknown need "lod"'


def test_a_report_made_with_other_rules_is_refused() -> None:
    report = parse_report(recorded())
    with pytest.raises(AdvisorError, match='made with the rules "small", not with "large"'):
        verify(report, small_rules()._replace(name="large"))


def moved_rules(swift_speed: int, word: str) -> Rules:
    rules = small_rules()
    speed, docs = rules.criteria
    rating = speed.ratings["swift"]._replace(level=swift_speed, word=word)
    speed = speed._replace(ratings={**speed.ratings, "swift": rating})
    return rules._replace(criteria=(speed, docs), digest="sha256:4567")


def test_a_rating_that_moved_is_told_with_what_it_changes() -> None:
    """With speed 1, Swift has 3·1 = 3 points against Steady's 6 when docs is not yet known."""
    found = verify(parse_report(recorded()), moved_rules(1, "Slow"))
    assert not found.holds
    assert (found.before, found.after) == (("swift",), ("steady",))
    assert [moved.text for moved in found.moved if moved.what != "score"] == [
        'the rules "small" 1 were changed since (sha256:4567)',
        "the pick was Swift and is Steady",
        *[moved.text for moved in found.moved if moved.what == "state"],
        "Swift, Speed: was Fast and is Slow",
    ]


def test_a_rating_that_moved_without_effect_lets_the_advice_hold() -> None:
    found = verify(parse_report(recorded()), moved_rules(4, "Very fast"))
    assert found.holds
    assert [moved.what for moved in found.moved] == ["rules", "rating"]


def test_answers_that_the_rules_lost_are_left_out_and_told() -> None:
    rules = small_rules()
    load, _docs, style = rules.needs
    found = verify(parse_report(recorded()), rules._replace(needs=(load, style), digest="sha256:89"))
    assert 'the rules no longer ask "docs"; its answer is left out' in [moved.text for moved in found.moved]


def test_an_edited_report_is_told_even_when_the_pick_is_the_same() -> None:
    found = verify(parse_report(recorded().replace("It is compiled.", "It is magic.")), small_rules())
    assert found.holds
    assert [moved.what for moved in found.moved] == ["report"]
    pretended = verify(
        parse_report(recorded().replace('"winners": [\n      "swift"', '"winners": [\n      "plain"')), small_rules()
    )
    assert not pretended.holds


def test_figures_of_a_code_base_come_back_and_are_no_edit(shipped: Rules) -> None:
    advice = recommend(shipped, {"legacy": "django", "pain": "none"})
    assert advice.legacy is not None
    text = to_json(advice._replace(legacy=advice.legacy._replace(figures=("212 routes would move.",))))
    report = parse_report(text)
    assert report.figures == ("212 routes would move.",)
    found = verify(report, shipped)
    assert found.moved == ()
    assert to_json(found.today) == text


def test_a_newer_tool_is_told() -> None:
    found = verify(parse_report(edited(tool={"name": "framework-advisor", "version": "0.0.1"})), small_rules())
    assert [moved.what for moved in found.moved] == ["tool"]
    assert found.holds

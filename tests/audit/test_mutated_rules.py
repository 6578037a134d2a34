"""Whatever is done to the data of a rules file: it is refused with every defect placed, or all the tools work on it."""

from __future__ import annotations

import copy
import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.audit.cases import load_cases, run_cases
from advisor.audit.check import audit
from advisor.audit.coverage import cover
from advisor.decision import recommend
from advisor.knowledge import nodes
from advisor.knowledge.defects import RulesError
from advisor.knowledge.load import load_from_source
from advisor.knowledge.merged import as_yaml
from advisor.knowledge.model import Rules
from tests.audit.test_cases import CASES
from tests.knowledge.tiny import TINY

VALUES: list[Any] = [
    *(
        None,
        True,
        False,
        0,
        1,
        -1,
        4,
        5,
        101,
        10**17,
        "",
        "no",
        "yes",
        "1",
        "\x1b[31m",
        "é",
        "{current} {x}",
        "2026-02-30",
    ),
    *("hammer", "saw", "speed", "style", "work", "haste", "wood", "must", "match", "grade", "https://example.org"),
    *([], {}, [[]], {"a": {}}, {"speed": 1}, ["wood"], {"work": "wood"}, {"haste": ["must"]}, {"id": "x"}),
    *([{"id": "speed"}], [{"criterion": "speed", "weight": 2}]),
]
KEYS: list[Any] = [
    *("id", "weights", "when", "unless", "fit", "scale", "ratings", "kind", "choices", "requires", "applies_when"),
    *("speed", "saw", "hammer", "group", "extends", "legacy", "lifts", "word", "cases", "answers", 0, 4, None, True),
]
EXTENSION = {
    "format": 1,
    "name": "top",
    "version": "7",
    "extends": "./base.yaml",
    "criteria": {"speed": {"ratings": {"saw": "Slow"}}, "style": None},
    "needs": [{"id": "haste", "choices": {"must": None, "some": {"label": "x", "weights": {"speed": 2}}}}],
    "alternatives": {"saw": None},
    "groups": {"motion": None},
    "legacy": {"current": {"wood": None}},
}


def data_of(text: str) -> Any:
    return nodes.plain(nodes.parse(text.encode(), "data", []))


def places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [path, *(place for key, value in inner for place in places(value, (*path, key)))]


def mutated(data: Any, seed: int) -> Any:
    """Return data with a few parts replaced, removed, copied elsewhere or added."""
    dice = random.Random(seed)
    data = copy.deepcopy(data)
    for _ in range(dice.choice([1, 1, 2, 3, 6])):
        *way, last = dice.choice(places(data)[1:] or [(None,)])
        holder = data
        for part in way:
            holder = holder[part]
        match dice.choice(["replace", "replace", "remove", "copy", "add"]):
            case "remove" if last is not None:
                del holder[last]
            case "copy":
                source = data
                for part in dice.choice(places(data)):
                    source = source[part]
                holder[last] = copy.deepcopy(source)
            case "add" if isinstance(holder, dict):
                holder[dice.choice(KEYS)] = copy.deepcopy(dice.choice(VALUES))
            case _ if last is not None:
                holder[last] = copy.deepcopy(dice.choice(VALUES))
    return data


def refusal(path: Path) -> tuple[Rules | None, RulesError | None]:
    try:
        loaded = load_from_source(path)
    except RulesError as error:
        return None, error
    assert as_yaml(loaded.tree)
    return loaded.rules, None


def assert_told(refused: RulesError) -> None:
    assert refused.defects
    assert all(defect.message and str(defect).isprintable() for defect in refused.defects)


@pytest.mark.parametrize("kind", ["alone", "on top"])
@settings(max_examples=60, derandomize=True)
@given(seed=st.integers(0, 2**32))
def test_mutated_rules_are_refused_or_every_tool_works_on_them(tmp_path: Path, kind: str, seed: int) -> None:
    (tmp_path / "base.yaml").write_text(TINY, encoding="utf-8")
    path = tmp_path / "rules.yaml"
    # JSON is YAML, and has no way to write what is no data.
    path.write_text(json.dumps(mutated(data_of(TINY) if kind == "alone" else EXTENSION, seed)), encoding="utf-8")
    rules, refused = refusal(path)
    if refused is not None:
        assert_told(refused)
    if rules is not None:
        audit(rules, effort=1_000_000, sample=20)
        # An answer to a need that may not apply could be refused, which other tests look at.
        for need in (need for need in rules.needs if not need.applies_when):
            for choice in need.choice_ids:
                assert recommend(rules, {need.id: choice}).rules == rules


@settings(max_examples=60, derandomize=True)
@given(seed=st.integers(0, 2**32))
def test_mutated_cases_are_refused_or_run(tmp_path: Path, seed: int) -> None:
    (tmp_path / "rules.yaml").write_text(TINY, encoding="utf-8")
    rules = load_from_source(tmp_path / "rules.yaml").rules
    path = tmp_path / "cases.yaml"
    path.write_text(json.dumps(mutated(data_of(CASES), seed)), encoding="utf-8")
    refused: RulesError | None = None
    try:
        cases = load_cases(rules, [path])
    except RulesError as error:
        refused = error
    if refused is not None:
        assert_told(refused)
    else:
        assert len(run_cases(rules, cases)) == len(cases.cases)
        cover(rules, cases.cases)

"""Two editions of rules side by side: every part that moved, and every project whose advice moves with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from advisor.audit.cases import load_cases
from advisor.audit.difference import compare_rules
from advisor.knowledge.load import load_from_source
from advisor.knowledge.model import Rules
from tests.audit.test_cases import CASES
from tests.knowledge.tiny import changed, written


def rules_of(folder: Path, *changes: tuple[str, str]) -> Rules:
    return load_from_source(written(folder, changed(*changes))).rules


MOVES = {
    "a rating": (("saw: OK", "saw: Slow"), "criteria › speed › ratings › saw: OK (2) → Slow (0)"),
    "a word": (("saw: OK", "saw: Fine"), "criteria › speed › ratings › saw: OK (2) → Fine (2)"),
    "a weight": (
        ("weights: {reach: 3}", "weights: {reach: 4}"),
        "needs › work › choices › wood › weights › reach: 3 → 4",
    ),
    "a fit": (
        ("fit: {Quiet: 4}", "fit: {Quiet: 3}"),
        (
            "needs › haste › choices › must › weights › style: "
            "2 fit Quiet 4 when work is wood → 2 fit Quiet 3 when work is wood"
        ),
    ),
    "a requirement": (
        ("at_least: Fine", "at_least: Fast"),
        "needs › haste › choices › must › requires › speed: at least 2 with add-ons → at least 4 with add-ons",
    ),
    "a remedy": (("lifts: {speed: Fast}", "lifts: {speed: Fine}"), "remedies › motor: speed to 4 → speed to 2"),
    "a group": (("limit: 4", "limit: 5"), "groups › motion: limit 4 → limit 5"),
    "a choice": (
        ("{id: rough, label: Rough}", "{id: rough, label: Rough}\n      - {id: raw, label: Raw}"),
        "needs › finish › choices › raw: None → there",
    ),
}


@pytest.mark.parametrize(("change", "told"), MOVES.values(), ids=MOVES)
def test_a_part_that_moved_is_told_with_both_values(tmp_path: Path, change: tuple[str, str], told: str) -> None:
    before, after = rules_of(tmp_path), rules_of(tmp_path, change)
    found = compare_rules(before, after)
    assert [f"{part.path}: {part.before} → {part.after}" for part in found.differences] == [told]
    back = compare_rules(after, before)
    assert [(part.path, part.before, part.after) for part in back.differences] == [
        (part.path, part.after, part.before) for part in found.differences
    ]


def test_the_same_rules_do_not_differ(tmp_path: Path) -> None:
    rules = rules_of(tmp_path)
    assert compare_rules(rules, rules, load_cases(rules, [written(tmp_path, CASES, "c.yaml")]).cases).changes == ()
    assert compare_rules(rules, rules).differences == ()


def test_the_cases_whose_pick_changes_are_named(tmp_path: Path) -> None:
    """Nails weigh speed 2: the hammer leads 8 to 4, and the saw 4 to 0 once the hammer is slow and loses haste too."""
    before = rules_of(tmp_path)
    after = rules_of(tmp_path, ("hammer: {word: Fast", "hammer: {word: Slow"))
    cases = load_cases(before, [written(tmp_path, CASES, "c.yaml")]).cases
    found = compare_rules(before, after, cases, {"work": "nails"})
    assert found.compared == 4
    assert [(change.name, change.before, change.after, change.expert) for change in found.changes] == [
        ("fence", ("hammer",), ("saw",), ("hammer",)),
        ("toy", ("hammer",), ("saw",), ("hammer", "saw")),
        ("answers", ("hammer",), ("saw",), ()),
    ]


def test_a_project_that_one_edition_cannot_read_is_left_out_and_named(tmp_path: Path) -> None:
    before = rules_of(tmp_path)
    after = rules_of(
        tmp_path,
        ("{id: nails, label: Nails, weights: {speed: 2}}", "{id: pegs, label: Pegs}"),
        ("nails: hammer", "pegs: hammer"),
    )
    cases = load_cases(before, [written(tmp_path, CASES, "c.yaml")]).cases
    found = compare_rules(before, after, cases)
    assert (found.compared, found.skipped) == (2, ("fence",))

"""`advisor compare`."""

from __future__ import annotations

import json
from collections.abc import Callable

from advisor.knowledge.model import Rules
from tests.conftest import Advisor

# The starting table, row by row: Django, Flask, FastAPI.
TABLE = [
    ("Full-stack development", "Excellent ✅", "Limited ❌", "Minimal ❌"),
    ("APIs only", "Good ✅", "Good ✅", "Excellent ✅"),
    ("Asynchronous support", "Limited ❌", "Minimal ❌", "Native support ✅"),
    ("Performance", "Moderate ⚠️", "Moderate ⚠️", "High ✅"),
    ("Built-in features", "Batteries included ✅", "Lightweight ❌", "Modular ❌"),
    ("Automatic documentation", "Manual effort required ❌", "Manual effort ❌", "Auto-generated ✅"),
    ("Ease of scaling", "Average ⚠️", "Average ⚠️", "Excellent ✅"),
]


def test_the_starting_table_is_kept_word_for_word(shipped: Rules) -> None:
    rows = [criterion for criterion in shipped.criteria if criterion.table]
    words = [
        (row.title, *(f"{row.ratings[name].word} {row.ratings[name].mark}" for name in ("django", "flask", "fastapi")))
        for row in rows
    ]
    assert words == TABLE


def test_golden_table(advisor: Advisor, golden: Callable[[str, str], None]) -> None:
    for columns in (80, 40):
        ran = advisor("compare", columns=columns)
        assert ran.code == 0
        golden(f"compare/table-{columns}.txt", ran.out)


def test_evidence_names_source_date_and_test(advisor: Advisor) -> None:
    ran = advisor("compare", "fastapi", "--evidence")
    assert "Source: https://" in ran.out
    assert "checked 2026-" in ran.out
    assert "Test: test_" in ran.out
    assert "Flask:" not in ran.out


def test_json_holds_every_rating_with_its_source(advisor: Advisor, shipped: Rules) -> None:
    record = json.loads(advisor("compare", "--format", "json").out)
    assert [row["id"] for row in record["criteria"]] == [criterion.id for criterion in shipped.criteria]
    assert all(rating["source"] for row in record["criteria"] for rating in row["ratings"].values())


def test_an_unknown_framework_is_refused_with_the_nearest(advisor: Advisor) -> None:
    ran = advisor("compare", "djngo")
    assert ran == (2, "", 'error: unknown framework "djngo"\nhint:  did you mean "django"?\n')


def test_a_framework_is_not_compared_with_itself(advisor: Advisor) -> None:
    ran = advisor("compare", "flask", "flask")
    assert ran == (2, "", 'error: "flask" is named twice\nhint:  compare it with: django, fastapi\n')
    assert advisor("compare", "flask", "django", "flask", "fastapi").err == 'error: "flask" is named twice\n'

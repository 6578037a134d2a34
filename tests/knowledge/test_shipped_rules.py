"""The knowledge that ships: the starting table word for word, the needs, and the cases that hold both in place."""

from __future__ import annotations

from pathlib import Path

import pytest

from advisor.audit.cases import Result, load_cases, run_cases
from advisor.decision import recommend
from advisor.knowledge import load_rules
from advisor.knowledge.model import Rules

RULES = Path(__file__).resolve().parents[2] / "rules" / "web-frameworks.yaml"

TABLE = {
    "full-stack-development": ("Excellent ✅", "Limited ❌", "Minimal ❌"),
    "apis-only": ("Good ✅", "Good ✅", "Excellent ✅"),
    "asynchronous-support": ("Limited ❌", "Minimal ❌", "Native support ✅"),
    "performance": ("Moderate ⚠️", "Moderate ⚠️", "High ✅"),
    "built-in-features": ("Batteries included ✅", "Lightweight ❌", "Modular ❌"),
    "automatic-documentation": ("Manual effort required ❌", "Manual effort ❌", "Auto-generated ✅"),
    "ease-of-scaling": ("Average ⚠️", "Average ⚠️", "Excellent ✅"),
}

NEEDS = {
    "full-stack": "no nice must",
    "async": "no nice must",
    "docs": "no nice must",
    "scale": "small medium large",
    "legacy": "none django flask fastapi other",
    "pain": "none some blocking",
    "api": "pages both api-only",
    "size": "prototype small medium large",
    "admin": "no nice must",
    "accounts": "no nice must",
    "data": "none own built-in",
    "realtime": "no nice must",
    "validation": "no nice must",
    "performance": "low medium high",
    "parts": "built-in either choose",
    "simplicity": "no nice must",
    "team": "any django flask fastapi",
}

PROFILES = [
    ({"full-stack": "must"}, "django"),
    ({"full-stack": "must", "admin": "must", "accounts": "must", "size": "large"}, "django"),
    ({"async": "must", "docs": "must", "scale": "large"}, "fastapi"),
    ({"api": "api-only", "docs": "must", "validation": "must"}, "fastapi"),
    ({"realtime": "must", "async": "must"}, "fastapi"),
    ({"size": "prototype", "simplicity": "must", "full-stack": "no"}, "flask"),
    ({"legacy": "flask", "pain": "none", "size": "medium"}, "flask"),
    ({"legacy": "django", "pain": "none", "size": "large"}, "django"),
    ({"api": "api-only", "async": "no", "size": "small"}, "flask"),
]


@pytest.fixture(scope="module")
def rules() -> Rules:
    """The shipped rules."""
    return load_rules(RULES)


@pytest.fixture(scope="module")
def results(rules: Rules) -> dict[str, list[Result]]:
    """What comes of the shipped cases, by the name of their file."""
    found: dict[str, list[Result]] = {}
    for result in run_cases(rules, load_cases(rules, [RULES.parent / "cases"])):
        found.setdefault(Path(result.case.file).stem, []).append(result)
    return found


def test_the_table_stands_word_for_word_and_in_its_order(rules: Rules) -> None:
    rows = {
        criterion.id: tuple(
            f"{criterion.ratings[name].word} {criterion.ratings[name].mark}" for name in ("django", "flask", "fastapi")
        )
        for criterion in rules.criteria
        if criterion.table
    }
    assert list(rows.items()) == list(TABLE.items())


def test_the_needs_and_their_choices_keep_their_order(rules: Rules) -> None:
    assert [(need.id, " ".join(need.choice_ids)) for need in rules.needs] == list(NEEDS.items())


def test_the_first_five_needs_are_the_core(rules: Rules) -> None:
    assert [need.id for need in rules.needs if need.core] == list(NEEDS)[:5]


def test_every_choice_says_when_to_choose_it_and_every_need_helps(rules: Rules) -> None:
    assert [need.id for need in rules.needs if not (need.help and need.terms and need.question.endswith("?"))] == []
    silent = [f"{need.id}={choice.id}" for need in rules.needs for choice in need.choices if not choice.choose_if]
    assert silent == []


def test_every_rating_has_a_reason_a_page_and_a_date_and_most_have_a_test(rules: Rules) -> None:
    ratings = [rating for criterion in rules.criteria for rating in criterion.ratings.values()]
    assert [rating for rating in ratings if not (rating.because and rating.source and rating.checked)] == []
    assert 10 * sum(rating.check is not None for rating in ratings) >= 6 * len(ratings)


def test_every_criterion_but_the_even_one_tells_frameworks_apart(rules: Rules) -> None:
    even = [
        criterion.id
        for criterion in rules.criteria
        if len({rating.level for rating in criterion.ratings.values()}) == 1
    ]
    assert even == ["database-throughput"]


@pytest.mark.parametrize(("answers", "pick"), PROFILES, ids=[" ".join(answers.values()) for answers, _ in PROFILES])
def test_clear_profiles_get_the_clear_pick(rules: Rules, answers: dict[str, str], pick: str) -> None:
    assert recommend(rules, answers, sensitivity=False).verdict.winners == (pick,)


def test_throughput_speaks_for_nobody_when_an_orm_does_the_work(rules: Rules) -> None:
    points = {
        level: [standing.points for standing in recommend(rules, {"data": "built-in", "performance": level}).ranking]
        for level in ("low", "high")
    }
    assert {high - low for low, high in zip(points["low"], points["high"], strict=True)} == {4 * 3}


@pytest.mark.parametrize("current", ["django", "flask", "fastapi", "other"])
def test_without_a_pain_the_advice_is_always_to_stay(rules: Rules, current: str) -> None:
    musts = dict.fromkeys(("async", "docs", "realtime", "validation"), "must")
    for wishes in (
        {"size": "large"},
        musts,
        {"full-stack": "must", "admin": "must"},
        {"size": "small", "simplicity": "must"},
    ):
        advice = recommend(rules, {"legacy": current, "pain": "none", **wishes}, sensitivity=False).legacy
        assert advice is not None
        assert advice.advice == "stay", wishes


@pytest.mark.parametrize("file", ["own", "edges"])
def test_our_own_cases_all_hold(results: dict[str, list[Result]], file: str) -> None:
    assert [(result.case.id, result.winners, result.misses) for result in results[file] if not result.passes] == []


def test_public_cases_agree_with_all_answers_and_on_facts_alone(results: dict[str, list[Result]]) -> None:
    public = results["public"]
    assert 100 * sum(result.agrees for result in public) >= 92 * len(public)
    assert 100 * sum(result.agrees_on_facts for result in public) >= 80 * len(public)

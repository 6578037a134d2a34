"""Why this one: patterns, comparison, what is given up, remedies, caveats, the code base, splits, examples."""

from __future__ import annotations

from typing import Any

import pytest

from advisor.decision import recommend
from advisor.decision.recommendation import Recommendation
from advisor.errors import AdvisorError
from advisor.knowledge.model import Caveat, Example, Legacy, LegacyRule, Rules, Split
from tests.builders import fit, kinds, must, need, remedy, rules, weight, when

NEEDS = {
    "docs": {"no": {}, "nice": {"docs": 1}, "must": {"docs": 3}},
    "speed": {"low": {}, "some": {"speed": 1}, "high": {"speed": 2}},
    "size": {"any": {}, "small": {"size": 1}},
}
CRITERIA = {"docs": "4 1 0", "speed": "0 4 2", "size": "2 1 4"}


def made(**more: Any) -> Rules:
    return rules(**({"criteria": CRITERIA, "needs": NEEDS} | more))


def told(given: Rules, **answers: str) -> Recommendation:
    return recommend(given, answers)


@pytest.mark.parametrize(
    ("answers", "pattern"),
    [
        ({}, "no-basis"),
        ({"docs": "no"}, "no-basis"),
        ({"docs": "must"}, "dominates"),
        ({"docs": "must", "speed": "high"}, "one-criterion"),
    ],
)
def test_the_pattern_follows_the_situation(answers: dict[str, str], pattern: str) -> None:
    assert recommend(made(), answers).pattern == pattern


def test_a_trade_off_needs_more_than_one_reason() -> None:
    given = rules(
        alternatives="a b",
        criteria={"x": "4 1", "y": "4 1", "z": "0 4"},
        needs={"n": {"all": {"x": 3, "y": 3, "z": 2}}},
    )
    # 12 + 12 against 3 + 3 + 8: without x or y the lead of 10 stays at 1, and no step of one rating reaches it.
    result = told(given, n="all")
    assert (result.pattern, result.verdict.firmness) == ("trade-off", "firm")
    near = given._replace(
        needs=rules(
            criteria={"x": "0", "y": "0", "z": "0"}, alternatives="q", needs={"n": {"all": {"x": 3, "y": 3, "z": 4}}}
        ).needs
    )
    # The lead is 2 now: neither x nor y can be spared, and one step of either ends it.
    result = told(near, n="all")
    assert (result.pattern, result.verdict.firmness) == ("close", "close")


def test_equal_points_are_a_tie_in_file_order_of_nobody() -> None:
    result = told(rules(alternatives="a b", criteria={"x": "2 2"}, needs={"n": {"yes": {"x": 1}}}), n="yes")
    assert (result.pattern, result.verdict.winners, result.verdict.firmness) == ("tied", ("a", "b"), "tie")
    assert [standing.rank for standing in result.ranking] == [1, 1]
    assert result.verdict.reason == "A and B share the lead; no need is open."


def test_excluded_alternatives_come_last_with_what_they_would_have_scored() -> None:
    given = rules(criteria={"docs": "4 2 0", "x": "0 1 4"}, needs={"docs": {"must": {"docs": must(3), "x": 2}}})
    result = told(given, docs="must")
    assert result.pattern == "only-one-left"
    assert [(one.alternative, one.rank, one.points, one.score) for one in result.ranking] == [
        ("a", 1, 0, 0),
        ("c", 2, 8, 1000),
        ("b", 3, 2, 250),
    ]
    assert result.runner_up == "c"
    (out,) = result.ranking[1].exclusions
    assert (out.need, out.choice, out.level, out.reached, out.remedy) == ("docs", "must", 0, 0, None)
    assert result.against is not None
    assert (result.against.criterion, result.against.rival, result.against.points) == ("x", "c", -8)


def test_when_nothing_fits_the_smallest_set_of_musts_to_relax_is_named() -> None:
    given = rules(
        criteria={"x": "4 4 0", "y": "0 0 4", "p": "1 2 4"},
        needs={
            "fact": need({"must": {"x": must(3), "p": 1}}, kind="fact"),
            "wish": {"must": {"y": must(3)}},
        },
    )
    result = told(given, fact="must", wish="must")
    assert (result.verdict.state, result.pattern, result.relax) == ("nothing-fits", "nothing-fits", ("wish",))
    assert result.verdict.reason == "Each of the options misses at least one must."
    assert (result.verdict.firmness, result.sensitivity, result.comparison) == (None, None, ())


def test_all_excluded_now_can_still_be_lifted_by_an_open_need() -> None:
    given = rules(
        alternatives="a b",
        criteria={"x": "1 2"},
        needs={
            "docs": {"must": {"x": [must(3, unless=when(spare="yes")), weight(1)]}},
            "spare": {"no": {}, "yes": {}},
        },
    )
    verdict = told(given, docs="must").verdict
    assert (verdict.state, verdict.winners, verdict.unfit, verdict.total) == ("open", (), 1, 2)
    assert verdict.reason.endswith("open needs can change that.")


def test_the_comparison_goes_by_the_largest_difference() -> None:
    result = told(made(), docs="must", speed="high", size="small")
    assert [
        (one.criterion, one.weight, one.winner_level, one.runner_up_level, one.points) for one in result.comparison
    ] == [
        ("docs", 3, 4, 1, 9),
        ("speed", 2, 0, 4, -8),
        ("size", 1, 2, 1, 1),
    ]
    assert {one.rival for one in result.comparison} == {"b"}
    assert result.against == result.comparison[1]
    # Speed goes to B, the small size to C.
    assert [(one.criterion, one.rival, one.points) for one in result.gives_up] == [
        ("speed", "b", -8),
        ("size", "c", -2),
    ]


def test_against_a_runner_up_who_is_nowhere_better_another_rival_speaks() -> None:
    given = rules(criteria={"x": "4 3 0", "y": "1 1 2"}, needs={"n": {"yes": {"x": 2, "y": 1}}})
    result = told(given, n="yes")
    assert result.against is not None
    assert (result.against.rival, result.against.criterion) == ("c", "y")
    assert told(made(), docs="must").against is None


def test_answers_that_want_different_kinds_show_the_fit_of_the_heavier() -> None:
    given = rules(
        alternatives="a b",
        criteria={"kind": kinds("big small")},
        needs={"one": {"yes": {"kind": fit(1, small=4)}}, "two": {"yes": {"kind": fit(2, big=4, small=1)}}},
    )
    (only,) = told(given, one="yes", two="yes").comparison
    assert (only.weight, only.winner_level, only.runner_up_level, only.points) == (3, 4, 1, 2)


def test_scores_round_half_up() -> None:
    # 1 of 16 points is 6.25 percent.
    given = rules(alternatives="a b", criteria={"x": "1 0"}, needs={"n": {"yes": {"x": 4}}})
    assert told(given, n="yes").ranking[0].score == 250
    given = rules(alternatives="a b", criteria={"x": "1 0", "y": "0 0"}, needs={"n": {"yes": {"x": 1, "y": 3}}})
    assert told(given, n="yes").ranking[0].score == 63


def test_remedies_that_a_must_rests_on_come_first() -> None:
    given = rules(
        alternatives="a b",
        criteria={"x": "1 0", "y": "2 4", "z": "0 0", "kind": kinds("p q")},
        needs={"n": {"yes": {"x": must(3, with_remedies=True), "y": 2, "kind": fit(1, p=4)}}},
        remedies=(
            remedy("a", "fast", y=4),
            remedy("a", "docs", x=3),
            remedy("a", "idle", z=4),
            remedy("a", "worse", y=1),
            remedy("b", "other", y=4),
        ),
    )
    uses = [(use.remedy.id, use.criterion, use.before, use.after, use.needed) for use in told(given, n="yes").remedies]
    assert uses == [("docs", "x", 1, 3, True), ("fast", "y", 2, 4, False)]


def test_an_exclusion_names_the_remedy_that_would_lift_it_far_enough() -> None:
    given = rules(
        criteria={"x": "4 1 1"},
        needs={"n": {"yes": {"x": must(3)}}},
        remedies=(remedy("b", "some", x=2), remedy("b", "enough", x=3), remedy("c", "weak", x=2)),
    )
    result = told(given, n="yes")
    (b,) = result.standing("b").exclusions
    (c,) = result.standing("c").exclusions
    assert (b.reached, b.remedy and b.remedy.id) == (3, "enough")
    assert (c.reached, c.remedy) == (2, None)
    with pytest.raises(KeyError):
        result.standing("d")


def caveat(name: str, *alternatives: str, **conditions: Any) -> Caveat:
    return Caveat(name, name, alternatives, conditions.get("when", ()), conditions.get("unless", ()), "", "", None)


def test_caveats_are_shown_where_they_bear_on_the_leader() -> None:
    given = made(
        caveats=(
            caveat("always"),
            caveat("for-a", "a"),
            caveat("for-b", "b"),
            caveat("fast", when=when(speed="high")),
            caveat("unless-fast", unless=when(speed="high")),
        )
    )
    assert [one.id for one in told(given, docs="must").caveats] == ["always", "for-a", "unless-fast"]
    assert [one.id for one in told(given, docs="must", speed="high").caveats] == ["always", "for-a", "fast"]
    assert told(given).caveats == ()


LEGACY = Legacy(
    "code",
    {"a": "a", "b": "b", "other": None},
    (
        LegacyRule("stay", "same", (), "{pick} serves you."),
        LegacyRule("move", "other", when(pain="yes"), "From {current} to {pick}."),
        LegacyRule("move-gradually", "any", when(size="small"), "Slowly from {current} to {pick}."),
    ),
)
WITH_CODE = NEEDS | {
    "code": {"none": {}, "a": {}, "b": {}, "other": {}},
    "pain": need({"no": {}, "yes": {}}, applies_when=when(code="a b other")),
}


@pytest.mark.parametrize(
    ("answers", "advice"),
    [
        ({"code": "a"}, ("stay", "A serves you.")),
        ({"code": "b", "pain": "yes"}, ("move", "From B to A.")),
        ({"code": "other", "size": "small"}, ("move-gradually", "Slowly from other to A.")),
        ({"code": "b"}, None),
        ({"code": "none"}, None),
        ({"code": "a,b"}, None),
        ({}, None),
    ],
)
def test_advice_on_the_code_base_that_exists(answers: dict[str, str], advice: tuple[str, str] | None) -> None:
    given = made(needs=WITH_CODE, legacy=LEGACY)
    result = told(given, docs="must", **answers)
    assert (result.legacy and (result.legacy.advice, result.legacy.because)) == advice
    assert told(given, code="a").legacy is None


def test_splits_are_advised_where_they_hold_and_the_leader_has_a_part() -> None:
    def split(name: str, **conditions: Any) -> Split:
        parts = conditions.get("parts", (("pages", "a"), ("api", "b")))
        return Split(
            name, parts, conditions.get("when", ()), conditions.get("unless", ()), "{pick} from {current}", "how", ""
        )

    given = made(
        needs=WITH_CODE,
        legacy=LEGACY,
        splits=(
            split("holds", when=when(docs="must")),
            split("not-now", when=when(docs="no")),
            split("ruled-out", unless=when(docs="must")),
            split("others", parts=(("pages", "b"), ("api", "c"))),
        ),
    )
    (one,) = told(given, docs="must", code="b").splits
    assert (one.id, one.because) == ("holds", "A from B")
    assert [split.because for split in told(given, docs="must").splits] == ["A from "]


def example(alternative: str, topic: str, *criteria: str) -> Example:
    return Example(alternative, topic, topic, "", "", (), "", (), criteria, {})


def test_examples_show_the_strongest_reasons_first() -> None:
    given = made(
        examples=(
            example("a", "idle"),
            example("a", "size", "size"),
            example("a", "docs", "docs"),
            example("a", "docs-again", "docs"),
            example("b", "speed", "speed"),
        )
    )
    result = told(given, docs="must", speed="high", size="small")
    assert [one.topic for one in result.examples] == ["docs", "size"]
    assert result.more_examples == ("a/idle", "a/docs-again")
    assert told(given).examples == ()


def test_advice_on_existing_code_shows_how_in_the_last_example() -> None:
    lines = (LegacyRule("move-gradually", "other", (), "Slowly.", "how-to-move"),)
    given = made(
        needs=WITH_CODE,
        legacy=LEGACY._replace(rules=lines),
        examples=(
            example("a", "docs", "docs"),
            example("a", "size", "size"),
            example("a", "speed", "speed"),
            example("a", "how-to-move"),
        ),
    )
    result = told(given, docs="must", speed="high", size="small", code="b")
    assert result.verdict.winners == ("a",)
    assert [one.topic for one in result.examples][-1] == "how-to-move"
    assert "how-to-move" not in " ".join(result.more_examples)
    assert len(result.examples) + len(result.more_examples) == 4


def test_every_leader_of_a_tie_shows_an_example() -> None:
    given = rules(
        alternatives="a b",
        criteria={"x": "2 2"},
        needs={"n": {"yes": {"x": 1}}},
        examples=(example("a", "x", "x"), example("b", "x", "x")),
    )
    assert [one.alternative for one in told(given, n="yes").examples] == ["a", "b"]


def test_events_to_look_again_are_the_leader_s() -> None:
    assert told(made(), docs="must").revisit_when == ("a changes",)


def test_an_answer_to_a_need_that_cannot_apply_is_refused_with_both_named() -> None:
    given = made(needs=WITH_CODE | {"deep": need({"no": {}, "yes": {}}, applies_when=when(pain="yes"))}, legacy=LEGACY)
    with pytest.raises(AdvisorError) as refused:
        told(given, code="none", pain="yes")
    assert refused.value.message == 'pain does not apply: code is "none"'
    assert refused.value.hint == "leave pain out; it applies when code is a or b or other"
    with pytest.raises(AdvisorError, match="deep does not apply: pain does not apply either"):
        told(given, code="none", deep="yes")
    assert told(given, pain="yes", docs="must").verdict.winners == ("a",)


def test_reasons_are_one_sentence_each() -> None:
    given = made()
    assert told(given).verdict.reason == "No answer weighs anything yet, so there is no basis for advice."
    assert told(given, docs="nice").verdict.reason == "A leads in 3 of 6 ways to answer the open needs."
    level = rules(
        alternatives="a b",
        criteria={"x": "4 0", "y": "0 4"},
        needs={"n": {"yes": {"x": 1}}, "m": {"no": {}, "yes": {"y": 1}}},
    )
    verdict = told(level, n="yes").verdict
    # A tie is no lead alone: so it is not settled, and the sentence says why.
    assert (verdict.state, verdict.completions["a"], verdict.ties, verdict.total) == ("leaning", 2, 1, 2)
    assert verdict.reason == "A leads in 2 of 2 ways to answer the open needs, in 1 of them not alone."
    wide = rules(
        alternatives="a b",
        criteria={"x": "4 0"},
        needs={"n": {"no": {}, "yes": {"x": 1}}, "m": {"no": {}, "yes": {"x": 2}}},
    )
    assert told(wide, n="yes").verdict.reason == "A leads however the open needs are answered."
    even = rules(
        alternatives="a b",
        criteria={"x": "2 2", "y": "1 0"},
        needs={"n": {"yes": {"x": 1}}, "m": {"no": {}, "yes": {"y": 1}}},
    )
    assert (
        told(even, n="yes").verdict.reason == "A and B share the lead on what is answered; open needs can change that."
    )

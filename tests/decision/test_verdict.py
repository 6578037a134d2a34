"""Settled, leaning, open: counted over every way to answer what is open, by hand and against brute force."""

from __future__ import annotations

import random
from collections import Counter
from itertools import product

import pytest

from advisor.decision import convolution, recommend
from advisor.decision.table import compile_table
from advisor.errors import AdvisorError
from tests.builders import fit, kinds, must, need, rules, when

THREE = rules(
    criteria={"docs": "4 1 0", "speed": "0 4 2", "kind": kinds("big small middle")},
    needs={
        "docs": {"no": {}, "nice": {"docs": 1}, "must": {"docs": 3}},
        "speed": {"low": {}, "high": {"speed": 2}},
        "style": {"any": {}, "big": {"kind": fit(2, big=4, middle=1)}},
    },
)


def test_without_answers_nobody_wins_and_every_way_is_counted() -> None:
    verdict = recommend(THREE, {}).verdict
    assert (verdict.state, verdict.winners, verdict.firmness) == ("open", (), None)
    assert verdict.total == 12
    assert verdict.completions == {"a": 9, "b": 3, "c": 0}
    assert (verdict.ties, verdict.unfit, verdict.baseless) == (1, 0, 1)


def test_an_answer_that_outweighs_all_open_needs_settles() -> None:
    verdict = recommend(THREE, {"docs": "must"}).verdict
    assert (verdict.state, verdict.winners, verdict.firmness) == ("settled", ("a",), "firm")
    assert verdict.completions == {"a": 4, "b": 0, "c": 0}


def test_what_is_too_much_to_count_is_not_counted_and_said_so() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(convolution, "SPARSE_LIMIT", 0)
        patch.setattr(convolution, "DENSE_LIMIT", -1)
        verdict = recommend(THREE, {"docs": "nice"}).verdict
    assert (verdict.state, verdict.counted, verdict.completions, verdict.total) == ("open", False, {}, 4)
    assert "too many ways" in verdict.reason


def test_few_sums_that_lie_far_apart_are_counted_as_they_are() -> None:
    # Nine differences of up to 800 each: all of them at once are more cells than any memory has.
    names = "abcdefghij"
    levels = {one: " ".join("4" if one == other else "0" for other in names) for one in names}
    made = rules(
        alternatives=" ".join(names),
        criteria=levels,
        needs={f"n{one}": {"no": {}, "some": {one: 1}, "much": {one: 100}} for one in names[:8]},
    )
    verdict = recommend(made, {}, sensitivity=False).verdict
    assert (verdict.counted, verdict.total, verdict.baseless) == (True, 3**8, 1)
    # One leads with "much" whatever the others are; with "some" unless any has "much"; the last two never.
    assert set(verdict.completions.values()) == {3**7 + 2**7, 0}
    assert verdict.completions["i"] == verdict.completions["j"] == 0


def test_where_the_last_is_ahead_everywhere_the_whole_row_is_its_own() -> None:
    made = rules(
        alternatives="a b c",
        criteria={"x": "0 2 0", "y": "1 0 4", "z": "1 1 0"},
        needs={
            "m": {"no": {}, "yes": {"x": 3}},
            "n": {"some": {"y": 3}, "more": {"y": 4}},
            "k": {"no": {}, "yes": {"z": must(1)}},
        },
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(convolution, "SPARSE_LIMIT", 0)
        patch.setattr(convolution, "WORTH", 10**9)
        verdict = recommend(made, {}).verdict
    # C gets 12 or 16 and leads wherever it is admitted; else A with 3 or 4 leads B, unless B has 6.
    assert (verdict.total, verdict.completions) == (8, {"a": 2, "b": 2, "c": 4})


def test_too_many_rows_of_cells_are_not_read() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(convolution, "SPARSE_LIMIT", 0)
        patch.setattr(convolution, "WORTH", 10**9)
        assert recommend(THREE, {"docs": "nice"}).verdict.counted
        patch.setattr(convolution, "MOST_ROWS", 0)
        assert not recommend(THREE, {"docs": "nice"}).verdict.counted


def test_too_many_alternatives_that_may_be_excluded_are_not_counted() -> None:
    names = "abcde"
    made = rules(
        alternatives="a b c d e",
        criteria={"x": "1 1 1 1 1"} | {one: " ".join("0" if one == other else "1" for other in names) for one in names},
        needs={"n": {"yes": {"x": 1}}} | {f"n{one}": {"no": {}, "yes": {one: must(1)}} for one in names},
    )
    assert recommend(made, {"n": "yes"}).verdict.counted
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(convolution, "SPARSE_LIMIT", 0)
        assert not recommend(made, {"n": "yes"}).verdict.counted


@pytest.mark.parametrize("limit", [0, 6_000])
def test_exclusions_that_shut_each_other_out(limit: int) -> None:
    made = rules(
        alternatives="a b",
        criteria={"x": "4 0", "y": "0 4", "not-a": "0 4", "not-b": "4 0"},
        needs={
            "n": {"x": {"x": 2, "not-a": must(1)}, "y": {"y": 1}},
            "m": {"no": {}, "yes": {"not-b": must(1)}},
            "k": {"one": {"not-a": must(1)}, "other": {"not-b": must(1)}},
        },
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(convolution, "SPARSE_LIMIT", limit)
        free = recommend(made._replace(needs=made.needs[:2]), {}).verdict
        either = recommend(made, {}).verdict
    # x excludes a, yes excludes b; y alone lets b lead by 4.
    assert (dict(free.completions), free.ties, free.unfit) == ({"a": 1, "b": 2}, 0, 1)
    assert (dict(either.completions), either.unfit, either.total) == ({"a": 2, "b": 2}, 4, 8)


def test_needs_that_interact_in_too_many_ways_are_refused() -> None:
    choices = {str(number): {} for number in range(17)}
    joined = {f"n{number}": need(choices, applies_when=when(n0="1")) for number in range(1, 4)}
    with pytest.raises(AdvisorError, match=r"83,521 joint answers to needs that interact \(n0, n1, n2, n3\)"):
        recommend(rules(needs={"n0": choices, **joined}), {})


def test_needs_that_apply_in_a_circle_are_refused() -> None:
    circle = {
        "one": need({"yes": {}}, applies_when=when(two="yes")),
        "two": need({"yes": {}}, applies_when=when(one="yes")),
    }
    with pytest.raises(AdvisorError, match='"one" applies only when it has an answer'):
        recommend(rules(needs=circle), {})


def test_the_last_few_rules_are_remembered() -> None:
    first = rules(criteria={"x": "1 2 3"}, needs={"n": {"yes": {"x": 1}}})
    table = compile_table(first)
    assert compile_table(first) is table
    for _ in range(20):
        compile_table(first._replace(name="another"))
    assert compile_table(first) is not table


def test_a_leader_that_shares_the_first_place_in_every_completion_is_told_so() -> None:
    given = rules(
        alternatives="a b c",
        criteria={"x": "1 0 0", "y": "0 1 0"},
        needs={"told": {"yes": {"x": 1}}, "open": {"one": {"y": 1}, "two": {"y": 1}}},
    )
    reason = recommend(given, {"told": "yes"}).verdict.reason
    assert "2 of 2 ways" in reason
    assert "in 2 of them not alone" in reason


def test_sums_that_lie_far_apart_are_counted_without_the_room_between_them() -> None:
    dice = random.Random(1)
    ids = "abcdef"
    choices = [[{one: dice.randint(1, 1_000) for one in dice.sample(ids, 2)} for _ in range(3)] for _ in range(8)]
    made = rules(
        alternatives=" ".join(ids),
        criteria={one: " ".join("1" if other == one else "0" for other in ids) for one in ids},
        needs={f"n{k}": {f"c{j}": weights for j, weights in enumerate(own)} for k, own in enumerate(choices)},
    )
    leads = Counter[str]()
    for ways in product(*choices):
        points = Counter[str]()
        for weights in ways:
            points.update(weights)
        leads.update([one for one in ids if points[one] == max(points.values())])
    assert convolution.SPARSE_LIMIT < 3**8
    verdict = recommend(made, {}, sensitivity=False).verdict
    assert verdict.completions == {one: leads[one] for one in ids}

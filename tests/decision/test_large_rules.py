"""What is done otherwise where rules are large says the same, and what it leaves out is said."""

from __future__ import annotations

import random

import pytest
from hypothesis import given

from advisor.decision import recommend, sensitivity, table
from advisor.decision.table import Outcome, Table
from tests.builders import grade, rules, weight
from tests.decision import plain
from tests.decision.settings import exact
from tests.decision.strategies import Case, cases


@exact
@given(cases())
def test_many_alternatives_are_led_by_the_same_ones_as_few(case: Case) -> None:
    made, _ = case
    compiled = Table(made)
    for block in compiled.blocks:
        for outcome in block.possible():
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(table, "FEW", 0)
                many = compiled.leaders(outcome)
            assert many == compiled.leaders(outcome)
    nobody = Outcome(0, compiled.tops)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(table, "FEW", 0)
        assert compiled.leaders(nobody) == compiled.leaders(Outcome(0, 0)) == 0


def test_points_of_any_size_are_added_up_exactly() -> None:
    for value in (1, 10**3, 10**6, 10**12, 10**25):
        made = rules(
            criteria={"docs": "4 3 0", "speed": "0 4 1"},
            needs={"docs": {"no": {}, "must": {"docs": weight(value)}}, "speed": {"no": {}, "yes": {"speed": 1}}},
        )
        result = recommend(made, {"docs": "must", "speed": "yes"})
        assert {one.alternative: one.points for one in result.ranking} == {
            "a": 4 * value,
            "b": 3 * value + 4,
            "c": 1,
        }
        assert result.verdict.winners == (("a",) if value > 4 else ("b",))


def test_the_least_and_the_greatest_of_differences_are_those_of_every_field() -> None:
    dice = random.Random(5)
    compiled = Table(rules(alternatives=" ".join("abcdefghij"), criteria={}, needs={"n": {"a": {}, "b": {}}}))
    for _ in range(50):
        vectors = [[dice.randint(-3, 3) for _ in range(10)] for _ in range(dice.randint(1, 5))]
        packed = [sum(value << compiled.field * at for at, value in enumerate(vector)) for vector in vectors]
        for side, found in ((max, compiled.greatest(packed)), (min, compiled.least(packed))):
            expected = [side(column) for column in zip(*vectors, strict=True)]
            assert found == sum(value << compiled.field * at for at, value in enumerate(expected))


MANY = rules(
    alternatives="a b c",
    criteria={"docs": grade("4 1 0"), "speed": grade("0 3 4")},
    needs={
        "docs": {"no": {}, "nice": {"docs": 1}, "must": {"docs": 3}},
        "speed": {"low": {}, "some": {"speed": 1}, "high": {"speed": 2}},
    },
)
ANSWERS = {"docs": "must", "speed": "high"}


def test_ratings_beyond_those_that_are_listed_are_told() -> None:
    everything = recommend(MANY, ANSWERS).sensitivity
    assert everything is not None
    assert everything.left_out == ()
    assert len(everything.rating_flips) > 1
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sensitivity, "MOST_RATINGS", 1)
        cut = recommend(MANY, ANSWERS).sensitivity
    assert cut is not None
    assert cut.rating_flips == everything.rating_flips[:1]
    assert cut.left_out == (sensitivity.MORE_RATINGS,)


def test_sufficient_answers_that_would_take_too_many_joint_answers_are_not_worked_out() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sensitivity, "MOST_FREED", 5)
        found = recommend(MANY, ANSWERS).sensitivity
    assert found is not None
    assert found.sufficient == ()
    assert found.left_out == (
        "Which answers alone fix the result was not worked out: 6 joint answers are too many to go through.",
    )


def test_each_flip_under_a_tight_bound_is_still_a_flip() -> None:
    for most in range(1, 40, 3):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("advisor.decision.flips.ALL_NODES", most)
            found = recommend(MANY, ANSWERS).sensitivity
        assert found is not None
        for flip in found.flips:
            changed = ANSWERS | {change.need: change.after for change in flip.changes}
            assert plain.leaders(MANY, {need: (choice,) for need, choice in changed.items()}) == (flip.alternative,)

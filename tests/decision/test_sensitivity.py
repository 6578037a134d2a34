"""How far a result holds: weights, ratings, scales; by hand, and against re-scored rules."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given

from advisor.decision import flips, recommend, search, sensitivity
from advisor.decision.flips import FlipSearch
from advisor.decision.recommendation import Change, Recommendation
from advisor.decision.search import can_win
from advisor.decision.table import Outcome, Table, compile_table
from advisor.knowledge.model import Rules
from tests.builders import fit, grade, kinds, must, need, rules, weight, when
from tests.decision import plain
from tests.decision.settings import exact
from tests.decision.strategies import Case, cases

HAND = rules(
    alternatives="a b",
    criteria={"docs": "4 1", "speed": "0 3"},
    needs={
        "docs": {"no": {}, "nice": {"docs": 1}, "must": {"docs": 3}},
        "speed": {"low": {}, "some": {"speed": 1}, "high": {"speed": 2}},
    },
)


def test_weights_may_move_until_the_other_draws_level() -> None:
    # A: docs 3 × 4 = 12. B: docs 3 × 1 + speed 2 × 3 = 9. A leads by 3.
    told = recommend(HAND, {"docs": "must", "speed": "high"}).sensitivity
    assert told is not None
    docs, speed = told.weight_intervals
    assert (docs.weight, docs.low, docs.low_rival, docs.high) == (3, Fraction(2), "b", None)
    assert (speed.weight, speed.low, speed.high, speed.high_rival) == (2, None, Fraction(3), "b")
    # Both off by a fifth at once: docs gains 9 × 4/5, speed loses 6 × 6/5: 36/5 each.
    assert told.joint_radius == Fraction(1, 5)


def test_the_nearest_choice_that_flips_is_told() -> None:
    told = recommend(HAND, {"docs": "must", "speed": "high"}).sensitivity
    assert told is not None
    assert [(flip.need, flip.after, flip.winners) for flip in told.choice_flips] == [("docs", "nice", ("b",))]
    assert told.irrelevant == ("speed",)
    assert told.sufficient == ("docs",)
    (flip,) = (one for one in told.flips if len(one.changes) == 1 and one.distance == 1)
    assert (flip.alternative, flip.changes[0].before, flip.changes[0].after) == ("b", ("must",), "nice")


def test_one_step_of_a_rating_that_flips_is_told() -> None:
    told = recommend(HAND, {"docs": "must", "speed": "high"}).sensitivity
    assert told is not None
    steps = {(one.alternative, one.criterion, one.before, one.after): one.winners for one in told.rating_flips}
    assert steps == {
        ("a", "docs", 4, 3): ("a", "b"),
        ("b", "docs", 1, 2): ("a", "b"),
    }


def test_steps_follow_the_levels_that_a_scale_has() -> None:
    made = rules(
        alternatives="a b",
        criteria={"docs": grade("4 1", scale=[0, 1, 4])},
        needs={"docs": {"no": {}, "must": {"docs": 3}}},
    )
    told = recommend(made, {"docs": "must"}).sensitivity
    assert told is not None
    steps = {(one.alternative, one.before, one.after): one.winners for one in told.rating_flips}
    assert steps == {("a", 4, 1): ("a", "b"), ("b", 1, 4): ("a", "b")}


def test_a_tie_has_no_way_to_go_and_every_leader_can_be_made_to_lead_alone() -> None:
    result = recommend(HAND, {"docs": "nice", "speed": "some"})
    told = result.sensitivity
    assert told is not None
    assert result.verdict.firmness == "tie"
    assert (told.joint_radius, told.weight_intervals, told.sufficient) == (Fraction(0), (), ())
    assert not told.scale_free
    assert not told.same_scale
    assert {flip.alternative for flip in told.flips} == {"a", "b"}


def test_the_only_one_left_has_no_rival_to_measure_against() -> None:
    made = rules(alternatives="a b", criteria={"docs": "4 1"}, needs={"docs": {"must": {"docs": [2, must(3)]}}})
    told = recommend(made, {"docs": "must"}).sensitivity
    assert told is not None
    assert told.joint_radius is None
    (docs,) = told.weight_intervals
    assert (docs.low, docs.high) == (None, None)
    assert {(one.alternative, one.criterion, one.after): one.winners for one in told.rating_flips} == {}


def test_a_rating_step_can_exclude_or_admit() -> None:
    made = rules(
        alternatives="a b",
        criteria={"docs": "3 2", "speed": "1 4"},
        needs={"docs": {"must": {"docs": must(3), "speed": 1}}},
    )
    told = recommend(made, {"docs": "must"}).sensitivity
    assert told is not None
    steps = {(one.alternative, one.criterion, one.after): one.winners for one in told.rating_flips}
    assert steps == {("a", "docs", 2): (), ("b", "docs", 3): ("b",)}


def test_kinds_have_no_steps_and_several_fits_are_weighed_together() -> None:
    made = rules(
        alternatives="a b",
        criteria={"kind": kinds("x y")},
        needs={
            "one": {"no": {}, "yes": {"kind": fit(2, x=4, y=1)}},
            "two": {"no": {}, "yes": {"kind": fit(1, y=3)}},
        },
    )
    told = recommend(made, {"one": "yes", "two": "yes"}).sensitivity
    assert told is not None
    assert told.rating_flips == ()
    (kind,) = told.weight_intervals
    assert (kind.weight, kind.low, kind.high) == (3, Fraction(0), None)
    assert not told.scale_free
    assert not told.same_scale


def test_a_rival_better_in_one_row_can_still_lose_on_every_common_scale() -> None:
    made = rules(
        alternatives="a b",
        criteria={"docs": "4 1", "speed": "2 3"},
        needs={"docs": {"must": {"docs": 3}}, "speed": {"high": {"speed": 2}}},
    )
    told = recommend(made, {"docs": "must", "speed": "high"}).sensitivity
    assert told is not None
    assert not told.scale_free
    assert told.same_scale


def test_an_alternative_that_is_nowhere_better_cannot_win() -> None:
    made = rules(criteria={"docs": "4 1 0", "speed": "2 4 2"}, needs=HAND_NEEDS)
    told = recommend(made, {"docs": "must"}).sensitivity
    assert told is not None
    assert told.cannot_win == ("c",)
    assert told.not_searched == ()


HAND_NEEDS = {
    "docs": {"no": {}, "must": {"docs": 3}},
    "speed": {"low": {}, "high": {"speed": 2}},
}


def test_wishes_are_offered_before_facts_and_near_choices_before_far_ones() -> None:
    made = rules(
        alternatives="a b",
        criteria={"docs": "4 0", "speed": "0 4"},
        needs={
            "legacy": need({"none": {}, "some": {"speed": 4}}, kind="fact"),
            "docs": {"no": {}, "nice": {"docs": 1}, "must": {"docs": 2}},
            "speed": {"low": {"speed": 1}, "high": {"speed": 4}},
        },
    )
    told = recommend(made, {"legacy": "none", "docs": "must", "speed": "low"}).sensitivity
    assert told is not None
    assert [[(change.need, change.after) for change in flip.changes] for flip in told.flips] == [
        [("speed", "high")],
        [("docs", "no")],
        [("legacy", "some")],
    ]
    assert [(flip.wishes, flip.distance) for flip in told.flips] == [(1, 1), (1, 2), (0, 1)]


def test_a_change_drops_the_answer_that_no_longer_applies_and_says_so() -> None:
    made = rules(
        alternatives="a b",
        criteria={"docs": "4 1", "speed": "0 1"},
        needs={
            "legacy": {"none": {"speed": 1}, "some": {}},
            "pain": need({"no": {}, "yes": {"docs": 2}}, applies_when=when(legacy="some")),
        },
    )
    told = recommend(made, {"legacy": "some", "pain": "yes"}).sensitivity
    assert told is not None
    (flip,) = told.flips
    assert [(change.need, change.after) for change in flip.changes] == [("legacy", "none")]
    assert flip.drops == ("pain",)


def test_what_a_search_leaves_out_is_said() -> None:
    many = rules(
        alternatives="a b",
        criteria={"docs": "4 0", "speed": "0 4"},
        needs={"docs": {"must": {"docs": 3}}} | {f"n{n}": {"no": {}, "yes": {"speed": 1}} for n in range(9)},
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flips, "MOST_LARGE", 5)
        told = recommend(many, {"docs": "must", **{f"n{n}": "no" for n in range(9)}}).sensitivity
    assert told is not None
    assert told.flips_cut == ("b",)
    assert len(told.flips) > 1
    three = rules(
        criteria={"docs": "4 0 0", "speed": "0 4 3", "size": "0 0 4"},
        needs=HAND_NEEDS | {"size": {"s": {}, "l": {"size": 4}}},
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flips, "NODES", 3)
        patch.setattr(flips, "ALL_NODES", 3)
        told = recommend(three, {"docs": "must", "speed": "low"}).sensitivity
    assert told is not None
    assert told.not_searched == ("b", "c")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sensitivity, "TARGETS", 0)
        told = recommend(many, {"docs": "must"}).sensitivity
    assert told is not None
    assert (told.flips, told.not_searched) == ((), ("b",))


def test_answers_that_beat_one_rival_each_fix_the_winner_only_together() -> None:
    # With the other answer free, b or c may have 3 points, against 1 or 2 of a.
    made = rules(
        alternatives="a b c",
        criteria={"x": "1 0 0", "y": "0 1 0", "z": "0 0 1"},
        needs={"p": {"good": {"x": 1}, "bad": {"y": 3}}, "q": {"good": {"x": 1}, "bad": {"z": 3}}},
    )
    told = recommend(made, {"p": "good", "q": "good"}).sensitivity
    assert told is not None
    assert (told.sufficient, told.left_out) == (("p", "q"), ())


def test_a_bounded_search_for_sufficient_answers_still_leaves_none_too_many() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sensitivity, "NODES", 1)
        told = recommend(HAND, {"docs": "must", "speed": "high"}).sensitivity
    assert told is not None
    assert told.sufficient == ("docs",)
    assert told.left_out == (sensitivity.NOT_SMALLEST,)


def test_changes_that_do_not_win_when_scored_anew_are_not_claimed() -> None:
    compiled = Table(
        rules(
            alternatives="a b",
            criteria={"x": "1 0", "y": "0 1"},
            needs={"n": {"low": {"x": 2}, "high": {"x": 1}}, "m": {"no": {}, "yes": {"y": 1}, "very": {"y": 3}}},
        )
    )
    state = [1, 1]
    for_b = compiled.block_of[1]
    right = compiled.blocks[for_b].outcome

    def too_good(key: tuple[int, ...]) -> Outcome:
        points, excluded = right(key)
        return Outcome(2 * points, excluded)

    assert [flip.changes for flip in FlipSearch(compiled, state).towards(1).flips] == [(Change("m", ("no",), "very"),)]
    with pytest.MonkeyPatch.context() as patch:
        # With twice the points "yes" would draw level, and win together with "high".
        patch.setattr(compiled.blocks[for_b], "outcome", too_good)
        assert [flip.changes for flip in FlipSearch(compiled, state).towards(1).flips] == [
            (Change("m", ("no",), "very"),)
        ]


def test_a_proof_that_grows_too_large_is_not_claimed() -> None:
    made = rules(
        criteria={"docs": "4 1 0", "speed": "0 4 2"},
        needs={
            "docs": {"no": {}, "nice": {"docs": 1}, "must": {"docs": 3}},
            "speed": {"low": {}, "high": {"speed": 2}},
        },
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "FRONT_LIMIT", 0)
        assert can_win(compile_table(made), 1) is None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "FRONT_STEPS", 0)
        assert can_win(compile_table(made), 1) is None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "POSSIBLE", 0)
        assert can_win(compile_table(made), 1) is None
    assert can_win(compile_table(made), 2) is False
    assert can_win(compile_table(made), 1) is True


@exact
@given(cases())
def test_can_win_is_exact(case: Case) -> None:
    made, _ = case
    winners = {plain.leaders(made, answers) for answers in plain.everything(made)}
    for place, alternative in enumerate(made.alternatives):
        assert can_win(compile_table(made), place) is ((alternative.id,) in winners)


def scaled(made: Rules, state: Mapping[str, tuple[str, ...]], factors: Mapping[str, Fraction]) -> tuple[str, ...]:
    """Leaders when the counted weights of criteria are multiplied, in whole numbers."""
    common = 1
    for factor in factors.values():
        common *= factor.denominator
    whole = {criterion.id: common for criterion in made.criteria}
    whole |= {criterion: int(factor * common) for criterion, factor in factors.items()}
    total, out = plain.points(made, state, whole), plain.excluded(made, state)
    admitted = [one.id for one in made.alternatives if one.id not in out]
    best = max(total[one] for one in admitted)
    return tuple(one for one in admitted if total[one] == best)


@exact
@given(cases())
def test_inside_an_interval_the_winner_stays_and_outside_another_leads(case: Case) -> None:
    made, answers = case
    result = recommend(made, answers)
    if result.sensitivity is None or len(result.verdict.winners) != 1:
        return
    (winner,) = result.verdict.winners
    state = {one: answer.choices for one, answer in result.answers.items()}
    tiny = Fraction(1, 10**6)
    for one in result.sensitivity.weight_intervals:
        low = one.low if one.low is not None else Fraction(0)
        if one.low is None or one.low < one.weight:
            assert scaled(made, state, {one.criterion: (low + tiny) / one.weight}) == (winner,)
        if one.low is not None:
            assert one.low_rival in scaled(made, state, {one.criterion: one.low / one.weight})
            if one.low > 0:
                assert winner not in scaled(made, state, {one.criterion: (one.low - tiny) / one.weight})
        if one.high is None:
            assert scaled(made, state, {one.criterion: Fraction(1000)}) == (winner,)
        else:
            assert scaled(made, state, {one.criterion: (one.high - tiny) / one.weight}) == (winner,)
            assert one.high_rival in scaled(made, state, {one.criterion: one.high / one.weight})
            assert winner not in scaled(made, state, {one.criterion: (one.high + tiny) / one.weight})


@exact
@given(cases(plain=True))
def test_within_the_joint_radius_nothing_changes_and_at_it_something_does(case: Case) -> None:
    made, answers = case
    result = recommend(made, answers)
    if result.sensitivity is None or len(result.verdict.winners) != 1:
        return
    winner = result.standing(result.verdict.winners[0])
    radius = result.sensitivity.joint_radius
    assert radius is not None
    assert 0 < radius <= 1
    worst = []
    for rival in result.ranking:
        if rival.alternative == winner.alternative:
            continue
        gaps = [a.points - b.points for a, b in zip(winner.contributions, rival.contributions, strict=True)]
        worst.append(sum(gaps) - radius * sum(map(abs, gaps)))
    assert min(worst) == 0


@exact
@given(cases())
def test_every_step_of_a_rating_that_flips_is_found(case: Case) -> None:
    made, answers = case
    result = recommend(made, answers)
    if result.sensitivity is None:
        return
    state = {one: answer.choices for one, answer in result.answers.items()}
    expected = {}
    for at, criterion in enumerate(made.criteria):
        for alternative, rating in criterion.ratings.items() if criterion.kind == "grade" else ():
            levels = [step.level for step in criterion.scale]
            place = levels.index(rating.level)
            for other in (place - 1, place + 1):
                if 0 <= other < len(levels):
                    moved = {**criterion.ratings, alternative: rating._replace(level=levels[other])}
                    changed = (*made.criteria[:at], criterion._replace(ratings=moved), *made.criteria[at + 1 :])
                    leaders = plain.leaders(made._replace(criteria=changed), state)
                    if leaders != result.verdict.winners:
                        expected[alternative, criterion.id, levels[other]] = leaders
    found = {(one.alternative, one.criterion, one.after): one.winners for one in result.sensitivity.rating_flips}
    assert found == expected
    if len(result.verdict.winners) == 1:
        assert result.verdict.firmness == ("close" if expected or answer_steps(made, result) else "firm")


def answer_steps(made: Rules, result: Recommendation) -> list[tuple[str, str]]:
    """The single steps of answers that change who leads."""
    state = {one: answer.choices for one, answer in result.answers.items()}
    found = []
    for one in made.needs:
        for place, choice in enumerate(one.choice_ids) if len(state.get(one.id, ())) == 1 else ():
            own = one.choice_ids.index(state[one.id][0])
            near = abs(place - own) == 1 if one.ordered else place != own
            if near and plain.leaders(made, {**state, one.id: (choice,)}) != result.verdict.winners:
                found.append((one.id, choice))
    return found


def renumbered(made: Rules, numbers: Mapping[str, list[int]]) -> Rules:
    """The same words with other numbers: five per criterion, in order."""
    criteria = []
    for criterion in made.criteria:
        own = numbers[criterion.id]
        ratings = {one: rating._replace(level=own[rating.level]) for one, rating in criterion.ratings.items()}
        scale = tuple(step._replace(level=own[step.level]) for step in criterion.scale)
        criteria.append(criterion._replace(ratings=ratings, scale=scale))
    return made._replace(criteria=tuple(criteria))


SCALES = [[0, 1, 3, 7, 15], [0, 8, 12, 14, 15], [0, 0, 0, 0, 1], [0, 1, 1, 1, 1], [0, 1, 2, 98, 99]]


@exact
@given(cases(plain=True))
def test_certificates_hold_on_other_scales(case: Case) -> None:
    made, answers = case
    result = recommend(made, answers)
    if result.sensitivity is None:
        return
    state = {one: answer.choices for one, answer in result.answers.items()}
    if result.sensitivity.same_scale:
        for scale in SCALES:
            leaders = plain.leaders(renumbered(made, {one.id: scale for one in made.criteria}), state)
            assert not leaders or result.verdict.winners[0] in leaders
    if result.sensitivity.scale_free:
        assert result.sensitivity.same_scale
        for one, other in combinations(SCALES, 2):
            numbers = {criterion.id: (one, other)[at % 2] for at, criterion in enumerate(made.criteria)}
            leaders = plain.leaders(renumbered(made, numbers), state)
            assert not leaders or result.verdict.winners[0] in leaders


def test_a_step_of_a_rating_can_take_the_basis_away() -> None:
    made = rules(alternatives="a b", criteria={"docs": "3 2"}, needs={"docs": {"must": {"docs": must(3)}}})
    told = recommend(made, {"docs": "must"}).sensitivity
    assert told is not None
    # With B admitted, nothing tells them apart and nothing weighs.
    assert {(one.alternative, one.after): one.winners for one in told.rating_flips} == {("a", 2): (), ("b", 3): ()}


def test_a_criterion_whose_group_is_used_up_has_no_interval() -> None:
    made = rules(
        alternatives="a b",
        criteria={"x": grade("4 0", group="g"), "y": grade("3 0", group="g")},
        groups={"g": 2},
        needs={"one": {"yes": {"x": 2, "y": 1}}},
    )
    told = recommend(made, {"one": "yes"}).sensitivity
    assert told is not None
    assert [one.criterion for one in told.weight_intervals] == ["x"]


def test_conditions_and_groups_take_part_in_everything() -> None:
    made = rules(
        alternatives="a b",
        criteria={"x": grade("4 0", group="g"), "y": grade("3 0", group="g"), "z": "0 4"},
        groups={"g": 3},
        needs={
            "one": {"no": {}, "yes": {"x": 2}},
            "two": {"no": {}, "yes": {"y": weight(2, when=when(one="yes")), "z": weight(1, unless=when(one="yes"))}},
        },
    )
    result = recommend(made, {"one": "yes", "two": "yes"})
    # x counts in full (2 × 4), y only what the group has left (1 × 3).
    assert [(part.asked, part.weight, part.points) for part in result.ranking[0].contributions] == [
        (2, 2, 8),
        (2, 1, 3),
    ]
    assert result.ranking[0].points == 11
    told = result.sensitivity
    assert told is not None
    assert [[(change.need, change.after) for change in flip.changes] for flip in told.flips] == [[("one", "no")]]

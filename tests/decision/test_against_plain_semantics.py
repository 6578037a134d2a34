"""Every exact claim against brute force on random rules."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, product

import pytest
from hypothesis import given

from advisor.decision import convolution, recommend
from advisor.knowledge.model import Rules
from tests.decision import plain
from tests.decision.settings import exact
from tests.decision.strategies import Case, cases


def known(rules: Rules, answers: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {
        need.id: tuple(choice for choice in need.choice_ids if choice in answers[need.id])
        for need in rules.needs
        if need.id in answers
    }


@exact
@given(cases())
def test_points_exclusions_and_leaders(case: Case) -> None:
    rules, answers = case
    result = recommend(rules, answers, sensitivity=False)
    state = known(rules, answers)
    total = plain.points(rules, state)
    assert {one.alternative: one.points for one in result.ranking} | {"": result.perfect} == total
    assert {one.alternative for one in result.ranking if one.exclusions} == plain.excluded(rules, state)
    assert result.verdict.winners == plain.leaders(rules, state)
    for one in result.ranking:
        assert sum(part.points for part in one.contributions) == one.points
        assert sum(part.perfect for part in one.contributions) == result.perfect


def count(rules: Rules, answers: dict[str, list[str]]) -> Counter[tuple[str, ...] | None]:
    """Leaders → ways; None: no basis; (): all excluded."""
    counted: Counter[tuple[str, ...] | None] = Counter()
    for full in plain.completions(rules, known(rules, answers)):
        lead = plain.leaders(rules, full)
        baseless = not lead and not plain.excluded(rules, full)
        counted[None if baseless else lead] += 1
    return counted


def check_counts(case: Case) -> None:
    rules, answers = case
    verdict = recommend(rules, answers, sensitivity=False).verdict
    counted = count(rules, answers)
    assert verdict.counted
    assert verdict.total == sum(counted.values())
    assert verdict.baseless == counted[None]
    assert verdict.unfit == counted[()]
    assert verdict.ties == sum(ways for lead, ways in counted.items() if lead and len(lead) > 1)
    for alternative in rules.alternatives:
        expected = sum(ways for lead, ways in counted.items() if lead and alternative.id in lead)
        assert verdict.completions[alternative.id] == expected
    everywhere = set(counted) == {verdict.winners}
    assert (verdict.state == "settled") == bool(verdict.winners and everywhere)
    all_out = len(plain.excluded(rules, known(rules, answers))) == len(rules.alternatives)
    assert (verdict.state == "nothing-fits") == (all_out and set(counted) == {()})
    if verdict.state == "leaning":
        assert 2 * verdict.completions[verdict.winners[0]] > verdict.total


@exact
@given(cases())
def test_completions_counted_one_by_one(case: Case) -> None:
    check_counts(case)


@pytest.mark.parametrize("worth", [0, 10**9], ids=["sum by sum", "all cells at once"])
@exact
@given(case=cases())
def test_completions_counted_by_convolution(worth: int, case: Case) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(convolution, "SPARSE_LIMIT", 0)
        patch.setattr(convolution, "WORTH", worth)
        check_counts(case)


@exact
@given(cases())
def test_settled_without_counting(case: Case) -> None:
    rules, answers = case
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(convolution, "SPARSE_LIMIT", 0)
        patch.setattr(convolution, "DENSE_LIMIT", -1)
        verdict = recommend(rules, answers, sensitivity=False).verdict
    counted = count(rules, answers)
    assert (verdict.state == "settled") == bool(verdict.winners and set(counted) == {verdict.winners})
    if not verdict.counted:
        assert verdict.completions == {}


def changed(state: dict[str, tuple[str, ...]], picks: tuple[tuple[str, str], ...]) -> dict[str, tuple[str, ...]]:
    return {**state, **{need: (choice,) for need, choice in picks}}


def minimal_changes(
    rules: Rules, state: dict[str, tuple[str, ...]], target: str, size: int
) -> set[tuple[tuple[str, str], ...]]:
    """All sets of that many changes that make the target lead alone, without a part that does."""
    singles = [
        (need.id, choice) for need in rules.needs for choice in need.choice_ids if state.get(need.id) != (choice,)
    ]
    found = set()
    for picks in combinations(singles, size):
        if len({need for need, _ in picks}) == size and plain.leaders(rules, changed(state, picks)) == (target,):
            parts = [part for less in range(1, size) for part in combinations(picks, less)]
            if not any(plain.leaders(rules, changed(state, part)) == (target,) for part in parts):
                found.add(picks)
    return found


@exact
@given(cases())
def test_flips_are_minimal_verified_and_complete(case: Case) -> None:
    rules, answers = case
    result = recommend(rules, answers)
    if result.sensitivity is None:
        assert not result.verdict.winners
        return
    state = known(rules, answers)
    for alternative in rules.alternatives:
        if result.verdict.winners == (alternative.id,):
            continue
        told = {
            tuple((change.need, change.after) for change in flip.changes)
            for flip in result.sensitivity.flips
            if flip.alternative == alternative.id
        }
        by_size = {size: minimal_changes(rules, state, alternative.id, size) for size in range(1, len(rules.needs) + 1)}
        smallest = next((size for size, sets in by_size.items() if sets), None)
        expected = set().union(*(sets for size, sets in by_size.items() if size == smallest or size <= 2))
        assert told == expected
        wins_somewhere = any(plain.leaders(rules, one) == (alternative.id,) for one in plain.everything(rules))
        if alternative.id in result.sensitivity.cannot_win:
            assert not wins_somewhere
        elif not told:
            assert wins_somewhere
            assert alternative.id in result.sensitivity.not_searched


def fixes(rules: Rules, state: dict[str, tuple[str, ...]], kept: tuple[str, ...], *, settled: bool) -> bool:
    lead = plain.leaders(rules, state)
    if settled:
        fixed = {need: state[need] for need in kept}
        return all(plain.leaders(rules, full) == lead for full in plain.completions(rules, fixed))
    free = [need for need in rules.needs if len(state.get(need.id, ())) == 1 and need.id not in kept]
    ways = product(*[need.choice_ids for need in free])
    return all(
        plain.leaders(rules, changed(state, tuple((need.id, choice) for need, choice in zip(free, way, strict=True))))
        == lead
        for way in ways
    )


@exact
@given(cases())
def test_sufficient_answers_suffice_and_none_smaller_do(case: Case) -> None:
    rules, answers = case
    result = recommend(rules, answers)
    if len(result.verdict.winners) != 1 or result.sensitivity is None:
        return
    state = known(rules, answers)
    settled = result.verdict.state == "settled"
    kept = result.sensitivity.sufficient
    assert fixes(rules, state, kept, settled=settled)
    answered = [need for need, choices in state.items() if settled or len(choices) == 1]
    for smaller in combinations(answered, max(len(kept) - 1, 0)):
        assert not kept or not fixes(rules, state, smaller, settled=settled)


@exact
@given(cases())
def test_what_single_answers_can_do(case: Case) -> None:
    rules, answers = case
    result = recommend(rules, answers)
    if result.sensitivity is None:
        return
    state = known(rules, answers)
    lead = result.verdict.winners
    sensitivity = result.sensitivity
    for need in rules.needs:
        if len(state.get(need.id, ())) != 1:
            continue
        own = need.choice_ids.index(state[need.id][0])
        flipping = {
            place: abs(place - own) if need.ordered else 1
            for place, choice in enumerate(need.choice_ids)
            if place != own and plain.leaders(rules, changed(state, ((need.id, choice),))) != lead
        }
        nearest = {need.choice_ids[place] for place in flipping if flipping[place] == min(flipping.values())}
        assert {flip.after for flip in sensitivity.choice_flips if flip.need == need.id} == nearest
        without = {one: choices for one, choices in state.items() if one != need.id}
        matters = bool(flipping) or plain.leaders(rules, without) != lead
        assert (need.id in sensitivity.irrelevant) == (not matters)
    for cost in sensitivity.unknown_costs:
        for choice, winners in cost.winners.items():
            assert plain.leaders(rules, changed(state, ((cost.need, choice),))) == winners
        assert cost.can_change == (set(cost.winners.values()) != {lead})

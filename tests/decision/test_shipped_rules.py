"""The claims once more on the rules that ship, against every single and double change of answers."""

from __future__ import annotations

import random

import pytest

from advisor.decision import recommend
from advisor.decision.batch import Decider
from advisor.knowledge.model import Rules
from tests.decision import plain
from tests.decision.test_against_plain_semantics import minimal_changes


def profile(shipped: Rules, seed: int) -> dict[str, tuple[str, ...]]:
    """Random answers to some needs, those that apply."""
    dice = random.Random(seed)
    share = dice.choice([0.2, 0.5, 0.9])
    drawn = {need.id: (dice.choice(need.choice_ids),) for need in shipped.needs if dice.random() < share}
    return plain.applied(shipped, drawn)


@pytest.mark.parametrize("seed", range(6))
def test_no_change_of_up_to_two_answers_is_missed_or_made_up(shipped: Rules, seed: int) -> None:
    state = profile(shipped, seed)
    result = recommend(shipped, state)
    assert result.sensitivity is not None
    for alternative in shipped.alternatives:
        if result.verdict.winners == (alternative.id,):
            continue
        told = {
            tuple((change.need, change.after) for change in flip.changes)
            for flip in result.sensitivity.flips
            if flip.alternative == alternative.id
        }
        small = {picks for picks in told if len(picks) <= 2}
        expected = {picks for size in (1, 2) for picks in minimal_changes(shipped, state, alternative.id, size)}
        assert small == expected
        for picks in told - small:
            assert plain.leaders(shipped, {**state, **{need: (choice,) for need, choice in picks}}) == (alternative.id,)


def test_what_is_settled_stays_in_thousands_of_completions(shipped: Rules) -> None:
    dice = random.Random(1)
    decider = Decider(shipped)
    settled = 0
    for seed in range(40):
        state = profile(shipped, seed)
        verdict = recommend(shipped, state, sensitivity=False).verdict
        if verdict.state != "settled":
            continue
        settled += 1
        for _ in range(200):
            drawn = {need.id: state.get(need.id, (dice.choice(need.choice_ids),)) for need in shipped.needs}
            full = plain.applied(shipped, drawn)
            decision = decider.decide({need: choices[0] for need, choices in full.items()})
            assert decision == (verdict.winners, "settled")
    assert settled >= 5


def test_every_alternative_wins_somewhere_and_batch_agrees(shipped: Rules) -> None:
    decider = Decider(shipped)
    won = set()
    for seed in range(60):
        state = profile(shipped, seed)
        verdict = recommend(shipped, state, sensitivity=False).verdict
        assert verdict.counted
        assert decider.decide(state) == (verdict.winners, verdict.state)
        won.update(verdict.winners)
    assert won == {alternative.id for alternative in shipped.alternatives}

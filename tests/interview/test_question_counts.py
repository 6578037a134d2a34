"""How many questions it takes until the advice is settled, on the rules that ship."""

from __future__ import annotations

import random
from statistics import mean, median

import pytest

from advisor.interview.conversation import begin, step
from advisor.interview.state import Setup, State
from advisor.knowledge.model import Rules

from .bicycles import RULES
from .test_random_walks import Remembering


@pytest.fixture(scope="module")
def setup(shipped: Rules) -> Setup:
    """The shipped rules; what was decided for one project need not be decided again for the next."""
    return Setup(shipped, Remembering())


def interview(setup: Setup, project: dict[str, str]) -> State:
    """Answer every question truthfully until no more is asked."""
    state, _ = begin(setup)
    while state.mode == "asking":
        assert state.current is not None
        state, _ = step(setup, state, project[state.current])
    return state


def test_it_is_settled_after_at_most_three_quarters_of_the_needs_on_average(shipped: Rules, setup: Setup) -> None:
    """25 random projects: every choice as likely as any other."""
    chance = random.Random(2026)
    asked = []
    for _ in range(25):
        project = {need.id: chance.choice(need.choice_ids) for need in shipped.needs}
        state = interview(setup, project)
        assert state.outlook.verdict.state in ("settled", "nothing-fits")
        asked.append(len(state.asked))
    assert mean(asked) <= 0.75 * len(shipped.needs)
    assert median(asked) <= 0.75 * len(shipped.needs)


def test_whoever_answers_every_question_ends_settled() -> None:
    setup = Setup(RULES, Remembering())
    chance = random.Random(5)
    for _ in range(300):
        state = interview(setup, {need.id: chance.choice(need.choice_ids) for need in RULES.needs})
        assert state.outlook.verdict.state in ("settled", "nothing-fits")


def test_the_result_is_that_of_the_whole_project(shipped: Rules, setup: Setup) -> None:
    """What was not asked could not have changed it: all answers together have the same leaders."""
    chance = random.Random(7)
    for _ in range(8):
        project = {need.id: chance.choice(need.choice_ids) for need in shipped.needs}
        early = interview(setup, project)
        state, _ = begin(setup, ask_all=True)
        while state.mode == "asking":
            assert state.current is not None
            state, _ = step(setup, state, project[state.current])
        assert early.outlook.verdict.winners == state.outlook.verdict.winners

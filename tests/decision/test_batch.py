"""Many profiles at once agree with one recommendation at a time."""

from __future__ import annotations

import pytest
from hypothesis import given

from advisor.decision import batch, recommend
from advisor.decision.batch import Decider
from advisor.errors import AdvisorError
from tests.builders import need, rules, when
from tests.decision.settings import exact
from tests.decision.strategies import Case, cases

SMALL = rules(
    criteria={"docs": "4 1 0", "speed": "0 4 2"},
    needs={
        "docs": {"no": {}, "nice": {"docs": 1}, "must": {"docs": 3}},
        "speed": {"low": {}, "high": {"speed": 2}},
        "cache": need({"no": {}, "yes": {"speed": 1}}, applies_when=when(speed="high")),
    },
)


@exact
@given(cases())
def test_batch_says_what_recommend_says(case: Case) -> None:
    rules, answers = case
    verdict = recommend(rules, answers, sensitivity=False).verdict
    decider = Decider(rules)
    assert decider.decide(answers) == (verdict.winners, verdict.state)
    assert decider.decide({need: ",".join(choices) for need, choices in answers.items()}) == decider.decide(answers)


@exact
@given(cases())
def test_batch_agrees_when_it_falls_back_to_the_convolution(case: Case) -> None:
    rules, answers = case
    verdict = recommend(rules, answers, sensitivity=False).verdict
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batch, "UNDECIDED", 0)
        patch.setattr(batch, "REMEMBERED", 1)
        decider = Decider(rules)
        for _ in range(2):
            assert decider.decide(answers) == (verdict.winners, verdict.state)
        assert decider.decide({}).state in {"open", "nothing-fits"}


def test_a_misspelt_choice_is_refused_as_elsewhere() -> None:
    decider = Decider(SMALL)
    with pytest.raises(AdvisorError, match='"mast" is not a choice of docs'):
        decider.decide({"docs": "mast"})
    with pytest.raises(AdvisorError, match='unknown need "dosc"'):
        decider.decide({"dosc": "must"})


def test_an_answer_to_a_need_that_cannot_apply_is_refused_every_time() -> None:
    decider = Decider(SMALL)
    for _ in range(2):
        with pytest.raises(AdvisorError, match="cache does not apply: speed is"):
            decider.decide({"speed": "low", "cache": "yes"})
    assert decider.decide({"speed": "high", "cache": "yes", "docs": "no"}).winners == ("b",)


def test_unknown_counts_as_not_answered() -> None:
    decider = Decider(SMALL)
    assert decider.decide({"docs": "unknown", "speed": None}) == decider.decide({})

"""Many profiles at once agree with one recommendation at a time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

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


@exact
@given(cases(plain=True, most_needs=6), st.booleans())
def test_batch_agrees_on_needs_that_do_not_interact(case: Case, fall_back: bool) -> None:
    rules, answers = case
    verdict = recommend(rules, answers, sensitivity=False).verdict
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batch, "UNDECIDED", 0 if fall_back else 3_000)
        assert Decider(rules).decide(answers) == (verdict.winners, verdict.state)


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


@pytest.mark.parametrize("undecided", [0, 1, 3_000])
def test_what_stays_undecided_for_long_is_counted_by_convolution(undecided: int) -> None:
    made = rules(
        alternatives="a b",
        criteria={"x": "4 0", "y": "0 4"},
        needs={"n": {"yes": {"x": 2}}} | {f"n{k}": {"no": {}, "yes": {"y": 1}} for k in range(5)},
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batch, "UNDECIDED", undecided)
        # A leads or shares the lead while at most two of the five say yes: 16 of 32 ways, which is not more than half.
        assert Decider(made).decide({"n": "yes"}) == (("a",), "open")
        assert Decider(made).decide({"n": "yes", "n0": "no"}) == (("a",), "leaning")

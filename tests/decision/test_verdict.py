"""Settled, leaning, open: counted over every way to answer what is open, by hand and against brute force."""

from __future__ import annotations

from advisor.decision import recommend
from tests.builders import fit, kinds, rules

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

"""Why not an alternative: what speaks against it, what would lift it, what would have to change."""

from __future__ import annotations

import pytest

from advisor.decision import recommend
from advisor.decision.why_not import why_not
from advisor.errors import AdvisorError
from tests.builders import fit, kinds, must, remedy, rules

MADE = rules(
    criteria={"docs": "4 1 0", "speed": "1 4 2", "size": "1 0 0", "kind": kinds("p q q")},
    needs={
        "docs": {"no": {}, "nice": {"docs": 1}, "must": {"docs": [3, must(1, with_remedies=True)]}},
        "speed": {"low": {}, "high": {"speed": 2}},
        "style": {"any": {}, "q": {"kind": fit(1, q=2)}},
    },
    remedies=(
        remedy("b", "docs-addon", docs=4, size=4),
        remedy("b", "slower", speed=1),
        remedy("c", "some-docs", docs=1),
        remedy("c", "much-docs", docs=3),
        remedy("a", "fast", speed=4),
    ),
)
ANSWERS = {"docs": "must", "speed": "high", "style": "q"}


def test_the_criteria_it_loses_and_gains_on() -> None:
    told = why_not(MADE, ANSWERS, "b")
    # A has 12 and 2 points, B has 3, 8 and 2.
    assert (told.leads, told.rival, told.behind) == (False, "a", 1)
    assert [(one.criterion, one.points) for one in told.loses] == [("docs", 9)]
    assert [(one.criterion, one.points) for one in told.gains] == [("speed", -6), ("kind", -2)]
    assert told.standing.rank == 2


def test_an_add_on_is_scored_anew() -> None:
    told = why_not(MADE, ANSWERS, "b")
    (lift,) = told.lifts
    assert (lift.remedy.id, lift.changes, lift.points, lift.admits) == ("docs-addon", (("docs", 1, 4),), 9, False)
    assert lift.winners == told.all_lifts == ("b",)


def test_an_add_on_that_admits_comes_first() -> None:
    bare = rules(
        alternatives="a b",
        criteria={"docs": "4 1", "speed": "3 3"},
        needs={"n": {"yes": {"docs": must(2), "speed": 1}}},
        remedies=(remedy("b", "fast", speed=4), remedy("b", "docs", docs=2)),
    )
    told = why_not(bare, {"n": "yes"}, "b")
    assert [(lift.remedy.id, lift.admits, lift.winners) for lift in told.lifts] == [
        ("docs", True, ("a", "b")),
        ("fast", False, ("a",)),
    ]
    assert told.all_lifts == ("b",)
    assert told.behind == 0
    assert told.standing.exclusions


def test_the_changes_are_those_of_the_recommendation() -> None:
    told = why_not(MADE, ANSWERS, "b")
    result = recommend(MADE, ANSWERS)
    assert result.sensitivity is not None
    assert told.flips == tuple(flip for flip in result.sensitivity.flips if flip.alternative == "b")
    assert told.complete
    assert not told.cannot_win


def test_the_pick_itself_has_nothing_against_it() -> None:
    told = why_not(MADE, ANSWERS, "a")
    assert (told.leads, told.rival, told.loses, told.gains, told.flips) == (True, None, (), (), ())


def test_without_a_leader_only_what_would_help_is_told() -> None:
    told = why_not(MADE, {}, "c")
    assert (told.rival, told.behind, told.lifts, told.all_lifts, told.cannot_win) == (None, 0, (), (), True)
    assert not told.complete
    assert why_not(MADE, {}, "b").flips


def test_an_unknown_alternative_is_refused() -> None:
    with pytest.raises(AdvisorError, match='unknown framework "d"'):
        why_not(MADE, {}, "d")

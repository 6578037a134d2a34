"""Two recommendations side by side."""

from __future__ import annotations

from advisor.decision import recommend
from advisor.decision.diff import difference
from advisor.knowledge.model import Rules
from tests.builders import must, rules

CRITERIA = {"docs": "4 1 0", "speed": "0 4 2"}
NEEDS = {
    "docs": {"no": {}, "nice": {"docs": 1}, "must": {"docs": 3}},
    "speed": {"low": {}, "high": {"speed": 2}},
}
MADE = rules(criteria=CRITERIA, needs=NEEDS)


def test_nothing_moved() -> None:
    found = difference(recommend(MADE, {"docs": "must"}), recommend(MADE, {"docs": "must"}))
    assert found.same
    assert found.same_rules
    assert (found.pick_changed, found.answers, found.shifts) == (False, (), ())


def test_a_changed_answer_moves_the_pick_through_its_criteria() -> None:
    old = recommend(MADE, {"docs": "must"})
    new = recommend(MADE, {"docs": "nice", "speed": "high"})
    found = difference(old, new)
    assert found.pick_changed
    assert found.verdict_changed
    assert not found.same
    assert [(move.need, move.before, move.after) for move in found.answers] == [
        ("docs", ("must",), ("nice",)),
        ("speed", (), ("high",)),
    ]
    assert (found.lead_of, found.lead_over) == ("b", "a")
    # B over A: docs from -9 to -3, speed from nothing to 8.
    assert [(shift.need, shift.criterion, shift.before, shift.after, shift.points) for shift in found.shifts] == [
        ("speed", "speed", 0, 8, 8),
        ("docs", "docs", -9, -3, 6),
    ]
    moved = {move.alternative: move.moved for move in found.standings}
    assert moved == {"b": True, "a": True, "c": True}


def test_the_same_pick_is_followed_against_its_runner_up() -> None:
    found = difference(recommend(MADE, {"docs": "nice"}), recommend(MADE, {"docs": "must"}))
    assert (found.pick_changed, found.lead_of, found.lead_over) == (False, "a", "b")
    assert [shift.points for shift in found.shifts] == [6]


def test_without_leaders_there_is_no_lead_to_follow() -> None:
    found = difference(recommend(MADE, {"docs": "must"}), recommend(MADE, {}))
    assert (found.lead_of, found.lead_over, found.shifts) == (None, "a", ())
    assert found.pick_changed


def newer() -> Rules:
    return rules(
        alternatives="a b d",
        criteria={"docs": "4 2 0", "cost": "1 2 3"},
        needs={"docs": {"no": {}, "nice": {"docs": 1}, "must": {"docs": 4}}, "cost": {"low": {"cost": must(1)}}},
    )._replace(digest="sha256:1")


def test_two_versions_of_the_rules() -> None:
    found = difference(recommend(MADE, {"docs": "must", "speed": "high"}), recommend(newer(), {"docs": "must"}))
    assert not found.same_rules
    assert [(move.alternative, move.criterion, move.before, move.after) for move in found.ratings] == [
        ("b", "docs", "level 1", "level 2"),
        ("d", "docs", None, "level 0"),
        ("a", "cost", None, "level 1"),
        ("b", "cost", None, "level 2"),
        ("d", "cost", None, "level 3"),
        ("c", "docs", "level 0", None),
        ("a", "speed", "level 0", None),
        ("b", "speed", "level 4", None),
        ("c", "speed", "level 2", None),
    ]
    assert found.needs == (("docs", "changed"), ("cost", "added"), ("speed", "removed"))
    assert [(move.need, move.after) for move in found.answers] == [("speed", ())]
    standings = {move.alternative: (move.before is None, move.after is None) for move in found.standings}
    assert standings == {"a": (False, False), "b": (False, False), "d": (True, False), "c": (False, True)}
    assert all(move.moved for move in found.standings)
    backwards = difference(found.new, recommend(MADE, {"speed": "high"}))
    assert (backwards.lead_of, backwards.lead_over) == ("b", "a")


def test_a_lead_over_an_alternative_that_is_gone_counts_it_as_nothing() -> None:
    only_d = rules(alternatives="d", criteria={"docs": "4"}, needs={"docs": {"must": {"docs": 3}}})
    found = difference(recommend(MADE, {"docs": "must"}), recommend(only_d, {"docs": "must"}))
    assert (found.lead_of, found.lead_over) == ("d", "a")
    assert [(shift.before, shift.after) for shift in found.shifts] == [(-12, 12)]


def test_wording_alone_is_no_change_of_a_need() -> None:
    worded = MADE._replace(needs=(MADE.needs[0]._replace(question="Otherwise?"), MADE.needs[1]))
    assert difference(recommend(MADE, {}), recommend(worded, {})).same

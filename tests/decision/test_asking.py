"""Which need is asked next: never one that cannot matter, core ones first, and nearly as few as can be."""

from __future__ import annotations

import random
from fractions import Fraction
from functools import cache
from itertools import combinations, product

import pytest
from hypothesis import given

from advisor.decision import asking, next_need, recommend
from advisor.errors import AdvisorError
from advisor.knowledge.model import Rules
from tests.builders import fit, kinds, must, need, rules, when
from tests.decision import plain
from tests.decision.settings import exact
from tests.decision.strategies import Case, cases

DOCS = {"no": {}, "nice": {"docs": 1}, "must": {"docs": 3}}
SPEED = {"low": {}, "high": {"speed": 2}}


def test_the_need_most_likely_to_settle_comes_first_then_the_widest_swing() -> None:
    made = rules(
        criteria={"docs": "4 1 0", "speed": "0 4 2", "size": "1 0 0"},
        needs={"size": {"any": {}, "small": {"size": 1}}, "speed": SPEED, "docs": DOCS},
    )
    found = next_need(made, {})
    assert found.need == "docs"
    first, second, third = found.questions
    # Must gives A 12 against B's 3, more than speed (8) and size (1) can turn.
    assert (first.settling, first.choices, first.swing) == (1, 3, 12)
    assert (second.need, second.settling, second.swing) == ("speed", 0, 8)
    assert (third.need, third.swing) == ("size", 1)
    # C may still lead with everybody, when nothing weighs.
    assert found.contested == ("a", "b", "c")
    assert next_need(made, {"speed": "high"}).contested == ("a", "b")


def test_effects_tell_what_every_choice_would_add() -> None:
    found = next_need(rules(criteria={"docs": "4 1 0", "speed": "0 4 2"}, needs={"docs": DOCS, "speed": SPEED}), {})
    effects = {(effect.choice, effect.alternative): (effect.low, effect.high) for effect in found.effects}
    assert effects["must", "a"] == (12, 12)
    assert effects["must", "b"] == (3, 3)
    assert effects["no", "a"] == (0, 0)


def test_core_needs_come_first_in_file_order_while_they_can_matter() -> None:
    made = rules(
        criteria={"docs": "4 1 0", "speed": "0 4 2", "size": "1 0 0"},
        needs={
            "docs": DOCS,
            "size": need({"any": {}, "small": {"size": 1}}, core=True),
            "speed": need(SPEED, core=True),
            "idle": need({"no": {}, "yes": {}}, core=True),
        },
    )
    assert [question.need for question in next_need(made, {}).questions] == ["size", "speed", "docs"]
    assert next_need(made, {}, core_first=False).need == "docs"
    assert next_need(made, {}, skip=["size", "nonsense"]).need == "speed"
    assert next_need(made, {"docs": "must"}).need is None


def test_a_need_that_does_not_apply_is_not_asked_until_it_does() -> None:
    made = rules(
        criteria={"docs": "4 1 0"},
        needs={
            "legacy": {"none": {}, "some": {}},
            "pain": need({"no": {}, "yes": {"docs": 2}}, applies_when=when(legacy="some")),
        },
    )
    found = next_need(made, {})
    assert [question.need for question in found.questions] == ["legacy"]
    assert next_need(made, {"legacy": "some"}).need == "pain"
    assert next_need(made, {"legacy": "none"}).need is None


def test_a_need_that_can_exclude_matters_without_any_points() -> None:
    made = rules(criteria={"docs": "4 1 0"}, needs={"docs": {"no": {}, "must": {"docs": must(2)}}})
    found = next_need(made, {})
    assert found.need == "docs"
    assert found.questions[0].excludes
    assert found.questions[0].swing == 0
    assert [effect.alternative for effect in found.effects if effect.excluded] == ["b", "c"]


def test_with_very_many_contested_alternatives_swing_alone_decides() -> None:
    names = "abcdefghij"
    made = rules(
        alternatives=" ".join(names),
        criteria={name: " ".join("4" if other == name else "0" for other in names) for name in names},
        needs={"small": {"no": {}, "yes": {"a": 1}}, "large": {name: {name: 2} for name in names}},
    )
    found = next_need(made, {})
    assert len(found.contested) > asking.WIDE
    asked = [(question.need, question.settling, question.swing) for question in found.questions]
    assert asked == [("large", 0, 16), ("small", 0, 4)]


def test_where_every_answer_leads_elsewhere_what_moves_the_leaders_of_today_is_asked() -> None:
    made = rules(
        criteria={"docs": "4 4 0", "speed": "4 0 0", "size": "2 2 0"},
        needs={
            "docs": DOCS,
            "speed": {"some": {"speed": 1}, "much": {"speed": 2}, "all": {"speed": 2}},
            "size": {"small": {"size": 1}, "large": {"size": 2}},
        },
    )
    advice = recommend(made, {"docs": "must", "size": "small"})
    # A and B share the lead, and A alone leads whatever is said of speed.
    assert advice.verdict.state == "open"
    assert advice.verdict.winners == ("a", "b")
    assert advice.telling == ("speed",)
    found = next_need(made, {"docs": "must"})
    # Size moves both alike.
    assert found.questions == (asking.Question("speed", 3, 3, 8, excludes=False, core=False),)
    assert found.contested == ("a", "b")
    effects = {(effect.choice, effect.alternative): effect.low for effect in found.effects}
    assert (effects["some", "a"], effects["some", "b"]) == (4, 0)
    assert next_need(made, {"docs": "must", "speed": "some"}).need is None


def test_where_every_answer_excludes_the_leader_of_today_that_need_is_asked() -> None:
    made = rules(
        criteria={"docs": "4 2 0", "speed": "0 4 4"},
        needs={"docs": DOCS, "speed": {"high": {"speed": must(3)}, "higher": {"speed": must(4)}}},
    )
    found = next_need(made, {"docs": "must"})
    assert found.need == "speed"
    assert found.questions[0].excludes
    assert recommend(made, {"docs": "must"}).telling == ("speed",)


@exact
@given(cases(most_needs=3))
def test_an_unsettled_lead_leaves_something_to_ask(case: Case) -> None:
    made, answers = case
    advice = recommend(made, answers, sensitivity=False)
    assert bool(advice.telling) or not advice.verdict.winners or advice.verdict.state == "settled"


def test_unknown_needs_are_refused() -> None:
    with pytest.raises(AdvisorError, match="unknown need"):
        next_need(rules(needs={"docs": DOCS}, criteria={"docs": "4 1 0"}), {"dosc": "must"})


@exact
@given(cases(most_needs=3))
def test_needs_left_out_cannot_change_who_leads(case: Case) -> None:
    made, answers = case
    state = {
        one.id: tuple(choice for choice in one.choice_ids if choice in answers[one.id])
        for one in made.needs
        if one.id in answers
    }
    telling = set(recommend(made, answers, sensitivity=False).telling)
    applying = plain.applied(made, {one.id: state.get(one.id, one.choice_ids) for one in made.needs})
    for one in made.needs:
        settled_now = len(state.get(one.id, ())) == 1
        if settled_now or one.id in telling or one.id not in applying:
            continue
        if not plain.holds(one.applies_when, plain.applied(made, state)):
            continue
        by_rest: dict[tuple[tuple[str, tuple[str, ...]], ...], set[tuple[str, ...]]] = {}
        for full in plain.completions(made, state):
            rest = tuple(sorted((need_id, chosen) for need_id, chosen in full.items() if need_id != one.id))
            by_rest.setdefault(rest, set()).add(plain.leaders(made, full))
        # A way in which nothing weighs has no leaders; where it ties with everybody, no points were moved.
        assert all(len({lead for lead in leaders if lead}) <= 1 for leaders in by_rest.values())


def random_rules(seed: int) -> Rules:
    """Five needs of three choices over three alternatives, a kind among the criteria."""
    chance = random.Random(seed)
    criteria = {f"c{number}": " ".join(str(chance.randint(0, 4)) for _ in "abc") for number in range(5)}
    needs = {
        f"n{number}": {
            "no": {},
            "nice": {f"c{number}": 1, "kind": fit(1, x=chance.randint(0, 4))},
            "must": {f"c{number}": chance.randint(2, 4), f"c{(number + 1) % 5}": chance.randint(1, 2)},
        }
        for number in range(5)
    }
    return rules(criteria={**criteria, "kind": kinds("x y z")}, needs=needs)


class Game:
    """Asking until every way to answer the rest has the same leaders, over uniform answers."""

    def __init__(self, made: Rules) -> None:
        self.rules = made
        self.ids = [one.id for one in made.needs]
        self.choices = [one.choice_ids for one in made.needs]
        self.leads = {
            full: plain.leaders(made, {one: (choice,) for one, choice in zip(self.ids, full, strict=True)})
            for full in product(*self.choices)
        }
        self.ends = cache(self._ends)
        self.best = cache(self._best)
        self.ours = cache(self._ours)

    def after(self, state: tuple[str | None, ...], at: int) -> list[tuple[str | None, ...]]:
        return [(*state[:at], choice, *state[at + 1 :]) for choice in self.choices[at]]

    def _ends(self, state: tuple[str | None, ...]) -> frozenset[tuple[str, ...]]:
        if None not in state:
            return frozenset([self.leads[state]])  # type: ignore[index]
        at = state.index(None)
        return frozenset().union(*(self.ends(child) for child in self.after(state, at)))

    def mean(self, values: list[Fraction]) -> Fraction:
        return 1 + sum(values, Fraction(0)) / len(values)

    def _best(self, state: tuple[str | None, ...]) -> Fraction:
        if len(self.ends(state)) == 1:
            return Fraction(0)
        opened = [at for at, choice in enumerate(state) if choice is None]
        return min(self.mean([self.best(child) for child in self.after(state, at)]) for at in opened)

    def _ours(self, state: tuple[str | None, ...]) -> Fraction:
        if len(self.ends(state)) == 1:
            return Fraction(0)
        answers = {one: choice for one, choice in zip(self.ids, state, strict=True) if choice is not None}
        asked = next_need(self.rules, answers, core_first=False).need
        assert asked is not None
        return self.mean([self.ours(child) for child in self.after(state, self.ids.index(asked))])


def test_the_order_is_within_five_percent_of_the_best_possible() -> None:
    games = [Game(random_rules(seed)) for seed in range(12)]
    start = (None,) * 5
    ours = sum((game.ours(start) for game in games), Fraction(0))
    best = sum((game.best(start) for game in games), Fraction(0))
    assert best <= ours <= best * Fraction(105, 100)
    assert all(ours < 5 for ours in (game.ours(start) for game in games))


def test_telling_needs_are_the_questions_of_the_interview() -> None:
    made = random_rules(3)
    for one, other in combinations(made.needs, 2):
        answers = {one.id: "nice", other.id: "must"}
        asked = next_need(made, answers, core_first=False)
        assert recommend(made, answers).telling == tuple(question.need for question in asked.questions)

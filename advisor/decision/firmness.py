"""Firm or close: whether one step of one answer or of one rating changes the leaders."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate
from operator import or_
from typing import NamedTuple

from advisor.decision.score import Scored
from advisor.decision.table import Must, Outcome, Table
from advisor.knowledge.model import TOP_LEVEL


def choice_steps(table: Table, need: int, bits: int) -> list[int]:
    """Return the choices one step from a known answer: its neighbours on a scale, all others elsewhere."""
    if not bits or bits & (bits - 1):
        return []
    full = table.full[need]
    if table.rules.needs[need].ordered:
        return [other for other in (bits >> 1, bits << 1) if other & full]
    return [1 << place for place in range(full.bit_length()) if 1 << place != bits]


class OneAnswer:
    """Who leads when one answer is another one and all others stay, from the sums of blocks."""

    def __init__(self, table: Table, state: Sequence[int]) -> None:
        self.table = table
        self.keys = [block.key(state) for block in table.blocks]
        own = [block.outcome(key) for block, key in zip(table.blocks, self.keys, strict=True)]
        #: what all other blocks add up to, for every block
        self.rest: list[Outcome] = []
        points = sum(outcome.points for outcome in own)
        after = list(accumulate([outcome.excluded for outcome in reversed(own)], or_, initial=0))[::-1]
        before = 0
        for outcome, later in zip(own, after[1:], strict=True):
            self.rest.append(Outcome(points - outcome.points, before | later))
            before |= outcome.excluded
        self.now = table.leaders(Outcome(points, before))
        self._known: dict[tuple[int, int], int] = {}

    def leaders(self, need: int, bits: int) -> int:
        """Return the top bits of the leaders with another answer to one need (0: none)."""
        found = self._known.get((need, bits))
        if found is None:
            at = self.table.block_of[need]
            block, key = self.table.blocks[at], list(self.keys[at])
            key[block.place[need]] = bits
            points, excluded = block.outcome(tuple(key))
            rest = self.rest[at]
            outcome = Outcome(rest.points + points, rest.excluded | excluded)
            found = self._known[need, bits] = self.table.leaders(outcome)
        return found


def answers_are_firm(table: Table, state: list[int], lead: int) -> bool:
    """Tell whether no single step of one answer changes the leaders (given as top bits)."""
    other = OneAnswer(table, state)
    return all(
        other.leaders(need, step) == lead for need, bits in enumerate(state) for step in choice_steps(table, need, bits)
    )


class RatingStep(NamedTuple):
    """One rating moved by one step of its scale."""

    alternative: int
    criterion: int
    before: int
    after: int


def criterion_weights(scored: Scored) -> dict[int, int]:
    """Return the weight that counts of every criterion that any answer asked for."""
    weights: dict[int, int] = {}
    for term, weight in zip(scored.terms, scored.weights, strict=True):
        weights[term.criterion] = weights.get(term.criterion, 0) + weight
    return weights


def flipping_steps(table: Table, scored: Scored) -> Iterator[tuple[RatingStep, tuple[int, ...]]]:
    """Yield every step of a rating that changes the leaders, with the leaders it makes.

    Kinds have no steps, so only grades are moved. Steps too small to reach the lead are passed over unscored.
    """
    weights = criterion_weights(scored)
    required = {must.criterion for must in scored.musts}
    heaviest = max(weights.values(), default=0)
    for place in range(table.count):
        standing = _Standing(table, scored, place)
        # The most that its own points may move before anybody else is touched; an excluded one must be admitted first.
        gap = abs(standing.best - scored.points[place]) if standing.others else 0
        if scored.excluded[place] or heaviest * TOP_LEVEL < gap:
            criteria = required
        else:
            criteria = required | {at for at, weight in weights.items() if weight * TOP_LEVEL >= gap}
        for at in sorted(criteria):
            for step in _steps(table, place, at):
                after = standing.leaders_after(step, weights.get(at, 0))
                if after != scored.leaders:
                    yield step, after


def _steps(table: Table, alternative: int, at: int) -> list[RatingStep]:
    criterion = table.rules.criteria[at]
    if criterion.kind != "grade":
        return []
    before = criterion.ratings[table.rules.alternatives[alternative].id].level
    below = [step.level for step in criterion.scale if step.level < before]
    above = [step.level for step in criterion.scale if step.level > before]
    around = [*([max(below)] if below else []), *([min(above)] if above else [])]
    return [RatingStep(alternative, at, before, after) for after in around]


class _Standing:
    """One alternative against all others, who stay as they are."""

    def __init__(self, table: Table, scored: Scored, place: int) -> None:
        self.table = table
        self.place = place
        self.points = scored.points[place]
        admitted = [other for other in range(table.count) if other != place and not scored.excluded[other]]
        self.best = max((scored.points[other] for other in admitted), default=0)
        self.others = tuple(other for other in admitted if scored.points[other] == self.best)
        #: without a weight, leaders are only those whom others' exclusion leaves
        self.no_basis = not scored.perfect and len(admitted) == table.count - 1
        own = [must for must in scored.musts if must.below & table.top(place)]
        self.excluding = {must.criterion for must in own}
        self.musts: dict[int, list[Must]] = {}
        for must in scored.musts:
            self.musts.setdefault(must.criterion, []).append(must)

    def leaders_after(self, step: RatingStep, weight: int) -> tuple[int, ...]:
        """Return the leaders if one of its ratings were another: re-scored, exclusions included."""
        if self._excluded_after(step):
            return self.others
        if self.no_basis:
            return ()
        points = self.points + weight * (step.after - step.before)
        if not self.others or points > self.best:
            return (self.place,)
        return tuple(sorted((self.place, *self.others))) if points == self.best else self.others

    def _excluded_after(self, step: RatingStep) -> bool:
        if self.excluding - {step.criterion}:
            return True
        lifted = max([level for place, level in self.table.lifts.get(step.criterion, ()) if place == self.place] or [0])
        return any(
            (max(step.after, lifted) if must.requirement.with_remedies else step.after) < must.requirement.at_least
            for must in self.musts.get(step.criterion, ())
        )

"""Firm or close: whether one step of one answer or of one rating changes the leaders."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from advisor.decision.score import Scored
from advisor.decision.table import Table


def choice_steps(table: Table, need: int, bits: int) -> list[int]:
    """Return the choices one step from a known answer: its neighbours on a scale, all others elsewhere."""
    if not bits or bits & (bits - 1):
        return []
    full = table.full[need]
    if table.rules.needs[need].ordered:
        return [other for other in (bits >> 1, bits << 1) if other & full]
    return [1 << place for place in range(full.bit_length()) if 1 << place != bits]


def answers_are_firm(table: Table, state: list[int], lead: int) -> bool:
    """Tell whether no single step of one answer changes the leaders (given as top bits)."""
    for need, bits in enumerate(state):
        for other in choice_steps(table, need, bits):
            if table.leaders(table.added([*state[:need], other, *state[need + 1 :]])) != lead:
                return False
    return True


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
    best = max((scored.points[place] for place in scored.leaders), default=0)
    second = max(
        (own for place, own in enumerate(scored.points) if not scored.excluded[place] and place not in scored.leaders),
        default=None,
    )
    for place in range(table.count):
        gap = best - scored.points[place]
        if not gap and second is not None and len(scored.leaders) == 1:
            gap = best - second
        if scored.excluded[place] or heaviest * 4 < gap:
            criteria = required
        else:
            criteria = required | {at for at, weight in weights.items() if weight * 4 >= gap}
        for step in _steps(table, place, sorted(criteria)):
            after = leaders_after(table, scored, step, weights)
            if after != scored.leaders:
                yield step, after


def _steps(table: Table, alternative: int, criteria: list[int]) -> Iterator[RatingStep]:
    name = table.rules.alternatives[alternative].id
    for at in criteria:
        criterion = table.rules.criteria[at]
        if criterion.kind == "grade":
            before = criterion.ratings[name].level
            below = [step.level for step in criterion.scale if step.level < before]
            above = [step.level for step in criterion.scale if step.level > before]
            around = [*([max(below)] if below else []), *([min(above)] if above else [])]
            for after in around:
                yield RatingStep(alternative, at, before, after)


def leaders_after(table: Table, scored: Scored, step: RatingStep, weights: dict[int, int]) -> tuple[int, ...]:
    """Return the leaders if one rating were another: re-scored, exclusions included."""
    points = list(scored.points)
    points[step.alternative] += weights.get(step.criterion, 0) * (step.after - step.before)
    excluded = list(scored.excluded)
    excluded[step.alternative] = _excluded_after(table, scored, step)
    admitted = [place for place in range(table.count) if not excluded[place]]
    if not scored.perfect and len(admitted) == table.count:
        return ()
    best = max((points[place] for place in admitted), default=0)
    return tuple(place for place in admitted if points[place] == best)


def _excluded_after(table: Table, scored: Scored, step: RatingStep) -> bool:
    top = table.top(step.alternative)
    return any(
        _reached(table, step, with_remedies=must.requirement.with_remedies) < must.requirement.at_least
        if must.criterion == step.criterion
        else must.below & top
        for must in scored.musts
    )


def _reached(table: Table, step: RatingStep, *, with_remedies: bool) -> int:
    if not with_remedies:
        return step.after
    name, criterion = table.rules.alternatives[step.alternative].id, table.rules.criteria[step.criterion].id
    lifts = [remedy.lifts.get(criterion, 0) for remedy in table.rules.remedies if remedy.alternative == name]
    return max([step.after, *lifts])

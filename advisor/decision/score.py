"""Points, contributions, exclusions and ranks of every alternative for one set of answers."""

from __future__ import annotations

from itertools import repeat
from operator import mul
from typing import NamedTuple

from advisor.decision.recommendation import Contribution, Exclusion, Standing
from advisor.decision.table import Must, Table, Term
from advisor.knowledge.model import Remedy


class Scored(NamedTuple):
    """One set of answers, added up with its trail."""

    terms: list[Term]  #: active weights, in the order of needs, then criteria
    weights: list[int]  #: the weight that counts of each
    musts: list[Must]  #: active requirements
    points: list[int]  #: of every alternative
    perfect: int
    excluded: list[bool]  #: for every alternative
    leaders: tuple[int, ...]  #: admitted alternatives with the most points; empty without a basis


def score(table: Table, state: list[int]) -> Scored:
    """Add up a state, keeping the trail."""
    terms, musts = table.active(table.applied(state), range(len(table.full)))
    counted = table.counted(terms)
    order = sorted(range(len(terms)), key=lambda at: (terms[at].need, terms[at].criterion))
    outcome = table.outcome(state)
    *points, perfect = table.unpack(outcome.points)
    lead = table.leaders(outcome)
    places = range(table.count)
    return Scored(
        [terms[at] for at in order],
        [counted[at] for at in order],
        musts,
        points,
        perfect,
        [bool(outcome.excluded & table.top(place)) for place in places],
        tuple(place for place in places if lead & table.top(place)),
    )


def standings(table: Table, scored: Scored) -> tuple[Standing, ...]:
    """Return the ranking: admitted alternatives by points, then the excluded ones by points."""
    order = sorted(range(table.count), key=lambda place: (scored.excluded[place], -scored.points[place]))
    contributions = _contributions(table, scored)
    ranked: list[Standing] = []
    rank = 0
    last: tuple[bool, int] | None = None
    for position, place in enumerate(order, start=1):
        level = (scored.excluded[place], scored.points[place])
        if level != last:
            rank, last = position, level
        ranked.append(
            Standing(
                table.rules.alternatives[place].id,
                rank,
                scored.points[place],
                tenths(scored.points[place], scored.perfect),
                _exclusions(table, scored, place),
                contributions[place],
            )
        )
    return tuple(ranked)


def tenths(points: int, perfect: int) -> int:
    """Return points as tenths of a percent of the perfect, rounded half up; 0 when nothing weighs anything."""
    return (2000 * points + perfect) // (2 * perfect) if perfect else 0


def _contributions(table: Table, scored: Scored) -> list[tuple[Contribution, ...]]:
    """Return the contributions of every alternative, column by column: there are many where rules are large."""
    if not scored.terms:
        return [()] * table.count
    needs, criteria = table.rules.needs, table.rules.criteria
    of_needs = [needs[term.need].id for term in scored.terms]
    of_choices = [needs[term.need].choices[term.choice].id for term in scored.terms]
    of_criteria = [criteria[term.criterion].id for term in scored.terms]
    asked = [term.weight for term in scored.terms]
    *levels, best = zip(*[term.levels for term in scored.terms], strict=True)
    perfect = list(map(mul, scored.weights, best))
    # Made as `_make` does, but without a call in Python for each.
    return [
        tuple(
            map(
                tuple.__new__,
                repeat(Contribution),
                zip(
                    of_needs,
                    of_choices,
                    of_criteria,
                    asked,
                    scored.weights,
                    own,
                    map(mul, scored.weights, own),
                    perfect,
                    strict=True,
                ),
            )
        )
        for own in levels
    ]


def _exclusions(table: Table, scored: Scored, place: int) -> tuple[Exclusion, ...]:
    if not scored.excluded[place]:
        return ()
    alternative = table.rules.alternatives[place].id
    top = table.top(place)
    found = []
    for must in scored.musts:
        if must.below & top:
            need = table.rules.needs[must.need]
            level = table.rules.criteria[must.criterion].ratings[alternative].level
            remedy = best_remedy(table, alternative, must.requirement.criterion)
            reached = max(level, remedy.lifts[must.requirement.criterion]) if remedy else level
            lifts = remedy if reached >= must.requirement.at_least else None
            found.append(Exclusion(need.id, need.choices[must.choice].id, must.requirement, level, reached, lifts))
    return tuple(found)


def best_remedy(table: Table, alternative: str, criterion: str) -> Remedy | None:
    """Return the add-on that lifts an alternative highest on a criterion; the first of equals."""
    fitting = [r for r in table.rules.remedies if r.alternative == alternative and criterion in r.lifts]
    return max(fitting, key=lambda remedy: remedy.lifts[criterion], default=None)

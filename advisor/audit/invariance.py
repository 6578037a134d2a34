"""Does an alternative's standing against another depend on which others there are?

Scales are fixed, so it must not. This is proved on the compiled table, not sampled: with a copy of an alternative
added, or one taken away, every weight and requirement must treat the rest exactly as before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from advisor.audit.finding import Finding
from advisor.decision.table import WIDE, Must, Table, Term
from advisor.knowledge.model import Rules

MOST = 20
"""Alternatives that are copied and taken away; each costs two compilations, so that they are fewer in large rules."""

Treatment = list[tuple[object, ...]]


def check_invariance(table: Table) -> Iterator[Finding]:
    """Yield every alternative whose copy or absence changes how the others stand."""
    rules = table.rules
    everybody = list(range(table.count))
    treated = _treatment(table, everybody)
    most = max(MOST // (1 + table.count // WIDE) ** 2, 1)
    for place, alternative in enumerate(rules.alternatives[:most]):
        subject = f"alternatives › {alternative.id}"
        copied = Table(with_copy(rules, place))
        if _treatment(copied, everybody) != treated:
            yield Finding("invariance", "defect", subject, "a copy of it changes how the others stand")
        if _treatment(copied, [place]) != _treatment(copied, [table.count]):
            yield Finding("invariance", "defect", subject, "a copy of it does not tie with it")
        others = [other for other in everybody if other != place]
        if others and _treatment(Table(without(rules, place)), list(range(len(others)))) != _treatment(table, others):
            yield Finding("invariance", "defect", subject, "without it the others stand differently")
    if table.count > most:
        message = f"proved for the first {most} of {table.count} only"
        yield Finding("invariance", "note", "alternatives", message)


def with_copy(rules: Rules, place: int) -> Rules:
    """Return the rules with a copy of one alternative, last."""
    original = rules.alternatives[place]
    copy = original._replace(id=f"{original.id}-copy")
    return rules._replace(
        alternatives=(*rules.alternatives, copy),
        criteria=tuple(
            criterion._replace(ratings={**criterion.ratings, copy.id: criterion.ratings[original.id]})
            for criterion in rules.criteria
        ),
        remedies=(
            *rules.remedies,
            *(
                remedy._replace(id=f"{remedy.id}-copy", alternative=copy.id)
                for remedy in rules.remedies
                if remedy.alternative == original.id
            ),
        ),
    )


def without(rules: Rules, place: int) -> Rules:
    """Return the rules without one alternative."""
    gone = rules.alternatives[place].id
    return rules._replace(
        alternatives=tuple(alternative for alternative in rules.alternatives if alternative.id != gone),
        remedies=tuple(remedy for remedy in rules.remedies if remedy.alternative != gone),
    )


def _treatment(table: Table, places: Sequence[int]) -> Treatment:
    """Return how every weight and requirement treats some alternatives, apart from their places."""
    treated: Treatment = []
    for terms in table.all_terms():
        treated += [_treat(table, term, places) for term in terms]
    for by_choice in table.musts:
        for musts in by_choice:
            treated += [_treat(table, must, places) for must in musts]
    return [*treated, tuple(table.limits)]


def _treat(table: Table, part: Term | Must, places: Sequence[int]) -> tuple[object, ...]:
    same = (part.need, part.choice, part.criterion, part.when, part.unless)
    if isinstance(part, Term):
        return (*same, part.weight, part.group, part.levels[-1], [part.levels[place] for place in places])
    return (*same, [bool(part.below & table.top(place)) for place in places])

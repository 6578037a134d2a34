"""Is one cause counted more than once?

Criteria whose ratings put the alternatives in the same order speak with one voice. Where answers to different needs
weigh them, and no group holds them together, that voice is heard twice. Few alternatives have few orders, so this is
a reason to look, not a proof.
"""

from __future__ import annotations

from collections.abc import Iterator

from advisor.audit.finding import Finding
from advisor.knowledge.model import Criterion, Rules


def check_counting(rules: Rules) -> Iterator[Finding]:
    """Yield the criteria that move together without a group."""
    needs_of: dict[str, set[str]] = {}
    for need in rules.needs:
        for choice in need.choices:
            for weight in choice.weights:
                needs_of.setdefault(weight.criterion, set()).add(need.id)
    alike: dict[tuple[int, ...], list[Criterion]] = {}
    for criterion in rules.criteria:
        order = _order(criterion)
        if criterion.kind == "grade" and criterion.id in needs_of and len(set(order)) > 1:
            alike.setdefault(order, []).append(criterion)
    for order, criteria in alike.items():
        voices = _voices(criteria)
        needs = {need for criterion in criteria for need in needs_of[criterion.id]}
        if len(voices) > 1 and len(needs) > 1:
            message = (
                f"{len(voices)} separate voices put them in one order ({_shown(rules, order)}): "
                f"{'; '.join(voices)}; a common group would count a common cause once"
            )
            yield Finding("counting", "note", "criteria", message)


def _order(criterion: Criterion) -> tuple[int, ...]:
    """Return the rank of every alternative by its level."""
    levels = sorted({rating.level for rating in criterion.ratings.values()}, reverse=True)
    return tuple(levels.index(rating.level) for rating in criterion.ratings.values())


def _voices(criteria: list[Criterion]) -> list[str]:
    """Return the criteria by group; those without a group speak for themselves."""
    grouped: dict[str, list[str]] = {}
    for criterion in criteria:
        grouped.setdefault(criterion.group or f"({criterion.id})", []).append(criterion.id)
    return [
        ", ".join(ids) if group.startswith("(") else f"{', '.join(ids)} (group {group})"
        for group, ids in grouped.items()
    ]


def _shown(rules: Rules, order: tuple[int, ...]) -> str:
    places: dict[int, list[str]] = {}
    for alternative, rank in zip(rules.alternatives, order, strict=True):
        places.setdefault(rank, []).append(alternative.id)
    return " > ".join(" = ".join(places[rank]) for rank in sorted(places))

"""The semantics once more, as plainly as they can be said: the oracle that the core is held against.

No packed numbers, no blocks, no memory: dictionaries, loops and every combination.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

from advisor.knowledge.model import Condition, Need, Rules

Known = Mapping[str, tuple[str, ...]]
"""Need → choices still possible; absent: open."""


def holds(condition: Condition, answers: Known) -> bool:
    return all(need in answers and set(answers[need]) <= set(choices) for need, choices in condition)


def applied(rules: Rules, answers: Known) -> dict[str, tuple[str, ...]]:
    """Drop answers to needs that are not known to apply, until nothing changes."""
    kept = dict(answers)
    while True:
        gone = [need.id for need in rules.needs if need.id in kept and not holds(need.applies_when, kept)]
        if not gone:
            return kept
        for need_id in gone:
            del kept[need_id]


def active(rules: Rules, answers: Known, kind: str) -> list[tuple[Need, int, object]]:
    kept = applied(rules, answers)
    found = []
    for need in rules.needs:
        if len(kept.get(need.id, ())) == 1:
            choice = need.choice(kept[need.id][0])
            parts = choice.weights if kind == "weights" else choice.requirements
            for order, part in enumerate(parts):
                blocked = bool(part.unless) and holds(part.unless, kept)
                if holds(part.when, kept) and not blocked:
                    found.append((need, order, part))
    return found


def points(rules: Rules, answers: Known, factors: Mapping[str, int] | None = None) -> dict[str, int]:
    """Points of every alternative and, under "", of a perfect one; `factors` scale the counted weight of criteria."""
    weights = active(rules, answers, "weights")
    left = {group.id: group.limit for group in rules.groups}
    counted: dict[tuple[str, int], int] = {}
    order = {need.id: place for place, need in enumerate(rules.needs)}
    for need, at, part in sorted(weights, key=lambda one: (-one[2].weight, order[one[0].id], one[1])):
        group = rules.criterion(part.criterion).group
        own = part.weight if group is None else min(part.weight, left[group])
        if group is not None:
            left[group] -= own
        counted[need.id, at] = own
    total = {alternative.id: 0 for alternative in rules.alternatives} | {"": 0}
    for need, at, part in weights:
        criterion = rules.criterion(part.criterion)
        weight = counted[need.id, at] * (factors or {}).get(part.criterion, 1)
        by_level = (
            {step.level: step.level for step in criterion.scale}
            if part.fit is None
            else {step.level: part.fit.get(step.words[0], 0) for step in criterion.scale}
        )
        for alternative in rules.alternatives:
            total[alternative.id] += weight * by_level[criterion.ratings[alternative.id].level]
        total[""] += weight * max(by_level.values())
    return total


def excluded(rules: Rules, answers: Known) -> set[str]:
    out = set()
    for _, _, must in active(rules, answers, "requirements"):
        for alternative in rules.alternatives:
            level = rules.criterion(must.criterion).ratings[alternative.id].level
            if must.with_remedies:
                for remedy in rules.remedies:
                    if remedy.alternative == alternative.id:
                        level = max(level, remedy.lifts.get(must.criterion, 0))
            if level < must.at_least:
                out.add(alternative.id)
    return out


def leaders(rules: Rules, answers: Known, factors: Mapping[str, int] | None = None) -> tuple[str, ...]:
    total, out = points(rules, answers, factors), excluded(rules, answers)
    admitted = [alternative.id for alternative in rules.alternatives if alternative.id not in out]
    if not admitted or (not out and not total[""]):
        return ()
    best = max(total[one] for one in admitted)
    return tuple(one for one in admitted if total[one] == best)


def completions(rules: Rules, answers: Known) -> list[dict[str, tuple[str, ...]]]:
    """Every way to answer the open needs, once: a need that does not apply has one way, to stay open."""
    ways = [answers.get(need.id, need.choice_ids) for need in rules.needs]
    ids = [need.id for need in rules.needs]
    found = {}
    for combination in product(*ways):
        kept = applied(rules, {need: (choice,) for need, choice in zip(ids, combination, strict=True)})
        found[tuple(sorted(kept.items()))] = kept
    return list(found.values())


def everything(rules: Rules) -> Iterator[dict[str, tuple[str, ...]]]:
    """Every whole or partial set of single answers."""
    ids = [need.id for need in rules.needs]
    for combination in product(*[(None, *need.choice_ids) for need in rules.needs]):
        yield {need: (choice,) for need, choice in zip(ids, combination, strict=True) if choice is not None}

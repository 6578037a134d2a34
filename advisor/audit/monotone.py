"""Does asking for more of what an alternative is better at ever harm it?

Two questions are put to every need whose choices lie on a scale:

* Do its weights and requirements rise or fall all the way along the scale, rather than up and down again?
* Take any step from one choice to the next, under any answers to the needs that interact with it, and two
  alternatives A and B. If what the step asks for favours A criterion by criterion (on none does B gain on A, on some A
  gains on B), then A's counted lead over B must not shrink, and A must not be excluded where B is not.

The second can only fail where a group's limit takes weight away from another criterion.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from advisor.audit.finding import Finding
from advisor.decision.table import Block, Table, Term, bits_of
from advisor.knowledge.model import Need

WORK = 2_000_000
"""Pairs of alternatives looked at in all; of each need its share. Beyond it only the first answers are looked at, and
that is said."""


def check_monotonicity(table: Table) -> Iterator[Finding]:
    """Yield what rises and falls along a scale, and steps that harm what they favour."""
    kinds = {criterion.id for criterion in table.rules.criteria if criterion.kind == "match"}
    grouped = [place for place, need in enumerate(table.rules.needs) if need.ordered and _has_groups(table, place)]
    for place, need in enumerate(table.rules.needs):
        if need.ordered:
            yield from _sequences(need, kinds)
            if place in grouped:
                yield from _steps(table, place, WORK // len(grouped))


def _has_groups(table: Table, need: int) -> bool:
    """Tell whether a need, or one that interacts with it, weighs a criterion of a group."""
    block = table.blocks[table.block_of[need]]
    return any(term.group >= 0 for own in block.needs for terms in table.terms[own] for term in terms)


def _sequences(need: Need, kinds: set[str]) -> Iterator[Finding]:
    tracks: dict[str, list[int]] = {}
    for at, choice in enumerate(need.choices):
        for weight in choice.weights:
            # The kinds of a match are not better or worse: which of them fits may well change along the way.
            if weight.criterion not in kinds:
                tracks.setdefault(f"weights › {weight.criterion}", _nothing(need))[at] += weight.weight
        for requirement in choice.requirements:
            track = tracks.setdefault(f"requires › {requirement.criterion}", _nothing(need))
            track[at] = max(track[at], requirement.at_least)
    for what, track in tracks.items():
        rises = any(after > before for before, after in pairwise(track))
        falls = any(after < before for before, after in pairwise(track))
        if rises and falls:
            shown = ", ".join(f"{choice.id} {value}" for choice, value in zip(need.choices, track, strict=True))
            message = f"goes up and down along the choices, which are said to be ordered: {shown}"
            yield Finding("monotonicity", "note", f"needs › {need.id} › {what}", message)


def _nothing(need: Need) -> list[int]:
    return [0] * len(need.choices)


def _steps(table: Table, place: int, work: int) -> Iterator[Finding]:
    need, block = table.rules.needs[place], table.blocks[table.block_of[place]]
    at = block.needs.index(place)
    pairs = max(table.count * (table.count - 1), 1)
    told: set[tuple[int, int]] = set()
    keys = [key for key in block.completed((0,) * len(block.needs)) if key[at] == 1]
    room = max(work // (pairs * len(need.choices)), 1)
    for key in keys[:room]:
        sides = [_Side(table, block, (*key[:at], bit, *key[at + 1 :])) for bit in bits_of(table.full[place])]
        for step, (before, after) in enumerate(pairwise(sides)):
            for one, other in _harmed(table, before, after):
                if (one, other) not in told:
                    told.add((one, other))
                    around = _around(table, block, key, place)
                    yield _harm(table, around, (need.id, need.choice_ids[step], need.choice_ids[step + 1]), one, other)
    if len(keys) > room:
        message = f"only {room:,} of {len(keys):,} joint answers to the needs around it were looked at"
        yield Finding("monotonicity", "note", f"needs › {need.id}", message)


class _Side:
    """One end of a step: what it asks for, and what counts."""

    def __init__(self, table: Table, block: Block, key: Sequence[int]) -> None:
        state = [0] * len(table.full)
        for need, bits in zip(block.needs, key, strict=True):
            state[need] = bits
        terms, musts = table.active(table.applied(state), block.needs)
        counted = table.counted(terms)
        self.asked = _by_criterion(table, terms, [term.weight for term in terms])
        self.points = [
            sum(weight * term.levels[place] for term, weight in zip(terms, counted, strict=True))
            for place in range(table.count)
        ]
        self.excluded = 0
        for must in musts:
            self.excluded |= must.below


def _by_criterion(table: Table, terms: Sequence[Term], weights: Sequence[int]) -> dict[int, list[int]]:
    asked: dict[int, list[int]] = {}
    for term, weight in zip(terms, weights, strict=True):
        own = asked.setdefault(term.criterion, [0] * table.count)
        for place in range(table.count):
            own[place] += weight * term.levels[place]
    return asked


def _harmed(table: Table, before: _Side, after: _Side) -> Iterator[tuple[int, int]]:
    """Yield pairs of alternatives such that the step favours the first over the second and yet harms it."""
    nothing = [0] * table.count
    moves = [
        [new - old for new, old in zip(after.asked.get(at, nothing), before.asked.get(at, nothing), strict=True)]
        for at in before.asked.keys() | after.asked.keys()
    ]
    gains = [new - old for new, old in zip(after.points, before.points, strict=True)]
    newly = after.excluded & ~before.excluded
    for one in range(table.count):
        for other in range(table.count):
            if one == other or all(move[one] == move[other] for move in moves):
                continue
            if any(move[one] < move[other] for move in moves):
                continue
            shut_out = newly & table.top(one) and not after.excluded & table.top(other)
            if gains[one] < gains[other] or shut_out:
                yield one, other


def _harm(table: Table, around: str, step: tuple[str, str, str], one: int, other: int) -> Finding:
    need, before, after = step
    favoured, rival = table.rules.alternatives[one].id, table.rules.alternatives[other].id
    message = f"from {before} to {after} asks only for what {favoured} does better than {rival}, and yet harms it"
    return Finding("monotonicity", "warning", f"needs › {need}", f"{message}{around}")


def _around(table: Table, block: Block, key: Sequence[int], place: int) -> str:
    """Return the answers beside which a step was looked at."""
    needs = table.rules.needs
    told = [
        f"{needs[named].id}={needs[named].choice_ids[bits.bit_length() - 1]}"
        for named, bits in zip(block.needs, key, strict=True)
        if bits and named != place
    ]
    return f" (with {', '.join(told)})" if told else ""

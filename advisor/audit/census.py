"""Who leads over all answers: counted exactly where the numbers allow it, else drawn at random and said so."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from math import prod
from typing import NamedTuple

from advisor.decision.outlook import outlooks, ways
from advisor.decision.table import WIDE, Outcome, Table, bits_of
from advisor.decision.verdict import count

EFFORT = 2_000_000_000
"""Bytes that all exact counts together may move: about a second."""

SAMPLE = 20_000
SEED = 1

Ways = dict[int, int]
"""Leaders (as top bits; 0: all are excluded) → number of ways."""


class Census(NamedTuple):
    """The leaders over all ways to answer, in all and under each single choice."""

    total: int
    sample: int | None  #: None: counted exactly; else the number of ways drawn
    ways: Ways
    baseless: int
    under: dict[tuple[int, int], Ways]  #: (need, bit of the choice) → the ways with that choice


def take(table: Table, *, effort: int = EFFORT, sample: int = SAMPLE) -> Census:
    """Count or draw.

    Args:
        table: the compiled rules.
        effort: bytes that all exact counts together may move; 0 always draws.
        sample: how many ways to draw when there are too many to count; fewer where there are many alternatives.
    """
    sample //= 1 + table.count // WIDE
    effort //= 1 + sum(full.bit_count() for full in table.full)
    exact = _counted(table, [0] * len(table.full), effort)
    if exact is None:
        return _drawn(table, sample)
    total, all_ways, baseless = exact
    under: dict[tuple[int, int], Ways] = {}
    gated = {need for need, _ in table.gates}
    for need, full in enumerate(table.full):
        *others, last = bits_of(full)
        left = Counter(all_ways)
        for bit in others if need not in gated else bits_of(full):
            state = [0] * len(table.full)
            state[need] = bit
            found = _counted(table, _with_gates(table, state), effort)
            if found is None:
                return _drawn(table, sample)
            under[need, bit] = found[1]
            left.subtract(found[1])
        if need not in gated:
            # Every way to answer everything has one of the choices, so that the last has what is left.
            under[need, last] = dict(+left)
    return Census(total, None, all_ways, baseless, under)


def _with_gates(table: Table, state: list[int]) -> list[int]:
    """Answer what a need waits for in such a way that it applies, so that its choices can count."""
    for need, gate in reversed(table.gates):
        if state[need]:
            for named, bits in gate:
                state[named] = state[named] & bits or bits
    return state


def _counted(table: Table, state: list[int], effort: int) -> tuple[int, Ways, int] | None:
    counted = count(table, outlooks(table, state), limit=effort)
    return None if counted.ways is None else (counted.total, counted.ways, counted.baseless)


def _drawn(table: Table, sample: int) -> Census:
    found: Ways = {}
    under: dict[tuple[int, int], Ways] = {}
    baseless = 0
    for answers, outcome in draw(table, sample):
        lead = table.leaders(outcome)
        if not lead and not outcome.excluded:
            baseless += 1
        else:
            found[lead] = found.get(lead, 0) + 1
        for need, bit in answers:
            tally = under.setdefault((need, bit), {})
            tally[lead] = tally.get(lead, 0) + 1
    return Census(total_ways(table), sample, found, baseless, under)


def total_ways(table: Table) -> int:
    """Return the number of ways to answer every need that applies."""
    return prod(ways(block) for block in outlooks(table, [0] * len(table.full)))


def draw(table: Table, sample: int) -> Iterator[tuple[list[tuple[int, int]], Outcome]]:
    """Draw ways to answer everything, each as likely as any other; always the same ones.

    Yields:
        The answers as (need, bit of the choice), and what they add up to.
    """
    dice = random.Random(SEED)  # noqa: S311  it decides nothing secret: the same draw every time is the point
    keys = [list(block.completed((0,) * len(block.needs))) for block in table.blocks]
    for _ in range(sample):
        points = excluded = 0
        answers: list[tuple[int, int]] = []
        for block, completed in zip(table.blocks, keys, strict=True):
            key = dice.choice(completed)
            own = block.outcome(key)
            points += own.points
            excluded |= own.excluded
            answers += [(need, bit) for need, bit in zip(block.needs, key, strict=True) if bit]
        yield answers, Outcome(points, excluded)

"""What can be said while needs are open, exactly: every way to answer them is counted.

Needs that interact are enumerated together, within their block; blocks are independent, so their outcomes are
combined by convolution over the differences in points, jointly for all alternatives that can still lead.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import NamedTuple

from advisor.decision.convolution import ways_to_lead, within_limits
from advisor.decision.outlook import Outlook, Uncounted, baseless, best, ever, most, surely, ways, worst
from advisor.decision.search import Frame
from advisor.decision.table import Outcome, Outcomes, Table


class Count(NamedTuple):
    """How the open needs can turn out."""

    total: int  #: ways to answer the open needs
    ways: dict[int, int] | None  #: leaders (as top bits; 0: all excluded) → ways; None: too many to count
    baseless: int  #: ways in which no answer weighs anything; not among `ways`


def settled(table: Table, blocks: Sequence[Outlook], leaders: Sequence[int]) -> bool:
    """Tell whether every completion has exactly these leaders.

    Exact for any number of alternatives: blocks are independent, so for each pair the worst case of every block can
    occur together.
    """
    if not leaders:
        return False
    lead_tops = sum(table.top(place) for place in leaders)
    if any(ever(block) & lead_tops for block in blocks):
        return False
    frame = Frame(table, leaders[0])
    low = sum(worst(frame, block) for block in blocks)
    if len(leaders) > 1:
        high = sum(best(frame, block) for block in blocks)
        shared = [
            (low_lead, high_lead) for low_lead, high_lead in zip(frame.leads(low), frame.leads(high), strict=True)
        ]
        if any(shared[rival - (rival > leaders[0])] != (0, 0) for rival in leaders[1:]):
            return False
    rivals = table.tops ^ lead_tops
    if (low + frame.bias) & rivals != rivals:
        return False
    # Equal leaders of weightless answers are no basis: some answer must weigh in every completion.
    return baseless_ways(table, blocks) == 0


def baseless_ways(table: Table, blocks: Sequence[Outlook]) -> int:
    """Return the number of completions in which no answer weighs or excludes anything."""
    found = 1
    for block in blocks:
        # Most answers weigh something, so that the first block tells.
        found *= baseless(table, block) if found else 0
    return found


def always_unfit(table: Table, blocks: Sequence[Outlook]) -> bool:
    """Tell whether every alternative is excluded in every completion."""
    out = 0
    for block in blocks:
        out |= surely(table, block)
    return out == table.tops


def count(
    table: Table, blocks: Sequence[Outlook], *, limit: int | None = None, contested: Sequence[int] | None = None
) -> Count:
    """Count the completions by their leaders.

    Args:
        table: the compiled rules.
        blocks: what every block can still add.
        limit: bounds the work, as `ways_to_lead` says.
        contested: as `contested_places` returns them, where they are known already.
    """
    total = prod(ways(block) for block in blocks)
    without_basis = baseless_ways(table, blocks)
    if always_unfit(table, blocks):
        return Count(total, {0: total}, 0)
    counted = [block for block in blocks if not isinstance(block, Uncounted)]
    if len(counted) < len(blocks):
        return Count(total, None, without_basis)
    if contested is None:
        contested = contested_places(table, blocks)
    reduced = [_restricted(table, outcomes, contested) for outcomes in counted]
    leading = ways_to_lead(table, reduced, contested, total, limit=limit)
    if leading is not None and without_basis:
        # Without a basis all have no points and all are admitted: they were counted as one tie of everybody.
        everybody = sum(table.top(place) for place in contested)
        leading[everybody] -= without_basis
    return Count(total, leading, without_basis)


def countable(table: Table, blocks: Sequence[Outcomes]) -> bool:
    """Tell whether `count` counts the completions, rather than giving up; some of them must admit an alternative."""
    contested = contested_places(table, blocks)
    reduced = [_restricted(table, outcomes, contested) for outcomes in blocks]
    return within_limits(table, reduced, contested, prod(ways(block) for block in blocks))


def contested_places(table: Table, blocks: Sequence[Outlook]) -> list[int]:
    """Return the alternatives that may lead: those that no ever admitted one is sure to beat."""
    out = 0
    for block in blocks:
        out |= ever(block)
    hopes = sum(most(table, block) for block in blocks)
    hope = table.unpack(hopes)
    admitted = [place for place in range(table.count) if not out & table.top(place)]
    beaten = 0
    for strong in sorted(admitted, key=lambda place: -hope[place])[:3]:
        frame = Frame(table, strong)
        # In its own field a strong one has no lead over itself.
        beaten |= (sum(worst(frame, block) for block in blocks) + frame.bias) & frame.beaten
    return [place for place in range(table.count) if not beaten & table.top(place)]


def _restricted(table: Table, outcomes: Outcomes, contested: Sequence[int]) -> Outcomes:
    """Merge the outcomes that differ in alternatives that cannot lead only."""
    if len(contested) == table.count:
        return outcomes
    tops = sum(table.top(place) for place in contested)
    fields = sum(table.mask << (table.field * place) for place in contested)
    merged: dict[Outcome, int] = {}
    for (points, excluded), number in outcomes.items():
        kept = Outcome(points & fields, excluded & tops)
        merged[kept] = merged.get(kept, 0) + number
    return merged

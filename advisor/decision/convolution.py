"""Counting who leads over all combinations of independent blocks, without listing the combinations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod

from advisor.decision.table import Outcomes, Table

SPARSE_LIMIT = 6_000
"""Up to this many combinations of outcomes are combined one by one."""

DENSE_LIMIT = 120_000_000
"""Bytes that the convolution over all differences may move before the count is given up."""


def ways_to_lead(
    table: Table, blocks: Sequence[Outcomes], contested: Sequence[int], total: int, *, limit: int = DENSE_LIMIT
) -> dict[int, int] | None:
    """Return the number of completions by their leaders (as top bits; 0: all excluded).

    Args:
        table: where the outcomes come from.
        blocks: the outcomes of every block.
        contested: the alternatives that may lead.
        total: number of completions.
        limit: bytes that may be moved before the count is given up.

    Returns:
        The ways, or None when there are too many to count within the limits.
    """
    if prod(len(outcomes) for outcomes in blocks) <= SPARSE_LIMIT:
        return _one_by_one(table, blocks, contested)
    return _Dense(table, contested, total).ways(blocks, limit)


def _one_by_one(table: Table, blocks: Sequence[Outcomes], contested: Sequence[int]) -> dict[int, int]:
    sums: dict[tuple[int, int], int] = {(0, 0): 1}
    for outcomes in blocks:
        merged: dict[tuple[int, int], int] = {}
        for (points, excluded), ways in sums.items():
            for (more, out), times in outcomes.items():
                key = (points + more, excluded | out)
                merged[key] = merged.get(key, 0) + ways * times
        sums = merged
    ways_of: dict[int, int] = {}
    places = [(table.field * place, table.top(place)) for place in contested]
    mask = table.mask
    for (points, excluded), ways in sums.items():
        best, lead = -1, 0
        for shift, top in places:
            if not excluded & top:
                own = points >> shift & mask
                if own > best:
                    best, lead = own, top
                elif own == best:
                    lead |= top
        ways_of[lead] = ways_of.get(lead, 0) + ways
    return ways_of


class _Dense:
    """Convolution over every possible difference at once.

    The ways to reach each vector of differences are the coefficients of a polynomial, packed into one integer
    (Kronecker substitution), so that adding an answer's choice is one shift and one addition, at the speed of memory.
    """

    def __init__(self, table: Table, contested: Sequence[int], total: int) -> None:
        self.table = table
        self.contested = contested
        #: bytes of a cell: it must hold any sum of ways, below the number that all its bits would make
        self.unit = (total.bit_length() + 8) // 8
        self.lows: list[int] = []
        self.widths: list[int] = []

    def ways(self, blocks: Sequence[Outcomes], limit: int) -> dict[int, int] | None:
        """Return the ways by leaders, or None when it would move more memory than allowed."""
        if len(self.contested) == 1:
            return self._alone(blocks)
        differences = [self._differences(outcomes) for outcomes in blocks]
        self._measure(differences)
        cells = prod(self.widths)
        masks = 1 << len({top for outcomes in blocks for _, excluded in outcomes for top in self._tops(excluded)})
        moved = cells * self.unit * masks * sum(map(len, differences)) // 2
        if moved > limit:
            return None
        return self._read(self._convolved(differences), cells)

    def _alone(self, blocks: Sequence[Outcomes]) -> dict[int, int]:
        top = self.table.top(self.contested[0])
        total = prod(sum(outcomes.values()) for outcomes in blocks)
        admitted = prod(
            sum(ways for (_, excluded), ways in outcomes.items() if not excluded & top) for outcomes in blocks
        )
        return {lead: ways for lead, ways in ((top, admitted), (0, total - admitted)) if ways}

    def _tops(self, excluded: int) -> list[int]:
        return [self.table.top(place) for place in self.contested if excluded & self.table.top(place)]

    def _differences(self, outcomes: Outcomes) -> dict[tuple[tuple[int, ...], int], int]:
        field, mask = self.table.field, self.table.mask
        first, *others = [field * place for place in self.contested]
        merged: dict[tuple[tuple[int, ...], int], int] = {}
        for (points, excluded), ways in outcomes.items():
            base = points >> first & mask
            key = (tuple([(points >> shift & mask) - base for shift in others]), excluded)
            merged[key] = merged.get(key, 0) + ways
        return merged

    def _measure(self, blocks: Sequence[Mapping[tuple[tuple[int, ...], int], int]]) -> None:
        axes = range(len(self.contested) - 1)
        lows = [[min(vector[axis] for vector, _ in block) for axis in axes] for block in blocks]
        highs = [[max(vector[axis] for vector, _ in block) for axis in axes] for block in blocks]
        self.lows = [sum(low[axis] for low in lows) for axis in axes]
        self.widths = [sum(high[axis] for high in highs) - self.lows[axis] + 1 for axis in axes]

    def _convolved(self, blocks: Sequence[Mapping[tuple[tuple[int, ...], int], int]]) -> dict[int, int]:
        strides = [8 * self.unit * prod(self.widths[axis + 1 :]) for axis in range(len(self.widths))]
        spans: list[list[tuple[int, int, int]]] = []
        for block in blocks:
            lows = [min(vector[axis] for vector, _ in block) for axis in range(len(strides))]
            spans.append(
                [
                    (sum(map(int.__mul__, strides, map(int.__sub__, vector, lows))), excluded, ways)
                    for (vector, excluded), ways in block.items()
                ]
            )
        polynomials = {0: 1}
        # Blocks with many outcomes go first, while the integers are short; those that exclude double the work: last.
        for span in sorted(spans, key=lambda span: (any(out for _, out, _ in span), -len(span), max(span))):
            merged: dict[int, int] = {}
            for excluded, polynomial in polynomials.items():
                for shift, out, ways in span:
                    part = (polynomial if ways == 1 else polynomial * ways) << shift
                    key = excluded | out
                    merged[key] = merged[key] + part if key in merged else part
            polynomials = merged
        return polynomials

    def _read(self, polynomials: Mapping[int, int], cells: int) -> dict[int, int]:
        found: dict[int, int] = {}
        for excluded, polynomial in polynomials.items():
            self._rows(polynomial.to_bytes(cells * self.unit, "little"), excluded, found)
        return found

    def _rows(self, cells: bytes, excluded: int, found: dict[int, int]) -> None:
        """Add up the cells of every row (all axes but the last fixed) by who leads in them."""
        first, *others = [self.table.top(place) for place in self.contested]
        *outer, last = others
        width, low = self.widths[-1], self.lows[-1]
        for row, heads in enumerate(_points(self.lows[:-1], self.widths[:-1])):
            admitted = [
                (value, top) for value, top in zip((0, *heads), (first, *outer), strict=True) if not excluded & top
            ]
            best = max(admitted)[0] if admitted else None
            lead = sum(top for value, top in admitted if value == best)
            start = row * width
            for begin, end, leads in _parts(best, lead, 0 if excluded & last else last, low, width):
                ways = self._sum(cells, start + begin, start + end)
                if ways:
                    found[leads] = found.get(leads, 0) + ways

    def _sum(self, cells: bytes, begin: int, end: int) -> int:
        """Add up cells: a number is congruent to the sum of its digits modulo the base less one."""
        part = int.from_bytes(cells[begin * self.unit : end * self.unit], "little")
        return part % ((1 << (8 * self.unit)) - 1)


def _parts(best: int | None, lead: int, last: int, low: int, width: int) -> list[tuple[int, int, int]]:
    """Cut a row, in which the last alternative's difference runs from `low`, by who leads: (begin, end, leaders).

    Args:
        best: the best difference of the others, led by `lead`; None when all of them are excluded.
        lead: top bits of the leaders among the others.
        last: the last alternative's top bit; 0 when it is excluded.
        low: least difference of the last alternative.
        width: cells of the row.
    """
    if not last or best is None:
        return [(0, width, last or lead)]
    level = min(max(best - low, -1), width)
    parts = [(0, max(level, 0), lead), (level + 1, width, last)]
    return [*parts, (level, level + 1, lead | last)] if 0 <= level < width else parts


def _points(lows: Sequence[int], widths: Sequence[int]) -> list[tuple[int, ...]]:
    rows: list[tuple[int, ...]] = [()]
    for low, width in zip(lows, widths, strict=True):
        rows = [(*row, low + step) for row in rows for step in range(width)]
    return rows

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
    table: Table, blocks: Sequence[Outcomes], contested: Sequence[int], total: int
) -> dict[int, int] | None:
    """Return the number of completions by their leaders (as top bits; 0: all excluded).

    Args:
        table: where the outcomes come from.
        blocks: the outcomes of every block.
        contested: the alternatives that may lead.
        total: number of completions.

    Returns:
        The ways, or None when there are too many to count within the limits.
    """
    if prod(len(outcomes) for outcomes in blocks) <= SPARSE_LIMIT:
        return _one_by_one(table, blocks, contested)
    return _Dense(table, contested, total).ways(blocks)


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
        #: words of eight (or one of four) bytes that hold any count of ways
        self.word = 4 if total < 1 << 32 else 8
        self.words = 1 if total < 1 << 64 else (total.bit_length() + 63) // 64
        self.lows: list[int] = []
        self.widths: list[int] = []

    def ways(self, blocks: Sequence[Outcomes]) -> dict[int, int] | None:
        """Return the ways by leaders, or None when it would move more memory than allowed."""
        if len(self.contested) == 1:
            return self._alone(blocks)
        differences = [self._differences(outcomes) for outcomes in blocks]
        self._measure(differences)
        cells = prod(self.widths)
        masks = 1 << len({top for outcomes in blocks for _, excluded in outcomes for top in self._tops(excluded)})
        moved = cells * self.word * self.words * masks * sum(map(len, differences)) // 2
        if moved > DENSE_LIMIT:
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
        unit = 8 * self.word * self.words
        strides = [unit * prod(self.widths[axis + 1 :]) for axis in range(len(self.widths))]
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
        # Short spans first: the integers stay short for most of the way.
        for span in sorted(spans, key=max):
            merged: dict[int, int] = {}
            for excluded, polynomial in polynomials.items():
                for shift, out, ways in span:
                    part = (polynomial if ways == 1 else polynomial * ways) << shift
                    key = excluded | out
                    merged[key] = merged[key] + part if key in merged else part
            polynomials = merged
        return polynomials

    def _read(self, polynomials: Mapping[int, int], cells: int) -> dict[int, int]:
        size = cells * self.word * self.words
        found: dict[int, int] = {}
        for excluded, polynomial in polynomials.items():
            words = memoryview(polynomial.to_bytes(size, "little")).cast("I" if self.word == 4 else "Q")
            self._rows(words, excluded, found)
        return found

    def _rows(self, words: memoryview, excluded: int, found: dict[int, int]) -> None:
        """Add up the cells of every row (all axes but the last fixed) by who leads in them."""
        first, *others = [self.table.top(place) for place in self.contested]
        *outer, last = others
        width, low = self.widths[-1], self.lows[-1]
        for row, heads in enumerate(_points(self.lows[:-1], self.widths[:-1])):
            best, lead = None, 0
            for value, top in zip((0, *heads), (first, *outer), strict=True):
                if not excluded & top:
                    if best is None or value > best:
                        best, lead = value, top
                    elif value == best:
                        lead |= top
            start = row * width
            if excluded & last:
                parts = [(start, start + width, lead)]
            elif best is None:
                parts = [(start, start + width, last)]
            else:
                level = start + min(max(best - low, -1), width)
                above = max(level + 1, start)
                parts = [(start, level, lead), (above, start + width, last)]
                if start <= level < start + width:
                    parts.append((level, level + 1, lead | last))
            for begin, end, leads in parts:
                ways = self._sum(words, begin, end)
                if ways:
                    found[leads] = found.get(leads, 0) + ways

    def _sum(self, words: memoryview, begin: int, end: int) -> int:
        if self.words == 1:
            return sum(words[begin:end])
        part = words[begin * self.words : end * self.words]
        return sum(sum(part[word :: self.words]) << (64 * word) for word in range(self.words))


def _points(lows: Sequence[int], widths: Sequence[int]) -> list[tuple[int, ...]]:
    rows: list[tuple[int, ...]] = [()]
    for low, width in zip(lows, widths, strict=True):
        rows = [(*row, low + step) for row in rows for step in range(width)]
    return rows

"""Counting who leads over all combinations of independent blocks, without listing the combinations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from math import prod

from advisor.decision.table import FEW, WIDE, Outcomes, Table

SPARSE_LIMIT = 6_000
"""Up to this many combinations of outcomes are combined one by one."""

DENSE_LIMIT = 150_000_000
"""Bytes that the convolution over all differences may move before the count is given up."""

WORTH = 600
"""Bytes that are moved in the time of adding two sums one by one."""

MOST_ROWS = 200_000
"""Rows of the last alternative's differences that are read before the count is given up; fewer where there are many
alternatives, as everything else costs more there."""

MOST_EXCLUDABLE = 4
"""With more alternatives that open needs may exclude, the sets of them are too many to go through."""


def ways_to_lead(
    table: Table, blocks: Sequence[Outcomes], contested: Sequence[int], total: int, *, limit: int | None = None
) -> dict[int, int] | None:
    """Return the number of completions by their leaders (as top bits; 0: all excluded).

    Args:
        table: where the outcomes come from.
        blocks: the outcomes of every block.
        contested: the alternatives that may lead.
        total: number of completions.
        limit: bytes that may be moved before the count is given up (None: the usual limit).

    Returns:
        The ways, or None when there are too many to count within the limits.
    """
    if prod(len(outcomes) for outcomes in blocks) <= SPARSE_LIMIT:
        return _one_by_one(table, blocks, contested)
    return _by_exclusion(table, blocks, contested, total, _limit(table) if limit is None else limit)


def _limit(table: Table) -> int:
    """Return how many bytes may be moved: fewer where all else takes longer too."""
    return DENSE_LIMIT // (1 + table.count // WIDE)


def within_limits(
    table: Table, blocks: Sequence[Outcomes], contested: Sequence[int], total: int, *, spare: int = 1
) -> bool:
    """Tell whether `ways_to_lead` counts, rather than giving up, without counting.

    Args:
        table: where the outcomes come from.
        blocks: the outcomes of every block.
        contested: the alternatives that may lead.
        total: number of completions.
        spare: how many times over the work is to be within the usual limit.
    """
    if prod(len(outcomes) for outcomes in blocks) <= SPARSE_LIMIT:
        return True
    return _jobs(table, blocks, contested, total, _limit(table) // spare) is not None


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


def _by_exclusion(
    table: Table, blocks: Sequence[Outcomes], contested: Sequence[int], total: int, limit: int
) -> dict[int, int] | None:
    """Count for every set of excluded alternatives by itself: only the others' differences matter then.

    The completions that exclude exactly a set are those that exclude nothing outside it, less those that exclude
    nothing outside its parts (inclusion and exclusion). Each such family is a product of what its blocks allow.
    """
    jobs = _jobs(table, blocks, contested, total, limit)
    if jobs is None:
        return None
    found: dict[int, int] = {}
    for sign, job in jobs:
        for lead, ways in job.ways().items():
            found[lead] = found.get(lead, 0) + sign * ways
    return {lead: ways for lead, ways in found.items() if ways}


def _jobs(
    table: Table, blocks: Sequence[Outcomes], contested: Sequence[int], total: int, limit: int
) -> list[tuple[int, _Dense]] | None:
    """Return the families to count, each with its sign; None: they cost more than the limit."""
    ever = 0
    for block in blocks:
        for _, excluded in block:
            ever |= excluded
    excludable = [place for place in contested if ever & table.top(place)]
    if len(excludable) > MOST_EXCLUDABLE:
        return None
    jobs: list[tuple[int, _Dense]] = []
    cost = 0
    for exactly in _subsets(excludable):
        left = [place for place in contested if place not in exactly]
        for within in _subsets(exactly):
            tops = sum(table.top(place) for place in within)
            allowed = [_within(block, tops) for block in blocks]
            if all(allowed):
                sign = -1 if (len(exactly) - len(within)) % 2 else 1
                jobs.append((sign, _Dense(table, allowed, left, total)))
                cost += jobs[-1][1].cost
                if cost > limit or jobs[-1][1].rows > MOST_ROWS // (1 + table.count // FEW):
                    return None
    return jobs


def _subsets(places: Sequence[int]) -> Iterator[tuple[int, ...]]:
    for size in range(len(places) + 1):
        yield from combinations(places, size)


def _within(block: Outcomes, tops: int) -> dict[int, int]:
    """Return the ways to every packed sum of points that exclude nothing but some alternatives."""
    merged: dict[int, int] = {}
    for (points, excluded), ways in block.items():
        if not excluded & ~tops:
            merged[points] = merged.get(points, 0) + ways
    return merged


class _Dense:
    """Convolution over every possible difference at once, with no alternative excluded.

    The ways to reach each vector of differences are the coefficients of a polynomial, packed into one integer
    (Kronecker substitution), so that adding an answer's choice is one shift and one addition, at the speed of memory.
    """

    def __init__(self, table: Table, blocks: Sequence[Mapping[int, int]], left: Sequence[int], total: int) -> None:
        self.table = table
        self.left = left
        self.total = prod(sum(block.values()) for block in blocks)
        self.tops = [table.top(place) for place in left]
        #: bytes of a cell: it must hold any sum of ways, below the number that all its bits would make
        self.unit = (total.bit_length() + 8) // 8
        self.cost = 0
        self.rows = 0  #: of all cells, where they are gone through
        if len(left) > 1:
            self.packed = [self._differences(block) for block in blocks]
            # Blocks with many outcomes go first, while the integers are short.
            self.packed.sort(key=len, reverse=True)
            #: how many blocks are sure to be combined sum by sum
            self.sparse = 0
            self._measure()

    def _differences(self, block: Mapping[int, int]) -> dict[int, int]:
        """Return the ways to every vector of differences to the first alternative that is left, packed."""
        table = self.table
        ones = sum(1 << (table.field * place) for place in self.left)
        fields = ones * table.mask
        shift, mask = table.field * self.left[0], table.mask
        merged: dict[int, int] = {}
        for points, ways in block.items():
            difference = (points & fields) - (points >> shift & mask) * ones
            merged[difference] = merged.get(difference, 0) + ways
        return merged

    def _unpacked(self, difference: int) -> tuple[int, ...]:
        half = 1 << (self.table.field - 1)
        own = self.table.unpack(difference + self.table.tops)
        return tuple([own[place] - half for place in self.left[1:]])

    def ways(self) -> dict[int, int]:
        """Return the ways by leaders."""
        if not self.tops:
            return {0: self.total}
        if len(self.tops) == 1:
            return {self.tops[0]: self.total}
        return self._convolved()

    def _measure(self) -> None:
        least, greatest = self.table.least, self.table.greatest
        self.block_lows = [self._unpacked(least(block)) for block in self.packed]
        highs = [self._unpacked(greatest(block)) for block in self.packed]
        self.lows = [sum(column) for column in zip(*self.block_lows, strict=True)]
        tops = [sum(column) for column in zip(*highs, strict=True)]
        self.widths = [high - low + 1 for low, high in zip(self.lows, tops, strict=True)]
        rows, sums = 1, 1
        for number, (block, low, high) in enumerate(zip(self.packed, self.block_lows, highs, strict=True), start=1):
            rows += high[0] - low[0]
            size = rows * prod(self.widths[1:]) * self.unit
            self.cost += len(block) * min(size, sums * WORTH) if len(block) > 1 else 0
            if sums * WORTH < size:
                self.sparse = number
            sums *= len(block)
        if self.sparse < len(self.packed):
            self.rows = prod(self.widths[:-1])

    def _convolved(self) -> dict[int, int]:
        """Combine block after block, sum by sum while there are few, then all cells at once; count by leaders.

        Blocks of one outcome shift nothing, since every block counts from its own least differences.
        """
        blocks = [{self._unpacked(one): ways for one, ways in block.items()} for block in self.packed]
        strides = [prod(self.widths[axis + 1 :]) for axis in range(len(self.widths))]
        shifted = [
            [(sum(map(int.__mul__, strides, map(int.__sub__, vector, lows))), ways) for vector, ways in block.items()]
            for block, lows in zip(blocks, self.block_lows, strict=True)
        ]
        sums = {0: prod(block[0][1] for block in shifted if len(block) == 1)}
        several = [block for block in shifted if len(block) > 1]
        done = 0
        for block in several:
            if done >= self.sparse and len(sums) * WORTH >= (max(sums) + max(block)[0]) * self.unit:
                break
            done += 1
            merged: dict[int, int] = {}
            for shift, times in block:
                for cell, ways in sums.items():
                    at = cell + shift
                    merged[at] = merged.get(at, 0) + ways * times
            sums = merged
        if done == len(several):
            return self._read_sums(sums, strides)
        polynomial = self._filled(sums)
        for block in several[done:]:
            before, polynomial = polynomial, 0
            for shift, times in block:
                polynomial += (before if times == 1 else before * times) << (8 * self.unit * shift)
        return self._read(polynomial)

    def _read_sums(self, sums: Mapping[int, int], strides: Sequence[int]) -> dict[int, int]:
        """Add up few sums by who leads in them."""
        found: dict[int, int] = {}
        first, *others = self.tops
        axes = list(zip(strides, self.lows, others, strict=True))
        for cell, ways in sums.items():
            best, lead, rest = 0, first, cell
            for stride, low, top in axes:
                steps, rest = divmod(rest, stride)
                value = steps + low
                if value > best:
                    best, lead = value, top
                elif value == best:
                    lead |= top
            found[lead] = found.get(lead, 0) + ways
        return found

    def _filled(self, sums: Mapping[int, int]) -> int:
        unit = self.unit
        cells = bytearray((max(sums) + 1) * unit)
        for cell, ways in sums.items():
            cells[cell * unit : (cell + 1) * unit] = ways.to_bytes(unit, "little")
        return int.from_bytes(cells, "little")

    def _read(self, polynomial: int) -> dict[int, int]:
        """Add up the cells of every row (all axes but the last fixed) by who leads in them."""
        cells = polynomial.to_bytes(prod(self.widths) * self.unit, "little")
        found: dict[int, int] = {}
        first, *outer, last = self.tops
        width, low = self.widths[-1], self.lows[-1]
        for row, heads in enumerate(_points(self.lows[:-1], self.widths[:-1])):
            best, lead = 0, first
            for value, top in zip(heads, outer, strict=True):
                if value > best:
                    best, lead = value, top
                elif value == best:
                    lead |= top
            start = row * width
            for begin, end, leads in _parts(best - low, lead, last, width):
                ways = self._sum(cells, start + begin, start + end)
                if ways:
                    found[leads] = found.get(leads, 0) + ways
        return found

    def _sum(self, cells: bytes, begin: int, end: int) -> int:
        """Add up cells: a number is congruent to the sum of its digits modulo the base less one."""
        part = int.from_bytes(cells[begin * self.unit : end * self.unit], "little")
        return part % ((1 << (8 * self.unit)) - 1)


def _parts(level: int, lead: int, last: int, width: int) -> list[tuple[int, int, int]]:
    """Cut a row, along which the last alternative gains, by who leads: (begin, end, leaders).

    Args:
        level: the cell in which the last alternative draws level with `lead`, the best of the others.
        lead: top bits of the leaders among the others.
        last: the last alternative's top bit.
        width: cells of the row.
    """
    if level < 0:
        return [(0, width, last)]
    if level >= width:
        return [(0, width, lead)]
    return [(0, level, lead), (level, level + 1, lead | last), (level + 1, width, last)]


def _points(lows: Sequence[int], widths: Sequence[int]) -> list[tuple[int, ...]]:
    rows: list[tuple[int, ...]] = [()]
    for low, width in zip(lows, widths, strict=True):
        rows = [(*row, low + step) for row in rows for step in range(width)]
    return rows

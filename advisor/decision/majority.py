"""Whether one alternative leads in most ways to answer the open needs: the question behind "leaning".

How often it is behind each rival by itself is read off sums that are remembered. Behind any of them it is at least as
often as behind one, and at most as often as behind each added up. Only where that leaves the question open, it is
asked again of every outcome of one group of needs, and counted exactly for as many of them as it takes.
"""

from __future__ import annotations

import struct
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from itertools import accumulate
from math import gcd, prod
from typing import NamedTuple

from advisor.decision.search import Frame
from advisor.decision.table import Outcome, Outcomes, Table

REMEMBERED_NUMBERS = 4_000_000
"""Numbers in sums that are kept, for all alternatives together: a few bytes each."""

REMEMBERED_SHAPES = 30_000
"""Shapes that are kept for one alternative."""

WORDS = {4: "I", 8: "Q"}
"""Bytes of a number → its letter in an array."""

UNDECIDED = 3_000
"""With more sums than this undecided, the convolution of the plain path counts faster."""

Ways = list[tuple[int, int]]
"""Leads, with the ways to them."""
Pairs = list[tuple[int, int, int]]
"""Leads over two rivals, with the ways to them."""


class Shape:
    """Leads of a target in every completion of some needs that admits it, above the least over every rival.

    There is one object for equal leads. The lead over an excluded rival is so large that nothing makes up for it.

    Attributes:
        leads: (leads, ways), the ways without their common divisor.
        ways: all of them.
        best: the greatest lead over every rival by itself.
    """

    __slots__ = ("best", "leads", "number", "pairs", "sides", "ways")

    def __init__(self, number: int, leads: Ways, best: int) -> None:
        self.number = number
        self.leads = leads
        self.best = best
        self.ways = sum([ways for _, ways in leads])
        self.sides: dict[int, Side] = {}
        self.pairs: dict[tuple[int, int], Pairs] = {}


class Leads(NamedTuple):
    """How a target does in the completions of some needs."""

    worst: int  #: its least lead over every rival by itself
    shape: Shape
    times: int  #: ways to each of the shape's ways
    lost: bool  #: whether some completions exclude it


class Side(NamedTuple):
    """Leads over one rival, in the completions that admit it."""

    leads: list[int]  #: ascending
    ways: list[int]  #: to each of them
    packed: int  #: the ways, each in as many bytes as the largest sum may need, at the place that its lead gives


class Fold(NamedTuple):
    """How many ways have leads below a value: `sums[value]`, or found by the place of the value among `values`."""

    values: list[int] | None
    sums: Sequence[int]

    def below(self, value: int, less: Sequence[int]) -> list[int]:
        """Return the ways with leads below a value less each of some leads."""
        values, sums = self
        if values is not None:
            return [sums[bisect_left(values, value - lead)] for lead in less]
        most = len(sums) - 1
        everything = sums[most]
        return [0 if (left := value - lead) <= 0 else sums[left] if left < most else everything for lead in less]


class Below(NamedTuple):
    """How many ways have leads below a pair of values: looked up by their places among the values."""

    ones: list[int]
    others: list[int]
    rows: Sequence[Sequence[int]]

    def ways(self, more: Pairs, one: int, other: int) -> int:
        """Count the ways that stay below a pair of values when leads are added."""
        ones, others, rows = self
        return sum(
            [
                ways * rows[bisect_left(ones, one - lead)][bisect_left(others, other - lead_too)]
                for lead, lead_too, ways in more
                if lead < one and lead_too < other
            ]
        )


class Threat(NamedTuple):
    """A rival that the target may end up behind."""

    at: int  #: its place among the rivals
    lead: int  #: what the leads above the least have to reach for the target not to be behind


class Majority:
    """Compares the completions in which one alternative leads, alone or not, with a number of them."""

    def __init__(self, table: Table, target: int) -> None:
        self.table = table
        self.target = target
        self.frame = Frame(table, target)
        self.rivals = self.frame.rivals
        self._shifts = [table.field * rival for rival in self.rivals]
        self._mask, self._half = table.mask, 1 << (table.field - 1)
        self._nothing = Shape(0, [], 0)
        self._everything = Shape(1, [(0, 1)], 0)
        self._numbered = 1
        total = prod([len(need.choices) for need in table.rules.needs])
        #: bytes that hold any number of ways
        self._unit = next((unit for unit in WORDS if total < 1 << (8 * unit)), total.bit_length() // 8 + 1)
        self._shapes: dict[tuple[tuple[int, int], ...], Shape] = {}
        self._joined: dict[tuple[int, ...], Leads] = {}
        self._folds: dict[tuple[int, ...], Fold] = {}
        self._belows: dict[tuple[int, int, int], Below] = {}
        self._sums: dict[tuple[int, ...], Pairs] = {}
        self._room = REMEMBERED_NUMBERS // table.count

    def leads(self, outcomes: Outcomes) -> Leads:
        """Return how the target does in some outcomes."""
        merged: dict[tuple[int, ...], int] = {}
        lost = False
        table, far = self.table, self.table.penalty
        tops = [table.top(rival) for rival in self.rivals]
        for (points, excluded), ways in outcomes.items():
            if excluded & self.frame.top:
                lost = True
                continue
            apart = self.frame.leads(self.frame.of(Outcome(points, 0)))
            leads = tuple([far if excluded & top else lead for top, lead in zip(tops, apart, strict=True)])
            merged[leads] = merged.get(leads, 0) + ways
        return self._shaped(merged, lost=lost)

    def joined(self, parts: Sequence[Leads]) -> Leads:
        """Return how the target does in all of some independent needs."""
        if len(parts) == 1:
            return parts[0]
        key = tuple([part.shape.number for part in parts if len(part.shape.leads) != 1])
        found = self._joined.get(key)
        if found is None:
            sums = {0: 1}
            for part in parts:
                sums = _summed(part.shape.leads, sums.items())
            merged: dict[tuple[int, ...], int] = {}
            near, far = self.table.bonus, self.table.penalty
            for value, ways in sums.items():
                leads = tuple([lead if lead < near else far for lead in self.frame.leads(value)])
                merged[leads] = merged.get(leads, 0) + ways
            if len(self._joined) >= REMEMBERED_SHAPES:
                self._joined.clear()
            found = self._joined[key] = self._shaped(merged, lost=False)
        return Leads(
            found.worst + sum([part.worst for part in parts]),
            found.shape,
            found.times * prod([part.times for part in parts]),
            any(part.lost for part in parts),
        )

    def _shaped(self, merged: Mapping[tuple[int, ...], int], *, lost: bool) -> Leads:
        if not merged:
            return Leads(0, self._nothing, 1, lost=True)
        far = self.table.penalty
        worst = [min(column) for column in zip(*merged, strict=True)]
        above = [
            tuple([far if lead == far != low else lead - low for lead, low in zip(leads, worst, strict=True)])
            for leads in merged
        ]
        times = reduce(gcd, merged.values())
        packed = [(self.frame.pack(leads), ways // times) for leads, ways in zip(above, merged.values(), strict=True)]
        key = tuple(sorted(packed))
        shape = self._shapes.get(key)
        if shape is None:
            if len(self._shapes) >= REMEMBERED_SHAPES:
                self._shapes.clear()
            self._numbered += 1
            best = self.frame.pack([max(column) for column in zip(*above, strict=True)])
            shape = self._shapes[key] = Shape(self._numbered, list(key), best)
        return Leads(self.frame.pack(worst), shape, times, lost)

    def rarely_behind(self, shapes: Sequence[Shape], base: int, limit: int) -> bool | None:
        """Tell whether the target is behind any rival in fewer ways than a limit; None: too many stay undecided.

        Args:
            shapes: of all needs that make a difference, each with a way that admits the target.
            base: the least lead over every rival by itself.
            limit: a number of ways, one at least.
        """
        biased = base + self.table.tops
        threats: list[Threat] = []
        together = 0
        for at, shift in enumerate(self._shifts):
            lead = self._half - (biased >> shift & self._mask)
            if lead > 0:
                behind = self._behind(shapes, at, lead)
                if behind >= limit:
                    return False
                together += behind
                threats.append(Threat(at, lead))
        if together < limit:
            return True
        if len(threats) == 2:  # noqa: PLR2004
            return self._closely(shapes, threats, limit)
        return self._jointly(shapes, base, limit)

    def _behind(self, shapes: Sequence[Shape], at: int, lead: int) -> int:
        """Count the ways in which the target is behind one rival: its leads above the least do not reach a value."""
        if not shapes:
            return 1
        last = shapes[-1].sides.get(at) or self._side(shapes[-1], at)
        below = self._fold(shapes[:-1], at).below(lead, last.leads)
        return sum(map(int.__mul__, below, last.ways))

    def _side(self, shape: Shape, at: int) -> Side:
        merged: dict[int, int] = {}
        near = self.table.bonus
        for value, ways in shape.leads:
            lead = self.frame.leads(value)[at]
            if lead < near:
                merged[lead] = merged.get(lead, 0) + ways
        leads = sorted(merged)
        bits = 8 * self._unit
        packed = sum([merged[lead] << (bits * lead) for lead in leads])
        side = shape.sides[at] = Side(leads, [merged[lead] for lead in leads], packed)
        return side

    def _fold(self, shapes: Sequence[Shape], at: int) -> Fold:
        """Combine the leads over one rival."""
        key = (at, *[shape.number for shape in shapes])
        found = self._folds.get(key)
        if found is None:
            sides = [shape.sides.get(at) or self._side(shape, at) for shape in shapes]
            found = _folded(sides, self._unit)
            self._keep(len(found.sums))
            self._folds[key] = found
        return found

    def _closely(self, shapes: Sequence[Shape], threats: Sequence[Threat], limit: int) -> bool:
        """Tell the same with two rivals to fear: outcome after outcome of the last needs, those that say most first."""
        (one, first), (other, second) = threats
        *rest, last = shapes
        pairs = last.pairs.get((one, other)) or self._pairs(last, one, other)
        ones = self._fold(rest, one).below(first, [lead for lead, _, _ in pairs])
        others = self._fold(rest, other).below(second, [lead for _, lead, _ in pairs])
        total = prod([shape.ways for shape in rest])
        least = most = 0
        unsure = []
        for (lead, lead_too, ways), behind, behind_too in zip(pairs, ones, others, strict=True):
            low = max(behind_too, behind)
            high = behind + behind_too
            high = min(high, total)
            least += ways * low
            most += ways * high
            if low < high:
                unsure.append((ways * (high - low), low, high, behind + behind_too, ways, lead, lead_too))
        few, table = self._both(rest, one, other)
        for _, low, high, behind, ways, lead, lead_too in sorted(unsure, reverse=True):
            if least >= limit or most < limit:
                break
            counted = behind - table.ways(few, first - lead, second - lead_too)
            least += ways * (counted - low)
            most -= ways * (high - counted)
        return most < limit

    def _pairs(self, shape: Shape, one: int, other: int) -> Pairs:
        """Return the leads over two rivals."""
        merged: dict[tuple[int, int], int] = {}
        for value, ways in shape.leads:
            leads = self.frame.leads(value)
            pair = leads[one], leads[other]
            merged[pair] = merged.get(pair, 0) + ways
        pairs = shape.pairs[one, other] = [(*pair, ways) for pair, ways in merged.items()]
        return pairs

    def _both(self, shapes: Sequence[Shape], one: int, other: int) -> tuple[Pairs, Below]:
        """Prepare counting the ways in which some needs leave the target behind two rivals: few leads, and a table."""
        *few, most = sorted(shapes, key=lambda shape: len(shape.leads)) or [self._everything]
        table = self._belows.get((most.number, one, other))
        if table is None:
            table = _below(most.pairs.get((one, other)) or self._pairs(most, one, other))
            self._keep(len(table.rows) * len(table.rows[0]))
            self._belows[most.number, one, other] = table
        if len(few) == 1:
            return few[0].pairs.get((one, other)) or self._pairs(few[0], one, other), table
        key = (one, other, *[shape.number for shape in few])
        found = self._sums.get(key)
        if found is None:
            found = [(0, 0, 1)]
            for shape in few:
                found = _added(found, shape.pairs.get((one, other)) or self._pairs(shape, one, other))
            self._keep(3 * len(found))
            self._sums[key] = found
        return found, table

    def _keep(self, numbers: int) -> None:
        """Start the memory of sums anew when it is full."""
        self._room -= numbers
        if self._room < 0:
            self._folds.clear()
            self._belows.clear()
            self._sums.clear()
            self._room = REMEMBERED_NUMBERS // self.table.count

    def _jointly(self, shapes: Sequence[Shape], base: int, limit: int) -> bool | None:
        """Count over all rivals at once; sums that the rest can no longer turn are counted or dropped at once."""
        beaten = self.frame.beaten
        shapes = sorted(shapes, key=lambda shape: -len(shape.leads))
        best = sum([shape.best for shape in shapes])
        rest = prod([shape.ways for shape in shapes])
        sums = {base + self.frame.bias + self.frame.ones: 1}
        behind, not_leading = 0, rest
        for shape in shapes:
            if behind >= limit or not_leading < limit:
                break
            if len(sums) > UNDECIDED:
                return None
            rest //= shape.ways
            best -= shape.best
            merged: dict[int, int] = {}
            for more, times in shape.leads:
                for leads, ways in sums.items():
                    value = leads + more
                    if value & beaten == beaten:
                        not_leading -= ways * times * rest
                    elif (value + best) & beaten == beaten:
                        merged[value] = merged.get(value, 0) + ways * times
                    else:
                        behind += ways * times * rest
            sums = merged
        return behind < limit


def _summed(one: Iterable[tuple[int, int]], other: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Combine two independent distributions."""
    other = list(other)
    merged: dict[int, int] = {}
    for more, times in one:
        for value, ways in other:
            merged[value + more] = merged.get(value + more, 0) + ways * times
    return merged


def _added(one: Pairs, other: Pairs) -> Pairs:
    """Combine two independent distributions of pairs."""
    merged: dict[tuple[int, int], int] = {}
    for lead, lead_too, times in one:
        for more, more_too, ways in other:
            pair = lead + more, lead_too + more_too
            merged[pair] = merged.get(pair, 0) + ways * times
    return [(*pair, ways) for pair, ways in merged.items()]


def _folded(sides: Sequence[Side], unit: int) -> Fold:
    """Combine independent leads over one rival, and sum them up: all at once where they lie close together."""
    size = sum([side.leads[-1] for side in sides]) + 1
    if size > 2 * prod([len(side.leads) for side in sides]):
        merged = {0: 1}
        for side in sides:
            merged = _summed(zip(side.leads, side.ways, strict=True), merged.items())
        values = sorted(merged)
        return Fold(values, list(accumulate([merged[value] for value in values], initial=0)))
    # The ways are the coefficients of a polynomial, packed into one integer: a product combines them all.
    cells = prod([side.packed for side in sides]).to_bytes(size * unit, "little")
    if unit in WORDS:
        return Fold(None, array(WORDS[unit], accumulate(struct.unpack(f"<{size}{WORDS[unit]}", cells), initial=0)))
    numbers = [int.from_bytes(cells[at : at + unit], "little") for at in range(0, size * unit, unit)]
    return Fold(None, list(accumulate(numbers, initial=0)))


def _below(pairs: Pairs) -> Below:
    """Sum leads over two rivals up."""
    ones, others = sorted({one for one, _, _ in pairs}), sorted({other for _, other, _ in pairs})
    cells = [[0] * (len(others) + 1) for _ in range(len(ones) + 1)]
    for one, other, ways in pairs:
        cells[bisect_left(ones, one) + 1][bisect_left(others, other) + 1] += ways
    rows: list[array[int]] = []
    for row in cells:
        sums = accumulate(row)
        rows.append(array("Q", map(int.__add__, rows[-1], sums) if rows else sums))
    return Below(ones, others, rows)

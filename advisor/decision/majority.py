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
from itertools import accumulate
from math import gcd, prod
from operator import attrgetter
from typing import NamedTuple

from advisor.decision.search import Frame
from advisor.decision.table import Outcomes, Table

REMEMBERED_NUMBERS = 4_000_000
"""Numbers in sums that are kept, for all alternatives together: a few bytes each."""

REMEMBERED_SHAPES = 30_000
"""Shapes that are kept for one alternative."""

WORDS = {4: "I", 8: "Q"}
"""Bytes of a number → its letter in an array."""

LISTED = 4_096
"""Up to this lead the place of a value is listed rather than searched for."""

CELLS = 1 << 18
"""Ways to stay below a pair of values are listed in a table of so many cells at most."""

CAREFULLY = 1 - 1e-9
"""What a share worked out in floats may be off by, at most."""

SIZE = attrgetter("size")

UNDECIDED = 3_000
"""With more sums than this undecided, the convolution of the plain path counts faster."""

Ways = list[tuple[int, int]]
"""Leads, with the ways to them."""


class Shape:
    """Leads of a target in every completion of some needs that admits it, above the least over every rival.

    There is one object for equal leads. The lead over an excluded rival is so large that nothing makes up for it.

    Attributes:
        leads: (leads, ways), the ways without their common divisor.
        size: number of different leads.
        ways: all of them.
        best: the greatest lead over every rival by itself.
        far: whether a rival is excluded in some ways, but not in all.
    """

    __slots__ = ("best", "far", "leads", "number", "pairs", "sides", "size", "ways")

    def __init__(self, number: int, leads: Ways, best: int, rivals: int, *, far: bool) -> None:
        self.number = number
        self.leads = leads
        self.size = len(leads)
        self.ways = sum([ways for _, ways in leads])
        self.best = best
        self.far = far
        #: of every rival, filled when asked for
        self.sides: list[Side | None] = [None] * rivals
        self.pairs: dict[tuple[int, int], Pairs] = {}


class Leads(NamedTuple):
    """How a target does in the completions of some needs."""

    worst: int  #: its least lead over every rival by itself
    shape: Shape
    times: int  #: ways to each of the shape's ways
    lost: bool  #: whether some completions exclude it


class Side:
    """Leads over one rival, in the completions that admit it. There is one object for equal leads.

    Attributes:
        leads: ascending from 0.
        ways: to each of them.
        packed: the ways, each in as many bytes as the largest sum may need, at the place that its lead gives.
        mean: of the leads.
        variance: of the leads.
    """

    __slots__ = ("leads", "mean", "number", "packed", "size", "variance", "ways")

    def __init__(self, number: int, leads: Sequence[int], ways: Sequence[int], unit: int) -> None:
        self.number = number
        self.leads = leads
        self.ways = ways
        self.size = len(leads)
        self.packed = sum([times << (8 * unit * lead) for lead, times in zip(leads, ways, strict=True)])
        total = sum(ways)
        first = sum(map(int.__mul__, leads, ways))
        second = sum([lead * lead * times for lead, times in zip(leads, ways, strict=True)])
        self.mean = first / total
        self.variance = (second * total - first * first) / total**2


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


class Pairs(NamedTuple):
    """Leads over two rivals, with the ways to them."""

    ones: Sequence[int]
    others: Sequence[int]
    ways: Sequence[int]


class Below:
    """How many ways have leads below a pair of values: a row for every value of the first, a column for the second."""

    def __init__(self, pairs: Pairs) -> None:
        self.ones, self.others = sorted(set(pairs.ones)), sorted(set(pairs.others))
        cells = [[0] * (len(self.others) + 1) for _ in range(len(self.ones) + 1)]
        row_of = {one: place for place, one in enumerate(self.ones, start=1)}
        column_of = {other: place for place, other in enumerate(self.others, start=1)}
        for one, other, ways in zip(*pairs, strict=True):
            cells[row_of[one]][column_of[other]] += ways
        self.rows: list[array[int]] = []
        for row in cells:
            sums = accumulate(row)
            self.rows.append(array("Q", map(int.__add__, self.rows[-1], sums) if self.rows else sums))
        #: what bisection finds, for values from 0 on as far as they were asked for
        self._row_of: list[array[int]] = []
        self._column_of: list[int] = []

    def ways(self, more: Iterable[tuple[int, int, int]], one: int, other: int) -> int:
        """Count the ways that stay below a pair of values when leads are added."""
        if max(one, other) > LISTED:
            rows, ones, others = self.rows, self.ones, self.others
            return sum(
                [
                    ways * rows[bisect_left(ones, one - lead)][bisect_left(others, other - lead_too)]
                    for lead, lead_too, ways in more
                ]
            )
        row_of, column_of = self._row_of, self._column_of
        if len(row_of) <= one:
            row_of += [self.rows[bisect_left(self.ones, value)] for value in range(len(row_of), one + 1)]
        if len(column_of) <= other:
            column_of += [bisect_left(self.others, value) for value in range(len(column_of), other + 1)]
        return sum(
            [
                ways * row_of[one - lead][column_of[other - lead_too]]
                for lead, lead_too, ways in more
                if lead < one and lead_too < other
            ]
        )


class Threat(NamedTuple):
    """A rival that the target may end up behind."""

    at: int  #: its place among the rivals
    lead: int  #: what the leads above the least have to reach for the target not to be behind
    sides: Sequence[Side]  #: the leads over it of all needs that make a difference


class Majority:
    """Compares the completions in which one alternative leads, alone or not, with a number of them."""

    def __init__(self, table: Table, target: int) -> None:
        self.table = table
        self.target = target
        self.frame = Frame(table, target)
        self.rivals = self.frame.rivals
        self._places = [(at, table.field * rival) for at, rival in enumerate(self.rivals)]
        self._mask, self._half = table.mask, 1 << (table.field - 1)
        self._nothing = Shape(0, [], 0, len(self.rivals), far=False)
        self._everything = Shape(1, [(0, 1)], 0, len(self.rivals), far=False)
        self._numbered = 1
        total = prod([len(need.choices) for need in table.rules.needs])
        #: bytes that hold any number of ways
        self._unit = next((unit for unit in WORDS if total < 1 << (8 * unit)), total.bit_length() // 8 + 1)
        self._shapes: dict[tuple[tuple[int, int], ...], Shape] = {}
        self._sides: dict[tuple[tuple[int, int], ...], Side] = {}
        self._joined: dict[tuple[int, ...], Leads] = {}
        self._folds: dict[tuple[int, ...], Fold] = {}
        self._belows: dict[tuple[int, int, int], Below] = {}
        self._sums: dict[tuple[int, ...], list[tuple[int, int, int]]] = {}
        self._room = REMEMBERED_NUMBERS // table.count

    def leads(self, outcomes: Outcomes) -> Leads:
        """Return how the target does in some outcomes."""
        merged: dict[int, int] = {}
        lost = far = False
        of_points, own = self.frame.of_points, self.frame.top
        for (points, excluded), ways in outcomes.items():
            if excluded & own:
                lost = True
                continue
            leads = of_points(points)
            if excluded:
                far = True
                leads = self._with_far(leads, excluded)
            merged[leads] = merged.get(leads, 0) + ways
        return self._shaped(merged, lost=lost, far=far)

    def _with_far(self, leads: int, excluded: int) -> int:
        """Return leads with those over some rivals so large that nothing makes up for them."""
        each = self.frame.leads(leads)
        for place, rival in enumerate(self.rivals):
            if excluded & self.table.top(rival):
                each[place] = self.table.penalty
        return self.frame.pack(each)

    def joined(self, parts: Sequence[Leads]) -> Leads:
        """Return how the target does in all of some independent needs."""
        if len(parts) == 1:
            return parts[0]
        worst = 0
        times = 1
        lost = False
        shapes = []
        for low, shape, more, excludes in parts:
            worst += low
            times *= more
            lost = lost or excludes
            if shape.size != 1:
                shapes.append(shape)
        key = tuple([shape.number for shape in shapes])
        found = self._joined.get(key)
        if found is None:
            if len(self._joined) >= REMEMBERED_SHAPES:
                self._joined.clear()
            found = self._joined[key] = self._join(shapes)
        return Leads(worst + found.worst, found.shape, times * found.times, lost or found.lost)

    def _join(self, shapes: Sequence[Shape]) -> Leads:
        sums = {0: 1}
        for shape in shapes:
            sums = _summed(shape.leads, sums.items())
        far = any(shape.far for shape in shapes)
        if far:
            merged: dict[int, int] = {}
            near, beyond = self.table.bonus, self.table.penalty
            for value, ways in sums.items():
                leads = self.frame.pack([lead if lead < near else beyond for lead in self.frame.leads(value)])
                merged[leads] = merged.get(leads, 0) + ways
            sums = merged
        return self._shaped(sums, lost=False, far=far)

    def _shaped(self, merged: Mapping[int, int], *, lost: bool, far: bool) -> Leads:
        if not merged:
            return Leads(0, self._nothing, 1, lost=True)
        worst = self.table.least(merged)
        above = [leads - worst for leads in merged]
        if far:
            above = self._far_again(merged, worst)
        times = gcd(*merged.values())
        key = tuple(sorted(zip(above, [ways // times for ways in merged.values()], strict=True)))
        shape = self._shapes.get(key)
        if shape is None:
            if len(self._shapes) >= REMEMBERED_SHAPES:
                self._shapes.clear()
            best = self.table.greatest(above)
            shape = self._shapes[key] = Shape(self._next_number(), list(key), best, len(self.rivals), far=far)
        return Leads(worst, shape, times, lost)

    def _far_again(self, merged: Iterable[int], worst: int) -> list[int]:
        """Return the leads above the least ones, those over excluded rivals as large as before."""
        beaten, near = self.frame.beaten, self.table.tops - self.table.bonus * self.frame.ones
        lows = dict(zip(self.rivals, self.frame.leads(worst), strict=True))
        #: top bits of rivals over whom leads are large → what they are to be raised by
        raised: dict[int, int] = {0: 0}
        above = []
        for leads in merged:
            large = (leads + near) & beaten
            if large not in raised:
                raised[large] = sum(
                    [
                        lows[rival] << (self.table.field * rival)
                        for rival in self.table.places(large)
                        if lows[rival] != self.table.penalty
                    ]
                )
            above.append(leads - worst + raised[large])
        return above

    def _next_number(self) -> int:
        self._numbered += 1
        return self._numbered

    def rarely_behind(self, shapes: Sequence[Shape], base: int, limit: int) -> bool | None:
        """Tell whether the target is behind any rival in fewer ways than a limit; None: too many stay undecided.

        Args:
            shapes: of all needs that make a difference, each with a way that admits the target.
            base: the least lead over every rival by itself.
            limit: a number of ways, one at least.
        """
        threats, share = self._threats(shapes, base)
        ways = 1
        for shape in shapes:
            ways *= shape.ways
        if share < limit / ways * CAREFULLY:
            return True
        together = 0
        for _, lead, sides in threats:
            behind = self._behind(sides, lead)
            if behind >= limit:
                return False
            together += behind
        if together < limit:
            return True
        if len(threats) == 2:  # noqa: PLR2004
            cells = [one.size * other.size for one, other in zip(*[sides for _, _, sides in threats], strict=True)]
            if max(cells, default=1) <= CELLS:
                return self._closely(shapes, threats, limit)
        return self._jointly(shapes, base, limit)

    def _threats(self, shapes: Sequence[Shape], base: int) -> tuple[list[Threat], float]:
        """Return the rivals that may be ahead, and no less than the share of ways in which any is.

        The share is by Cantelli's inequality: with a mean lead m above what would be behind and a variance v, a rival
        is ahead in v / (v + m²) of the ways at most.
        """
        biased = base + self.table.tops
        mask, half = self._mask, self._half
        threats = []
        share = 0.0
        for at, shift in self._places:
            lead = half - (biased >> shift & mask)
            if lead > 0:
                sides = []
                beyond = 1.0 - lead
                variance = 0.0
                for shape in shapes:
                    side = shape.sides[at] or self._side(shape, at)
                    sides.append(side)
                    beyond += side.mean
                    variance += side.variance
                share += variance / (variance + beyond * beyond) if beyond > 0 else 1.0
                threats.append(Threat(at, lead, sides))
        return threats, share

    def _behind(self, sides: Sequence[Side], lead: int) -> int:
        """Count the ways in which the target is behind one rival: its leads above the least do not reach a value."""
        alike = 1
        spread = []
        for side in sides:
            if side.size > 1:
                spread.append(side)
            else:
                alike *= side.ways[0]
        if len(spread) <= 1:
            return alike * self._fold(spread).below(lead, (0,))[0]
        spread.sort(key=SIZE)
        outer = spread.pop(-2)
        return alike * sum(map(int.__mul__, self._fold(spread).below(lead, outer.leads), outer.ways))

    def _side(self, shape: Shape, at: int) -> Side:
        merged: dict[int, int] = {}
        near, tops = self.table.bonus, self.table.tops
        mask, half = self._mask, self._half
        _, shift = self._places[at]
        for value, ways in shape.leads:
            lead = (value + tops >> shift & mask) - half
            if lead < near:
                merged[lead] = merged.get(lead, 0) + ways
        key = tuple(sorted(merged.items()))
        side = self._sides.get(key)
        if side is None:
            if len(self._sides) >= REMEMBERED_SHAPES:
                self._sides.clear()
            leads, numbers = zip(*key, strict=True)
            side = self._sides[key] = Side(self._next_number(), leads, numbers, self._unit)
        shape.sides[at] = side
        return side

    def _fold(self, sides: Sequence[Side]) -> Fold:
        """Combine the leads over one rival."""
        key = tuple([side.number for side in sides])
        found = self._folds.get(key)
        if found is None:
            found = _folded(sides, self._unit)
            self._keep(len(found.sums))
            self._folds[key] = found
        return found

    def _closely(self, shapes: Sequence[Shape], threats: Sequence[Threat], limit: int) -> bool:
        """Tell the same with two rivals to fear: outcome after outcome of some needs, those that say most first."""
        (one, first, _), (other, second, _) = threats
        rest = sorted(shapes, key=SIZE)
        outer = rest.pop(-2 if len(rest) > 1 else -1)
        leads, leads_too, ways = self._pairs(outer, one, other)
        behind = self._below(rest, one, first, leads)
        behind_too = self._below(rest, other, second, leads_too)
        both = list(map(int.__add__, behind, behind_too))
        total = prod([shape.ways for shape in rest])
        low = list(map(max, behind, behind_too))
        high = [min(sums, total) for sums in both]
        least, most = sum(map(int.__mul__, ways, low)), sum(map(int.__mul__, ways, high))
        few, table = self._both(rest, one, other)
        gaps = list(map(int.__mul__, ways, map(int.__sub__, high, low)))
        order = sorted(range(len(gaps)), key=gaps.__getitem__)
        while least < limit <= most:
            at = order.pop()
            counted = both[at] - table.ways(few, first - leads[at], second - leads_too[at])
            least += ways[at] * (counted - low[at])
            most -= ways[at] * (high[at] - counted)
        return most < limit

    def _below(self, shapes: Sequence[Shape], at: int, value: int, less: Sequence[int]) -> list[int]:
        """Count the ways in which the leads over a rival stay below a value less each of some leads."""
        sides = [shape.sides[at] or self._side(shape, at) for shape in shapes]
        return self._fold(sides).below(value, less)

    def _pairs(self, shape: Shape, one: int, other: int) -> Pairs:
        """Return the leads over two rivals."""
        found = shape.pairs.get((one, other))
        if found is None:
            tops, mask, half = self.table.tops, self._mask, self._half
            shift, shift_too = self._places[one][1], self._places[other][1]
            merged: dict[tuple[int, int], int] = {}
            for value, ways in shape.leads:
                biased = value + tops
                pair = (biased >> shift & mask) - half, (biased >> shift_too & mask) - half
                merged[pair] = merged.get(pair, 0) + ways
            ones, others = zip(*merged, strict=True)
            found = shape.pairs[one, other] = Pairs(ones, others, list(merged.values()))
        return found

    def _both(self, shapes: Sequence[Shape], one: int, other: int) -> tuple[list[tuple[int, int, int]], Below]:
        """Prepare counting the ways in which some needs leave the target behind two rivals: few leads, and a table.

        Args:
            shapes: of these needs, the one with most leads last.
            one: place of a rival.
            other: place of another.
        """
        *few, most = shapes or [self._everything]
        table = self._belows.get((most.number, one, other))
        if table is None:
            table = Below(self._pairs(most, one, other))
            self._keep(len(table.rows) * len(table.rows[0]))
            self._belows[most.number, one, other] = table
        key = (one, other, *[shape.number for shape in few])
        found = self._sums.get(key)
        if found is None:
            found = [(0, 0, 1)]
            for shape in few:
                found = _added(found, list(zip(*self._pairs(shape, one, other), strict=True)))
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


def _added(one: Iterable[tuple[int, int, int]], other: Sequence[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Combine two independent distributions of leads over two rivals."""
    merged: dict[tuple[int, int], int] = {}
    for lead, lead_too, times in one:
        for more, more_too, ways in other:
            pair = lead + more, lead_too + more_too
            merged[pair] = merged.get(pair, 0) + ways * times
    return [(*pair, ways) for pair, ways in merged.items()]


def _folded(sides: Sequence[Side], unit: int) -> Fold:
    """Combine independent leads over one rival, and sum them up: all at once where they lie close together."""
    size = sum([side.leads[-1] for side in sides]) + 1
    if size > 2 * prod([side.size for side in sides]):
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

"""Smallest sets of changes that make one alternative beat all others: iterative deepening over blocks of needs.

The lead of the target over every rival travels in one packed integer, its *frame*. An excluded rival counts as beaten
(a bonus in its field), an excluded target as beaten by all (a penalty that no bonus can pay for), so one addition and
one comparison of top bits tell whether the target beats everybody at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, product
from math import prod
from typing import NamedTuple, Protocol

from advisor.decision.table import WIDE, Block, Outcome, State, Table, bits_of

NODES = 12_000
"""Steps before the search for one target gives up: partial sets looked at, and joint answers to make them of."""

Picks = tuple[tuple[int, int], ...]
"""Changes: (need, bit of the new choice)."""


class Option(NamedTuple):
    """One way to change a block: what it adds to the frame, and the changes."""

    gain: int
    picks: Picks


class Frame:
    """The leads of one target over all its rivals, in one integer."""

    def __init__(self, table: Table, target: int) -> None:
        self.table = table
        self.target = target
        self.shift = table.field * target
        self.top = table.top(target)
        self.ones = table.ones
        self.rivals = [place for place in range(table.count) if place != target]
        self.alternatives = table.spread(table.mask)
        self.beaten = table.tops ^ self.top
        # A lead of one or more sets the top bit of its field once this is added.
        self.bias = table.tops - self.ones

    def of(self, outcome: Outcome) -> int:
        """Return the leads in an outcome."""
        points, excluded = outcome
        table = self.table
        leads = self.of_points(points)
        if excluded:
            leads += ((excluded & self.beaten) >> (table.field - 1)) * table.bonus
            if excluded & self.top:
                leads -= self.ones * table.penalty
        return leads

    def of_points(self, points: int) -> int:
        """Return the leads that points make, where nobody is excluded."""
        return (points >> self.shift & self.table.mask) * self.ones - (points & self.alternatives)

    def beats_all(self, leads: int) -> bool:
        """Tell whether the target leads alone."""
        return (leads + self.bias) & self.beaten == self.beaten

    def leads(self, value: int) -> list[int]:
        """Return the lead over every rival."""
        leads = self.table.differences(value)
        return [*leads[: self.target], *leads[self.target + 1 :]]

    def worst(self, outcomes: Iterable[Outcome]) -> int:
        """Return the least lead over every rival by itself, in one integer."""
        return self.table.least(map(self.of, outcomes))

    def best(self, outcomes: Iterable[Outcome]) -> int:
        """Return the greatest lead over every rival by itself, in one integer."""
        return self.table.greatest(map(self.of, outcomes))

    def pack(self, leads: Sequence[int]) -> int:
        """Put the leads over every rival back into one integer."""
        return sum(lead << (self.table.field * rival) for rival, lead in zip(self.rivals, leads, strict=True))


class Options(Protocol):
    """The ways to change one block, by the number of changes."""

    most: int  #: the most changes it can take

    def work(self, size: int) -> int:
        """Return how many joint answers are looked at for this number of changes."""

    def of(self, size: int) -> Sequence[Option]:
        """Return the options that make exactly this many changes."""


class Search:
    """All sets of a given number of changes after which a target beats all its rivals.

    Args:
        frame: of the target.
        start: the leads without any change.
        blocks: the ways to change every block.
        steps: how much may be looked at before the search gives up; counted, so that it is the same everywhere.
    """

    def __init__(self, frame: Frame, start: int, blocks: Sequence[Options], steps: int) -> None:
        self.frame = frame
        self.start = start
        self.blocks = blocks
        self.left = steps
        #: by number of changes, then by block: the most that blocks from that one on can gain, rival by rival
        self._reach: list[list[int]] = [[0] * (len(blocks) + 1)]
        self._best: dict[tuple[int, int], int | None] = {}

    @property
    def gave_up(self) -> bool:
        """Whether the search stopped at its bound, so that what it found need not be all."""
        return self.left < 0

    def give_up(self) -> None:
        """Stop: enough was found."""
        self.left = -1

    def spend(self, steps: int) -> None:
        """Count work; below nothing the search has given up."""
        self.left -= steps

    def within_reach(self, size: int) -> bool:
        """Tell whether no rival taken alone rules a set of this size out: a bound, not yet a find."""
        return self._reaches(size) and self.frame.beats_all(self.start + self._reach[size][0])

    def sets(self, size: int) -> Iterator[Picks]:
        """Return every set of exactly this many changes, a number within reach, that makes the target win."""
        return self._deepen(0, size, self.start, ()) if size else iter([()])

    def _deepen(self, first: int, left: int, leads: int, picks: Picks) -> Iterator[Picks]:
        beats_all = self.frame.beats_all
        reach = self._reach[left]
        stop = first
        while stop < len(self.blocks) and beats_all(leads + reach[stop]):
            stop += 1
        # Sets that leave the first blocks alone come first.
        for block in range(stop - 1, first - 1, -1):
            for size in range(1, min(left, self.blocks[block].most) + 1):
                for option in self.blocks[block].of(size):
                    self.left -= 1
                    if self.left < 0:
                        return
                    if size < left:
                        yield from self._deepen(block + 1, left - size, leads + option.gain, picks + option.picks)
                    elif beats_all(leads + option.gain):
                        yield picks + option.picks

    def _reaches(self, size: int) -> bool:
        """Work out how far up to so many changes reach; tell whether the bound on the work allowed it."""
        while len(self._reach) <= size and not self.gave_up:
            row = self._row(len(self._reach))
            if row is not None:
                self._reach.append(row)
        return len(self._reach) > size

    def _row(self, left: int) -> list[int] | None:
        """Return, for every block, the most that it and all after it can gain with up to `left` changes."""
        row = [0]
        for block in range(len(self.blocks) - 1, -1, -1):
            options = self.blocks[block]
            best = [row[-1]]
            for size in range(1, min(left, options.most) + 1):
                if not self._may_look(block, size):
                    return None
                gain = self._best_of(block, size)
                if gain is not None:
                    best.append(gain + self._reach[left - size][block + 1])
            row.append(self.frame.table.greatest(best))
        return row[::-1]

    def _may_look(self, block: int, size: int) -> bool:
        if (block, size) not in self._best:
            self.left -= self.blocks[block].work(size)
        self.left -= 1
        return self.left >= 0

    def _best_of(self, block: int, size: int) -> int | None:
        """Return the most that exactly so many changes of a block gain; None where it cannot take them."""
        if (block, size) not in self._best:
            gains = [option.gain for option in self.blocks[block].of(size)]
            self._best[block, size] = self.frame.table.greatest(gains) if gains else None
        return self._best[block, size]


class Changes:
    """The ways to change the answers to one block's needs, from what they are now."""

    def __init__(self, block: Block, state: State) -> None:
        self.block = block
        self.key = block.key(state)
        self._outcomes: dict[int, list[tuple[Outcome, Picks]]] = {}

    def outcomes(self, size: int) -> list[tuple[Outcome, Picks]]:
        """Return the outcome of every set of exactly this many changes; needs that do not apply are not changed."""
        found = self._outcomes.get(size)
        if found is None:
            found = self._outcomes[size] = list(self._list(size))
        return found

    def _list(self, size: int) -> Iterator[tuple[Outcome, Picks]]:
        table, block = self.block.table, self.block
        for places in combinations(range(len(block.needs)), size):
            others = [[bit for bit in bits_of(table.full[block.needs[at]]) if bit != self.key[at]] for at in places]
            for bits in product(*others):
                key = list(self.key)
                for at, bit in zip(places, bits, strict=True):
                    key[at] = bit
                if not block.gates or all(block.applies(block.needs[at], key) for at in places):
                    picks = tuple([(block.needs[at], bit) for at, bit in zip(places, bits, strict=True)])
                    yield block.outcome(tuple(key)), picks

    def options(self, frame: Frame) -> Options:
        """Return the changes by their number, as what they gain a target."""
        return _Gains(self, frame)

    def number(self, size: int) -> int:
        """Return how many joint answers have this many changes, each as often as it is dearer than a change of its own.

        Where there are many alternatives adding up the weights of needs that interact is most of the work.
        """
        ways = [1] + [0] * size
        for need, bits in zip(self.block.needs, self.key, strict=True):
            others = len([bit for bit in bits_of(self.block.table.full[need]) if bit != bits])
            for changes in range(size, 0, -1):
                ways[changes] += ways[changes - 1] * others
        return ways[size] * (1 + self.block.table.count // WIDE if len(self.key) > 1 else 1)


class _Gains:
    """The changes of one block, as what they gain one target."""

    def __init__(self, changes: Changes, frame: Frame) -> None:
        self.most = len(changes.block.needs)
        self._changes = changes
        self._frame = frame
        self._now = frame.of(changes.block.outcome(changes.key))
        self._known: dict[int, list[Option]] = {}

    def work(self, size: int) -> int:
        return self._changes.number(size)

    def of(self, size: int) -> Sequence[Option]:
        if size not in self._known:
            of, now = self._frame.of, self._now
            self._known[size] = [Option(of(outcome) - now, picks) for outcome, picks in self._changes.outcomes(size)]
        return self._known[size]


FRONT_LIMIT = 2_000
"""The most leads that no other one betters before it is not said whether an alternative can win."""

FRONT_STEPS = 200_000
"""The most comparisons of such leads."""

POSSIBLE = 65_536
"""The most joint answers that are gone through for it."""


def can_win(table: Table, target: int) -> bool | None:
    """Tell whether any answers, whole or partial, make an alternative the only winner; None: too many to say.

    Exact: for every block the leads that no other joint answer betters are kept, and blocks are combined the same way.
    """
    if sum(prod(len(table.bit_of[need]) + 1 for need in block.needs) for block in table.blocks) > POSSIBLE:
        return None
    frame = Frame(table, target)
    fronts = [
        {frame.of(outcome) for outcome in block.possible() if not outcome.excluded & frame.top}
        for block in table.blocks
    ]
    if not frame.beats_all(sum(table.greatest(own) for own in fronts)):
        # Some rival taken alone is never beaten.
        return False
    most = table.spread(table.bonus)
    front, left = [0], FRONT_STEPS
    for own in fronts:
        sums = {table.least([one + other, most]) for one in front for other in _unbeaten(table, own)}
        left -= len(sums) * len(front)
        if len(front) * len(own) > FRONT_STEPS or left < 0:
            return None
        front = _unbeaten(table, sums)
        if len(front) > FRONT_LIMIT:
            return None
    return any(frame.beats_all(leads) for leads in front)


def _unbeaten(table: Table, vectors: Iterable[int]) -> list[int]:
    """Return the vectors that no other one is at least equal to everywhere."""
    kept: list[int] = []
    for vector in vectors:
        if any((other - vector + table.tops) & table.tops == table.tops for other in kept):
            continue
        kept = [other for other in kept if (vector - other + table.tops) & table.tops != table.tops]
        kept.append(vector)
    return kept

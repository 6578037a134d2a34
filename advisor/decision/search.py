"""Smallest sets of changes that make one alternative beat all others: iterative deepening over blocks of needs.

The lead of the target over every rival travels in one packed integer, its *frame*. An excluded rival counts as beaten
(a bonus in its field), an excluded target as beaten by all (a penalty that no bonus can pay for), so one addition and
one comparison of top bits tell whether the target beats everybody at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations, product
from typing import NamedTuple

from advisor.decision.table import Block, Outcome, State, Table, bits_of

NODES = 12_000
"""Partial sets looked at before the search for one target gives up."""

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
        self.ones = table.spread(1)
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
        table = self.table
        half = 1 << (table.field - 1)
        leads = [biased - half for biased in table.unpack(value + table.tops)]
        return [*leads[: self.target], *leads[self.target + 1 : table.count]]

    def worst(self, outcomes: Iterable[Outcome]) -> int:
        """Return the least lead over every rival by itself, in one integer."""
        return self.table.least(map(self.of, outcomes))

    def best(self, outcomes: Iterable[Outcome]) -> int:
        """Return the greatest lead over every rival by itself, in one integer."""
        return self.table.greatest(map(self.of, outcomes))

    def pack(self, leads: Sequence[int]) -> int:
        """Put the leads over every rival back into one integer."""
        return sum(lead << (self.table.field * rival) for rival, lead in zip(self.rivals, leads, strict=True))


class Search:
    """All sets of a given number of changes after which a target beats all its rivals.

    Args:
        frame: of the target.
        start: the leads without any change.
        blocks: for every block, a function from a number of changes to the options that make exactly that many.
        sizes: for every block, the most changes it can take.
    """

    def __init__(
        self, frame: Frame, start: int, blocks: Sequence[Callable[[int], Sequence[Option]]], sizes: Sequence[int]
    ) -> None:
        self.frame = frame
        self.start = start
        self.blocks = blocks
        self.sizes = sizes
        self.left = NODES
        self._best: dict[tuple[int, int], list[int]] = {}
        self._reach: dict[tuple[int, int], int] = {}

    @property
    def gave_up(self) -> bool:
        """Whether the search stopped at its bound, so that what it found need not be all."""
        return self.left < 0

    def give_up(self) -> None:
        """Stop: enough was found."""
        self.left = -1

    def within_reach(self, size: int) -> bool:
        """Tell whether no rival taken alone rules a set of this size out: a bound, not yet a find."""
        return self.frame.beats_all(self.start + self._reachable(0, size))

    def sets(self, size: int) -> Iterator[Picks]:
        """Yield every set of exactly this many changes that makes the target win."""
        yield from self._deepen(0, size, self.start, ())

    def _deepen(self, block: int, left: int, leads: int, picks: Picks) -> Iterator[Picks]:
        self.left -= 1
        if self.left < 0:
            return
        if not left:
            if self.frame.beats_all(leads):
                yield picks
            return
        if block == len(self.blocks) or not self.frame.beats_all(leads + self._reachable(block, left)):
            return
        for size in range(min(left, self.sizes[block]) + 1):
            for option in self.blocks[block](size):
                yield from self._deepen(block + 1, left - size, leads + option.gain, picks + option.picks)

    def _reachable(self, block: int, left: int) -> int:
        """Return, rival by rival, the most that blocks from this one on can gain with up to `left` changes."""
        found = self._reach.get((block, left))
        if found is None:
            found = self._reach[block, left] = self.frame.pack(self._gains(block, left))
        return found

    def _gains(self, block: int, left: int) -> list[int]:
        if block == len(self.blocks) or not left:
            return [0] * len(self.frame.rivals)
        totals = []
        for size in range(min(left, self.sizes[block]) + 1):
            best = self._best_of(block, size)
            if best:
                rest = self.frame.leads(self._reachable(block + 1, left - size))
                totals.append([one + other for one, other in zip(best, rest, strict=True)])
        return [max(column) for column in zip(*totals, strict=True)]

    def _best_of(self, block: int, size: int) -> list[int]:
        found = self._best.get((block, size))
        if found is None:
            leads = [self.frame.leads(option.gain) for option in self.blocks[block](size)]
            found = self._best[block, size] = [max(column) for column in zip(*leads, strict=True)]
        return found


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

    def options(self, frame: Frame) -> Callable[[int], Sequence[Option]]:
        """Return the changes by their number, as what they gain a target."""
        now = frame.of(self.block.outcome(self.key))
        known: dict[int, list[Option]] = {}

        def by_size(size: int) -> Sequence[Option]:
            if size not in known:
                known[size] = [Option(frame.of(outcome) - now, picks) for outcome, picks in self.outcomes(size)]
            return known[size]

        return by_size


def can_win(table: Table, target: int) -> bool | None:
    """Tell whether any answers, whole or partial, make an alternative the only winner; None: too many to say.

    Exact: for every block the leads that no other joint answer betters are kept, and blocks are combined the same way.
    """
    frame = Frame(table, target)
    front: set[tuple[int, ...]] = {(0,) * len(frame.rivals)}
    for block in table.blocks:
        own = {
            tuple([min(lead, table.bonus) for lead in frame.leads(frame.of(outcome))])
            for outcome in block.possible()
            if not outcome.excluded & frame.top
        }
        front = _unbeaten(
            {
                tuple([min(a + b, table.bonus) for a, b in zip(one, other, strict=True)])
                for one in front
                for other in _unbeaten(own)
            }
        )
        if len(front) > FRONT_LIMIT:
            return None
    return any(all(lead > 0 for lead in leads) for leads in front)


FRONT_LIMIT = 2_000


def _unbeaten(vectors: set[tuple[int, ...]]) -> set[tuple[int, ...]]:
    """Return the vectors that no other one is at least equal to everywhere."""
    kept: list[tuple[int, ...]] = []
    for vector in sorted(vectors, reverse=True):
        if not any(all(a >= b for a, b in zip(other, vector, strict=True)) for other in kept):
            kept.append(vector)
    return set(kept)

"""Which smallest changes of answers make another alternative win.

A change sets one need, answered or open, to one choice. An answer that no longer applies after a change (a complaint
about today's framework when there is none) is dropped with it, and named in the flip. Sets are minimal: no part of one
makes the alternative the only leader. All sets of the smallest size are found, and all minimal sets of up to two.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from advisor.decision.recommendation import Change, Flip
from advisor.decision.search import NODES, Changes, Frame, Picks, Search, can_win
from advisor.decision.table import WIDE, Table, bits_of, chosen

PAIRS = 2
"""Up to this size all minimal sets are listed, beyond it those of the smallest size only."""

MOST_LARGE = 50
"""Sets of more than two changes listed for one alternative."""

TARGETS = 12
"""Alternatives for which changes are searched, best ranked first."""

ALL_NODES = 30_000
"""Steps for all targets together; those left over are not searched. Fewer where each costs more: see `steps_for`."""


def steps_for(table: Table, most: int) -> int:
    """Return how many steps are taken where `most` are right for a few alternatives."""
    return most // (1 + 2 * (table.count // WIDE))


class Found(NamedTuple):
    """What the search says about one alternative."""

    flips: tuple[Flip, ...]  #: smallest first, then wishes before facts, then by distance
    cannot_win: bool  #: proved: it leads alone under no answers
    complete: bool  #: whether the flips are all there are of their sizes


class FlipSearch:
    """Searches the changes from one set of answers; what the targets share is worked out once."""

    def __init__(self, table: Table, state: Sequence[int]) -> None:
        self.table = table
        self.state = list(state)
        self.changes = [Changes(block, state) for block in table.blocks]
        self.now = table.added(state)
        self.left = steps_for(table, ALL_NODES)
        # Adding up all answers anew is worth a step for every few weights.
        self.scoring = 1 + len(table.active(table.applied(state), range(len(state)))[0]) // 16

    def towards(self, target: int) -> Found:
        """Find the smallest changes that make a target the only leader."""
        frame = Frame(self.table, target)
        if frame.beats_all(frame.of(self.now)):
            return Found((), cannot_win=False, complete=True)
        if self.left < 0:
            return Found((), cannot_win=False, complete=False)
        steps = min(steps_for(self.table, NODES), self.left)
        search = Search(frame, frame.of(self.now), [one.options(frame) for one in self.changes], steps)
        sets = self._sets(search, len(self.state))
        self.left -= steps - search.left
        flips = sorted((self._flip(target, picks) for picks in sets), key=self._order)
        if flips:
            return Found(tuple(flips), cannot_win=False, complete=not search.gave_up)
        return Found((), cannot_win=not search.gave_up and can_win(self.table, target) is False, complete=False)

    def _sets(self, search: Search, most: int) -> list[Picks]:
        found: list[Picks] = []
        single: set[tuple[int, int]] = set()
        for size in range(1, most + 1):
            if found and size > PAIRS:
                break
            if not search.within_reach(size):
                if search.gave_up:
                    break
                continue
            for picks in search.sets(size):
                if len(picks) > PAIRS and len(found) == MOST_LARGE:
                    search.give_up()
                elif single.isdisjoint(picks):
                    search.spend(self.scoring)
                    if self._wins(search.frame, picks):
                        found.append(picks)
            single = {picks[0] for picks in found}
            if search.gave_up:
                break
        return found

    def _wins(self, frame: Frame, picks: Iterable[tuple[int, int]]) -> bool:
        """Score the changed answers anew, all of them."""
        return self.table.leaders(self.table.rescored(self._changed(picks))) == frame.top

    def _changed(self, picks: Iterable[tuple[int, int]]) -> list[int]:
        state = self.state.copy()
        for need, bit in picks:
            state[need] = bit
        return state

    def _flip(self, target: int, picks: Picks) -> Flip:
        needs = self.table.rules.needs
        changes = []
        for need, bit in sorted(picks):
            before = tuple(needs[need].choices[chosen(one)].id for one in bits_of(self.state[need]))
            changes.append(Change(needs[need].id, before, needs[need].choices[chosen(bit)].id))
        wishes = sum(needs[need].kind == "wish" for need, _ in picks)
        ruled_out = self.table.inapplicable(self._changed(picks))
        drops = tuple(needs[need].id for need in sorted(ruled_out) if self.state[need])
        distance = sum(self._distance(need, bit) for need, bit in picks)
        return Flip(self.table.rules.alternatives[target].id, tuple(changes), wishes, distance, drops)

    def _distance(self, need: int, bit: int) -> int:
        """Steps on the scale from the nearest choice possible now; one where there is no scale or no answer yet."""
        if not self.state[need] or not self.table.rules.needs[need].ordered:
            return 1
        return max(1, min(abs(chosen(bit) - chosen(one)) for one in bits_of(self.state[need])))

    def _order(self, flip: Flip) -> tuple[int, int, int, list[tuple[int, int]]]:
        places = [
            (self.table.need_at[change.need], self.table.bit_of[self.table.need_at[change.need]][change.after])
            for change in flip.changes
        ]
        return len(flip.changes), len(flip.changes) - flip.wishes, flip.distance, places

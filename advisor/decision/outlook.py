"""What a block of needs can still add: every outcome where they can be gone through, else bounds that are sure to hold.

The bounds of a block are sums over its needs: each of them at its worst, or best, whatever the others are. What they
prove is true; what they do not prove may be true all the same, and is not claimed.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from itertools import combinations, product
from math import prod
from operator import sub
from typing import NamedTuple

from advisor.decision.search import Frame
from advisor.decision.table import Block, Known, Must, Outcome, Outcomes, State, Table, Term, bits_of, counts


class _Case(NamedTuple):
    """One choice that a need may still have, alone."""

    points: int  #: packed: what it adds whatever the other answers are
    terms: list[Term]  #: weights that may count, in full or in part
    surely: int  #: the alternatives that it excludes whatever the other answers are
    maybe: int  #: those that it may exclude


class Uncounted:
    """A block with some needs open, in more ways than are gone through.

    Args:
        block: the block.
        key: the answers to it.
    """

    def __init__(self, block: Block, key: tuple[int, ...]) -> None:
        self.block = block
        self.key = key
        self.table: Table = block.table
        self._possible = [0] * len(self.table.full)
        for need, bits in zip(block.needs, key, strict=True):
            self._possible[need] = bits or self.table.full[need]
        #: need → whether it applies; None: that depends
        self._applies: dict[int, bool | None] = dict.fromkeys(block.needs, True)
        for need, gate in block.gates:
            self._applies[need] = self._holds(gate)
        self._cases = {need: self._cases_of(need) for need in block.needs if self._applies[need] is not False}
        self.ever = 0  #: the alternatives that some answers may exclude
        self.surely = 0  #: those that all answers exclude
        for need, cases in self._cases.items():
            common = self.table.tops if self._applies[need] else 0
            for case in cases:
                self.ever |= case.surely | case.maybe
                common &= case.surely
            self.surely |= common

    def _holds(self, condition: Known) -> bool | None:
        """Tell whether a condition is sure to hold, or sure not to; None: neither."""
        sure = True
        for need, bits in condition:
            applies = self._applies[need]
            if applies is False or not self._possible[need] & bits:
                return False
            sure = sure and applies is True and not self._possible[need] & ~bits
        return sure or None

    def _counts(self, part: Term | Must) -> bool | None:
        """Tell whether a part of a chosen choice is sure to count, or sure not to; None: neither."""
        when = self._holds(part.when)
        unless = self._holds(part.unless) if part.unless else False
        if when is False or unless is True:
            return False
        return True if when and unless is False else None

    def _cases_of(self, need: int) -> list[_Case]:
        found = []
        for bit in bits_of(self._possible[need]):
            part = self.table.part(need, bit)
            points, surely, maybe = part.points, part.excluded, 0
            terms = []
            for term in part.terms:
                counts = self._counts(term)
                if counts and term.group not in self.table.binding:
                    points += term.weight * term.packed
                elif counts is not False:
                    terms.append(term)
            for must in part.musts:
                counts = self._counts(must)
                surely |= must.below if counts else 0
                maybe |= must.below if counts is None else 0
            found.append(_Case(points, terms, surely, maybe))
        return found

    def worst(self, frame: Frame) -> int:
        """Return leads over every rival, in one integer, that no answers go below."""
        return sum(self._edge(frame, need, least=True) for need in self._cases)

    def best(self, frame: Frame) -> int:
        """Return leads over every rival, in one integer, that no answers go above."""
        return sum(self._edge(frame, need, least=False) for need in self._cases)

    def _edge(self, frame: Frame, need: int, *, least: bool) -> int:
        side = self.table.least if least else self.table.greatest
        leads = [0] if self._applies[need] is None else []
        for case in self._cases[need]:
            # At worst what may exclude a rival does not, and what may exclude the target does; at best the reverse.
            maybe = case.maybe & (frame.top if least else ~frame.top)
            own = frame.of(Outcome(case.points, case.surely | maybe))
            own += sum([side([0, term.weight * frame.of_points(term.packed)]) for term in case.terms])
            leads.append(own)
        return side(leads)

    def most(self) -> int:
        """Return packed points that no answers go above."""
        return sum(self._ends_of(need)[1] for need in self._cases)

    def least(self) -> int:
        """Return packed points that no answers go below."""
        return sum(self._ends_of(need)[0] for need in self._cases)

    def _ends_of(self, need: int) -> tuple[int, int]:
        fields = self.table.spread(self.table.mask)
        lows = [0] if self._applies[need] is None else []
        highs = lows.copy()
        for case in self._cases[need]:
            lows.append(case.points & fields)
            highs.append((case.points + _weighed(case.terms)) & fields)
        return self.table.least(lows), self.table.greatest(highs)

    def swing(self, need: int, places: Sequence[int]) -> int:
        """Return no less than the most that a need moves one of some alternatives against another."""
        cases = self._cases.get(need, [])
        low = [self._at(case.points, places) for case in cases]
        high = [self._at(case.points + _weighed(case.terms), places) for case in cases]
        swing = 0
        for one, other in combinations(range(len(cases)), 2):
            above = max(map(sub, high[one], low[other]))
            swing = max(swing, above - min(map(sub, low[one], high[other])))
        return swing + sum(self._spread(points, places) for points in self._moved_with(need))

    def _decided_by(self, need: int) -> set[int]:
        """Return the needs that may apply or not with the answer to a need, and that need itself."""
        found = {need}
        for other, gate in self.block.gates:
            if _names(gate, found):
                found.add(other)
        return found

    def _moved_with(self, need: int) -> Iterator[int]:
        """Yield what other needs add, packed, where that depends on a need."""
        decided = self._decided_by(need)
        shared = {term.group for one in decided for case in self._cases.get(one, ()) for term in case.terms}
        shared &= self.table.binding
        for other, own in self._cases.items():
            if other == need:
                continue
            for case in own:
                if other in decided:
                    yield case.points
                for term in case.terms:
                    if other in decided or term.group in shared or _names(term.when + term.unless, decided):
                        yield term.weight * term.packed

    def _at(self, points: int, places: Sequence[int]) -> list[int]:
        every = self.table.unpack(points)
        return [every[place] for place in places]

    def _spread(self, points: int, places: Sequence[int]) -> int:
        own = self._at(points, places)
        return max(own) - min(own)

    def excludes(self, need: int, tops: int) -> bool:
        """Tell whether an answer to a need may exclude some alternatives, by itself or through a condition."""
        decided = self._decided_by(need)
        for other, own in self._cases.items():
            if other in decided and any((case.surely | case.maybe) & tops for case in own):
                return True
            musts = [must for bit in bits_of(self._possible[other]) for must in self.table.part(other, bit).musts]
            if any(must.below & tops and _names(must.when + must.unless, decided) for must in musts):
                return True
        return False

    def ways(self) -> int:
        """Return the number of ways to answer the open needs, exactly."""
        named = sorted({other for _, gate in self.block.gates for other, _ in gate})
        rest = [need for need in self.block.needs if need not in named]
        gates = dict(self.block.gates)
        total = 0
        for answers in self._answered(named):
            total += prod(
                self._possible[need].bit_count() if _is_met(gates.get(need, ()), answers) else 1 for need in rest
            )
        return total

    def _answered(self, needs: Sequence[int]) -> Iterator[Mapping[int, int]]:
        """Yield the ways to answer needs whose gates name no others; a need that does not apply has no bits."""
        own = [(need, gate) for need, gate in self.block.gates if need in needs]
        for bits in product(*[(0, *bits_of(self._possible[need])) for need in needs]):
            answers = dict(zip(needs, bits, strict=True))
            gated = dict(own)
            if all(bool(answers[need]) == _is_met(gated.get(need, ()), answers) for need in needs):
                yield answers

    def baseless(self) -> int:
        """Return the number of ways in which no answer weighs or excludes anything, exactly."""
        places = [self._weightless(need) for need in self.block.needs]
        if not all(places):
            return 0
        return _Baseless(self, places).ways()

    def _weightless(self, need: int) -> list[int]:
        """Return the choices of a need that may weigh and exclude nothing; 0: it may not apply."""
        shift = self.table.field * self.table.count
        bits = [0] if self._applies[need] is not True else []
        for bit in bits_of(self._possible[need]):
            part = self.table.part(need, bit)
            if not part.points >> shift and not part.excluded:
                bits.append(bit)
        return bits


class _Baseless:
    """Counts the ways in which nothing weighs, need after need: what weighs already is not followed any further."""

    def __init__(self, block: Uncounted, places: Sequence[Sequence[int]]) -> None:
        self.block = block.block
        self.table = block.table
        self.places = places
        self.state = [0] * len(self.table.full)
        #: binding groups in which a weight that adds nothing may use the limit up: there only the whole sum tells
        self.mute = {
            term.group
            for need in self.block.needs
            for terms in self.table.terms[need]
            for term in terms
            if term.group in self.table.binding and not (term.levels[-1] and self.table.limits[term.group])
        }
        #: for every need, once it is answered: by choice of this or an earlier one, what is then known to count or not
        self.known: list[dict[tuple[int, int], list[tuple[Known, Known]]]] = [{} for _ in places]
        for need, bits in zip(self.block.needs, places, strict=True):
            for bit in filter(None, bits):
                self._note(need, bit)

    def _note(self, need: int, bit: int) -> None:
        """Note when it is known whether the weights and requirements of a choice count."""
        part = self.table.part(need, bit)
        telling = [
            (term.when, term.unless)
            for term in part.terms
            if term.weight * term.levels[-1] and term.group not in self.mute
        ]
        telling += [(must.when, must.unless) for must in part.musts if must.below]
        for when, unless in telling:
            last = max(self.block.place[named] for named in (need, *[named for named, _ in when + unless]))
            self.known[last].setdefault((need, bit), []).append((when, unless))

    def ways(self, at: int = 0) -> int:
        """Return the ways to answer the needs from one on, those before it being answered."""
        needs, state = self.block.needs, self.state
        if at == len(needs):
            if any(bool(state[need]) != _is_met(gate, state) for need, gate in self.block.gates):
                return 0
            points, excluded = self.block.outcome(self.block.key(state))
            return int(not excluded and not points >> (self.table.field * self.table.count))
        found = 0
        for bit in self.places[at]:
            state[needs[at]] = bit
            if not self._counts(at):
                found += self.ways(at + 1)
        return found

    def _counts(self, at: int) -> bool:
        return any(
            counts(when, unless, self.state)
            for (need, bit), conditions in self.known[at].items()
            if self.state[need] == bit
            for when, unless in conditions
        )


def _weighed(terms: Iterable[Term]) -> int:
    return sum([term.weight * term.packed for term in terms])


def _names(condition: Known, needs: Container[int]) -> bool:
    return any(named in needs for named, _ in condition)


def _is_met(gate: Known, answers: Mapping[int, int] | State) -> bool:
    return all(answers[named] & bits for named, bits in gate)


Outlook = Outcomes | Uncounted
"""What the open needs of a block can still make of it."""


def outlook(block: Block, key: tuple[int, ...]) -> Outlook:
    """Return every outcome that the open needs can have; bounds where there are too many ways."""
    return block.completions(key) if block.ways(key) <= block.table.most_joint else Uncounted(block, key)


def outlooks(table: Table, state: State) -> list[Outlook]:
    """Return what every block can still add in a state."""
    return [outlook(block, block.key(state)) for block in table.blocks]


def worst(frame: Frame, of: Outlook) -> int:
    """Return the least lead over every rival by itself, in one integer; where ways are not counted a bound of it."""
    return of.worst(frame) if isinstance(of, Uncounted) else frame.worst(of)


def best(frame: Frame, of: Outlook) -> int:
    """Return the greatest lead over every rival by itself, in one integer; or a bound of it."""
    return of.best(frame) if isinstance(of, Uncounted) else frame.best(of)


def ever(of: Outlook) -> int:
    """Return the alternatives that some answers exclude, or may exclude, as top bits."""
    if isinstance(of, Uncounted):
        return of.ever
    out = 0
    for _, excluded in of:
        out |= excluded
    return out


def surely(table: Table, of: Outlook) -> int:
    """Return the alternatives that all answers are sure to exclude, as top bits."""
    if isinstance(of, Uncounted):
        return of.surely
    common = table.tops
    for _, excluded in of:
        common &= excluded
    return common


def most(table: Table, of: Outlook) -> int:
    """Return the most points of every alternative by itself, packed; or a bound of them."""
    if isinstance(of, Uncounted):
        return of.most()
    fields = table.spread(table.mask)
    return table.greatest([points & fields for points, _ in of])


def least(table: Table, of: Outlook) -> int:
    """Return the fewest points of every alternative by itself, packed; or a bound of them."""
    if isinstance(of, Uncounted):
        return of.least()
    fields = table.spread(table.mask)
    return table.least([points & fields for points, _ in of])


def ways(of: Outlook) -> int:
    """Return the number of ways to answer the open needs."""
    return of.ways() if isinstance(of, Uncounted) else sum(of.values())


def baseless(table: Table, of: Outlook) -> int:
    """Return the number of ways in which no answer weighs or excludes anything."""
    if isinstance(of, Uncounted):
        return of.baseless()
    shift = table.field * table.count
    return sum(number for (points, excluded), number in of.items() if not excluded and not points >> shift)

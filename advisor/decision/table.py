"""Rules compiled to whole numbers: what every choice adds for every alternative, and which needs interact.

The points of all alternatives travel together in one integer, a *packed* vector: alternative `a` owns the bits from
`field * a` on, and the last field holds the points of a perfect alternative. Adding two vectors is then one addition,
whatever the number of alternatives. A set of excluded alternatives is one integer too: the top bit of each one's field.

The answers are a *state*: for every need one integer whose bits are the choices still possible; 0 is unanswered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from math import prod
from operator import attrgetter, mul
from struct import Struct
from typing import NamedTuple

from advisor.decision.answers import Answers
from advisor.errors import AdvisorError
from advisor.knowledge.model import Condition, Criterion, Requirement, Rules, Weight

BLOCK_LIMIT = 65_536
"""The most joint answers that needs which interact may have: up to here every claim is exact."""

FEW = 8
"""Up to so many alternatives a loop over the fields is faster than unpacking them all."""

JOINT = 32_768
"""Joint answers of all blocks together that are gone through; fewer where there are many alternatives."""

WIDE = 40
"""A step over so many more alternatives costs about as much again."""

WORDS = (16, 32, 64)
"""Bits of the machine words that a field of a packed vector can be."""

State = Sequence[int]
Known = tuple[tuple[int, int], ...]
"""A compiled condition: (need, bits of the choices that satisfy it), all of which must hold."""


class Term(NamedTuple):
    """One weight of one choice."""

    need: int
    choice: int
    order: int  #: its place among the weights of the choice
    number: int  #: its place among all weights
    criterion: int
    weight: int
    levels: tuple[int, ...]  #: of every alternative: its rating, or the fit of its kind; then the perfect level
    packed: int  #: the same levels, packed
    group: int  #: number of the criterion's group, or -1
    fits: bool  #: whether the levels are fits of kinds
    when: Known
    unless: Known


class Must(NamedTuple):
    """One requirement of one choice."""

    need: int
    choice: int
    criterion: int
    requirement: Requirement
    below: int  #: the alternatives that it excludes
    when: Known
    unless: Known


_weight = attrgetter("weight")


class Part(NamedTuple):
    """One choice, with what depends on no other answer added up."""

    points: int  #: packed
    excluded: int
    terms: list[Term]  #: weights that depend on other answers, through a condition or a group
    musts: list[Must]  #: requirements that do
    sums: list[tuple[Known, Known, int]]  #: of these weights, those of no binding group, by condition: packed points
    shared: list[Term]  #: of these weights, those of a binding group


class Outcome(NamedTuple):
    """What a state adds up to."""

    points: int  #: packed
    excluded: int  #: top bits of the excluded alternatives' fields


Outcomes = Mapping[Outcome, int]
"""How the open needs of a block can turn out: outcome → number of ways to it."""


def holds(condition: Known, state: State) -> bool:
    """Tell whether every pair is known to hold: an open need satisfies nothing."""
    for need, bits in condition:
        possible = state[need]
        if not possible or possible & ~bits:
            return False
    return True


def is_active(part: Term | Must, state: State) -> bool:
    """Tell whether a weight or requirement of a chosen choice counts in a state."""
    return counts(part.when, part.unless, state)


def counts(when: Known, unless: Known, state: State) -> bool:
    """Tell whether what has these conditions counts in a state."""
    return (not when or holds(when, state)) and not (unless and holds(unless, state))


def chosen(bits: int) -> int:
    """Return the number of the one choice left, or -1 while none or several are possible."""
    return bits.bit_length() - 1 if bits and not bits & (bits - 1) else -1


def bits_of(mask: int) -> list[int]:
    """Return the single bits of a mask, lowest first."""
    bits = []
    while mask:
        low = mask & -mask
        bits.append(low)
        mask ^= low
    return bits


class Table:
    """A whole-number table of one set of rules.

    Attributes:
        rules: the rules it was compiled from.
        need_at: need id → its number.
        bit_of: for every need, choice id → its bit.
        full: for every need, the bits of all choices.
        terms: weights by need and choice.
        musts: requirements by need and choice.
        gates: (need, condition under which it applies), each after the needs that it names.
        lifts: criterion → (alternative, level that an add-on lifts it to).
        binding: groups of criteria whose limit can be reached.
        most_joint: of one block more joint answers than this are not gone through: only bounds are known.
        blocks: groups of needs that interact; between blocks everything is independent.
        block_of: need → number of its block.
        field: width of one alternative's field in a packed vector.
        ones: one in every alternative's field.
        tops: the top bit of every alternative's field.
        half: half of that in every field: added to differences, it makes all of them positive.
        bonus: more than any lead in points; what an excluded rival counts for in a search.
        penalty: more than all bonuses together; what an excluded target counts for.
    """

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.count = len(rules.alternatives)
        self.need_at = {need.id: number for number, need in enumerate(rules.needs)}
        self.bit_of = [{choice: 1 << place for place, choice in enumerate(need.choice_ids)} for need in rules.needs]
        self.full = [(1 << len(need.choices)) - 1 for need in rules.needs]
        self.gates = self._gates()
        self.limits = [group.limit for group in rules.groups]
        self.lifts: dict[int, list[tuple[int, int]]] = {}
        self._parts: dict[tuple[int, int], Part] = {}
        self.terms: list[list[list[Term]]] = []
        self.musts: list[list[list[Must]]] = []
        compiler = _Compiler(self)
        self.field = compiler.field
        self.mask = (1 << self.field) - 1
        self.ones = sum(1 << (self.field * place) for place in range(self.count))
        self.tops = self.ones << (self.field - 1)
        self._top_of = [1 << (self.field * (place + 1) - 1) for place in range(self.count)]
        self.half = self.tops >> 1
        self._unpacked = _unpacker(self.field, self.count + 1, "HIQ")
        self._signed = _unpacker(self.field, self.count, "hiq")
        self.bonus, self.penalty = compiler.bonus, compiler.penalty
        compiler.fill()
        interplay = _Interplay(self)
        self.binding = interplay.binding
        self.blocks = [Block(self, needs) for needs in interplay.blocks()]
        self.most_joint = self._most_joint()
        self.block_of = {need: number for number, block in enumerate(self.blocks) for need in block.needs}

    def room(self, most: int) -> int:
        """Return how many joint answers are gone through where `most` are right for a few alternatives.

        Each costs more with many alternatives, and so does all else, which leaves less time for it.
        """
        return most // (1 + self.count // WIDE) ** 2

    def _most_joint(self) -> int:
        """Return how many joint answers of one block are gone through, so that all blocks together stay in bounds."""
        sizes = [block.ways((0,) * len(block.needs)) for block in self.blocks]
        room = self.room(JOINT)
        if sum(sizes) <= room:
            return BLOCK_LIMIT
        return next((most for most in range(room, 1, -128) if sum(min(size, most) for size in sizes) <= room), 1)

    def all_terms(self) -> Iterator[list[Term]]:
        """Yield the weights of every choice of every need."""
        for by_choice in self.terms:
            yield from by_choice

    def spread(self, value: int) -> int:
        """Return a packed vector with the same value for every alternative and none for the perfect one."""
        return value * self.ones

    def unpack(self, points: int) -> list[int]:
        """Return the points of every alternative, then those of the perfect one."""
        if self._unpacked is not None:
            return list(self._unpacked.unpack(points.to_bytes(self._unpacked.size, "little")))
        field, mask = self.field, self.mask
        return [points >> (field * place) & mask for place in range(self.count + 1)]

    def differences(self, packed: int) -> tuple[int, ...]:
        """Return a packed vector of differences, which may be below nothing, as one number for every alternative."""
        biased = packed + self.tops
        if self._signed is not None:
            # With its top bit turned over a field is a signed machine word.
            return self._signed.unpack((biased ^ self.tops).to_bytes(self._signed.size, "little"))
        half = 1 << (self.field - 1)
        return tuple([value - half for value in self.unpack(biased)[: self.count]])

    def pack(self, values: Sequence[int]) -> int:
        """Return values, one for every alternative and one for the perfect one, as one packed vector."""
        if self._unpacked is not None:
            return int.from_bytes(self._unpacked.pack(*values), "little")
        return sum(value << (self.field * place) for place, value in enumerate(values))

    def greatest(self, differences: Iterable[int]) -> int:
        """Return the greatest of several vectors of differences, field by field (there must be one at least)."""
        half, tops, shift = self.half, self.tops, self.field - 1
        each = iter(differences)
        best = next(each) + half
        for difference in each:
            other = difference + half
            # The top bit of a field stays where the best so far is as great; the bits below it then choose.
            keep = ((best | tops) - other) & tops
            best = other ^ ((best ^ other) & (keep - (keep >> shift)))
        return best - half

    def least(self, differences: Iterable[int]) -> int:
        """Return the least of several vectors of differences, field by field (there must be one at least)."""
        return -self.greatest([-difference for difference in differences])

    def top(self, alternative: int) -> int:
        """Return the bit that stands for an alternative in a set of excluded ones."""
        return self._top_of[alternative]

    def places(self, tops: int) -> tuple[int, ...]:
        """Return the numbers of a set of alternatives."""
        return tuple([place for place, top in enumerate(self._top_of) if tops & top])

    def names(self, tops: int) -> tuple[str, ...]:
        """Return the ids of a set of alternatives, in file order."""
        alternatives = self.rules.alternatives
        return tuple([alternatives[place].id for place in self.places(tops)])

    def known(self, condition: Condition) -> Known:
        """Compile a condition."""
        if not condition:
            return ()
        return tuple(
            (self.need_at[need], sum(self.bit_of[self.need_at[need]][choice] for choice in choices))
            for need, choices in condition
        )

    def state(self, answers: Answers) -> list[int]:
        """Return the state that answers describe."""
        state = [0] * len(self.full)
        for need_id, answer in answers.items():
            need = self.need_at[need_id]
            for choice in answer.choices:
                state[need] |= self.bit_of[need][choice]
        return state

    def applied(self, state: State) -> State:
        """Return the state without the answers to needs that are not known to apply."""
        if not self.gates:
            return state
        applied = list(state)
        for need, gate in self.gates:
            if applied[need] and not holds(gate, applied):
                applied[need] = 0
        return applied

    def inapplicable(self, state: State) -> dict[int, int]:
        """Return every need that is known not to apply, with the need that rules it out."""
        out: dict[int, int] = {}
        for need, gate in self.gates:
            for named, bits in gate:
                if named in out or (state[named] and not state[named] & bits):
                    out[need] = named
                    break
        return out

    def active(self, state: State, needs: Iterable[int]) -> tuple[list[Term], list[Must]]:
        """Return the weights and requirements that the answers to some needs ask for, in file order.

        Args:
            state: as `applied` returns it.
            needs: numbers of needs, ascending.
        """
        terms: list[Term] = []
        musts: list[Must] = []
        for need in needs:
            choice = chosen(state[need])
            if choice >= 0:
                terms += [term for term in self.terms[need][choice] if is_active(term, state)]
                musts += [must for must in self.musts[need][choice] if is_active(must, state)]
        return terms, musts

    def part(self, need: int, bit: int) -> Part:
        """Return a choice, given as its bit, with what depends on no other answer added up."""
        found = self._parts.get((need, bit))
        if found is None:
            choice = chosen(bit)
            points = excluded = 0
            terms: list[Term] = []
            musts: list[Must] = []
            for term in self.terms[need][choice]:
                if term.when or term.unless or term.group >= 0:
                    terms.append(term)
                else:
                    points += term.weight * term.packed
            for must in self.musts[need][choice]:
                if must.when or must.unless:
                    musts.append(must)
                else:
                    excluded |= must.below
            found = self._parts[need, bit] = Part(points, excluded, terms, musts, *self._by_condition(terms))
        return found

    def _by_condition(self, terms: Iterable[Term]) -> tuple[list[tuple[Known, Known, int]], list[Term]]:
        """Add up the weights that depend on conditions only; return them, and the others."""
        sums: dict[tuple[Known, Known], int] = {}
        shared = []
        for term in terms:
            if term.group in self.binding:
                shared.append(term)
            else:
                key = term.when, term.unless
                sums[key] = sums.get(key, 0) + term.weight * term.packed
        return [(*key, points) for key, points in sums.items()], shared

    def counted(self, terms: Sequence[Term]) -> list[int]:
        """Return the weight that counts of every active weight: a group counts in full up to its limit."""
        counted = [term.weight for term in terms]
        used: dict[int, int] = {}
        grouped = [place for place, term in enumerate(terms) if term.group >= 0]
        for place in sorted(grouped, key=lambda at: -terms[at].weight):
            group = terms[place].group
            left = self.limits[group] - used.get(group, 0)
            counted[place] = min(terms[place].weight, max(left, 0))
            used[group] = used.get(group, 0) + terms[place].weight
        return counted

    def outcome(self, state: State, needs: Sequence[int] | None = None) -> Outcome:
        """Add up a state (the plain path, nothing remembered), over all needs or over those of one block."""
        terms, musts = self.active(self.applied(state), range(len(self.full)) if needs is None else needs)
        excluded = 0
        for must in musts:
            excluded |= must.below
        weights = self.counted(terms)
        return Outcome(sum(map(mul, weights, [term.packed for term in terms])), excluded)

    def parts(self, applied: State, needs: Iterable[int]) -> tuple[int, int, list[Term]]:
        """Add up the chosen parts of some needs: packed points, exclusions, and the weights that are still to be added.

        Args:
            applied: a state, as `applied` returns it.
            needs: numbers of needs, ascending.
        """
        points = excluded = 0
        terms: list[Term] = []
        known = self._parts
        for need in needs:
            bits = applied[need]
            if not bits or bits & (bits - 1):
                continue
            part = known.get((need, bits)) or self.part(need, bits)
            points += part.points
            excluded |= part.excluded
            for must in part.musts:
                if counts(must.when, must.unless, applied):
                    excluded |= must.below
            for when, unless, more in part.sums:
                if counts(when, unless, applied):
                    points += more
            if part.shared:
                terms += [
                    term
                    for term in part.shared
                    if not (term.when or term.unless) or counts(term.when, term.unless, applied)
                ]
        return points, excluded, terms

    def rescored(self, state: State) -> Outcome:
        """Add up a state anew, over all needs at once: no memory of other states, no blocks, no leads."""
        points, excluded, terms = self.parts(self.applied(state), range(len(self.full)))
        return Outcome(points + sum(map(mul, self.counted(terms), [term.packed for term in terms])), excluded)

    def leaders(self, outcome: Outcome) -> int:
        """Return the top bits of the alternatives that lead; 0 when all are excluded or nothing weighs anything."""
        points, excluded = outcome
        if self._unpacked is not None and self.count > FEW:
            return self._leaders_of_many(points, excluded)
        field, mask = self.field, self.mask
        if not excluded and not points >> (field * self.count):
            return 0
        best, lead = -1, 0
        top = 1 << (field - 1)
        for _ in range(self.count):
            if not excluded & top:
                own = points & mask
                if own > best:
                    best, lead = own, top
                elif own == best:
                    lead |= top
            points >>= field
            top <<= field
        return lead

    def _leaders_of_many(self, points: int, excluded: int) -> int:
        """Return the same as `leaders`, faster where there are many alternatives."""
        if excluded:
            # One point more for all but the excluded ones, who get none: nobody admitted is level with them.
            fields = (excluded << 1) - (excluded >> (self.field - 1))
            points = (points + self.ones) & ~fields
        *own, perfect = self.unpack(points)
        best = max(own)
        if not (best if excluded else perfect):
            return 0
        if own.count(best) == 1:
            return self._top_of[own.index(best)]
        return sum([top for top, points in zip(self._top_of, own, strict=True) if points == best])

    def added(self, state: State) -> Outcome:
        """Add up a state from the remembered sums of its blocks: the fast path, equal to `outcome`."""
        points = excluded = 0
        for block in self.blocks:
            own = block.outcome(tuple([state[need] for need in block.needs]))
            points += own[0]
            excluded |= own[1]
        return Outcome(points, excluded)

    def _gates(self) -> list[tuple[int, Known]]:
        gated = {place: self.known(need.applies_when) for place, need in enumerate(self.rules.needs)}
        order: list[int] = []

        def visit(need: int, path: tuple[int, ...]) -> None:
            if need in path:
                raise AdvisorError(f'the need "{self.rules.needs[need].id}" applies only when it has an answer')
            if need not in order:
                for named, _ in gated[need]:
                    visit(named, (*path, need))
                order.append(need)

        for need in gated:
            visit(need, ())
        return [(need, gated[need]) for need in order if gated[need]]


class Block:
    """Needs that interact: through a condition, or through a group whose limit can be reached.

    Attributes:
        needs: their numbers, ascending.
    """

    def __init__(self, table: Table, needs: tuple[int, ...]) -> None:
        self.table = table
        self.needs = needs
        self.place = {need: place for place, need in enumerate(needs)}
        self.gates = [(need, gate) for need, gate in table.gates if need in self.place]
        self._outcomes: dict[tuple[int, ...], Outcome] = {}
        self._completions: dict[tuple[int, ...], dict[Outcome, int]] = {}
        self._possible: set[Outcome] = set()
        self._sums: dict[tuple[int, ...], int] = {}
        self._listed: dict[tuple[int, ...], list[tuple[tuple[int, ...], Outcome]]] = {}
        self._base = [0] * len(table.full)

    def key(self, state: State) -> tuple[int, ...]:
        """Return the part of a state that concerns this block."""
        return tuple([state[need] for need in self.needs])

    def outcome(self, key: tuple[int, ...]) -> Outcome:
        """Return what this part of a state adds up to."""
        found = self._outcomes.get(key)
        if found is None:
            found = self._outcomes[key] = self._add_up(key)
        return found

    def _add_up(self, key: tuple[int, ...]) -> Outcome:
        """Add up as `Table.outcome` does, with what depends on nothing else added up beforehand."""
        points, excluded, grouped = self.table.parts(self._applied(key), self.needs)
        if grouped:
            points += self._grouped(grouped)
        return Outcome(points, excluded)

    def _applied(self, key: Sequence[int]) -> State:
        """Return a state with these answers to this block, those apart to needs that are not known to apply.

        It is the same list every time: nobody keeps it.
        """
        state = self._base
        for need, bits in zip(self.needs, key, strict=True):
            state[need] = bits
        for need, gate in self.gates:
            if state[need] and not holds(gate, state):
                state[need] = 0
        return state

    def _grouped(self, terms: list[Term]) -> int:
        """Add up weights that depend on other answers; most sets of them come up again and again."""
        key = tuple([term.number for term in terms])
        found = self._sums.get(key)
        if found is None:
            found = 0
            left: dict[int, int] = {}
            # As `counted` does; what comes after a group's limit is not looked at.
            for term in sorted(terms, key=_weight, reverse=True):
                room = left.get(term.group)
                if room is None:
                    room = self.table.limits[term.group]
                if room > 0:
                    weight = min(term.weight, room)
                    found += weight * term.packed
                    left[term.group] = room - weight
            self._sums[key] = found
        return found

    def completions(self, key: tuple[int, ...]) -> dict[Outcome, int]:
        """Return every outcome that answering the open needs can have, with the number of ways to it."""
        found = self._completions.get(key)
        if found is None:
            found = {}
            for _, outcome in self.listed(key):
                found[outcome] = found.get(outcome, 0) + 1
            self._completions[key] = found
        return found

    def ways(self, key: tuple[int, ...]) -> int:
        """Return how many joint answers the open needs have at most: fewer where some needs may not apply."""
        full = self.table.full
        return prod((bits or full[need]).bit_count() for need, bits in zip(self.needs, key, strict=True))

    def listed(self, key: tuple[int, ...]) -> list[tuple[tuple[int, ...], Outcome]]:
        """Return every full answer to the open needs with its outcome."""
        found = self._listed.get(key)
        if found is None:
            found = self._listed[key] = [(full, self.outcome(full)) for full in self.completed(key)]
        return found

    def completed(self, key: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        """Yield every full answer to the open needs; a need that does not apply stays unanswered, in one way."""
        open_bits = [bits_of(bits or self.table.full[need]) for need, bits in zip(self.needs, key, strict=True)]
        if not self.gates:
            yield from product(*open_bits)
            return
        gates = [(self.place[need], [(self.place[named], bits) for named, bits in gate]) for need, gate in self.gates]
        seen = set()
        for full in product(*open_bits):
            own = list(full)
            for place, gate in gates:
                for named, bits in gate:
                    if not own[named] & bits:
                        own[place] = 0
            kept = tuple(own)
            if kept not in seen:
                seen.add(kept)
                yield kept

    def possible(self) -> set[Outcome]:
        """Return every outcome that any answers to the needs of this block have, whole or partial."""
        if not self._possible:
            full = [self.table.full[need] for need in self.needs]
            self._possible = {self.outcome(key) for key in product(*[[0, *bits_of(bits)] for bits in full])}
        return self._possible

    def applies(self, need: int, key: Sequence[int]) -> bool:
        """Tell whether an answer to a need of this block counts, given all answers to the block."""
        return self._applied(key)[need] != 0


def _unpacker(field: int, fields: int, kinds: str) -> Struct | None:
    """Return what takes a packed vector apart at once; None when its fields are no machine words."""
    return Struct(f"<{fields}{kinds[WORDS.index(field)]}") if field in WORDS else None


class _Compiler:
    """Fills a table: kept apart because only compiling needs it."""

    def __init__(self, table: Table) -> None:
        self.table = table
        rules = table.rules
        self.criterion_at = {criterion.id: place for place, criterion in enumerate(rules.criteria)}
        self.group_at = {group.id: place for place, group in enumerate(rules.groups)}
        self.place_of = {alternative.id: place for place, alternative in enumerate(rules.alternatives)}
        self.levels = [self._ratings(criterion) for criterion in rules.criteria]
        self.packed: list[int] = []
        self.groups = [
            -1 if criterion.group is None else self.group_at[criterion.group] for criterion in rules.criteria
        ]
        self.fits: dict[tuple[object, ...], tuple[tuple[int, ...], int]] = {}
        self.below: dict[tuple[int, int, bool], int] = {}
        self.numbered = 0
        for remedy in rules.remedies:
            for criterion, level in remedy.lifts.items():
                lifts = table.lifts.setdefault(self.criterion_at[criterion], [])
                lifts.append((self.place_of[remedy.alternative], level))
        # A field must hold any sum of points and, in the search for flips, a bonus for every excluded rival and a
        # penalty for an excluded target that no bonus can pay for.
        blocks = len(rules.needs) + 1
        self.most = 1 + sum(
            max((4 * sum(weight.weight for weight in choice.weights) for choice in need.choices), default=0)
            for need in rules.needs
        )
        self.bonus = 2 * self.most + 1
        self.penalty = self.most + blocks * self.bonus + 1
        wide = (blocks * self.penalty + self.most).bit_length() + 2
        # Fields that are machine words are taken apart at once.
        self.field = next((word for word in WORDS if wide <= word), wide)

    def fill(self) -> None:
        """Compile every weight and requirement of every choice."""
        table = self.table
        self.packed = [table.pack(levels) for levels in self.levels]
        for number, need in enumerate(table.rules.needs):
            terms, musts = [], []
            for place, choice in enumerate(need.choices):
                terms.append([self._term(number, place, order, weight) for order, weight in enumerate(choice.weights)])
                musts.append([self._must(number, place, requirement) for requirement in choice.requirements])
            table.terms.append(terms)
            table.musts.append(musts)

    def _ratings(self, criterion: Criterion) -> tuple[int, ...]:
        ratings = criterion.ratings
        return (*[ratings[one].level for one in self.place_of], max(step.level for step in criterion.scale))

    def _term(self, need: int, choice: int, order: int, weight: Weight) -> Term:
        table = self.table
        at = self.criterion_at[weight.criterion]
        fits = weight.fit is not None
        levels, packed = self._fitting(at, weight.fit) if weight.fit is not None else (self.levels[at], self.packed[at])
        when, unless = table.known(weight.when), table.known(weight.unless)
        self.numbered += 1
        group = self.groups[at]
        return Term(need, choice, order, self.numbered, at, weight.weight, levels, packed, group, fits, when, unless)

    def _fitting(self, at: int, fit: Mapping[str, int]) -> tuple[tuple[int, ...], int]:
        """Return how well every alternative's kind fits, and the same packed."""
        key = (at, *fit.items())
        found = self.fits.get(key)
        if found is None:
            kinds = {step.level: fit.get(step.words[0], 0) for step in self.table.rules.criteria[at].scale}
            levels = (*[kinds[level] for level in self.levels[at][:-1]], max(kinds.values()))
            found = self.fits[key] = levels, self.table.pack(levels)
        return found

    def _must(self, need: int, choice: int, requirement: Requirement) -> Must:
        table = self.table
        at = self.criterion_at[requirement.criterion]
        below = self._below(at, requirement.at_least, with_remedies=requirement.with_remedies)
        when, unless = table.known(requirement.when), table.known(requirement.unless)
        return Must(need, choice, at, requirement, below, when, unless)

    def _below(self, at: int, least: int, *, with_remedies: bool) -> int:
        """Return the alternatives below a level, as top bits."""
        key = (at, least, with_remedies)
        found = self.below.get(key)
        if found is None:
            reached = list(self.levels[at][:-1])
            if with_remedies:
                for place, level in self.table.lifts.get(at, ()):
                    reached[place] = max(reached[place], level)
            top = self.table.top
            found = self.below[key] = sum(top(place) for place, level in enumerate(reached) if level < least)
        return found


class _Interplay:
    """Finds the needs that interact, by joining them pair by pair."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.parent = list(range(len(table.full)))
        self.binding: set[int] = set()
        for need, gate in table.gates:
            self._join_named(need, gate)
        self._join_conditions()
        self._join_groups()

    def blocks(self) -> list[tuple[int, ...]]:
        """Return the blocks of needs, each in file order."""
        members: dict[int, list[int]] = {}
        for need in range(len(self.parent)):
            members.setdefault(self._root(need), []).append(need)
        for needs in members.values():
            self._check(needs)
        return [tuple(needs) for needs in members.values()]

    def _check(self, needs: list[int]) -> None:
        ways = prod(len(self.table.rules.needs[need].choices) for need in needs)
        if ways > BLOCK_LIMIT:
            ids = ", ".join(self.table.rules.needs[need].id for need in needs)
            raise AdvisorError(
                f"{ways:,} joint answers to needs that interact ({ids}); the most is {BLOCK_LIMIT:,}",
                "use fewer conditions between them, or groups with higher limits",
            )

    def _root(self, need: int) -> int:
        while self.parent[need] != need:
            need = self.parent[need]
        return need

    def _join(self, one: int, other: int) -> None:
        low, high = sorted((self._root(one), self._root(other)))
        self.parent[high] = low

    def _join_named(self, need: int, condition: Known) -> None:
        for named, _ in condition:
            self._join(need, named)

    def _join_conditions(self) -> None:
        for terms in self.table.all_terms():
            for term in terms:
                self._join_named(term.need, term.when + term.unless)
        for by_choice in self.table.musts:
            for must in (must for musts in by_choice for must in musts):
                self._join_named(must.need, must.when + must.unless)

    def _join_groups(self) -> None:
        """Join the needs of every group, unless no answers can reach its limit: then it couples nothing."""
        heaviest: dict[int, dict[int, int]] = {}
        for terms in self.table.all_terms():
            sums: dict[int, int] = {}
            for term in terms:
                sums[term.group] = sums.get(term.group, 0) + term.weight
            for group, weight in sums.items():
                own = heaviest.setdefault(group, {})
                own[terms[0].need] = max(own.get(terms[0].need, 0), weight)
        for group, weights in heaviest.items():
            if group >= 0 and sum(weights.values()) > self.table.limits[group]:
                self.binding.add(group)
                for need in weights:
                    self._join(min(weights), need)


REMEMBERED = 8

_compiled: dict[int, tuple[Rules, Table]] = {}


def compile_table(rules: Rules) -> Table:
    """Return the table of some rules, compiled on first use and remembered for the last few.

    Raises:
        AdvisorError: needs that interact have more joint answers than can be counted, or apply in a circle.
    """
    found = _compiled.get(id(rules))
    if found is None:
        # The rules are kept beside their table, so that their id cannot be given to other rules meanwhile.
        found = _compiled[id(rules)] = (rules, Table(rules))
        if len(_compiled) > REMEMBERED:
            del _compiled[next(iter(_compiled))]
    return found[1]

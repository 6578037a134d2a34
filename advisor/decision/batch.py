"""Many profiles under one set of rules: only who leads and how sure it is, at the speed of a few lookups.

A profile is one integer, the sum of its answers' codes. Blocks of needs are gathered in a few groups that remember what
every joint answer adds up to, so that a profile costs one lookup a group. For what stays open a group has a
*shape*: the leads of an alternative over its rivals in every completion, above the least. Few shapes exist, whatever
was answered, so counting who leads over one rival is a few lookups more, and over two a few dozen.
`Decider.decide` agrees with `recommend` on winners and state for every profile; the tests hold it to that.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from itertools import accumulate, pairwise
from math import prod
from typing import NamedTuple

from advisor.decision.advise import refuse_inapplicable
from advisor.decision.answers import Answer, parse_answer
from advisor.decision.convolution import DENSE_LIMIT, SPARSE_LIMIT, ways_to_lead
from advisor.decision.outlook import outlooks
from advisor.decision.recommendation import State
from advisor.decision.search import Frame
from advisor.decision.table import Block, Outcome, Outcomes, Table, chosen, compile_table
from advisor.decision.verdict import always_unfit, baseless_ways, count, settled
from advisor.knowledge.model import Rules

REMEMBERED = 30_000
"""Joint answers of a group that are kept before the memory starts anew."""

REMEMBERED_SUMS = 300_000
"""Values in sums of shapes that are kept, for all alternatives together: about a hundred bytes each."""

GROUPED = 8_192
"""Blocks are gathered in one group up to this many joint answers."""

UNDECIDED = 3_000
"""With more sums than this undecided, the convolution of the plain path counts faster."""

Side = tuple[list[int], list[int], list[tuple[int, int]]]
"""Leads over one rival: the values ascending, the ways to at least each of them, and value with ways."""

Below = tuple[list[int], list[int], list[list[int]]]
"""Leads over two rivals: the values of each ascending, and the ways that are below a pair of them."""


class Decision(NamedTuple):
    """What `recommend` says first about one profile."""

    winners: tuple[str, ...]
    state: State


class Decider:
    """Decides profile after profile under the same rules.

    Args:
        rules: the rules.
    """

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.table = compile_table(rules)
        self._shifts: list[int] = [0] * len(rules.needs)
        self._groups: list[_Group] = []
        shift = 0
        for blocks in _gathered(self.table):
            group = _Group(self.table, blocks, shift)
            for need, place in group.places.items():
                self._shifts[need] = shift + place
            shift += group.width
            self._groups.append(group)
        self._codes: dict[str, dict[object, int]] = {
            need.id: {choice: bit << self._shifts[place] for choice, bit in self.table.bit_of[place].items()}
            for place, need in enumerate(rules.needs)
        }
        self._settled: dict[int, Decision] = {}
        self._counts = [_Counts(self.table, place) for place in range(self.table.count)]
        #: whether some joint answers are too many to go through, so that only bounds of them are known
        self._bounded = self.table.most_joint < max(
            (block.ways((0,) * len(block.needs)) for block in self.table.blocks), default=0
        )
        self._all_countable: bool | None = False if self._bounded else None

    @property
    def width(self) -> int:
        """Number of bits in a profile."""
        return sum(group.width for group in self._groups)

    def code(self, need: str, given: object) -> int:
        """Return what an answer adds to a profile.

        Raises:
            AdvisorError: an unknown need or choice.
        """
        try:
            return self._codes[need][given]
        except (KeyError, TypeError):
            answer = parse_answer(self.rules, need, given)
            if answer is None:
                return 0
            codes = self._codes[need]
            return sum([codes[choice] for choice in answer.choices])

    def decide(self, answers: Mapping[str, object]) -> Decision:
        """Decide one profile.

        Args:
            answers: need → choice, or several; as `recommend` takes them.

        Raises:
            AdvisorError: an unknown need or choice, or an answer to a need that cannot apply.
        """
        return self.decide_profile(sum([self.code(need, given) for need, given in answers.items()]))

    def decide_profile(self, profile: int) -> Decision:
        """Decide the sum of some answers' codes, one for each need at most.

        Raises:
            AdvisorError: an answer to a need that cannot apply.
        """
        if self._bounded:
            found = self._without_counting(profile)
            if found is not None:
                return found
        points = excluded = 0
        ways = 1
        joints = []
        for group in self._groups:
            key = profile >> group.shift & group.mask
            joint = group.known.get(key)
            if joint is None:
                joint = self._joint(group, key, profile)
            joints.append(joint)
            points += joint.points
            excluded |= joint.excluded
            ways *= joint.ways
        lead = self.table.leaders(Outcome(points, excluded))
        if ways == 1 and lead:
            return self._settled.get(lead) or self._settle(lead)
        if lead and not lead & (lead - 1):
            return self._weigh(joints, lead, ways)
        return self._without_one_leader(joints, lead)

    def _without_counting(self, profile: int) -> Decision | None:
        """Decide as `recommend` does where a block has too many joint answers to go through; None: none has."""
        table = self.table
        state = [profile >> shift & full for shift, full in zip(self._shifts, table.full, strict=True)]
        if all(block.ways(block.key(state)) <= table.most_joint for block in table.blocks):
            return None
        refuse_inapplicable(table, state, self._answers(profile))
        outcome = table.added(state)
        lead = table.leaders(outcome)
        blocks = outlooks(table, state)
        if settled(table, blocks, table.places(lead)):
            return self._settle(lead)
        unfit = outcome.excluded == table.tops and always_unfit(table, blocks)
        return Decision(table.names(lead), "nothing-fits" if unfit else "open")

    def _settle(self, lead: int) -> Decision:
        decision = self._settled[lead] = Decision(self.table.names(lead), "settled")
        return decision

    def _joint(self, group: _Group, key: int, profile: int) -> _Joint:
        if group.gated:
            refuse_inapplicable(self.table, group.state(key), self._answers(profile))
        return group.joint(key, self._counts)

    def _answers(self, profile: int) -> dict[str, Answer]:
        answers = {}
        for place, need in enumerate(self.rules.needs):
            bits = profile >> self._shifts[place] & self.table.full[place]
            if bits:
                given = [choice for choice, bit in self.table.bit_of[place].items() if bits & bit]
                answers[need.id] = Answer(tuple(given), "set")
        return answers

    def _without_one_leader(self, joints: Sequence[_Joint], lead: int) -> Decision:
        """Decide where nobody leads, or several do."""
        table = self.table
        names = table.names(lead)
        places = table.places(lead)
        for place in places:
            counts = self._counts[place]
            leads = counts.frame.leads(sum([joint.leads(counts)[0] for joint in joints]))
            if any(worst < 0 for rival, worst in zip(counts.frame.rivals, leads, strict=True) if rival in places):
                return Decision(names, "open")
        blocks = [outcomes for joint in joints for outcomes in joint.completions()]
        if lead:
            return Decision(names, "settled" if settled(table, blocks, places) else "open")
        excluded = 0
        for joint in joints:
            excluded |= joint.excluded
        unfit = excluded == table.tops and always_unfit(table, blocks)
        return Decision((), "nothing-fits" if unfit else "open")

    def _weigh(self, joints: Sequence[_Joint], lead: int, ways: int) -> Decision:
        """Decide where one alternative leads on what was answered, and needs are open."""
        counts = self._counts[chosen(lead) // self.table.field]
        base = 0
        shapes = []
        for joint in joints:
            worst, shape = joint.leads(counts)
            base += worst
            if len(shape.leads) > 1:
                shapes.append(shape)
        if counts.rivals and counts.frame.beats_all(base):
            return self._settled.get(lead) or self._settle(lead)
        if not self._countable(joints):
            leads_in = self._by_convolution(joints, lead)
        else:
            # Where nothing weighs, nobody leads: such ways would be counted as a tie of everybody.
            baseless = prod([joint.baseless for joint in joints])
            # Needs that make no difference to the leads multiply all ways alike.
            alike = ways // prod([shape.ways for shape in shapes])
            needed = ways // 2 + 1 + baseless
            decided = counts.at_least(shapes, base, -(-needed // alike))
            if decided is not None:
                return Decision(self.table.names(lead), "leaning" if decided else "open")
            leads_in = self._by_convolution(joints, lead)
        return Decision(self.table.names(lead), "leaning" if 2 * leads_in > ways else "open")

    def _by_convolution(self, joints: Sequence[_Joint], lead: int) -> int:
        counted = count(self.table, [outcomes for joint in joints for outcomes in joint.completions()])
        return sum(number for leaders, number in (counted.ways or {}).items() if leaders & lead)

    def _countable(self, joints: Sequence[_Joint]) -> bool:
        """Tell whether `recommend` counts these completions, rather than giving up: what it says must agree."""
        if self._all_countable:
            return True
        if prod([joint.spread for joint in joints]) <= SPARSE_LIMIT:
            return True
        if self._all_countable is None:
            blocks = [block.completions((0,) * len(block.needs)) for block in self.table.blocks]
            total = _total(blocks)
            everybody = range(self.table.count)
            # With everything open there is most to count; half the limit, for blocks that come in another order.
            found = ways_to_lead(self.table, blocks, everybody, total, limit=DENSE_LIMIT // 2)
            self._all_countable = found is not None
        return self._all_countable


def _total(blocks: Sequence[Outcomes]) -> int:
    """Return the number of ways to answer everything."""
    return prod(sum(outcomes.values()) for outcomes in blocks)


def _gathered(table: Table) -> list[list[Block]]:
    """Put blocks together while their joint answers, open ones among them, are few."""
    gathered: list[list[Block]] = []
    room = 0
    for block in table.blocks:
        size = prod(len(table.bit_of[need]) + 1 for need in block.needs)
        if gathered and size <= room:
            gathered[-1].append(block)
            room //= size
        else:
            gathered.append([block])
            room = GROUPED // size
    return gathered


class _Group:
    """Some blocks, with what their joint answers add up to.

    Attributes:
        places: need → the place of its bits within a key.
        known: key → joint answer.
        shift: the place of the key within a profile.
    """

    def __init__(self, table: Table, blocks: Sequence[Block], shift: int) -> None:
        self.table = table
        self.blocks = blocks
        self.shift = shift
        self.places: dict[int, int] = {}
        self.width = 0
        for block in blocks:
            for need in block.needs:
                self.places[need] = self.width
                self.width += table.full[need].bit_length()
        self.mask = (1 << self.width) - 1
        self.gated = any(block.gates for block in blocks)
        self.known: dict[int, _Joint] = {}
        self._parts: list[dict[tuple[int, ...], _Part]] = [{} for _ in blocks]

    def state(self, key: int) -> list[int]:
        """Return the state in which only this group's needs are answered."""
        state = [0] * len(self.table.full)
        for need, place in self.places.items():
            state[need] = key >> place & self.table.full[need]
        return state

    def joint(self, key: int, counts: Sequence[_Counts]) -> _Joint:
        """Return a joint answer, and remember it."""
        state = self.state(key)
        parts = []
        for block, known in zip(self.blocks, self._parts, strict=True):
            own = block.key(state)
            part = known.get(own)
            if part is None:
                if len(known) >= REMEMBERED:
                    known.clear()
                part = known[own] = _Part(self.table, block, own, len(counts))
            parts.append(part)
        if len(self.known) >= REMEMBERED:
            self.known.clear()
        joint = self.known[key] = _Joint(parts, len(counts))
        return joint


class _Part:
    """One block under one joint answer."""

    __slots__ = ("_leads", "baseless", "completions", "excluded", "points", "ways")

    def __init__(self, table: Table, block: Block, key: tuple[int, ...], targets: int) -> None:
        self.points, self.excluded = block.outcome(key)
        self.completions: Outcomes = block.completions(key)
        self.ways = sum(self.completions.values())
        self.baseless = baseless_ways(table, [self.completions])
        self._leads: list[tuple[int, _Shape] | None] = [None] * targets

    def leads(self, counts: _Counts) -> tuple[int, _Shape]:
        """Return the least lead of a target over every rival by itself, and the shape of all of them."""
        found = self._leads[counts.target]
        if found is None:
            found = self._leads[counts.target] = counts.leads(self.completions)
        return found


class _Joint:
    """One group under one joint answer."""

    __slots__ = ("_leads", "_parts", "baseless", "excluded", "points", "spread", "ways")

    def __init__(self, parts: Sequence[_Part], targets: int) -> None:
        self._parts = parts
        self.points = sum([part.points for part in parts])
        self.excluded = 0
        for part in parts:
            self.excluded |= part.excluded
        self.ways = prod([part.ways for part in parts])
        self.baseless = prod([part.baseless for part in parts])
        self.spread = prod([len(part.completions) for part in parts])
        self._leads: list[tuple[int, _Shape] | None] = [None] * targets

    def completions(self) -> list[Outcomes]:
        """Return the outcomes of every block."""
        return [part.completions for part in self._parts]

    def leads(self, counts: _Counts) -> tuple[int, _Shape]:
        """Return the least lead of a target over every rival by itself, and the shape of all of them."""
        found = self._leads[counts.target]
        if found is None:
            found = self._leads[counts.target] = counts.joined([part.leads(counts) for part in self._parts])
        return found


class _Shape:
    """Leads of a target in every completion of some needs, above the least over every rival; one object for equal ones.

    Attributes:
        leads: (leads, ways).
        sides: rival → its leads alone, filled when asked for.
        below: two rivals → ways that are below a pair of leads, filled when asked for.
    """

    __slots__ = ("below", "best", "leads", "number", "sides", "ways")

    def __init__(self, number: int, leads: list[tuple[int, int]], best: int) -> None:
        self.number = number
        self.leads = leads
        self.best = best
        self.ways = sum([ways for _, ways in leads])
        self.sides: dict[int, Side] = {}
        self.below: dict[tuple[int, int], Below] = {}


class _Counts:
    """Counts the completions in which one alternative leads, alone or not."""

    def __init__(self, table: Table, target: int) -> None:
        self.target = target
        self.frame = Frame(table, target)
        self.rivals = self.frame.rivals
        self._field, self._mask, self._half = table.field, table.mask, 1 << (table.field - 1)
        self._tops = table.tops
        self._shapes: dict[tuple[tuple[int, int], ...], _Shape] = {}
        self._joined: dict[tuple[int, ...], tuple[int, _Shape]] = {}
        self._folded: dict[tuple[int, ...], Side] = {}
        self._sums: dict[tuple[int, ...], list[tuple[int, int]]] = {}
        self._room = REMEMBERED_SUMS // table.count

    def leads(self, outcomes: Outcomes) -> tuple[int, _Shape]:
        """Return the least lead over every rival by itself, and the shape of the leads."""
        merged: dict[int, int] = {}
        for outcome, ways in outcomes.items():
            leads = self.frame.of(outcome)
            merged[leads] = merged.get(leads, 0) + ways
        return self._shaped(merged)

    def joined(self, parts: Sequence[tuple[int, _Shape]]) -> tuple[int, _Shape]:
        """Combine the leads of independent blocks."""
        if len(parts) == 1:
            return parts[0]
        key = tuple([shape.number for _, shape in parts if len(shape.leads) > 1 or shape.ways > 1])
        found = self._joined.get(key)
        if found is None:
            sums = {0: 1}
            for _, shape in parts:
                sums = _summed(shape.leads, list(sums.items()))
            if len(self._joined) >= REMEMBERED:
                self._joined.clear()
            found = self._joined[key] = self._shaped(sums)
        return sum([worst for worst, _ in parts]) + found[0], found[1]

    def _shaped(self, merged: Mapping[int, int]) -> tuple[int, _Shape]:
        columns = list(zip(*[self.frame.leads(leads) for leads in merged], strict=True))
        worst = self.frame.pack([min(column) for column in columns])
        leads = sorted([(leads - worst, ways) for leads, ways in merged.items()])
        key = tuple(leads)
        shape = self._shapes.get(key)
        if shape is None:
            best = self.frame.pack([max(column) for column in columns]) - worst
            shape = self._shapes[key] = _Shape(len(self._shapes), leads, best)
        return worst, shape

    def at_least(self, shapes: list[_Shape], base: int, needed: int) -> bool | None:
        """Tell whether the target leads, alone or not, in a number of completions; None: too many stay undecided.

        Args:
            shapes: of the needs that make a difference.
            base: the least lead over every rival by itself.
            needed: completions of those needs.
        """
        biased = base + self._tops
        total = prod([shape.ways for shape in shapes])
        behind = threats = 0
        for rival in self.rivals:
            lead = self._lead(biased, rival)
            if lead < 0:
                ahead = self._ahead(shapes, rival, lead)
                if ahead < needed:
                    return False
                behind += total - ahead
                threats += 1
        if threats < 2 or total - behind >= needed:  # noqa: PLR2004  # with one rival to fear, that count is all
            return total - behind >= needed
        if threats == 2:  # noqa: PLR2004
            feared = [rival for rival in self.rivals if self._lead(biased, rival) < 0]
            return total - behind + self._both_behind(shapes, base, feared) >= needed
        return self._jointly(shapes, base, needed)

    def _lead(self, biased: int, rival: int) -> int:
        return (biased >> (self._field * rival) & self._mask) - self._half

    def _ahead(self, shapes: list[_Shape], rival: int, lead: int) -> int:
        """Count the completions in which one rival is not in front."""
        sides = [shape.sides.get(rival) or self._side(shape, rival) for shape in shapes]
        if len(sides) == 1:
            values, ways, _ = sides[0]
            return ways[bisect_left(values, -lead)]
        if len(sides) > 2:  # noqa: PLR2004  # two are looked up in each other
            sides = self._few(shapes, rival)
        few, many = sides if len(sides[0][0]) <= len(sides[1][0]) else reversed(sides)
        values, ways, _ = many
        return sum([times * ways[bisect_left(values, -lead - value)] for value, times in few[2]])

    def _few(self, shapes: list[_Shape], rival: int) -> list[Side]:
        """Combine the leads over one rival until two sides are left, small ones first: they come again most often."""
        shapes = sorted(shapes, key=lambda shape: len(shape.sides[rival][0]))
        first = shapes[0].sides[rival]
        key: tuple[int, ...] = (rival, shapes[0].number)
        for shape in shapes[1:-1]:
            key = (*key, shape.number)
            found = self._folded.get(key)
            if found is None:
                found = self._folded[key] = _sided(_summed(first[2], shape.sides[rival][2]))
                self._keep(len(found[0]))
            first = found
        return [first, shapes[-1].sides[rival]]

    def _both_behind(self, shapes: list[_Shape], base: int, rivals: Sequence[int]) -> int:
        """Count the completions in which the target is behind each of two rivals."""
        shapes = sorted(shapes, key=lambda shape: len(shape.leads))
        *few, last = shapes
        key: tuple[int, ...] = ()
        sums = [(0, 1)]
        for shape in few:
            key = (*key, shape.number)
            found = self._sums.get(key)
            if found is None:
                found = self._sums[key] = list(_summed(sums, shape.leads).items())
                self._keep(len(found))
            sums = found
        table = last.below.get((rivals[0], rivals[1]))
        if table is None:
            table = last.below[rivals[0], rivals[1]] = self._below(last, rivals)
        ones, others, rows = table
        first, second = (self._field * rival for rival in rivals)
        biased, mask, half = base + self._tops, self._mask, self._half
        behind = 0
        for leads, ways in sums:
            value = biased + leads
            one = half - (value >> first & mask)
            if one > 0:
                other = half - (value >> second & mask)
                if other > 0:
                    behind += ways * rows[bisect_left(ones, one)][bisect_left(others, other)]
        return behind

    def _keep(self, values: int) -> None:
        """Start the memory of sums anew when it is full."""
        self._room -= values
        if self._room < 0:
            self._folded.clear()
            self._sums.clear()
            self._room = REMEMBERED_SUMS // (len(self.rivals) + 1)

    def _below(self, shape: _Shape, rivals: Sequence[int]) -> Below:
        places = [self.rivals.index(rival) for rival in rivals]
        leads = [(self.frame.leads(leads), ways) for leads, ways in shape.leads]
        pairs = [(own[places[0]], own[places[1]], ways) for own, ways in leads]
        ones, others = sorted({one for one, _, _ in pairs}), sorted({other for _, other, _ in pairs})
        cells = [[0] * (len(others) + 1) for _ in range(len(ones) + 1)]
        for one, other, ways in pairs:
            cells[bisect_left(ones, one) + 1][bisect_left(others, other) + 1] += ways
        rows = [list(accumulate(row)) for row in cells]
        for before, row in pairwise(rows):
            row[:] = map(int.__add__, before, row)
        return ones, others, rows

    def _side(self, shape: _Shape, rival: int) -> Side:
        merged: dict[int, int] = {}
        at = self.rivals.index(rival)
        for leads, ways in shape.leads:
            own = self.frame.leads(leads)[at]
            merged[own] = merged.get(own, 0) + ways
        found = shape.sides[rival] = _sided(merged)
        return found

    def _jointly(self, shapes: list[_Shape], base: int, needed: int) -> bool | None:
        """Count over all rivals at once; sums that the rest can no longer turn are counted or dropped at once."""
        beaten = self.frame.beaten
        shapes = sorted(shapes, key=lambda shape: -len(shape.leads))
        best = sum([shape.best for shape in shapes])
        possible = rest = prod([shape.ways for shape in shapes])
        sums = {base + self.frame.bias + self.frame.ones: 1}
        leading = 0
        for shape in shapes:
            rest //= shape.ways
            best -= shape.best
            merged: dict[int, int] = {}
            for more, times in shape.leads:
                for leads, ways in sums.items():
                    value = leads + more
                    if value & beaten == beaten:
                        leading += ways * times * rest
                    elif (value + best) & beaten == beaten:
                        merged[value] = merged.get(value, 0) + ways * times
                    else:
                        possible -= ways * times * rest
            if leading >= needed:
                return True
            if possible < needed:
                return False
            if len(merged) > UNDECIDED:
                return None
            sums = merged
        return leading >= needed


def _summed(one: Sequence[tuple[int, int]], other: Sequence[tuple[int, int]]) -> dict[int, int]:
    """Combine two independent distributions."""
    merged: dict[int, int] = {}
    for more, times in one:
        for value, ways in other:
            merged[value + more] = merged.get(value + more, 0) + ways * times
    return merged


def _sided(merged: Mapping[int, int]) -> Side:
    """Sort leads over one rival for looking up."""
    pairs = sorted(merged.items())
    tails = list(accumulate([ways for _, ways in reversed(pairs)], initial=0))
    return [value for value, _ in pairs], tails[::-1], pairs

"""Many profiles under one set of rules: only who leads and how sure it is, at the speed of a few lookups.

A profile is one integer, the sum of its answers' codes. Blocks of needs are gathered in a few groups that remember what
every joint answer adds up to, so that a profile costs one lookup a group. For what stays open a group has a *shape*,
few of which exist, whatever was answered; `majority` compares the ways in which an alternative leads with half of all.
`Decider.decide` agrees with `recommend` on winners and state for every profile; the tests hold it to that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import NamedTuple

from advisor.decision.advise import refuse_inapplicable
from advisor.decision.answers import Answer, parse_answer
from advisor.decision.convolution import SPARSE_LIMIT, within_limits
from advisor.decision.majority import Leads, Majority
from advisor.decision.outlook import outlooks
from advisor.decision.recommendation import State
from advisor.decision.search import Frame
from advisor.decision.table import Block, Outcome, Outcomes, Table, chosen, compile_table
from advisor.decision.verdict import always_unfit, baseless_ways, count, countable, settled
from advisor.knowledge.model import Rules

REMEMBERED = 30_000
"""Joint answers of a group that are kept before the memory starts anew."""

GROUPED = 8_192
"""Blocks are gathered in one group up to this many joint answers."""

SPARE = 2
"""How many times over everything open has to be countable for all else to be taken as countable."""


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
        #: of every group: what finds a joint answer, and the bits of a profile to find it by
        self._lookups = [(group.known.get, group.mask, group) for group in self._groups]
        self._codes: dict[str, dict[object, int]] = {
            need.id: {choice: bit << self._shifts[place] for choice, bit in self.table.bit_of[place].items()}
            for place, need in enumerate(rules.needs)
        }
        self._decisions: dict[tuple[State, int], Decision] = {}
        #: sum of what settled groups say → the decision
        self._settled: dict[int, Decision] = {}
        #: who leads, as top bits → what can be said then
        self._leads: dict[int, _Lead] = {}
        self._open_from = _open_from(self.table)
        self._majorities = [Majority(self.table, place) for place in range(self.table.count)]
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
        return self.decide_profile(self.profile(answers))

    def profile(self, answers: Mapping[str, object]) -> int:
        """Return the sum of some answers' codes. Arguments and errors are those of `decide`."""
        return sum([self.code(need, given) for need, given in answers.items()])

    def winners(self, profile: int) -> tuple[str, ...]:
        """Return who leads on what was answered, and nothing of what the open needs could still do.

        The same winners are always the same object. Arguments and errors are those of `decide_profile`.
        """
        if self._bounded:
            state = self._state(profile)
            refuse_inapplicable(self.table, state, _answers(self.table, state))
            tops = self.table.leaders(self.table.added(state))
        else:
            points = excluded = 0
            # As `decide_profile` begins, which keeps more: one function for both would be a call for every line.
            for known, mask, group in self._lookups:
                joint = known(profile & mask)
                if joint is None:
                    joint = self._joint(group, profile)
                points += joint.points
                excluded |= joint.excluded
            tops = self.table.leaders(Outcome(points, excluded))
        return (self._leads.get(tops) or self._lead(tops)).settled.winners

    def decide_profile(self, profile: int) -> Decision:
        """Decide the sum of some answers' codes, one for each need at most.

        Raises:
            AdvisorError: an answer to a need that cannot apply.
        """
        if self._bounded:
            found = self._without_counting(profile)
            if found is not None:
                return found
        points = excluded = total = 0
        joints = []
        for known, mask, group in self._lookups:
            joint = known(profile & mask)
            if joint is None:
                joint = self._joint(group, profile)
            points += joint.points
            excluded |= joint.excluded
            total += joint.apart
            joints.append(joint)
        decision = self._settled.get(total)
        if decision is not None:
            return decision
        tops = self.table.leaders(Outcome(points, excluded))
        lead = self._leads.get(tops) or self._lead(tops)
        if tops and total < self._open_from:
            if len(self._settled) >= REMEMBERED:
                self._settled.clear()
            self._settled[total] = lead.settled
            return lead.settled
        if lead.majority is None:
            return self._without_one_leader(joints, tops)
        return self._weigh(joints, lead, lead.majority)

    def _joint(self, group: _Group, profile: int) -> _Joint:
        """Return a joint answer that is not known yet; refuse the profile in the words of `recommend`."""
        if group.gated:
            state = self._state(profile)
            if any(state[need] for need in self.table.inapplicable(state)):
                refuse_inapplicable(self.table, state, _answers(self.table, state))
        return group.joint(profile & group.mask)

    def _state(self, profile: int) -> list[int]:
        return [profile >> shift & full for shift, full in zip(self._shifts, self.table.full, strict=True)]

    def _lead(self, tops: int) -> _Lead:
        place = chosen(tops)
        majority = None if place < 0 else self._majorities[place // self.table.field]
        states: tuple[State, ...] = ("settled", "leaning", "open")
        decisions = [self._decision(state, tops) for state in states]
        lead = self._leads[tops] = _Lead(tops, majority, *decisions)
        return lead

    def _without_counting(self, profile: int) -> Decision | None:
        """Decide as `recommend` does where a block has too many joint answers to go through; None: none has."""
        table = self.table
        state = self._state(profile)
        if all(block.ways(block.key(state)) <= table.most_joint for block in table.blocks):
            return None
        refuse_inapplicable(table, state, _answers(table, state))
        outcome = table.added(state)
        lead = table.leaders(outcome)
        blocks = outlooks(table, state)
        if settled(table, blocks, table.places(lead)):
            return self._decision("settled", lead)
        unfit = outcome.excluded == table.tops and always_unfit(table, blocks)
        return self._decision("nothing-fits" if unfit else "open", lead)

    def _decision(self, state: State, lead: int) -> Decision:
        found = self._decisions.get((state, lead))
        if found is None:
            found = self._decisions[state, lead] = Decision(self.table.names(lead), state)
        return found

    def _without_one_leader(self, joints: Sequence[_Joint], lead: int) -> Decision:
        """Decide where nobody leads, or several do."""
        table = self.table
        places = table.places(lead)
        for place in places:
            majority = self._majorities[place]
            own = [joint.leads[place] or joint.weigh(majority) for joint in joints]
            least = majority.frame.leads(sum([leads.worst for leads in own]))
            fears = any(lead < 0 for rival, lead in zip(majority.rivals, least, strict=True) if rival in places)
            if fears or any(leads.lost for leads in own):
                return self._decision("open", lead)
        blocks = [outcomes for joint in joints for outcomes in joint.completions()]
        if lead:
            return self._decision("settled" if settled(table, blocks, places) else "open", lead)
        excluded = 0
        for joint in joints:
            excluded |= joint.excluded
        unfit = excluded == table.tops and always_unfit(table, blocks)
        return self._decision("nothing-fits" if unfit else "open", 0)

    def _weigh(self, joints: Sequence[_Joint], lead: _Lead, majority: Majority) -> Decision:
        """Decide where one alternative leads on what was answered, and needs are open."""
        target, frame = majority.target, majority.frame
        base = 0
        ways = times = open_ways = 1
        shapes = []
        lost = False
        for joint in joints:
            worst, shape, alike, excludes = joint.leads[target] or joint.weigh(majority)
            base += worst
            ways *= joint.ways
            times *= alike
            if shape.size != 1:
                shapes.append(shape)
                open_ways *= shape.ways
            if excludes:
                lost = True
        if (base + frame.bias) & frame.beaten == frame.beaten and majority.rivals and not lost:
            return lead.settled
        if not self._all_countable and not self._countable(joints):
            return lead.open
        # Where nothing weighs, nobody leads: such ways would be counted as a tie of everybody.
        baseless = prod([joint.baseless for joint in joints]) if joints[0].baseless else 0
        limit = open_ways - (ways // 2 + baseless) // times
        rarely = limit > 0 and majority.rarely_behind(shapes, base, limit)
        if rarely is None:
            rarely = 2 * self._by_convolution(joints, lead.tops) > ways
        return lead.leaning if rarely else lead.open

    def _by_convolution(self, joints: Sequence[_Joint], lead: int) -> int:
        counted = count(self.table, [outcomes for joint in joints for outcomes in joint.completions()])
        return sum(number for leaders, number in (counted.ways or {}).items() if leaders & lead)

    def _countable(self, joints: Sequence[_Joint]) -> bool:
        """Tell whether `recommend` counts these completions, rather than giving up: what it says must agree."""
        if prod([joint.spread for joint in joints]) <= SPARSE_LIMIT:
            return True
        if self._all_countable is None:
            blocks = [block.completions((0,) * len(block.needs)) for block in self.table.blocks]
            total = _total(blocks)
            everybody = range(self.table.count)
            # With everything open there is most to count; with room to spare, for blocks that come in another order.
            self._all_countable = within_limits(self.table, blocks, everybody, total, spare=SPARE)
        return self._all_countable or countable(self.table, [own for joint in joints for own in joint.completions()])


def _open_from(table: Table) -> int:
    """Return a number above all that settled joint answers add up to: see `_Joint.apart`."""
    return 1 << (2 * table.field * (table.count + 1) + table.count)


class _Lead(NamedTuple):
    """Who leads on what was answered."""

    tops: int
    majority: Majority | None  #: of the only leader
    settled: Decision
    leaning: Decision
    open: Decision


def _answers(table: Table, state: Sequence[int]) -> dict[str, Answer]:
    """Return the answers that a state stands for."""
    answers = {}
    for place, need in enumerate(table.rules.needs):
        bits = state[place]
        if bits:
            given = [choice for choice, bit in table.bit_of[place].items() if bits & bit]
            answers[need.id] = Answer(tuple(given), "set")
    return answers


def _total(blocks: Sequence[Outcomes]) -> int:
    """Return the number of ways to answer everything."""
    return prod(sum(outcomes.values()) for outcomes in blocks)


def _gathered(table: Table) -> list[list[Block]]:
    """Put blocks together while their joint answers, open ones among them, are few; the largest block comes last."""
    gathered: list[list[Block]] = []
    rooms: list[int] = []
    sizes = {block.needs: prod(len(table.bit_of[need]) + 1 for need in block.needs) for block in table.blocks}
    for block in reversed(table.blocks):
        size = sizes[block.needs]
        place = next((place for place, room in enumerate(rooms) if size <= room), None)
        if place is None:
            gathered.append([block])
            rooms.append(GROUPED // size)
        else:
            gathered[place].append(block)
            rooms[place] //= size
    return sorted(gathered, key=lambda blocks: max(sizes[block.needs] for block in blocks))


class _Group:
    """Some blocks, with what their joint answers add up to.

    Attributes:
        places: need → the place of its bits within a key.
        known: key → joint answer.
        mask: the bits of a profile that make a key.
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
        self.mask = ((1 << self.width) - 1) << shift
        self.gated = any(block.gates for block in blocks)
        self.known: dict[int, _Joint] = {}
        self._first = Frame(table, 0)
        #: of every block: its bits of a profile, and what is known of it by them
        self._parts: list[tuple[Block, int, dict[int, _Part]]] = []
        for block in blocks:
            mask = sum(table.full[need] << (shift + self.places[need]) for need in block.needs)
            self._parts.append((block, mask, {}))

    def joint(self, key: int) -> _Joint:
        """Return a joint answer, and remember it.

        Args:
            key: the group's bits of a profile.
        """
        parts = []
        for block, mask, known in self._parts:
            part = known.get(key & mask)
            if part is None:
                if len(known) >= REMEMBERED:
                    known.clear()
                part = known[key & mask] = self._part(block, key & mask)
            parts.append(part)
        if len(self.known) >= REMEMBERED:
            self.known.clear()
        joint = self.known[key] = _Joint(parts, self.table.count)
        joint.apart = self._apart(joint)
        return joint

    def _part(self, block: Block, key: int) -> _Part:
        table = self.table
        state = [0] * len(table.full)
        for need in block.needs:
            state[need] = key >> (self.shift + self.places[need]) & table.full[need]
        return _Part(table, block, block.key(state))

    def _apart(self, joint: _Joint) -> int:
        if joint.ways != 1:
            return _open_from(self.table)
        width = self.table.field * self.table.count
        apart = self._first.of_points(joint.points)
        return apart + (bool(joint.points >> width) << width) + (joint.excluded << (width + self.table.field))


class _Part:
    """One block under one joint answer."""

    __slots__ = ("baseless", "completions", "excluded", "leads", "points", "ways")

    def __init__(self, table: Table, block: Block, key: tuple[int, ...]) -> None:
        self.points, self.excluded = block.outcome(key)
        self.completions: Outcomes = block.completions(key)
        self.ways = sum(self.completions.values())
        self.baseless = baseless_ways(table, [self.completions])
        #: of every alternative, filled when asked for
        self.leads: list[Leads | None] = [None] * table.count

    def weigh(self, majority: Majority) -> Leads:
        """Return how an alternative does in the completions, and remember it."""
        found = self.leads[majority.target] = majority.leads(self.completions)
        return found


class _Joint:
    """One group under one joint answer.

    Attributes:
        apart: all that decides who leads where nothing is open, as a number to be added up, alike for as many answers
            as can be: how far every alternative is apart from the first, whether anything weighs, how often each is
            excluded. Where something is open: more than all of that.
    """

    __slots__ = ("_parts", "apart", "baseless", "excluded", "leads", "points", "ways")

    def __init__(self, parts: Sequence[_Part], alternatives: int) -> None:
        self._parts = parts
        self.apart = 0
        self.points = self.excluded = 0
        self.ways = self.baseless = 1
        for part in parts:
            self.points += part.points
            self.excluded |= part.excluded
            self.ways *= part.ways
            self.baseless *= part.baseless
        #: of every alternative, filled when asked for
        self.leads: list[Leads | None] = [None] * alternatives

    @property
    def spread(self) -> int:
        """Number of outcomes, one of every block combined."""
        return prod([len(part.completions) for part in self._parts])

    def completions(self) -> list[Outcomes]:
        """Return the outcomes of every block."""
        return [part.completions for part in self._parts]

    def weigh(self, majority: Majority) -> Leads:
        """Return how an alternative does in the completions, and remember it."""
        target = majority.target
        own = [part.leads[target] or part.weigh(majority) for part in self._parts]
        found = self.leads[target] = majority.joined(own)
        return found

"""Which need to ask next, and why: the one most likely to settle the advice now, then the one with the widest swing.

An exact look ahead (dynamic programming over all states) is far dearer and only a few percent better; the tests hold
this order against it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations
from math import lcm
from typing import NamedTuple

from advisor.decision.answers import parse_answers
from advisor.decision.outlook import Outlook, Uncounted, best, ever, least, most, outlook, outlooks, worst
from advisor.decision.search import Frame
from advisor.decision.table import Block, Table, bits_of, chosen, compile_table, holds
from advisor.decision.verdict import contested_places, settled
from advisor.knowledge.model import Rules

WIDE = 8
"""With more contested alternatives than this the chance to settle is not worked out: swing alone decides."""


class Effect(NamedTuple):
    """What one choice would do to one alternative that can still lead."""

    choice: str
    alternative: str
    low: int  #: the fewest points it would add, over what interacting open needs may still turn out to be
    high: int  #: the most
    excluded: bool  #: whether it would exclude the alternative


class Question(NamedTuple):
    """One open need that can still matter."""

    need: str
    settling: int  #: how many of its possible choices would settle the advice at once
    choices: int  #: how many choices are possible
    swing: int  #: the most points that it can move one contested alternative against another
    excludes: bool  #: whether it could still exclude one of them
    core: bool


class NextNeed(NamedTuple):
    """What to ask next."""

    need: str | None  #: None: nothing open can change the advice any more
    questions: tuple[Question, ...]  #: every open need that can still matter, in the order of asking
    effects: tuple[Effect, ...]  #: of the next need, by choice and alternative
    contested: tuple[str, ...]  #: alternatives that can still lead, or lead now where all answers lead elsewhere


def next_need(
    rules: Rules, answers: Mapping[str, object], *, skip: Iterable[str] = (), core_first: bool = True
) -> NextNeed:
    """Choose the need to ask next.

    Core needs that can matter come first, in file order. Among the rest the need with the highest share of choices
    that settle the advice at once comes first, then the widest swing between alternatives that can still lead, then
    file order. Needs that cannot matter any more, or are not known to apply, are never chosen.

    Args:
        rules: the rules.
        answers: what is known; a don't-know set counts as open.
        skip: needs not to ask, e.g. those the user has passed over.
        core_first: whether core needs go before more telling ones.

    Raises:
        AdvisorError: an unknown need or choice.
    """
    table = compile_table(rules)
    state = table.state(parse_answers(rules, answers))
    asked = Asking(table, state)
    passed = {table.need_at[need] for need in skip if need in table.need_at}
    questions = [question for question in asked.questions() if table.need_at[question.need] not in passed]
    if core_first:
        core = sorted((question for question in questions if question.core), key=lambda one: table.need_at[one.need])
        questions = core + [question for question in questions if not question.core]
    contested = tuple(rules.alternatives[place].id for place in asked.contested)
    if not questions:
        return NextNeed(None, (), (), contested)
    first = questions[0].need
    return NextNeed(first, tuple(questions), asked.effects(table.need_at[first]), contested)


class Asking:
    """The open needs of one state, weighed against each other.

    Args:
        table: the compiled rules.
        state: the answers.
        outcomes: as `outlooks` returns them, where they are known already.
        contested: as `contested_places` returns them, where they are known already.
    """

    def __init__(
        self,
        table: Table,
        state: list[int],
        outcomes: list[Outlook] | None = None,
        contested: list[int] | None = None,
    ) -> None:
        self.table = table
        self.state = state
        self.applied = table.applied(state)
        self.outcomes = outlooks(table, state) if outcomes is None else outcomes
        self.contested = contested_places(table, self.outcomes) if contested is None else contested
        self._ones = sum(1 << (table.field * place) for place in self.contested)
        self.gates = dict(table.gates)
        self._known: dict[tuple[int, ...], list[tuple[tuple[int, ...], tuple[int, int]]]] = {}
        self._bounds: dict[int, _Bounds] = {}

    def questions(self) -> list[Question]:
        """Return the open needs that can still matter, most telling first.

        Where all completions agree, but not with who leads now, no answer tells them apart: then the needs that move
        today's leaders, compared with leaving them open, are what is worth asking.
        """
        found = self._questions(self._swing)
        leaders = self.table.places(self.table.leaders(self.table.added(self.state)))
        if not found and leaders and not settled(self.table, self.outcomes, leaders):
            self.contested = sorted({*self.contested, *leaders})
            found = self._questions(self._moves)
        common = lcm(*(question.choices for question in found))
        return sorted(found, key=lambda one: (-one.settling * common // one.choices, not one.excludes, -one.swing))

    def _questions(self, weigh: Callable[[int], tuple[bool, int]]) -> list[Question]:
        found = []
        for need, bits in enumerate(self.state):
            if chosen(bits) >= 0 or not holds(self.gates.get(need, ()), self.applied):
                continue
            excludes, swing = weigh(need)
            if excludes or swing:
                possible = bits_of(bits or self.table.full[need])
                settling = 0
                if len(self.contested) <= WIDE:
                    settling = sum(self._settles(need, bit) for bit in possible)
                own = self.table.rules.needs[need]
                found.append(Question(own.id, settling, len(possible), swing, excludes, own.core))
        return found

    def effects(self, need: int) -> tuple[Effect, ...]:
        """Return what every possible choice of a need would add to the alternatives that can still lead."""
        table, block = self.table, self._block(need)
        before = table.unpack(block.outcome(block.key(self.state)).points)
        found = []
        for bit in bits_of(self.state[need] or table.full[need]):
            of = outlook(block, block.key(self._answered(need, bit)))
            lows, highs, out = table.unpack(least(table, of)), table.unpack(most(table, of)), ever(of)
            choice = table.rules.needs[need].choices[chosen(bit)].id
            for place in self.contested:
                low, high = lows[place] - before[place], highs[place] - before[place]
                excluded = bool(out & table.top(place))
                found.append(Effect(choice, table.rules.alternatives[place].id, low, high, excluded))
        return tuple(found)

    def _moves(self, need: int) -> tuple[bool, int]:
        """Return whether a need could exclude a contested alternative, and the most it moves one against another.

        Unlike `_swing` it compares the choices with no answer, not with each other.
        """
        effects = self.effects(need)
        lows: dict[str, list[Effect]] = {}
        for effect in effects:
            lows.setdefault(effect.choice, []).append(effect)
        swing = max(max(e.high for e in own) - min(e.low for e in own) for own in lows.values())
        return any(effect.excluded for effect in effects), swing

    def _block(self, need: int) -> Block:
        return self.table.blocks[self.table.block_of[need]]

    def _answered(self, need: int, bit: int) -> list[int]:
        return [*self.state[:need], bit, *self.state[need + 1 :]]

    def _settles(self, need: int, bit: int) -> bool:
        """Tell whether one choice would settle the advice."""
        table, state = self.table, self._answered(need, bit)
        lead = table.leaders(table.added(state))
        at = table.block_of[need]
        block = table.blocks[at]
        if not lead or lead & (lead - 1):
            outcomes = [*self.outcomes]
            outcomes[at] = outlook(block, block.key(state))
            return settled(table, outcomes, table.places(lead))
        bounds = self._bounds_of(chosen(lead) // table.field)
        rest = bounds.total - bounds.worst[at]
        if not bounds.frame.beats_all(rest + bounds.best[at]):
            return False
        if isinstance(self.outcomes[at], Uncounted):
            return bounds.frame.beats_all(rest + worst(bounds.frame, outlook(block, block.key(state))))
        place = block.place[need]
        own = {outcome for full, outcome in block.listed(block.key(self.state)) if full[place] == bit}
        return bounds.frame.beats_all(rest + bounds.frame.worst(own))

    def _bounds_of(self, leader: int) -> _Bounds:
        found = self._bounds.get(leader)
        if found is None:
            frame = Frame(self.table, leader)
            lows = [worst(frame, block) for block in self.outcomes]
            highs = [best(frame, block) for block in self.outcomes]
            found = self._bounds[leader] = _Bounds(frame, lows, highs, sum(lows))
        return found

    def _swing(self, need: int) -> tuple[bool, int]:
        """Return whether a need could exclude a contested alternative, and the most it moves one against another.

        Within a block the answers to the other needs are held, in turn, at everything they could be; where a choice
        makes other needs apply, the ranges that they open count.
        """
        block = self._block(need)
        of = self.outcomes[self.table.block_of[need]]
        if isinstance(of, Uncounted):
            excludes = of.excludes(need, sum(self.table.top(place) for place in self.contested))
            return excludes, of.swing(need, self.contested)
        place = block.place[need]
        together = self._points(block)
        by_rest: dict[tuple[int, ...], list[tuple[int, int]]] = {}
        for full, own in together:
            by_rest.setdefault((*full[:place], 0, *full[place + 1 :]), []).append(own)
        moves: set[int] = set()
        excludes = False
        for group in by_rest.values():
            first_out, _ = group[0]
            excludes = excludes or any(out != first_out for out, _ in group)
            leads = list({self._over_the_first(points) for _, points in group})
            moves.update([one - other for one, other in combinations(leads, 2)])
        swing = max(map(self._width, moves), default=0)
        if any(named == need for _, gate in block.gates for named, _ in gate):
            excludes, swing = self._opened(together, place, excludes=excludes, swing=swing)
        return excludes, swing

    def _over_the_first(self, points: int) -> int:
        """Return the differences to the points of the first contested alternative, packed."""
        table = self.table
        return points - (points >> (table.field * self.contested[0]) & table.mask) * self._ones

    def _width(self, move: int) -> int:
        """Return the most that a change of differences moves any contested alternative against any other.

        The first contested one does not move, so that those that are not contested, which do not either, do no harm.
        """
        moves = self.table.differences(move)
        return max(moves) - min(moves)

    def _opened(
        self, together: Sequence[tuple[tuple[int, ...], tuple[int, int]]], place: int, *, excludes: bool, swing: int
    ) -> tuple[bool, int]:
        """Widen a swing by how far the choices differ in what the needs that they make apply can do."""
        by_choice: dict[int, set[tuple[int, int]]] = {}
        for full, own in together:
            by_choice.setdefault(full[place], set()).add(own)
        excluding = {frozenset(out for out, _ in own) for own in by_choice.values()}
        vectors = [[self.table.unpack(points) for _, points in own] for own in by_choice.values()]
        for side in (min, max):
            edges = [[side(column) for column in zip(*own, strict=True)] for own in vectors]
            for one, other in combinations(edges, 2):
                moves = [one[at] - other[at] for at in self.contested]
                swing = max(swing, max(moves) - min(moves))
        return excludes or len(excluding) > 1, swing

    def _points(self, block: Block) -> list[tuple[tuple[int, ...], tuple[int, int]]]:
        """Return, for every completion of a block, which contested alternatives it excludes, and their points."""
        found = self._known.get(block.needs)
        if found is None:
            tops = sum(self.table.top(place) for place in self.contested)
            fields = sum(self.table.mask << (self.table.field * place) for place in self.contested)
            found = [
                (full, (excluded & tops, points & fields))
                for full, (points, excluded) in block.listed(block.key(self.state))
            ]
            self._known[block.needs] = found
        return found


class _Bounds(NamedTuple):
    """How far one alternative leads its rivals at worst and at best, block by block."""

    frame: Frame
    worst: list[int]
    best: list[int]
    total: int

"""Many profiles under one set of rules: only who leads and how sure it is, at the speed of a few lookups.

Every block remembers what each joint answer to its needs adds up to, so a profile costs one lookup an answer and one a
block. `Decider.decide` agrees with `recommend` on winners and state for every profile; the tests hold it to that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from advisor.decision.advise import refuse_inapplicable
from advisor.decision.answers import parse_answer, parse_answers
from advisor.decision.recommendation import State
from advisor.decision.search import Frame
from advisor.decision.table import Outcome, Outcomes, chosen, compile_table
from advisor.decision.verdict import always_unfit, baseless_ways, count, settled
from advisor.knowledge.model import Rules

REMEMBERED = 200_000
"""Undecided profiles and joint answers that are kept before the memory starts anew."""

UNDECIDED = 3_000
"""With more sums than this undecided, the convolution of the plain path counts faster."""


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
        #: need → (block, given value → its bits, shifted to the need's place in the block's key)
        self._places: dict[str, tuple[int, dict[object, int]]] = {}
        self._shifts: dict[str, int] = {}
        for number, block in enumerate(self.table.blocks):
            shift = 0
            for need in block.needs:
                own = rules.needs[need]
                known: dict[object, int] = {choice: bit << shift for choice, bit in self.table.bit_of[need].items()}
                self._places[own.id] = (number, known)
                self._shifts[own.id] = shift
                shift += len(own.choices)
        self._parts: list[dict[int, _Part]] = [{} for _ in self.table.blocks]
        self._none = [0] * len(self.table.blocks)
        self._frames = [Frame(self.table, place) for place in range(self.table.count)]
        self._undecided: dict[tuple[int, ...], Decision] = {}
        self._settled: dict[int, Decision] = {}

    def decide(self, answers: Mapping[str, object]) -> Decision:
        """Decide one profile.

        Args:
            answers: need → choice, or several; as `recommend` takes them.

        Raises:
            AdvisorError: an unknown need or choice, or an answer to a need that cannot apply.
        """
        keys = self._none.copy()
        for need, given in answers.items():
            try:
                block, known = self._places[need]
                keys[block] += known[given]
            except (KeyError, TypeError):
                block, bits = self._parsed(need, given)
                keys[block] += bits
        points = excluded = 0
        ways = 1
        parts = []
        for number, key in enumerate(keys):
            part = self._parts[number].get(key)
            if part is None:
                part = self._part(number, key, answers)
            parts.append(part)
            points += part.points
            excluded |= part.excluded
            ways *= part.ways
        lead = self.table.leaders(Outcome(points, excluded))
        if ways == 1 and lead:
            return self._settled.get(lead) or self._settle(lead)
        return self._decide_open(tuple(keys), parts, lead, ways)

    def _settle(self, lead: int) -> Decision:
        decision = self._settled[lead] = Decision(self.table.names(lead), "settled")
        return decision

    def _parsed(self, need: str, given: object) -> tuple[int, int]:
        answer = parse_answer(self.rules, need, given)
        block, known = self._places[need]
        at = self.table.need_at[need]
        bits = sum(self.table.bit_of[at][choice] for choice in answer.choices) if answer else 0
        bits <<= self._shifts[need]
        if isinstance(given, str):
            known[given] = bits
        return block, bits

    def _part(self, number: int, key: int, answers: Mapping[str, object]) -> _Part:
        table, block = self.table, self.table.blocks[number]
        state = [0] * len(table.full)
        left = key
        for need in block.needs:
            state[need] = left & table.full[need]
            left >>= table.full[need].bit_length()
        if block.gates:
            refuse_inapplicable(table, state, parse_answers(self.rules, answers))
        outcome = block.outcome(block.key(state))
        completions = block.completions(block.key(state))
        if len(self._parts[number]) >= REMEMBERED:
            self._parts[number].clear()
        part = _Part(outcome.points, outcome.excluded, sum(completions.values()), completions, self._frames)
        self._parts[number][key] = part
        return part

    def _decide_open(self, key: tuple[int, ...], parts: list[_Part], lead: int, ways: int) -> Decision:
        target = chosen(lead) // self.table.field if lead and not lead & (lead - 1) else -1
        if (
            target >= 0
            and self.table.count > 1
            and self._frames[target].beats_all(sum([part.worst(target) for part in parts]))
        ):
            return self._settled.get(lead) or self._settle(lead)
        found = self._undecided.get(key)
        if found is None:
            if len(self._undecided) >= REMEMBERED:
                self._undecided.clear()
            found = self._undecided[key] = self._weigh(parts, lead, target, ways)
        return found

    def _weigh(self, parts: list[_Part], lead: int, target: int, ways: int) -> Decision:
        table = self.table
        blocks: list[Outcomes] = [part.completions for part in parts]
        names = table.names(lead)
        if target < 0:
            if not lead:
                excluded = 0
                for part in parts:
                    excluded |= part.excluded
                unfit = excluded == table.tops and always_unfit(table, blocks)
                return Decision((), "nothing-fits" if unfit else "open")
            return Decision(names, "settled" if settled(table, blocks, table.places(lead)) else "open")
        leading = self._leading(parts, target)
        shift = table.field * table.count
        if leading is not None and not any(part.ways == 1 and part.points >> shift for part in parts):
            # Where nothing weighs, nobody leads: such ways were counted as a tie of everybody.
            leading -= baseless_ways(table, blocks)
        if leading is None:
            counted = count(table, blocks)
            leading = sum(number for leaders, number in (counted.ways or {}).items() if leaders & lead)
        return Decision(names, "leaning" if 2 * leading > ways else "open")

    def _leading(self, parts: list[_Part], target: int) -> int | None:
        """Count the completions in which an alternative leads, alone or not; None: too many stay undecided.

        Block after block, sums that the rest can no longer turn are counted or dropped at once.
        """
        frame = self._frames[target]
        beaten = frame.beaten
        start = frame.bias + frame.ones
        rest_ways = 1
        best = worst = 0
        still_open: list[_Part] = []
        for part in parts:
            if part.ways == 1:
                start += part.worst(target)
            else:
                still_open.append(part)
                rest_ways *= part.ways
                worst += part.worst(target)
                best += part.best(target)
        sums = {start: 1}
        leading = 0
        for part in sorted(still_open, key=lambda part: part.ways, reverse=True):
            rest_ways //= part.ways
            worst -= part.worst(target)
            best -= part.best(target)
            merged: dict[int, int] = {}
            for more, times in part.frames(target):
                for leads, ways in sums.items():
                    value = leads + more
                    if (value + worst) & beaten == beaten:
                        leading += ways * times * rest_ways
                    elif (value + best) & beaten == beaten:
                        merged[value] = merged.get(value, 0) + ways * times
            if len(merged) > UNDECIDED:
                return None
            sums = merged
        return leading


class _Part:
    """One block under one joint answer."""

    __slots__ = ("_all", "_best", "_frames", "_worst", "completions", "excluded", "points", "ways")

    def __init__(self, points: int, excluded: int, ways: int, completions: Outcomes, frames: list[Frame]) -> None:
        self.points = points
        self.excluded = excluded
        self.ways = ways
        self.completions = completions
        self._all = frames
        self._worst: dict[int, int] = {}
        self._best: dict[int, int] = {}
        self._frames: dict[int, list[tuple[int, int]]] = {}

    def frames(self, target: int) -> list[tuple[int, int]]:
        """Return the leads of a target in every completion, with the ways to it."""
        found = self._frames.get(target)
        if found is None:
            frame = self._all[target]
            merged: dict[int, int] = {}
            for outcome, ways in self.completions.items():
                leads = frame.of(outcome)
                merged[leads] = merged.get(leads, 0) + ways
            found = self._frames[target] = list(merged.items())
        return found

    def worst(self, target: int) -> int:
        """Return the least lead of a target over every rival by itself."""
        found = self._worst.get(target)
        if found is None:
            found = self._worst[target] = self._edge(target, min)
        return found

    def best(self, target: int) -> int:
        """Return the greatest lead of a target over every rival by itself."""
        found = self._best.get(target)
        if found is None:
            found = self._best[target] = self._edge(target, max)
        return found

    def _edge(self, target: int, side: Callable[[Iterable[int]], int]) -> int:
        frame = self._all[target]
        columns = zip(*[frame.leads(leads) for leads, _ in self.frames(target)], strict=True)
        return frame.pack([side(column) for column in columns])

"""How far the result holds: exactly, over answers, weights and ratings. Nothing is sampled."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations, product
from typing import NamedTuple

from advisor.decision.explain import dominates
from advisor.decision.firmness import criterion_weights, flipping_steps
from advisor.decision.flips import TARGETS, FlipSearch
from advisor.decision.recommendation import (
    ChoiceFlip,
    Flip,
    RatingFlip,
    Sensitivity,
    UnknownCost,
    WeightInterval,
)
from advisor.decision.score import Scored
from advisor.decision.search import Frame, Option, Search
from advisor.decision.table import Block, Outcome, Table, bits_of, chosen, holds
from advisor.decision.verdict import open_outcomes, settled


def sensitivity_of(table: Table, state: list[int], scored: Scored) -> Sensitivity:
    """Work out everything that would change a result, and how far it holds.

    Args:
        table: the compiled rules.
        state: the answers.
        scored: the same answers, added up; somebody must lead.
    """
    rules = table.rules
    sole = scored.leaders[0] if len(scored.leaders) == 1 else None
    flips, cannot_win, not_searched, cut = _flips(table, state, scored, sole)
    return Sensitivity(
        flips=flips,
        cannot_win=cannot_win,
        not_searched=not_searched,
        weight_intervals=weight_intervals(table, scored) if sole is not None else (),
        joint_radius=joint_radius(table, scored) if sole is not None else Fraction(0),
        choice_flips=nearest_choices(table, state),
        rating_flips=tuple(
            RatingFlip(
                rules.alternatives[step.alternative].id,
                rules.criteria[step.criterion].id,
                step.before,
                step.after,
                tuple(rules.alternatives[place].id for place in leaders),
            )
            for step, leaders in flipping_steps(table, scored)
        ),
        scale_free=sole is not None and dominates(table, scored, sole, _rivals(table, scored)),
        sufficient=sufficient_answers(table, state, scored),
        irrelevant=irrelevant_answers(table, state),
        unknown_costs=unknown_costs(table, state),
        same_scale=sole is not None and all(holds_on_any_scale(scored, sole, b) for b in _rivals(table, scored)),
        flips_cut=cut,
    )


class _Flips(NamedTuple):
    flips: tuple[Flip, ...]
    cannot_win: tuple[str, ...]
    not_searched: tuple[str, ...]
    cut: tuple[str, ...]


def _flips(table: Table, state: list[int], scored: Scored, sole: int | None) -> _Flips:
    search = FlipSearch(table, state)
    order = sorted(
        (place for place in range(table.count) if place != sole),
        key=lambda place: (scored.excluded[place], -scored.points[place]),
    )
    flips: list[Flip] = []
    cannot_win, cut = [], []
    not_searched = [table.rules.alternatives[place].id for place in order[TARGETS:]]
    for place in order[:TARGETS]:
        name = table.rules.alternatives[place].id
        found = search.towards(place)
        flips += found.flips
        if found.cannot_win:
            cannot_win.append(name)
        elif not found.flips:
            not_searched.append(name)
        elif not found.complete:
            cut.append(name)
    return _Flips(tuple(flips), tuple(cannot_win), tuple(not_searched), tuple(cut))


def _rivals(table: Table, scored: Scored) -> list[int]:
    return [place for place in range(table.count) if not scored.excluded[place] and place not in scored.leaders]


def weight_intervals(table: Table, scored: Scored) -> tuple[WeightInterval, ...]:
    """Return how far the counted weight of every criterion may move, the others as they are.

    A criterion that several answers ask for moves with all of them in proportion.
    """
    winner = scored.leaders[0]
    rivals = [(rival, scored.points[winner] - scored.points[rival]) for rival in _rivals(table, scored)]
    gains = _gains(scored, winner, [rival for rival, _ in rivals])
    found = []
    for at, weight in sorted(criterion_weights(scored).items()):
        low, high = (Fraction(-1), ""), (Fraction(-1), "")
        for (rival, lead), gain in zip(rivals, gains[at], strict=True) if weight else ():
            if not gain:
                continue
            # At this weight the rival draws level.
            level = weight - Fraction(lead * weight, gain)
            name = table.rules.alternatives[rival].id
            if gain > 0 and level > low[0]:
                low = (level, name)
            elif gain < 0 and (not high[1] or level < high[0]):
                high = (level, name)
        if weight:
            criterion = table.rules.criteria[at].id
            lows = low if low[0] >= 0 else (None, None)
            highs = high if high[1] else (None, None)
            found.append(WeightInterval(criterion, weight, *lows, *highs))
    return tuple(found)


def _gains(scored: Scored, winner: int, rivals: Sequence[int]) -> dict[int, list[int]]:
    """Return, for every criterion, the points that the winner gains on it over each rival."""
    gains: dict[int, list[int]] = {}
    for term, weight in zip(scored.terms, scored.weights, strict=True):
        own = gains.setdefault(term.criterion, [0] * len(rivals))
        levels = term.levels
        for at, rival in enumerate(rivals):
            own[at] += weight * (levels[winner] - levels[rival])
    return gains


def joint_radius(table: Table, scored: Scored) -> Fraction | None:
    """Return the share by which every weight may be off at once, each in its worst direction; None without rivals."""
    winner = scored.leaders[0]
    radius: Fraction | None = None
    for rival in _rivals(table, scored):
        lead = scored.points[winner] - scored.points[rival]
        swing = sum(
            weight * abs(term.levels[winner] - term.levels[rival])
            for term, weight in zip(scored.terms, scored.weights, strict=True)
        )
        # A sole winner leads every rival, so the swing is never nothing.
        own = Fraction(lead, swing)
        radius = own if radius is None else min(radius, own)
    return radius


def holds_on_any_scale(scored: Scored, winner: int, rival: int) -> bool:
    """Tell whether the winner beats a rival however the levels are numbered, alike for all criteria and in order.

    For grades: at every level, the weights of the criteria on which the winner reaches it add up to at least the
    rival's. Fits are no levels of a scale: there the winner must be as good in every row.
    """
    won = False
    reach: dict[int, int] = {}
    for term, weight in zip(scored.terms, scored.weights, strict=True):
        own, other = term.levels[winner], term.levels[rival]
        if term.fits:
            if weight and own < other:
                return False
            won = won or bool(weight and own > other)
        else:
            for level in range(1, own + 1):
                reach[level] = reach.get(level, 0) + weight
            for level in range(1, other + 1):
                reach[level] = reach.get(level, 0) - weight
    return all(weight >= 0 for weight in reach.values()) and (won or any(reach.values()))


def _with(state: list[int], need: int, bits: int) -> list[int]:
    return [*state[:need], bits, *state[need + 1 :]]


def nearest_choices(table: Table, state: list[int]) -> tuple[ChoiceFlip, ...]:
    """Return, for every answer that can change the first place by itself, the nearest choices that do."""
    now = table.leaders(table.added(state))
    found = []
    for number, need in enumerate(table.rules.needs):
        own = chosen(state[number])
        flipping: list[tuple[int, int, tuple[str, ...]]] = []
        for place in range(len(need.choices)) if own >= 0 else ():
            if place != own:
                leaders = table.leaders(table.outcome(_with(state, number, 1 << place)))
                if leaders != now:
                    flipping.append((abs(place - own) if need.ordered else 1, place, table.names(leaders)))
        nearest = min(flipping, default=(0,))[0]
        found += [
            ChoiceFlip(need.id, need.choices[own].id, need.choices[place].id, leaders)
            for distance, place, leaders in flipping
            if distance == nearest
        ]
    return tuple(found)


def irrelevant_answers(table: Table, state: list[int]) -> tuple[str, ...]:
    """Return the answered needs whose answer, the others as they are, could be anything or missing."""
    now = table.leaders(table.added(state))
    return tuple(
        need.id
        for number, need in enumerate(table.rules.needs)
        if chosen(state[number]) >= 0
        and all(
            table.leaders(table.added(_with(state, number, bits))) == now for bits in (0, *bits_of(table.full[number]))
        )
    )


def unknown_costs(table: Table, state: list[int]) -> tuple[UnknownCost, ...]:
    """Return, for every open need that applies, who would lead if it alone were answered."""
    now = table.leaders(table.added(state))
    applied, gates = table.applied(state), dict(table.gates)
    found = []
    for number, need in enumerate(table.rules.needs):
        if chosen(state[number]) < 0 and holds(gates.get(number, ()), applied):
            leaders = {
                need.choices[chosen(bit)].id: table.leaders(table.outcome(_with(state, number, bit)))
                for bit in bits_of(state[number] or table.full[number])
            }
            names = {choice: table.names(lead) for choice, lead in leaders.items()}
            found.append(UnknownCost(need.id, names, any(lead != now for lead in leaders.values())))
    return tuple(found)


def sufficient_answers(table: Table, state: list[int], scored: Scored) -> tuple[str, ...]:
    """Return a smallest set of answered needs whose answers alone fix the winner.

    When the verdict is settled, alone means that every other need may be answered in any way. Otherwise no answers
    settle it, and the other *answered* needs may be answered in any way while the open ones stay open.
    """
    if len(scored.leaders) > 1:
        return ()
    everything = settled(table, open_outcomes(table, state), scored.leaders)
    frame = Frame(table, scored.leaders[0])
    parts = [_Fixing(block, frame, state, everything=everything) for block in table.blocks]
    start = sum(part.free for part in parts)
    search = Search(frame, start, [part.options for part in parts], [len(part.answered) for part in parts])
    size = 0
    # All answers together always suffice, so the search ends with a set or at its bound.
    while not search.gave_up:
        if search.within_reach(size):
            for picks in search.sets(size):
                return tuple(table.rules.needs[need].id for need in sorted(need for need, _ in picks))
        size += 1
    return _irreducible(table, parts, frame)


def _irreducible(table: Table, parts: Sequence[_Fixing], frame: Frame) -> tuple[str, ...]:
    """Leave out answers one by one while the rest suffices: what is left has no answer too many."""
    fixed = [tuple(part.answered) for part in parts]
    leads = [part.worst(own) for part, own in zip(parts, fixed, strict=True)]
    total = sum(leads)
    for at, part in enumerate(parts):
        for need in part.answered:
            fewer = tuple([one for one in fixed[at] if one != need])
            worst = part.worst(fewer)
            if frame.beats_all(total - leads[at] + worst):
                total += worst - leads[at]
                fixed[at], leads[at] = fewer, worst
    return tuple(table.rules.needs[need].id for need in sorted(need for own in fixed for need in own))


class _Fixing:
    """One block with some answers fixed and the rest free: the worst leads of a winner."""

    def __init__(self, block: Block, frame: Frame, state: list[int], *, everything: bool) -> None:
        self.block = block
        self.frame = frame
        self.key = block.key(state)
        self.everything = everything
        # A don't-know set says something too: where all else may be anything, it can be worth keeping.
        self.answered = [
            need
            for need, bits in zip(block.needs, self.key, strict=True)
            if (bits if everything else chosen(bits) >= 0)
        ]
        self.free = self.worst(())
        self._options: dict[int, list[Option]] = {}

    def options(self, size: int) -> Sequence[Option]:
        """Return every way to fix exactly this many answers."""
        if size not in self._options:
            self._options[size] = [
                Option(self.worst(fixed) - self.free, tuple([(need, 0) for need in fixed]))
                for fixed in combinations(self.answered, size)
            ]
        return self._options[size]

    def worst(self, fixed: tuple[int, ...]) -> int:
        """Return the least lead over every rival by itself, over everything that is not fixed."""
        leads = [self.frame.leads(self.frame.of(outcome)) for outcome in self._outcomes(fixed)]
        return self.frame.pack([min(column) for column in zip(*leads, strict=True)])

    def _outcomes(self, fixed: tuple[int, ...]) -> set[Outcome]:
        block, needs = self.block, zip(self.block.needs, self.key, strict=True)
        if self.everything:
            freed = [0 if need in self.answered and need not in fixed else bits for need, bits in needs]
            return set(block.completions(tuple(freed)))
        full = block.table.full
        ways = [bits_of(full[need]) if need in self.answered and need not in fixed else [bits] for need, bits in needs]
        return {block.outcome(key) for key in product(*ways)}

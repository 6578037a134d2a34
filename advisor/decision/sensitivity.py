"""How far the result holds: exactly, over answers, weights and ratings. Nothing is sampled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import combinations, islice, product
from math import comb
from typing import NamedTuple

from advisor.decision.explain import Counting, dominates
from advisor.decision.firmness import OneAnswer, RatingStep, flipping_steps
from advisor.decision.flips import TARGETS, FlipSearch, steps_for
from advisor.decision.outlook import outlooks
from advisor.decision.recommendation import (
    ChoiceFlip,
    Flip,
    RatingFlip,
    Sensitivity,
    UnknownCost,
    WeightInterval,
)
from advisor.decision.score import Scored
from advisor.decision.search import NODES, Frame, Option, Search
from advisor.decision.table import Block, Outcome, Table, bits_of, chosen, holds
from advisor.decision.verdict import settled

MOST_RATINGS = 200
"""Single ratings that are listed because their move changes the first place."""

MORE_RATINGS = "More ratings than those listed change the first place when they move by one step."

MOST_FREED = 16_384
"""Joint answers that are gone through to see which answers alone fix the result."""


def sensitivity_of(table: Table, state: list[int], scored: Scored, criteria: Mapping[int, Counting]) -> Sensitivity:
    """Work out everything that would change a result, and how far it holds.

    Args:
        table: the compiled rules.
        state: the answers.
        scored: the same answers, added up; somebody must lead.
        criteria: those that counted, as `counting_criteria` returns them for the first leader.
    """
    sole = scored.leaders[0] if len(scored.leaders) == 1 else None
    other = OneAnswer(table, state)
    flips, cannot_win, not_searched, cut = _flips(table, state, scored, sole)
    steps = list(islice(flipping_steps(table, scored), MOST_RATINGS + 1))
    sufficient = sufficient_answers(table, state, scored)
    more_ratings = [MORE_RATINGS] if len(steps) > MOST_RATINGS else []
    return Sensitivity(
        flips=flips,
        cannot_win=cannot_win,
        not_searched=not_searched,
        weight_intervals=weight_intervals(table, scored, criteria) if sole is not None else (),
        joint_radius=joint_radius(table, scored) if sole is not None else Fraction(0),
        choice_flips=nearest_choices(table, state, other),
        rating_flips=tuple(_rating_flip(table, step, leaders) for step, leaders in steps[:MOST_RATINGS]),
        scale_free=sole is not None and dominates(table, scored, sole, _rivals(table, scored)),
        sufficient=sufficient.needs,
        irrelevant=irrelevant_answers(table, state, other),
        unknown_costs=unknown_costs(table, state, other),
        same_scale=sole is not None and all(holds_on_any_scale(scored, sole, b) for b in _rivals(table, scored)),
        flips_cut=cut,
        left_out=(*more_ratings, *([sufficient.left_out] if sufficient.left_out else [])),
    )


def _rating_flip(table: Table, step: RatingStep, leaders: Iterable[int]) -> RatingFlip:
    rules = table.rules
    return RatingFlip(
        rules.alternatives[step.alternative].id,
        rules.criteria[step.criterion].id,
        step.before,
        step.after,
        tuple(rules.alternatives[place].id for place in leaders),
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


def weight_intervals(table: Table, scored: Scored, criteria: Mapping[int, Counting]) -> tuple[WeightInterval, ...]:
    """Return how far the counted weight of every criterion may move, the others as they are.

    A criterion that several answers ask for moves with all of them in proportion.
    """
    winner = scored.leaders[0]
    rivals = sorted((scored.points[winner] - scored.points[rival], rival) for rival in _rivals(table, scored))
    found = []
    for at, counting in sorted(criteria.items()):
        leads, weight = table.differences(counting.leads), counting.weight
        lows = _drawn(table, weight, _first_level(rivals, leads), -1)
        highs = _drawn(table, weight, _first_level(rivals, table.differences(-counting.leads)), 1)
        found.append(WeightInterval(table.rules.criteria[at].id, weight, *lows, *highs))
    return tuple(found)


def _first_level(rivals: Sequence[tuple[int, int]], gains: Sequence[int]) -> tuple[int, int, int] | None:
    """Return the rival that draws level first: the one with the least lead for what moves it; of equals the first.

    Args:
        rivals: lead over each, and its number; least lead first.
        gains: what moves every alternative; those that nothing moves, or away, never draw level.

    Returns:
        The lead, what moves it, and the rival.
    """
    most = max(gains)
    first: tuple[int, int, int] | None = None
    for lead, rival in rivals if most > 0 else ():
        if first is not None and lead * first[1] > first[0] * most:
            # Not even the greatest move would make it, or any after it, the first.
            break
        gain = gains[rival]
        if gain > 0 and (first is None or (lead * first[1], rival) < (first[0] * gain, first[2])):
            first = lead, gain, rival
    return first


def _drawn(
    table: Table, weight: int, first: tuple[int, int, int] | None, side: int
) -> tuple[Fraction, str] | tuple[None, None]:
    """Return the weight at which a rival draws level, with its name; nothing below a weight of nothing."""
    if first is None:
        return None, None
    lead, gain, rival = first
    level = weight + side * Fraction(lead * weight, gain)
    return (level, table.rules.alternatives[rival].id) if level >= 0 else (None, None)


def joint_radius(table: Table, scored: Scored) -> Fraction | None:
    """Return the share by which every weight may be off at once, each in its worst direction; None without rivals."""
    winner = scored.leaders[0]
    frame = Frame(table, winner)
    swing = 0
    for term, weight in zip(scored.terms, scored.weights, strict=True):
        leads = frame.of_points(term.packed)
        swing += weight * table.greatest([leads, -leads])
    swings = frame.leads(swing)
    # A sole winner leads every rival, so the swing is never nothing.
    return min(
        (
            Fraction(scored.points[winner] - scored.points[rival], swings[rival - (rival > winner)])
            for rival in _rivals(table, scored)
        ),
        default=None,
    )


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


def nearest_choices(table: Table, state: list[int], other: OneAnswer) -> tuple[ChoiceFlip, ...]:
    """Return, for every answer that can change the first place by itself, the nearest choices that do."""
    found = []
    for number, need in enumerate(table.rules.needs):
        own = chosen(state[number])
        flipping = [
            (abs(place - own) if need.ordered else 1, place)
            for place in (range(len(need.choices)) if own >= 0 else ())
            if place != own and other.leaders(number, 1 << place) != other.now
        ]
        nearest = min(flipping, default=(0,))[0]
        for distance, place in flipping:
            if distance == nearest:
                # What is told is added up anew, all of it.
                leaders = table.leaders(table.rescored([*state[:number], 1 << place, *state[number + 1 :]]))
                found.append(ChoiceFlip(need.id, need.choices[own].id, need.choices[place].id, table.names(leaders)))
    return tuple(found)


def irrelevant_answers(table: Table, state: list[int], other: OneAnswer) -> tuple[str, ...]:
    """Return the answered needs whose answer, the others as they are, could be anything or missing."""
    return tuple(
        need.id
        for number, need in enumerate(table.rules.needs)
        if chosen(state[number]) >= 0
        and all(other.leaders(number, bits) == other.now for bits in (0, *bits_of(table.full[number])))
    )


def unknown_costs(table: Table, state: list[int], other: OneAnswer) -> tuple[UnknownCost, ...]:
    """Return, for every open need that applies, who would lead if it alone were answered."""
    applied, gates = table.applied(state), dict(table.gates)
    found = []
    for number, need in enumerate(table.rules.needs):
        if chosen(state[number]) < 0 and holds(gates.get(number, ()), applied):
            leaders = {
                need.choices[chosen(bit)].id: other.leaders(number, bit)
                for bit in bits_of(state[number] or table.full[number])
            }
            names = {choice: table.names(lead) for choice, lead in leaders.items()}
            found.append(UnknownCost(need.id, names, any(lead != other.now for lead in leaders.values())))
    return tuple(found)


def sufficient_answers(table: Table, state: list[int], scored: Scored) -> Sufficient:
    """Return a smallest set of answered needs whose answers alone fix the winner.

    When the verdict is settled, alone means that every other need may be answered in any way. Otherwise no answers
    settle it, and the other *answered* needs may be answered in any way while the open ones stay open.
    """
    if len(scored.leaders) > 1:
        return Sufficient((), "")
    everything = settled(table, outlooks(table, state), scored.leaders)
    ways = sum(block.ways(tuple([0] * len(block.needs))) for block in table.blocks)
    if ways > table.room(MOST_FREED):
        message = (
            f"Which answers alone fix the result was not worked out: {ways:,} joint answers are too many to go through."
        )
        return Sufficient((), message)
    frame = Frame(table, scored.leaders[0])
    parts = [_Fixing(block, frame, state, everything=everything) for block in table.blocks]
    search = Search(frame, sum(part.free for part in parts), parts, steps_for(table, NODES))
    size = 0
    # All answers together always suffice, so the search ends with a set or at its bound.
    while not search.gave_up:
        if search.within_reach(size):
            for picks in search.sets(size):
                return Sufficient(_ids(table, [need for need, _ in picks]), "")
        size += 1
    return Sufficient(_ids(table, _irreducible(parts, frame)), NOT_SMALLEST)


class Sufficient(NamedTuple):
    """Answers that fix the winner, and what was left out in looking for them."""

    needs: tuple[str, ...]
    left_out: str


NOT_SMALLEST = (
    "None of the answers that fix the result can be spared, but a smaller set may exist: not searched to the end."
)


def _ids(table: Table, needs: Iterable[int]) -> tuple[str, ...]:
    return tuple(table.rules.needs[need].id for need in sorted(needs))


def _irreducible(parts: Sequence[_Fixing], frame: Frame) -> list[int]:
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
    return [need for own in fixed for need in own]


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
        self.most = len(self.answered)
        self.free = self.worst(())
        self._options: dict[int, list[Option]] = {}

    def work(self, size: int) -> int:
        """Return how many joint answers are looked at to fix this many."""
        return comb(self.most, size)

    def of(self, size: int) -> Sequence[Option]:
        """Return every way to fix exactly this many answers."""
        if size not in self._options:
            self._options[size] = [
                Option(self.worst(fixed) - self.free, tuple([(need, 0) for need in fixed]))
                for fixed in combinations(self.answered, size)
            ]
        return self._options[size]

    def worst(self, fixed: tuple[int, ...]) -> int:
        """Return the least lead over every rival by itself, over everything that is not fixed."""
        return self.frame.worst(self._outcomes(fixed))

    def _outcomes(self, fixed: tuple[int, ...]) -> set[Outcome]:
        block, needs = self.block, zip(self.block.needs, self.key, strict=True)
        if self.everything:
            freed = [0 if need in self.answered and need not in fixed else bits for need, bits in needs]
            return set(block.completions(tuple(freed)))
        full = block.table.full
        ways = [bits_of(full[need]) if need in self.answered and need not in fixed else [bits] for need, bits in needs]
        return {block.outcome(key) for key in product(*ways)}

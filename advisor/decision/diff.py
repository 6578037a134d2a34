"""Two recommendations side by side: what moved, through which answers and criteria, and whether the pick changed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from advisor.decision.answers import Answers
from advisor.decision.recommendation import Contribution, Recommendation, Standing
from advisor.knowledge.model import Need, Rules


class AnswerMove(NamedTuple):
    """One need answered differently."""

    need: str
    before: tuple[str, ...]  #: choices possible before; empty: unanswered
    after: tuple[str, ...]


class StandingMove(NamedTuple):
    """One alternative before and after."""

    alternative: str
    before: Standing | None  #: None: not among the alternatives
    after: Standing | None

    @property
    def moved(self) -> bool:
        """Whether rank, score, points or exclusion differ."""
        return _outline(self.before) != _outline(self.after)


def _outline(standing: Standing | None) -> tuple[object, ...]:
    if standing is None:
        return ()
    musts = tuple((one.need, one.requirement.criterion) for one in standing.exclusions)
    return standing.rank, standing.score, standing.points, musts


class Shift(NamedTuple):
    """How one need, through one criterion, moved the lead of one alternative over another."""

    need: str
    criterion: str
    before: int  #: points that it gave the one over the other
    after: int

    @property
    def points(self) -> int:
        """By how much the lead moved."""
        return self.after - self.before


class RatingMove(NamedTuple):
    """One rating that reads differently in the newer rules."""

    alternative: str
    criterion: str
    before: str | None  #: the word; None: no such rating
    after: str | None


class Difference(NamedTuple):
    """What changed from one recommendation to another."""

    old: Recommendation
    new: Recommendation
    pick_changed: bool
    verdict_changed: bool  #: whether leaders, state or firmness differ
    answers: tuple[AnswerMove, ...]  #: in file order of the newer rules
    standings: tuple[StandingMove, ...]  #: every alternative of either, in the newer ranking
    lead_of: str | None  #: the alternative whose lead `shifts` follows: the newer pick
    lead_over: str | None  #: over whom: the older pick, or when it is the same the runner-up
    shifts: tuple[Shift, ...]  #: largest first
    ratings: tuple[RatingMove, ...]
    needs: tuple[tuple[str, str], ...]  #: (need, "added", "removed" or "changed") between two rules
    same_rules: bool

    @property
    def same(self) -> bool:
        """Whether nothing at all moved."""
        moved = self.answers or self.ratings or self.needs or any(one.moved for one in self.standings)
        return not moved and not self.verdict_changed


def difference(old: Recommendation, new: Recommendation) -> Difference:
    """Compare two recommendations, under the same rules or under two versions of them."""
    one, other = _compared(old, new)
    return Difference(
        old=old,
        new=new,
        pick_changed=old.verdict.winners != new.verdict.winners,
        verdict_changed=_verdict(old) != _verdict(new),
        answers=_answers(new.rules, old.answers, new.answers),
        standings=_standings(old, new),
        lead_of=one,
        lead_over=other,
        shifts=_shifts(old, new, one, other) if one and other else (),
        ratings=_ratings(old.rules, new.rules),
        needs=_needs(old.rules.needs, new.rules.needs),
        same_rules=old.rules.digest == new.rules.digest,
    )


def _verdict(result: Recommendation) -> tuple[object, ...]:
    return result.verdict.winners, result.verdict.state, result.verdict.firmness


def _answers(rules: Rules, old: Answers, new: Answers) -> tuple[AnswerMove, ...]:
    known = [need.id for need in rules.needs]
    ids = [*known, *(need for need in old if need not in known)]
    moves = []
    for need in ids:
        before = old[need].choices if need in old else ()
        after = new[need].choices if need in new else ()
        if before != after:
            moves.append(AnswerMove(need, before, after))
    return tuple(moves)


def _standing(result: Recommendation, alternative: str) -> Standing | None:
    return next((one for one in result.ranking if one.alternative == alternative), None)


def _standings(old: Recommendation, new: Recommendation) -> tuple[StandingMove, ...]:
    names = dict.fromkeys([*(one.alternative for one in new.ranking), *(one.alternative for one in old.ranking)])
    return tuple(StandingMove(name, _standing(old, name), _standing(new, name)) for name in names)


def _compared(old: Recommendation, new: Recommendation) -> tuple[str | None, str | None]:
    """Choose whose lead to follow over whom."""
    after = next((one for one in new.verdict.winners if one not in old.verdict.winners), None)
    if after is None:
        after = new.verdict.winners[0] if new.verdict.winners else None
    before = next((one for one in old.verdict.winners if one != after), None)
    return after, before if before is not None else new.runner_up


def _shifts(old: Recommendation, new: Recommendation, one: str, other: str) -> tuple[Shift, ...]:
    before, after = _leads(old, one, other), _leads(new, one, other)
    shifts = [
        Shift(*key, before.get(key, 0), after.get(key, 0))
        for key in dict.fromkeys([*after, *before])
        if before.get(key, 0) != after.get(key, 0)
    ]
    return tuple(sorted(shifts, key=lambda shift: -abs(shift.points)))


def _leads(result: Recommendation, one: str, other: str) -> dict[tuple[str, str], int]:
    leads: dict[tuple[str, str], int] = {}
    for alternative, sign in ((one, 1), (other, -1)):
        standing = _standing(result, alternative)
        contributions: Iterable[Contribution] = standing.contributions if standing else ()
        for part in contributions:
            key = (part.need, part.criterion)
            leads[key] = leads.get(key, 0) + sign * part.points
    return leads


def _ratings(old: Rules, new: Rules) -> tuple[RatingMove, ...]:
    before, after = _rated(old), _rated(new)
    return tuple(
        RatingMove(*key, before.get(key, (None,))[0], after.get(key, (None,))[0])
        for key in dict.fromkeys([*after, *before])
        if before.get(key) != after.get(key)
    )


def _rated(rules: Rules) -> dict[tuple[str, str], tuple[str, int]]:
    return {
        (alternative, criterion.id): (rating.word, rating.level)
        for criterion in rules.criteria
        for alternative, rating in criterion.ratings.items()
    }


def _needs(old: Iterable[Need], new: Iterable[Need]) -> tuple[tuple[str, str], ...]:
    before, after = {need.id: need for need in old}, {need.id: need for need in new}
    moves = [
        (need, "changed" if need in before else "added")
        for need in after
        if need not in before or _rule(before[need]) != _rule(after[need])
    ]
    return (*moves, *((need, "removed") for need in before if need not in after))


def _rule(need: Need) -> tuple[object, ...]:
    """The part of a need that decides: wording left out."""
    choices = tuple(
        (choice.id, choice.weights, tuple(must._replace(because="") for must in choice.requirements))
        for choice in need.choices
    )
    return need.kind, need.ordered, need.applies_when, choices

"""The result: everything that any output shows, decided once and frozen.

Renderers read these records and nothing else; they decide nothing and compute nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal, NamedTuple

from advisor.decision.answers import Answer
from advisor.knowledge.model import Caveat, Example, Remedy, Requirement, Rules, Split

if TYPE_CHECKING:
    from fractions import Fraction  # costs more to import than to decide, and only the sensitivity needs it

State = Literal["settled", "leaning", "open", "nothing-fits"]
Firmness = Literal["firm", "close", "tie"]
Pattern = Literal[
    "nothing-fits", "no-basis", "tied", "only-one-left", "dominates", "one-criterion", "trade-off", "close"
]
"""The situation that decides how the advice is explained."""


class Contribution(NamedTuple):
    """One criterion's points for one alternative, traced to the answer that asked for it."""

    need: str
    choice: str
    criterion: str
    asked: int  #: weight the choice asks for
    weight: int  #: weight that counts: less than asked when the criterion's group has reached its limit
    level: int  #: level of the rating, or the fit of its kind
    points: int  #: weight × level
    perfect: int  #: weight × the best level: what a perfect alternative would get


class Exclusion(NamedTuple):
    """One requirement that an alternative does not meet."""

    need: str
    choice: str
    requirement: Requirement
    level: int  #: its bare level
    reached: int  #: its level with the best remedy
    remedy: Remedy | None  #: the add-on that would lift it far enough, where the requirement counts bare ratings only


class Standing(NamedTuple):
    """One alternative in the ranking."""

    alternative: str
    rank: int  #: 1 is best; equal points share a rank; excluded alternatives come last and are ranked as if admitted
    points: int
    score: int  #: tenths of a percent of what a perfect alternative would get, rounded half up; 0..1000
    exclusions: tuple[Exclusion, ...]  #: empty when admitted
    contributions: tuple[Contribution, ...]  #: in the order of needs, then criteria; sum to points


class Verdict(NamedTuple):
    """What can be said, and how sure it is."""

    state: State
    firmness: Firmness | None  #: None when nothing was answered or nothing fits
    winners: tuple[str, ...]  #: the leaders on what was answered; empty without a basis or when all are excluded
    completions: Mapping[
        str, int
    ]  #: alternative → ways to answer the open needs in which it leads alone or shares the lead
    total: int  #: number of ways to answer the open needs
    ties: int  #: of these, ways that end in a shared first place
    unfit: int  #: of these, ways that exclude every alternative
    reason: str  #: one sentence
    baseless: int = 0  #: ways in which no answer weighs anything, so that nobody leads
    counted: bool = True  #: False: too many ways to count; then `completions` is empty and only `settled` is proved


class Change(NamedTuple):
    """One answer changed."""

    need: str
    before: tuple[str, ...]  #: choices possible before; empty: unanswered
    after: str


class Flip(NamedTuple):
    """A smallest set of answer changes that makes another alternative win; re-scored before it is told."""

    alternative: str
    changes: tuple[Change, ...]
    wishes: int  #: how many of the changes are wishes rather than facts
    distance: int  #: steps on the choices' scales, summed
    drops: tuple[str, ...] = ()  #: answered needs that no longer apply after the changes: their answers go


class WeightInterval(NamedTuple):
    """How far the counted weight of one criterion may move before the first place changes."""

    criterion: str
    weight: int
    low: Fraction | None  #: at this weight another draws level; None: it may fall to nothing
    low_rival: str | None
    high: Fraction | None  #: None: it may rise without limit
    high_rival: str | None


class ChoiceFlip(NamedTuple):
    """The nearest other choice of one need that changes the first place."""

    need: str
    before: str
    after: str
    winners: tuple[str, ...]


class RatingFlip(NamedTuple):
    """One rating whose move by one step of its scale changes the first place."""

    alternative: str
    criterion: str
    before: int
    after: int
    winners: tuple[str, ...]


class UnknownCost(NamedTuple):
    """What one unanswered need could still do."""

    need: str
    winners: Mapping[str, tuple[str, ...]]  #: choice → leaders if it alone were answered so
    can_change: bool


class Sensitivity(NamedTuple):
    """What would change the result, and how far it holds. Exact; every statement was re-scored."""

    flips: tuple[Flip, ...]  #: by alternative, best ranked first; smallest first, wishes before facts, then nearest
    cannot_win: tuple[str, ...]  #: alternatives that lead alone under no answers at all, whole or partial: proved
    not_searched: tuple[str, ...]  #: alternatives for which the search stopped at its bound: no claim is made
    weight_intervals: tuple[WeightInterval, ...]
    joint_radius: Fraction | None  #: the result holds while every weight is off by less than this share at once
    choice_flips: tuple[ChoiceFlip, ...]
    rating_flips: tuple[RatingFlip, ...]
    scale_free: bool  #: holds for every way of turning each criterion's words into numbers that keeps their order
    sufficient: tuple[str, ...]
    """A smallest set of needs whose answers alone fix a single winner. When settled: whatever all other needs are;
    otherwise: whatever the other answered needs are, while the open ones stay open."""
    irrelevant: tuple[str, ...]  #: answered needs whose answer, the others as they are, could be anything or missing
    unknown_costs: tuple[UnknownCost, ...]
    same_scale: bool = False  #: holds for every numbering of the levels 0..4 that keeps order, alike for all criteria
    flips_cut: tuple[str, ...] = ()  #: alternatives with more sets of changes than are listed
    left_out: tuple[str, ...] = ()  #: what else was not worked out or is not listed, one sentence each


class Comparison(NamedTuple):
    """One criterion, winner against runner-up."""

    criterion: str
    weight: int
    winner_level: int
    runner_up_level: int
    points: int  #: winner's minus runner-up's
    rival: str = ""  #: the alternative compared with: the runner-up, in `gives_up` whichever rival is best there


class RemedyUse(NamedTuple):
    """An add-on that closes a gap of the pick."""

    remedy: Remedy
    criterion: str
    before: int
    after: int
    needed: bool  #: whether a requirement rests on it


class LegacyAdvice(NamedTuple):
    """What to do about the code base that exists."""

    advice: Literal["stay", "move", "move-gradually"]
    because: str
    figures: tuple[str, ...] = ()  #: what it means in figures of the code base, one sentence each, where it was read


class Recommendation(NamedTuple):
    """The whole advice for one set of answers under one set of rules."""

    rules: Rules
    answers: Mapping[str, Answer]
    verdict: Verdict
    ranking: tuple[Standing, ...]  #: every alternative; excluded ones last
    perfect: int  #: points of a perfect alternative for these answers
    pattern: Pattern
    comparison: tuple[Comparison, ...]  #: criteria that counted, largest difference first; empty without a runner-up
    against: Comparison | None  #: the strongest argument against the winner
    gives_up: tuple[Comparison, ...]  #: where a rival is better although the criterion counts
    relax: tuple[str, ...]  #: when nothing fits: a smallest set of needs whose musts to relax
    remedies: tuple[RemedyUse, ...]
    caveats: tuple[Caveat, ...]
    legacy: LegacyAdvice | None
    splits: tuple[Split, ...]
    revisit_when: tuple[str, ...]
    examples: tuple[Example, ...]  #: those that answer the strongest reasons, best first
    more_examples: tuple[str, ...]  #: "alternative/topic" of the pick's other examples
    telling: tuple[str, ...]  #: open needs that can still matter, most telling first
    sensitivity: Sensitivity | None  #: None when it was not asked for, or there is no basis
    runner_up: str | None = None  #: second in the ranking (excluded when nobody else is left); None without a winner

    def standing(self, alternative: str) -> Standing:
        """Return the standing of one alternative (KeyError when there is none)."""
        for standing in self.ranking:
            if standing.alternative == alternative:
                return standing
        raise KeyError(alternative)

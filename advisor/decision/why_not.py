"""Why an alternative is not the pick, and what would make it so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from advisor.decision.advise import recommend
from advisor.decision.explain import compared, counting_criteria
from advisor.decision.flips import FlipSearch
from advisor.decision.recommendation import Comparison, Flip, Recommendation, Standing
from advisor.decision.score import score
from advisor.decision.table import Table, compile_table
from advisor.errors import AdvisorError, did_you_mean
from advisor.knowledge.model import Remedy, Rules


class Lift(NamedTuple):
    """What an add-on would do for an alternative, re-scored with its levels in place of the bare ones."""

    remedy: Remedy
    changes: tuple[tuple[str, int, int], ...]  #: (criterion, bare level, level with it), of criteria that count
    points: int  #: points it would add
    admits: bool  #: whether the alternative, excluded without it, would be admitted with it
    winners: tuple[str, ...]  #: the leaders then


class WhyNot(NamedTuple):
    """The case against one alternative, and for it."""

    alternative: str
    leads: bool  #: whether it is the pick, alone or not; then there is nothing against it to explain
    rival: str | None  #: the leader it is compared with; None when nobody leads
    standing: Standing  #: its rank, score and exclusions; points and score are as if admitted
    behind: int  #: points it lacks to the rival, as if admitted; negative when only an exclusion keeps it back
    loses: tuple[Comparison, ...]  #: where the rival is better, largest difference first; read "winner" as the rival
    gains: tuple[Comparison, ...]  #: where it is better itself, largest difference first
    lifts: tuple[Lift, ...]  #: its add-ons that would change something, most points first
    all_lifts: tuple[str, ...]  #: the leaders if all of these were used at once; empty without any
    flips: tuple[Flip, ...]  #: smallest changes of answers that make it the only leader
    cannot_win: bool  #: proved: it leads alone under no answers
    complete: bool  #: whether the flips are all there are of their sizes
    recommendation: Recommendation


def why_not(rules: Rules, answers: Mapping[str, object], alternative: str) -> WhyNot:
    """Explain why an alternative is not the pick.

    Args:
        rules: the rules.
        answers: as `recommend` takes them.
        alternative: id of the alternative asked about.

    Raises:
        AdvisorError: an unknown alternative, or answers that `recommend` refuses.
    """
    ids = [one.id for one in rules.alternatives]
    if alternative not in ids:
        raise AdvisorError(f'unknown framework "{alternative}"', did_you_mean(alternative, ids))
    result = recommend(rules, answers, sensitivity=False)
    table = compile_table(rules)
    state = table.state(result.answers)
    place = ids.index(alternative)
    leads = alternative in result.verdict.winners
    rival = next((one for one in result.verdict.winners if one != alternative), None)
    comparison: tuple[Comparison, ...] = ()
    behind = 0
    if rival is not None:
        criteria = counting_criteria(table, score(table, state), ids.index(rival))
        comparison = compared(table, criteria, ids.index(rival), place)
        behind = result.standing(rival).points - result.standing(alternative).points
    lifts, together = _lifts(rules, state, alternative)
    found = FlipSearch(table, state).towards(place)
    return WhyNot(
        alternative=alternative,
        leads=leads,
        rival=rival,
        standing=result.standing(alternative),
        behind=behind,
        loses=tuple(one for one in comparison if one.points > 0),
        gains=tuple(one for one in comparison if one.points < 0),
        lifts=lifts,
        all_lifts=together,
        flips=found.flips,
        cannot_win=found.cannot_win,
        complete=found.complete,
        recommendation=result,
    )


def _lifts(rules: Rules, state: list[int], alternative: str) -> tuple[tuple[Lift, ...], tuple[str, ...]]:
    place = [one.id for one in rules.alternatives].index(alternative)
    bare = score(compile_table(rules), state)
    counting = {
        rules.criteria[term.criterion].id for term, weight in zip(bare.terms, bare.weights, strict=True) if weight
    }
    counting |= {must.requirement.criterion for must in bare.musts}
    lifts = []
    for remedy in rules.remedies:
        changes = _changes(rules, remedy, counting) if remedy.alternative == alternative else ()
        if changes:
            lifted = _lifted(rules, alternative, {criterion: level for criterion, _, level in changes})
            after = score(lifted, state)
            admits = bare.excluded[place] and not after.excluded[place]
            winners = tuple(rules.alternatives[one].id for one in after.leaders)
            lifts.append(Lift(remedy, changes, after.points[place] - bare.points[place], admits, winners))
    if not lifts:
        return (), ()
    best: dict[str, int] = {}
    for lift in lifts:
        for criterion, _, level in lift.changes:
            best[criterion] = max(best.get(criterion, 0), level)
    leaders = score(_lifted(rules, alternative, best), state).leaders
    ordered = sorted(lifts, key=lambda lift: (not lift.admits, -lift.points))
    return tuple(ordered), tuple(rules.alternatives[one].id for one in leaders)


def _changes(rules: Rules, remedy: Remedy, counting: set[str]) -> tuple[tuple[str, int, int], ...]:
    changes = []
    for criterion in rules.criteria:
        if criterion.id in counting and criterion.kind == "grade" and criterion.id in remedy.lifts:
            before, after = criterion.ratings[remedy.alternative].level, remedy.lifts[criterion.id]
            if after > before:
                changes.append((criterion.id, before, after))
    return tuple(changes)


def _lifted(rules: Rules, alternative: str, levels: Mapping[str, int]) -> Table:
    """Compile the rules with other levels for one alternative, so that they are scored like any rules."""
    criteria = []
    for criterion in rules.criteria:
        if criterion.id in levels:
            rating = criterion.ratings[alternative]._replace(level=levels[criterion.id])
            criteria.append(criterion._replace(ratings={**criterion.ratings, alternative: rating}))
        else:
            criteria.append(criterion)
    return Table(rules._replace(criteria=tuple(criteria)))

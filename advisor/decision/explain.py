"""Why this one: the comparison with the runner-up, what is given up, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from advisor.decision.answers import Answers
from advisor.decision.recommendation import (
    Comparison,
    Firmness,
    LegacyAdvice,
    Pattern,
    RemedyUse,
    Standing,
)
from advisor.decision.score import Scored
from advisor.decision.search import Frame
from advisor.decision.table import State, Table, Term, holds
from advisor.knowledge.model import Caveat, Example, LegacyRule, Split


class Counting(NamedTuple):
    """One criterion that counted."""

    weight: int  #: over all answers that asked for it
    heaviest: Term  #: where answers want different kinds, the fit of the heaviest is shown
    leads: int  #: packed: what it gives the winner over every rival


def counting_criteria(table: Table, scored: Scored, winner: int) -> dict[int, Counting]:
    """Return every criterion that counted, by its number, in the order of the answers."""
    frame = Frame(table, winner)
    found: dict[int, Counting] = {}
    most: dict[int, int] = {}
    for term, weight in zip(scored.terms, scored.weights, strict=True):
        if weight:
            at = term.criterion
            known = found.get(at)
            leads = weight * frame.of_points(term.packed)
            if known is None:
                found[at], most[at] = Counting(weight, term, leads), weight
                continue
            heaviest = known.heaviest
            if weight > most[at]:
                heaviest, most[at] = term, weight
            found[at] = Counting(known.weight + weight, heaviest, known.leads + leads)
    return found


def _comparison(table: Table, at: int, counting: Counting, pair: tuple[int, int], points: int) -> Comparison:
    winner, rival = pair
    levels = counting.heaviest.levels
    return Comparison(
        table.rules.criteria[at].id,
        counting.weight,
        levels[winner],
        levels[rival],
        points,
        table.rules.alternatives[rival].id,
    )


def compared(table: Table, criteria: Mapping[int, Counting], winner: int, rival: int) -> tuple[Comparison, ...]:
    """Compare two alternatives on every criterion that counted, largest difference first.

    Args:
        table: the compiled rules.
        criteria: as `counting_criteria` returns them for the winner.
        winner: number of the alternative that is compared.
        rival: number of the one that it is compared with.
    """
    found = [(at, counting, table.differences(counting.leads)[rival]) for at, counting in criteria.items()]
    return tuple(
        _comparison(table, at, counting, (winner, rival), points)
        for at, counting, points in sorted(found, key=lambda one: (-abs(one[2]), one[0]))
    )


def given_up(
    table: Table, criteria: Mapping[int, Counting], ranking: Sequence[Standing], winner: int
) -> tuple[Comparison, ...]:
    """Return, for every criterion where a rival beats the winner, the best rival: largest loss first."""
    place_of = {alternative.id: place for place, alternative in enumerate(table.rules.alternatives)}
    ranked = [place_of[standing.alternative] for standing in ranking]
    losses: list[tuple[int, Comparison]] = []
    for at, counting in criteria.items():
        leads = table.differences(counting.leads)
        points = min(leads)
        # Over itself the winner leads by nothing.
        if points < 0:
            # Of equals the best ranked.
            rival = next(rival for rival in ranked if leads[rival] == points)
            losses.append((at, _comparison(table, at, counting, (winner, rival), points)))
    return tuple(loss for _, loss in sorted(losses, key=lambda one: (one[1].points, one[0])))


def strongest_against(comparison: Sequence[Comparison], gives_up: Sequence[Comparison]) -> Comparison | None:
    """Return the strongest argument against the winner: the runner-up's best, or else any rival's."""
    against = min(comparison, key=lambda one: one.points, default=None)
    if against is not None and against.points < 0:
        return against
    return gives_up[0] if gives_up else None


def pattern_of(table: Table, scored: Scored, criteria: Mapping[int, Counting], firmness: Firmness | None) -> Pattern:
    """Choose how the advice is explained from the situation it stands for."""
    if not scored.leaders:
        return "nothing-fits" if all(scored.excluded) else "no-basis"
    if len(scored.leaders) > 1:
        return "tied"
    winner = scored.leaders[0]
    rivals = [place for place in range(table.count) if not scored.excluded[place] and place != winner]
    if not rivals:
        return "only-one-left"
    if dominates(table, scored, winner, rivals):
        return "dominates"
    if _decisive(Frame(table, winner), criteria, rivals) == 1:
        return "one-criterion"
    return "close" if firmness == "close" else "trade-off"


def dominates(table: Table, scored: Scored, winner: int, rivals: Sequence[int]) -> bool:
    """Tell whether the winner is at least as good as every rival wherever it counts, and somewhere better."""
    frame = Frame(table, winner)
    wanted = sum(table.top(rival) for rival in rivals)
    as_good, better = wanted, 0
    for term, weight in zip(scored.terms, scored.weights, strict=True):
        if weight:
            leads = frame.of_points(term.packed)
            as_good &= leads + table.tops
            better |= leads + frame.bias
    return as_good == wanted and better & wanted == wanted


def _decisive(frame: Frame, criteria: Mapping[int, Counting], rivals: Sequence[int]) -> int:
    """Return how many criteria the winner could not win without."""
    wanted = sum(frame.table.top(rival) for rival in rivals)
    leads = sum(one.leads for one in criteria.values())
    return sum((leads - one.leads + frame.bias) & wanted != wanted for one in criteria.values())


def to_relax(table: Table, scored: Scored) -> tuple[str, ...]:
    """Return a smallest set of needs whose musts exclude some alternative: wishes before facts, then points."""
    best: tuple[tuple[int, int, int, int], tuple[str, ...]] | None = None
    for place in range(table.count):
        needs = sorted({must.need for must in scored.musts if must.below & table.top(place)})
        facts = sum(table.rules.needs[need].kind == "fact" for need in needs)
        key = (len(needs), facts, -scored.points[place], place)
        if best is None or key < best[0]:
            best = (key, tuple(table.rules.needs[need].id for need in needs))
    return best[1] if best else ()


def remedies_for(table: Table, scored: Scored) -> tuple[RemedyUse, ...]:
    """Return the add-ons that close gaps of the leaders: those that a requirement rests on first."""
    rules = table.rules
    weights: dict[str, int] = {}
    for term, weight in zip(scored.terms, scored.weights, strict=True):
        if weight and rules.criteria[term.criterion].kind == "grade":
            criterion = rules.criteria[term.criterion].id
            weights[criterion] = weights.get(criterion, 0) + weight
    required: dict[str, int] = {}
    for must in scored.musts:
        criterion = must.requirement.criterion
        required[criterion] = max(required.get(criterion, 0), must.requirement.at_least)
    leaders = {rules.alternatives[place].id for place in scored.leaders}
    uses = []
    for remedy in rules.remedies:
        for criterion, after in remedy.lifts.items() if remedy.alternative in leaders else ():
            before = rules.criterion(criterion).ratings[remedy.alternative].level
            if after > before and (criterion in weights or before < required.get(criterion, 0)):
                needed = before < required.get(criterion, 0) <= after
                uses.append(RemedyUse(remedy, criterion, before, after, needed))
    return tuple(
        sorted(uses, key=lambda use: (not use.needed, (use.before - use.after) * weights.get(use.criterion, 0)))
    )


def caveats_for(table: Table, scored: Scored, applied: State) -> tuple[Caveat, ...]:
    """Return the measured truths that bear on the leaders under these answers."""
    leaders = {table.rules.alternatives[place].id for place in scored.leaders}
    return tuple(
        caveat
        for caveat in table.rules.caveats
        if leaders
        and (not caveat.alternatives or leaders & set(caveat.alternatives))
        and holds(table.known(caveat.when), applied)
        and not (caveat.unless and holds(table.known(caveat.unless), applied))
    )


def _told(table: Table, answers: Answers) -> tuple[str, str | None] | None:
    """Return the known choice that tells the alternative in use, with that alternative; None: no code base."""
    legacy = table.rules.legacy
    answer = answers.get(legacy.need) if legacy else None
    if legacy is None or answer is None or answer.known is None or answer.known not in legacy.current:
        return None
    return answer.known, legacy.current[answer.known]


def _filled(table: Table, text: str, answers: Answers, leaders: Sequence[int]) -> str:
    """Put the names in for {current} and {pick}."""
    rules = table.rules
    told = _told(table, answers)
    current = ""
    if told and rules.legacy:
        choice, alternative = told
        current = (
            rules.alternative(alternative).name if alternative else rules.need(rules.legacy.need).choice(choice).label
        )
    pick = " or ".join(rules.alternatives[place].name for place in leaders)
    return text.replace("{current}", current).replace("{pick}", pick)


def legacy_rule(table: Table, scored: Scored, answers: Answers, applied: State) -> LegacyRule | None:
    """Return the line of the advice on the code base that exists; None without one, or without leaders."""
    told = _told(table, answers)
    if table.rules.legacy is None or told is None or not scored.leaders:
        return None
    leaders = [table.rules.alternatives[place].id for place in scored.leaders]
    relation = "same" if told[1] in leaders else "other"
    for rule in table.rules.legacy.rules:
        if rule.pick in {"any", relation} and holds(table.known(rule.when), applied):
            return rule
    return None


def legacy_advice(table: Table, scored: Scored, answers: Answers, rule: LegacyRule | None) -> LegacyAdvice | None:
    """Return what to do about the code base that exists, with the names filled in."""
    return LegacyAdvice(rule.advice, _filled(table, rule.because, answers, scored.leaders)) if rule else None


def splits_for(table: Table, scored: Scored, answers: Answers, applied: State) -> tuple[Split, ...]:
    """Return the ways to use two alternatives side by side that hold here and give a leader a part."""
    leaders = {table.rules.alternatives[place].id for place in scored.leaders}
    return tuple(
        split._replace(
            because=_filled(table, split.because, answers, scored.leaders),
            how=_filled(table, split.how, answers, scored.leaders),
        )
        for split in table.rules.splits
        if leaders & {alternative for _, alternative in split.parts}
        and holds(table.known(split.when), applied)
        and not (split.unless and holds(table.known(split.unless), applied))
    )


def revisit_events(table: Table, scored: Scored) -> tuple[str, ...]:
    """Return the events after which the advice for the leaders should be looked at again."""
    events = [event for place in scored.leaders for event in table.rules.alternatives[place].revisit_when]
    return tuple(dict.fromkeys(events))


MOST_EXAMPLES = 2


def examples_for(
    table: Table, scored: Scored, comparison: Sequence[Comparison], topic: str | None = None
) -> tuple[tuple[Example, ...], tuple[str, ...]]:
    """Choose the examples that show the strongest reasons.

    A reason is a criterion that counted; it is as strong as the points it wins over the runner-up, then as the points
    it earns at all. After the best example, further ones are chosen only while they show a reason not shown yet. The
    last place goes to the example of `topic`, where there is one: it shows how to follow the advice on existing code.

    Returns:
        The chosen examples, best first, and the leaders' other examples as "alternative/topic".
    """
    wins = {one.criterion: max(one.points, 0) for one in comparison}
    earned: dict[str, int] = {}
    leaders = [table.rules.alternatives[place].id for place in scored.leaders]
    for term, weight in zip(scored.terms, scored.weights, strict=True):
        if leaders and weight:
            criterion = table.rules.criteria[term.criterion].id
            earned[criterion] = earned.get(criterion, 0) + weight * term.levels[scored.leaders[0]]
    left = [example for example in table.rules.examples if example.alternative in leaders]
    picked: list[Example] = []
    shown: set[str] = set()
    while left and len(picked) < MOST_EXAMPLES:
        strengths = []
        for example in left:
            new = [criterion for criterion in example.criteria if criterion not in shown]
            strengths.append((sum(wins.get(one, 0) for one in new), sum(earned.get(one, 0) for one in new)))
        strongest = max(strengths)
        missing = {example.alternative for example in left} - {example.alternative for example in picked}
        if picked and not any(strongest) and not missing:
            break
        best = left.pop(strengths.index(strongest))
        picked.append(best)
        shown.update(best.criteria)
    how = next((example for example in left if topic and example.topic == topic), None)
    if how is not None:
        left = [*picked[MOST_EXAMPLES - 1 :], *(example for example in left if example is not how)]
        picked = [*picked[: MOST_EXAMPLES - 1], how]
    return tuple(picked), tuple(f"{example.alternative}/{example.topic}" for example in left)

"""Answers and rules to a recommendation: every part is worked out in its own module, here they meet."""

from __future__ import annotations

import gc
from collections.abc import Mapping

from advisor.decision.answers import Answer, parse_answers
from advisor.decision.asking import Asking
from advisor.decision.explain import (
    caveats_for,
    compared,
    counting_criteria,
    examples_for,
    given_up,
    legacy_advice,
    legacy_rule,
    pattern_of,
    remedies_for,
    revisit_events,
    splits_for,
    strongest_against,
    to_relax,
)
from advisor.decision.firmness import answers_are_firm, flipping_steps
from advisor.decision.outlook import Outlook, outlooks
from advisor.decision.recommendation import Firmness, Recommendation, State, Verdict
from advisor.decision.score import Scored, score, standings
from advisor.decision.table import Table, compile_table
from advisor.decision.verdict import Count, always_unfit, contested_places, count, settled
from advisor.errors import AdvisorError
from advisor.knowledge.model import Rules


def recommend(rules: Rules, answers: Mapping[str, object], *, sensitivity: bool = True) -> Recommendation:
    """Recommend an alternative, with everything that explains the advice.

    Args:
        rules: the rules, as `load_rules` returns them.
        answers: need → choice, several choices (a don't-know set), or a parsed `Answer`; absent needs are open.
        sensitivity: whether to work out what would change the result.

    Returns:
        The frozen recommendation.

    Raises:
        AdvisorError: an unknown need or choice, or an answer to a need that cannot apply under the other answers.
    """
    collecting = gc.isenabled()
    # Nothing here makes cycles worth collecting, and large rules make a great many small objects.
    gc.disable()
    try:
        return _recommended(rules, answers, sensitivity=sensitivity)
    finally:
        if collecting:
            gc.enable()


def _recommended(rules: Rules, answers: Mapping[str, object], *, sensitivity: bool) -> Recommendation:
    table = compile_table(rules)
    known = parse_answers(rules, answers)
    state = table.state(known)
    refuse_inapplicable(table, state, known)
    scored = score(table, state)
    blocks = outlooks(table, state)
    contested = contested_places(table, blocks)
    ranking = standings(table, scored)
    firmness = _firmness(table, state, scored)
    applied = table.applied(state)
    place_of = {alternative.id: place for place, alternative in enumerate(rules.alternatives)}
    runner_up = ranking[1].alternative if scored.leaders and len(ranking) > 1 else None
    criteria = counting_criteria(table, scored, scored.leaders[0]) if scored.leaders else {}
    comparison = compared(table, criteria, scored.leaders[0], place_of[runner_up]) if runner_up else ()
    gives_up = given_up(table, criteria, ranking, scored.leaders[0]) if scored.leaders else ()
    rule = legacy_rule(table, scored, known, applied)
    examples, more = examples_for(table, scored, comparison, rule.topic if rule else None)
    result = Recommendation(
        rules=rules,
        answers=known,
        verdict=_verdict(table, blocks, contested, scored, firmness),
        ranking=ranking,
        perfect=scored.perfect,
        pattern=pattern_of(table, scored, criteria, firmness),
        comparison=comparison,
        against=strongest_against(comparison, gives_up),
        gives_up=gives_up,
        relax=to_relax(table, scored) if all(scored.excluded) else (),
        remedies=remedies_for(table, scored),
        caveats=caveats_for(table, scored, applied),
        legacy=legacy_advice(table, scored, known, rule),
        splits=splits_for(table, scored, known, applied),
        revisit_when=revisit_events(table, scored),
        examples=examples,
        more_examples=more,
        telling=tuple(question.need for question in Asking(table, state, blocks, contested).questions()),
        sensitivity=None,
        runner_up=runner_up,
    )
    if not sensitivity or not scored.leaders:
        return result
    from advisor.decision.sensitivity import sensitivity_of

    return result._replace(sensitivity=sensitivity_of(table, state, scored, criteria))


def refuse_inapplicable(table: Table, state: list[int], answers: Mapping[str, Answer]) -> None:
    """Refuse an answer to a need that is known not to apply.

    Raises:
        AdvisorError: naming that need and the one that rules it out.
    """
    for need, ruled_by in table.inapplicable(state).items():
        if state[need]:
            own, other = table.rules.needs[need], table.rules.needs[ruled_by]
            given = answers.get(other.id)
            because = f'{other.id} is "{",".join(given.choices)}"' if given else f"{other.id} does not apply either"
            applies = " and ".join(f"{named} is {' or '.join(choices)}" for named, choices in own.applies_when)
            raise AdvisorError(f"{own.id} does not apply: {because}", f"leave {own.id} out; it applies when {applies}")


def _firmness(table: Table, state: list[int], scored: Scored) -> Firmness | None:
    if not scored.leaders:
        return None
    if len(scored.leaders) > 1:
        return "tie"
    firm = answers_are_firm(table, state, table.top(scored.leaders[0])) and not any(flipping_steps(table, scored))
    return "firm" if firm else "close"


def _verdict(
    table: Table, blocks: list[Outlook], contested: list[int], scored: Scored, firmness: Firmness | None
) -> Verdict:
    names = tuple(table.rules.alternatives[place].id for place in scored.leaders)
    counted = count(table, blocks, contested=contested)
    ways = counted.ways or {}
    completions = {
        alternative.id: sum(number for lead, number in ways.items() if lead & table.top(place))
        for place, alternative in enumerate(table.rules.alternatives)
    }
    state: State = "open"
    if all(scored.excluded) and always_unfit(table, blocks):
        state = "nothing-fits"
    elif settled(table, blocks, scored.leaders):
        state = "settled"
    elif len(names) == 1 and 2 * completions[names[0]] > counted.total:
        state = "leaning"
    return Verdict(
        state=state,
        firmness=firmness,
        winners=names,
        completions=completions if counted.ways is not None else {},
        total=counted.total,
        ties=sum(number for lead, number in ways.items() if lead & (lead - 1)),
        unfit=ways.get(0, 0),
        reason=_reason(table, scored, state, counted, completions),
        baseless=counted.baseless,
        counted=counted.ways is not None,
    )


def _reason(table: Table, scored: Scored, state: State, counted: Count, completions: Mapping[str, int]) -> str:
    rules = table.rules
    if not scored.leaders:
        if not all(scored.excluded):
            return "No answer weighs anything yet, so there is no basis for advice."
        missed = f"Each of the {rules.subject} misses at least one must"
        return f"{missed}." if state == "nothing-fits" else f"{missed} on what is answered; open needs can change that."
    names = " and ".join(rules.alternatives[place].name for place in scored.leaders)
    leads = f"{names} leads" if len(scored.leaders) == 1 else f"{names} share the lead"
    if state == "settled":
        how = " however the open needs are answered" if counted.total > 1 else "; no need is open"
    elif counted.ways is None:
        how = " on what is answered; there are too many ways to answer the open needs to count them"
    elif len(scored.leaders) > 1:
        how = " on what is answered; open needs can change that"
    else:
        own = completions[rules.alternatives[scored.leaders[0]].id]
        how = f" in {own:,} of {counted.total:,} ways to answer the open needs"
        if own == counted.total:
            # Otherwise "in 39 of 39" would read as settled.
            how += f", in {own - counted.ways.get(table.top(scored.leaders[0]), 0):,} of them not alone"
    return f"{leads}{how}."

"""What a conversation says: messages built from the state, each read off the recommendation so far."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from advisor.decision.answers import Answer, in_file_order
from advisor.decision.recommendation import Recommendation
from advisor.interview import messages as say
from advisor.interview.entries import ALIASES, AT_A_QUESTION, keys_for
from advisor.interview.state import (
    Setup,
    State,
    applies,
    current_need,
    in_effect,
    mattering,
    may_come,
    next_question,
    not_asked,
)
from advisor.knowledge.model import Choice, Need, Rules

SHOWN = 2
"""How many places in a code base are named for one answer; the answers file has all."""


def ask(setup: Setup, state: State) -> say.Ask:
    """Return the question on screen."""
    need = offer_need(state) if state.mode == "offer" else setup.rules.need(current_need(state))
    old = state.given.get(need.id)
    return say.Ask(
        need=need,
        keys=keys_for(need.choice_ids),
        asked=len(set(state.asked)),
        left=len(may_come(setup, state) | _on_screen_again(state, need)),
        purpose=_purpose(state, need, answered=old is not None),
        old=("yes",) if state.mode == "offer" else old.choices if old else (),
        set_aside=state.mode == "asking" and not applies(setup.rules, state.given, need.id),
        clash=tuple(choice for choice in need.choice_ids if ALIASES.get(choice.lower()) in AT_A_QUESTION),
        skips=len(state.skipped),
    )


def _on_screen_again(state: State, need: Need) -> set[str]:
    """Return the need on screen if it was passed before and can change the result."""
    passed = need.id in state.given or need.id in state.skipped
    return {need.id} if passed and need.id in state.order else set()


def _purpose(state: State, need: Need, *, answered: bool) -> say.Purpose:
    if state.mode == "offer" or answered or need.id in state.order:
        return "result"
    return "existing code" if need.id == state.guiding else "extra"


def offer_need(state: State) -> Need:
    """Return the offer as a question like any other."""
    seen = state.offer.seen if state.offer is not None else ""
    yes = Choice("yes", "Yes", "take these answers; each can be changed later.", (), ())
    no = Choice("no", "No", "leave them aside and ask.", (), ())
    question = f"I see {seen}. Use what I found?"
    return Need(
        id="code base",
        title="Code base",
        question=question,
        help="",
        terms={},
        kind="fact",
        ordered=False,
        core=False,
        applies_when=(),
        choices=(yes, no),
    )


def evidence(rules: Rules, state: State) -> tuple[str, ...]:
    """Return what was seen for every answer offered."""
    answers = in_file_order(rules, state.offer.answers) if state.offer is not None else {}
    return tuple(_seen(rules, need_id, answer) for need_id, answer in answers.items())


def _seen(rules: Rules, need_id: str, answer: Answer) -> str:
    more = len(answer.evidence) - SHOWN
    places = [*answer.evidence[:SHOWN], *([f"{more} more"] if more > 0 else [])]
    said = f"{rules.need(need_id).title}: {' or '.join(answer.choices)}"
    return f"{said} ({'; '.join(places)})" if places else said


def help_on(setup: Setup, state: State) -> tuple[say.Message, ...]:
    """Return the help for where the conversation stands."""
    if state.mode != "asking":
        return (say.Commands("ending" if state.mode == "ending" else "review"),)
    need = setup.rules.need(current_need(state))
    answer = state.given.get(need.id)
    return (say.Help(need, keys_for(need.choice_ids), answer.evidence if answer else ()),)


def expected(state: State, need: Need) -> str:
    """Return what can be typed at a question."""
    keys = keys_for(need.choice_ids)
    enter = "to keep the answer shown" if need.id in state.given else "if you don't know"
    return f"Type {keys[0]} to {keys[-1]}, a word ({', '.join(need.choice_ids)}), Enter {enter}, or ? for help."


def review(setup: Setup, state: State) -> say.Review:
    """Return the table of all answers."""
    can_come = may_come(setup, state)
    rows = tuple(_row(setup, state, need, can_come) for need in setup.rules.needs)
    goes_on = state.current is not None or next_question(setup, state) is not None
    return say.Review(rows, len(can_come), "question" if goes_on else "advice")


def _row(setup: Setup, state: State, need: Need, can_come: set[str]) -> say.Row:
    answer = state.given.get(need.id)
    fits = applies(setup.rules, state.given, need.id)
    if answer is not None:
        return say.Row(need.id, need.title, answer.choices, "answered" if fits else "set aside", answer.origin)
    if not fits:
        return say.Row(need.id, need.title, (), "does not apply", "")
    if need.id in state.skipped:
        return say.Row(need.id, need.title, (), "left open", "")
    return say.Row(need.id, need.title, (), "open" if need.id in can_come else "not needed", "")


def stopped(setup: Setup, state: State) -> say.Stopped:
    """Return why no more is asked."""
    rules, verdict = setup.rules, state.outlook.verdict
    several = {need_id for need_id, answer in state.outlook.answers.items() if answer.known is None}
    return say.Stopped(
        state=verdict.state,
        winners=tuple(rules.alternative(winner).name for winner in verdict.winners),
        reason=verdict.reason,
        not_asked=tuple(rules.need(need_id).title for need_id in not_asked(setup, state)),
        left_open=tuple(need.title for need in rules.needs if need.id in state.skipped | several),
        inapplicable=tuple(need.title for need in rules.needs if not applies(rules, state.given, need.id)),
    )


def so_far(setup: Setup, state: State) -> say.SoFar:
    """Return the standing on what is answered."""
    verdict = state.outlook.verdict
    return say.SoFar(
        standing=tuple(
            (setup.rules.alternative(one.alternative).name, one.points, one.score, bool(one.exclusions))
            for one in state.outlook.ranking
        ),
        state=verdict.state,
        winners=tuple(setup.rules.alternative(winner).name for winner in verdict.winners),
        reason=verdict.reason,
        left=len(may_come(setup, state)),
    )


def why(setup: Setup, state: State) -> say.Why:
    """Return why the need on screen is asked: what it can still move, worked out by trying every choice."""
    rules = setup.rules
    need = rules.need(current_need(state))
    without = {known: answer for known, answer in state.given.items() if known != need.id}
    base = setup.recommend(rules, in_effect(rules, without))
    tried = {
        choice: setup.recommend(
            rules, in_effect(rules, in_file_order(rules, {**without, need.id: Answer((choice,), "prompt")}))
        )
        for choice in need.choice_ids
    }
    return say.Why(
        need=need,
        gate=tuple(
            (rules.need(gate).title, " or ".join(without[gate].choices))
            for gate, _ in need.applies_when
            if gate in without
        ),
        first=_why_first(rules, state, base, need),
        standing=tuple(
            (rules.alternative(one.alternative).name, one.points, bool(one.exclusions)) for one in base.ranking
        ),
        swings=_swings(rules, base, list(tried.values())),
        resting=_resting(rules, base),
        effects=tuple(_effect(rules, base, choice, tried) for choice in tried),
    )


def _why_first(
    rules: Rules, state: State, base: Recommendation, need: Need
) -> Literal["legacy", "core", "telling", "existing code", "extra"]:
    if need.id not in mattering(rules, base):
        return "existing code" if need.id == state.guiding else "extra"
    if rules.legacy is not None and rules.legacy.need == need.id:
        return "legacy"
    return "core" if need.core else "telling"


def _swings(rules: Rules, base: Recommendation, tried: list[Recommendation]) -> tuple[tuple[str, str, int], ...]:
    """Return how far the choices can move every rival against the present leader."""
    if not base.verdict.winners:
        return ()
    leader = base.verdict.winners[0]
    swings = []
    for rival in base.ranking:
        leads = [then.standing(leader).points - then.standing(rival.alternative).points for then in tried]
        swing = max(leads) - min(leads)
        if swing:
            swings.append((rules.alternative(rival.alternative).name, rules.alternative(leader).name, swing))
    return tuple(swings)


def _resting(rules: Rules, base: Recommendation) -> tuple[tuple[str, str], ...]:
    """The answers behind the standing: those that gave points or excluded somebody."""
    counted = {part.need for one in base.ranking for part in one.contributions}
    counted |= {part.need for one in base.ranking for part in one.exclusions}
    return tuple(
        (rules.need(need_id).title, " or ".join(answer.choices))
        for need_id, answer in base.answers.items()
        if need_id in counted
    )


def _effect(rules: Rules, base: Recommendation, choice: str, tried: Mapping[str, Recommendation]) -> say.Effect:
    then = tried[choice]
    before = {one.alternative: one for one in base.ranking}
    moved = tuple(
        (rules.alternative(one.alternative).name, one.points - before[one.alternative].points)
        for one in then.ranking
        if one.points != before[one.alternative].points
    )
    out = tuple(
        rules.alternative(one.alternative).name
        for one in then.ranking
        if one.exclusions and not before[one.alternative].exclusions
    )
    leaders = tuple(rules.alternative(winner).name for winner in then.verdict.winners)
    advice = {other.legacy.advice for other in tried.values() if other.legacy}
    legacy = then.legacy.advice if then.legacy and len(advice) > 1 else None
    return say.Effect(choice, moved, out, leaders, then.verdict.state == "settled", legacy)

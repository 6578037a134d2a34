"""Where a conversation stands, and which needs it still has to ask."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple

from advisor.decision.answers import Answer, Answers, in_file_order
from advisor.decision.recommendation import Recommendation
from advisor.knowledge.model import Rules

Mode = Literal["offer", "asking", "review", "ending", "finished"]
Recommend = Callable[[Rules, Answers], Recommendation]


class CodebaseOffer(NamedTuple):
    """Answers read from a code base, to be taken or left as a whole."""

    seen: str  #: one clause: what was seen
    answers: Answers


class Setup(NamedTuple):
    """What a conversation rests on and never changes."""

    rules: Rules
    recommend: Recommend  #: the core; must be pure


class State(NamedTuple):
    """Where a conversation stands."""

    mode: Mode
    given: Answers  #: every answer there is, in the order of the rules file; those that do not apply included
    skipped: frozenset[str]  #: needs answered with "don't know"
    asked: tuple[str, ...]  #: needs asked and passed, oldest first: what `back` walks through
    current: str | None  #: the need on screen
    changing: bool  #: the need on screen was chosen in the review, which follows its answer
    ask_all: bool
    advised: bool
    offer: CodebaseOffer | None
    outlook: Recommendation  #: on the answers in effect
    order: tuple[str, ...]  #: open needs that can change the result, in asking order; passed ones included
    guiding: str | None  #: once the result is settled: a need that still changes the advice on the code that exists


def applies(rules: Rules, answers: Answers, need_id: str) -> bool:
    """Tell whether a need still applies: no answer in effect contradicts its condition."""
    for gate, choices in rules.need(need_id).applies_when:
        if not applies(rules, answers, gate):
            return False
        answer = answers.get(gate)
        if answer is not None and not set(answer.choices) & set(choices):
            return False
    return True


def in_effect(rules: Rules, given: Answers) -> dict[str, Answer]:
    """Return the answers that count: those to needs that apply."""
    return {need_id: answer for need_id, answer in given.items() if applies(rules, given, need_id)}


def with_answers(setup: Setup, state: State, given: Answers) -> State:
    """Return the state with other answers, and with what follows from them and from what is skipped."""
    if given != state.given:
        outlook = setup.recommend(setup.rules, in_effect(setup.rules, given))
        state = state._replace(given=given, outlook=outlook, order=tuple(mattering(setup.rules, outlook)))
    return state._replace(guiding=None if open_needs(state) else _guiding(setup, state))


def _guiding(setup: Setup, state: State) -> str | None:
    """Return the first open need whose answer decides between staying with the code that exists and moving."""
    known = in_effect(setup.rules, state.given)
    for need_id in _named_by_legacy(setup, state):
        advice = {
            then.legacy.advice if then.legacy else None
            for then in (
                setup.recommend(
                    setup.rules, in_file_order(setup.rules, {**known, need_id: Answer((choice,), "prompt")})
                )
                for choice in setup.rules.need(need_id).choice_ids
            )
        }
        if len(advice) > 1:
            return need_id
    return None


def _named_by_legacy(setup: Setup, state: State) -> list[str]:
    """Return the needs not asked yet on which the advice about the code that exists may rest, while there is any."""
    legacy = setup.rules.legacy
    if legacy is None or legacy.need in state.skipped:
        return []
    existing = state.given.get(legacy.need)
    if existing is not None and not set(existing.choices) & set(legacy.current):
        return []
    named = {need_id for rule in legacy.rules for need_id, _ in rule.when}
    return [
        need.id
        for need in setup.rules.needs
        if need.id in named
        and need.id not in state.given
        and need.id not in state.skipped
        and applies(setup.rules, state.given, need.id)
    ]


def open_needs(state: State) -> tuple[str, ...]:
    """Return the needs that can still matter and were not asked yet, in the order in which they are asked."""
    return tuple(need_id for need_id in state.order if need_id not in state.given and need_id not in state.skipped)


def may_come(setup: Setup, state: State) -> set[str]:
    """Return the needs that can still be asked: those that matter now, and those that may yet come to apply."""
    now = open_needs(state)
    if not now:
        return set(_named_by_legacy(setup, state)) if state.guiding else set()
    later = {
        need.id
        for need in setup.rules.needs
        if need.id not in state.given
        and need.id not in state.skipped
        and any(gate in now for gate, _ in need.applies_when)
    }
    return later.union(now, _named_by_legacy(setup, state))


def mattering(rules: Rules, outlook: Recommendation) -> list[str]:
    """Return the open needs that can change the result, in asking order.

    The code base that exists comes first, then the core in file order, then the most telling.
    """
    telling = outlook.telling
    places = {need.id: place for place, need in enumerate(rules.needs)}
    first = rules.legacy.need if rules.legacy else None

    def place(need_id: str) -> tuple[bool, bool, int]:
        core = rules.need(need_id).core
        return need_id != first, not core, places[need_id] if core else telling.index(need_id)

    return sorted(telling, key=place)


def next_question(setup: Setup, state: State) -> str | None:
    """Return the need to ask next, or None when nothing is left that is worth asking."""
    can_matter = open_needs(state)
    if can_matter:
        return can_matter[0]
    if state.guiding is not None:
        return state.guiding
    return next(iter(not_asked(setup, state)), None) if state.ask_all else None


def not_asked(setup: Setup, state: State) -> list[str]:
    """Return the needs that apply, were not asked, and cannot change the result."""
    can_matter = set(open_needs(state))
    return [
        need.id
        for need in setup.rules.needs
        if need.id not in state.given
        and need.id not in state.skipped
        and need.id not in can_matter
        and need.id != state.guiding
        and applies(setup.rules, state.given, need.id)
    ]


def current_need(state: State) -> str:
    """Return the need on screen."""
    if state.current is None:
        raise AssertionError("a question is on screen in mode asking")
    return state.current

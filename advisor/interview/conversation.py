"""The conversation as a pure state machine: (setup, state, entry) → (state, messages).

Nothing here reads, prints or opens a file: an adapter feeds it lines and shows its messages, a test replays it.
Every answer ever given stays in the state, also while it does not apply, until it is replaced or withdrawn.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import PurePath

from advisor.decision.answers import Answer, Answers, in_file_order
from advisor.interview import messages as say
from advisor.interview import saying
from advisor.interview.entries import (
    AT_AN_OFFER,
    AT_THE_END,
    IN_A_REVIEW,
    Command,
    Nothing,
    Ordered,
    Picked,
    Unclear,
    keys_for,
    read_entry,
)
from advisor.interview.state import (
    CodebaseOffer,
    Setup,
    State,
    applies,
    current_need,
    in_effect,
    mattering,
    may_come,
    next_question,
    with_answers,
)

Turn = tuple[State, tuple[say.Message, ...]]


def begin(
    setup: Setup,
    answers: Answers | None = None,
    *,
    left_open: Collection[str] = (),
    offer: CodebaseOffer | None = None,
    ask_all: bool = False,
) -> Turn:
    """Begin a conversation.

    Args:
        setup: rules and core.
        answers: answers that are there already, from a file or flags.
        left_open: needs that were answered with "don't know" already.
        offer: what a scan of the code base found, to be offered first.
        ask_all: whether to ask also what cannot change the result.

    Returns:
        The state and the messages to show.
    """
    given = in_file_order(setup.rules, answers or {})
    outlook = setup.recommend(setup.rules, in_effect(setup.rules, given))
    state = State(
        mode="asking",
        given=given,
        skipped=frozenset(left_open) - set(given),
        asked=(),
        current=None,
        changing=False,
        ask_all=ask_all,
        advised=False,
        offer=offer,
        outlook=outlook,
        order=tuple(mattering(setup.rules, outlook)),
        guiding=None,
    )
    state = with_answers(setup, state, given)
    rules = setup.rules
    aside = tuple(rules.need(need_id).title for need_id in given if not applies(rules, given, need_id))
    welcome = say.Welcome(rules.title, rules.subject, len(may_come(setup, state)), len(state.given), aside)
    if offer is not None and offer.answers:
        state = state._replace(mode="offer")
        return state, (welcome, saying.ask(setup, state))
    return _greet(_onward(setup, state), welcome)


def step(setup: Setup, state: State, entry: str) -> Turn:
    """Take one line that was typed, and say what comes next.

    Args:
        setup: as given to `begin`.
        state: the state so far.
        entry: the line, without its end.

    Returns:
        The next state and the messages to show. An entry that means nothing changes nothing.
    """
    match state.mode:
        case "offer":
            return _at_the_offer(setup, state, entry)
        case "asking":
            return _at_a_question(setup, state, entry)
        case "review":
            return _in_the_review(setup, state, entry)
        case "ending":
            return _at_the_end(setup, state, entry)
        case "finished":
            return state, ()


def _at_the_offer(setup: Setup, state: State, entry: str) -> Turn:
    need = saying.offer_need(state)
    read = read_entry(entry, need.choice_ids, AT_AN_OFFER)
    if isinstance(read, Ordered) and read.command == "help":
        return state, (
            say.Help(need, keys_for(need.choice_ids), saying.evidence(setup.rules, state)),
            *_again(setup, state),
        )
    if isinstance(read, Ordered) and read.command == "quit":
        return _leave(setup, state)
    if isinstance(read, Unclear) or (isinstance(read, Picked) and len(read.choices) > 1):
        return state, (say.Wrong(entry, "", "Type yes or no, or ? for what was found."), *_again(setup, state))
    taken = isinstance(read, Nothing) or (isinstance(read, Picked) and read.choices == ("yes",))
    offered = state.offer.answers if taken and state.offer is not None else {}
    given = in_file_order(setup.rules, {**offered, **state.given})
    taken_count = len(given) - len(state.given)
    state = with_answers(setup, state._replace(mode="asking"), given)
    note = f"Answers taken from the code base: {taken_count}." if taken else "Left aside."
    return _greet(_onward(setup, state), say.Note(note))


def _at_a_question(setup: Setup, state: State, entry: str) -> Turn:
    need = setup.rules.need(current_need(state))
    read = read_entry(entry, need.choice_ids)
    match read:
        case Picked(choices):
            return _answered(setup, state, Answer(choices, "prompt"))
        case Nothing():
            return _answered(setup, state, state.given.get(need.id))
        case Unclear(problem):
            return state, (say.Wrong(entry, problem, saying.expected(state, need)), *_again(setup, state))
        case Ordered(command, name):
            return _ordered(setup, state, command, name)


def _in_the_review(setup: Setup, state: State, entry: str) -> Turn:
    needs = tuple(row.need for row in saying.review(setup, state).rows)
    read = read_entry(entry, needs, IN_A_REVIEW)
    match read:
        case Picked(choices) if len(choices) == 1:
            state = state._replace(mode="asking", current=choices[0], changing=True)
            return state, (saying.ask(setup, state),)
        case Nothing():
            return _out_of_the_review(setup, state)
        case Ordered(command, name):
            return _ordered(setup, state, command, name)
        case _:
            problem = read.problem if isinstance(read, Unclear) else "one at a time"
            expected = f"Type the number of the answer to change (1 to {len(needs)}), or Enter to go on."
            return state, (say.Wrong(entry, problem, expected),)


def _at_the_end(setup: Setup, state: State, entry: str) -> Turn:
    read = read_entry(entry, (), AT_THE_END)
    match read:
        case Nothing():
            return _leave(setup, state)
        case Ordered("report" | "examples" as command, name):
            return state, (_to_keep(command, name),)
        case Ordered(command, name):
            return _ordered(setup, state, command, name)
    name = entry.strip()
    if "." in name or "/" in name:
        return state, (say.Export(PurePath(name)),)
    return state, (say.Wrong(entry, f'"{name}" is no command', "Type a file name, a command, or Enter to end."),)


def _to_keep(command: Command, name: str) -> say.Message:
    if command == "examples":
        return say.SaveExamples(PurePath(name) if name else None)
    return say.Export(PurePath(name)) if name else say.Wrong("", "", "A report needs a file name: report advice.md")


def _ordered(setup: Setup, state: State, command: Command, name: str) -> Turn:
    """Follow a command that moves the conversation, or answer one that does not and show the question again."""
    move = MOVES.get(command)
    if move is not None:
        return move(setup, state)
    if command == "save":
        said: tuple[say.Message, ...] = (say.Save(PurePath(name) if name else None),)
    elif command == "why":
        said = (saying.why(setup, state),)
    elif command == "so far":
        said = (saying.so_far(setup, state),)
    else:
        said = saying.help_on(setup, state)
    return state, (*said, *_again(setup, state))


def _answered(setup: Setup, state: State, answer: Answer | None) -> Turn:
    need_id = current_need(state)
    given = {known: kept for known, kept in state.given.items() if known != need_id}
    if answer is not None:
        given[need_id] = answer
    skipped = state.skipped - {need_id} if answer else state.skipped | {need_id}
    passed = state.asked if state.changing else (*state.asked, need_id)
    state = state._replace(skipped=skipped, asked=passed, current=None)
    state = with_answers(setup, state, in_file_order(setup.rules, given))
    if state.changing:
        state = state._replace(mode="review", changing=False, current=next_question(setup, state))
        return state, (saying.review(setup, state),)
    return _onward(setup, state)


def _skip(setup: Setup, state: State) -> Turn:
    return _answered(setup, state, None)


def _show_review(setup: Setup, state: State) -> Turn:
    state = state._replace(mode="review")
    return state, (saying.review(setup, state),)


def _onward(setup: Setup, state: State) -> Turn:
    """Ask the next need, or stop and show the review."""
    current = next_question(setup, state)
    if current is not None:
        state = state._replace(mode="asking", current=current, changing=False)
        return state, (saying.ask(setup, state),)
    state = state._replace(mode="review", current=None, changing=False)
    return state, (saying.stopped(setup, state), saying.review(setup, state))


def _back(setup: Setup, state: State) -> Turn:
    if state.mode == "review" and state.current is not None:
        state = state._replace(mode="asking")
        return state, (saying.ask(setup, state),)
    if state.changing:
        state = state._replace(mode="review", changing=False, current=next_question(setup, state))
        return state, (saying.review(setup, state),)
    passed = [need_id for need_id in state.asked if applies(setup.rules, state.given, need_id)]
    if not passed:
        if state.current is None:
            return _show_review(setup, state)
        return state, (say.Note("This is the first question."), *_again(setup, state))
    before = state.asked[: state.asked.index(passed[-1])]
    state = state._replace(mode="asking", asked=before, current=passed[-1], changing=False)
    return state, (saying.ask(setup, state),)


def _out_of_the_review(setup: Setup, state: State) -> Turn:
    current = state.current or next_question(setup, state)
    if current is None:
        return _advise(setup, state)
    state = state._replace(mode="asking", current=current)
    return state, (saying.ask(setup, state),)


def _go_on_with_all(setup: Setup, state: State) -> Turn:
    state = state._replace(ask_all=True)
    if state.mode == "asking":
        return state, (say.Note("Every question will be asked."), *_again(setup, state))
    return _greet(_onward(setup, state), say.Note("Every question will be asked."))


def _advise(_setup: Setup, state: State) -> Turn:
    state = state._replace(mode="ending", current=None, changing=False, advised=True)
    return state, (say.Advise(), say.Offer())


def _leave(_setup: Setup, state: State) -> Turn:
    return state._replace(mode="finished"), (say.Leave(state.advised),)


def _greet(turn: Turn, first: say.Message) -> Turn:
    state, said = turn
    return state, (first, *said)


def _again(setup: Setup, state: State) -> tuple[say.Message, ...]:
    """What stands on the screen while a command has been answered in between."""
    return (saying.ask(setup, state)._replace(again=True),) if state.mode in ("asking", "offer") else ()


MOVES: Mapping[Command, Callable[[Setup, State], Turn]] = {
    "back": _back,
    "skip": _skip,
    "review": _show_review,
    "done": _advise,
    "all": _go_on_with_all,
    "quit": _leave,
}

"""The state machine, step by step."""

from __future__ import annotations

import pytest

from advisor.decision.answers import Answer
from advisor.interview import messages as say
from advisor.interview.conversation import begin, step
from advisor.interview.state import CodebaseOffer, Setup, State, applies, in_effect, may_come, open_needs
from advisor.knowledge.model import Rules

from .bicycles import RULES
from .replaying import outlook

SETUP = Setup(RULES, outlook)


def after(
    *entries: str, ask_all: bool = False, rules: Rules = RULES, **given: str
) -> tuple[State, tuple[say.Message, ...]]:
    setup = Setup(rules, outlook)
    answers = {need: Answer(tuple(words.split(",")), "file") for need, words in given.items()}
    state, said = begin(setup, answers, ask_all=ask_all)
    for entry in entries:
        state, said = step(setup, state, entry)
    return state, said


def answers(state: State) -> dict[str, str]:
    return {need: ",".join(answer.choices) for need, answer in state.given.items()}


def only(said: tuple[say.Message, ...], kind: type) -> say.Message:
    [message] = [message for message in said if isinstance(message, kind)]
    return message


def test_what_exists_is_asked_first_then_the_core_in_file_order_then_the_most_telling() -> None:
    state, _ = after()
    assert open_needs(state)[:3] == ("owned", "luggage", "distance")
    assert open_needs(state)[3:] == tuple(
        need for need in state.outlook.telling if need not in ("owned", "luggage", "distance")
    )


def test_the_count_of_questions_includes_those_that_may_come_to_apply() -> None:
    state, said = after()
    assert "trouble" not in open_needs(state)
    assert "trouble" in may_come(SETUP, state)
    welcome = only(said, say.Welcome)
    assert isinstance(welcome, say.Welcome)
    assert welcome.most == 6


def test_a_gated_need_is_asked_only_where_it_applies() -> None:
    assert "trouble" in open_needs(after("tourer")[0])
    state, _ = after("none")
    assert "trouble" not in may_come(SETUP, state)
    assert not applies(RULES, state.given, "trouble")


def test_back_shows_the_old_answer_and_keeps_later_ones() -> None:
    state, said = after("tourer", "no", "short", "back", "back")
    ask = only(said, say.Ask)
    assert isinstance(ask, say.Ask)
    assert (ask.need.id, ask.old) == ("luggage", ("no",))
    assert answers(state) == {"luggage": "no", "distance": "short", "owned": "tourer"}
    state, said = step(SETUP, state, "nice")
    assert answers(state) == {"luggage": "nice", "distance": "short", "owned": "tourer"}
    assert state.current not in ("luggage", "distance", "owned")


def test_enter_keeps_the_answer_shown_and_otherwise_means_do_not_know() -> None:
    state, _ = after("tourer", "back", "")
    assert answers(state) == {"owned": "tourer"}
    state, _ = after("", "")
    assert answers(state) == {}
    assert state.skipped == {"owned", "luggage"}


def test_skip_withdraws_an_answer() -> None:
    state, _ = after("tourer", "back", "skip")
    assert answers(state) == {}
    assert state.skipped == {"owned"}


def test_back_at_the_first_question_says_so() -> None:
    _, said = after("back")
    assert only(said, say.Note) == say.Note("This is the first question.")


def test_back_passes_over_a_question_that_does_not_apply_any_more() -> None:
    state, _ = after("tourer", "no", "short")
    while state.current != "trouble":
        state, _ = step(SETUP, state, "")
    state, _ = step(SETUP, state, "no")
    for entry in ("review", "3", "none", ":back", ":back"):
        state, _ = step(SETUP, state, entry)
    assert state.current not in (None, "trouble")


def test_an_answer_that_stops_applying_is_set_aside_and_comes_back() -> None:
    state, _ = after("review", "4", "yes", owned="tourer")
    assert answers(in_effect_state(state)) == {"owned": "tourer", "trouble": "yes"}
    for entry in ("3", "none"):
        state, said = step(SETUP, state, entry)
    assert answers(state) == {"owned": "none", "trouble": "yes"}
    assert in_effect(RULES, state.given).keys() == {"owned"}
    review = only(said, say.Review)
    assert isinstance(review, say.Review)
    assert review.rows[3].status == "set aside"
    for entry in ("3", "other"):
        state, _ = step(SETUP, state, entry)
    assert in_effect(RULES, state.given).keys() == {"owned", "trouble"}


def in_effect_state(state: State) -> State:
    return state._replace(given=in_effect(RULES, state.given))


def test_several_choices_are_an_answer_that_is_not_asked_again() -> None:
    state, _ = after("2,3")
    assert state.given["owned"] == Answer(("tourer", "other"), "prompt")
    assert state.current == "luggage"


def test_the_review_can_answer_what_was_not_asked() -> None:
    state, _ = after("review", "6", "2", "")
    assert answers(state) == {"way": "why"}
    assert state.current == "owned"


@pytest.mark.parametrize("entry", ["0", "7", "1,2", "nonsense", "-1"])
def test_a_wrong_number_in_the_review_changes_nothing(entry: str) -> None:
    state, _ = after("tourer", "review")
    then, said = step(SETUP, state, entry)
    assert then == state
    assert isinstance(said[0], say.Wrong)


def test_why_tells_what_every_choice_moves() -> None:
    """Luggage after a tourer is owned (price 2): no → speed 2, nice → load 2, must → load 6 and load of at least 3."""
    _, said = after("why", owned="tourer")
    why = only(said, say.Why)
    assert isinstance(why, say.Why)
    assert why.first == "core"
    assert why.standing == (("Tourer", 6, False), ("Racer", 4, False), ("Cargo", 0, False))
    assert why.resting == (("Owned now", "tourer"),)
    moved = {effect.choice: dict(effect.moved) for effect in why.effects}
    assert moved == {
        "no": {"Tourer": 4, "Racer": 8, "Cargo": 2},
        "nice": {"Tourer": 6, "Cargo": 8},
        "must": {"Tourer": 18, "Cargo": 24},
    }
    assert [effect.out for effect in why.effects] == [(), (), ("Racer",)]
    # Racer against Tourer: -4, +6, +18 points; Cargo against Tourer: +2, -2, -6.
    assert why.swings == (("Racer", "Tourer", 22), ("Cargo", "Tourer", 8))
    assert [effect.leaders for effect in why.effects] == [("Racer",), ("Tourer",), ("Tourer", "Cargo")]


def test_why_names_the_answer_that_made_a_question_apply() -> None:
    _, said = after("review", "4", "why", owned="tourer")
    why = only(said, say.Why)
    assert isinstance(why, say.Why)
    assert why.gate == (("Owned now", "tourer"),)


def test_it_stops_when_settled_and_says_what_was_not_asked() -> None:
    state, said = after("none", "no", "long")
    stopped = only(said, say.Stopped)
    assert isinstance(stopped, say.Stopped)
    assert stopped.state == "settled"
    assert stopped.winners == ("Racer",)
    assert stopped.not_asked == ("Gears", "Way home")
    assert stopped.inapplicable == ("Trouble",)
    assert state.mode == "review"


def test_a_settled_pick_that_differs_from_what_exists_asks_what_decides_between_staying_and_moving() -> None:
    state, said = after("tourer", "no", "long")
    assert state.outlook.verdict.state == "settled"
    ask = only(said, say.Ask)
    assert isinstance(ask, say.Ask)
    assert (ask.need.id, ask.purpose, ask.left) == ("trouble", "existing code", 1)
    _, said = step(SETUP, state, "why")
    why = only(said, say.Why)
    assert isinstance(why, say.Why)
    assert why.first == "existing code"
    assert [(effect.choice, effect.legacy) for effect in why.effects] == [("no", "stay"), ("yes", "move")]
    for entry in ("yes", "skip"):
        assert step(SETUP, state, entry)[0].mode == "review"


def test_a_settled_pick_that_exists_already_needs_no_such_question() -> None:
    state, _ = after("tourer", "must", "short")
    assert state.outlook.verdict.winners == ("tourer",)
    assert state.mode == "review"


def test_open_needs_that_all_lead_elsewhere_are_asked() -> None:
    """Tourer and Cargo tie at 24 points, and every answer about the distance gives the tourer more than the other."""
    state, _ = after("tourer", "must")
    assert state.outlook.verdict.winners == ("tourer", "cargo")
    assert (state.mode, state.current) == ("asking", "distance")


def test_all_asks_on_what_cannot_change_the_result() -> None:
    state, _ = after("none", "no", "long", ask_all=True)
    assert (state.mode, state.current) == ("asking", "gears")
    later, said = after("none", "no", "long", "all")
    assert later.current == "gears"
    ask = only(said, say.Ask)
    assert isinstance(ask, say.Ask)
    assert ask.purpose == "extra"


def test_answers_that_settle_it_at_once_lead_straight_to_the_review() -> None:
    state, said = after(owned="none", luggage="no", distance="long")
    assert state.mode == "review"
    assert [type(message) for message in said] == [say.Welcome, say.Stopped, say.Review]
    state, said = step(SETUP, state, "")
    assert [type(message) for message in said] == [say.Advise, say.Offer]


def test_done_shows_the_advice_for_what_is_known() -> None:
    state, said = after("tourer", "done")
    assert state.advised
    assert [type(message) for message in said] == [say.Advise, say.Offer]


def test_after_the_advice_a_changed_answer_leads_to_new_advice() -> None:
    state, _ = after("tourer", "no", "long", "", "review", "1", "must")
    assert state.mode == "review"
    while state.mode != "ending":
        state, said = step(SETUP, state, "")
    assert isinstance(said[0], say.Advise)
    assert state.outlook.verdict.winners == ("tourer",)


def test_leaving_after_the_advice_says_that_there_was_some() -> None:
    assert after("tourer", "done", "")[1] == (say.Leave(advised=True),)
    assert after("tourer", "quit")[1] == (say.Leave(advised=False),)


def test_nothing_moves_a_conversation_that_is_finished() -> None:
    state, _ = after("quit")
    assert step(SETUP, state, "tourer") == (state, ())


@pytest.mark.parametrize("entry", ["yes", "", "1", "Y"])
def test_an_offer_is_taken_as_a_whole_and_given_answers_win(entry: str) -> None:
    found = {"owned": Answer(("tourer",), "scan", ("a.py:1 x",)), "luggage": Answer(("nice",), "scan")}
    offer = CodebaseOffer("Tourer here", found)
    state, _ = begin(SETUP, {"luggage": Answer(("must",), "file")}, offer=offer)
    state, said = step(SETUP, state, entry)
    assert state.given == {"luggage": Answer(("must",), "file"), "owned": Answer(("tourer",), "scan", ("a.py:1 x",))}
    assert said[0] == say.Note("Answers taken from the code base: 1.")


@pytest.mark.parametrize("entry", ["no", "2", "skip"])
def test_an_offer_can_be_left(entry: str) -> None:
    offer = CodebaseOffer("Tourer here", {"owned": Answer(("tourer",), "scan")})
    state, _ = begin(SETUP, offer=offer)
    state, _ = step(SETUP, state, entry)
    assert state.given == {}
    assert state.current == "owned"

"""Messages as lines of text."""

from __future__ import annotations

import pytest

from advisor.interview import messages as say
from advisor.interview.conversation import begin, step
from advisor.interview.screen import Style, lines
from advisor.interview.state import Setup

from .bicycles import RULES, choice, need
from .replaying import outlook

EVERYTHING = ("?", "why", "so far", "tourer", "why", "nonsense " * 30, "review", "0", "1", "must", "", "", "", "")


@pytest.mark.parametrize("width", [20, 40, 80, 200])
@pytest.mark.parametrize("plain", [False, True])
def test_every_screen_fits_and_can_be_printed(width: int, plain: bool) -> None:
    setup = Setup(RULES, outlook)
    state, said = begin(setup)
    for entry in EVERYTHING:
        for message in said:
            for line in lines(message, Style(width, plain=plain)):
                assert len(line) <= width
                assert line.isprintable()
        state, said = step(setup, state, entry)


def test_nothing_in_the_rules_or_in_an_entry_steers_the_terminal() -> None:
    evil = need(
        "evil", "Ev\x1bil", "Que\x1b[2Jstion?\nwith lines", (choice("a", "\x07bell\u202e", {}), choice("b", "b", {}))
    )
    ask = say.Ask(evil, ("1", "2"), 1, 1, "result", (), set_aside=False, clash=())
    wrong = say.Wrong("\x1b[0m", '"\x1b[0m" is not one of the choices', "Type 1.")
    for message in (ask, wrong, say.Help(evil, ("1", "2"), ("a.py:1 \x1b[31m",))):
        for line in lines(message, Style(80)):
            assert line.isprintable()


def test_emphasis_is_given_only_where_the_terminal_understands_it() -> None:
    review = say.Review((), 0, "advice")
    assert lines(review, Style(80))[1] == "Your answers"
    assert lines(review, Style(80, bold=True))[1] == "\x1b[1mYour answers\x1b[0m"


def test_words_in_columns_stand_below_each_other_where_there_is_no_room() -> None:
    rows = (say.Row("x", "A title that is quite long", ("choice",), "answered", "scan"),)
    assert lines(say.Review(rows, 0, "advice"), Style(40))[2:4] == [
        "  1  A title that is quite long: choice",
        "      (from the code base)",
    ]
    assert lines(say.Review(rows, 0, "advice"), Style(80))[2] == (
        "  1  A title that is quite long  choice (from the code base)"
    )

"""What was typed, read in the light of one question."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.interview.entries import AT_A_QUESTION, Nothing, Ordered, Picked, Unclear, keys_for, read_entry

WISH = ("no", "nice", "must")
LOAD = ("small", "medium", "large")


@pytest.mark.parametrize(
    ("typed", "choices", "picked"),
    [
        ("2", WISH, ("nice",)),
        ("must", WISH, ("must",)),
        ("2)", WISH, ("nice",)),
        ("3.", WISH, ("must",)),
        ("  MUST ", WISH, ("must",)),
        ("mu", WISH, ("must",)),
        ("no", ("none", "no"), ("no",)),
        ("2,3", LOAD, ("medium", "large")),
        ("3, 2", LOAD, ("medium", "large")),
        ("large or medium", LOAD, ("medium", "large")),
        ("la,me", LOAD, ("medium", "large")),
        ("1,small", LOAD, ("small",)),
        ("api-only", ("pages", "api-only"), ("api-only",)),
    ],
)
def test_a_number_a_word_a_prefix_or_several_pick_choices(
    typed: str, choices: tuple[str, ...], picked: tuple[str, ...]
) -> None:
    assert read_entry(typed, choices) == Picked(picked)


@pytest.mark.parametrize(
    ("typed", "command"),
    [
        ("?", "help"),
        ("help", "help"),
        ("why", "why"),
        ("Back", "back"),
        ("ba", "back"),
        ("so far", "so far"),
        ("so  far", "so far"),
        ("skip", "skip"),
        ("unknown", "skip"),
        ("don't know", "skip"),
        ("q", "quit"),
        ("exit", "quit"),
        ("rev", "review"),
    ],
)
def test_a_command_is_understood_in_full_or_by_an_unambiguous_prefix(typed: str, command: str) -> None:
    assert read_entry(typed, WISH) == Ordered(command)


def test_enter_alone_is_nothing() -> None:
    assert read_entry(" \t", WISH) == Nothing()


def test_save_takes_a_file_name_with_blanks_in_it() -> None:
    assert read_entry("save my answers.yaml", WISH) == Ordered("save", "my answers.yaml")


@pytest.mark.parametrize(
    ("typed", "choices", "problem"),
    [
        ("n", WISH, '"n" could be no or nice'),
        ("b", ("both", "own"), '"b" could be both or back'),
        ("4", WISH, '"4" is not one of the choices'),
        ("0", WISH, '"0" is not one of the choices'),
        ("2,9", WISH, '"9" is not one of the choices'),
        ("2,", WISH, '"" is not one of the choices'),
        ("s", LOAD, '"s" could be small, skip, so far or save'),
        (":nothing", WISH, '":nothing" is not a command'),
        (":", WISH, '":" is not a command'),
        ("²", WISH, '"²" is not one of the choices'),
    ],
)
def test_what_is_not_clear_is_not_guessed(typed: str, choices: tuple[str, ...], problem: str) -> None:
    assert read_entry(typed, choices) == Unclear(problem)


@pytest.mark.parametrize("command", AT_A_QUESTION)
def test_a_choice_called_like_a_command_is_reached_by_its_word_and_the_command_by_a_colon(command: str) -> None:
    choices = ("first", command)
    assert read_entry(command, choices) == Picked((command,))
    assert read_entry("2", choices) == Picked((command,))
    assert read_entry(f":{command}", choices) == Ordered(command)


def test_choices_that_are_numbers_get_letters_as_keys() -> None:
    assert keys_for(("1", "3", "27")) == ("a", "b", "c")
    assert read_entry("3", ("1", "3", "27")) == Picked(("3",))
    assert read_entry("c", ("1", "3", "27")) == Picked(("27",))


def test_choices_that_are_numbers_and_letters_get_marked_numbers_as_keys() -> None:
    assert keys_for(("1", "a")) == ("#1", "#2")
    assert read_entry("#2", ("1", "a")) == Picked(("a",))
    assert read_entry("a", ("1", "a")) == Picked(("a",))


def test_choices_that_differ_only_in_case_stay_apart() -> None:
    assert read_entry("go", ("Go", "go")) == Picked(("go",))
    assert read_entry("GO", ("Go", "go")) == Unclear('"GO" could be Go or go')


words = st.text("abcdefghijklmnopqrstuvwxyz0123456789-_", min_size=1, max_size=9)


@given(typed=st.text(max_size=40), choices=st.lists(words, min_size=1, max_size=30, unique=True))
def test_any_line_is_read_as_something(typed: str, choices: list[str]) -> None:
    entry = read_entry(typed, choices)
    assert isinstance(entry, (Picked, Ordered, Nothing, Unclear))
    if isinstance(entry, Picked):
        assert entry.choices
        assert list(entry.choices) == [choice for choice in choices if choice in entry.choices]


@given(choices=st.lists(words, min_size=1, max_size=30, unique=True))
def test_every_choice_is_reached_by_its_word_and_by_its_key(choices: list[str]) -> None:
    assert len(set(keys_for(choices))) == len(choices)
    for choice, key in zip(choices, keys_for(choices), strict=True):
        assert read_entry(choice, choices) == Picked((choice,))
        assert read_entry(key, choices) == Picked((choice,))

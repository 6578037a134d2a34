"""Foreign text is shown whole, and steers nothing."""

from __future__ import annotations

import json

import pytest

from advisor.steering import printable, quiet


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a b", "a b"),
        ("é→✅", "é→✅"),
        ("\x1b[2J", "\\x1b[2J"),
        ("a\nb", "a\\nb"),
        ("\u202e", "\\u202e"),
        ("\ud800", "\\ud800"),
    ],
)
def test_foreign_text_cannot_steer_the_terminal(text: str, shown: str) -> None:
    assert printable(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [("a\n\tb", "a\n\tb"), ("é→✅", "é→✅"), ("\x1b[2J\n", "\\u001b[2J\n"), ("\U000e0001", "\\udb40\\udc01")],
)
def test_lines_stay_lines_and_escapes_are_those_of_json(text: str, shown: str) -> None:
    assert quiet(text) == shown
    assert json.loads(quiet(json.dumps(text, ensure_ascii=False))) == text

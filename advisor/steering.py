"""What of a foreign text would steer a terminal, and how it is shown instead."""

from __future__ import annotations

import re

STEERING = (
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u180e\u200b\u200e\u200f\u2028-\u202e"
    "\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb\ufffe\uffff\U0001d173-\U0001d17a\U000e0000-\U000e007f]"
)
"""All that a terminal acts on or that is not seen, except line ends, tabs and the joiners of scripts and emoji."""


def printable(text: str) -> str:
    """Return foreign text with everything that could steer a terminal written as an escape."""
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape", "backslashreplace").decode()
        for character in text
    )


def quiet(text: str) -> str:
    """Return text, lines and all, in which what steers a terminal is written as an escape that JSON reads as well."""
    if text.replace("\n", "").replace("\t", "").isprintable():  # so it is as good as always, and nothing is compiled
        return text
    return re.sub(STEERING, _as_escape, text)


def _as_escape(found: re.Match[str]) -> str:
    units = found[0].encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))

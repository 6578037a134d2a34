"""What is wrong with a file, place by place, told in one go."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from advisor.errors import AdvisorError

MOST_TOLD = 1_000

STEERING = (
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u180e\u200b\u200e\u200f\u2028-\u202e"
    "\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb\ufffe\uffff\U0001d173-\U0001d17a\U000e0000-\U000e007f]"
)
"""All that a terminal acts on or that is not seen, except line ends, tabs and the joiners of scripts and emoji."""

KeyPath = tuple[str | int, ...]
"""Where something stands in a file: ("criteria", "speed", "ratings", "alpha", "word")."""


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


class Defect(NamedTuple):
    """One thing to mend."""

    file: str
    line: int  #: from 1; 0 when the file as a whole is meant
    column: int  #: from 1
    path: KeyPath
    message: str
    hint: str | None = None

    def __str__(self) -> str:
        """Return `file:line:column: key › path: message; hint`, safe to print."""
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        keys = " › ".join(str(part + 1) if isinstance(part, int) else part for part in self.path)
        parts = [place, *([keys] if keys else []), self.message]
        return printable(": ".join(parts) + (f"; {self.hint}" if self.hint else ""))


def _by_position(defect: Defect) -> tuple[str, int, int, str, str]:
    return (defect.file, defect.line, defect.column, defect.message, repr(defect.path))


class RulesError(AdvisorError):
    """A rules file, or a file of cases, that cannot be used as it is.

    Attributes:
        defects: all that is wrong, sorted by position.
    """

    def __init__(self, defects: Iterable[Defect]) -> None:
        self.defects = tuple(sorted(set(defects), key=_by_position))
        count = len(self.defects)
        if count == 1:
            super().__init__(str(self.defects[0]))
            return
        told = [str(defect) for defect in self.defects[:MOST_TOLD]]
        rest = [f"… and {count - MOST_TOLD:,} more"] if count > MOST_TOLD else []
        super().__init__("\n  ".join([f"{count:,} defects:", *told, *rest]))

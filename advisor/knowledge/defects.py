"""What is wrong with a file, place by place, told in one go."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from advisor.errors import AdvisorError
from advisor.steering import printable

MOST_TOLD = 1_000

KeyPath = tuple[str | int, ...]
"""Where something stands in a file: ("criteria", "speed", "ratings", "alpha", "word")."""


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

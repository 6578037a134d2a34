"""How text for people is shown: width, colour, plain words, how much."""

from __future__ import annotations

from typing import NamedTuple

NARROW = 64
WIDEST = 100


class Look(NamedTuple):
    """How to show it."""

    width: int = 80
    color: bool = False
    plain: bool = False  #: words only: no bars, no signs
    detail: bool = False  #: everything that was computed, not only what matters most
    rules_file: str | None = None  #: as it was given, for the commands that follow

    @property
    def narrow(self) -> bool:
        """Whether rows must be stacked instead of tabled."""
        return self.width < NARROW

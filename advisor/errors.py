"""What the user can mend, told in one clear message."""

from __future__ import annotations

from collections.abc import Iterable

NO_NAME = '""'
"""How an empty name is shown."""


class AdvisorError(Exception):
    """Bad input: an option, answers, rules or a path. The command line shows it and exits with 2.

    Attributes:
        message: what is wrong and where (`file:line:column`, key path or flag).
        hint: what to do about it, or None.
    """

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that `word` most likely stands for, or None when nothing is near."""
    from difflib import get_close_matches

    folded = {option.lower().replace("_", "-"): option for option in reversed(list(known))}
    matches = get_close_matches(word.lower().replace("_", "-"), folded, n=1, cutoff=0.6)
    return folded[matches[0]] if matches else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a hint for a word that is not known: the nearest one, or the list of all."""
    options = list(known)
    near = nearest(word, options)
    if near is not None:
        return f'did you mean "{near}"?'
    return "known: " + ", ".join(options) if options else "there is none to choose from"

"""Whether a person is there to answer."""

from __future__ import annotations

import os
import sys

from advisor.cli.output import is_terminal


def switched_on(variable: str) -> bool:
    """Tell whether an environment variable is set to anything but an empty word, 0 or false."""
    return os.environ.get(variable, "").strip().lower() not in ("", "0", "false", "no")


def may_prompt(*, no_input: bool = False) -> bool:
    """Tell whether a prompt may appear: stdin and stderr are terminals and nothing forbids it.

    ADVISOR_NO_INPUT covers agents inside pseudo-terminals, CI covers build servers that allocate one.
    """
    if no_input or switched_on("ADVISOR_NO_INPUT") or switched_on("CI"):
        return False
    return is_terminal(sys.stdin) and is_terminal(sys.stderr)

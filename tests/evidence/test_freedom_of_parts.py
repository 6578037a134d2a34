"""Freedom of parts: 4 when no role is tied to one library, 3 when checking bodies is, 1 when parts need each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .installs import closure
from .parts import database_drivers

if TYPE_CHECKING:
    from collections.abc import Callable


def level_of_freedom(alternative: str, facts: dict[str, Any]) -> int:
    refused = {part: errors for part, errors in facts.get("removable", {}).items() if errors}
    if database_drivers(alternative) or refused:
        # Its own system check names what breaks when one part is taken away from a new project.
        return 1 if set(refused) == {"template engine", "sessions", "accounts", "messages"} else 2
    return 3 if "pydantic" in closure([alternative]) else 4


def test_parts_that_depend_on_each_other(
    alternative: str, facts: dict[str, Any], rated_level: Callable[[str, str], int]
) -> None:
    assert level_of_freedom(alternative, facts) == rated_level("freedom-of-parts", alternative)

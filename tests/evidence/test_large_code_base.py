"""Large code base.

4 when the framework lays out modules with their own models, admin and tests; 3 when routers and typed dependencies
carry the structure; 2 when only groups of routes exist.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from .parts import python_files

if TYPE_CHECKING:
    from collections.abc import Callable

LAYOUT = {"admin.py", "apps.py", "migrations/__init__.py", "models.py", "tests.py", "views.py"}


def holds(alternative: str, definition: str) -> bool:
    """Whether the framework's own package defines this name."""
    pattern = re.compile(rf"^(?:class|def) {definition}\b", re.MULTILINE)
    own = (file for path, file in python_files(alternative) if path.startswith(f"{alternative}/"))
    return any(pattern.search(file.read_text(encoding="utf-8")) for file in own)


def level_of_structure(alternative: str, facts: dict[str, Any]) -> int:
    if set(facts.get("generated", {}).get("in an app", ())) >= LAYOUT:
        return 4
    grouped = holds(alternative, "Blueprint") or holds(alternative, "APIRouter")
    return 1 + grouped + holds(alternative, "Depends")


def test_structure_offered_to_many_modules(
    alternative: str, facts: dict[str, Any], rated_level: Callable[[str, str], int]
) -> None:
    assert level_of_structure(alternative, facts) == rated_level("large-code-base", alternative)

"""A data layer of your own.

4 when no part of the framework asks for a database; 2 when some parts do; 1 when plain pages work without one while
admin, accounts and sessions do not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .conftest import PROBES
from .parts import database_drivers
from .wire import run_probe

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def level_without_database(alternative: str, packages: Path) -> int:
    if not database_drivers(alternative):
        return 4
    outcomes = run_probe(packages, packages, str(PROBES / f"{alternative}_without_database.py"))
    plain, *others = outcomes.values()
    broken = [outcome for outcome in others if outcome == "ImproperlyConfigured"]
    return 0 if plain != "200" else 1 if len(broken) == len(others) else 2


def test_what_still_works_without_its_own_database(
    alternative: str, install: Callable[..., Path], rated_level: Callable[[str, str], int]
) -> None:
    level = level_without_database(alternative, install(alternative))
    assert level == rated_level("own-data-layer", alternative)

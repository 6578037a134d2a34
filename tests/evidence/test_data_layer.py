"""Data layer: 4 when a model, its migration and a query work without add-ons; 0 when nothing reaches a database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .parts import database_drivers

if TYPE_CHECKING:
    from collections.abc import Callable


def test_models_and_migrations_without_add_ons(
    alternative: str, facts: dict[str, Any], rated_level: Callable[[str, str], int]
) -> None:
    works = facts.get("data") == {"migrations": ["0001_initial.py"], "rows": ["lamp"]}
    level = 4 if works else 1 if database_drivers(alternative) else 0
    assert level == rated_level("data-layer", alternative)

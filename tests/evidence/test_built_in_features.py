"""Built-in features: of sixteen usual parts half or more are batteries, a quarter is modular, fewer are lightweight."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .parts import OTHER_PARTS, SITE_PARTS

if TYPE_CHECKING:
    from collections.abc import Callable

ALL = len(SITE_PARTS | OTHER_PARTS)


def kind_of(count: int) -> str:
    if count * 2 >= ALL:
        return "Batteries included"
    return "Modular" if count * 4 >= ALL else "Lightweight"


def test_batteries_that_can_be_imported(
    alternative: str, parts: set[str], rated_word: Callable[[str, str], str]
) -> None:
    assert kind_of(len(parts)) == rated_word("built-in-features", alternative), parts

"""Full-stack development: 4 when nearly all parts of a site come along, 2 when some work at once, 1 when all need more.

The parts are templates, forms, accounts, sessions, protection against forged posts, an ORM, migrations and an admin.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .parts import SITE_PARTS

if TYPE_CHECKING:
    from collections.abc import Callable


def level_of_site_parts(count: int) -> int:
    if count >= len(SITE_PARTS) - 1:
        return 4
    if count >= len(SITE_PARTS) // 2:
        return 3
    return 2 if count else 1


def test_parts_of_a_site_that_come_with_it(
    alternative: str, parts: set[str], rated_level: Callable[[str, str], int]
) -> None:
    present = parts & SITE_PARTS.keys()
    assert level_of_site_parts(len(present)) == rated_level("full-stack-development", alternative), present

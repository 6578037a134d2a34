"""Small footprint of a bare install: below 5 MB is 4, below 15 MB is 3, below 40 MB is 2, above is 1."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .installs import closure, installed_bytes

if TYPE_CHECKING:
    from collections.abc import Callable

STEPS = ((5_000_000, 4), (15_000_000, 3), (40_000_000, 2))


def test_packages_and_bytes_of_a_bare_install(alternative: str, rated_level: Callable[[str, str], int]) -> None:
    size = installed_bytes(closure([alternative]).values())
    level = next((level for limit, level in STEPS if size < limit), 1)
    assert level == rated_level("small-footprint", alternative), size

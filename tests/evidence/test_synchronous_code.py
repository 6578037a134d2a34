"""Synchronous code: 4 when blocking code may stand anywhere, 2 when only plain functions may block, 0 when none may."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .test_waiting_clients import served_at_once

if TYPE_CHECKING:
    from collections.abc import Callable

    from .wire import Site


def test_blocking_code_next_to_other_clients(
    alternative: str, concurrent_site: Site, rated_level: Callable[[str, str], int]
) -> None:
    in_a_function = "/wait-plain" if alternative == "fastapi" else "/wait"
    level = 2 * served_at_once(concurrent_site, in_a_function) + 2 * served_at_once(concurrent_site, "/wait-blocking")
    assert level == rated_level("synchronous-code", alternative)

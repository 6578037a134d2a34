"""Ease of scaling: 4 when requests in flight share a few threads, 2 when each holds one, 0 when they queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from .wire import Site

CLIENTS = 16
WAIT = 0.3


def test_threads_held_by_requests_in_flight(
    alternative: str, concurrent_site: Site, rated_level: Callable[[str, str], int]
) -> None:
    seconds, answers = min((concurrent_site.ask_at_once("/held", CLIENTS) for _ in range(2)), key=lambda run: run[0])
    threads = max(answer["threads"] for answer in answers)
    level = 0 if seconds > CLIENTS * WAIT / 2 else 2 if threads >= CLIENTS / 2 else 4
    assert level == rated_level("ease-of-scaling", alternative), threads

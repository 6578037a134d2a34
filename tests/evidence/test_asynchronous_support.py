"""Asynchronous support.

4 when one loop serves all and nothing in core refuses it; 2 when the loop is shared but parts of core refuse it; 1 when
`async def` is allowed while each request still ties up a worker; 0 when it is not allowed.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from .test_waiting_clients import served_at_once

if TYPE_CHECKING:
    from collections.abc import Callable

    from .wire import Site


def work_outlives_its_request(site: Site) -> bool:
    """Whether a task that a view started still runs once the view has answered."""
    site.ask("/later")
    for _ in range(200):  # a busy machine may take its time; every framework that is asked lets the task run
        time.sleep(0.05)
        if site.ask("/later/ran").json["ran"]:
            return True
    return False


def level_of_async(site: Site, *, waiting_view: str, refused_in_core: bool) -> int:
    if site.ask(waiting_view).status != 200:
        return 0
    if not (served_at_once(site, waiting_view) and work_outlives_its_request(site)):
        return 1
    return 2 if refused_in_core else 4


def test_how_far_async_reaches(
    alternative: str, asynchronous_site: Site, facts: dict[str, Any], rated_level: Callable[[str, str], int]
) -> None:
    waiting_view = "/wait" if alternative == "fastapi" else "/wait-async"
    outcomes = facts.get("async", {}).values()
    refused = {"SynchronousOnlyOperation", "TypeError"} <= set(outcomes)
    level = level_of_async(asynchronous_site, waiting_view=waiting_view, refused_in_core=refused)
    assert level == rated_level("asynchronous-support", alternative)

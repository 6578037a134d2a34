"""Waiting clients in one process.

4 when it serves them all at once as installed; 2 when it must be given a thread for each; 0 when they wait for each
other even then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from .wire import Site

CLIENTS = 4
WAIT = 0.1


def served_at_once(site: Site, path: str = "/wait") -> bool:
    """Whether clients that each wait WAIT seconds take less together than one after another.

    One after another can never take less than all waits together; a busy machine can only make it look worse, so
    the best of six runs counts.
    """
    site.ask(path)  # a server that is still starting has nothing to do with it
    return any(site.ask_at_once(path, CLIENTS)[0] < CLIENTS * WAIT for _ in range(6))


def test_clients_waiting_at_once_in_one_process(
    alternative: str, site: Site, concurrent_site: Site, rated_level: Callable[[str, str], int]
) -> None:
    level = 4 if served_at_once(site) else 2 if served_at_once(concurrent_site) else 0
    assert level == rated_level("waiting-clients", alternative)

"""Real time: 4 with WebSocket and server-sent events in core, 1 when only your own streaming code can push."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from .wire import Site


def test_websocket_handshake_on_the_wire(
    alternative: str, asynchronous_site: Site, parts: set[str], rated_level: Callable[[str, str], int]
) -> None:
    greeted = asynchronous_site.handshake("/socket")
    streams = asynchronous_site.ask("/stream").body == b"tick\ntick\n"
    level = 2 * (b" 101 " in greeted) + ("server-sent events" in parts) + streams
    assert level == rated_level("real-time", alternative), greeted

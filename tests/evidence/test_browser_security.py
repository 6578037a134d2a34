"""Browser security: 4 when forged posts are refused and protective headers sent by default; 1 when you add both."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from .wire import Site

HEADERS = {"x-frame-options", "x-content-type-options", "referrer-policy", "cross-origin-opener-policy"}


def level_of_defaults(site: Site) -> int:
    forged = site.post_form("/form", "color=red", Origin="http://elsewhere.example")
    sent = HEADERS & set(site.ask("/hello").headers)
    assert forged.status in {200, 400, 403}
    return 1 + 2 * (forged.status != 200) + (sent == HEADERS)


def test_defaults_against_forged_posts_and_framing(
    alternative: str, site: Site, rated_level: Callable[[str, str], int]
) -> None:
    assert level_of_defaults(site) == rated_level("browser-security", alternative)

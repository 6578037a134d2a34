"""APIs only: 4 with checked bodies, structured errors and docs; 2 with routing and JSON, the rest by hand; else 0."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .test_automatic_documentation import level_of_documentation
from .test_request_validation import rejects_by_itself

if TYPE_CHECKING:
    from collections.abc import Callable

    from .wire import Site


def routes_json(site: Site) -> bool:
    """Whether paths are typed, other methods are refused, and a JSON body comes back as JSON."""
    sent = '{"name": "lamp", "price": 2.5, "quantity": 1}'
    echoed = site.post_json("/echo", sent)
    return (
        echoed.json == {"name": "lamp", "price": 2.5, "quantity": 1}
        and echoed.content_type == "application/json"
        and site.ask("/echo").status == 405
        and site.ask("/item/7").json == {"number": 7}
        and 400 <= site.ask("/item/seven").status < 500
    )


def level_of_api(site: Site) -> int:
    if not routes_json(site):
        return 0
    return 2 + (level_of_documentation(site) == 4) + rejects_by_itself(site)


def test_parts_of_an_api_that_come_with_it(
    alternative: str, site: Site, rated_level: Callable[[str, str], int]
) -> None:
    assert level_of_api(site) == rated_level("apis-only", alternative)

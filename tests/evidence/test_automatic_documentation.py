"""Automatic documentation: 4 when the pages are there without any code, 2 with the schema alone, 0 without."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from .wire import Site

PAGES = ("/docs", "/redoc", "/openapi.json")


def level_of_documentation(site: Site) -> int:
    answers = {page: site.ask(page) for page in PAGES}
    described = answers["/openapi.json"].status == 200 and "/hello" in answers["/openapi.json"].json["paths"]
    readable = all(answers[page].status == 200 for page in ("/docs", "/redoc"))
    return (4 if readable else 2) if described else 0


def test_docs_pages_without_any_code(alternative: str, site: Site, rated_level: Callable[[str, str], int]) -> None:
    assert level_of_documentation(site) == rated_level("automatic-documentation", alternative)

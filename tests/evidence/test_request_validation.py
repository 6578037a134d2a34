"""Request validation: who refuses a bad body.

4 when declared types do by themselves; 2 when a declared check must be called and answered by hand; 0 without any.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from .wire import Site


def rejects_by_itself(site: Site) -> bool:
    """Whether malformed JSON and wrong fields both end in a JSON answer of the 400s that names the place."""
    malformed = site.post_json("/echo", '{"name": ')
    wrong = site.post_json("/echo", '{"name": "lamp", "price": "abc"}')
    structured = all(
        400 <= answer.status < 500 and answer.content_type == "application/json" for answer in (malformed, wrong)
    )
    return structured and [error["loc"] for error in wrong.json["detail"]] == [["body", "price"], ["body", "quantity"]]


def test_answer_to_a_bad_body(
    alternative: str, site: Site, parts: set[str], rated_level: Callable[[str, str], int]
) -> None:
    level = 4 if rejects_by_itself(site) else 2 if "forms" in parts else 0
    assert level == rated_level("request-validation", alternative)

"""Template rendering: 4 when a page is rendered and escaped at once, 2 when the engine must be installed, else 0."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .parts import SITE_PARTS, parts_present

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ONLY = {"templates": SITE_PARTS["templates"]}


def level_of_templates(alternative: str, facts: dict[str, Any], parts: set[str], install: Callable[..., Path]) -> int:
    if "templates" in parts:
        return 4 if facts["templates"]["page"] == "<b>&lt;i&gt;</b>" else 1
    return 2 if parts_present((alternative, "jinja2"), ONLY, install) else 0


def test_templates_that_come_with_it(
    alternative: str,
    facts: dict[str, Any],
    parts: set[str],
    install: Callable[..., Path],
    rated_level: Callable[[str, str], int],
) -> None:
    assert level_of_templates(alternative, facts, parts, install) == rated_level("template-rendering", alternative)

"""Admin interface: 4 when a new project has a working back office behind a login; 0 when there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from .wire import Site


def level_of_back_office(site: Site, facts: dict[str, Any]) -> int:
    door = site.ask("/admin/")
    if door.status == 404:
        return 0
    assert (door.status, door.headers["location"]) == (302, "/admin/login/?next=/admin/")
    inside = facts["back office"]
    works = inside["added"] == 302 and inside["lists"] == ["lamp", "chair"] and inside["lists users"] == 200
    return 4 if works else 1


def test_back_office_of_a_new_project(
    alternative: str, site: Site, facts: dict[str, Any], rated_level: Callable[[str, str], int]
) -> None:
    assert level_of_back_office(site, facts) == rated_level("admin-interface", alternative)

"""Accounts: 4 when users, passwords, login and permissions all work at once; 1 when only building blocks do; else 0."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

WHOLE = {"keeps users", "hashes passwords", "logs in", "groups and permissions", "signed sessions"}


def test_users_login_and_permissions_without_add_ons(
    alternative: str,
    facts: dict[str, Any],
    parts: set[str],
    rated_level: Callable[[str, str], int],
) -> None:
    working = {piece for piece, works in facts["accounts"].items() if works}
    level = 4 if "accounts" in parts and working >= WHOLE else min(len(working), 1)
    assert level == rated_level("accounts-and-permissions", alternative), working

"""Upgrade calm: below 1.0 any minor release may break, which is 1. How often the others break is not in a package."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from packaging.version import Version

from .installs import closure

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.parametrize("below_one", ["fastapi"])
def test_version_promises_no_breaks(below_one: str, rated_level: Callable[[str, str], int]) -> None:
    assert Version(closure([below_one])[below_one].version) < Version("1")
    assert rated_level("upgrade-calm", below_one) == 1

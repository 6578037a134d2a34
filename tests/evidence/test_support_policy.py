"""Support policy as the package itself states it.

4 when it is stable and names the two releases ahead that remove things; 2 when it is stable without such plans; 1 while
it is below 1.0.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from packaging.version import Version

from .installs import closure
from .parts import python_files

if TYPE_CHECKING:
    from collections.abc import Callable

ANNOUNCED = re.compile(r"^(?:class )?(Removed(?:In|After)NextVersionWarning)\b", re.MULTILINE)


def announced_removals(alternative: str) -> set[str]:
    """The coming releases, of the next two, for which the package has a warning class of its own."""
    files = (file for path, file in python_files(alternative) if path.startswith(f"{alternative}/"))
    return {release for file in files for release in ANNOUNCED.findall(file.read_text(encoding="utf-8"))}


def test_promise_in_the_package(alternative: str, rated_level: Callable[[str, str], int]) -> None:
    package = closure([alternative])[alternative]
    stable = "Development Status :: 5 - Production/Stable" in (package.metadata.get_all("Classifier") or ())
    if Version(package.version) < Version("1") or not stable:
        level = 1
    else:
        level = 4 if len(announced_removals(alternative)) == 2 else 2
    assert level == rated_level("support-policy", alternative), package.version

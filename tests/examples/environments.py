"""A fresh environment for each example: only what its own metadata asks for, linked from what is installed here.

The test environment has every package, so an example that forgot one would run in it. A user's `uv run` would not.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from functools import cache
from importlib.metadata import Distribution, distribution
from pathlib import Path

import typing_extensions
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from uv import find_uv_bin


def fresh_environment(requirements: Iterable[Requirement], folder: Path) -> Path:
    """Make an environment in `folder` that holds the requirements and what they need; return its Python."""
    subprocess.run(
        [find_uv_bin(), "venv", "--quiet", "--no-config", "--python", sys.executable, str(folder)],
        check=True,
    )
    python = folder / "bin" / "python"
    (packages,) = folder.glob("lib/python*/site-packages")
    # Compiled single-file modules; folders bring their own. Nothing can be imported from it alone.
    (packages / "__pycache__").symlink_to(Path(typing_extensions.__file__).parent / "__pycache__")
    for name in closure(requirements):
        found = distribution(name)
        for entry in entries(name):
            link = packages / entry
            if not link.exists():
                link.symlink_to(Path(str(found.locate_file(entry))))
    return python


def closure(requirements: Iterable[Requirement]) -> set[str]:
    """The names of all distributions that an installer would choose for the requirements, on this machine."""
    names: set[str] = set()
    asked: set[tuple[str, str]] = set()
    left = list(requirements)
    while left:
        wanted = left.pop()
        name = canonicalize_name(wanted.name)
        names.add(name)
        for extra in ("", *wanted.extras):
            if (name, extra) not in asked:
                asked.add((name, extra))
                left += needed_by(name, extra)
    return names


@cache
def needed_by(name: str, extra: str) -> tuple[Requirement, ...]:
    """What a distribution requires for one of its extras; "" for what it always requires."""
    lines = map(Requirement, distribution(name).requires or [])
    return tuple(line for line in lines if line.marker is None or line.marker.evaluate({"extra": extra}))


@cache
def entries(name: str) -> frozenset[str]:
    """The files and folders that a distribution has directly in site-packages."""
    found: Distribution = distribution(name)
    tops = {file.parts[0] for file in found.files or ()}
    return frozenset(tops - {"..", "__pycache__"})

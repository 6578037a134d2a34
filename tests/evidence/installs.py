"""Bare installs: what `pip install NAME` alone would give, taken out of the environment the tests run in."""

from __future__ import annotations

from importlib.metadata import Distribution, distribution
from typing import TYPE_CHECKING

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

COMPILED = (".pyc", ".pyo")


def closure(requirements: Iterable[str]) -> dict[str, Distribution]:
    """The named distributions and all that they require here, by canonical name.

    Extras count only where a requirement names them (`uvicorn[standard]`).
    """
    found: dict[str, Distribution] = {}
    waiting = [Requirement(text) for text in requirements]
    seen: set[tuple[str, str]] = set()
    while waiting:
        wanted = waiting.pop()
        name = canonicalize_name(wanted.name)
        found[name] = distribution(wanted.name)
        for extra in ("", *wanted.extras):
            if (name, extra) in seen:
                continue
            seen.add((name, extra))
            needed = (Requirement(text) for text in found[name].requires or ())
            waiting.extend(
                requirement
                for requirement in needed
                if requirement.marker is None or requirement.marker.evaluate({"extra": extra})
            )
    return found


def bare_install(target: Path, requirements: Iterable[str]) -> Path:
    """Link the closure's top-level packages into `target`, which is then usable as PYTHONPATH with `python -S`."""
    target.mkdir()
    for package in closure(requirements).values():
        tops = {file.parts[0] for file in package.files or () if file.parts[0] not in {"..", "__pycache__"}}
        for top in tops:
            link = target / top
            if not link.exists():
                link.symlink_to(package.locate_file(top))  # type: ignore[arg-type]  # a path in every installer we meet
    return target


def installed_bytes(packages: Iterable[Distribution]) -> int:
    """Bytes of the installed files, without what Python compiles itself."""
    files = (file.locate() for package in packages for file in package.files or () if not file.name.endswith(COMPILED))
    return sum(path.stat().st_size for path in files if path.is_file())  # type: ignore[attr-defined]  # as above

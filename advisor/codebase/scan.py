"""Scan a folder: walk it, and read and conclude what is not remembered of the last time."""

from __future__ import annotations

import gc
import os
from functools import cache
from typing import TYPE_CHECKING

from advisor.codebase.cache import shipped_markers, yaml_data
from advisor.codebase.model import Scan
from advisor.codebase.remembered import made_of, recall, remember
from advisor.codebase.walk import SHIPPED, Places, Tree, walk
from advisor.errors import NO_NAME, AdvisorError

if TYPE_CHECKING:
    from collections.abc import Callable

    from advisor.codebase.markers import Markers


def scan(
    root: str | os.PathLike[str],
    *,
    markers: Markers | None = None,
    jobs: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Scan:
    """Read a code base and say what serves it, what it uses, and what that answers.

    Nothing is imported or run. Links are not followed. What could not be read is in `skipped`. What is found by the
    shipped markers is remembered, and read again only when a file has changed.

    Args:
        root: the folder.
        markers: what to look for; by default the shipped markers file.
        jobs: most processes to use; by default one a core.
        progress: called now and then with (files read, files in all).

    Raises:
        AdvisorError: the folder does not exist, is no folder, or cannot be listed.
    """
    # What is gathered holds no cycles, and looking for some among all of it takes a tenth of the time.
    collecting = gc.isenabled()
    gc.disable()
    try:
        return _scan(os.fspath(root), markers, jobs, progress)
    finally:
        if collecting:
            gc.enable()


def no_folder(path: str, hint: str) -> AdvisorError:
    """Return the refusal of a path that is no folder."""
    there = os.path.exists(path)
    return AdvisorError(f"{path or NO_NAME}: {'is no folder' if there else 'no such folder'}", hint)


def _scan(folder: str, markers: Markers | None, jobs: int | None, progress: Callable[[int, int], None] | None) -> Scan:
    places, digest = (Places(markers.places), None) if markers else _shipped_places()
    tree = _listed(folder, places)
    made = made_of(tree, digest) if digest else None
    known = recall(made) if made else None
    if known:
        return known
    from advisor.codebase.conclude import concluded
    from advisor.codebase.markers import load_markers

    found = concluded(tree, markers or load_markers(), jobs, progress)
    if made:
        remember(made, found)
    return found


@cache
def _shipped_places() -> tuple[Places, bytes]:
    """Return how the shipped markers tell folders apart, and the hash of their file."""
    try:
        data, digest = yaml_data(shipped_markers())
        return Places(data["places"]), digest
    except (OSError, ValueError, KeyError, TypeError):
        from advisor.codebase.markers import load_markers

        load_markers()  # tells what is wrong with the file
        raise


def _listed(folder: str, places: Places) -> Tree:
    if not os.path.isdir(folder):
        raise no_folder(folder, "give the folder that holds the project")
    tree = walk(folder, places)
    for path, why in tree.skipped:
        if path == ".":
            raise AdvisorError(f"{folder}: cannot be listed: {why}")
    return tree


def scan_each(
    root: str | os.PathLike[str],
    *,
    markers: Markers | None = None,
    jobs: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Scan]:
    """Scan every project of a folder that holds several, told apart by their manifests.

    Returns:
        Folder relative to the root (`"."` for the root itself) → its scan. Folders without shipped Python are left out.
    """
    from pathlib import Path

    places = Places(markers.places) if markers else _shipped_places()[0]
    scans = {}
    for folder in _projects(os.fspath(root), places):
        found = scan(Path(root) / folder, markers=markers, jobs=jobs, progress=progress)
        if found.python_files:
            scans[folder] = found._replace(root=folder)
    return scans


_ROOTS = frozenset(("pyproject.toml", "setup.py", "requirements.txt", "pipfile", "manage.py"))


def _projects(root: str, places: Places) -> list[str]:
    if not os.path.isdir(root):
        raise no_folder(root, "give the folder that holds the projects")
    tree = walk(root, places)
    folders = {
        path.rpartition("/")[0] for path, place in [*tree.manifests, *tree.python]
        if place == SHIPPED and path.rpartition("/")[2].lower() in _ROOTS
    }  # fmt: skip
    inner = sorted(f for f in folders if f)
    outermost = [f for f in inner if not any(f.startswith(f"{other}/") for other in inner)]
    return outermost if len(outermost) > 1 or (outermost and "" not in folders) else ["."]

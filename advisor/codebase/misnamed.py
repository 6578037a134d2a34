"""Packages that are named like examples or documentation, and are the project all the same: `website`, `recipes`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from advisor.codebase.gather import content
from advisor.codebase.walk import DOCS, EXAMPLES, SHIPPED, TEMPLATE, TESTS, Places, PythonFile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from advisor.codebase.markers import Markers
    from advisor.codebase.walk import Tree

DISTRIBUTION = frozenset(("setup.py", "setup.cfg", "pyproject.toml"))


def with_misnamed(tree: Tree, markers: Markers) -> Tree:
    """Return the tree with every package shipped that what is shipped imports, or names as its own.

    Only where such a package exists anything is read: what lies in the folders above it and right beside it.
    """
    asked = _candidates(tree)
    if not asked:
        return tree
    shipped = [path for path, place in tree.python if place == SHIPPED]
    asked = [folder for folder in asked if _is_first(folder, shipped)]
    python = tree.python
    while asked:
        found = [folder for folder in asked if _is_imported(tree, python, folder)]
        if not found:
            break
        places = Places(markers.places)
        python = [_moved(file, found, places) for file in python]
        asked = [folder for folder in asked if folder not in found]
    return tree._replace(python=python)


def _candidates(tree: Tree) -> list[str]:
    """Return the packages in places that are not shipped; among tests, those that hold the settings of a site."""
    packages = {
        path[: -len("/__init__.py")]: place
        for path, place in tree.python
        if place in (EXAMPLES, DOCS, TEMPLATE, TESTS) and path.endswith("/__init__.py")
    }
    settings = {
        path.rpartition("/")[0] for path, place in tree.python if place == TESTS and path.endswith("/settings.py")
    }
    return sorted(folder for folder, place in packages.items() if place != TESTS or folder in settings)


def _is_first(folder: str, shipped: list[str]) -> bool:
    """Say whether it is the folder's own name that puts it where it is: what is around it is shipped."""
    above = folder.rpartition("/")[0]
    return not above or any(path.startswith(f"{above}/") for path in shipped)


def _moved(file: PythonFile, folders: list[str], places: Places) -> PythonFile:
    """Return a file of the packages where it belongs: what is for tests inside them still is."""
    for folder in folders:
        if file.path.startswith(f"{folder}/"):
            *inner, name = file.path[len(folder) + 1 :].split("/")
            place = SHIPPED
            for part in inner:
                place = places.folder(part, place)
            return PythonFile(file.path, places.file(name, place))
    return file


def _is_imported(tree: Tree, python: list[PythonFile], folder: str) -> bool:
    parent, _, name = folder.rpartition("/")
    if not name.isidentifier():
        return False
    word = name.encode()
    above = re.escape(parent.rpartition("/")[2].encode("utf-8", "replace"))
    inside = rb"(?:\.+|[\w.]*\b" + above + rb"\.)" if parent else rb"\.*"
    said = [
        rb"^[ \t]*(?:from|import)[ \t]+(?:" + inside + rb")?" + word + rb"\b",
        rb"^[ \t]*from[ \t]+(?:\.+|[\w.]*\b" + (above or rb"\.") + rb")[ \t]+import\b[^\n]*\b" + word + rb"\b",
    ]
    if not any(_beside(path, parent) for path, _ in tree.manifests):
        said += [
            rb"[\"'](?:\w+\.)*" + word + rb"\.(?:settings|urls|apps|wsgi|asgi)\b",
            rb"^[ \t]+[\"'](?:\w+\.)*" + word + rb"[\"'],",
        ]
    imported = re.compile(rb"(?m)" + rb"|".join(said))
    return any(word in text and imported.search(text) for text in _texts(tree.root, python, parent))


def _beside(path: str, parent: str) -> bool:
    """Say whether a manifest makes a distribution of a folder: its own development project is an example of it."""
    folder, _, name = path.rpartition("/")
    return folder == parent and name in DISTRIBUTION


def _texts(root: str, python: list[PythonFile], parent: str) -> Iterator[bytes]:
    """Yield the shipped files of a folder, of those above it and of those right below it."""
    for path, place in python:
        folder = path.rpartition("/")[0]
        near = folder in ("", parent) or parent.startswith(f"{folder}/") or folder.rpartition("/")[0] == parent
        if place == SHIPPED and near:
            try:
                yield content(f"{root}/{path}")
            except OSError:
                continue

"""Changes of a schema that are written by hand: SQL scripts, and Python modules or functions with numbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from advisor.codebase.gather import plain_text, shorten
from advisor.codebase.model import Evidence, Fact
from advisor.codebase.walk import SHIPPED, read_bounded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from advisor.codebase.walk import Tree

SHOWN = 50
MOST_BYTES = 1 << 17

#: One alone may be anything; with a second one there is an order to apply them in.
SEVERAL = 2

_FOLDER = re.compile(r"migrations?|migrate|upgrades?|schema_?(?:updates|changes|migrations?)|db_?migrations?")
_NUMBERED = re.compile(
    r"(?:v|m|r|migrat\w*?_?|to_|upgrade_?|rev\w*?_?)?\d{2,}\w*\.py|v\d+(?:_\d+)+\.py|\w*?(?:v|_)\d+_to_v?_?\d+\w*\.py"
)
_STEP = re.compile(
    rb"(?m)^[ \t]*(?:async[ \t]+)?def[ \t]+(?:_*m\d|\w*?(?:migrat|upgrade|version|step|rev)\w*?_?v?\d)\w*\([^\n]*"
)
_STATEMENT = re.compile(
    rb"(?im)^[ \t]*(?:create|alter|insert|update|drop|delete|rename|begin|select|pragma|do|set|truncate|grant|exec)\b"
    rb"[^\n]*"
)
#: What only asks changes nothing, but for a function that is called by asking.
_CHANGE = re.compile(
    rb"(?im)^[ \t]*(?:(?:create|alter|insert|update|drop|delete|rename|pragma|do|truncate|grant|exec)\b"
    rb"|select[ \t]+[\w.]+\()"
)
_SCHEMA = re.compile(rb"(?i)\b(?:tables?|columns?|cursor|schemas?|sql|collection)\b")
_DEFINED = re.compile(rb"(?m)^(?:async[ \t]+)?(?:def|class)[ \t]+[^\n]*")


def written_by_hand(tree: Tree) -> Fact:
    """Return the changes of a schema that no library for migrations is used for.

    Args:
        tree: the folder.
    """
    places = [*_scripts(tree), *_modules(tree), *_steps(tree)]
    return Fact(bool(places), len(places), tuple(places[:SHOWN]))


def _scripts(tree: Tree) -> Iterator[Evidence]:
    for path in sorted(tree.scripts):
        data = _beginning(tree.root, path)
        if _CHANGE.search(data):
            yield _first(path, data, _STATEMENT)


def _modules(tree: Tree) -> Iterator[Evidence]:
    """Yield the modules with numbers in a folder for migrations."""
    folders: dict[str, list[str]] = {}
    for file in tree.python:
        folder, _, name = file.path.rpartition("/")
        inside = any(_FOLDER.fullmatch(part) for part in folder.lower().split("/")[-2:])
        if inside and file.place == SHIPPED and _NUMBERED.fullmatch(name):
            folders.setdefault(folder, []).append(file.path)
    for paths in folders.values():
        said = {path: _beginning(tree.root, path) for path in paths if len(paths) >= SEVERAL}
        if any(map(_SCHEMA.search, said.values())):
            for path, data in said.items():
                yield _first(path, data, _DEFINED)


def _steps(tree: Tree) -> Iterator[Evidence]:
    """Yield the functions with numbers in a module of migrations."""
    for file in tree.python:
        name = file.path.rpartition("/")[2]
        if file.place == SHIPPED and _FOLDER.fullmatch(name.removesuffix(".py")):
            data = _beginning(tree.root, file.path)
            found = list(_STEP.finditer(data))
            for one in found if len(found) >= SEVERAL else ():
                yield Evidence(file.path, data.count(b"\n", 0, one.start()) + 1, shorten(one.group()))


def _first(path: str, data: bytes, line: re.Pattern[bytes]) -> Evidence:
    """Return the first line of a file that says something of the kind, or its first line at all."""
    found = line.search(data)
    start = found.start() if found else 0
    said = found.group() if found else data.partition(b"\n")[0]
    return Evidence(path, data.count(b"\n", 0, start) + 1, shorten(said))


def _beginning(root: str, path: str) -> bytes:
    try:
        data = read_bounded(f"{root}/{path}", MOST_BYTES)
    except OSError:
        return b""
    return (plain_text(data) or b"").removeprefix(b"\xef\xbb\xbf")

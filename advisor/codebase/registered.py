"""Routes that are registered through functions and classes of the project's own: each use of one is a route."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from advisor.codebase.gather import MOST_BYTES, Lines, content
from advisor.codebase.model import Evidence
from advisor.codebase.registrars import (
    TABLE_ELSEWHERE,
    Registrar,
    has_path,
    has_text,
    registrars_around,
    tables_of_routes,
)
from advisor.codebase.resolve import Loose, Seen
from advisor.codebase.text import closing, in_text, without_long_texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from advisor.codebase.gather import FileFindings
    from advisor.codebase.markers import Markers
    from advisor.codebase.walk import PythonFile

#: A function that makes an object of a class; each round reads the files again.
MOST_ROUNDS = 2


#: Files that define another function of the same name.
MOST_OTHERS = 2


class _Open(NamedTuple):
    """A call that registers what others give it: its routes are where the functions around it are used."""

    entry: int
    path: str  #: of the file that defines the functions
    around: tuple[Registrar, ...]  #: innermost first
    registers: tuple[str, int]  #: path and line of the call that was met


class _Use(NamedTuple):
    at: Evidence
    coroutine: Evidence | None  #: what it is a decorator of


class _Uses(NamedTuple):
    """Where a name is used: with a path of its own, or handing on another one."""

    direct: list[_Use]
    handed_on: list[tuple[str, tuple[Registrar, ...]]]


def through_registrars(
    root: str,
    files: list[PythonFile],
    shipped: list[FileFindings],
    marks: tuple[list[Seen], list[Loose]],
    markers: Markers,
) -> tuple[list[Seen], list[Loose]]:
    """Put the uses of what registers routes in the place of the one call inside it.

    Args:
        root: the folder.
        files: all Python files.
        shipped: what each shipped file says.
        marks: what was met, and the routes whose framework could not be told.
        markers: words that are methods of every framework, and tell nothing of who calls them.
    """
    seen, loose = marks
    paths = [files[found.number].path for found in shipped]
    met = list(_met(files, shipped, _sites(shipped, seen, loose, markers), markers))
    settled: set[tuple[str, int]] = set()
    more: list[Seen] = []
    waiting = met
    for _ in range(MOST_ROUNDS):
        waiting = _followed(root, paths, waiting, settled, more) if waiting else []
    _through_tables(root, paths, [one for one in met if one.registers not in settled], settled, more)
    if not settled:
        return seen, loose
    kept = [one for one in seen if one.fact != "routes" or _site(one.at) not in settled]
    found = sorted(dict.fromkeys([*kept, *more]), key=lambda one: _site(one.at))
    return found, [one for one in loose if _site(one.at) not in settled]


def _site(at: Evidence) -> tuple[str, int]:
    return at.path, at.line


def _sites(
    shipped: list[FileFindings], seen: list[Seen], loose: list[Loose], markers: Markers
) -> dict[tuple[str, int], int]:
    """Return where routes are registered, and the framework that they are registered with, or that the file imports."""
    named = {
        found.number: [entry for entry, *_ in found.imported if markers.entries[entry].framework]
        for found in shipped if found.registrars
    }  # fmt: skip
    sites = {_site(one.at): named[one.file][0] for one in loose if named.get(one.file)}
    return sites | {_site(one.at): one.entry for one in seen if one.fact == "routes"}


def _followed(
    root: str, paths: list[str], waiting: list[_Open], settled: set[tuple[str, int]], more: list[Seen]
) -> list[_Open]:
    """Note the uses of what is waited for; return what hands on to others again."""
    uses = _all_uses(root, paths, waiting)
    chosen = [next((name for name in one.around if name in uses), None) for one in waiting]
    registering = Counter(chosen)
    later = []
    for one, name in zip(waiting, chosen, strict=True):
        if name is None or 0 < len(uses[name].direct) < registering[name]:
            continue  # a function that registers several routes by itself, and is told where
        used = uses[name]
        if used.direct:
            settled.add(one.registers)
        for use in used.direct:
            more.append(Seen(one.entry, "routes", use.at))
            if use.coroutine:
                more.append(Seen(one.entry, "async_handlers", use.coroutine))
        later += [_Open(one.entry, path, around, one.registers) for path, around in used.handed_on]
    return later


def _through_tables(
    root: str, paths: list[str], left: list[_Open], settled: set[tuple[str, int]], more: list[Seen]
) -> None:
    """Note the tables of routes that loops go through: whose each is cannot be told, so all are counted once."""
    loops = [one for one in left if TABLE_ELSEWHERE in one.around]
    pairs = list(_pairs(root, paths)) if loops else []
    if pairs:
        settled.update(one.registers for one in loops)
        more += [Seen(loops[0].entry, "routes", at) for at in pairs]


def _pairs(root: str, paths: list[str]) -> Iterator[Evidence]:
    for path in paths:
        data = _read(root, path)
        code = without_long_texts(data) if b'"/' in data or b"'/" in data else b""
        lines = Lines(code)
        for at in tables_of_routes(code):
            yield Evidence(path, *lines.of(at))


def _met(
    files: list[PythonFile], shipped: list[FileFindings], sites: dict[tuple[str, int], int], markers: Markers
) -> Iterator[_Open]:
    for found in shipped:
        path = files[found.number].path
        groups: dict[tuple[int, int], list[Registrar]] = {}
        for name, of_object, line, entry in found.registrars:
            known = entry if entry >= 0 else sites.get((path, line), -1)
            registrar = Registrar(name.encode(), of_object)
            if known >= 0 and not (of_object and registrar.name in markers.methods):
                groups.setdefault((known, line), []).append(registrar)
        for (entry, line), around in groups.items():
            yield _Open(entry, path, tuple(around), (path, line))


def _all_uses(root: str, paths: list[str], waiting: list[_Open]) -> dict[Registrar, _Uses]:
    """Return the uses of every function that is waited for, those without any left out."""
    homes: dict[Registrar, set[str]] = {}
    for one in waiting:
        for registrar in one.around:
            if registrar != TABLE_ELSEWHERE:
                homes.setdefault(registrar, set()).add(one.path)
    found: dict[Registrar, _Uses] = {}
    others = dict.fromkeys(homes, 0)
    for path in paths:
        data = _read(root, path)
        named = [registrar for registrar in others if _is_used(registrar, data)]
        code = without_long_texts(data) if named else b""
        for registrar in named:
            if path in homes[registrar] or not re.search(rb"\bdef[ \t]+" + registrar.name + rb"\b", code):
                _uses_in(path, code, registrar, found)
            elif others[registrar] < MOST_OTHERS:
                others[registrar] += 1
            else:  # too common a name to tell whose uses these are
                del others[registrar]
                found.pop(registrar, None)
    return found


def _is_used(registrar: Registrar, data: bytes) -> bool:
    name = registrar.name
    return name in data and ((b"." if registrar.of_object else b"") + name + b"(" in data or b"@" + name in data)


def _uses_in(path: str, code: bytes, registrar: Registrar, found: dict[Registrar, _Uses]) -> None:
    before_name = rb"\.[ \t]*" if registrar.of_object else rb"(?<!\w)"
    lines = Lines(code)
    for word in re.finditer(before_name + registrar.name + rb"\b[ \t]*(\(?)", code):
        start = code.rfind(b"\n", 0, word.start()) + 1
        before = code[start : word.start()].strip(b" \t")
        if before.startswith((b"def ", b"class ", b"async ", b"from ", b"import ")) or in_text(code, word.start()):
            continue
        decorates = before.startswith(b"@")
        bracket = word.start(1) if word.group(1) else -1
        arguments = code[bracket + 1 : closing(code, bracket)] if bracket >= 0 else b""
        uses = found.get(registrar) or _Uses([], [])
        if decorates or (has_path(arguments) if registrar.of_object else has_text(arguments)):
            at = Evidence(path, *lines.of(start))
            below = _BELOW.match(code, start) if decorates else None
            uses.direct.append(_Use(at, Evidence(path, *lines.of(below.start(1))) if below else None))
        elif bracket >= 0:
            around = registrars_around(code, word.start(), bracket)
            if not around or registrar in around:
                continue
            uses.handed_on.append((path, tuple(around)))
        else:
            continue
        found[registrar] = uses


def _read(root: str, path: str) -> bytes:
    """Return a file behind a line feed, or nothing of one that is too large or gone."""
    try:
        data = content(f"{root}/{path}")
    except OSError:
        return b""
    return b"\n" + data if len(data) <= MOST_BYTES else b""


#: A coroutine below a decorator, and below others between them.
_BELOW = re.compile(rb"[ \t]*@(?:[^\n]*\n(?![ \t]*(?:def|class)\b)){0,30}?[ \t]*(async)[ \t]+def\b")

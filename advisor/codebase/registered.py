"""Routes that are registered through functions and classes of the project's own: each use of one is a route."""

from __future__ import annotations

import re
from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from advisor.codebase.gather import Lines, read_again
from advisor.codebase.model import Evidence
from advisor.codebase.registrars import (
    LOCAL,
    LONGEST_ARGUMENTS,
    METHOD,
    TABLE_ELSEWHERE,
    Registrar,
    has_path,
    has_text,
    registrars_around,
    tables_of_routes,
)
from advisor.codebase.resolve import Loose, Seen
from advisor.codebase.text import DOT, WORD, Below, Functions, closing, in_text, without_long_texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from advisor.codebase.gather import FileFindings
    from advisor.codebase.markers import Markers
    from advisor.codebase.walk import PythonFile

#: A function that makes an object of a class; each round reads the files again.
MOST_ROUNDS = 2

#: Files that define another function of the same name.
MOST_OTHERS = 2

#: A project with more functions that register is made by a program, and so is a file that uses them more often.
MOST_REGISTRARS = 300
MOST_USES = 10_000


class _Open(NamedTuple):
    """A call that registers what others give it: its routes are where the functions around it are used."""

    entry: int
    path: str  #: of the file that defines the functions
    around: tuple[Registrar, ...]  #: innermost first
    registers: tuple[tuple[str, int], ...]  #: paths and lines of the calls that were met
    times: int  #: by how many ways one use of the function comes to such a call


class _Use(NamedTuple):
    at: Evidence
    coroutine: Evidence | None  #: what it is a decorator of


class _Uses(NamedTuple):
    """Where a name is used: with a path of its own, or handing on another one."""

    direct: list[_Use]
    handed_on: Counter[tuple[str, tuple[Registrar, ...]]]


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
    loops = [one for one in met if TABLE_ELSEWHERE in one.around]
    pairs: list[Evidence] = []
    waiting = _followed(_all_uses(root, paths, met, pairs if loops else None), met, settled, more)
    for _ in range(1, MOST_ROUNDS):
        waiting = _followed(_all_uses(root, paths, waiting, None), waiting, settled, more) if waiting else []
    loops = [one for one in loops if settled.isdisjoint(one.registers)]
    if loops and pairs:  # whose table each is cannot be told: all are counted once
        settled.update(site for one in loops for site in one.registers)
        more += [Seen(loops[0].entry, "routes", at) for at in pairs]
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
    uses: dict[Registrar, _Uses], waiting: list[_Open], settled: set[tuple[str, int]], more: list[Seen]
) -> list[_Open]:
    """Note the uses of what is waited for; return what hands on to others again."""
    groups: dict[tuple[int, Registrar], list[_Open]] = {}
    registering: Counter[Registrar] = Counter()
    for one in waiting:
        name = next((name for name in one.around if name in uses), None)
        if name:
            groups.setdefault((one.entry, name), []).append(one)
            registering[name] += one.times
    later = []
    for (entry, name), group in groups.items():
        used = uses[name]
        if 0 < len(used.direct) < registering[name]:
            continue  # a function that registers several routes by itself, and is told where
        registers = tuple(dict.fromkeys(site for one in group for site in one.registers))
        if used.direct:
            settled.update(registers)
        for use in used.direct:
            more.append(Seen(entry, "routes", use.at))
            if use.coroutine:
                more.append(Seen(entry, "async_handlers", use.coroutine))
        times = sum(one.times for one in group)
        later += [_Open(entry, path, around, registers, times * n) for (path, around), n in used.handed_on.items()]
    return later


def _met(
    files: list[PythonFile], shipped: list[FileFindings], sites: dict[tuple[str, int], int], markers: Markers
) -> Iterator[_Open]:
    for found in shipped:
        path = files[found.number].path
        groups: dict[tuple[int, int], list[Registrar]] = {}
        for name, kind, line, entry in found.registrars:
            known = entry if entry >= 0 else sites.get((path, line), -1)
            registrar = Registrar(name.encode(), kind)
            if known >= 0 and not (kind == METHOD and registrar.name in markers.methods):
                groups.setdefault((known, line), []).append(registrar)
        for (entry, line), around in groups.items():
            yield _Open(entry, path, tuple(around), ((path, line),), 1)


def _all_uses(
    root: str, paths: list[str], waiting: list[_Open], pairs: list[Evidence] | None
) -> dict[Registrar, _Uses]:
    """Return the uses of every function that is waited for, those without any left out.

    Args:
        root: the folder.
        paths: of the files to look through.
        waiting: what is waited for.
        pairs: takes the pairs of a path and what answers it on the way, where such tables are looked for.
    """
    homes = _homes(waiting)
    if len(homes) > MOST_REGISTRARS:
        homes = {}
    inside: dict[str, list[Registrar]] = {}
    for registrar, where in homes.items():
        for path in where if _is_private(registrar) else ():
            inside.setdefault(path, []).append(registrar)
    others = {registrar: 0 for registrar in homes if not _is_private(registrar)}
    found: dict[Registrar, _Uses] = {}
    own = _own_names(paths)
    for path in paths if others or pairs is not None else sorted(inside):
        data = read_again(f"{root}/{path}")
        if pairs is not None:
            pairs += _pairs(path, data)
        named = [registrar for registrar in (*others, *inside.get(path, ())) if _is_used(registrar, data)]
        if not named:
            continue
        using = _Using(path, data, own)
        for registrar in named:
            at_home = path in homes[registrar]
            if at_home or not using.defines(registrar.name):
                using.note(registrar, found, at_home=at_home)
            elif others[registrar] < MOST_OTHERS:
                others[registrar] += 1
            else:  # too common a name to tell whose uses these are
                del others[registrar]
                found.pop(registrar, None)
    return found


def _pairs(path: str, data: bytes) -> Iterator[Evidence]:
    if tables_of_routes(data):  # perhaps in a string of many lines
        lines = Lines(data)
        for at in tables_of_routes(without_long_texts(data)):
            yield Evidence(path, *lines.of(at))


def _homes(waiting: list[_Open]) -> dict[Registrar, set[str]]:
    """Return the files that define each of the functions that are waited for."""
    homes: dict[Registrar, set[str]] = {}
    for one in waiting:
        for registrar in one.around:
            if registrar != TABLE_ELSEWHERE:
                homes.setdefault(registrar, set()).add(one.path)
    return homes


def _own_names(paths: list[str]) -> set[bytes]:
    """Return what the first part of a module of the project can be: names of its folders and files."""
    parts = {part for path in paths for part in path.removesuffix(".py").split("/")}
    return {part.encode("utf-8", "replace") for part in parts} | {b""}


def _is_private(registrar: Registrar) -> bool:
    """Say whether nothing outside of the file that defines a function is meant to use it."""
    return registrar.kind == LOCAL or registrar.name.startswith(b"_")


def _is_used(registrar: Registrar, data: bytes) -> bool:
    name = registrar.name
    return name in data and ((b"." if registrar.kind == METHOD else b"") + name + b"(" in data or b"@" + name in data)


class _Using:
    """A file in which uses are looked for."""

    def __init__(self, path: str, data: bytes, own: set[bytes]) -> None:
        self.path = path
        self.data = data
        self.code = code = without_long_texts(data)
        self.own = own
        self.functions = Functions(code)
        self.left = MOST_USES
        self.lines = Lines(data)
        self.below = Below(code)

    def defines(self, name: bytes) -> bool:
        """Say whether something of the name is defined here."""
        return re.search(rb"\b(?:def|class)[ \t]+" + name + rb"\b", self.code) is not None

    def note(self, registrar: Registrar, found: dict[Registrar, _Uses], *, at_home: bool) -> None:
        """Add the uses of a function to those that were found.

        Args:
            registrar: the function.
            found: what was found in other files, which is added to.
            at_home: the file is one that defines it; others have to import it from the project.
        """
        code, name = self.code, registrar.name
        uses = found.get(registrar) or _Uses([], Counter())
        is_known = at_home or b"import *" in code
        at = code.find(name)
        while at >= 0 and self.left:
            here, end = at, at + len(name)
            at = code.find(name, end)
            if code[here - 1] in WORD or code[end : end + 1].isalnum() or code[end : end + 1] == b"_":
                continue
            imported = self._imported_from(here)
            if imported is not None:
                is_known = at_home or imported.partition(b".")[0] in self.own
            elif self._is_meant(registrar, here, is_known=is_known, at_home=at_home):
                self.left -= 1
                self._use(registrar, uses, here, end)
        if uses.direct or uses.handed_on:
            found[registrar] = uses

    def _imported_from(self, at: int) -> bytes | None:
        """Return the module that a name is imported from by the statement that it stands in, or None."""
        code = self.code
        start = code.rfind(b"\n", 0, at) + 1
        statement = _IMPORT.match(code, start, at)
        if statement is None and code[start:at].count(b"(") == 0:
            opened = code.rfind(b"import", max(0, at - LONGEST_ARGUMENTS), start)
            if opened >= 0 and _OPENED.match(code, opened, at) and b")" not in code[opened:at]:
                statement = _IMPORT.match(code, code.rfind(b"\n", 0, opened) + 1, at)
        return statement.group(1) if statement else None

    def _is_meant(self, registrar: Registrar, at: int, *, is_known: bool, at_home: bool) -> bool:
        """Say whether a name that stands somewhere can be the function's."""
        code = self.code
        dot = len(code[max(0, at - LONGEST_NAME) : at].rstrip(b" \t")) + max(0, at - LONGEST_NAME) - 1
        if code[dot] != DOT:
            return is_known and registrar.kind != METHOD
        start = dot
        while start > 0 and code[start - 1] in WORD and dot - start < LONGEST_NAME:
            start -= 1
        through = code[start:dot]
        if registrar.kind == METHOD:  # of an object, not of a module from elsewhere
            return through in self.own or through not in self.modules
        if registrar.kind == LOCAL or not through:
            return False
        if through in (b"self", b"cls"):
            return at_home
        return through[:1].isupper() or through in self.own or through in self.aliases

    @cached_property
    def modules(self) -> set[bytes]:
        """Names of the modules that are imported as such."""
        return set(_MODULE.findall(self.code))

    @cached_property
    def aliases(self) -> set[bytes]:
        """Names that something was given where it was imported."""
        return set(_ALIAS.findall(self.code))

    def _use(self, registrar: Registrar, uses: _Uses, at: int, end: int) -> None:
        """Add one use of a function by its name."""
        code = self.code
        start = code.rfind(b"\n", 0, at) + 1
        before = code[start:at].strip(b" \t")
        if before.startswith((b"def ", b"class ", b"async ")) or in_text(code, at):
            return
        decorates = before.startswith(b"@") and b"(" not in before
        opened = _CALL.match(code, end)
        bracket = opened.end() - 1 if opened else -1
        arguments = code[bracket + 1 : closing(code, bracket, LONGEST_ARGUMENTS)] if opened else b""
        if decorates or (has_path(arguments) if registrar.kind == METHOD else has_text(arguments)):
            below = self.below.header(start) if decorates else None
            place = Evidence(self.path, *self.lines.of(start))
            coroutine = Evidence(self.path, *self.lines.of(below.start(1))) if below and below.group(1) else None
            uses.direct.append(_Use(place, coroutine))
        elif opened:
            around = registrars_around(self.functions, at, bracket)
            if around and registrar not in around:
                uses.handed_on[self.path, tuple(around)] += 1


#: A name is no longer.
LONGEST_NAME = 100
_CALL = re.compile(rb"[ \t]*\(")
_IMPORT = re.compile(rb"[ \t]*from[ \t]+([.\w]+)[ \t]+import\b")
_MODULE = re.compile(rb"\nimport[ \t]+(\w+)[ \t]*\r?\n")
_ALIAS = re.compile(rb"\bas[ \t]+(\w+)")
_OPENED = re.compile(rb"import[ \t]*\(")

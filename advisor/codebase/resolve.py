"""Questions that one file cannot answer: classes and variables that come from other files of the project."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from advisor.codebase.model import Evidence
from advisor.codebase.read import ASYNC, PATH_GIVEN, TABLE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from advisor.codebase.gather import FileFindings
    from advisor.codebase.markers import Mark, Markers
    from advisor.codebase.walk import PythonFile


class Seen(NamedTuple):
    """One mark met in shipped code."""

    entry: int
    fact: str
    at: Evidence


class Loose(NamedTuple):
    """A route registered through a variable whose make is not known even to the whole project."""

    file: int
    method: str
    asynchronous: bool
    at: Evidence


class _Class(NamedTuple):
    file: int
    name: str
    bases: tuple[str, ...]
    marks: tuple[Mark, ...]
    line: int
    what: str
    flags: int
    fields: int


MOST_STEPS = 12


def resolve(
    files: list[PythonFile], findings: Iterable[FileFindings], markers: Markers
) -> tuple[list[Seen], list[Loose]]:
    """Put the findings of all shipped files together.

    Returns:
        What was met, and the routes whose framework could not be told from any import.
    """
    return _Project(files, findings, markers).answer()


class _Project:
    """Who makes which name, and which class derives from what."""

    def __init__(self, files: list[PythonFile], findings: Iterable[FileFindings], markers: Markers) -> None:
        self.files = files
        self.findings = [found for found in findings if found.hits or found.classes or found.questions or found.made]
        self.markers = markers
        self.by_number = {found.number: found for found in self.findings}
        self.made: dict[str, list[tuple[int, int]]] = {}
        self.classes: dict[str, list[_Class]] = {}
        self.own: set[str] | None = None
        self.parts: dict[int, tuple[str, ...]] = {}
        self.paths: dict[tuple[str, ...], int] = {}
        self.ends: dict[tuple[str, ...], list[int]] = {}
        self.known: dict[tuple[int, str, int], tuple[Mark, ...]] = {}
        for found in self.findings:
            for name, thing in found.made.items():
                self.made.setdefault(name.removeprefix("self."), []).append((found.number, thing))
            for header in found.classes:
                self.classes.setdefault(header[0], []).append(_Class(found.number, *header))

    def answer(self) -> tuple[list[Seen], list[Loose]]:
        seen: list[Seen] = []
        loose: list[Loose] = []
        for found in self.findings:
            path = self.files[found.number].path
            seen += [Seen(entry, fact, Evidence(path, line, what)) for entry, fact, line, what in found.hits]
            for question in found.questions:
                self._question(found, question, seen, loose)
        for same_name in self.classes.values():
            for one in same_name:
                seen += self._facts_of(one)
        seen.sort(key=lambda s: (s.at.path, s.at.line))
        return seen, loose

    def _question(
        self,
        found: FileFindings,
        question: tuple[str, str, int, str, int],
        seen: list[Seen],
        loose: list[Loose],
    ) -> None:
        receiver, method, line, what, flags = question
        at = Evidence(self.files[found.number].path, line, what)
        for name, called in self._readings(receiver, method):
            thing = self._thing(found, name)
            fact = self.markers.things[thing].methods.get(called.encode()) if thing is not None else None
            if thing is not None and fact:
                entry = self.markers.things[thing].entry
                seen.append(Seen(entry, fact, at))
                if flags & ASYNC and fact in ("routes", "websockets"):
                    seen.append(Seen(entry, "async_handlers", at))
                return
        if flags & PATH_GIVEN or method.encode() in self.markers.registers:
            loose.append(Loose(found.number, method, bool(flags & ASYNC), at))

    @staticmethod
    def _readings(receiver: str, method: str) -> list[tuple[str, str]]:
        """`app.router.add_get` is `router.add_get` of `app`, or `add_get` of `app.router`."""
        holder, _, attribute = receiver.rpartition(".")
        plain = [(receiver, method)]
        return [*plain, (holder, f"{attribute}.{method}")] if holder else plain

    def _thing(self, found: FileFindings, receiver: str) -> int | None:
        """Return what a variable holds: made in this file, imported, or made under the same name nearby."""
        if receiver in found.made:
            return found.made[receiver]
        first, _, rest = receiver.partition(".")
        name = receiver.rpartition(".")[2] if rest else first
        full = found.foreign.get(first)
        if full and not self._is_own(full):
            return None
        if full:
            name = rest.rpartition(".")[2] if rest else full.rpartition(".")[2]
        return self._nearest(found.number, self.made.get(name, []), full)

    def _nearest(self, file: int, candidates: list[tuple[int, int]], full: str | None) -> int | None:
        if not candidates:
            return None
        if len(candidates) == 1:
            return candidates[0][1]
        here = self.files[file].path
        best = max(
            candidates,
            key=lambda c: (c[0] == file, _fits(self.files[c[0]].path, full), _common(here, self.files[c[0]].path)),
        )
        return best[1]

    def _is_own(self, full: str) -> bool:
        if full.startswith("."):
            return True
        if self.own is None:
            self.own = set()
            for file in self.files:
                self.own.update(file.path.removesuffix(".py").split("/"))
        return full.partition(".")[0] in self.own

    def _marks_of(self, one: _Class, steps: int) -> tuple[Mark, ...]:
        key = (one.file, one.name, one.line)
        if key in self.known:
            return self.known[key]
        self.known[key] = one.marks  # a class that derives from itself, by whatever mistake, ends here
        marks = dict.fromkeys(one.marks)
        found = self.by_number[one.file]
        for base in one.bases:
            marks.update(dict.fromkeys(self._marks_of_base(found, one, base, steps)))
        if one.fields >= 0 and not any(how == "makes" or fact == "models" for how, _, fact, _ in marks):
            marks["bases", one.fields, "models", ""] = None
        self.known[key] = tuple(marks)
        return self.known[key]

    def _marks_of_base(self, found: FileFindings, one: _Class, base: str, steps: int) -> tuple[Mark, ...]:
        holder, _, last = base.rpartition(".")
        if holder:
            thing = self._thing(found, holder) if last.encode() in self.markers.bases else None
            fact = self.markers.things[thing].bases.get(last.encode()) if thing is not None else None
            if thing is not None and fact:
                return (("bases", self.markers.things[thing].entry, fact, ""),)
        thing = self._thing(found, base) if base in self.made else None
        made = self.markers.things[thing] if thing is not None else None
        if made and made.subclassed:
            return (("bases", made.entry, made.subclassed, ""),)
        if steps >= MOST_STEPS:
            return ()
        parent = self._parent(found, one, base)
        return tuple(map(self._inherited, self._marks_of(parent, steps + 1))) if parent else ()

    def _inherited(self, mark: Mark) -> Mark:
        """Return what a mark of a class means for the classes below it: the first one below a library's is the base."""
        made = self.markers.things[int(mark[3])] if mark[0] == "makes" else None
        return ("bases", made.entry, made.subclassed, "") if made and made.subclassed else mark

    def _parent(self, found: FileFindings, one: _Class, base: str) -> _Class | None:
        first, _, _ = base.partition(".")
        full = found.foreign.get(first)
        if full and not self._is_own(full):
            return None
        name = base.rpartition(".")[2] if "." in base or not full else full.rpartition(".")[2]
        candidates = [c for c in self.classes.get(name, []) if (c.file, c.line) != (one.file, one.line)]
        if not candidates:
            return None
        if not full:
            local = [c for c in candidates if c.file == one.file]
            return local[-1] if local else self._closest(one, candidates, None)
        home = self._home(one.file, full if "." not in base else f"{full}.{name}")
        if home is not None:
            inside = [c for c in candidates if c.file == home]
            if inside:
                return inside[0]
            if home not in self.by_number and not self.files[home].path.endswith("__init__.py"):
                return None  # nothing that matters is imported there: the class of that name is another one
        return self._closest(one, candidates, full)

    def _closest(self, one: _Class, candidates: list[_Class], full: str | None) -> _Class:
        if len(candidates) == 1:
            return candidates[0]
        here = self.files[one.file].path
        return max(
            candidates, key=lambda c: (_fits(self.files[c.file].path, full), _common(here, self.files[c.file].path))
        )

    def _home(self, file: int, full: str) -> int | None:
        """Return the file that an imported module is, as far as names tell."""
        names = [name for name in full.split(".")[:-1] if name]
        if full[0] == ".":
            up = len(full) - len(full.lstrip(".")) - self.files[file].path.endswith("__init__.py")
            here = self._parts(file)
            return self._by_path().get((*here[: len(here) - up], *names))
        if not names:
            return None
        path = self.files[file].path
        fitting = [
            (_common(path, self.files[number].path), number)
            for number in self._by_end(tuple(names[-2:]))
            if self._parts(number)[-len(names) :] == tuple(names)
        ]
        return max(fitting)[1] if fitting else None

    def _parts(self, number: int) -> tuple[str, ...]:
        parts = self.parts.get(number)
        if parts is None:
            parts = self.parts[number] = tuple(_module_parts(self.files[number].path))
        return parts

    def _by_path(self) -> dict[tuple[str, ...], int]:
        if not self.paths:
            self.paths = {self._parts(number): number for number in range(len(self.files))}
        return self.paths

    def _by_end(self, names: tuple[str, ...]) -> list[int]:
        if not self.ends:
            for number in range(len(self.files)):
                parts = self._parts(number)
                self.ends.setdefault(parts[-1:], []).append(number)
                self.ends.setdefault(parts[-2:], []).append(number)
        return self.ends.get(names, [])

    def _facts_of(self, one: _Class) -> list[Seen]:
        marks = self._marks_of(one, 0)
        if not marks:
            return []
        at = Evidence(self.files[one.file].path, one.line, one.what)
        seen = []
        for how, entry, fact, thing in marks:
            if how == "makes":
                made = self.markers.things[int(thing)]
                seen += [Seen(entry, f if f not in ("app", "router") else "subclass", at) for f in made.making]
                continue
            if how != "bases":
                continue
            word = self.markers.entries[entry].keyword.get(fact)
            if word and not one.flags & TABLE:
                continue
            if fact != "handlers":
                seen.append(Seen(entry, fact, at))
            elif one.flags & ASYNC:
                seen.append(Seen(entry, "async_handlers", at))
        return list(dict.fromkeys(seen))


def _fits(path: str, full: str | None) -> int:
    """Return how many of the last names of an imported module are the path's own."""
    if not full:
        return 0
    names = [name for name in full.split(".")[:-1] if name]
    parts = _module_parts(path)
    count = 0
    while count < min(len(names), len(parts)) and names[-1 - count] == parts[-1 - count]:
        count += 1
    return count


def _module_parts(path: str) -> list[str]:
    return path.removesuffix(".py").removesuffix("/__init__").split("/")


def _common(one: str, other: str) -> int:
    """Return how many folders two paths share from the root."""
    count = 0
    for here, there in zip(one.split("/")[:-1], other.split("/")[:-1], strict=False):
        if here != there:
            break
        count += 1
    return count

"""The markers file (`rules/markers.yaml`) made quick to ask: what marks a framework is data, not code."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from advisor.codebase.cache import shipped_markers, yaml_data
from advisor.errors import AdvisorError

if TYPE_CHECKING:
    from pathlib import Path

Mark = tuple[str, int, str, str]  # (how it counts, entry, fact, name of the object it makes)


class Thing(NamedTuple):
    """An object that is made once and used through a variable: an application, a router, a database handle."""

    entry: int
    making: tuple[str, ...]  #: facts that hold once it is made
    methods: dict[bytes, str]  #: method, maybe with the attribute before it → fact
    bases: dict[bytes, str]  #: attribute that classes derive from → fact
    without: dict[str, bytes]  #: fact → argument that undoes it when None or False
    subclassed: str | None  #: fact of a class that derives from the object itself


class Field(NamedTuple):
    """What the body of a model looks like, for classes that derive from what is not in the project."""

    entry: int
    word: bytes  #: stands in every file with such a class
    line: bytes  #: expression for the line behind its indentation


class Phrase(NamedTuple):
    """Words that say a fact by themselves."""

    fact: str
    words: tuple[bytes, ...]  #: one of them stands in every file with the phrase
    line: bytes  #: expression found on the line
    files: tuple[str, ...]  #: how the names of the files begin; by default those that import the framework


class Entry(NamedTuple):
    """One framework or library."""

    id: str
    name: str
    framework: bool
    alternative: bool
    built_on: str | None
    orm: bool
    asgi: bool  #: no other way of serving it is possible
    wsgi: bool  #: served through WSGI unless something says otherwise
    pages_by_name: bool  #: its views find templates by names that no code need mention
    plain_html: bool  #: what its handlers return is a page unless they say otherwise
    front: bool  #: serves pages made of widgets: beside another framework it is the smaller part
    quiet: bool  #: importing it alone makes no file worth reading
    core: tuple[bytes, ...]  #: modules of the framework itself
    packages: tuple[str, ...]
    handlers: tuple[bytes, ...]
    tuples: tuple[bytes, ...]
    names: dict[bytes, str]
    settings: dict[bytes, dict[str, tuple[bytes, ...]]]
    keyword: dict[str, bytes]
    lines: tuple[tuple[str, bytes, bytes], ...]  #: (fact, word of every file with it, what a line holds that says it)


class Markers(NamedTuple):
    """Everything the reader looks for, keyed the way it meets it."""

    entries: tuple[Entry, ...]
    things: tuple[Thing, ...]
    modules: dict[bytes, tuple[int, ...]]  #: dotted module → entries that it names
    prefixes: tuple[tuple[bytes, int], ...]  #: beginning of a top-level module → entry
    tails: dict[bytes, tuple[tuple[bytes, Mark], ...]]  #: last names of a mark → its package and meaning
    methods: frozenset[bytes]  #: last names of all methods that register something
    bases: frozenset[bytes]  #: attributes of objects that classes derive from
    registers: frozenset[bytes]  #: method calls telling enough to be looked for without knowing the variable
    routing: frozenset[bytes]  #: last names of the methods that make routes
    mentioned: frozenset[bytes]  #: packages of the marks that count where they are mentioned
    ways: frozenset[bytes]  #: those packages and all that they lie in
    outer: dict[bytes, tuple[bytes, ...]]  #: first name of a mark of several names → its packages
    sought: dict[bytes, bool]  #: full names asked about before
    named: dict[bytes, tuple[int, ...]]  #: modules asked about before
    named_themselves: dict[bytes, tuple[int, ...]]  #: full names imported before → the entries they are part of
    all_of: dict[bytes, tuple[tuple[bytes, bytes], ...]]  #: modules imported whole before → (name, full name) of marks
    holders: frozenset[bytes]  #: packages that marked modules lie in
    settings: tuple[tuple[bytes, int], ...]  #: names of lists with a meaning, and whose they are
    single_files: frozenset[bytes]  #: modules that projects carry along as one file
    fields: tuple[Field, ...]
    revisions: tuple[tuple[int, str, bytes], ...]  #: (entry, part of the path of migrations, word that they hold)
    phrases: tuple[Phrase, ...]
    no_page: str  #: expression for the name of a rendered template that is no page
    signs: tuple[tuple[str, str, str], ...]  #: (fact that is said by it, fact whose lines are looked at, expression)
    beside: tuple[tuple[str, str, frozenset[str]], ...]  #: (sign, fact that it shows, what must be there for it)
    alone: dict[str, str]  #: fact → the fact that a call with one argument is as well
    telling: tuple[bytes, ...]  #: words that only files with such calls hold
    deriving: tuple[bytes, ...]  #: words of files with classes that derive from what another file imports
    parts: dict[bytes, tuple[bytes, ...]]  #: package → first names of the marks in it
    places: dict[str, tuple[str, ...]]
    counted_by: dict[str, str]  #: fact → the fact that says how many
    hosting: dict[str, tuple[str, ...]]
    move: dict[str, object]  #: wording of what leaving a framework means
    answers: dict[str, object]


# Methods this common are met on every kind of object: without the variable's make they mean nothing, and deeper in a
# package (the `get` of its request) they are something else.
TOO_COMMON = {b"get", b"post", b"put", b"patch", b"delete", b"head", b"options", b"trace", b"on", b"event", b"view",
               b"route", b"task", b"scan", b"mount", b"merge", b"doc", b"websocket", b"register", b"run",
              b"app", b"url"}  # fmt: skip


def load_markers(path: Path | None = None) -> Markers:
    """Read a markers file; without a path, the one that is shipped.

    Raises:
        AdvisorError: the file cannot be read, or does not have the shape its own header describes.
    """
    return _load(os.fspath(path) if path else shipped_markers())


@cache
def _load(path: str) -> Markers:
    try:
        data, _ = yaml_data(path)
    except (OSError, ValueError) as problem:
        raise AdvisorError(f"{path}: cannot read the markers: {problem}") from problem
    try:
        return compile_markers(data)
    except (KeyError, TypeError, ValueError, AttributeError) as problem:
        raise AdvisorError(
            f"{path}: not a markers file: {problem!r}", "the header of rules/markers.yaml describes the shape"
        ) from problem


def compile_markers(data: dict[str, object]) -> Markers:
    """Turn the plain data of a markers file into what the reader asks."""
    builder = _Builder()
    for entry in [*_list(data["frameworks"])]:
        builder.add(entry, framework=True)
    for entry in [*_list(data["libraries"])]:
        builder.add(entry, framework=False)
    return builder.finish(data)


def _list(value: object) -> list[dict[str, object]]:
    if not isinstance(value, list):
        raise TypeError("frameworks and libraries are lists")
    return value


class _Builder:
    """Collects entries while the file is walked."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.things: list[Thing] = []
        self.modules: dict[bytes, list[int]] = {}
        self.prefixes: list[tuple[bytes, int]] = []
        self.tails: dict[bytes, list[tuple[bytes, Mark]]] = {}
        self.single_files: set[bytes] = set()
        self.fields: list[Field] = []
        self.revisions: list[tuple[int, str, bytes]] = []

    def add(self, data: dict[str, Any], *, framework: bool) -> None:
        at = len(self.entries)
        self.entries.append(_entry(data, framework=framework))
        if data.get("single_file"):
            self.single_files.add(data["single_file"].encode())
        for module in [*data["modules"].split(), *data.get("companions", "").split()]:
            if module.endswith("*"):
                self.prefixes.append((module[:-1].encode(), at))
            else:
                self.modules.setdefault(module.encode(), []).append(at)
        for how in ("calls", "bases", "uses"):
            for fact, marks in data.get(how, {}).items():
                for mark in marks.split():
                    self._mark(mark, (how, at, fact, ""))
        if revisions := data.get("revisions"):
            self.revisions.append((at, revisions["folder"], revisions["word"].encode()))
        for field in data.get("fields", ()):
            self.fields.append(Field(at, field["word"].encode(), field["line"].encode()))
        for thing in data.get("objects", {}).values():
            self._thing(thing, at)

    def _thing(self, data: dict[str, Any], entry: int) -> None:
        number = str(len(self.things))
        self.things.append(
            Thing(
                entry=entry,
                making=(data["is"], *data.get("also", ())),
                methods={m.encode(): fact for fact, ms in data.get("methods", {}).items() for m in ms.split()},
                bases={m.encode(): fact for fact, ms in data.get("bases", {}).items() for m in ms},
                without={fact: words[0].encode() for fact, words in data.get("without", {}).items()},
                subclassed=data.get("subclassed"),
            )
        )
        for mark in data["made_by"].split():
            self._mark(mark, ("makes", entry, data["is"], number))

    def _mark(self, mark: str, meaning: Mark) -> None:
        package, _, name = mark.partition(":")
        if not name:
            raise ValueError(f"mark {mark!r} has no package")
        self.tails.setdefault(name.encode(), []).append((package.encode(), meaning))

    def finish(self, data: dict[str, Any]) -> Markers:
        methods = {m.rpartition(b".")[2] for thing in self.things for m in thing.methods}
        mentioned, outer = self._packages()
        loud = [name for name, owners in self.modules.items() if not all(self.entries[at].quiet for at in owners)]
        return Markers(
            entries=tuple(self.entries),
            things=tuple(self.things),
            modules={module: tuple(where) for module, where in self.modules.items()},
            prefixes=tuple(self.prefixes),
            tails={tail: tuple(marks) for tail, marks in self.tails.items()},
            methods=frozenset(methods),
            bases=frozenset(m for thing in self.things for m in thing.bases),
            registers=frozenset(m.rpartition(b".")[2] for thing in self.things for m in thing.methods if _tells(m)),
            routing=frozenset(
                m.rpartition(b".")[2] for thing in self.things for m, fact in thing.methods.items() if fact == "routes"
            ),
            mentioned=frozenset(mentioned),
            ways=frozenset(mentioned.union(*map(_holders, mentioned))),
            outer=outer,
            sought={},
            named={},
            named_themselves={},
            all_of={},
            holders=frozenset().union(*map(_holders, loud)),
            settings=tuple((name, n) for n, entry in enumerate(self.entries) for name in entry.settings),
            single_files=frozenset(self.single_files),
            fields=tuple(self.fields),
            revisions=tuple(self.revisions),
            phrases=tuple(map(_phrase, data["phrases"])),
            no_page=data["no_page"],
            signs=tuple((sign["fact"], sign["of"], sign["line"]) for sign in data["signs"]),
            beside=tuple((sign, at["fact"], frozenset(at["where"])) for sign, at in data["beside"].items()),
            alone=dict(data["alone"]),
            telling=tuple(word.encode() for word in data["telling"]),
            deriving=tuple(word.encode() for word in data["deriving"]),
            parts=self._parts(),
            places={key: tuple(words) for key, words in data["places"].items()},
            counted_by=dict(data["counted_by"]),
            hosting={key: tuple(words) for key, words in data["hosting"].items()},
            move=data["move"],
            answers=data["answers"],
        )

    def _parts(self) -> dict[bytes, tuple[bytes, ...]]:
        parts: dict[bytes, dict[bytes, None]] = {}
        for tail, marks in self.tails.items():
            first = tail.partition(b".")[0]
            for package, _ in marks:
                parts.setdefault(package, {})[first] = None
        return {package: tuple(names) for package, names in parts.items()}

    def _packages(self) -> tuple[set[bytes], dict[bytes, tuple[bytes, ...]]]:
        """Return the packages that marks lie in, all of them and by the first part of names that have several."""
        mentioned: set[bytes] = set()
        outer: dict[bytes, tuple[bytes, ...]] = {}
        for tail, marks in self.tails.items():
            packages = tuple(package for package, mark in marks if mark[0] != "bases")
            mentioned.update(packages)
            first, dot, _ = tail.partition(b".")
            if dot:
                outer[first] = outer.get(first, ()) + packages
        return mentioned, outer


def _entry(data: dict[str, Any], *, framework: bool) -> Entry:
    return Entry(
        id=data["id"],
        name=data.get("name", data["id"]),
        framework=framework,
        alternative=bool(data.get("alternative")),
        built_on=data.get("built_on"),
        orm=bool(data.get("orm")),
        asgi=bool(data.get("asgi")),
        wsgi=bool(data.get("wsgi")),
        pages_by_name=bool(data.get("pages_by_name")),
        plain_html=bool(data.get("plain_html")),
        front=bool(data.get("front")),
        quiet=bool(data.get("quiet")),
        core=tuple(module.encode() for module in data["modules"].split()),
        packages=tuple(data.get("packages", "").split()),
        handlers=tuple(word.encode() for word in data.get("handlers", ())),
        tuples=tuple(word.encode() for word in data.get("tuples", ())),
        names={name.encode(): fact for name, fact in data.get("names", {}).items()},
        settings={
            name.encode(): {fact: tuple(map(str.encode, words)) for fact, words in facts.items()}
            for name, facts in data.get("settings", {}).items()
        },
        lines=tuple((fact, *map(str.encode, said)) for fact, said in data.get("lines", {}).items()),
        keyword={fact: word.encode() for fact, word in data.get("keyword", {}).items()},
    )


def _phrase(data: dict[str, Any]) -> Phrase:
    words = tuple(map(str.encode, data["words"]))
    return Phrase(data["fact"], words, data["line"].encode(), tuple(data.get("files", ())))


def _holders(module: bytes) -> list[bytes]:
    """Return the packages that a module lies in."""
    packages = []
    while b"." in module:
        module = module.rpartition(b".")[0]
        packages.append(module)
    return packages


def _tells(method: bytes) -> bool:
    return method.rpartition(b".")[2] not in TOO_COMMON

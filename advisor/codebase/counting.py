"""Which of the marks that were met count: those of frameworks that serve the project, each thing once."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from advisor.codebase.manifests import REQUIRED
from advisor.codebase.resolve import Seen

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from advisor.codebase.gather import FileFindings
    from advisor.codebase.manifests import Manifests
    from advisor.codebase.markers import Markers
    from advisor.codebase.model import FrameworkUse
    from advisor.codebase.resolve import Loose
    from advisor.codebase.verdict import Imports


def that_count(
    markers: Markers,
    seen: list[Seen],
    loose: list[Loose],
    shipped: list[FileFindings],
    frameworks: tuple[FrameworkUse, ...],
) -> list[Seen]:
    """Leave out the marks of frameworks that do not serve this project, and settle what was left open.

    Args:
        markers: what the numbers of entries mean.
        seen: what was met in shipped code.
        loose: routes whose framework could not be told from any import.
        shipped: what each shipped file says.
        frameworks: the frameworks met, the primary one first.
    """
    serving = _serving(markers, seen, frameworks)
    has_primary = bool(frameworks) and frameworks[0].role == "primary"
    kept = [one for one in seen if one.entry in serving or (one.entry < 0 and has_primary)]
    if has_primary:
        first = frameworks[0].framework
        named = {f.number: {entry for entry, *_ in f.imported} & serving for f in shipped}
        known: dict[tuple[str, int], tuple[int, str | None]] = {}
        for one in loose:
            asked = (one.method, one.file)
            if asked not in known:
                known[asked] = _likely(markers, one, named.get(one.file, set()), first)
            entry, fact = known[asked]
            if fact:
                kept.append(Seen(entry, fact, one.at))
                if one.asynchronous:
                    kept.append(Seen(entry, "async_handlers", one.at))
    kept = _settled(_outside_migrations(markers, kept))
    kept.sort(key=lambda s: (s.at.path, s.at.line))
    return kept


def told_by_need(
    markers: Markers, loose: list[Loose], imports: Mapping[int, Imports], manifests: Manifests
) -> tuple[list[Seen], list[Loose]]:
    """Give the routes of an object that comes from outside to the one framework they can be of.

    That one is imported somewhere, and the project cannot do without it: a plugin is handed what it registers with.

    Returns:
        The routes whose framework is told so, and the others.
    """
    needed = {
        number for number, places in imports.items()
        if places.shipped and markers.entries[number].framework
        and REQUIRED in manifests.purposes(markers.entries[number].packages)
    }  # fmt: skip
    told: dict[str, int] = {}
    for method in {one.method for one in loose if one.method.encode() in markers.registers}:
        able = {entry for entry, fact in _offers(markers, method) if fact == "routes" and entry in needed}
        if len(able) == 1:
            told[method] = able.pop()
    seen = [Seen(told[one.method], "routes", one.at) for one in loose if one.method in told]
    if len(seen) < SEVERAL:
        return [], loose
    return seen, [one for one in loose if one.method not in told]


def _offers(markers: Markers, method: str) -> Iterator[tuple[int, str]]:
    """Yield the frameworks that register something by a method of this name, and what."""
    for thing in markers.things:
        for name, fact in thing.methods.items():
            fits = name.rpartition(b".")[2].decode() == method and fact in ("routes", "websockets")
            if fits and markers.entries[thing.entry].framework:
                yield thing.entry, fact


def _serving(markers: Markers, seen: list[Seen], frameworks: tuple[FrameworkUse, ...]) -> set[int]:
    """Return the entries whose marks count; an optional part counts where its own application is started as well."""
    roles = {use.framework: use.role for use in frameworks}
    makes: dict[int, set[str]] = {}
    starts: set[str] = set()
    for one in seen:
        if one.fact == "app":
            makes.setdefault(one.entry, set()).add(one.at.path)
        elif one.fact in _STARTS:
            starts.add(one.at.path)
    serving = set()
    for number, entry in enumerate(markers.entries):
        role = roles.get(entry.id, "primary") if entry.framework else "primary"
        if role in ("primary", "also") or (role == "optional" and makes.get(number, set()) & starts):
            serving.add(number)
    return serving


#: A client of the framework's has fewer routes, to be called back by.
SEVERAL = 3

#: Of so many times as many views as routes, most are found by another way than those routes.
FEW_ROUTES = 3

_STARTS = frozenset(("started", "hosting_asgi", "hosting_wsgi"))


def _outside_migrations(markers: Markers, seen: list[Seen]) -> list[Seen]:
    """Leave out what migrations mention: they repeat, for good, what the rest of the project once said."""
    folders = frozenset(markers.places["migrations"])
    routed = {one.at.path for one in seen if one.fact in _ROUTED}
    known = {one.at.path: one.at.path not in routed for one in seen if one.fact == "migrations"}
    kept = []
    for one in seen:
        path = one.at.path
        inside = known.get(path)
        if inside is None:
            inside = known[path] = not folders.isdisjoint(path.split("/")[:-1])
        if inside == (one.fact == "migrations"):
            kept.append(one)
    return kept


#: What answers requests changes a schema, if at all, because somebody asked for it.
_ROUTED = frozenset(("routes", "app"))


def _settled(seen: list[Seen]) -> list[Seen]:
    """Count a route once, by where it is registered; plain functions are no handlers where there are no routes."""
    routed = Counter(one.entry for one in seen if one.fact == "routes")
    views = Counter(one.entry for one in seen if one.fact == "route_classes")
    kept = []
    for one in seen:
        if one.fact == "route_classes" and views[one.entry] > FEW_ROUTES * routed[one.entry]:
            kept.append(one._replace(fact="routes"))
        elif one.fact == "async_functions":
            if one.entry in routed:
                kept.append(one)
        else:
            kept.append(one)
    return kept


def _likely(markers: Markers, loose: Loose, named: set[int], primary: str) -> tuple[int, str | None]:
    """Return the framework a loose route most likely belongs to: one the file imports, else the project's own."""
    offers = [
        (entry in named, markers.entries[entry].id == primary, fact == "routes", entry, fact)
        for entry, fact in _offers(markers, loose.method)
    ]
    offers = [offer for offer in offers if offer[0] or offer[1]]
    if not offers:
        return -1, None
    *_, entry, fact = max(offers)
    return entry, fact

"""Which framework really serves the project: import and wiring, weighed by routes, against what is declared."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from advisor.codebase.manifests import DEVELOPMENT, REQUIRED, Manifests, matches
from advisor.codebase.model import Evidence, FrameworkUse, Role

if TYPE_CHECKING:
    from advisor.codebase.markers import Entry, Markers
    from advisor.codebase.resolve import Seen

#: What one sign of wiring is worth against one route.
WEIGHTS = {"app": 5, "wiring": 2, "router": 2, "subclass": 2, "routes": 1, "websockets": 1,
           "many_routes": 30}  # fmt: skip

#: A framework that an installable project does not require is its own server only beyond these.
OPTIONAL_UNTIL_ROUTES = 10

MANY = 3

SHOWN = 12


class Imports(NamedTuple):
    """Where a framework is imported."""

    shipped: tuple[Evidence, ...]
    guarded: int  #: how many of those stand under `try` or `if`
    elsewhere: tuple[Evidence, ...]  #: tests, examples, documentation


def frameworks_used(
    markers: Markers, seen: list[Seen], imports: dict[int, Imports], manifests: Manifests
) -> tuple[FrameworkUse, ...]:
    """Return the frameworks met, the primary one first."""
    signs: dict[int, Counter[str]] = {}
    for one in seen:
        if one.entry >= 0 and markers.entries[one.entry].framework and one.fact in WEIGHTS:
            signs.setdefault(one.entry, Counter())[one.fact] += 1
    scores = {
        number: sum(WEIGHTS[fact] * count for fact, count in counted.items()) for number, counted in signs.items()
    }
    nowhere = Imports((), 0, ())
    roles = {
        number: _role(markers.entries[number], signs.get(number, Counter()), imports.get(number, nowhere), manifests)
        for number in sorted({*imports, *signs})
        if markers.entries[number].framework and (number in imports or set(signs[number]) != {"wiring"})
    }
    for number in _offered(markers, imports, manifests) & {*roles}:
        roles[number] = "optional"
    _through_its_host(markers, roles, seen, manifests)
    if "also" not in roles.values():
        roles.update(dict.fromkeys(_made_for_it_alone(markers, roles, signs), "also"))
    if "also" not in roles.values():
        roles.update(dict.fromkeys(_started_itself(markers, roles, seen), "also"))
    _absorb(markers, roles, signs)
    required = {n for n in roles if REQUIRED in manifests.purposes(markers.entries[n].packages)}
    # Two that are about as much used: the one that cannot be left out is what the project stands on.
    weighed = {n: scores.get(n, 0) * (2 if n in required else 1) for n in roles}
    serving = sorted(
        (n for n, role in roles.items() if role == "also"), key=lambda n: (markers.entries[n].front, -weighed[n], n)
    )
    if serving:
        roles[serving[0]] = "primary"
    order: dict[Role, int] = {"primary": 0, "also": 1, "optional": 2, "tests": 3}
    ranked = sorted(roles, key=lambda n: (order[roles[n]], -scores.get(n, 0), n))
    by_entry: dict[int, list[Seen]] = {}
    for one in seen:
        by_entry.setdefault(one.entry, []).append(one)
    return tuple(_use(markers.entries[n], roles[n], by_entry.get(n, []), imports.get(n, nowhere)) for n in ranked)


def _role(entry: Entry, signs: Counter[str], imports: Imports, manifests: Manifests) -> Role:
    purposes = manifests.purposes(entry.packages)
    if not imports.shipped and not signs:
        return "tests"
    named_after = any(matches(name, entry.packages) for name in manifests.names)
    if named_after and signs:
        return "also"  # made for this framework and named after it, as an extension is that brings something to serve
    if not signs or (set(signs) == {"subclass"} and REQUIRED not in purposes):
        return "optional"
    brought_along = not purposes and signs["app"] and signs["wiring"] > 1  # by what the project extends
    says_nothing = (
        not manifests.declared and signs["app"]
    )  # it is made to be installed, but nobody wrote down what with
    if REQUIRED in purposes or not manifests.installs or brought_along or says_nothing:
        return "optional" if _all_guarded(imports) and not purposes else "also"
    served = signs["routes"] + signs["websockets"]
    if served >= OPTIONAL_UNTIL_ROUTES and (signs["app"] or signs["wiring"] > MANY or not purposes):
        return "also"
    return "tests" if purposes == {DEVELOPMENT} and not signs["app"] else "optional"


def _offered(markers: Markers, imports: dict[int, Imports], manifests: Manifests) -> set[int]:
    """Return the frameworks that are met in folders for integrations alone, where there are several of them."""
    folders = frozenset(markers.places["adapters"])
    found = {
        number
        for number, places in imports.items()
        if markers.entries[number].framework
        and places.shipped
        and all(not folders.isdisjoint(at.path.split("/")[:-1]) for at in places.shipped)
        and REQUIRED not in manifests.purposes(markers.entries[number].packages)
    }
    return found if len({markers.entries[n].built_on or markers.entries[n].id for n in found}) > 1 else set()


def _through_its_host(markers: Markers, roles: dict[int, Role], seen: list[Seen], manifests: Manifests) -> None:
    """A plugin gets its framework from the application that it is made for, and declares nothing itself.

    It is told from a library with optional parts by offering itself to no other framework, and by wiring that lies
    in no folder for integrations.
    """
    met = [n for n, role in roles.items() if role != "tests" and markers.entries[n].alternative]
    if len(met) != 1 or roles[met[0]] != "optional" or manifests.purposes(markers.entries[met[0]].packages):
        return
    folders = frozenset(markers.places["adapters"])
    wiring = [one for one in seen if one.entry == met[0] and one.fact in ("wiring", "routes")
              and folders.isdisjoint(one.at.path.split("/")[:-1])]  # fmt: skip
    if sum(one.fact == "wiring" for one in wiring) > 1:
        roles[met[0]] = "also"


def _made_for_it_alone(markers: Markers, roles: dict[int, Role], signs: dict[int, Counter[str]]) -> list[int]:
    """Return the optional framework that a library adds whole sets of routes to, where it knows no other one."""
    met = [n for n, role in roles.items() if role == "optional" or (role == "tests" and n in signs)]
    known = {markers.entries[n].built_on for n in met}
    alone = [n for n in met if markers.entries[n].id not in known]
    return alone if len(alone) == 1 and signs.get(alone[0], Counter())["routes"] >= OPTIONAL_UNTIL_ROUTES else []


def _started_itself(markers: Markers, roles: dict[int, Role], seen: list[Seen]) -> list[int]:
    """Return the optional frameworks whose application the project makes and starts, the one beside the other."""
    folders = frozenset(markers.places["adapters"])
    starts: dict[str, set[str]] = {}
    for one in seen:
        if one.fact in ("hosting_asgi", "hosting_wsgi"):
            starts.setdefault(one.fact, set()).add(one.at.path.rpartition("/")[0])
    found = []
    for number, role in roles.items():
        beside = starts.get("hosting_asgi" if markers.entries[number].asgi else "hosting_wsgi", set())
        made = [one.at.path for one in seen if one.entry == number and one.fact == "app"] if role == "optional" else ()
        if any(path.startswith(f"{start}/") and folders.isdisjoint(path.split("/")[:-1])
               for path in made for start in beside if start):  # fmt: skip
            found.append(number)
    return found


def _all_guarded(imports: Imports) -> bool:
    return bool(imports.shipped) and imports.guarded == len(imports.shipped)


def _absorb(markers: Markers, roles: dict[int, Role], signs: dict[int, Counter[str]]) -> None:
    """A framework that another one brings along is no second framework unless it has an application of its own."""
    by_id = {entry.id: number for number, entry in enumerate(markers.entries) if entry.framework}
    for number, role in list(roles.items()):
        under = markers.entries[number].built_on
        below = by_id.get(under) if under else None
        if below in roles and role == "also" and not signs.get(below, Counter())["app"]:
            del roles[below]


def _use(entry: Entry, role: Role, signs: list[Seen], imports: Imports) -> FrameworkUse:
    wiring = [one.at for fact in WEIGHTS for one in signs if one.fact == fact]
    named = imports.shipped or imports.elsewhere
    evidence = tuple(dict.fromkeys([*wiring[: SHOWN - 2], *named]))[:SHOWN]
    routes = sum(one.fact == "routes" for one in signs)
    return FrameworkUse(entry.id, entry.name, role, routes, evidence, entry.alternative)

"""Findings become facts: what the project uses, how much of it, and where."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from advisor.codebase.gather import shorten
from advisor.codebase.model import Evidence, Fact
from advisor.codebase.walk import Tree, read_bounded

if TYPE_CHECKING:
    from advisor.codebase.markers import Markers
    from advisor.codebase.resolve import Seen

SHOWN = 50

COUNTED = ("routes", "async_handlers", "templates", "admin", "websockets", "openapi", "auth", "background_jobs",
           "tests", "migrations")  # fmt: skip


def gather_facts(
    markers: Markers, seen: Iterable[Seen], tree: Tree, tests: list[tuple[int, Evidence]]
) -> dict[str, Fact]:
    """Turn what was met into facts, those of the published record first.

    Args:
        markers: what the numbers of entries mean.
        seen: what was met in shipped code that counts.
        tree: the folder, for template files and containers.
        tests: how many tests each test file holds.
    """
    places: dict[str, dict[Evidence, int]] = {}
    kinds: dict[str, None] = {}
    for one, times in Counter(seen).items():
        found = places.setdefault(one.fact, {})
        found[one.at] = max(found.get(one.at, 0), times)
        if one.fact in ("models", "orm"):
            kinds[markers.entries[one.entry].id] = None
    facts = {name: _fact(places, name, markers.counted_by.get(name)) for name in (*COUNTED, *sorted(places))}
    facts["templates"] = _templates(facts["templates"], tree.pages)
    facts["tests"] = Fact(bool(tests), sum(n for n, _ in tests), tuple(at for _, at in tests[:SHOWN]))
    facts["orm"] = _fact(places, "orm", "models")._replace(kinds=tuple(kinds))
    if "models" not in places:  # a session or an engine is use of an ORM, but no model
        facts["orm"] = facts["orm"]._replace(count=0)
    facts["hosting"] = _hosting(places, tree, markers.hosting)
    return facts


def _fact(places: Mapping[str, Mapping[Evidence, int]], name: str, counted_by: str | None) -> Fact:
    """Return a fact; where another one says how many, its places come first and are what is counted."""
    counted = places.get(counted_by, {}) if counted_by else {}
    everything = {**counted, **places.get(name, {})}
    return Fact(bool(everything), sum((counted or everything).values()), tuple(everything)[:SHOWN])


def _templates(rendered: Fact, pages: list[str]) -> Fact:
    """Template files count once something renders them to a user: files alone may be for mail or for code."""
    if not rendered.present:
        return rendered
    return rendered._replace(count=len(pages) or rendered.count)


def _hosting(places: Mapping[str, Mapping[Evidence, int]], tree: Tree, words: Mapping[str, tuple[str, ...]]) -> Fact:
    found: dict[Evidence, None] = {}
    kinds: dict[str, None] = {}
    for kind in ("wsgi", "asgi"):
        for at in places.get(f"hosting_{kind}", {}):
            kinds[kind] = found[at] = None
    for path in sorted(tree.hosting):
        try:
            text = read_bounded(f"{tree.root}/{path}", 1 << 16)
        except OSError:
            continue
        for line, raw in enumerate(text.splitlines(), 1):
            served = _serves(raw, path.rpartition("/")[2].lower(), words)
            if served:
                kinds[served] = found[Evidence(path, line, shorten(raw))] = None
    return Fact(bool(found), len(found), tuple(found)[:SHOWN], tuple(kinds))


def _serves(raw: bytes, name: str, words: Mapping[str, tuple[str, ...]]) -> str | None:
    """Say what one line of a container or process file means for hosting."""
    line = raw.strip().decode("utf-8", "replace")
    if not line or line.startswith(("#", "RUN", "COPY", "ADD")):
        return None
    for kind in ("asgi", "wsgi"):
        if any(re.search(rf"\b{re.escape(word)}\b", line) for word in words[kind]):
            return kind
    if ("docker" in name or "container" in name) and re.match(r"FROM\s", line):
        return "container"
    return "container" if "compose" in name and line.startswith("services:") else None

"""Findings become facts: what the project uses, how much of it, and where."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from advisor.codebase.gather import shorten
from advisor.codebase.hosting import hosting
from advisor.codebase.model import Evidence, Fact
from advisor.codebase.walk import read_bounded

if TYPE_CHECKING:
    from advisor.codebase.manifests import Manifests
    from advisor.codebase.markers import Entry, Markers
    from advisor.codebase.resolve import Seen
    from advisor.codebase.walk import Tree

SHOWN = 50

COUNTED = ("routes", "async_handlers", "templates", "admin", "websockets", "openapi", "auth", "background_jobs",
           "tests", "migrations")  # fmt: skip


def gather_facts(
    markers: Markers,
    seen: Iterable[Seen],
    tree: Tree,
    tests: list[tuple[int, Evidence]],
    manifests: Manifests,
    *,
    serving: tuple[Entry, ...],
) -> dict[str, Fact]:
    """Turn what was met into facts, those of the published record first.

    Args:
        markers: what the numbers of entries mean.
        seen: what was met in shipped code that counts.
        tree: the folder, for template files and containers.
        tests: how many tests each test file holds.
        manifests: what is asked for.
        serving: the frameworks that serve the project, the primary one first.
    """
    places: dict[str, dict[Evidence, int]] = {}
    kinds: dict[str, None] = {}
    for one, times in Counter(_beside(markers, list(seen))).items():
        found = places.setdefault(one.fact, {})
        found[one.at] = max(found.get(one.at, 0), times)
        if one.fact in ("models", "orm"):
            kinds[markers.entries[one.entry].id] = None
    facts = {name: _fact(places, name, markers.counted_by.get(name)) for name in (*COUNTED, *sorted(places))}
    for fact, other, line in markers.signs:
        if not facts[fact].present:
            facts[fact] = _said_by(places.get(other, {}), line)
    by_name, html = bool(serving) and serving[0].pages_by_name, any(entry.plain_html for entry in serving)
    facts["templates"] = _templates(_rendered(markers, places, tree, html=html), tree, by_name=by_name)
    if not facts["migrations"].present:
        from advisor.codebase.revisions import written_by_hand

        facts["migrations"] = written_by_hand(tree)
    facts["tests"] = Fact(bool(tests), sum(n for n, _ in tests), tuple(at for _, at in tests[:SHOWN]))
    facts["orm"] = _fact(places, "orm", "models")._replace(kinds=tuple(kinds))
    if "models" not in places:  # a session or an engine is use of an ORM, but no model
        facts["orm"] = facts["orm"]._replace(count=0)
    facts["hosting"] = hosting(places, tree, manifests, markers.hosting, serving)
    return facts


def _beside(markers: Markers, seen: list[Seen]) -> list[Seen]:
    """Turn signs that say something only beside another one into what they say, or forget them."""
    there = {one.fact for one in seen}
    means = {sign: fact if there & where else None for sign, fact, where in markers.beside}
    kept = []
    for one in seen:
        if one.fact not in means:
            kept.append(one)
        elif fact := means[one.fact]:
            kept.append(one._replace(fact=fact))
    return kept


def _said_by(places: Mapping[Evidence, int], line: str) -> Fact:
    """Return the fact that some lines of another one say by their words."""
    if not places:
        return Fact(present=False, count=0, evidence=())
    words = re.compile(line)
    found = [at for at in places if words.search(at.what)]
    return Fact(bool(found), len(found), tuple(found[:SHOWN]))


def _fact(places: Mapping[str, Mapping[Evidence, int]], name: str, counted_by: str | None) -> Fact:
    """Return a fact; where another one says how many, its places come first and are what is counted."""
    counted = places.get(counted_by, {}) if counted_by else {}
    everything = {**counted, **places.get(name, {})}
    return Fact(bool(everything), sum((counted or everything).values()), tuple(everything)[:SHOWN])


#: Template files that can be nothing but pages.
_PAGES = (".html", ".htm", ".mako", ".pt", ".tpl")


def _rendered(markers: Markers, places: Mapping[str, Mapping[Evidence, int]], tree: Tree, *, html: bool) -> Fact:
    """Return where pages are rendered: what says it is for mail or for machines is none.

    An engine of the project's own renders pages where there are some, and answers are HTML by hand or, as `html`
    says, by themselves.
    """
    rendered = places.get("templates", {})
    if rendered:
        other = re.compile(markers.no_page)
        rendered = {at: times for at, times in rendered.items() if not other.search(at.what)}
    if not rendered and (html or "html" in places) and any(path.endswith(_PAGES) for path in tree.pages):
        rendered = places.get("engine", {})
    if rendered and _is_shell(rendered, tree):
        rendered = {}
    return _fact({"templates": rendered}, "templates", None)


def _is_shell(rendered: Iterable[Evidence], tree: Tree) -> bool:
    """Say whether all that is rendered is the page that a client built elsewhere is loaded by."""
    pages = [path for path in tree.pages if path.endswith("/index.html")]
    return (
        bool(pages)
        and len(pages) == len(tree.pages)
        and all(_INDEX.search(at.what) for at in rendered)
        and all(_is_built(f"{tree.root}/{path}") for path in pages)
    )


def _is_built(page: str) -> bool:
    try:
        data = read_bounded(page, 1 << 16)
    except OSError:
        return False
    return b"{%" not in data and _MOUNT.search(data) is not None


_INDEX = re.compile(r"[\"'/]index\.html[\"']")
_MOUNT = re.compile(
    rb"<(?:div|main|app-root|body)\b[^<>]{0,500}?\bid=[\"']?(?:app|root|__next|svelte)\b[\"']?[^<>]{0,500}>\s*+</"
)


def _templates(rendered: Fact, tree: Tree, *, by_name: bool) -> Fact:
    """Template files count once something renders them to a user: files alone may be for mail or for code."""
    if not rendered.present and by_name:
        rendered = _extending(tree)
    return rendered._replace(count=len(tree.pages) or rendered.count) if rendered.present else rendered


#: What may stand above it is a comment.
_EXTENDS = re.compile(rb"(?:\s|\{#.*?#\})*(\{%-?\s*extends\b)")


def _extending(tree: Tree) -> Fact:
    """Return the pages that extend another one: views of a host, or of a library, render those by their names."""
    found = []
    for path in sorted(tree.pages)[:SHOWN]:
        if "/admin/" in path or not path.endswith(".html"):
            continue
        try:
            beginning = read_bounded(f"{tree.root}/{path}", 400)
        except OSError:
            continue
        said = _EXTENDS.match(beginning)
        if said:
            line = beginning.count(b"\n", 0, said.start(1)) + 1
            found.append(Evidence(path, line, shorten(beginning.splitlines()[line - 1])))
    return Fact(bool(found), len(found), tuple(found))

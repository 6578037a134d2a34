"""How a project is served: by its code, by container and process files, or by the server that it asks for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from advisor.codebase.gather import shorten
from advisor.codebase.manifests import REQUIRED
from advisor.codebase.model import Evidence, Fact
from advisor.codebase.walk import SHIPPED, read_bounded

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from advisor.codebase.manifests import Manifests
    from advisor.codebase.markers import Entry
    from advisor.codebase.walk import Tree

SHOWN = 50
MOST_BYTES = 1 << 16
#: What stands further behind on a line starts nothing.
LONGEST_LINE = 1000

# The names under which servers look for an application in a module.
_APPLICATION = re.compile(
    r"(?:application|app|api)\s*(?::[^=]+)?=(?!=)|(?:from\s.+\s)?import\s(?:.*[\s,])?(?:application|app)\s*(?:#|$)"
)
_GUNICORN_SETTING = re.compile(r"(?:bind|workers|worker_class|wsgi_app)\s*=")


def hosting(
    places: Mapping[str, Mapping[Evidence, int]],
    tree: Tree,
    manifests: Manifests,
    words: Mapping[str, tuple[str, ...]],
    serving: tuple[Entry, ...],
) -> Fact:
    """Return how the project is served, kind by kind.

    Args:
        places: fact → where it was met in code.
        tree: the folder, for files that say how it is started.
        manifests: what is asked for; a server in it counts where nothing else says anything.
        words: kind → names of servers.
        serving: the frameworks that serve the project; where all of them are ASGI, so are servers that can do both.
    """
    found: dict[Evidence, str] = {}
    for kind in ("wsgi", "asgi"):
        found.update(dict.fromkeys(places.get(f"hosting_{kind}", {}), kind))
    for path in sorted(tree.hosting):
        found.update(_in_file(tree.root, path, words))
    for file in tree.python:
        name = file.path.rpartition("/")[2]
        if file.place == SHIPPED and (name.endswith(("wsgi.py", "asgi.py")) or name.startswith("gunicorn")):
            found.update(_in_module(tree.root, file.path, name))
    if not found and serving:
        found.update(_asked_for(manifests, words))
    if serving and not {"asgi", "wsgi"} & {*found.values()}:
        found.update(_by_nature(places, serving[0]))
    if serving and all(entry.asgi for entry in serving):
        found = {at: "asgi" if kind == "wsgi" else kind for at, kind in found.items()}
    return Fact(bool(found), len(found), tuple(found)[:SHOWN], tuple(dict.fromkeys(found.values())))


def _lines(root: str, path: str) -> list[bytes]:
    try:
        return [line[:LONGEST_LINE] for line in read_bounded(f"{root}/{path}", MOST_BYTES).splitlines()]
    except OSError:
        return []


def _in_file(root: str, path: str, words: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[Evidence, str]]:
    """Yield the lines of a container or process file that say how the project is served."""
    name = path.rpartition("/")[2].lower()
    contained = "docker" in name or "container" in name
    continued = False
    for line, raw in enumerate(_lines(root, path), 1):
        text = raw.strip().decode("utf-8", "replace")
        installs = continued or text.startswith(("RUN", "COPY", "ADD"))
        continued = installs and text.endswith("\\")
        if not text or text.startswith("#") or installs or _INSTALLS.search(text):
            continue
        served = _served(text, words) or _contained(text, name, contained=contained)
        if served:
            yield Evidence(path, line, shorten(raw)), served


_INSTALLS = re.compile(r"\b(?:pip3?|apt-get|apk|poetry|uv)\s+(?:add|install)\b(?!.*&&)")


def _served(text: str, words: Mapping[str, tuple[str, ...]]) -> str | None:
    for kind in ("asgi", "wsgi"):
        if any(word in text and re.search(rf"\b{re.escape(word)}\b", text) for word in words[kind]):
            return kind
    return None


def _contained(text: str, name: str, *, contained: bool) -> str | None:
    if contained and re.match(r"FROM\s", text):
        return "container"
    if "compose" in name:
        return "container" if text.startswith("services:") else None
    return "container" if name.startswith("deployment") and re.match(r"kind:\s*Deployment\b", text) else None


def _in_module(root: str, path: str, name: str) -> Iterator[tuple[Evidence, str]]:
    """Yield the lines of a module that servers are pointed at, or that sets one up."""
    expected = _GUNICORN_SETTING if name.startswith("gunicorn") else _APPLICATION
    for line, raw in enumerate(_lines(root, path), 1):
        text = raw.decode("utf-8", "replace")
        if expected.match(text):
            served = "asgi" if name.endswith("asgi.py") or "uvicorn" in text.lower() else "wsgi"
            yield Evidence(path, line, shorten(raw)), served


def _by_nature(places: Mapping[str, Mapping[Evidence, int]], primary: Entry) -> Iterator[tuple[Evidence, str]]:
    """Yield the place where the application is made, which any server of its framework's kind can serve."""
    kind = "asgi" if primary.asgi else "wsgi" if primary.wsgi else None
    made = next(iter(places.get("app", {})), None)
    if kind and made:
        yield made, kind


def _asked_for(manifests: Manifests, words: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[Evidence, str]]:
    """Yield the servers that the project cannot do without."""
    for declared in manifests.declared:
        if declared.purpose == REQUIRED and not declared.locked:
            for kind in ("asgi", "wsgi"):
                if declared.name in words[f"{kind}_packages"]:
                    yield declared.seen, kind

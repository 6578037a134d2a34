"""From a folder that was walked to a scan: read its files, resolve names across them, and conclude."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from advisor.codebase.answers import answers_from
from advisor.codebase.counting import that_count, told_by_need
from advisor.codebase.endpoints import with_handlers
from advisor.codebase.facts import COUNTED, gather_facts
from advisor.codebase.gather import FileFindings, Reader, gather
from advisor.codebase.legacy import price_of_moving
from advisor.codebase.manifests import Manifests, read_manifests
from advisor.codebase.markers import Entry, Markers
from advisor.codebase.misnamed import with_misnamed
from advisor.codebase.model import Evidence, FrameworkUse, Scan, Skipped
from advisor.codebase.phrases import said_by_phrases
from advisor.codebase.resolve import Seen, resolve
from advisor.codebase.verdict import Imports, frameworks_used
from advisor.codebase.walk import EXAMPLES, SHIPPED, TEMPLATE, VENDORED, PythonFile, Tree, read_bounded

if TYPE_CHECKING:
    from collections.abc import Callable

#: A file of a framework's name that is smaller than any framework is a file of the project.
SINGLE_FILE_BYTES = 40_000

SERVE = frozenset(("primary", "also"))
HOSTED = frozenset(("hosting_asgi", "hosting_wsgi"))

PUBLISHED = (*COUNTED, "orm", "hosting")


def concluded(
    tree: Tree, markers: Markers, jobs: int | None = None, progress: Callable[[int, int], None] | None = None
) -> Scan:
    """Read what was listed and say what serves it, what it uses, and what that answers.

    Args:
        tree: the folder, just walked.
        markers: what to look for.
        jobs: most processes to use; by default one a core.
        progress: called now and then with (files read, files in all).
    """
    tree = _examples_alone(with_misnamed(tree, markers))
    tree.python.sort()
    own = _own_modules(tree, markers)
    jobs = jobs or _cores()
    scan = _conclude(tree, markers, gather(Reader(tree.root, tree.python, markers, own), jobs, progress))
    if scan.primary is None and _is_for_making_projects(tree):
        tree = _blueprint_shipped(tree)
        reader = Reader(tree.root, tree.python, markers, own, stencils=True)
        return _conclude(tree, markers, gather(reader, jobs, progress))
    return scan


#: Folders of what runs while a project is made from a template.
MAKING = frozenset(("", "hooks", "scripts"))


def _is_for_making_projects(tree: Tree) -> bool:
    """Say whether a repository holds a template for projects, and nothing of its own but what makes them."""
    return any(_is_blueprint(file.path) for file in tree.python) and all(
        file.path.rpartition("/")[0] in MAKING for file in tree.python if file.place == SHIPPED
    )


def _is_blueprint(path: str) -> bool:
    """Say whether a path lies in a folder at the top that is named by whoever makes a project of it."""
    return "{{" in path.partition("/")[0]


def _blueprint_shipped(tree: Tree) -> Tree:
    """A repository that is a template for projects, and serves nothing itself, is what its projects will be."""
    python = [PythonFile(f.path, SHIPPED if f.place == TEMPLATE and _is_blueprint(f.path) else f.place)
              for f in tree.python]  # fmt: skip
    manifests = [PythonFile(f.path, SHIPPED if _is_blueprint(f.path) else f.place) for f in tree.manifests]
    return tree._replace(python=python, manifests=manifests)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _examples_alone(tree: Tree) -> Tree:
    """A folder of nothing but examples is a project of its own: then they are what is shipped."""
    if any(file.place == SHIPPED and file.path.rpartition("/")[2] != "setup.py" for file in tree.python):
        return tree
    moved = [PythonFile(f.path, SHIPPED if f.place == EXAMPLES else f.place) for f in tree.python]
    return tree._replace(python=moved)


def _own_modules(tree: Tree, markers: Markers) -> dict[bytes, bytes]:
    """Return the modules of the project's own packages that carry a marked name: importing them names nothing.

    A folder with the name of a framework is its own package only where it can be imported by that name, and where
    what is imported from it lies in it.

    Returns:
        Module, as the project imports it → what it really is: b"" for code of the project, the name of a framework
        that the project carries along as one file.
    """
    tops = {module.partition(b".")[0].decode() for module in markers.modules} & tree.packages
    beginnings = tuple(prefix.decode() for prefix, _ in markers.prefixes)
    known = {package.partition(b".")[0].decode() for package in markers.mentioned}
    themselves = {name for name in tree.packages if name.startswith(beginnings)} - tops - known
    tops |= themselves
    own = _carried_along(tree, markers)
    if not tops:
        return own
    folders = {file.path.rpartition("/")[0] for file in tree.python if file.path.endswith("/__init__.py")}
    for file in tree.python:
        parts = file.path.removesuffix(".py").split("/")
        for at, part in enumerate(parts[:-1]):
            if part in tops and "/".join(parts[: at + 1]) in folders and "/".join(parts[:at]) not in folders:
                inner = [*parts[at:-1], parts[-1]] if parts[-1] != "__init__" else parts[at:-1]
                if len(inner) > 1 or part in themselves or _is_itself(tree.root, file.path, part):
                    own[".".join(inner).encode("utf-8", "replace")] = b""
    return own


def _carried_along(tree: Tree, markers: Markers) -> dict[bytes, bytes]:
    """Return how the project imports a framework that it carries along as one file, which is itself not its code."""
    names: dict[bytes, bytes] = {}
    listed = {file.path for file in tree.python}
    for at, file in enumerate(tree.python):
        stem = file.path.rpartition("/")[2].removesuffix(".py").encode("utf-8", "replace")
        if stem in markers.single_files and _size(f"{tree.root}/{file.path}") > SINGLE_FILE_BYTES:
            parts = [part.encode("utf-8", "replace") for part in file.path.removesuffix(".py").split("/")]
            full = [b"." + stem, b".." + stem, *(b".".join(parts[start:]) for start in range(len(parts)))]
            names.update(dict.fromkeys(full, stem))
            package = f"{file.path.rpartition('/')[0]}/__init__.py"
            if len(parts) > 1 and package in listed and _hands_on(f"{tree.root}/{package}", stem):
                full = [
                    b"." + parts[-2],
                    b".." + parts[-2],
                    *(b".".join(parts[start:-1]) for start in range(len(parts) - 1)),
                ]
                names.update(dict.fromkeys(full, stem))
            tree.python[at] = file._replace(place=VENDORED)
    return names


def _hands_on(path: str, name: bytes) -> bool:
    """Say whether a package offers everything in one of its modules as its own."""
    try:
        text = read_bounded(path, 1 << 16)
    except OSError:
        return False
    return re.search(rb"(?m)^from[ \t]+[\w.]*\b" + name + rb"[ \t]+import[ \t]*\*", text) is not None


def _size(path: str) -> int:
    try:
        return os.lstat(path).st_size
    except OSError:
        return 0


def _is_itself(root: str, path: str, name: str) -> bool:
    """Say whether an `__init__.py` holds something, and does not import what it is named after."""
    try:
        text = read_bounded(f"{root}/{path}", 1 << 16).decode("utf-8", "replace")
    except OSError:
        return False
    return bool(text.strip()) and not re.search(rf"(?m)^\s*(?:from\s+{name}\s+import|import\s+{name}\b(?!\.))", text)


def _conclude(tree: Tree, markers: Markers, found: list[FileFindings]) -> Scan:
    files = tree.python
    manifests = read_manifests(tree)
    shipped = [f for f in found if files[f.number].place == SHIPPED and not f.stencil]
    seen, loose = resolve(files, shipped, markers)
    if any(f.registrars for f in shipped):
        from advisor.codebase.registered import through_registrars

        seen, loose = through_registrars(tree.root, files, shipped, (seen, loose), markers)
    imports = _imports(files, found)
    told, loose = told_by_need(markers, loose, imports, manifests)
    seen += told
    frameworks = frameworks_used(markers, seen, imports, manifests)
    seen = with_handlers(tree.root, that_count(markers, seen, loose, shipped, frameworks))
    primary = frameworks[0] if frameworks and frameworks[0].role == "primary" else None
    serving = _serving(markers, frameworks) if primary else {}
    if primary:
        seen += said_by_phrases(markers, tree, shipped, serving, _known(seen))
    routes = _routes(markers, seen)
    frameworks = tuple(use._replace(routes=routes.get(use.framework, use.routes)) for use in frameworks)
    primary = frameworks[0] if primary else None
    tests = [(f.tests[0], Evidence(files[f.number].path, f.tests[1], f.tests[2])) for f in found if f.tests]
    facts = gather_facts(markers, seen, tree, tests, manifests, serving=tuple(serving.values()))
    lines = sum(f.lines for f in shipped)
    biggest = max(shipped, key=lambda f: f.lines, default=None)
    largest = Evidence(files[biggest.number].path, 1, "") if biggest and biggest.lines else None
    return Scan(
        root=".",
        primary=primary,
        frameworks=frameworks,
        facts={name: facts[name] for name in PUBLISHED},
        versions=_versions(markers, manifests),
        python_files=len(files),
        python_lines=sum(f.lines for f in found),
        answers=answers_from(markers.answers, primary, facts, lines, largest),
        skipped=tuple(sorted([*tree.skipped, *(Skipped(files[f.number].path, f.skipped) for f in found if f.skipped)])),
        move=price_of_moving(markers.move, facts),
    )


def _serving(markers: Markers, frameworks: tuple[FrameworkUse, ...]) -> dict[int, Entry]:
    """Return the frameworks that serve the project, the primary one first."""
    numbers = {entry.id: number for number, entry in enumerate(markers.entries) if entry.framework}
    used = [numbers[use.framework] for use in frameworks if use.role in SERVE]
    return {number: markers.entries[number] for number in used}


def _known(seen: list[Seen]) -> set[str]:
    """Return the facts that are shown; a way of hosting leaves nothing to ask about the others."""
    known = {one.fact for one in seen}
    return known | HOSTED if known & HOSTED else known


def _imports(files: list[PythonFile], found: list[FileFindings]) -> dict[int, Imports]:
    shipped: dict[int, list[Evidence]] = {}
    elsewhere: dict[int, list[Evidence]] = {}
    guarded: dict[int, int] = {}
    for one in found:
        if one.stencil:
            continue
        file = files[one.number]
        for entry, line, is_guarded, what in one.imported:
            group = shipped if file.place == SHIPPED else elsewhere
            group.setdefault(entry, []).append(Evidence(file.path, line, what))
            if file.place == SHIPPED:
                guarded[entry] = guarded.get(entry, 0) + is_guarded
    return {
        entry: Imports(tuple(shipped.get(entry, ())), guarded.get(entry, 0), tuple(elsewhere.get(entry, ())))
        for entry in sorted({*shipped, *elsewhere})
    }


def _routes(markers: Markers, seen: list[Seen]) -> dict[str, int]:
    places: dict[str, set[Evidence]] = {}
    for one in seen:
        if one.fact == "routes" and one.entry >= 0:
            places.setdefault(markers.entries[one.entry].id, set()).add(one.at)
    return {framework: len(found) for framework, found in places.items()}


def _versions(markers: Markers, manifests: Manifests) -> dict[str, str]:
    """Return the Python range and the declared version of every framework and library that is known."""
    versions: dict[str, str] = {}
    if manifests.python:
        versions["python"] = manifests.python
    for entry in markers.entries:
        if not entry.packages:
            continue
        named = manifests.of(entry.packages[:1])
        stated = [d for d in named if not d.locked and d.purpose == "required"] or [d for d in named if not d.locked]
        chosen = next((d for d in stated if d.version), None) or next((d for d in named if d.locked), None)
        if stated or (chosen and entry.framework and manifests.purposes(entry.packages)):
            versions[entry.packages[0]] = chosen.version if chosen else "any"
    return versions
